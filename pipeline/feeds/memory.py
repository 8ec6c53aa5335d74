"""What polls know of the past: each feed's state, and which pages are known already.

A million known pages are five sorted numpy columns (about 26 bytes a page), looked up by the 64-bit key of a URL's
identity. The file <data>/memory.parquet is made anew from the raw tables after each load:

    tables = (connection.execute(sql).to_arrow_table() for sql in (KNOWN_SQL, FEEDS_SQL, MISSING_SQL))
    write_memory(Memory.from_tables(*tables), data)

so it never holds what is not loaded, and losing it loses nothing.
"""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.batch import read_parquet, write_bytes
from pipeline.errors import StorageError
from pipeline.web.client import TRANSIENT, is_transient
from pipeline.web.urls import page_key

FETCHED, REJECTED, FAILED = 0, 1, 2
"""What became of a page last: an answer of use; none, for good; none, for now."""
TRIES = 3
"""Batches that may try a page that keeps failing for reasons that may pass."""
FILE = "memory.parquet"

_BATCHES = (
    "select batch_id, any_value(kind) as kind, max_by(as_of, loaded_at) as as_of from raw.loads group by batch_id"
)

_SEEN = f"""
batches as ({_BATCHES}),
fetched as (select distinct batch_id, item_id from raw.pages),
refused as (
    select batch_id, item_id, min(reason) as reason
    from raw.rejected
    where stage = 'fetch' and item_id is not null
    group by batch_id, item_id
),
seen as (
    select
        items.* exclude (reason), batches.kind, batches.as_of,
        case when fetched.item_id is not null then '' else coalesce(refused.reason, 'timeout') end as reason
    from raw.items as items
    inner join batches on items.batch_id = batches.batch_id
    left join fetched on items.batch_id = fetched.batch_id and items.item_id = fetched.item_id
    left join refused on items.batch_id = refused.batch_id and items.item_id = refused.item_id
)
"""
"""Each item of each batch with what became of it: `''` is fetched."""
KNOWN_SQL = f"""
with {_SEEN},
settled as (
    select item_id, max(as_of) as settled_at
    from seen
    where not regexp_full_match(reason, '{TRANSIENT}')
    group by item_id
)
select
    arg_max(seen.url, seen.as_of) as url,
    any_value(seen.feed_id) as feed_id,
    any_value(seen.publisher) as publisher,
    any_value(seen.guid) as guid,
    arg_max(seen.title, seen.as_of) as title,
    coalesce(min(seen.published_at), min(seen.listed_at)) as published_at,
    max(seen.as_of) as as_of,
    arg_max(seen.reason, seen.as_of) as reason,
    count(*) filter (where settled.settled_at is null or seen.as_of > settled.settled_at) as tries
from seen
left join settled on seen.item_id = settled.item_id
group by seen.item_id
union all
select
    rejected.feed_id || chr(10) || rejected.detail, rejected.feed_id, '', null, '',
    min(rejected.rejected_at), max(batches.as_of), any_value(rejected.reason), 0
from raw.rejected as rejected
inner join batches on rejected.batch_id = batches.batch_id
where rejected.stage = 'poll' and rejected.reason in ('no_link', 'bad_url') and rejected.feed_id is not null
group by rejected.feed_id, rejected.detail
"""
"""A row an item ever taken (or entry that could not be): its last outcome (`''`: fetched), and failures in a row."""

MISSING_SQL = f"""
with {_SEEN},
polled as (select *, regexp_full_match(reason, '{TRANSIENT}') as has_failed from seen where kind = 'poll')
select
    any_value(feed_id) as feed_id,
    any_value(publisher) as publisher,
    any_value(url) as url,
    arg_max(guid, batch_id) as guid,
    arg_max(title, batch_id) as title,
    min(published_at) as published_at,
    min(as_of) as listed_as_of
from polled
group by item_id
having bool_and(has_failed) and any_value(url) not in (select url from polled where not has_failed)
"""
"""A row an item that polls listed and never got, for reasons that may pass. What days' batches fetched is not asked: so a
day's batch is the same whatever other days are there."""

FEEDS_SQL = f"""
with batches as ({_BATCHES}),
asked as (
    select polls.*, batches.as_of
    from raw.polls as polls
    inner join batches on polls.batch_id = batches.batch_id
    qualify polls.url = arg_max(polls.url, polls.polled_at) over (partition by polls.feed_id)
),
answered as (
    select *, max(polled_at) filter (where error is null) over (partition by feed_id) as answered_at from asked
)
select
    feed_id,
    any_value(url) as url,
    nullif(arg_max(coalesce(etag, ''), polled_at) filter (where error is null), '') as etag,
    nullif(arg_max(coalesce(last_modified, ''), polled_at) filter (where error is null), '') as last_modified,
    arg_max(newest_item_at, polled_at) filter (where error is null) as newest_item_at,
    max(as_of) filter (where status = 200 and error is null) as listed_as_of,
    max(polled_at) as polled_at,
    min(polled_at) filter (where answered_at is null or polled_at > answered_at) as failing_since,
    nullif(arg_max(coalesce(ttl_seconds, 0), polled_at) filter (where error is null), 0) as ttl_seconds,
    nullif(arg_max(coalesce(wait_seconds, 0), polled_at), 0) as wait_seconds
from answered
group by feed_id
"""
"""A row a feed that was ever asked at its present address."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """How a feed answered when it was asked at its present address."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    newest_item_at: datetime | None = None
    listed_as_of: datetime | None = None
    """as_of of the last batch that read its entries (not a 304)."""
    polled_at: datetime | None = None
    """When it was asked last."""
    failing_since: datetime | None = None
    """The first of the polls that have failed since it last answered; null if the last one did not."""
    ttl_seconds: int | None = None
    wait_seconds: int | None = None
    """As in Poll, of its last answer and of its last poll."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one page."""

    as_of: datetime
    """Of the last batch that had it as an item."""
    published_at: datetime | None
    state: int
    tries: int


@dataclass(frozen=True, slots=True)
class Listed:
    """What a feed said of an item."""

    feed_id: str
    publisher: str
    url: str
    guid: str | None
    title: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pending(Listed):
    """An item that failed for a reason that may pass, and is to be tried again whether or not it is still listed."""

    tries: int


@dataclass(frozen=True, slots=True)
class Missing(Listed):
    """An item that feeds listed and no poll got, for reasons that may pass."""

    listed_as_of: datetime
    """as_of of the first poll that had it."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The known pages as columns, sorted by key; times in microseconds since 1970, the smallest int64 for null."""

    key: np.ndarray
    as_of: np.ndarray
    published_at: np.ndarray
    state: np.ndarray
    tries: np.ndarray


_KINDS = {"key": "uint64", "as_of": "int64", "published_at": "int64", "state": "uint8", "tries": "uint8"}


def _no_pages() -> Pages:
    return Pages(**{name: np.empty(0, kind) for name, kind in _KINDS.items()})


@dataclass(frozen=True, slots=True)
class Memory:
    feeds: dict[str, FeedState] = field(default_factory=dict)
    pages: Pages = field(default_factory=_no_pages)
    pending: tuple[Pending, ...] = ()
    missing: tuple[Missing, ...] = ()

    def known(self, urls: Sequence[str]) -> list[Known | None]:
        """What is known of each URL's page; null: never seen."""
        if not len(self.pages.key):
            return [None] * len(urls)
        wanted = np.fromiter((page_key(url) for url in urls), "uint64", len(urls))
        at = np.minimum(np.searchsorted(self.pages.key, wanted), len(self.pages.key) - 1)
        return [self._at(i) if hit else None for i, hit in zip(at, self.pages.key[at] == wanted, strict=True)]

    def _at(self, i: int) -> Known:
        as_of, published = _moment(self.pages.as_of[i]), _moment(self.pages.published_at[i])
        if as_of is None:
            raise StorageError(f"{FILE} is damaged; delete it and run `tollwire load` on any batch")
        return Known(as_of, published, int(self.pages.state[i]), int(self.pages.tries[i]))

    @classmethod
    def from_tables(cls, known: pa.Table, feeds: pa.Table, missing: pa.Table) -> "Memory":
        """From the results of KNOWN_SQL, FEEDS_SQL and MISSING_SQL. Of several items of one page, the last one's outcome
        counts."""
        keys = np.fromiter(map(page_key, _texts_of(known["url"])), "uint64", known.num_rows)
        state = _states(known["reason"])
        as_of = _micros(known["as_of"])
        order = np.lexsort((as_of, keys))
        last = order[np.append(keys[order][1:] != keys[order][:-1], True)] if len(order) else order
        tries = np.minimum(known["tries"].to_numpy(zero_copy_only=False), 255).astype("uint8")
        due = last[(state[last] == FAILED) & (tries[last] < TRIES)]
        columns = (column[last] for column in (keys, as_of, _micros(known["published_at"]), state, tries))
        pending = _sorted(Pending, known.take(pa.array(due, "int64")))
        states = {row["feed_id"]: _read(FeedState, row) for row in feeds.to_pylist()}
        return cls(states, Pages(*columns), pending, _sorted(Missing, missing))


def _texts_of(column: pa.ChunkedArray) -> Iterator[str]:
    """A million URLs as Python strings are worth not holding all at once."""
    for chunk in column.chunks:
        for start in range(0, len(chunk), 10_000):
            yield from chunk.slice(start, 10_000).to_pylist()


def _states(reasons: pa.ChunkedArray) -> np.ndarray:
    words = pc.unique(reasons)
    states = np.array([_state(word) for word in words.to_pylist()], "uint8")
    return states[pc.index_in(reasons, words).to_numpy()]


def _state(reason: str) -> int:
    return FETCHED if not reason else FAILED if is_transient(reason) else REJECTED


_NULL = np.iinfo("int64").min


def _micros(column: Any) -> np.ndarray:
    micros = pc.cast(pc.cast(column, pa.timestamp("us", tz="UTC")), pa.int64())
    return pc.fill_null(micros, int(_NULL)).to_numpy(zero_copy_only=False)


def _moment(micros: int) -> datetime | None:
    return None if micros == _NULL else datetime.fromtimestamp(int(micros) / 1e6, UTC)


def _read(kind: Any, row: dict[str, Any]) -> Any:
    """A row as a record."""
    return kind(**{name: _utc(row[name]) if name in _MOMENTS else row[name] for name in _names(kind)})


def _names(kind: type) -> list[str]:
    return [f.name for f in fields(kind)]


def _utc(moment: datetime | None) -> datetime | None:
    """The raw tables hold UTC without saying so."""
    return moment.replace(tzinfo=UTC) if moment else None


def _sorted(kind: type, table: pa.Table) -> tuple[Any, ...]:
    """A table's rows as records, in an order of theirs: the same past gives the same items in the same order."""
    return tuple(sorted((_read(kind, row) for row in table.to_pylist()), key=lambda item: (item.feed_id, item.url)))


def write_memory(memory: Memory, data: str) -> None:
    """To <data>/memory.parquet, whole or not at all: a row a page; feeds and items in the file's metadata."""
    fs, root = fsspec.core.url_to_fs(data)
    table = pa.table(
        {name: getattr(memory.pages, name) for name in _KINDS},
        metadata={
            "feeds": json.dumps({feed_id: _texts(state) for feed_id, state in memory.feeds.items()}),
            "pending": json.dumps([_texts(p) for p in memory.pending]),
            "missing": json.dumps([_texts(m) for m in memory.missing]),
        },
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", use_dictionary=["state", "tries"])
    write_bytes(fs, f"{root.rstrip('/')}/{FILE}", buffer.getvalue())


def _texts(record: FeedState | Pending | Missing) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in _names(type(record))}
    return {name: v.isoformat() if isinstance(v, datetime) else v for name, v in values.items()}


def _record(kind: type, values: dict[str, Any]) -> Any:
    return kind(**{n: datetime.fromisoformat(v) if v and n in _MOMENTS else v for n, v in values.items()})


_MOMENTS = {"newest_item_at", "listed_as_of", "polled_at", "failing_since", "published_at"}


def read_memory(data: str) -> Memory:
    """Empty if there is none yet."""
    fs, root = fsspec.core.url_to_fs(data)
    path = f"{root.rstrip('/')}/{FILE}"
    if not fs.exists(path):
        return Memory()
    try:
        with fs.open(path, "rb") as file:
            table = read_parquet(file)
        told = table.schema.metadata
        feeds = {feed_id: _record(FeedState, values) for feed_id, values in json.loads(told[b"feeds"]).items()}
        pending = tuple(_record(Pending, values) for values in json.loads(told[b"pending"]))
        # A file of before it held what is missing says nothing of it; the next load makes it anew.
        missing = tuple(_record(Missing, values) for values in json.loads(told.get(b"missing", b"[]")))
        return Memory(feeds, Pages(**{name: table[name].to_numpy() for name in _KINDS}), pending, missing)
    except (OSError, pa.ArrowInvalid, KeyError, ValueError) as error:
        raise StorageError(f"{path}: cannot be read ({error}); delete it, the next load makes it anew") from error
