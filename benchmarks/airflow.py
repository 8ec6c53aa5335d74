#!/usr/bin/env python3
"""What Airflow costs: seconds a cycle that are not ours, a backfill against the command line, and memory.

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
from tests.airflow.rows import differences, rows
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
        try:
            url = metadata.copy(folder / "home")
            (folder / "airflow").mkdir()
            with airflow(folder / "airflow", url, feeds) as live:
                measure(live, folder, days, options.cycles)
        finally:
            metadata.drop()


def measure(live: Live, folder: Path, days: list[date], cycles: int) -> None:
    memory = Memory(live)
    time.sleep(3)
    print("memory at rest: {:,.0f} MB PSS, {:,.0f} MB RSS".format(*memory.now()))
    live.unpause("ingest")
    live.unpause("nightly")
    until(lambda: live.runs("ingest") and live.runs("nightly"), 120, "the first runs")
    live.rest()
    for n in range(cycles):
        run_id = live.trigger("ingest", all=True)
        live.succeeded("ingest", run_id)
        print(f"ingest cycle {n + 1}: " + overhead(live, "ingest", run_id))
        live.rest()
    filled = live.use("filled")
    began = time.monotonic()
    live.backfill(days[0], days[-1])
    states = live.filled_in(days)
    loaded = time.monotonic() - began
    live.rest()
    assert set(states.values()) == {"success"}, states
    print(
        f"backfill of {len(days)} days, three at once: {loaded:.0f} s to load, {time.monotonic() - began:.0f} s to publish"
    )
    memory.over.set()
    print("memory at most: {:,.0f} MB PSS, {:,.0f} MB RSS".format(*memory.most))
    seconds = command_line(folder, days)
    print(f"the same by `tollwire backfill`: {seconds:.0f} s")
    apart = differences(rows(filled / "tollwire.duckdb"), rows(folder / "cli" / "tollwire.duckdb"))
    print("rows: " + (f"differ in {apart}" if apart else "identical in every raw table and mart"))


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
    return f"{wall:.1f} s, of it {ours:.1f} s our code, {wall - ours:.1f} s Airflow"


def command_line(folder: Path, days: list[date]) -> float:
    """Seconds of the same backfill by the command line."""
    more = {"TOLLWIRE_REQUEST_TIMEOUT": "5", "TOLLWIRE_RETRIES": "1", "TOLLWIRE_RECHECK_DAYS": "1"}
    env = environment(folder / "cli", folder / "feeds.yml", **more)
    began = time.monotonic()
    subprocess.run([*command(), "backfill", "--from", str(days[0]), "--to", str(days[-1])], env=env, check=True)
    return time.monotonic() - began


if __name__ == "__main__":
    main()
