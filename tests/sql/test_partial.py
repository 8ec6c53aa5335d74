"""A partial build leaves what a full one would have made of the same raw rows, table by table."""

import random
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import duckdb
import pytest

from pipeline import work
from pipeline.errors import BuildError
from pipeline.settings import ROOT, Settings
from pipeline.warehouse.connect import writing
from pipeline.warehouse.load import utc
from pipeline.warehouse.models import NodeResult, build
from tests.sql.models import Project
from tests.sql.raw_rows import Text, at, load, retire

FIRST = date(2030, 1, 1)
BATCHES = 45


@dataclass(frozen=True)
class Loading:
    """A batch's texts, as a load at a moment puts them in place of what the batch had."""

    batch_id: str
    texts: Sequence[Text]
    loaded: datetime
    as_of: datetime


def loadings(seed: int) -> list[Loading]:
    """Batches of some two years: edits, copies, articles seen again and found late; some loaded again, with other facts."""
    draw = random.Random(seed)
    done: list[Loading] = []
    known: list[Text] = []
    day = FIRST
    for number in range(BATCHES):
        # Now and then longer than the gap that ends a run of days, and than what a line looks back on.
        day += timedelta(days=draw.choice([1, 1, 1, 1, 2, 3, 10, 30, 100]))
        texts = [_text(draw, day, known) for _ in range(draw.randint(1, 3))]
        known += texts
        done.append(Loading(f"batch-{number}", texts, at(day, 22), at(day, 21)))
        if draw.random() < 0.25:
            old = draw.choice(done)
            texts = [
                replace(t, facts=[_again(draw, f) for f in t.facts]) if draw.random() < 0.5 else t for t in old.texts
            ]
            done.append(replace(old, texts=texts[: draw.randint(0, 3)], loaded=at(day, 23)))
    return done


def _text(draw: random.Random, day: date, known: Sequence[Text]) -> Text:
    late = draw.choice([0, 0, 0, 0, 0, 1, 6, 20, 70, 300])
    published = at(max(FIRST, day - timedelta(days=late)), draw.randint(0, 20))
    fetched = at(day, 21)
    if known and draw.random() < 0.3:
        seen = draw.choice(known[-8:])
        facts = draw.choice([seen.facts, [_again(draw, f) for f in seen.facts]])
        return replace(seen, facts=facts, fetched=fetched, title=draw.choice(["Title", "Another title"]))
    told = draw.choice(known[-6:]).facts if known and draw.random() < 0.4 else _facts(draw, published.date())
    publisher = draw.choice(["one", "two", "three", "four"])
    return Text(publisher, published, told, f"story-{draw.random()}", fetched, _signature(draw))


def _facts(draw: random.Random, day: date) -> list[dict]:
    facts = []
    for _ in range(draw.randint(1, 3)):
        measure = draw.choice(["new", "total"])
        facts.append({
            "measure": measure,
            "metric": draw.choice(["killed", "killed", "injured", "missing"]),
            "count": draw.choice([3, 12, 13, 19, 40, 200, 210]),
            "population": draw.choice(["all", "all", "children"]),
            "country": draw.choice(["XA", "XA", "XB", None]),
            "cause": draw.choice(["conflict", "conflict", "disaster"]),
            "attribution": draw.choice([None, "officials", "the UN", "Ann Smith"]),
            "place": draw.choice([None, "Aford", "Beford"]),
            "end_date": draw.choice([None, day, day - timedelta(days=1), day - timedelta(days=40)]),
        })  # fmt: skip
    if draw.random() < 0.3:
        facts.append(facts[0] | {"population": "children", "count": 2, "subset_of": 0})
    if draw.random() < 0.2:
        facts.append({k: v for k, v in facts[0].items() if k != "count"} | {"low": 24, "high": 99})
    return facts


def _again(draw: random.Random, fact: dict) -> dict:
    return fact | {"count": fact["count"] + draw.choice([0, 1, 7])} if "count" in fact else fact


def _signature(draw: random.Random) -> tuple[int, ...]:
    """One of two agency texts, a fifth of it rewritten or not, or none."""
    base = draw.choice([None, 0, 0, 100])
    if base is None:
        return ()
    return tuple(base + n if draw.random() < draw.choice([0.8, 1]) else draw.randint(1000, 2000) for n in range(64))


def put(connection: duckdb.DuckDBPyConnection, loading: Loading) -> None:
    retire(connection, loading.batch_id, loading.loaded)
    load(connection, loading.batch_id, loading.texts, loading.loaded, loading.as_of)
    list_items(connection, loading.batch_id, loading.loaded)


def list_items(connection: duckdb.DuckDBPyConnection, batch_id: str, loaded: datetime) -> None:
    """The feed's items that the batch's articles came from, and one that was rejected, in place of what the batch had."""
    for table in ("items", "rejected"):
        connection.execute(f"delete from raw.{table} where batch_id = ?", [batch_id])
    connection.execute(
        """
        insert into raw.items
        select
            item_id, min(feed_id), min(publisher), min(url), null, min(title), min(published_at), min(fetched_at), 'feed', null,
            batch_id, min(loaded_at), 'test'
        from raw.articles
        where batch_id = $1
        group by item_id, batch_id
        union all
        select 'refused ' || $1, 'one', 'one', 'https://one.example/gone', null, 'Gone', null, $2, 'feed', null, $1, $2, 'test'
        """,
        [batch_id, utc(loaded)],
    )
    connection.execute(
        "insert into raw.rejected values ('fetch', 'http_404', 'gone', 'refused ' || $1, 'one', null, $2, $1, $2, 'test')",
        [batch_id, utc(loaded)],
    )


def seed_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """What users write in the seeds: a situation of some days, and corrections of some facts' count, country and metric."""
    connection.execute(
        "insert into seeds.named_situations (situation_id, name, cause, countries, start_day, end_day) values ('aford-war',"
        " 'War in Aford', 'conflict', 'XA', ?, ?)",
        [FIRST + timedelta(days=20), FIRST + timedelta(days=200)],
    )
    corrections = [("13", "set", "count", "31"), ("19", "set", "country", "XB"), ("210", "drop", "metric", None)]
    connection.executemany(
        "insert into seeds.corrections (correction_id, pattern, number_text, action, field, value, reason, author, corrected_on)"
        " values (?, 'people', ?, ?, ?, ?, 'misread', 'A. Analyst', ?)",
        [(f"c{n}", *row, FIRST) for n, row in enumerate(corrections)],
    )


def rows(project: Project, connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple]]:
    """Every table that the models made, but for what only partial builds need."""
    tables = [
        n for n in project.nodes if n["config"]["materialized"] in ("table", "partial") and n["schema"] != "changes"
    ]
    return {
        node["alias"]: sorted(map(repr, connection.execute(f"from {node['schema']}.{node['alias']}").fetchall()))
        for node in tables
    }


@pytest.mark.parametrize("seed", range(3))
def test_built_load_by_load_is_the_same_as_built_whole(project: Project, seed: int):
    draw = random.Random(seed)
    with project.warehouse() as bit_by_bit, project.warehouse() as whole:
        for warehouse in (bit_by_bit, whole):
            seed_rows(warehouse)
        project.build(bit_by_bit)
        for loading in loadings(seed):
            put(bit_by_bit, loading)
            put(whole, loading)
            if draw.random() < 0.15:
                project.update(bit_by_bit)
        project.update(bit_by_bit)
        project.build(whole)
        expected = rows(project, whole)
        assert expected["running_totals"]
        assert expected["coverage"]
        assert any("aford-war" in row for row in expected["situations"])
        assert any("'c0'" in row for row in expected["facts"])
        assert [name for name, found in rows(project, bit_by_bit).items() if found != expected[name]] == []


def told(publisher: str, day: int, hour: int, **fact: object) -> Text:
    """One new count in one text, on a day of the first month."""
    return Text(publisher, at(FIRST + timedelta(days=day), hour), [{"measure": "new"} | fact])


GROWING = [[told("one", n, 9, count=count, place="Aford", end_date=FIRST)] for n, count in enumerate((12, 14, 17, 21))]
LONE = [
    [told("one", 0, 9, count=3, place="Cford"), told("two", 0, 10, count=4, place="Dford")],
    [told("one", 5, 9, count=200, place="Aford")],
    # Found late: two voices told of as many the day before.
    [told("two", 4, 9, count=210, place="Beford"), told("three", 4, 10, count=210, place="Beford")],
]


@pytest.mark.parametrize(
    ("batches", "what", "expected"),
    [
        (GROWING, "incidents, best from (select count(*) as incidents, max(best) as best from marts.incidents)", [(1, 21)]),
        (LONE, "best, is_summed from marts.incidents where place = 'Aford'", [(200, True)]),
    ],
    ids=["a toll that grows stays one incident", "a lone claim is weighed against what is found late"],
)  # fmt: skip
def test_what_an_earlier_build_made_is_looked_at_again(
    project: Project, batches: list[list[Text]], what: str, expected: list[tuple]
):
    with project.warehouse() as bit_by_bit, project.warehouse() as whole:
        for n, texts in enumerate(batches):
            for warehouse in (bit_by_bit, whole):
                load(warehouse, f"batch-{n}", texts, at(FIRST + timedelta(days=6), n), at(FIRST))
            project.update(bit_by_bit) if n else project.build(bit_by_bit)
        project.build(whole)
        assert bit_by_bit.execute(f"select {what}").fetchall() == expected
        assert rows(project, bit_by_bit) == rows(project, whole)


def test_dbt_builds_in_part_only_on_a_build_that_ended(project: Project, tmp_path):
    """Nothing tells a killed build but that it left no note of the loads that the models stand for."""
    first, *others = [loading for loading in loadings(1) if loading.texts][:3]
    settings = Settings(data=str(tmp_path))
    with project.warehouse() as whole:
        made = []
        for loading in (first, *others):
            with writing(settings) as connection:
                put(connection, loading)
            put(whole, loading)
            build(settings)
            project.build(whole)
            with duckdb.connect(str(settings.warehouse_file)) as connection:
                assert rows(project, connection) == rows(project, whole)
                changes = "select count(*) from duckdb_tables() where schema_name = 'changes' and table_name = 'facts'"
                made.append(connection.execute(changes).fetchall()[0][0] == 1)
                if len(made) == 2:
                    connection.execute("drop table changes.built_loads")
                kept = [day for (day,) in connection.execute("select evening from kept.evenings order by 1").fetchall()]
    assert made == [False, True, False]
    # The third build knew of no loads that the models stood for: it kept nothing.
    assert kept == [first.loaded.date() + timedelta(days=n) for n in range((others[0].loaded - first.loaded).days)]


def test_changed_sql_or_seeds_are_built_whole(tmp_path, monkeypatch):
    made_whole: list[bool] = []
    notes = "select count(*) from duckdb_tables() where schema_name = 'changes' and table_name = 'built_loads'"

    def build_models(settings: Settings, *more: object) -> list[NodeResult]:
        with writing(settings) as connection:
            made_whole.append(connection.execute(notes).fetchall() == [(0,)])
            connection.execute(
                "create schema if not exists changes; create or replace table changes.built_loads (load_id int)"
            )
        if is_broken:
            raise BuildError("no room")
        return []

    def load_and_build(hour: int) -> None:
        with writing(settings) as connection:
            load(connection, f"batch-{hour}", [], at(FIRST, hour), at(FIRST))
        work.build(settings)

    monkeypatch.setattr(sys.modules["pipeline.work.run"], "build_models", build_models)
    shutil.copytree(ROOT / "sql", tmp_path / "sql", ignore=shutil.ignore_patterns("target", "logs"))
    settings, is_broken = Settings(data=str(tmp_path / "data"), sql=tmp_path / "sql"), False
    load_and_build(1)
    load_and_build(2)
    assert made_whole == [True, False]
    with (settings.sql / "seeds" / "corrections.csv").open("a") as file:
        file.write("c1,f1,,,,drop,,,killed,no harm,A. Analyst,2030-01-03\n")
    load_and_build(3)
    (settings.sql / "macros" / "keys.sql").write_text("-- other keys")
    load_and_build(4)
    load_and_build(5)
    assert made_whole[2:] == [True, True, False]
    is_broken = True
    with pytest.raises(BuildError):
        load_and_build(6)
    is_broken = False
    load_and_build(7)
    load_and_build(8)
    assert made_whole[5:] == [False, True, False]
