"""One function a stage, called alike by the command line and by Airflow's tasks.

Each reads its batch's files, calls the stage's code, writes the batch's next files and returns its accounts. A stage whose
output is there already does nothing, so that a task that is tried again, or a run after kill -9, goes on where it was.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as day_time
from pathlib import Path

from pipeline import __version__
from pipeline.archive.discover import discover as discover_items
from pipeline.archive.fetch import fetch_items
from pipeline.archive.store import read_pages
from pipeline.batch import Batch, BatchInfo
from pipeline.errors import InputError
from pipeline.facts import EXTRACTOR
from pipeline.feeds.config import read_feeds
from pipeline.feeds.decide import missed
from pipeline.feeds.due import due_feeds
from pipeline.feeds.imports import file_id, read_articles
from pipeline.feeds.memory import read_memory
from pipeline.feeds.poll import poll_feeds
from pipeline.records import Feed, FeedItem, Page, Rejected, hash_id
from pipeline.settings import Settings
from pipeline.warehouse.connect import writer_lock, writing
from pipeline.warehouse.load import Loaded, load_batch, load_feeds
from pipeline.warehouse.memory import renew_memory
from pipeline.web.urls import identity
from pipeline.work.accounts import Accounts, by_reason, log, told

Progress = Callable[[int, int], None]
IMPORT_ROWS = 5000
"""Rows of an import that make one batch: what a stage holds in memory at once."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def active_feeds(settings: Settings) -> list[Feed]:
    return [feed for feed in read_feeds(settings.feeds) if feed.is_active]


def begin_poll(now: datetime | None = None) -> str:
    """The id of a poll batch: the moment it begins."""
    return f"poll-{now or utc_now():%Y%m%dT%H%M%SZ}"


def begin_day(day: str) -> str:
    """The id of a day's batch; nightly runs, backfills and repairs of a day share it."""
    return f"day-{datetime.fromisoformat(day):%Y-%m-%d}"


def poll(
    settings: Settings, batch_id: str, now: datetime | None = None, shards: int = 1, ask_all: bool = False
) -> Accounts:
    """Ask the feeds that are due, or all; write polls, items and what was rejected, then batch.json: from then on the batch
    exists."""
    batch, started = Batch(settings.data, batch_id), time.monotonic()
    if batch.info():
        return _reused(batch, "poll", "polls", "items", "poll-0")
    feeds, begun, memory = active_feeds(settings), now or utc_now(), read_memory(settings.data)
    asked = feeds if ask_all else due_feeds(feeds, memory, begun)
    if len(asked) < len(feeds):
        log.info("poll %s: %s of %s feeds are due; `tollwire feeds list` says when", batch_id, len(asked), len(feeds))
    result = asyncio.run(poll_feeds(asked, memory, begun, settings))
    batch.write("polls", result.polls)
    _begin(batch, BatchInfo(batch_id, "poll", result.as_of, begun, shards), result.items, result.rejected)
    return _accounts("poll", batch, sum(p.item_count for p in result.polls), result.items, result.rejected, started)


def discover(settings: Settings, batch_id: str, now: datetime | None = None, shards: int = 1) -> Accounts:
    """What the feeds' sites published on the batch's day, and lately before it (to see edits), from what the past offers;
    and what feeds listed on the day and polls could not get.

    What other days' batches have is not asked: days in any order, any number of times, give the same batch.
    """
    batch, started = Batch(settings.data, batch_id), time.monotonic()
    if batch.info():
        return _reused(batch, "discover", "polls", "items", "poll-0")
    day = datetime.fromisoformat(batch_id.removeprefix("day-")).date()
    first = day - timedelta(days=settings.recheck_days)
    feeds, begun = active_feeds(settings), now or utc_now()
    result = asyncio.run(discover_items(feeds, first, day, settings))
    listed = {identity(item.url) for item in result.items}
    left = [m for m in missed(feeds, read_memory(settings.data), day, begun) if identity(m.url) not in listed]
    if left:
        log.info("discover %s: %s items that polls could not get are tried again", batch_id, len(left))
    items, as_of = [*result.items, *left], datetime.combine(day, day_time.max, UTC)
    _begin(batch, BatchInfo(batch_id, "day", as_of, begun, shards), items, result.rejected)
    return _accounts("discover", batch, len(items) + len(result.rejected), items, result.rejected, started)


def import_file(settings: Settings, path: Path, now: datetime | None = None) -> list[str]:
    """Make batches of a file of articles, IMPORT_ROWS each; returns their ids. The same file gives the same batches."""
    name, begun = file_id(path), now or utc_now()
    first = Batch(settings.data, f"import-{name}-0000")
    if info := first.info():
        begun = info.created_at
    imported = read_articles(path, begun)
    if not imported.items and not imported.rejected:
        raise InputError(f"{path}: holds no article")
    chunks = [imported.items[i : i + IMPORT_ROWS] for i in range(0, len(imported.items), IMPORT_ROWS)] or [[]]
    return [
        _import_chunk(settings, f"import-{name}-{n:04}", chunk, imported.rejected if n == 0 else [], begun)
        for n, chunk in enumerate(chunks)
    ]


def _import_chunk(
    settings: Settings, batch_id: str, items: list[FeedItem], rejected: list[Rejected], now: datetime
) -> str:
    batch = Batch(settings.data, batch_id)
    if not batch.info():
        as_of = max((item.published_at for item in items if item.published_at), default=now)
        _begin(batch, BatchInfo(batch_id, "import", min(as_of, now), now), items, rejected)
    return batch_id


def _begin(batch: Batch, info: BatchInfo, items: list[FeedItem], rejected: list[Rejected]) -> None:
    batch.write("rejected", rejected, "poll-0")
    batch.write("items", items)
    batch.write_info(info)


def fetch(settings: Settings, batch_id: str, shard: int = 0, progress: Progress | None = None) -> Accounts:
    """Fetch the items of one shard of hosts; every response is archived before anything reads it."""
    batch, part, started = Batch(settings.data, batch_id), str(shard), time.monotonic()
    if batch.has("pages", part):
        return _reused(batch, "fetch", "items", "pages", f"fetch-{part}", part)
    count = _begun(batch).shards
    if shard not in range(count):
        raise InputError(f"batch {batch_id} has no shard {shard}: it was divided into {count}, counted from 0")
    items = [item for item in batch.read("items") if _shard(item, count) == shard]
    result = asyncio.run(fetch_items(items, batch, part, settings, utc_now(), progress))
    batch.write("rejected", result.rejected, f"fetch-{part}")
    batch.write("pages", result.pages, part)
    return _accounts("fetch", batch, len(items), result.pages, result.rejected, started)


def shards(settings: Settings, batch_id: str) -> list[int]:
    """The shards of a batch that have items; one where it has none, so that each stage has something to run on."""
    batch = Batch(settings.data, batch_id)
    count = _begun(batch).shards
    return sorted({_shard(item, count) for item in batch.iterate("items")}) or [0]


def _begun(batch: Batch) -> BatchInfo:
    info = batch.info()
    if info is None:
        raise InputError(f"batch {batch.batch_id} was never begun; `tollwire status` lists the batches")
    return info


def _require(batch: Batch, stage: str, kind: str, part: str) -> None:
    """A batch that was loaded without its facts would count as done, and they would never be read."""
    if not batch.has(kind, part):
        which = f" --shard {part}" if part != "0" else ""
        raise InputError(f"batch {batch.batch_id}: `tollwire {stage} {batch.batch_id}{which}` comes first")


def _shard(item: FeedItem, count: int) -> int:
    """Shards go by host, so that politeness is kept within one task and one slow host holds up one task."""
    host = item.url.split("/", 3)[2] if "://" in item.url else item.feed_id
    return int(hash_id(host), 16) % count


def clean(settings: Settings, batch_id: str, shard: int = 0, progress: Progress | None = None) -> Accounts:
    """Read each archived page's text, identity and dates."""
    batch, part, started = Batch(settings.data, batch_id), str(shard), time.monotonic()
    if batch.has("articles", part):
        return _reused(batch, "clean", "pages", "articles", f"clean-{part}", part)
    _begun(batch)
    _require(batch, "fetch", "pages", part)
    from pipeline.articles.clean import clean_pages  # takes half a second, that other stages' processes need not spend

    pages: list[Page] = batch.read("pages", part)
    result = clean_pages(_with_bodies(settings, batch, pages), settings, progress, len(pages))
    batch.write("rejected", result.rejected, f"clean-{part}")
    batch.write("articles", result.articles, part)
    return _accounts("clean", batch, len(pages), result.articles, result.rejected, started)


def _with_bodies(
    settings: Settings, batch: Batch, pages: list[Page]
) -> Iterator[tuple[Page, FeedItem, bytes, str | None]]:
    items = {item.item_id: item for item in batch.iterate("items")}
    for page, body in read_pages(settings.data, pages):
        yield page, items[page.item_id], body, page.content_type


def extract(settings: Settings, batch_id: str, shard: int = 0, progress: Progress | None = None) -> Accounts:
    """Read the facts of each version, once."""
    batch, part, started = Batch(settings.data, batch_id), str(shard), time.monotonic()
    if batch.has("facts", part):
        return _reused(batch, "extract", "articles", "facts", f"extract-{part}", part)
    _begun(batch)
    _require(batch, "clean", "articles", part)
    from pipeline.facts.pool import extract_articles  # takes seconds, that other stages' processes need not spend

    versions = {article.version_id: article for article in batch.read("articles", part)}
    facts, rejected = extract_articles(list(versions.values()), settings.workers, _counted(progress, len(versions)))
    batch.write("rejected", rejected, f"extract-{part}")
    batch.write("facts", facts, part)
    return _accounts("extract", batch, len(versions), facts, rejected, started)


def _counted(progress: Progress | None, total: int) -> Callable[[int], None] | None:
    """A callback that is told how many are done since the last call, from one that is told (done, total)."""
    if progress is None:
        return None
    done = 0

    def more(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    return more


def load(settings: Settings, batch_id: str, now: datetime | None = None) -> tuple[Accounts, Loaded]:
    """Put the batch into the raw tables, in one transaction, and renew what polls know of the past."""
    batch, started = Batch(settings.data, batch_id), time.monotonic()
    info = _begun(batch)
    for shard in shards(settings, batch_id):
        _require(batch, "extract", "facts", str(shard))
    with writer_lock(settings, waiting), writing(settings) as connection:
        at = now or utc_now()
        if info.kind != "import":
            load_feeds(connection, read_feeds(settings.feeds), at)
        loaded = load_batch(connection, batch, info, at, __version__, EXTRACTOR)
        renew_memory(connection, settings.data)
    rejected = {"rejected": loaded.outcomes["rejected"]} if loaded.outcomes["rejected"] else {}
    accounts = Accounts("load", batch_id, loaded.items, loaded.facts, rejected, time.monotonic() - started)
    return told(accounts), loaded


def waiting(holder: str) -> None:
    log.warning("waiting for the warehouse: %s", holder)


def _accounts(stage: str, batch: Batch, taken: int, made: list, rejected: list[Rejected], started: float) -> Accounts:
    seconds = time.monotonic() - started
    return told(Accounts(stage, batch.batch_id, taken, len(made), by_reason(rejected), seconds))


def _reused(batch: Batch, stage: str, source: str, made: str, rejected: str, part: str = "0") -> Accounts:
    taken, out = (batch.count(kind, part) if batch.has(kind, part) else 0 for kind in (source, made))
    return told(
        Accounts(stage, batch.batch_id, taken, out, by_reason(batch.iterate("rejected", rejected)), is_reused=True)
    )
