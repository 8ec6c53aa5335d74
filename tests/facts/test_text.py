"""Sentences: where they end, each with the text that made the rule necessary."""

from datetime import date

import pytest

from pipeline.facts.model import Document
from pipeline.facts.text import split, worth_parsing


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


def test_a_publication_stamp_is_a_sentence_of_its_own() -> None:
    text = "Raid kills 12 in Zanda Monitor AP Friday 7 Mar 2014 A raid killed 12 people. They were buried on Friday 8 Mar 2014."
    assert sentences(text) == [
        "Raid kills 12 in Zanda Monitor", "AP Friday 7 Mar 2014", "A raid killed 12 people.", "They were buried on Friday 8 Mar 2014.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "worth"),
    [
        ("The mill was destroyed in 1911 and stood empty for 40 years.", False),
        ("Homes on the river cost $300,000 in 2019.", False),
        ("They lost two homes and 14 neighbours.", True),
        ("A clerk was evacuated from the tower on 3 May 2021.", True),
        ("The ferryman died.", True),
        ("The ferry sails at noon.", False),
    ],
)
def test_a_sentence_is_parsed_if_it_has_a_count_beside_a_word_of_harm_or_one_person_harmed(
    sentence: str, worth: bool
) -> None:
    document = Document(sentence, date(2022, 5, 4), "paper")
    assert bool(list(worth_parsing(split(document)))) is worth
