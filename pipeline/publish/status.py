"""How things stand: batches and their books, feeds, rejections, read from the published snapshot."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipeline.batch import Batch, batch_ids
from pipeline.errors import ConfigError
from pipeline.feeds.config import read_feeds
from pipeline.feeds.due import due
from pipeline.feeds.memory import read_memory
from pipeline.settings import Settings
from pipeline.warehouse.connect import reading

BATCHES = """
select batch_id, as_of, loaded_at, items, new_articles, new_versions, unchanged, duplicates, rejected, facts,
    items = new_articles + new_versions + unchanged + duplicates + rejected as is_balanced
from raw.loads
qualify row_number() over (partition by batch_id order by loaded_at desc) = 1
order by loaded_at desc
"""
REJECTIONS = """
select stage, reason, count(*) as rejected, max(rejected_at) as newest, any_value(coalesce(url, detail)) as example
from raw.rejected
group by stage, reason
order by rejected desc, stage, reason
"""
FEEDS = """
select
    polls.feed_id,
    max(polls.polled_at) as polled_at,
    max(polls.polled_at) filter (polls.error is null) as succeeded_at,
    max(polls.newest_item_at) as newest_item_at,
    max_by(coalesce(polls.error, cast(polls.status as varchar)), polls.polled_at) as last_answer
from raw.polls
group by polls.feed_id
order by succeeded_at nulls first, polls.feed_id
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """A result with its column names."""

    names: list[str]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Status:
    settings: dict[str, Any]
    snapshot: Path | None
    snapshot_at: datetime | None
    unfinished: list[str]
    """Batches in the data folder that the snapshot doesn't hold: running now, or interrupted. Not those that found nothing."""
    batches: Rows
    rejections: Rows
    feeds: Rows
    retention: dict[str, Any] | None
    """What retention freed when it ran last: at, retention_days, and files and bytes of each kind."""


def retention_file(settings: Settings) -> Path:
    return settings.data_folder / "retention.json"


def read_status(settings: Settings, limit: int = 20) -> Status:
    """Raises StorageError if a snapshot is there but can't be opened; without one, only settings and batches."""
    values = {f"TOLLWIRE_{name.upper()}": value for name, value in settings.model_dump().items()}
    names, file = batch_ids(settings.data), retention_file(settings)
    freed = json.loads(file.read_text()) if file.exists() else None
    if not settings.snapshot_file.exists():
        nothing = Rows([], [])
        return Status(values, None, None, names, nothing, nothing, nothing, freed)
    with reading(settings.snapshot_file) as connection:
        batches = query(connection, BATCHES)
        loaded = {row[0] for row in batches.rows}
        left = [name for name in names if name not in loaded and not _is_empty(Batch(settings.data, name))]
        changed = datetime.fromtimestamp(settings.snapshot_file.stat().st_mtime).astimezone()
        shown = Rows(batches.names, batches.rows[:limit])
        rejections, feeds = query(connection, REJECTIONS), _with_due(query(connection, FEEDS), settings)
    return Status(values, settings.snapshot_file, changed, left, shown, rejections, feeds, freed)


def _is_empty(batch: Batch) -> bool:
    """Whether a batch went through all stages without an item: no reason to publish, the next snapshot will hold it."""
    return batch.has("facts") and batch.count("items", "0") == 0


def _with_due(feeds: Rows, settings: Settings) -> Rows:
    """With when each feed is due next and why; nulls for feeds that are not polled any more."""
    try:
        polled = {feed.feed_id: feed for feed in read_feeds(settings.feeds) if feed.is_active}
    except ConfigError:  # the commands that need the file say what is wrong with it
        polled = {}
    states = read_memory(settings.data).feeds
    found = [due(polled[name], states.get(name)) if name in polled else None for name, *_ in feeds.rows]
    rows = [(*row, *((d.at, d.why) if d else (None, None))) for row, d in zip(feeds.rows, found, strict=True)]
    return Rows([*feeds.names, "due_at", "due_by"], rows)


def query(connection: duckdb.DuckDBPyConnection, sql: str, parameters: object = None) -> Rows:
    """All rows of a query."""
    result = connection.execute(sql, parameters)
    if result is None:  # no statement in it, as in "" or a comment
        return Rows([], [])
    return Rows([name for name, *_ in result.description or []], result.fetchall())
