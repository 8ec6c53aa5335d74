"""Whether a figure is about the past: the harm belongs to an older event or an ended conflict than the one being reported."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from pipeline.facts.model import Document, Mention, Reading
from pipeline.facts.timeline import own_date
from pipeline.records import Measure

OLD = timedelta(days=300)
"""Harm that ended this long before the document's day belongs to an older event."""
RECENT = timedelta(days=10)
"""New harm this short before the document's day is what the document reports."""
EARLIER = timedelta(days=15)
"""In a document that reports recent harm, other harm this long before its day belongs to another event."""
_AFTER_ANOTHER = re.compile(
    r"\b(?:came|comes|coming|follow(?:s|ed)|happened|occurred|took place|is|was|were|are) "
    r"(?:just |only |barely |less than |more than |about |nearly )?(?:\w+ ){1,2}?(?:hours?|days?|weeks?|months?|years?) after\b",
    re.I,
)
"""`The raid came a month after another had killed 12`: what comes after the words is told of the event before."""
_UNPARALLELED = re.compile(
    r"\b(?:first|worst|(?!at )\w+est)\b[^.;]{0,80}\bsince\b(?! (?:then|\w+day\b))[^.;]{0,60}\b(?:killed|killing|left|when|which|that)\b",
    re.I,
)
"""`The deadliest blast since a bombing that killed 12`: so too."""

Dated = tuple[Measure, Reading[tuple[date | None, date | None]]]


def read_all(mentions: Sequence[Mention], document: Document, dated: Sequence[Dated]) -> list[Reading[bool]]:
    """One answer a mention, in order, by the measure and the days read for each."""
    today = own_date(document)
    ends = [days.value[1] for _, days in dated]
    recent = any(
        m == "new" and end is not None and today - end <= RECENT for (m, _), end in zip(dated, ends, strict=True)
    )
    return [_read(mention, *d, today, recent) for mention, d in zip(mentions, dated, strict=True)]


def _read(
    mention: Mention, measured: Measure, days: Reading[tuple[date | None, date | None]], today: date, recent: bool
) -> Reading[bool]:
    before = mention.sentence.text[: mention.number_start - mention.sentence.start]
    if measured == "new":
        for cue, rule in ((_AFTER_ANOTHER, "of the event before"), (_UNPARALLELED, "of the event compared with")):
            if cue.search(before):
                return Reading(True, f"background: {rule}", mention.sentence.start, mention.number_start)
        end = days.value[1]
        if end is not None and today - end > (EARLIER if recent else OLD):
            return Reading(
                True,
                "background: earlier than what is reported" if recent else "background: long past",
                days.start,
                days.end,
            )
        return Reading(False, "background: of now")
    return Reading(False, "background: running count")
