"""Sentences: where they end, each with the text that made the rule necessary."""

from datetime import date

import pytest

from pipeline.facts.model import Document
from pipeline.facts.text import split


def sentences(text: str) -> list[str]:
    return [s.text for s in split(Document(text, date(2023, 6, 15), ""))]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Governor speaks of a tribal feud At least 40 people were killed in Zanda.", 2),
        ("Flames seen from across the bay Dozens of people were taken to hospital.", 2),
        ("Quake Leaves At Least 40 Dead in Zanda", 1),
        ("Police Say More than 40 Died in Zanda", 1),
        ("They counted at least 40 dead.", 1),
    ],
)
def test_a_standfirst_without_its_full_stop_ends_before_a_count(text: str, parts: int) -> None:
    assert len(sentences(text)) == parts
