"""Whole runs: a poll cycle, an import, a range of past days, or the archive read again."""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from fsspec.implementations.local import LocalFileSystem

from pipeline.batch import Batch, batch_ids, records_of, write_bytes
from pipeline.facts import EXTRACTOR
from pipeline.publish.export import export_marts
from pipeline.publish.report import write_report
from pipeline.publish.snapshot import publish_snapshot
from pipeline.records import Fact, columns
from pipeline.settings import Settings
from pipeline.warehouse.connect import writer_lock, writing
from pipeline.warehouse.load import OUTCOMES, Loaded, loaded_batches
from pipeline.warehouse.models import Dbt, NodeResult, forget_build, getting_ready, read_results, sql_digest
from pipeline.warehouse.models import build as build_models
from pipeline.work import stages
from pipeline.work.accounts import Accounts, by_reason, log, told
from pipeline.work.stages import Progress

Meter = Callable[[str], Progress | None]
"""Gives the progress callback (done, total) for a stage's name."""


def no_meter(stage: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did. `outcomes` counts items over all its batches by what became of them."""

    batches: list[str] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    unread: dict[str, int] = field(default_factory=dict)
    """What came in and could not be made an item (an entry without a link, a row of an import), by reason."""
    feeds: int = 0
    """How many feeds were asked."""
    not_due: int = 0
    """How many were not."""
    silent: dict[str, int] = field(default_factory=dict)
    """How many of them gave nothing that could be read, by reason."""
    facts: int = 0
    rows_added: int = 0
    snapshot: Path | None = None
    seconds: float = 0.0

    @property
    def items(self) -> int:
        return sum(self.outcomes.values())

    @property
    def rejected_share(self) -> float:
        """Of all that came in, items or not."""
        unread = sum(self.unread.values())
        came = self.items + unread
        return (self.outcomes["rejected"] + unread) / came if came else 0.0

    @property
    def silent_share(self) -> float:
        """Of the feeds that were asked. A feed that is down is no item: in a quiet hour it would be all that came."""
        return sum(self.silent.values()) / self.feeds if self.feeds else 0.0


def run(settings: Settings, now: datetime | None = None, meter: Meter = no_meter, ask_all: bool = False) -> Ran:
    """Finish what an interrupted run left, then one poll cycle through to the snapshot."""
    started = time.monotonic()
    with writer_lock(settings, stages.waiting), getting_ready(settings) as dbt:
        batch_id = stages.begin_poll(now)
        left = [name for name in unfinished(settings) if name != batch_id]
        done = [finish(settings, name, meter) for name in left]
        # Only now: what was left is loaded, so that it isn't taken for new again.
        stages.poll(settings, batch_id, now, ask_all=ask_all)
        done.append(finish(settings, batch_id, meter))
        ran = _conclude(settings, [*left, batch_id], done, started, dbt)
        polled = {poll.feed_id for poll in Batch(settings.data, batch_id).iterate("polls")}
        return replace(ran, not_due=sum(feed.feed_id not in polled for feed in stages.active_feeds(settings)))


def import_articles(settings: Settings, path: Path, meter: Meter = no_meter) -> Ran:
    """A file of articles through to the snapshot."""
    started = time.monotonic()
    with writer_lock(settings, stages.waiting), getting_ready(settings) as dbt:
        names = stages.import_file(settings, path)
        return _conclude(settings, names, [finish(settings, name, meter) for name in names], started, dbt)


def backfill(settings: Settings, first: date, last: date, meter: Meter = no_meter) -> Ran:
    """Each day of a range by itself; the models are built once, at the end."""
    started = time.monotonic()
    with writer_lock(settings, stages.waiting), getting_ready(settings) as dbt:
        names = [stages.begin_day(day.isoformat()) for day in days(first, last)]
        done = []
        for name in names:
            stages.discover(settings, name)
            done.append(finish(settings, name, meter))
        return _conclude(settings, names, done, started, dbt)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _conclude(settings: Settings, names: Sequence[str], done: Iterable[Loaded], started: float, dbt: Dbt) -> Ran:
    build(settings, dbt=dbt)
    snapshot = publish(settings)
    total = _sum(list(done))
    batches = [Batch(settings.data, name) for name in names]
    polls = [poll for batch in batches for poll in batch.iterate("polls")]
    failed = {poll.url for poll in polls if poll.error}
    refused = [r for batch in batches for r in batch.iterate("rejected", "poll-0") if r.item_id is None]
    return replace(
        total,
        batches=list(names),
        unread=by_reason(r for r in refused if r.url not in failed),
        feeds=len(polls),
        silent=by_reason(r for r in refused if r.url in failed),
        snapshot=snapshot,
        seconds=time.monotonic() - started,
    )


def _sum(done: Sequence[Loaded]) -> Ran:
    outcomes = {o: sum(loaded.outcomes[o] for loaded in done) for o in OUTCOMES}
    facts = sum(loaded.facts for loaded in done)
    return Ran(outcomes=outcomes, facts=facts, rows_added=sum(loaded.rows_added for loaded in done))


def unfinished(settings: Settings) -> list[str]:
    """Batches that were begun but never loaded: an interrupted run's, or all of them where the warehouse is new."""
    names = batch_ids(settings.data)
    if not names:
        return []
    with writing(settings) as connection:
        done = loaded_batches(connection)
    return [name for name in names if name not in done]


def finish(settings: Settings, batch_id: str, meter: Meter = no_meter) -> Loaded:
    """All stages of a batch that has begun."""
    info = Batch(settings.data, batch_id).info()
    for shard in range(info.shards if info else 1):
        stages.fetch(settings, batch_id, shard, meter("fetch"))
        stages.clean(settings, batch_id, shard, meter("clean"))
        stages.extract(settings, batch_id, shard, meter("extract"))
    return stages.load(settings, batch_id)[1]


def build(settings: Settings, full_refresh: bool = False, dbt: Dbt | None = None) -> list[NodeResult]:
    """Build and test the SQL models, unless they stand as the newest load and the SQL's files would have them."""
    with writer_lock(settings, stages.waiting):
        wanted, built = _state(settings), _built(settings)
        if not full_refresh and wanted == built:
            told(Accounts("build", "models", 0, 0, is_reused=True))
            return []
        started = time.monotonic()
        _built_file(settings).unlink(missing_ok=True)
        if built is None or built["sql"] != wanted["sql"]:
            # What other SQL or other seeds made, or a build that did not end, is no ground to build on.
            forget_build(settings)
        results = build_models(settings, full_refresh, dbt)
        write_bytes(LocalFileSystem(), str(_built_file(settings).absolute()), json.dumps(wanted).encode())
        warned = {r.name: 1 for r in results if r.status == "warn"}
        told(Accounts("build", "models", len(results), len(results) - len(warned), warned, time.monotonic() - started))
        return results


def _built_file(settings: Settings) -> Path:
    return settings.data_folder / "dbt" / "built.json"


def _built(settings: Settings) -> dict[str, str] | None:
    file = _built_file(settings)
    return json.loads(file.read_text()) if file.exists() and settings.warehouse_file.exists() else None


def _state(settings: Settings) -> dict[str, str]:
    """What the models depend on: the newest load, and the SQL's files."""
    with writing(settings) as connection:
        newest = connection.execute("select coalesce(max_by(load_id, loaded_at), '') from raw.loads").fetchall()[0][0]
    return {"load": newest, "sql": sql_digest(settings)}


def publish(settings: Settings, formats: Sequence[str] = ("parquet", "csv")) -> Path:
    """Put the snapshot in place, and the marts as files beside it."""
    with writer_lock(settings, stages.waiting):
        started = time.monotonic()
        snapshot = publish_snapshot(settings)
        files = export_marts(snapshot, snapshot.parent / "marts", formats)
        told(Accounts("publish", snapshot.name, 1, 1 + len(files), {}, time.monotonic() - started))
        return snapshot


@dataclass(frozen=True, slots=True)
class Reprocessed:
    """How reading a batch's archive again changed its facts."""

    batch_id: str
    same: int
    added: int
    removed: int


def reprocess(settings: Settings, first: date, last: date, meter: Meter = no_meter) -> list[Reprocessed]:
    """Read the archive of a range of days again with the installed code, no network, then build and publish."""
    with writer_lock(settings, stages.waiting):
        changes = [reprocess_batch(settings, name, meter) for name in batches_between(settings, first, last)]
        if changes:
            build(settings)
            publish(settings)
        return changes


def batches_between(settings: Settings, first: date, last: date) -> list[str]:
    """Loaded batches that stand for a moment on one of the days, oldest first.

    One that never was is being read now, or an interrupted run's: its files must not be taken away from under it.
    """
    with writer_lock(settings, stages.waiting):
        left = set(unfinished(settings))
    names = [name for name in batch_ids(settings.data) if name not in left]
    found = [(info.as_of, name) for name in names if (info := Batch(settings.data, name).info())]
    return [name for as_of, name in sorted(found) if first <= as_of.date() <= last]


def reprocess_batch(settings: Settings, batch_id: str, meter: Meter = no_meter) -> Reprocessed:
    """Clean and extract a batch's archived pages again and load the result in place of the old.

    The warehouse changes in one transaction, after the last file. Killed in between, it holds the old rows whole, and
    reprocessing again gives the new: a stage whose files were removed makes them again.
    """
    batch = Batch(settings.data, batch_id)
    info = batch.info()
    before = _loaded_facts(settings, batch_id)
    for shard in range(info.shards if info else 1):
        stages.fetch(settings, batch_id, shard, meter("fetch"))
        for kind in ("facts", "articles"):
            batch.remove(kind, str(shard))
        stages.clean(settings, batch_id, shard, meter("clean"))
        stages.extract(settings, batch_id, shard, meter("extract"))
    stages.load(settings, batch_id)
    after = _comparable(batch.iterate("facts"))
    changed = Reprocessed(batch_id, len(before & after), len(after - before), len(before - after))
    log.info("reprocess %s with %s: %s facts same, %s added, %s removed", batch_id, EXTRACTOR, changed.same, changed.added, changed.removed)  # fmt: skip
    return changed


def _loaded_facts(settings: Settings, batch_id: str) -> set[Fact]:
    """What the warehouse holds of a batch: its files may be gone, or a killed run's."""
    with writer_lock(settings, stages.waiting), writing(settings) as connection:
        sql = f"select {', '.join(columns(Fact))} from raw.facts where batch_id = ?"
        return _comparable(records_of(Fact, connection.execute(sql, [batch_id]).to_arrow_table()))


def _comparable(facts: Iterable[Fact]) -> set[Fact]:
    """Facts without what differs from one version of the code to the next though the fact is the same."""
    return {replace(fact, extractor="", confidence=0.0) for fact in facts}


def report(settings: Settings, day: str) -> str:
    """Write the day's report from the published snapshot; returns its path.

    Where the last build failed, the snapshot is an older one, and the report says so first.
    """
    started = time.monotonic()
    tests = read_results(settings.data_folder / "dbt")
    published = datetime.fromtimestamp(settings.snapshot_file.stat().st_mtime, UTC)
    failed = not _built_file(settings).exists()
    problem = (
        f"The last build failed: the snapshot is still that of {published:%Y-%m-%d %H:%M} UTC." if failed else None
    )
    path = write_report(settings, date.fromisoformat(day), tests, problem)
    log.info("report: %s", path)
    told(Accounts("report", day, len(tests), 1, seconds=time.monotonic() - started))
    return path
