"""What a count's own words and the counts around it say of its place, whatever is likely otherwise.

`27 people were killed in Orlu, 10 in Awka and five in Upi`: each count has the place that closes its phrase, and a town that a
smaller count of the same harm has is no place of a larger one told of the country.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from pipeline.facts.model import Mention, Reading
from pipeline.facts.settling import contains, kind_of
from pipeline.facts.toponyms import Toponym, vocabulary

_PHRASE = re.compile(
    r"(?: [\w'-]+){0,4}? (?:in|at|near|outside|around)(?: the| its| a| an)?(?: [\w-]+){0,2} (?:of )?(?:the )?", re.I
)
_CLAUSE = re.compile(
    r"\d|\b(?:was|is|are|has|have|had|who|which|that|said|says|after|when|while|and|but|one|two|three|four|five|six|seven|eight|nine|"
    r"ten|dozens|hundreds|thousands|hospitals?|including|among)\b",
    re.I,
)
"""Words that end the count's own phrase."""
FEW = 4
"""Smaller numbers may be of other people each time."""
NEAR = 8
"""Sentences around a count whose other counts are looked at."""


def closing(listed: Sequence[Toponym], mention: Mention) -> Toponym | None:
    """The town or region that closes the count's own phrase: `10 in Awka`, `five people in the town of Upi`."""
    at = mention.sentence.start
    for t in sorted(listed, key=lambda t: t.start):
        if t.sentence is not mention.sentence or t.start < mention.number_end or t.adjective or t.unit == "pair":
            continue
        words = t.sentence.text[mention.number_end - at : t.start - at]
        if _PHRASE.fullmatch(words) and not _CLAUSE.search(words):
            return t if kind_of(t) not in ("country", "area") else None
        return None  # a nearer name is attached otherwise: `300 residents of Jomvu in Mombasa`
    return None


def without_others(listed: Sequence[Toponym], mention: Mention, mentions: Sequence[Mention]) -> list[Toponym]:
    """The names less those of smaller counts' sentences, where the count's own sentence names what they lie in."""
    here = [
        o for o in listed if o.sentence is mention.sentence and not o.adjective and o.before in vocabulary("locatives")
    ]
    size, at = mention.low or mention.high or 0, mention.sentence.index
    first = bisect_left(mentions, at - NEAR, key=lambda m: m.sentence.index)
    stop = bisect_right(mentions, at + NEAR, key=lambda m: m.sentence.index)
    smaller = {
        m.sentence.index
        for m in mentions[first:stop]
        if m.metric == mention.metric and m.sentence is not mention.sentence and (m.high or m.low or size) < size
    }
    return [t for t in listed if t.sentence.index not in smaller or not any(_holds(o, t) for o in here)]


def _holds(outer: Toponym, inner: Toponym) -> bool:
    return outer.entry is not None and inner.entry is not None and contains(outer.entry, inner.entry)


def share_narrowest(mentions: Sequence[Mention], answers: Sequence[dict[str, Reading[Any]]]) -> None:
    """New harm told twice by one number happened in the narrower of the places, where one lies in the other: a headline's
    `12 killed in Nigeria` in the village that the article names."""
    told: dict[tuple[str, int | None], list[dict[str, Reading[Any]]]] = {}
    for m, a in zip(mentions, answers, strict=True):
        if a["measure"].value == "new" and not m.implicit and a["place"].value is not None and (m.low or 0) >= FEW:
            told.setdefault((m.metric, m.low), []).append(a)
    for group in told.values():
        narrowest = group[0]
        for a in group[1:]:
            if narrowest["place"].value.holds(a["place"].value):
                narrowest = a
        for a in group:
            if a["place"].value.holds(narrowest["place"].value):
                a["place"] = narrowest["place"]
