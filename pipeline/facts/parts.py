"""Which whole does a part belong to? `227 killed, including 64 children`: the 64 are part of the 227."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.facts.model import Document, Mention

_PART_CUE = re.compile(
    r"\b(?:including|include[sd]?|among (?:them|whom|those|the)|amongst them|of (?:whom|them|which|these|those)|comprising|mostly|both|most of)\b|: | - | – |\(",
    re.I,
)
_INNER_CUE = re.compile(
    r"\b(?:includ(?:ing|e|es|ed)|among (?:them|whom|the (?:dead|victims|killed|wounded|injured|casualties))|of (?:whom|them|these|those|the (?:dead|victims|killed|wounded|injured)))\b",
    re.I,
)
_BACK_CUE = re.compile(
    r"\b(?:of (?:them|these|those|the (?:dead|victims|deaths|killed|wounded|injured|total|casualties|missing|displaced|refugees))|among (?:them|the (?:dead|victims|killed|wounded|injured|casualties|fatalities))|(?:dead|victims|casualties|toll|fatalities|wounded|injured) (?:also )?includ)",
    re.I,
)


def assign(document: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """The same mentions with `whole` filled in."""
    return [replace(m, whole=_whole(document, mentions, k)) if m.whole is None else m for k, m in enumerate(mentions)]


def _whole(document: Document, mentions: Sequence[Mention], k: int) -> int | None:
    part = mentions[k]
    for j in range(k - 1, -1, -1):
        whole = mentions[j]
        if whole.sentence.index < part.sentence.index - 2:
            break
        if not _may_hold(whole, part):
            continue
        if whole.sentence is part.sentence:
            between = document.text[whole.number_end : part.number_start]
            if _INNER_CUE.search(between) or _INNER_CUE.match(document.text[part.number_end :][:14].strip()):
                return j
        elif _refers_back(document, part):
            return j
    return None


def _refers_back(document: Document, part: Mention) -> bool:
    sentence = part.sentence
    before = sentence.text[: part.number_start - sentence.start]
    after = sentence.text[part.number_end - sentence.start :][:40]
    return bool(_BACK_CUE.search(before[-60:]) or _BACK_CUE.match(after.strip()))


def _may_hold(whole: Mention, part: Mention) -> bool:
    """A part is no larger than its whole and of its metric; the dead may be part of the wounded or of casualties."""
    if (
        whole.metric != part.metric
        and whole.metric != "casualties"
        and not (whole.metric == "injured" and part.metric == "killed")
    ):
        return False
    if whole.unit != part.unit or whole.implicit:
        return False
    size, most = part.low or part.high or 1, whole.high or whole.low or 0
    return size < most or whole.quantifier in ("at_least", "about")
