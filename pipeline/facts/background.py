"""Whether a figure is about the past: the harm belongs to an older event or an ended conflict than the one being reported."""

from collections.abc import Sequence
from datetime import timedelta

from pipeline.facts import dates, measure
from pipeline.facts.model import Document, Mention, Reading
from pipeline.facts.timeline import own_date

OLD = timedelta(days=300)
"""A new harm this long before the document's day belongs to an older event."""


def read(mention: Mention, document: Document, mentions: Sequence[Mention] = ()) -> Reading[bool]:
    measured = measure.read(mention, document, mentions).value
    if measured == "total":
        return Reading(False, "background: running count")
    dated = dates.read(mention, measured, document)
    end = dated.value[1]
    if end is not None and own_date(document) - end > OLD:
        return Reading(True, "background: long past", dated.start, dated.end)
    return Reading(False, "background: of now")
