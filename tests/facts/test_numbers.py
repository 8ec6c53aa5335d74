"""What a count's words are worth: bounds and quantifier, with the modifiers around it."""

import pytest

from pipeline.facts.numbers import find_numbers


@pytest.mark.parametrize(
    ("text", "written", "low", "high", "quantifier"),
    [
        ("The number of dead went up to 253 on Sunday.", "253", 253, 253, "exact"),
        ("Toll up to 36 after the flood.", "36", 36, 36, "exact"),
        ("The raid killed up to 36 people.", "up to 36", None, 36, "at_most"),
        ("Soldiers killed 20 people or more.", "20 people or more", 20, None, "at_least"),
        ("Police shot 12 young men at least.", "12 young men at least", 12, None, "at_least"),
        ("Some 30 people or so were hurt.", "Some 30 people or so", 30, 30, "about"),
        ("Two people or more than two were hurt.", "Two people or more", 2, None, "at_least"),
        ("Deaths cross 100 in the south.", "100", 100, None, "at_least"),
        ("The raid killed the top 10 commanders.", "10", 10, 10, "exact"),
        ("Red Cross 12 workers were killed.", "12", 12, 12, "exact"),
        ("The death toll topped 1,000.", "1,000", 1000, None, "at_least"),
        ("Here 20 died, there 14, and more in the hills.", "14", 14, 14, "exact"),
        ("Twelve people, if not more, were killed.", "Twelve", 12, 12, "exact"),
    ],
)
def test_bounds(text: str, written: str, low: int | None, high: int | None, quantifier: str) -> None:
    found = {text[n.start : n.end]: (n.low, n.high, n.quantifier) for n in find_numbers(text)}
    assert found.get(written) == (low, high, quantifier), found
