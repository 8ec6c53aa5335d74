"""The demo as a user runs it, and what it leaves behind."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from demo.expected import totals
from pipeline.archive.store import read_pages
from pipeline.batch import Batch
from tools.make_cookbook import COOKBOOK, examples, rewrite

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> tuple[str, Path]:
    """What it printed, and its folder."""
    folder = tmp_path_factory.mktemp("demo") / "demo-data"
    done = subprocess.run(
        [sys.executable, "-m", "demo", "--data", str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, folder


@pytest.fixture(scope="module")
def snapshot(ran):
    with duckdb.connect(str(ran[1] / "snapshot" / "tollwire.duckdb"), read_only=True) as connection:
        yield connection


def test_it_shows_totals_charts_a_trace_and_what_to_open(ran):
    said, folder = ran
    assert "Reported totals by day" in said
    assert "Where does 61" in said
    assert "snapshot/tollwire.duckdb" in said
    images = sorted(folder.glob("*.png"))
    assert [i.name for i in images] == ["chaco-border-war.png", "siret-flood.png"]
    assert all(i.read_bytes().startswith(b"\x89PNG") and i.stat().st_size > 10_000 for i in images)
    assert all(i.name in said for i in images)


def test_the_books_balance_day_by_day(snapshot):
    rows = snapshot.sql(
        "select items, new_articles + new_versions + unchanged + duplicates + rejected from raw.loads"
    ).fetchall()
    assert len(rows) == 6
    assert all(items == settled for items, settled in rows)


def test_only_the_dead_link_and_the_foreign_article_are_refused(snapshot):
    rows = snapshot.sql("select distinct stage, reason, feed_id from raw.rejected order by stage").fetchall()
    assert rows == [("extract", "language", "altiplano"), ("fetch", "http_404", "siret")]
    assert snapshot.sql("select distinct title from raw.articles where language = 'es'").fetchall() == [
        ("Villamontes despide a los niños de la escuela 12 de Abril",)
    ]


def test_the_edited_article_has_two_versions_and_no_other_has(snapshot):
    rows = snapshot.sql("select url, count(distinct version_id) from raw.articles group by url").fetchall()
    assert len(rows) == 44
    assert [url.rsplit("/", 1)[1] for url, versions in rows if versions != 1] == ["villamontes-hospital"]


def test_copies_are_known_as_copies(snapshot):
    rows = snapshot.sql(
        "select versions.url from intermediate.int_syndication as copies"
        " inner join staging.stg_versions as versions on copies.version_id = versions.version_id where copies.is_copy"
        " and versions.version_number = 1"
    ).fetchall()
    assert {url.rsplit("/", 1)[1] for (url,) in rows} == {
        "chaco-border-fire-kills-nine", "rockets-hit-chaco-market", "bolivia-revises-toll", "romania-floods-recede",
        "roman-bus-swept-away",
    }  # fmt: skip


def test_no_total_comes_from_an_old_massacre_or_a_forecast(snapshot):
    rows = snapshot.sql(
        "select facts.number_text, facts.evidence from marts.facts as facts where facts.fact_id in"
        " (select unnest(fact_ids) from marts.running_totals)"
    ).fetchall()
    assert rows
    assert [e for _, e in rows if "1988" in e or "1991" in e or "80,000" in e or "1,400" in e] == []


def test_the_last_days_tolls_are_those_that_an_analyst_would_take(snapshot):
    found, end = reported(snapshot), date(2024, 3, 9)
    assert found["chaco-border-2024", "BO", "killed", "person", end] == 61
    assert found["siret-flood-2024", "RO", "killed", "person", end] == 27


def test_many_totals_are_those_that_an_analyst_would_take(snapshot):
    """A reported total is right where it is the expected count, or lies between those that sources dispute."""
    found, wanted = reported(snapshot), list(totals())
    right = sum(low <= found.get((*key,), -1) <= high for *key, low, high in wanted)
    assert right / len(wanted) >= 0.35


def reported(snapshot) -> dict[tuple, int]:
    rows = snapshot.sql(
        "select situation_id, country, metric, unit, day, best from marts.running_totals"
        " where method = 'reported' and population = 'all' order by publishers"
    ).fetchall()
    return {tuple(key): best for *key, best in rows}


def test_a_total_leads_to_its_sentence_on_the_archived_page(ran, snapshot):
    (ids,) = snapshot.sql(
        "select fact_ids from marts.running_totals where situation_id = 'chaco-border-2024' and country = 'BO'"
        " and metric = 'killed' and method = 'reported' and population = 'all' order by day desc limit 1"
    ).fetchone()
    rows = snapshot.execute(
        "select facts.evidence, pages.batch_id, pages.page_id from marts.facts as facts"
        " inner join raw.articles as articles on facts.version_id = articles.version_id"
        " inner join raw.pages as pages on articles.page_id = pages.page_id and articles.batch_id = pages.batch_id"
        " where facts.fact_id in (select unnest($ids))",
        {"ids": ids},
    ).fetchall()
    assert rows
    data = str(ran[1])
    for evidence, batch_id, page_id in rows:
        pages = [p for p in Batch(data, batch_id).read("pages") if p.page_id == page_id]
        ((_, body),) = read_pages(data, pages[:1])
        assert evidence.split(",")[0].replace("'", "&#x27;") in body.decode()


def test_a_folder_that_the_demo_did_not_make_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    done = subprocess.run(
        [sys.executable, "-m", "demo", "--data", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "did not make" in done.stderr
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_the_cookbook_shows_what_its_examples_give(ran):
    text = COOKBOOK.read_text(encoding="utf8")
    again = "`python -m demo && python -m tools.make_cookbook` writes the results anew; look at what changed"
    assert len(examples(text)) >= 20
    assert rewrite(text, ran[1] / "snapshot" / "tollwire.duckdb") == text, again
