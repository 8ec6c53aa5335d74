"""Ingests the sample newsroom day by day, by the code that ingests real feeds."""

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import yaml

from demo.serve import World, serving
from demo.stories import days, read_newsroom
from pipeline import settings as settings_module
from pipeline import work
from pipeline.settings import ROOT, Settings

SITUATIONS = Path(__file__).parent / "situations.csv"
MARK = ".tollwire-demo"
EVENING = time(22, tzinfo=UTC)
"""When each day's poll takes place."""


@dataclass(frozen=True, slots=True)
class Day:
    """What one day's run did."""

    day: date
    outcomes: dict[str, int]
    facts: int


def prepare(folder: Path) -> None:
    """An empty folder for the demo: one that a former demo made is emptied, any other that holds something refused."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise SystemExit(f"{folder} holds something that the demo did not make; move it away and try again")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()


def settings_for(folder: Path, world: World) -> Settings:
    """Settings as a user would give them: feeds.yml, and named situations in the dbt project's seed."""
    (folder / "feeds.yml").write_text(yaml.safe_dump({"feeds": world.feeds()}, sort_keys=False))
    sql = folder / "sql"
    shutil.copytree(ROOT / "sql", sql, ignore=shutil.ignore_patterns("target", "logs"))
    _add_rows(sql / "seeds" / "named_situations.csv", SITUATIONS)
    return settings_module.load(
        data=str(folder),
        warehouse=None,
        snapshot=None,
        feeds=folder / "feeds.yml",
        sql=sql,
        allow_private=True,
        host_delay=0.0,
    )


def _add_rows(seed: Path, more: Path) -> None:
    """Append a CSV's rows to a seed, column by column name."""
    with seed.open(newline="", encoding="utf8") as file:
        names = next(csv.reader(file))
    with seed.open("a", newline="", encoding="utf8") as file, more.open(newline="", encoding="utf8") as rows:
        writer = csv.DictWriter(file, names, extrasaction="ignore", lineterminator="\n")
        writer.writerows(csv.DictReader(rows))


def ingest(settings: Settings, day: date) -> Day:
    """One evening's poll, all the way into the warehouse."""
    now = datetime.combine(day, EVENING)
    batch_id = work.begin_poll(now)
    work.poll(settings, batch_id, now)
    loaded = work.finish(settings, batch_id)
    return Day(day, dict(loaded.outcomes), loaded.facts)


def run(folder: Path, tell: Callable[[str], None]) -> Settings:
    """The whole demo's work; tells what it is doing, a line a step. Returns the settings under which it was done."""
    prepare(folder)
    outlets = read_newsroom()
    with serving(outlets, days(outlets)[0]) as world:
        settings = settings_for(folder, world)
        tell(f"{len(outlets)} newsrooms on loopback: " + ", ".join(world.bases.values()))
        for day in days(outlets):
            world.day = day
            done = ingest(settings, day)
            counted = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in done.outcomes.items() if n)
            tell(f"{day:%A %-d %B}: {counted}; {done.facts} facts")
    tell("building and testing the SQL models")
    work.build(settings)
    tell("publishing the snapshot")
    work.publish(settings)
    return settings


def situation_names() -> list[str]:
    with SITUATIONS.open(newline="", encoding="utf8") as rows:
        return [row["name"] for row in csv.DictReader(rows)]
