"""Characters that nobody sees: taken out before a text is read, and what was read put back where it stands.

Zero-width spaces and joiners, soft hyphens, marks of direction and control characters split words and counts wherever a
page put them. A text that holds any is read without them; every offset and every verbatim word of its facts is then that
of the text as given.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate
from typing import Any

from pipeline.facts.model import Reading
from pipeline.records import Fact, fact_id

UNSEEN = re.compile(
    "[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]+(?=\\s|$)|(?<=\\s)[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]+"
)
"""Marks without width; control characters beside a space (elsewhere they are spaces themselves)."""
VERBATIM = ("place", "victims", "attribution")
"""Fields that are words of the text, each under the name of its reading."""


def without(text: str) -> tuple[str, Callable[[int], int]] | None:
    """The text without them, and for an offset in it (a start) the offset in the text as given; null if it has none."""
    gaps = [(m.start(), m.end()) for m in UNSEEN.finditer(text)]
    if not gaps:
        return None
    lost = [0, *accumulate(end - start for start, end in gaps)]
    at = [start - before for (start, _), before in zip(gaps, lost, strict=False)]
    return UNSEEN.sub("", text), lambda offset: offset + lost[bisect_right(at, offset)]


def put_back(
    facts: list[Fact], readings: list[dict[str, Reading[Any]]], text: str, original: Callable[[int], int]
) -> tuple[list[Fact], list[dict[str, Reading[Any]]]]:
    """Facts and readings of the text without them, as those of the text as given."""

    def end(offset: int) -> int:
        return original(offset - 1) + 1 if offset else 0

    moved = [{name: _moved(r, original, end) for name, r in answers.items()} for answers in readings]
    ids = {f.fact_id: fact_id(f.version_id, original(f.number_start), end(f.number_end), f.metric) for f in facts}
    found = []
    for fact, answers in zip(facts, moved, strict=True):
        a, b = original(fact.number_start), end(fact.number_end)
        c, d = original(fact.evidence_start), end(fact.evidence_end)
        words: dict[str, Any] = {
            name: text[r.start : r.end]
            for name in VERBATIM
            if getattr(fact, name) is not None and (r := answers[name]).start is not None
        }
        found.append(
            replace(
                fact, fact_id=ids[fact.fact_id], subset_of=ids.get(fact.subset_of or ""), number_start=a, number_end=b,
                number_text=text[a:b], evidence_start=c, evidence_end=d, evidence=text[c:d], **words,
            )
        )  # fmt: skip
    return found, moved


def _moved(reading: Reading[Any], start: Callable[[int], int], end: Callable[[int], int]) -> Reading[Any]:
    if reading.start is None or reading.end is None:
        return reading
    return replace(reading, start=start(reading.start), end=max(start(reading.start), end(reading.end)))
