"""New or total, by sentences written for it."""

from datetime import date


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
