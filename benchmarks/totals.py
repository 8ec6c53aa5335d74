#!/usr/bin/env python3
"""What the totals cost on a generated warehouse: a full build, a build after one more day, publishing, and questions.

    .venv/bin/python -m benchmarks.totals --facts 1000000 [--folder /tmp/w] [--memory 6GB] [--tests]

Each build is `dbt build` in a process of its own, as the pipeline runs it; --tests runs the data tests too, as the
pipeline does. The folder's warehouse is made if it isn't there (`warehouse.py`), and keeps its raw tables.
Seconds of CPU are given beside those of the clock: on a machine that others use they are the steadier figure.
"""

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.warehouse import add_days, make, world_of
from pipeline.publish.snapshot import publish_snapshot
from pipeline.settings import Settings
from tools.make_cookbook import COOKBOOK, EXAMPLE

DEMO_DAY = date(2024, 3, 9)
"""The day that the cookbook's examples call today."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="default: a temporary one, removed afterwards")
    parser.add_argument("--memory", default="6GB", help="DuckDB's memory limit")
    parser.add_argument("--tests", action="store_true", help="run the data tests too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        settings = Settings(data=str(options.folder or temporary), memory_limit=options.memory)
        world = world_of(options.facts)
        if not settings.warehouse_file.exists():
            make(settings.warehouse_file, world, options.memory)
        with duckdb.connect(str(settings.warehouse_file)) as connection:
            days = connection.execute("select count(distinct batch_id) from raw.loads").fetchall()[0][0]
        print(f"full build:     {build(settings, options.tests, '--full-refresh')}", flush=True)
        with duckdb.connect(str(settings.warehouse_file), config={"memory_limit": options.memory}) as connection:
            add_days(connection, world, days, days + 1)
        print(f"one more day:   {build(settings, options.tests)}", flush=True)
        started = time.monotonic()
        snapshot = publish_snapshot(settings)
        print(f"publishing:     {time.monotonic() - started:.1f} s, {snapshot.stat().st_size / 1e9:.2f} GB", flush=True)
        for title, seconds in questions(snapshot):
            print(f"{1000 * seconds:8.0f} ms  {title}")


def build(settings: Settings, with_tests: bool, *more: str) -> str:
    """Seconds by the clock, seconds of CPU, and the most memory of one build."""
    target = settings.data_folder.resolve() / "dbt"
    command = [sys.executable, "-m", "dbt.cli.main", "build", "--project-dir", str(settings.sql), *more]
    command += ["--profiles-dir", str(settings.sql), "--target-path", str(target), "--log-path", str(target)]
    command += ["--exclude-resource-type", "unit_test", *([] if with_tests else ["--exclude-resource-type", "test"])]
    environment = os.environ | {
        "TOLLWIRE_DBT_WAREHOUSE": str(settings.warehouse_file.resolve()),
        "TOLLWIRE_DBT_MEMORY_LIMIT": settings.memory_limit,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [*command, "--no-version-check"], env=environment, capture_output=True, text=True, check=False
    )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(done.stdout[-3000:])
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    # The most of any build so far: the first is the largest.
    return f"{time.monotonic() - started:.1f} s, {cpu:.1f} s of CPU, at most {used.ru_maxrss / 1e6:.2f} GB"


def questions(snapshot: Path, times: int = 5) -> list[tuple[str, float]]:
    """Each SQL example of the cookbook and its median seconds, asked of the largest situation and its last days."""
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        text = localised(COOKBOOK.read_text(encoding="utf8"), connection)
        found = [
            (text[: m.start()].rsplit("\n## ", 1)[1].split("\n")[0], m[3])
            for m in EXAMPLE.finditer(text)
            if m[2] == "sql"
        ]
        return [(title, _median(connection, query, times)) for title, query in found]


def localised(text: str, connection: duckdb.DuckDBPyConnection) -> str:
    """The cookbook asking for what this warehouse has: its last day, the largest situations of these days, and the first one's country and place."""
    (largest, today), (second, _) = connection.execute(
        "select situation_id, max(last_claim_day) over () from marts.situations"
        " order by last_claim_day >= max(last_claim_day) over () - 3 desc, facts desc limit 2"
    ).fetchall()
    [(country, latitude, longitude)] = connection.execute(
        "select country, latitude, longitude from marts.incidents where situation_id = ? and latitude is not null"
        " group by all order by count(*) desc limit 1",
        [largest],
    ).fetchall()
    names = {"'chaco-border-2024'": f"'{largest}'", "'siret-flood-2024'": f"'{second}'", "'BO'": f"'{country}'"}
    names |= {"-21.26": str(latitude), "-63.47": str(longitude), "situations.is_named": "not situations.is_named"}
    for demo, here in names.items():
        text = text.replace(demo, here)
    days_on = today - DEMO_DAY
    return re.sub(r"2024-03-\d\d", lambda found: str(date.fromisoformat(found[0]) + days_on), text)


def _median(connection: duckdb.DuckDBPyConnection, query: str, times: int) -> float:
    taken = []
    for _ in range(times):
        started = time.monotonic()
        connection.execute(query).fetchall()
        taken.append(time.monotonic() - started)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
