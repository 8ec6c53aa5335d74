"""Reads one question of a text: the text split and parsed as the extractor does, with a mention made by hand.

The mention's number stands between square brackets in the text, and its victims between curly ones.
"""

import re
from datetime import date
from functools import cache

from pipeline.facts.extract import Extractor, Source
from pipeline.facts.model import Document, Mention
from pipeline.records import Metric

HARM = {
    "killed": r"\b(?:kill|dead|die|death|drown|toll|bod)\w*",
    "injured": r"\b(?:injur|wound|hurt)\w*",
    "casualties": r"\bcasualt\w*",
    "missing": r"\bmissing\b",
    "displaced": r"\b(?:displac|fle|fled|refugee|evacuat|homeless)\w*",
}


@cache
def extractor() -> Extractor:
    return Extractor()


def marked(text: str, metric: Metric = "killed", low: int | None = None) -> tuple[Mention, Document]:
    """The mention that the brackets mark, and its document without them."""
    number = re.search(r"\[([^\]]+)\]", text)
    assert number is not None
    victims = re.search(r"\{([^}]+)\}", text)
    plain = re.sub(r"[\[\]{}]", "", text)
    document = extractor().prepare(Source(plain, date(2023, 6, 15)))
    assert document is not None
    extractor().parse([document])
    start = offset(text, number.start())
    sentence = next(s for s in document.sentences if s.start <= start < s.end)
    harm = re.search(HARM[metric], sentence.text, re.I)
    spans = (offset(text, victims.start()), offset(text, victims.end())) if victims else (None, None)
    at = (sentence.start + harm.start(), sentence.start + harm.end()) if harm else (None, None)
    count = low or int("".join(re.findall(r"\d", number.group(1))) or 2)
    return Mention(
        sentence, start, start + len(number.group(1)), count, count, "exact", metric, "person", *at, *spans
    ), document


def offset(text: str, position: int) -> int:
    """Where a position of the marked text lies once the marks are gone."""
    return position - len(re.findall(r"[\[\]{}]", text[:position]))
