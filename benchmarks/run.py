#!/usr/bin/env python3
"""Articles a second through the whole run on a newsworld, where the time goes, peak memory and size on disk.

    .venv/bin/python -m benchmarks.run ../shared/newsworld [--days 8] [--faults]

A newsworld is a folder with serve.py (feeds, pages, robots and sitemaps of some newsrooms on loopback, on a day that can
be set). Each day is one `tollwire run` in a process of its own, with no politeness delay.
"""

import argparse
import re
import resource
import subprocess
import tempfile
import threading
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import psutil

from tests.e2e.worlds import command, environment, newsworld

LINE = re.compile(r"(\w+) \S+: ([\d,]+) in, ([\d,]+) out, .*?, ([\d.]+) s$")


class PeakMemory(threading.Thread):
    """The most memory that a process and its children held together, in bytes (shared pages counted once: PSS)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.process, self.peak = psutil.Process(pid), 0
        self.start()

    def run(self) -> None:
        while self.process.is_running():
            try:
                family = [self.process, *self.process.children(recursive=True)]
                self.peak = max(self.peak, sum(p.memory_full_info().pss for p in family))
            except psutil.Error:
                pass
            time.sleep(0.2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("newsworld", type=Path)
    parser.add_argument("--first", type=date.fromisoformat, default=date(2022, 3, 1))
    parser.add_argument("--days", type=int, default=8)
    parser.add_argument("--faults", action="store_true")
    options = parser.parse_args()
    seconds, articles, peak, cpu, began = Counter[str](), 0, 0, 0.0, time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        newsworld(options.newsworld.resolve().parent, options.faults) as world,
    ):
        data = Path(folder) / "data"
        env = environment(data, world.write_feeds(Path(folder) / "feeds.yml"))
        for n in range(options.days):
            world.set_day(str(options.first + timedelta(days=n)))
            before = cpu_of_children()
            stages, made, most = one_run(env)
            cpu += cpu_of_children() - before
            seconds.update(stages)
            articles, peak = articles + made, max(peak, most)
        wall = time.monotonic() - began
        report(seconds, articles, peak, wall, cpu, data)


def cpu_of_children() -> float:
    """Seconds of CPU of all ended processes that we started, and of theirs. The newsworld's server runs on: not in it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def one_run(env: dict[str, str]) -> tuple[Counter[str], int, int]:
    """Seconds by stage, articles, and peak memory of one `tollwire run`."""
    began = time.monotonic()
    process = subprocess.Popen([*command(), "run", "--all"], env=env, stderr=subprocess.PIPE, text=True)
    memory = PeakMemory(process.pid)
    stages, articles = Counter[str](), 0
    for line in process.stderr or []:
        if found := LINE.search(line.strip()):
            stages[found[1]] += float(found[4])
            articles += int(found[3]) if found[1] == "clean" else 0
    if process.wait():
        raise SystemExit(f"tollwire run ended with {process.returncode}")
    stages["start, and the rest"] += time.monotonic() - began - sum(stages.values())
    return stages, articles, memory.peak


def report(seconds: Counter[str], articles: int, peak: int, wall: float, cpu: float, data: Path) -> None:
    print(f"{articles} articles in {wall:.1f} s: {articles / wall:.1f} a second; peak memory {peak / 1e6:.0f} MB")
    print(f"  {articles / cpu:.1f} articles a second of CPU, which other work on the machine changes less")
    for stage, spent in seconds.most_common():
        print(f"  {stage:20} {spent:7.1f} s  {spent / wall:5.0%}  {articles / spent if spent else 0:8.1f} articles/s")
    for part in ("batches", "tollwire.duckdb", "snapshot"):
        files = [data / part] if (data / part).is_file() else (data / part).rglob("*")
        size = sum(f.stat().st_size for f in files if f.is_file())
        print(f"  {part:20} {size / 1e6 / max(articles, 1) * 1000:7.1f} MB per 1,000 articles")


if __name__ == "__main__":
    main()
