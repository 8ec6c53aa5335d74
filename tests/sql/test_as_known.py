"""Totals as they stood on an earlier evening: what comes later changes no answer about it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sql.models import Project
from tests.sql.raw_rows import Text, at, load, retire
from tests.sql.test_partial import loadings as loadings_of
from tests.sql.test_partial import put

FIRST = date(2030, 1, 1)
SLOW = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@dataclass(frozen=True)
class Loading:
    """A text, when it was loaded, and (perhaps) when better code read other counts from it."""

    text: Text
    day: date
    read_again: date | None
    """The day on which a load replaced its facts, each count one higher."""
    seen_again: date | None
    """The day on which the text was fetched and loaded again, after another text of the article perhaps."""


@st.composite
def loadings(draw: st.DrawFn) -> Loading:
    day = FIRST + timedelta(days=draw(st.integers(0, 9)))
    facts = []
    for _ in range(draw(st.integers(1, 2))):
        measure = draw(st.sampled_from(["new", "total"]))
        facts.append(
            {
                "measure": measure,
                "metric": draw(st.sampled_from(["killed", "killed", "injured"])),
                "count": draw(st.sampled_from([3, 12, 13, 19, 40, 200])),
                "population": draw(st.sampled_from(["all", "all", "children"])),
                "place": draw(st.sampled_from([None, "Aford", "Beford"])),
                "end_date": draw(st.sampled_from([None, day, day - timedelta(days=1)])),
            }
        )
    published = at(day, draw(st.integers(0, 20)))
    publisher = draw(st.sampled_from(["one", "two", "three"]))
    text = Text(publisher, published, facts, story=draw(st.sampled_from(["", "", "a", "b"])))
    loaded = day + timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 5])))
    again = draw(st.sampled_from([None, None, loaded + timedelta(days=2)]))
    seen_again = draw(st.sampled_from([None, None, day, day + timedelta(days=3)]))
    return Loading(replace(text, fetched=published + timedelta(hours=1)), loaded, again, seen_again)


worlds = st.lists(loadings(), min_size=3, max_size=9)


def loads(world: Sequence[Loading]) -> list[tuple[datetime, str, Text]]:
    """What was loaded when, in order of time: (moment, batch, text)."""
    done = []
    for number, one in enumerate(world):
        done.append((at(one.day, 22), f"batch-{number}", one.text))
        if one.read_again:
            facts = [fact | {"count": fact["count"] + 1} for fact in one.text.facts]
            same_article = replace(one.text, facts=facts, story=one.text.url.rsplit("/", 1)[1])
            done.append((at(one.read_again, 22), f"batch-{number}", same_article))
        if one.seen_again:
            seen = replace(one.text, fetched=at(one.seen_again, 21), story=one.text.url.rsplit("/", 1)[1])
            done.append((at(max(one.seen_again, one.day), 23), f"again-{number}", seen))
    return sorted(done, key=lambda event: (event[0], event[1]))


def replay(connection: duckdb.DuckDBPyConnection, events: Sequence[tuple[datetime, str, Text]]) -> None:
    for moment, batch_id, text in events:
        retire(connection, batch_id, moment)
        load(connection, batch_id, [text], moment, as_of=text.published)


def asked(connection: duckdb.DuckDBPyConnection, day: date, clock: str) -> list[tuple]:
    return connection.execute(
        "select * from totals_as_known(?, clock := ?) order by series_id, method", [day, clock]
    ).fetchall()


@SLOW
@given(world=worlds, days=st.integers(0, 12))
def test_later_loads_never_change_what_was_known_by_loading(project: Project, world, days):
    day = FIRST + timedelta(days=days)
    events = loads(world)
    with project.warehouse() as then, project.warehouse() as later:
        replay(then, [event for event in events if event[0].date() <= day])
        replay(later, events)
        project.build(then)
        project.build(later)
        assert asked(later, day, "loaded") == asked(then, day, "published")


@SLOW
@given(world=worlds, days=st.integers(0, 12))
def test_later_news_never_changes_what_was_known_by_publication(project: Project, world, days):
    day = FIRST + timedelta(days=days)
    with project.warehouse() as then, project.warehouse() as later:
        events = loads([replace(one, read_again=None) for one in world])
        replay(then, [event for event in events if event[2].fetched.date() <= day])
        replay(later, events)
        project.build(then)
        project.build(later)
        assert asked(then, day, "published") == asked(later, day, "published")


def test_both_clocks(project, warehouse):
    """Published on the 2nd, loaded on the 9th."""
    text = Text("one", at("2030-01-02"), [{"count": 20}])
    load(warehouse, "b", [text], at("2030-01-09", 6))
    project.build(warehouse)
    assert [row[11] for row in asked(warehouse, date(2030, 1, 2), "published")] == [20]
    assert asked(warehouse, date(2030, 1, 8), "loaded") == []
    assert [row[11] for row in asked(warehouse, date(2030, 1, 9), "loaded")] == [20]


def test_a_count_that_newer_code_reads_otherwise_stood_until_then(project, warehouse):
    text = Text("one", at("2030-01-02"), [{"count": 20}], story="s")
    load(warehouse, "b", [text], at("2030-01-02", 22))
    retire(warehouse, "b", at("2030-01-05", 22))
    load(warehouse, "b", [replace(text, facts=[{"count": 30}])], at("2030-01-05", 22))
    project.build(warehouse)
    counts = {day: [row[11] for row in asked(warehouse, date(2030, 1, day), "loaded")] for day in (2, 4, 5)}
    assert counts == {2: [20], 4: [20], 5: [30]}


@pytest.mark.parametrize("seed", range(2))
def test_kept_evenings_are_what_the_rows_of_then_come_to(project, seed):
    """One warehouse is built now and then, and keeps what the evenings before said; the other, built once, works every evening out."""
    draw = random.Random(seed)
    batches = loadings_of(seed)[:14]
    with project.warehouse() as kept, project.warehouse() as once:
        project.build(kept)
        for batch in batches:
            put(kept, batch)
            put(once, batch)
            if draw.random() < 0.7:
                project.update(kept)
        project.update(kept)
        project.build(once)
        evenings = {day for (day,) in kept.execute("select evening from kept.evenings").fetchall()}
        assert once.execute("select count(*) from kept.evenings").fetchall() == [(0,)]
        days = {batch.loaded.date() + timedelta(days=later) for batch in batches for later in (0, 1)}
        assert 5 < len(days & evenings) < len(days)
        for day in days:
            assert asked(kept, day, "loaded") == asked(once, day, "loaded")


def test_a_kept_evening_is_not_worked_out_again(project, warehouse):
    """Neither is one since the last load: what is not read can't be missed."""
    for day in (2, 4):
        load(
            warehouse, f"b{day}", [Text("one", at(f"2030-01-0{day}"), [{"count": 20 + day}])], at(f"2030-01-0{day}", 22)
        )
        (project.build if day == 2 else project.update)(warehouse)
    warehouse.execute("delete from raw.facts")
    counts = {day: [row[11] for row in asked(warehouse, date(2030, 1, day), "loaded")] for day in (1, 2, 3, 4)}
    assert counts == {1: [], 2: [22], 3: [22], 4: [24]}


def test_a_clock_that_is_none_is_refused(project, warehouse):
    load(warehouse, "b", [Text("one", at("2030-01-02"), [{"count": 20}])], at("2030-01-02", 22))
    project.build(warehouse)
    with pytest.raises(duckdb.Error, match="published or loaded"):
        asked(warehouse, date(2030, 1, 2), "arrived")


def test_the_totals_by_loading_are_the_same_models(project, warehouse):
    """Nothing of what stands now is read: each model is in the query once more, over the rows of then."""
    (macro,) = (node for node in project.nodes if node["name"] == "totals_as_known")
    by_loading = macro["compiled_code"].split("by_publication as")[0]
    assert '"intermediate".' not in by_loading
    assert '"staging".' not in by_loading
