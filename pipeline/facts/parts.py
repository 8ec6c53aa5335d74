"""Which whole does a part belong to? `227 killed, including 64 children`: the 64 are part of the 227."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.facts.model import Document, Mention

_HARMED = r"(?:dead|victims|deaths|killed|slain|fatalities|wounded|injured|casualties|missing|displaced|refugees|total)"
_INNER_CUE = re.compile(
    rf"\b(?:includ(?:ing|e|es|ed)|among (?:them|whom|those|the {_HARMED})|of (?:whom|which|them|these|those|the {_HARMED}))\b",
    re.I,
)
_BACK_CUE = re.compile(
    rf"\b(?:of (?:them|these|those|the {_HARMED})|among (?:them|the {_HARMED})|{_HARMED} (?:also )?includ)", re.I
)
_AMONG_CUE = re.compile(rf"\b(?:was|were|are|is) (?:also )?among (?:them|the (?:\w+ )?{_HARMED}|those)\b", re.I)
_AMONG_CUE_AHEAD = re.compile(r"^[^.;,]{0,40}\b(?:among|amongst|out of)(?: (?:the|some|a total of))? *$", re.I)
_ADDED_CUE = re.compile(
    r"\b(?:bring|rais|push|tak|mak|lift|driv|increas)(?:e|es|ing|s|ought|ised)?\b.{0,40}\b(?:toll|total|number|tally|count)\b",
    re.I,
)


def assign(document: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """The same mentions with `whole` filled in."""
    summed = _summands(mentions)
    return [
        m if m.whole is not None else replace(m, whole=_whole(document, mentions, k, summed))
        for k, m in enumerate(mentions)
    ]


def _whole(document: Document, mentions: Sequence[Mention], k: int, summed: dict[int, int]) -> int | None:
    told = _whole_before(document, mentions, k)
    if told is None:
        told = _total_after(document, mentions, k)
    return summed.get(k) if told is None else told


def _whole_before(document: Document, mentions: Sequence[Mention], k: int) -> int | None:
    """The count before, if words say that this one is a part of it."""
    part = mentions[k]
    told_as_part = _refers_back(document, part)
    for j in range(k - 1, -1, -1):
        whole = mentions[j]
        if whole.sentence.index < part.sentence.index - (6 if told_as_part else 2):
            break
        if not _may_hold(whole, part):
            continue
        if whole.sentence is part.sentence:
            between = document.text[whole.number_end : part.number_start]
            after = document.text[part.number_end :][:14].strip()
            if _INNER_CUE.search(between) or (_INNER_CUE.match(after) and len(between) < 120):
                return j
        elif told_as_part:
            return j
    return None


def _total_after(document: Document, mentions: Sequence[Mention], k: int) -> int | None:
    """`two more bodies were found, bringing the toll to nine`: the new ones are part of the total."""
    part = mentions[k]
    if k + 1 < len(mentions) and mentions[k + 1].sentence is part.sentence and _may_hold(mentions[k + 1], part):
        between = document.text[part.number_end : mentions[k + 1].number_start]
        if _ADDED_CUE.search(between) or _AMONG_CUE_AHEAD.search(between):
            return k + 1
    return None


def _summands(mentions: Sequence[Mention]) -> dict[int, int]:
    """Neighbouring exact counts that add up to another count of the article: `45 rebels and 43 soldiers` of `88`."""
    found: dict[int, int] = {}
    plain = [i for i, m in enumerate(mentions) if m.low is not None and not m.implicit and m.quantifier != "range"]
    for target in plain:
        others = [i for i in plain if i != target and _may_hold(mentions[target], mentions[i])]
        for run in _runs(mentions, others, mentions[target].low or 0):
            if target not in range(run[0], run[-1] + 1) or target < run[0]:
                found.update((i, target) for i in run if i not in found and found.get(target) != i)
    return found


def _runs(mentions: Sequence[Mention], candidates: list[int], total: int) -> Iterator[list[int]]:
    """Runs of neighbours (of one or the next two sentences, not of one size as the total) whose lows add up to it."""
    for a in range(len(candidates)):
        run = [candidates[a]]
        amount = mentions[run[0]].low or 0
        for b in range(a + 1, min(a + 6, len(candidates))):
            near = mentions[candidates[b]].sentence.index - mentions[candidates[b - 1]].sentence.index <= 2
            amount += mentions[candidates[b]].low or 0
            run.append(candidates[b])
            if not near or amount > total:
                break
            if amount == total and total > 3 and _are_several(mentions, run):
                yield run
                break


def _are_several(mentions: Sequence[Mention], run: list[int]) -> bool:
    """Are they counts of different people? One figure that the article tells time and again is none to add to itself."""
    first = mentions[run[0]]
    same = all((mentions[i].low, mentions[i].metric) == (first.low, first.metric) for i in run)
    return not same or sum((m.low, m.metric) == (first.low, first.metric) for m in mentions) <= len(run)


def _refers_back(document: Document, part: Mention) -> bool:
    sentence = part.sentence
    before = sentence.text[: part.number_start - sentence.start]
    after = sentence.text[part.number_end - sentence.start :][:60]
    return bool(_BACK_CUE.search(before[-60:]) or _BACK_CUE.match(after.strip()) or _AMONG_CUE.search(after))


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
