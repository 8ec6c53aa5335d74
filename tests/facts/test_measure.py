"""New or total, by sentences written for it."""

from datetime import date


def test_the_perfect_of_what_lasts_counts_so_far():
    from pipeline.facts.extract import Extractor

    text = (
        "Floods in the valley have killed 27 people, the emergency service said on Saturday. A blast has killed nine."
    )
    facts = Extractor().read(text, date(2026, 3, 7)).facts
    assert [(f.low, f.measure) for f in facts] == [(27, "total"), (9, "new")]
