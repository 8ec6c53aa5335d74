"""New or total, by sentences written for it."""

from datetime import date

import pytest

from pipeline.facts.cues import load_weights
from pipeline.facts.measure import words_around
from tests.facts.reading import extractor


def test_the_perfect_of_what_lasts_counts_so_far():
    from pipeline.facts.extract import Extractor

    text = (
        "Floods in the valley have killed 27 people, the emergency service said on Saturday. A blast has killed nine."
    )
    facts = Extractor().read(text, date(2026, 3, 7)).facts
    assert [(f.low, f.measure) for f in facts] == [(27, "total"), (9, "new")]


def test_parts_of_a_toll_that_has_moved_are_counted_so_far_too():
    from pipeline.facts.extract import Extractor

    text = "Two more patients died on Monday, bringing the death toll to 61, including five children, doctors said."
    facts = Extractor().read(text, date(2026, 3, 10)).facts
    assert [(f.low, f.measure) for f in facts] == [(2, "new"), (61, "total"), (5, "total")]


def test_the_perfect_on_a_numbered_day_counts_from_the_first():
    from pipeline.facts.extract import Extractor

    text = "It was the fifth day of an offensive that has left dozens of soldiers dead."
    facts = Extractor().read(text, date(2026, 3, 10)).facts
    assert [(f.measure, f.start_date, f.end_date) for f in facts] == [("total", date(2026, 3, 6), date(2026, 3, 10))]


def test_what_was_done_on_a_day_is_new_in_a_sentence_of_totals():
    from pipeline.facts.extract import Extractor

    text = (
        "The army says 72,000 enemy soldiers have been killed since the war began on 3 January, more than a thousand "
        "of whom were killed last weekend."
    )
    facts = Extractor().read(text, date(2026, 3, 10)).facts
    assert [(f.low, f.measure) for f in facts] == [(72000, "total"), (1000, "new")]


def test_background_asks_for_the_measure_that_the_fact_has():
    from pipeline.facts.extract import Extractor

    text = "A bomb hit the market in 2019. The toll rose to 61, among them were five children."
    facts = Extractor().read(text, date(2026, 3, 10)).facts
    assert [(f.low, f.measure, f.background) for f in facts] == [(61, "total", False), (5, "total", False)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The number of people hurt in the blast has gone up to 17, the mayor said.", [(17, "total")]),
        ("Deaths now stand at 388, the ministry said.", [(388, "total")]),
        ("Forty villagers have not been found, the mayor said.", [(40, "total")]),
        ("Six years of violence, which has cost 15,000 lives, have emptied the valley.", [(15000, "total")]),
        ("In the past 24 hours, 12 people have died of cholera.", [(12, "new")]),
        ("From 3 to 5 March, cholera killed 12 people.", [(12, "new")]),
        ("The mission counted 92 people killed, more than in any other year since it was set up.", [(92, "new")]),
        ("Between 3 January, when the war began, and 1 March, 900 people were killed.", [(900, "total")]),
        ("A shell hit a school where 90 people had been sheltering, the mayor said.", [(90, "total")]),
        ("On Sunday a shell hit a church sheltering 90 people.", [(90, "total")]),
        ("Officials have found 70 bodies in mass graves near the river.", [(70, "total")]),
        ("Mass graves filled with 70 bodies were opened on Friday.", [(70, "total")]),
        ("After the rebels left, 70 bodies were exhumed, the mayor said.", [(70, "total")]),
        ("Hundreds of bodies have been found in the towns of the valley.", [(200, "total")]),
        ("Thousands of people continue to flee the valley, the mayor said.", [(2000, "total")]),
        ("Karu has been under steady shelling since March 2, with eight people killed.", [(8, "total")]),
        ("The number of people wounded was later updated to nine.", [(9, "total")]),
        ("Mali: 61 killed, according to the ministry, which on Friday corrected an earlier count.", [(61, "total")]),
        (
            "The raid killed 32 men, the monitor said, updating an earlier toll of 15 on Sunday.",
            [(32, "new"), (15, "total")],
        ),
        ("The troops killed 40 villagers and made others dig mass graves.", [(40, "new")]),
    ],
)
def test_phrases_that_decide_alone(text: str, expected: list[tuple[int, str]]) -> None:
    facts = extractor().read(text, date(2026, 3, 10)).facts
    assert [(f.low or f.high, f.measure) for f in facts] == expected


def test_the_words_beside_a_number_hold_no_name() -> None:
    text = "Kano has lost 12 men and 30 women to cholera"
    left = text.index("12")
    assert words_around(text, left, left + 2) == [
        "after: cholera", "after: men", "after: women", "before: has", "before: lost",
    ]  # fmt: skip


def test_since_then_holds_for_the_paragraph() -> None:
    text = "Since then, shells have hit the town. Schools are shut. Shops are empty. Buses stand still. Nine people have been killed."
    assert [f.measure for f in extractor().read(text, date(2026, 3, 10)).facts] == ["total"]


def test_no_word_beside_a_number_that_is_weighed_is_a_name() -> None:
    words = {cue.split(": ")[1] for cue in load_weights("measure.json") if ": " in cue}
    assert words
    assert all(word == "#" or word.islower() for word in words)


def test_counts_of_one_sentence_lean_on_each_other() -> None:
    text = "The mayor said the war has cost 210 lives in Karu, with 32 nurses killed and 14 teachers wounded."
    assert [f.measure for f in extractor().read(text, date(2026, 3, 10)).facts] == ["total"] * 3
