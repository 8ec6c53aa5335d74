"""The DAGs on running schedulers. The tests drive one Airflow and run in this order; a second one goes through its scenarios
meanwhile (beside.py), whose outcomes come last."""

import urllib.error
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline import work
from pipeline.batch import Batch
from pipeline.settings import Settings
from tests.airflow.beside import (
    Scenario,
    a_broken_data_test,
    a_full_disk,
    hosts_that_hang_and_one_that_answers_500,
    nights_in_order,
)
from tests.airflow.live import Live, until
from tests.airflow.rows import SNAPSHOT, WAREHOUSE, ask, differences, rows
from tests.airflow.worlds import World, write_feeds

# Generous: what fails here fails at once, and what is slow is slow because the machine is busy.
pytestmark = [
    pytest.mark.airflow,
    pytest.mark.postgres,
    pytest.mark.timeout(1200),
    pytest.mark.xdist_group("airflow"),
]


def test_two_cycles_and_a_night(live: Live, world: World) -> None:
    live.leave_out("nightly", datetime.now(UTC).date())  # at midnight it would get among the tests
    first, last_night = live.made("ingest"), live.made("nightly")
    live.succeeded("ingest", first)
    again = live.trigger("ingest", all=True)
    live.succeeded("ingest", again)
    live.succeeded("nightly", last_night)
    night = live.trigger("nightly", world.today)
    live.succeeded("nightly", night)
    tasks = live.tasks("nightly", night)
    assert set(tasks.values()) == {"success"}
    live.rest()
    assert {run["state"] for dag in ("ingest", "models", "nightly") for run in live.runs(dag)} == {"success"}
    told = [live.told_the_models("ingest", first), live.told_the_models("ingest", again)]
    assert told == [True, False], "a cycle that found nothing new is no reason to build"
    assert not live.told_the_models("nightly", night), "a night builds the models itself"

    data = live.folder / "first"
    batches = ask(data / WAREHOUSE, "select batch_id, count(*), count(outcome) from raw.item_outcomes group by all")
    assert len(batches) >= 2
    assert all(items == accounted for _, items, accounted in batches), "the books balance"
    assert ask(data / SNAPSHOT, "select count(*) from marts.running_totals")[0][0] > 0
    (full,), (empty,) = ask(data / SNAPSHOT, "select items from raw.loads where kind = 'poll' order by loaded_at")
    assert full > empty == 0, "the night's snapshot has both cycles"
    assert "none failed" in (data / "reports" / f"{world.today}.md").read_text()
    for task in tasks:
        name, _, index = task.partition("[")
        assert_ends_with_accounts(live, night, name, int(index.rstrip("]") or -1))


def assert_ends_with_accounts(live: Live, night: str, task: str, index: int) -> None:
    """What follows the accounts in a log is Airflow's own."""
    log = live.log("nightly", night, task, index)
    start = f"{task.rpartition('.')[2]} "
    found = [n for n, line in enumerate(log) if line.startswith(start) and " in, " in line and " rejected" in line]
    assert found, f"{task}: {log}"
    assert not [line for line in log[found[-1] + 1 :] if line.startswith(("tollwire", "pipeline"))]


def test_a_backfill_builds_once(live: Live, world: World) -> None:
    """Three days at once, from the command line."""
    write_feeds(live.folder / "feeds.yml", world.few)
    at_once = live.use("at-once")
    models_before = len(live.runs("models"))
    first, last = str(world.days[0]), str(world.days[-1])
    live.local.airflow(
        "backfill", "create", "--dag-id", "nightly", "--from-date", first, "--to-date", last, "--max-active-runs", "3"
    )
    with pytest.raises(urllib.error.HTTPError, match="409"):  # one at a time
        live.api("POST", "/backfills", live.backfill_body(world.days[0], world.days[-1]))
    assert live.filled_in(world.days) == {str(day): "success" for day in world.days}
    live.rest()
    builds = len(live.runs("models")) - models_before
    assert builds <= 2, f"{builds} builds for a backfill of {len(world.days)} days"
    assert len(rows(at_once / WAREHOUSE)["raw.articles"]) > len(world.days)


def test_the_same_backfill_again(live: Live, world: World) -> None:
    before = rows(live.folder / "at-once" / WAREHOUSE)
    count = len(live.nights(world.days))
    assert live.would_fill_in(world.days, "none") == []
    assert live.would_fill_in(world.days, "failed") == []
    assert live.would_fill_in(world.days, "completed") == world.days
    live.backfill(world.days[0], world.days[-1], "completed")
    assert live.filled_in(world.days) == {str(day): "success" for day in world.days}
    live.rest()
    assert len(live.nights(world.days)) == count
    assert differences(before, rows(live.folder / "at-once" / WAREHOUSE)) == {}


@pytest.mark.parametrize("dag", ["ingest", "models", "reprocess"])
def test_what_has_no_past_is_not_filled_in(live: Live, world: World, dag: str) -> None:
    body: dict[str, Any] = {**live.backfill_body(world.days[0], world.days[-1]), "dag_id": dag}
    with pytest.raises(urllib.error.HTTPError) as refused:
        live.api("POST", "/backfills", body)
    assert 400 <= refused.value.code < 500


def test_a_scheduler_killed_in_a_backfill_backwards(live: Live, world: World) -> None:
    data = live.use("backwards")
    live.forget(world.days)
    live.backfill(world.days[0], world.days[-1], backwards=True)
    until(lambda: len(list(data.glob("batches/*/articles/*.parquet"))) >= 2, 300, "the first articles")
    live.kill_scheduler()
    assert live.filled_in(world.days) == {str(day): "success" for day in world.days}
    started = sorted(live.nights(world.days), key=lambda run: run["start_date"])
    assert started[0]["logical_date"][:10] == str(world.days[-1])
    live.rest()
    assert differences(rows(live.folder / "at-once" / WAREHOUSE), rows(data / WAREHOUSE)) == {}


def test_reprocessing_counts_what_changed(live: Live, world: World) -> None:
    """The warehouse holds a day as an older extractor read it: one fact otherwise, and one not at all."""
    data, day = live.folder / "backwards", str(world.days[0])
    before = rows(data / WAREHOUSE)
    count = read_by_an_older_extractor(Settings(data=str(data), feeds=live.folder / "feeds.yml"), f"day-{day}")
    assert differences(before, rows(data / WAREHOUSE))["raw.facts"]
    run_id = live.trigger("reprocess", first=day, last=day)
    live.succeeded("reprocess", run_id)
    lines = [line for line in live.log("reprocess", run_id, "changes") if line.startswith("reprocess: facts ")]
    assert lines == [f"reprocess: facts {count - 2} same, 2 added, 1 removed"], "the last task says what changed"
    live.rest()
    apart = differences(before, rows(data / WAREHOUSE))
    assert apart.keys() <= {"raw.loads", "raw.retired_facts"}, apart


def read_by_an_older_extractor(settings: Settings, batch_id: str) -> int:
    """Load a batch with two of its facts changed; returns how many it had."""
    batch = Batch(settings.data, batch_id)
    count = len(set(batch.iterate("facts")))
    part = next(part for part in batch.parts("facts") if batch.count("facts", part) >= 2)
    first, _, *others = batch.read("facts", part)
    batch.write("facts", [replace(first, low=0, high=0, extractor="older 0"), *others], part)
    work.load(settings, batch_id)
    return count


def test_nights_in_order_give_the_same_rows(live: Live, beside: Callable[[Scenario], Any]) -> None:
    assert differences(rows(live.folder / "at-once" / WAREHOUSE), beside(nights_in_order)) == {}


def test_a_data_test_that_fails_keeps_the_snapshot(beside: Callable[[Scenario], Any]) -> None:
    beside(a_broken_data_test)


def test_a_full_disk(beside: Callable[[Scenario], Any]) -> None:
    beside(a_full_disk)


def test_a_slow_host_holds_up_its_own_shard_only(beside: Callable[[Scenario], Any]) -> None:
    """By the times of that run: other shards' pages were being read while one still waited for its page."""
    spans = beside(hosts_that_hang_and_one_that_answers_500)
    fetched = {name: end for name, (_, end) in spans.items() if name.startswith("hosts.fetch")}
    slow = max(fetched, key=lambda name: fetched[name])
    others = [began for name, (began, _) in spans.items() if name.startswith("hosts.clean") and name[-3:] != slow[-3:]]
    assert others
    assert min(others) < fetched[slow]
