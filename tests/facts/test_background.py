"""Harm of an older event than the one being reported: a text for each rule, and for each trap."""

from datetime import date

import pytest

from tests.facts.reading import extractor

REPORTED = "A blast kills four in Kano\n\nFour people were killed by a blast in Kano on Wednesday. "


@pytest.mark.parametrize(
    ("text", "number", "expected"),
    [
        ("The raid came a week after gunmen killed 12 people in Jos.", "12", True),
        ("It was the deadliest raid in the city since a bombing in May that killed 12 people.", "12", True),
        ("In March, a bomb injured 30 people in Jos.", "30", True),
        ("A flood in 1998 killed 200 people in Jos.", "200", True),
        ("On Tuesday, a bomb injured 30 people in Jos.", "30", False),
        ("Thirty people were injured hours after a first blast.", "Thirty", False),
        ("It was the worst day since Monday, with 30 injured.", "30", False),
        ("Some 900 people have been killed in Kano since May.", "900", False),
    ],
)
def test_harm_of_another_event_is_background(text: str, number: str, expected: bool) -> None:
    facts = extractor().read(REPORTED + text, date(2023, 6, 15)).facts
    assert next(f.background for f in facts if number in f.number_text) is expected
    assert next(f.background for f in facts if f.number_text == "Four") is False


def test_what_an_article_reports_late_is_no_background() -> None:
    facts = (
        extractor()
        .read("Inquiry opens\n\nA bus crash killed nine people in Jos on 2 May 2023.", date(2023, 6, 15))
        .facts
    )
    assert [f.background for f in facts] == [False]
