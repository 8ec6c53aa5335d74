"""Days that a count covers, by sentences written for it."""

from datetime import date
from functools import cache

import pytest

from pipeline.facts.extract import Extractor
from pipeline.facts.moments import atoms
from pipeline.facts.reckoning import easter
from pipeline.facts.timeline import join, reckoned


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


WEDNESDAY = date(2024, 6, 12)


def days_in(text: str, now: date = WEDNESDAY) -> list[str]:
    """Every stretch that the text names, as `6-10..6-12`."""
    found = join(text, list(reckoned(text, atoms(text, now), now)), now)
    return [f"{m.first:%m-%d}..{m.last:%m-%d}" for m in found if m.first]


@pytest.mark.parametrize("now", [date(2024, 6, 10), WEDNESDAY, date(2024, 6, 16)])
def test_last_week_is_monday_to_sunday_of_the_week_before_also_on_a_sunday(now):
    assert days_in("Raids killed 40 people last week.", now) == ["06-03..06-09"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Clashes at the start of the year left 9 dead.", "01-01..06-12"),
        ("Earlier in the week a mine killed two.", "06-10..06-12"),
        ("Fires killed 12 in the first two weeks of May.", "05-01..05-14"),
        ("They counted 80 deaths in the last three days of May.", "05-29..05-31"),
        ("Mines killed 40 in the first quarter of this year.", "01-01..03-31"),
        ("Raids from January to March killed 70.", "01-01..03-31"),
        ("The mall burned late Tuesday night into Wednesday, killing six.", "06-11..06-12"),
        ("Six died in two days of clashes.", "06-11..06-12"),
        ("Forty died within 48 hours.", "06-10..06-12"),
        ("On the fifth day of the siege 20 were dead.", "06-08..06-12"),
        ("It is day 40 of the strike.", "05-04..06-12"),
        ("The war, now in its third year, goes on.", "01-01..06-12"),
        ("In the two weeks since, 30 have died.", "05-29..06-12"),
        ("Three died on Monday this week.", "06-10..06-10"),
        ("In the week of 3 June floods killed five.", "06-03..06-09"),
        ("Five were shot on Good Friday.", "03-29..03-29"),
        ("Nine drowned on Easter Monday.", "04-01..04-01"),
    ],
)
def test_words_that_reckon_from_the_day_of_the_text(text, days):
    assert days_in(text) == [days]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Two died on Friday. A day earlier, nine were hurt.", ["06-07..06-07", "06-06..06-06"]),
        ("A bus fell on 3 June. The following day seven bodies were found.", ["06-03..06-03", "06-04..06-04"]),
        ("On Sunday, the third day of the raid, two died.", ["06-09..06-09", "06-07..06-09"]),
        ("A day earlier, nine were hurt.", []),
        ("It was the first day of school.", []),
        ("They call it the greatest danger in the world today.", []),
        ("A day later than planned, they left.", []),
    ],
)
def test_words_that_reckon_from_the_day_named_before_them(text, days):
    assert days_in(text) == days


def test_easter_by_the_almanac():
    assert [easter(year) for year in (2000, 2011, 2019, 2024, 2038)] == [
        date(2000, 4, 23), date(2011, 4, 24), date(2019, 4, 21), date(2024, 3, 31), date(2038, 4, 25),
    ]  # fmt: skip


def days_of(text: str, published: date = WEDNESDAY) -> list[tuple[int | None, str, str]]:
    """Number and days of each count, as `10, 06-11, 06-12`; `-` where unknown."""
    facts = extractor().read(text, published).facts
    return [(f.low, *(f"{d:%m-%d}" if d else "-" for d in (f.start_date, f.end_date))) for f in facts]


@cache
def extractor() -> Extractor:
    return Extractor()


FILLER = "The road is long. The market was shut. A dog barked. The river is wide there. People shop again. "


def test_a_headline_without_a_day_has_the_next_day_that_the_story_tells():
    text = "Blast kills 14 in Kesh\n\n" + FILLER + "The bomb went off on Monday near a school."
    assert days_of(text) == [(14, "06-10", "06-10")]


def test_a_count_without_a_day_near_it_has_the_day_named_most_often():
    text = (
        "Quiet returns to Kesh\n\nThe town was shelled on Saturday. On Saturday the shelling hit the market. "
        + FILLER * 2
        + "In all this, 14 people were killed."
    )
    assert days_of(text) == [(14, "06-08", "06-08")]


def test_a_count_told_beside_a_report_has_the_day_of_the_report_if_no_other_is_named():
    text = "Quiet returns to Kesh\n\n" + FILLER + "The mayor spoke on Tuesday. A mine killed 14 people."
    assert days_of(text) == [(14, "06-11", "06-11")]


def test_when_after_a_date_tells_what_happened_then():
    text = "Tensions rose again in April this year, when dozens of people were killed."
    assert days_of(text) == [(24, "04-01", "04-30")]


def test_a_count_goes_on_from_the_year_in_which_its_war_broke_out():
    text = "A civil war broke out in Zamora in 2019 and has since claimed the lives of almost 20,000 people."
    facts = extractor().read(text, WEDNESDAY).facts
    assert [(f.measure, f.start_date, f.end_date) for f in facts] == [("total", date(2019, 1, 1), WEDNESDAY)]


def test_a_count_goes_on_from_the_weekend_since_which_it_is_told():
    facts = extractor().read("Since last weekend 40 people have been killed in raids.", WEDNESDAY).facts
    assert [(f.measure, f.start_date, f.end_date) for f in facts] == [("total", date(2024, 6, 8), WEDNESDAY)]


def test_a_day_without_a_year_that_comes_soon_is_not_last_years():
    assert days_of("The rains of June 20 and 21 left nine people dead.") == [(9, "06-20", "06-21")]
    assert extractor().read("The rains of June 20 killed nine people.", WEDNESDAY).facts[0].start_date == date(
        2024, 6, 20
    )
    assert extractor().read("A mine killed nine on October 20.", WEDNESDAY).facts[0].start_date == date(2023, 10, 20)


def test_a_day_to_come_dates_no_harm():
    assert days_of("Ahead of the vote on June 28, a bomb killed nine people in Kesh.") == [(9, "-", "-")]


def test_the_day_of_an_event_told_by_a_clause_dates_its_harm():
    text = "Aid workers handed out food on Tuesday to 900 families displaced by flash floods that hit Kesh on Sunday."
    assert days_of(text) == [(900, "06-09", "06-09")]


def test_recent_days_have_only_an_end():
    assert days_of("Drones have hit Kesh on Tuesday too, killing dozens of people in recent days.") == [
        (24, "06-11", "06-11")
    ]
    assert days_of("The army shelled Kesh, killing dozens of people in recent days.") == [(24, "-", "06-12")]


def test_a_total_is_as_of_the_month_in_which_it_was_told():
    facts = (
        extractor()
        .read("In May the ministry said 735 people had been killed in the raids since 2022.", WEDNESDAY)
        .facts
    )
    assert [(f.measure, f.start_date, f.end_date) for f in facts] == [("total", date(2022, 1, 1), date(2024, 5, 31))]


def test_a_headlines_total_is_as_of_the_day_told_with_the_same_number():
    text = "Floods have displaced 16,000 in Kesh\n\nThe agency said on Monday that 16,000 people have been displaced by the floods so far."
    assert days_of(text) == [(16000, "-", "06-10"), (16000, "-", "06-10")]


def test_a_total_begins_with_the_stretch_of_the_rains_that_its_sentence_tells():
    text = "Heavy storms in the first two weeks of May have flooded Kesh, and so far a total of 18 people have died."
    assert days_of(text) == [(18, "05-01", "06-12")]


def test_a_total_begins_with_the_day_in_a_long_clause_of_since():
    text = "Since the worst storm in a whole century swept through large parts of the country last week, at least 60 people have died."
    assert days_of(text) == [(60, "06-03", "06-12")]


def test_a_count_as_of_an_hour_is_as_of_its_day():
    for when in ("midnight Sunday", "6 p.m. on Sunday", "noon, Sunday"):
        facts = extractor().read(f"Some 801 civilians were injured as of {when}, the office said.", WEDNESDAY).facts
        assert [(f.measure, f.end_date) for f in facts] == [("total", date(2024, 6, 9))]


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("in the first day of fighting", "2022-02-24", "2022-02-24"),
        ("in the opening three weeks of Russia's war", "2022-02-24", "2022-03-16"),
    ],
)
def test_the_first_days_of_a_known_war_are_reckoned_from_its_beginning(words: str, first: str, last: str) -> None:
    text = f"Seven cooks were killed {words} near Kyiv, where Russian troops had landed."
    facts = extractor().read(text, date(2022, 11, 2)).facts
    assert [(str(f.start_date), str(f.end_date)) for f in facts] == [(first, last)]


def test_harm_that_somebody_told_of_on_a_day_is_no_harm_of_a_later_one():
    text = "Jets hit the port of Doka on Tuesday. Crews cleared the quay. The mayor of Karu said on Monday that nine people died there."
    assert days_of(text) == [(9, "06-10", "06-10")]


def test_an_old_day_named_often_dates_nothing_far_from_it():
    text = (
        "Quiet returns to Kesh\n\n"
        + FILLER * 2
        + "The school burned on May 3. It was rebuilt after the fire of May 3. "
        + FILLER * 3
        + "A mine killed 14 people."
    )
    assert days_of(text) == [(14, "-", "-")]


@pytest.mark.parametrize(
    ("sentence", "first"),
    [
        ("The ministry says 5,200 troops have been killed so far.", "2022-02-24"),
        ("The army has lost eleven generals so far.", "2022-02-24"),
        ("So far more than 300 bodies have been found in the gardens.", "None"),
        ("Some 400 evacuees are still sheltering in the opera since the invasion.", "None"),
    ],
)
def test_a_known_war_begins_no_count_of_people_found_or_sheltering_somewhere(sentence: str, first: str) -> None:
    text = "Russia and Ukraine\n\nRussian troops were seen near Kyiv. " + sentence
    facts = extractor().read(text, date(2022, 11, 2)).facts
    assert [(f.measure, str(f.start_date)) for f in facts] == [("total", first)]
