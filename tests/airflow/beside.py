"""What the second Airflow goes through, one after another, while the tests drive the first: most of the time of both is
waiting. A test takes a scenario's outcome, or its failure, from the fixture `beside`."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from pipeline.publish.report import sections
from tests.airflow.live import Live, until
from tests.airflow.rows import SNAPSHOT, WAREHOUSE, Rows, ask, rows
from tests.airflow.worlds import World, bad_hosts, write_feeds
from tests.conftest import missing

Scenario = Callable[[Live, World], Any]


def nights_in_order(live: Live, world: World) -> Rows:
    """Nightly runs of the world's days, one after another; returns all rows of the warehouse that they made."""
    today = datetime.now(UTC).date()
    for dag, day in (
        ("nightly", today - timedelta(days=1)),
        ("nightly", today),
        ("ingest", today.replace(month=1, day=1)),
    ):
        live.leave_out(dag, day)  # the other Airflow goes through them
    live.unpause("nightly")
    live.unpause("ingest")
    data = live.use("nights")
    for run_id in [live.trigger("nightly", day) for day in world.days]:
        live.succeeded("nightly", run_id)
    live.rest()
    return rows(data / WAREHOUSE)


def a_broken_data_test(live: Live, world: World) -> None:
    """In the warehouse of the nights, the last of them again; then the broken test is corrected and failed days filled in."""
    data, day = live.folder / "nights", world.days[-1]
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

    assert live.would_fill_in(world.days, "none") == []
    assert live.would_fill_in(world.days, "failed") == [day]
    live.backfill(world.days[0], world.days[-1], "failed")
    assert set(live.filled_in(world.days).values()) == {"success"}
    live.rest()
    assert (data / SNAPSHOT).stat().st_mtime_ns > published.st_mtime_ns, "the models are built again"


def a_full_disk(live: Live, world: World) -> None:
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
        live.use("nights")
        subprocess.run(["umount", "-l", str(data)], check=True)


def hosts_that_hang_and_one_that_answers_500(live: Live, world: World) -> dict[str, tuple[str, str]]:
    """Returns when each task of the ingest run began and ended."""
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
    return live.spans("ingest", run_id)


SCENARIOS: tuple[Scenario, ...] = (
    nights_in_order,
    a_broken_data_test,
    a_full_disk,
    hosts_that_hang_and_one_that_answers_500,
)
