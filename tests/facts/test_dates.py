"""Days that a count covers, by sentences written for it."""

from datetime import date

import pytest

from pipeline.facts.calendar import atoms


@pytest.mark.parametrize(
    ("written", "published", "day"),
    [
        ("05-03-2016", date(2016, 3, 6), date(2016, 3, 5)),
        ("03/05/2016", date(2016, 3, 6), date(2016, 3, 5)),
        ("04.05.2016", date(2016, 9, 30), date(2016, 5, 4)),
        ("11-23-2016", date(2016, 11, 23), date(2016, 11, 23)),
    ],
)
def test_day_and_month_in_figures_are_those_about_now_else_the_day_stands_first(written, published, day):
    assert [m.first for m in atoms(written, published)] == [day]
