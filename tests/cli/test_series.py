"""How totals are laid out for a terminal."""

from datetime import date

from pipeline.cli.series import label, sections
from pipeline.publish.chart import draw_text

TOTAL = {
    "situation": "War in Freedonia", "country": "XA", "side": "XA", "population": "all", "metric": "killed",
    "unit": "person", "displacement": None, "method": "reported", "day": date(2024, 3, 9), "low": 50, "best": 61,
    "high": None, "publishers": 3, "series_id": "4542fb043ed83d7a",
}  # fmt: skip


def test_what_all_rows_share_is_said_once_and_what_none_has_not_at_all():
    [section] = sections([TOTAL, TOTAL | {"population": "children", "best": 14}])
    assert section.title == "War in Freedonia: XA, killed, reported, as of 2024-03-09"
    assert section.names == ["series", "low", "best", "publishers", "series_id"]
    assert section.rows == [["all", 50, 61, 3, "4542fb043ed83d7a"], ["children", 50, 14, 3, "4542fb043ed83d7a"]]


def test_days_that_differ_stay_a_column():
    [section] = sections([TOTAL, TOTAL | {"day": date(2024, 3, 8)}])
    assert section.names[0] == "day"
    assert [row[0] for row in section.rows] == [date(2024, 3, 9), date(2024, 3, 8)]


def test_each_situation_has_its_own_table():
    titles = [section.title for section in sections([TOTAL, TOTAL | {"situation": "Floods"}])]
    assert titles == ["War in Freedonia: XA, killed, reported, as of 2024-03-09", "Floods: XA, killed, reported, as of 2024-03-09"]  # fmt: skip


def test_a_force_is_named_where_it_is_not_the_countrys_own():
    assert label(TOTAL | {"side": "XB", "population": "combatants"}) == "XA, side XB, combatants, killed, reported"


def test_a_band_is_drawn_beside_the_line():
    days = [date(2024, 3, day) for day in (4, 5, 6)]
    bare = {"killed": dict.fromkeys(days, (10, 10, 10))}
    banded = {"killed": dict.fromkeys(days, (5, 10, 20))}
    drawn = draw_text(banded, "Toll", in_colour=False)
    assert "·" in drawn
    assert "·" not in draw_text(bare, "Toll", in_colour=False)
    assert drawn.splitlines()[-1] == "  • killed"
    assert max(map(len, drawn.splitlines())) <= 78
