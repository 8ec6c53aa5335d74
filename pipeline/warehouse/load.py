"""Loading a batch: one transaction that replaces what the batch had loaded before.

It replaces by difference. A row that came out the same stays as it is, `loaded_at` included, so loading a batch again
changes nothing; a row of articles or facts that changed or vanished moves to raw.retired_*, so what we knew on an
earlier day stays known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from pipeline.batch import KINDS, Batch, BatchInfo, arrow_schema
from pipeline.errors import BooksError, StorageError
from pipeline.records import Feed, columns, hash_id, rows

RETIRED = ("articles", "facts")
OUTCOMES = ("new_article", "new_version", "unchanged", "duplicate", "rejected")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. `outcomes` counts the batch's items by what became of them; they sum to `items`."""

    items: int
    outcomes: dict[str, int]
    facts: int
    rows_added: int
    rows_retired: int
    failed_polls: int
    """How many of the batch's feeds could not be read."""

    @property
    def is_news(self) -> bool:
        """Whether the batch has more to tell than that feeds were asked and had nothing new."""
        return self.items > 0 or self.failed_polls > 0


def load_batch(
    connection: duckdb.DuckDBPyConnection,
    batch: Batch,
    info: BatchInfo,
    now: datetime,
    code_version: str,
    extractor: str,
) -> Loaded:
    """Put a batch's files into the raw tables, all or nothing.

    `now` is aware. Raises BooksError if an item has neither article nor rejection (a bug of ours), StorageError if the
    disk is full.
    """
    now = utc(now)
    try:
        connection.begin()
        changes = [_replace(connection, kind, batch, now, code_version) for kind in KINDS]
        added, removed = (sum(c[i] for c in changes) for i in (0, 1))
        loaded = _account(connection, info, now, code_version, extractor, added, removed)
        connection.commit()
    except duckdb.Error as error:
        _roll_back(connection)
        if isinstance(error, (duckdb.IOException, duckdb.FatalException, duckdb.OutOfMemoryException)):
            raise StorageError(f"batch {info.batch_id} could not be loaded, nothing was changed: {error}") from error
        raise
    except BaseException:
        _roll_back(connection)
        raise
    return loaded


def utc(moment: datetime) -> datetime:
    """A moment as the warehouse has it: UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    try:
        connection.rollback()
    except duckdb.Error:
        return  # the transaction is gone already; the first error says why


def _incoming(batch: Batch, kind: str) -> pa.Table:
    tables = [batch.table(kind, part) for part in batch.parts(kind)]
    return pa.concat_tables(tables) if tables else arrow_schema(KINDS[kind]).empty_table()


def _replace(
    connection: duckdb.DuckDBPyConnection, kind: str, batch: Batch, now: datetime, code_version: str
) -> tuple[int, int]:
    """Rows added and rows removed, after making raw.<kind> hold exactly what the batch's files hold."""
    names = columns(KINDS[kind])
    listed = ", ".join(names)
    connection.register("incoming_arrow", _incoming(batch, kind))
    connection.execute(f"create or replace temp table incoming as select distinct {listed} from incoming_arrow")
    connection.unregister("incoming_arrow")
    connection.execute(
        f"create or replace temp table here as select {listed} from raw.{kind} where batch_id = ?", [batch.batch_id]
    )
    connection.execute("create or replace temp table gone as select * from here except select * from incoming")
    removed = _remove(connection, kind, names, batch.batch_id, now)
    new = "select *, ? as batch_id, ? as loaded_at, ? as code_version from (select * from incoming except select * from here)"
    added = connection.execute(f"insert into raw.{kind} by name {new}", [batch.batch_id, now, code_version]).fetchall()
    return added[0][0], removed


def _remove(
    connection: duckdb.DuckDBPyConnection, kind: str, names: Sequence[str], batch_id: str, now: datetime
) -> int:
    count = connection.execute("select count(*) from gone").fetchall()[0][0]
    if not count:
        return 0
    same = " and ".join(f"kept.{name} is not distinct from gone.{name}" for name in names)
    if kind in RETIRED:
        which = f"select kept.*, ? from raw.{kind} as kept, gone where kept.batch_id = ? and {same}"
        connection.execute(f"insert into raw.retired_{kind} {which}", [now, batch_id])
    connection.execute(f"delete from raw.{kind} as kept using gone where kept.batch_id = ? and {same}", [batch_id])
    return count


def _account(
    connection: duckdb.DuckDBPyConnection,
    info: BatchInfo,
    now: datetime,
    code_version: str,
    extractor: str,
    added: int,
    removed: int,
) -> Loaded:
    """Check the books, and enter the load unless it changed nothing."""
    before = _count(connection, "count(*) from raw.loads", info.batch_id)
    if added or removed or not before:
        head = [
            hash_id(info.batch_id, now.isoformat()),
            info.batch_id,
            info.kind,
            utc(info.as_of),
            utc(info.created_at),
            now,
        ]
        marks = ", ".join("?" for _ in range(17))
        values = [*head, code_version, extractor, 0, 0, 0, 0, 0, 0, 0, added, removed]
        connection.execute(f"insert into raw.loads values ({marks})", values)
    outcomes = balance(connection, info.batch_id)
    items = sum(outcomes.values())
    facts = _count(connection, "count(*) from raw.facts", info.batch_id)
    failed_polls = _count(connection, "count(error) from raw.polls", info.batch_id)
    connection.execute(
        "update raw.loads set items = ?, new_articles = ?, new_versions = ?, unchanged = ?, duplicates = ?,"
        " rejected = ?, facts = ? where batch_id = ? and loaded_at = ?",
        [items, *(outcomes[o] for o in OUTCOMES), facts, info.batch_id, now],
    )
    return Loaded(items, outcomes, facts, added, removed, failed_polls)


def _count(connection: duckdb.DuckDBPyConnection, what: str, batch_id: str) -> int:
    return int(connection.execute(f"select {what} where batch_id = ?", [batch_id]).fetchall()[0][0])


def balance(connection: duckdb.DuckDBPyConnection, batch_id: str) -> dict[str, int]:
    """A batch's items by outcome. Raises BooksError if they don't come out as one outcome each."""
    found = connection.execute(
        "select outcome, count(*), count(distinct item_id), min(item_id) from raw.outcomes_of(?) group by outcome",
        [[batch_id]],
    ).fetchall()
    for outcome, count, distinct, example in found:
        if outcome is None or count != distinct:
            what = "neither an article nor a rejection" if outcome is None else f"twice the outcome {outcome}"
            raise BooksError(f"batch {batch_id}: {count} items, such as {example}, have {what}")
    counts = {outcome: count for outcome, count, _, _ in found}
    return {outcome: counts.get(outcome, 0) for outcome in OUTCOMES}


def load_feeds(connection: duckdb.DuckDBPyConnection, feeds: Sequence[Feed], now: datetime) -> None:
    """Make raw.feeds hold what feeds.yml says; rows that stay the same keep their loaded_at."""
    names = ", ".join(columns(Feed))
    table = pa.Table.from_pylist(rows(feeds), schema=arrow_schema(Feed))
    connection.register("feeds_arrow", table)
    connection.begin()
    connection.execute(f"create or replace temp table feeds_now as select {names} from feeds_arrow")
    connection.execute(f"create or replace temp table feeds_here as select {names} from raw.feeds")
    connection.execute(
        "delete from raw.feeds where feed_id in"
        " (select feed_id from (select * from feeds_here except select * from feeds_now))"
    )
    connection.execute(
        "insert into raw.feeds by name select *, ? as loaded_at from"
        " (select * from feeds_now except select * from feeds_here)",
        [utc(now)],
    )
    connection.commit()
    connection.unregister("feeds_arrow")


def loaded_batches(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in connection.execute("select distinct batch_id from raw.loads").fetchall()}
