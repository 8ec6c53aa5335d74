"""A vague stretch (`this week`, `in April`) gives way to a day inside it that is named for the same harm."""

from pipeline.facts.dated import Place, event_words, numbers_in, places
from pipeline.facts.model import Document, Mention

NEAR = 4
"""Sentences around a count in which such a day may be named beside the same word for the event."""


def sharpen(place: Place, mention: Mention, document: Document) -> Place:
    """The day that the text names beside the same number or event, inside the stretch that the place names; else the place."""
    moment = place.moment
    if (
        moment.is_day
        or moment.first is None
        or moment.role
        or moment.kind not in ("this", "last", "month", "year", "weekend")
    ):
        return place
    number, events = str(mention.low), event_words(document, mention.sentence.index)
    for other in places(document):
        inside = (
            other.moment.first is not None and moment.first <= other.moment.first and other.moment.last <= moment.last
        )
        if not inside or not other.moment.is_day or not (other.is_strong or other.is_weak):
            continue
        near = other.is_strong and abs(other.sentence - mention.sentence.index) <= NEAR
        if number in numbers_in(document, other.sentence) or (near and events & event_words(document, other.sentence)):
            return other
    return place
