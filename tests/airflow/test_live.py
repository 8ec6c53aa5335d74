"""The DAGs on a running scheduler. The tests share one Airflow and run in this order."""

import subprocess
from pathlib import Path

import duckdb
import pytest

from tests.airflow.live import Live, until
from tests.airflow.rows import differences, rows
from tests.airflow.worlds import World, bad_hosts, write_feeds
from tests.conftest import missing

# Generous: what fails here fails at once, and what is slow is slow because the machine is busy.
pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.timeout(1800)]

WAREHOUSE = "tollwire.duckdb"
SNAPSHOT = "snapshot/tollwire.duckdb"


def ask(file: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def succeeded(live: Live, dag: str, run_id: str, seconds: float = 900) -> None:
    run = live.ended(dag, run_id, seconds)
    assert run["state"] == "success", live.tasks(dag, run_id)


def test_two_cycles_and_a_night(live: Live, world: World) -> None:
    live.unpause("ingest")
    until(lambda: live.runs("ingest"), 120, "the scheduler to make the first ingest run")
    first = live.runs("ingest")[0]["dag_run_id"]
    assert first.startswith("scheduled__")
    succeeded(live, "ingest", first)
    second = live.trigger("ingest")
    succeeded(live, "ingest", second)

    live.unpause("nightly")
    until(lambda: live.runs("nightly"), 120, "the scheduler to make last night's run")
    assert live.runs("nightly")[0]["dag_run_id"].startswith("scheduled__")
    night = live.trigger("nightly", world.last)
    succeeded(live, "nightly", night)
    assert set(live.tasks("nightly", night).values()) == {"success"}
    live.rest()
    assert {run["state"] for dag in ("ingest", "models", "nightly") for run in live.runs(dag)} == {"success"}

    data = live.folder / "first"
    batches = ask(data / WAREHOUSE, "select batch_id, count(*), count(outcome) from raw.item_outcomes group by all")
    assert len(batches) >= 2
    assert all(items == accounted for _, items, accounted in batches), "the books balance"
    assert ask(data / SNAPSHOT, "select count(*) from marts.running_totals")[0][0] > 0
    report = (data / "reports" / f"{world.last}.md").read_text()
    assert "none failed" in report
    log = live.log("nightly", night, "hosts.fetch", 0)
    accounts = f"fetch day-{world.last}: "
    assert any(line.startswith(accounts) and " in, " in line and " out, " in line for line in log[-6:]), log


def test_a_backfill_equals_nights_in_order(live: Live, world: World) -> None:
    """Three at once; the same again with `completed`; backwards with the scheduler killed; and the nights one by one."""
    write_feeds(live.folder / "feeds.yml", world.few)
    nights = live.use("nights")
    ids = [live.trigger("nightly", day) for day in world.days]
    for run_id in ids:
        succeeded(live, "nightly", run_id)

    at_once = live.use("at-once")
    models_before = len(live.runs("models"))
    first, last = (f"{day}" for day in (world.first, world.last))
    live.local.airflow(
        "backfill", "create", "--dag-id", "nightly", "--from-date", first, "--to-date", last, "--max-active-runs", "3"
    )
    assert live.days_done() == {str(day): "success" for day in world.days}
    live.rest()
    builds = len(live.runs("models")) - models_before
    assert builds <= 2, f"{builds} builds for a backfill of {len(world.days)} days"
    once = rows(at_once / WAREHOUSE)
    assert len(once["raw.articles"]) > len(world.days)
    assert differences(once, rows(nights / WAREHOUSE)) == {}

    live.backfill(world.first, world.last, "completed")
    assert live.days_done() == {str(day): "success" for day in world.days}
    live.rest()
    assert differences(once, rows(at_once / WAREHOUSE)) == {}


def test_a_scheduler_killed_in_a_backfill_backwards(live: Live, world: World) -> None:
    data = live.use("backwards")
    live.backfill(world.first, world.last, backwards=True)
    until(lambda: len(list(data.glob("batches/*/articles/*.parquet"))) >= 2, 300, "the first articles")
    live.kill_scheduler()
    assert live.days_done() == {str(day): "success" for day in world.days}
    started = sorted(live.runs("nightly"), key=lambda run: run["start_date"])
    assert started[0]["logical_date"][:10] == str(world.last)
    live.rest()
    assert differences(rows(live.folder / "at-once" / WAREHOUSE), rows(data / WAREHOUSE)) == {}


def test_reprocessing_counts_what_changed(live: Live, world: World) -> None:
    data = live.folder / "backwards"
    before = rows(data / WAREHOUSE)
    run_id = live.trigger("reprocess", first=str(world.first), last=str(world.first))
    succeeded(live, "reprocess", run_id)
    lines = [line for line in live.log("reprocess", run_id, "changes") if line.startswith("reprocess: facts ")]
    assert lines, "the last task says how many facts changed"
    assert lines[0].endswith("0 added, 0 removed")
    live.rest()
    assert differences(before, rows(data / WAREHOUSE)) == {}


def test_a_host_that_hangs_and_one_that_answers_500(live: Live, world: World) -> None:
    data = live.use("bad-hosts")
    live.alerts.clear()
    with bad_hosts() as bad:
        write_feeds(live.folder / "feeds.yml", [*world.few, *bad])
        run_id = live.trigger("ingest")
        succeeded(live, "ingest", run_id)
    write_feeds(live.folder / "feeds.yml", world.few)
    failed = dict(
        ask(data / WAREHOUSE, "select feed_id, coalesce(error, status::varchar) from raw.polls where error is not null")
    )
    assert set(failed) == {feed["feed_id"] for feed in bad}
    assert ask(data / WAREHOUSE, "select count(*) from raw.articles")[0][0] > 0
    late = [a for a in live.alerts if a["subject"] == "Tollwire: ingest is late"]
    until(lambda: late or [a for a in live.alerts if "is late" in a["subject"]], 60, "the deadline's alert")


def test_a_full_disk(live: Live, world: World) -> None:
    live.rest()
    data = live.use("full")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(data)], check=False)
    if mounted.returncode:
        missing("mounting a small file system needs to be root")
    try:
        live.alerts.clear()
        run_id = live.trigger("ingest")
        assert live.ended("ingest", run_id)["state"] == "failed"
        told = [a for a in live.alerts if a["subject"].endswith("failed")]
        assert told
        assert "StorageError" in told[0]["text"]
        assert "nothing was changed" in told[0]["text"]
        subprocess.run(["mount", "-o", "remount,size=200m", str(data)], check=True)
        live.api("POST", "/dags/ingest/clearTaskInstances", {
            "dry_run": False, "dag_run_id": run_id, "only_failed": True, "reset_dag_runs": True,
        })  # fmt: skip
        succeeded(live, "ingest", run_id)
        live.rest()
        assert ask(data / WAREHOUSE, "select count(*) from raw.articles")[0][0] > 0
    finally:
        live.use("first")
        subprocess.run(["umount", "-l", str(data)], check=True)


def test_a_data_test_that_fails_keeps_the_snapshot(live: Live, world: World) -> None:
    data = live.use("at-once")
    broken = live.folder / "sql" / "tests" / "assert_broken.sql"
    published = (data / SNAPSHOT).stat()
    live.alerts.clear()
    broken.write_text("select 1 as broken")
    try:
        run_id = live.trigger("nightly", world.last)
        assert live.ended("nightly", run_id)["state"] == "failed"
    finally:
        broken.unlink()
    tasks = live.tasks("nightly", run_id)
    assert (tasks["load"], tasks["build"], tasks["publish"]) == ("success", "failed", "upstream_failed")
    assert (tasks["report"], tasks["retention"]) == ("success", "upstream_failed")
    assert (data / SNAPSHOT).stat().st_mtime_ns == published.st_mtime_ns
    assert any("assert_broken" in alert["text"] for alert in live.alerts)
    report = (data / "reports" / f"{world.last}.md").read_text()
    assert "The last build failed" in report
    assert "assert_broken" in report
    live.rest()
