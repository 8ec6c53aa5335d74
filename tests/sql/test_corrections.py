"""What people correct in sql/seeds/corrections.csv, and that a correction of what was mended fails."""

import pytest

from tests.sql.models import failures
from tests.sql.raw_rows import Text, at, facts, load

STORY = Text(
    "one",
    at("2030-01-02"),
    [
        {"count": 190, "evidence": "190 of the 200 houses burnt and 19 people were killed.", "number_text": "190"},
        {"count": 3, "metric": "injured", "evidence": "Three were hurt."},
    ],
    story="fire",
)
FIRST, SECOND = (fact.fact_id for fact in facts(STORY))


@pytest.fixture
def corrected(project, warehouse):
    """Totals by metric after a correction, given as the seed's columns that matter."""

    def correct(**row: str):
        row = {"correction_id": "c1", "reason": "Misread.", "author": "someone", "corrected_on": "2030-01-03"} | row
        names, marks = ", ".join(row), ", ".join("?" for _ in row)
        warehouse.execute(f"insert into seeds.corrections ({names}) values ({marks})", list(row.values()))
        load(warehouse, "b", [STORY], at("2030-01-02", 20))
        project.build(warehouse)
        return dict(
            warehouse.execute(
                "select metric, max(best) from marts.running_totals group by metric order by 1"
            ).fetchall()
        )

    return correct


def test_a_dropped_fact_stays_in_sight_and_counts_nowhere(corrected, warehouse, project):
    totals = corrected(fact_id=FIRST, action="drop", field="metric", expected="killed")
    assert totals == {"injured": 3}
    seen = warehouse.execute("select is_counted, correction_ids from marts.facts where fact_id = ?", [FIRST]).fetchall()
    assert seen == [(False, ["c1"])]
    assert failures(project, warehouse) == {}


def test_a_pattern_sets_the_count(corrected):
    totals = corrected(
        pattern=r"190 of the 200 houses", number_text="190", action="set", field="count", value="19", expected="190"
    )
    assert totals == {"injured": 3, "killed": 19}


def test_a_url_and_number_pick_one_fact(corrected):
    totals = corrected(url=STORY.url, number_text="3", action="set", field="metric", value="killed", expected="injured")
    assert set(totals) == {"killed"}


def test_an_empty_value_sets_null(corrected, warehouse):
    corrected(fact_id=FIRST, action="set", field="country", value="", expected="XA")
    country, source = warehouse.execute(
        "select country, country_source from marts.facts where fact_id = ?", [FIRST]
    ).fetchall()[0]
    assert (country, source) == ("XA", "article")  # what the article's other fact names


def test_a_correction_of_what_was_mended_fails(corrected, warehouse, project):
    corrected(fact_id=FIRST, action="set", field="count", value="19", expected="191")
    assert failures(project, warehouse)["corrections_still_apply"] == [("c1", FIRST, "count", "191", "190")]


def test_a_correction_of_nothing_fails(corrected, warehouse, project):
    corrected(pattern="nobody wrote this", action="drop", field="metric", expected="killed")
    assert failures(project, warehouse)["corrections_still_apply"] == [("c1", None, "metric", "killed", None)]


def test_a_correction_that_picks_nothing_is_about_no_fact(corrected, warehouse, project):
    corrected(number_text="190", action="drop", field="metric", expected="killed")
    assert "corrections_still_apply" in failures(project, warehouse)


def test_known_by_loading_a_day_is_without_later_corrections(corrected, warehouse):
    corrected(fact_id=FIRST, action="set", field="count", value="19", expected="190")
    asked = "select best from totals_as_known(?, clock := 'loaded') where metric = 'killed'"
    assert warehouse.execute(asked, ["2030-01-02"]).fetchall() == [(190,)]
    assert warehouse.execute(asked, ["2030-01-03"]).fetchall() == [(19,)]
