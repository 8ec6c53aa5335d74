"""The DAGs on a running scheduler. The tests share one Airflow and run in this order."""

import subprocess
import urllib.error
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import work
from pipeline.batch import Batch
from pipeline.publish.report import sections
from pipeline.settings import Settings
from tests.airflow.live import Live, until
from tests.airflow.rows import differences, rows
from tests.airflow.worlds import World, bad_hosts, write_feeds
from tests.conftest import missing

# Generous: what fails here fails at once, and what is slow is slow because the machine is busy.
pytestmark = [
    pytest.mark.airflow,
    pytest.mark.postgres,
    pytest.mark.timeout(1200),
    pytest.mark.xdist_group("airflow"),
]

WAREHOUSE = "tollwire.duckdb"
SNAPSHOT = "snapshot/tollwire.duckdb"


def ask(file: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_two_cycles_and_a_night(live: Live, world: World) -> None:
    live.unpause("ingest")
    until(lambda: live.runs("ingest"), 120, "the scheduler to make the first ingest run")
    first = live.runs("ingest")[0]["dag_run_id"]
    assert first.startswith("scheduled__")
    live.unpause("nightly")
    until(lambda: live.runs("nightly"), 120, "the scheduler to make last night's run")
    assert live.runs("nightly")[0]["dag_run_id"].startswith("scheduled__")
    live.succeeded("ingest", first)
    again = live.trigger("ingest", all=True)
    live.succeeded("ingest", again)
    night = live.trigger("nightly", world.today)
    live.succeeded("nightly", night)
    tasks = live.tasks("nightly", night)
    assert set(tasks.values()) == {"success"}
    live.rest()
    assert {run["state"] for dag in ("ingest", "models", "nightly") for run in live.runs(dag)} == {"success"}

    data = live.folder / "first"
    batches = ask(data / WAREHOUSE, "select batch_id, count(*), count(outcome) from raw.item_outcomes group by all")
    assert len(batches) >= 2
    assert all(items == accounted for _, items, accounted in batches), "the books balance"
    assert ask(data / SNAPSHOT, "select count(*) from marts.running_totals")[0][0] > 0
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


def test_a_backfill_equals_nights_in_order(live: Live, world: World, nights: "Future[Path]") -> None:
    """Three days at once, against nightly runs of the same days one after another."""
    write_feeds(live.folder / "feeds.yml", world.few)
    at_once = live.use("at-once")
    models_before = len(live.runs("models"))
    first, last = str(world.days[0]), str(world.days[-1])
    live.local.airflow(
        "backfill", "create", "--dag-id", "nightly", "--from-date", first, "--to-date", last, "--max-active-runs", "3"
    )
    assert live.filled_in(world.days) == {str(day): "success" for day in world.days}
    live.rest()
    builds = len(live.runs("models")) - models_before
    assert builds <= 2, f"{builds} builds for a backfill of {len(world.days)} days"
    assert len(rows(at_once / WAREHOUSE)["raw.articles"]) > len(world.days)
    assert differences(rows(at_once / WAREHOUSE), rows(nights.result(600) / WAREHOUSE)) == {}


def test_a_full_disk(live: Live, world: World) -> None:
    data = live.use("full")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(data)], check=False)
    if mounted.returncode:
        missing("mounting a small file system needs to be root")
    try:
        live.alerts.clear()
        run_id = live.trigger("ingest")
        assert live.ended("ingest", run_id)["state"] == "failed"
        told = [alert["text"] for alert in live.alerts if alert["subject"].endswith("failed")]
        assert told
        assert f"StorageError: {live.folder}/data/batches/" in told[0]
        assert "No space left on device" in told[0]
        subprocess.run(["mount", "-o", "remount,size=200m", str(data)], check=True)
        live.api("POST", "/dags/ingest/clearTaskInstances", {
            "dry_run": False, "dag_run_id": run_id, "only_failed": True, "reset_dag_runs": True,
        })  # fmt: skip
        live.succeeded("ingest", run_id)
        live.rest()
        assert ask(data / WAREHOUSE, "select count(*) from raw.articles")[0][0] > 0
    finally:
        live.use("at-once")
        subprocess.run(["umount", "-l", str(data)], check=True)


def test_the_same_backfill_again(live: Live, world: World) -> None:
    before = rows(live.folder / "at-once" / WAREHOUSE)
    count = len(live.nights(world.days))
    assert days_of_a_dry_run(live, world, "none") == []
    assert days_of_a_dry_run(live, world, "failed") == []
    assert days_of_a_dry_run(live, world, "completed") == [str(day) for day in world.days]
    live.backfill(world.days[0], world.days[-1], "completed")
    assert live.filled_in(world.days) == {str(day): "success" for day in world.days}
    live.rest()
    assert len(live.nights(world.days)) == count
    assert differences(before, rows(live.folder / "at-once" / WAREHOUSE)) == {}


def days_of_a_dry_run(live: Live, world: World, behavior: str) -> list[str]:
    body = live.backfill_body(world.days[0], world.days[-1], behavior)
    return sorted(run["logical_date"][:10] for run in live.api("POST", "/backfills/dry_run", body)["backfills"])


@pytest.mark.parametrize("dag", ["ingest", "models", "reprocess"])
def test_what_has_no_past_is_not_filled_in(live: Live, world: World, dag: str) -> None:
    body: dict[str, Any] = {**live.backfill_body(world.days[0], world.days[-1]), "dag_id": dag}
    with pytest.raises(urllib.error.HTTPError) as refused:
        live.api("POST", "/backfills", body)
    assert 400 <= refused.value.code < 500


def test_a_data_test_that_fails_keeps_the_snapshot(live: Live, world: World) -> None:
    data, day = live.folder / "at-once", world.days[-1]
    broken = live.folder / "sql" / "tests" / "assert_broken.sql"
    published = (data / SNAPSHOT).stat()
    live.alerts.clear()
    live.forget([day])
    broken.write_text("select 1 as broken")
    try:
        run_id = live.trigger("nightly", day)
        assert live.ended("nightly", run_id)["state"] == "failed"
        live.rest()
    finally:
        broken.unlink()
    tasks = live.tasks("nightly", run_id)
    assert (tasks["load"], tasks["build"], tasks["publish"]) == ("success", "failed", "upstream_failed")
    assert (tasks["report"], tasks["retention"]) == ("success", "upstream_failed")
    assert (data / SNAPSHOT).stat().st_mtime_ns == published.st_mtime_ns
    assert any("assert_broken" in alert["text"] for alert in live.alerts)
    report = (data / "reports" / f"{day}.md").read_text()
    assert "The last build failed" in report
    assert "assert_broken" in report


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


def test_hosts_that_hang_and_one_that_answers_500(live: Live, world: World) -> None:
    data = live.use("bad-hosts")
    live.alerts.clear()
    with bad_hosts(world.few[0]) as bad:
        write_feeds(live.folder / "feeds.yml", [*world.few, *bad])
        run_id = live.trigger("ingest")
        live.succeeded("ingest", run_id)
    write_feeds(live.folder / "feeds.yml", world.few)
    live.rest()  # the models are built on the same file, which would be locked
    assert set(live.tasks("ingest", run_id).values()) == {"success"}
    failed = {feed for (feed,) in ask(data / WAREHOUSE, "select feed_id from raw.polls where error is not null")}
    assert failed == {"hangs", "answers-500"}
    rejected = ask(data / WAREHOUSE, "select stage, reason from raw.rejected where feed_id = 'slow-pages'")
    assert rejected == [("fetch", "timeout")]
    others = "select count(*) from raw.articles where feed_id <> 'slow-pages'"
    assert ask(data / WAREHOUSE, others)[0][0] > 0
    until(lambda: any(a["subject"] == "Tollwire: ingest is late" for a in live.alerts), 60, "the deadline's alert")
    as_of = ask(data / WAREHOUSE, "select cast(max(as_of) as date) from raw.loads")[0][0]
    with duckdb.connect(str(data / SNAPSHOT), read_only=True) as connection:
        told = {section.title: section.rows.rows for section in sections(connection, as_of)}
    assert {feed for feed, *_ in told["Feeds that failed"]} == failed
    unwell = {feed for (feed,) in ask(data / SNAPSHOT, "select feed_id from marts.feed_health where not is_healthy")}
    assert failed <= unwell


def test_a_slow_host_holds_up_its_own_shard_only(live: Live, world: World) -> None:
    """By the times of the run before: other shards' pages were being read while one still waited for its page."""
    run_id = live.runs("ingest")[0]["dag_run_id"]
    spans = live.spans("ingest", run_id)
    fetched = {name: end for name, (_, end) in spans.items() if name.startswith("hosts.fetch")}
    slow = max(fetched, key=lambda name: fetched[name])
    others = [began for name, (began, _) in spans.items() if name.startswith("hosts.clean") and name[-3:] != slow[-3:]]
    assert others
    assert min(others) < fetched[slow]
