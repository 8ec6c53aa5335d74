#!/usr/bin/env python3
"""What Airflow costs: seconds a cycle that are not ours, a backfill against the command line, and memory. Prints the table of
docs/operations.md.

    .venv/bin/python -m benchmarks.airflow ../shared/newsworld [--days 7] [--cycles 3] [--publishers cnn.com ...]

A newsworld is a folder with serve.py (feeds, pages, robots and sitemaps of some newsrooms on loopback, on a day that can
be set). Airflow runs whole, on a PostgreSQL server (TOLLWIRE_TEST_POSTGRES, or that of this machine), with the settings of
the live tests: no politeness delay, a quick scheduler. Both sides of the backfill read the same days in the same order.
"""

import argparse
import os
import re
import subprocess
import tempfile
import threading
import time
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

import psutil
import yaml

from tests.airflow.live import Live, until
from tests.airflow.rows import WAREHOUSE, ask, differences, rows
from tests.airflow.start import Metadata, airflow
from tests.e2e.worlds import command, environment, newsworld

SECONDS = re.compile(r" rejected.*, ([\d.]+) s$")
SERVER = os.environ.get("TOLLWIRE_TEST_POSTGRES", "postgresql://root@127.0.0.1:5432/postgres")


class Memory(threading.Thread):
    """What an Airflow's processes hold together, in MB: (PSS, RSS) now, and at most since it was started."""

    def __init__(self, live: Live) -> None:
        super().__init__(daemon=True)
        self.live, self.most, self.over = live, (0.0, 0.0), threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.wait(0.5):
            self.most = max(self.most, self.now())

    def now(self) -> tuple[float, float]:
        pss = rss = 0
        for process in self._family():
            try:
                found = process.memory_full_info()
            except psutil.Error:
                continue
            pss, rss = pss + found.pss, rss + found.rss
        return pss / 1e6, rss / 1e6

    def _family(self) -> list[psutil.Process]:
        pids = [self.live.local.running(name) for name in ("api-server", "scheduler", "dag-processor", "triggerer")]
        heads = [psutil.Process(pid) for pid in pids if pid]
        return [process for head in heads for process in (head, *head.children(recursive=True))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("newsworld", type=Path)
    parser.add_argument("--today", type=date.fromisoformat, default=date(2022, 3, 8))
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--cycles", type=int, default=3)
    parser.add_argument("--publishers", nargs="*", help="default: all")
    options = parser.parse_args()
    metadata = Metadata(SERVER)
    with (
        tempfile.TemporaryDirectory() as name,
        newsworld(options.newsworld.resolve().parent, faults=True) as world,
    ):
        folder = Path(name)
        world.set_day(str(options.today))
        listed = yaml.safe_load(world.write_feeds(folder / "feeds.yml").read_text())["feeds"]
        feeds = [f for f in listed if not options.publishers or f["publisher"] in options.publishers]
        (folder / "feeds.yml").write_text(yaml.safe_dump({"feeds": feeds}))
        days = [options.today - timedelta(days=n) for n in range(options.days, 0, -1)]
        (folder / "airflow").mkdir()
        print(f"On {os.cpu_count()} cores, load average before: {os.getloadavg()[0]:.1f}.\n")
        print("| what | figure |\n| --- | --- |", flush=True)
        try:
            began = time.monotonic()
            with airflow(folder / "airflow", metadata.copy(folder / "home"), feeds) as live:
                row("a whole Airflow on an empty PostgreSQL database, until ready", f"{time.monotonic() - began:.0f} s")
                memory = Memory(live)
                time.sleep(3)
                parts = "API server, scheduler with its workers, DAG processor, triggerer"
                row(f"its memory ({parts}), at rest", megabytes(memory.now()))
                cycles(live, options.cycles)
                filled = backfill(live, days)
                memory.over.set()
                row("the most so far, three days' tasks and dbt included", megabytes(memory.most))
        finally:
            metadata.drop()
        command_line(folder, days, filled)


def row(what: str, figure: str) -> None:
    """A row of the table in docs/operations.md."""
    print(f"| {what} | {figure} |", flush=True)


def megabytes(held: tuple[float, float]) -> str:
    return "{:,.0f} MB PSS, {:,.0f} MB RSS".format(*held)


def cycles(live: Live, count: int) -> None:
    """Poll cycles that find nothing new, after one that did."""
    live.unpause("ingest")
    live.unpause("nightly")
    until(lambda: live.runs("ingest") and live.runs("nightly"), 120, "the first runs")
    live.rest()
    for n in range(count):
        run_id = live.trigger("ingest", all=True)
        live.succeeded("ingest", run_id)
        row(
            f"cycle {n + 1} of `ingest` that finds nothing new (poll, three stages, load)",
            overhead(live, "ingest", run_id),
        )
        live.rest()


def backfill(live: Live, days: list[date]) -> Path:
    """Returns the data folder."""
    filled = live.use("filled")
    began = time.monotonic()
    live.backfill(days[0], days[-1])
    states = live.filled_in(days)
    loaded = time.monotonic() - began
    live.rest()
    published = time.monotonic() - began
    assert set(states.values()) == {"success"}, states
    items = ask(filled / WAREHOUSE, "select count(*) from raw.items")[0][0]
    row(
        f"backfill of {len(days)} days, {items} items, three at once",
        f"{loaded:.0f} s to load, {published:.0f} s to publish",
    )
    return filled


def overhead(live: Live, dag: str, run_id: str) -> str:
    """A run's seconds, ours (the longest shard's, by the accounts in the logs) and the rest."""
    run = live.ended(dag, run_id)
    wall = (datetime.fromisoformat(run["end_date"]) - datetime.fromisoformat(run["queued_at"])).total_seconds()
    single, shards = 0.0, defaultdict[str, float](float)
    for task in live.tasks(dag, run_id):
        name, _, index = task.partition("[")
        spent = sum(
            float(found[1])
            for line in live.log(dag, run_id, name, int(index.rstrip("]") or -1))
            if (found := SECONDS.search(line))
        )
        if index:
            shards[index] += spent
        else:
            single += spent
    ours = single + max(shards.values(), default=0.0)
    return f"{wall:.1f} s, of it {wall - ours:.1f} s Airflow and {ours:.1f} s our code"


def command_line(folder: Path, days: list[date], filled: Path) -> None:
    """The same backfill by the command line, and whether its rows are the same."""
    more = {"TOLLWIRE_REQUEST_TIMEOUT": "5", "TOLLWIRE_RETRIES": "1", "TOLLWIRE_RECHECK_DAYS": "1"}
    env = environment(folder / "cli", folder / "feeds.yml", **more)
    began = time.monotonic()
    asked = [*command(), "--quiet", "backfill", "--from", str(days[0]), "--to", str(days[-1])]
    subprocess.run(asked, env=env, check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - began
    apart = differences(rows(filled / WAREHOUSE), rows(folder / "cli" / WAREHOUSE))
    same = f"rows differ in {', '.join(apart)}" if apart else "rows identical in every raw table and mart"
    row("the same by `tollwire backfill`", f"{seconds:.0f} s; {same}")
    if apart:
        raise SystemExit(f"{apart}")


if __name__ == "__main__":
    main()
