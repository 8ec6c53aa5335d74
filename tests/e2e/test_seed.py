"""The first case that must come out whole: one article of ../shared/gold, from its text to who disagrees about what."""

import json

import duckdb
import pytest

from tests.e2e.worlds import environment, tollwire

pytestmark = [pytest.mark.e2e, pytest.mark.shared]


@pytest.fixture(scope="module")
def marts(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("seed")
    article = json.loads((shared / "gold" / "seed.docs.jsonl").read_text(encoding="utf8").splitlines()[0])
    article |= {"url": "https://seed.example/article", "title": article["text"].split("\n")[0][:60]}
    (folder / "seed.jsonl").write_text(json.dumps(article))
    tollwire(environment(folder / "data", folder / "feeds.yml"), "import", str(folder / "seed.jsonl"))
    with duckdb.connect(str(folder / "data" / "snapshot" / "tollwire.duckdb"), read_only=True) as connection:
        yield connection


def test_two_sides_claim_different_numbers_of_fighters_and_both_stand(marts):
    found = marts.execute(
        "select side, low_claimant, low, high_claimant, high from marts.disagreements"
        " where metric = 'killed' and population = 'combatants'"
    ).fetchall()
    assert found == [("PS", "Hamas", 20, "IL", 130)]
    low, high = marts.execute(
        "select min(low), max(high) from marts.running_totals where metric = 'killed' and population = 'combatants'"
        " and method = 'reported' and side = 'PS'"
    ).fetchall()[0]
    assert low <= 20
    assert high >= 130


def test_parts_are_series_of_their_own(marts):
    found = marts.execute(
        "select population, max(best) from marts.running_totals"
        " where metric = 'killed' and country = 'PS' and method = 'reported' group by population order by population"
    ).fetchall()
    parts = dict(found)
    assert (parts["children"], parts["women"]) == (64, 38)
    assert {227} == {best for population, best in parts.items() if population in ("all", "civilians")}


def test_what_happened_on_one_day_is_no_part_of_the_count_so_far(marts):
    [(day, best)] = marts.execute(
        "select day, best from marts.daily_new where metric = 'killed' and country = 'PS' and population = 'all'"
    ).fetchall()
    assert (str(day), best) == ("2021-05-19", 9)


def test_every_total_leads_to_the_archive(marts):
    series = marts.execute("select distinct series_id, method from marts.running_totals").fetchall()
    for series_id, method in series:
        traced = marts.execute(
            "select warc_file, evidence from trace_total(?, wanted_method := ?)", [series_id, method]
        ).fetchall()
        assert traced
        assert all(file.endswith(".warc.gz") and evidence for file, evidence in traced)
