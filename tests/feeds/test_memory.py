from datetime import UTC, datetime, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from pipeline.errors import StorageError
from pipeline.feeds.memory import (
    FAILED,
    FEEDS_SQL,
    FETCHED,
    KNOWN_SQL,
    MISSING_SQL,
    REJECTED,
    FeedState,
    Memory,
    Missing,
    read_memory,
    write_memory,
)
from tests.conftest import ROOT

DAY = timedelta(days=1)
MONDAY = datetime(2022, 3, 7, 12, tzinfo=UTC)
SCHEMA = (ROOT / "pipeline" / "warehouse" / "schema.sql").read_text()


class Raw:
    """The real raw tables, filled a batch at a time."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(SCHEMA)

    def insert(self, table: str, **values: object) -> None:
        kinds = dict(self.connection.execute(f"select column_name, column_type from (describe raw.{table})").fetchall())
        filled = {
            n: values.get(n, 0 if k == "BIGINT" else MONDAY if k.startswith("TIMESTAMP") else "")
            for n, k in kinds.items()
        }
        marks = ", ".join("?" * len(filled))
        self.connection.execute(f"insert into raw.{table} values ({marks})", list(filled.values()))

    def batch(self, name: str, as_of: datetime, kind: str = "poll", **outcomes: str) -> None:
        """Outcome of each item: `page` or the reason for its rejection."""
        self.insert("loads", batch_id=name, kind=kind, as_of=as_of, loaded_at=as_of)
        for item, outcome in outcomes.items():
            self.insert("items", item_id=item, feed_id="x", publisher="X", url=f"https://x.example/{item}", guid=None,
                        title=item, published_at=MONDAY, listed_at=as_of, batch_id=name)  # fmt: skip
            if outcome == "page":
                self.insert("pages", item_id=item, batch_id=name)
            else:
                self.insert("rejected", stage="fetch", reason=outcome, item_id=item, batch_id=name)

    def memory(self) -> Memory:
        known = self.connection.execute(KNOWN_SQL).to_arrow_table()
        feeds, missing = (self.connection.execute(sql).to_arrow_table() for sql in (FEEDS_SQL, MISSING_SQL))
        return Memory.from_tables(known, feeds, missing)


@pytest.fixture
def raw():
    return Raw()


def known(memory, name):
    [found] = memory.known([f"https://x.example/{name}"])
    return found and (found.as_of, found.state, found.tries)


def test_nothing_is_known_at_first(raw):
    assert raw.memory().known(["https://x.example/a"]) == [None]
    assert Memory().known(["https://x.example/a", "b"]) == [None, None]


def test_the_last_outcome_counts_in_any_order_of_loading(raw):
    raw.batch("b2", MONDAY + DAY, a="page", b="http_503", c="http_404", d="page", e="timeout")
    raw.batch("b1", MONDAY, a="http_503", b="http_503", c="page", d="page", e="page")
    memory = raw.memory()
    assert known(memory, "a") == (MONDAY + DAY, FETCHED, 0)
    assert known(memory, "b") == (MONDAY + DAY, FAILED, 2)
    assert known(memory, "c") == (MONDAY + DAY, REJECTED, 0)
    assert known(memory, "d") == (MONDAY + DAY, FETCHED, 0)
    assert known(memory, "e") == (MONDAY + DAY, FAILED, 1)
    assert [(p.url, p.tries) for p in memory.pending] == [("https://x.example/b", 2), ("https://x.example/e", 1)]


def test_a_page_rejected_when_it_was_read_was_fetched(raw):
    raw.batch("b1", MONDAY, a="page")
    raw.insert("rejected", stage="clean", reason="no_text", item_id="a", batch_id="b1")
    assert known(raw.memory(), "a") == (MONDAY, FETCHED, 0)


def test_after_three_tries_nothing_is_pending(raw):
    for n in range(3):
        raw.batch(f"b{n}", MONDAY + n * DAY, a="host_down")
    assert known(raw.memory(), "a") == (MONDAY + 2 * DAY, FAILED, 3)
    assert raw.memory().pending == ()


def test_missing_is_what_no_poll_got_whatever_nights_did(raw):
    raw.batch("p1", MONDAY, a="page", b="http_503", c="http_404", d="timeout", e="robots_unreachable")
    raw.batch("p2", MONDAY + DAY, b="http_503", d="page", f="timeout")
    before = raw.memory().missing
    assert [(m.title, m.listed_as_of) for m in before] == [("b", MONDAY), ("e", MONDAY), ("f", MONDAY + DAY)]
    raw.batch("n1", MONDAY + 2 * DAY, kind="day", b="page", e="http_404", g="timeout")
    assert raw.memory().missing == before


def test_a_page_that_a_poll_got_through_another_feed_is_not_missing(raw):
    raw.batch("p1", MONDAY, a="timeout")
    raw.batch("p2", MONDAY + DAY)
    raw.insert("items", item_id="other", feed_id="y", url="https://x.example/a", published_at=None, batch_id="p2")
    raw.insert("pages", item_id="other", batch_id="p2")
    assert raw.memory().missing == ()


def test_a_batch_loaded_twice_counts_once(raw):
    raw.batch("b1", MONDAY, a="timeout")
    raw.insert("loads", batch_id="b1", as_of=MONDAY, loaded_at=MONDAY + DAY)
    assert known(raw.memory(), "a") == (MONDAY, FAILED, 1)


def test_one_page_of_two_feeds_is_one_page(raw):
    raw.batch("b1", MONDAY, a="timeout")
    raw.batch("b2", MONDAY + DAY)
    raw.insert("items", item_id="other", feed_id="y", url="http://x.example/a?utm_source=y", published_at=None,
               listed_at=MONDAY + DAY, batch_id="b2")  # fmt: skip
    raw.insert("pages", item_id="other", batch_id="b2")
    assert known(raw.memory(), "a") == (MONDAY + DAY, FETCHED, 0)
    assert raw.memory().pending == ()


def test_entries_that_could_not_be_used_are_remembered(raw):
    raw.batch("b1", MONDAY)
    raw.insert("rejected", stage="poll", reason="no_link", detail="entry 'A'", item_id=None, feed_id="x", batch_id="b1")
    raw.insert("rejected", stage="poll", reason="http_500", detail="down", item_id=None, feed_id="x", batch_id="b1")
    entry, failed = raw.memory().known(["x\nentry 'A'", "x\ndown"])
    assert entry is not None
    assert failed is None


def test_feed_states_are_those_of_the_last_answer(raw):
    def poll(batch, at, **values):
        raw.insert("polls", feed_id="x", url="https://x.example/feed", polled_at=at, batch_id=batch,
                   **{"error": None, "newest_item_at": at, **values})  # fmt: skip

    raw.batch("b1", MONDAY)
    raw.batch("b2", MONDAY + DAY)
    raw.batch("b3", MONDAY + 2 * DAY)
    poll("b1", MONDAY, status=200, etag='"1"', last_modified="Mon")
    poll("b2", MONDAY + DAY, status=304, etag='"2"', last_modified=None, ttl_seconds=900)
    poll("b3", MONDAY + 2 * DAY, status=500, error="http_500", etag=None, last_modified=None)
    poll("b3", MONDAY + 3 * DAY, status=None, error="timeout", etag=None, last_modified=None, wait_seconds=60)
    url, failing = "https://x.example/feed", MONDAY + 2 * DAY
    last = FeedState(url, '"2"', None, MONDAY + DAY, MONDAY, MONDAY + 3 * DAY, failing, 900, 60)
    assert raw.memory().feeds == {"x": last}
    poll("b3", MONDAY + 4 * DAY, status=200, etag='"3"', last_modified=None)
    [state] = raw.memory().feeds.values()
    assert (state.failing_since, state.ttl_seconds, state.wait_seconds) == (None, None, None)


def test_a_feed_at_a_new_address_is_not_known_by_its_old_one(raw):
    raw.batch("b1", MONDAY)
    for at, url, error in [
        (MONDAY, "https://x.example/old", None),
        (MONDAY + DAY, "https://x.example/new", "http_500"),
    ]:
        raw.insert("polls", feed_id="x", url=url, polled_at=at, batch_id="b1", status=200, error=error, etag='"1"')
    day = MONDAY + DAY
    assert raw.memory().feeds == {"x": FeedState("https://x.example/new", polled_at=day, failing_since=day)}


def test_a_memory_is_written_and_read_whole(raw, tmp_path):
    raw.batch("b1", MONDAY, a="page", b="timeout", c="robots")
    raw.insert(
        "polls",
        feed_id="x",
        url="u",
        polled_at=MONDAY,
        status=200,
        error=None,
        etag="e",
        newest_item_at=None,
        batch_id="b1",
    )
    before = raw.memory()
    write_memory(before, str(tmp_path))
    after = read_memory(str(tmp_path))
    assert (after.feeds, after.pending, after.missing) == (before.feeds, before.pending, before.missing)
    assert (len(after.feeds), len(after.pending), len(after.missing)) == (1, 1, 1)
    assert [known(after, n) for n in "abcd"] == [known(before, n) for n in "abcd"]
    write_memory(after, str(tmp_path))
    assert read_memory(f"file://{tmp_path}").pending == before.pending
    assert [f.name for f in tmp_path.iterdir()] == ["memory.parquet"]


def test_no_file_is_an_empty_memory_and_a_damaged_one_is_told(tmp_path):
    assert read_memory(str(tmp_path)).pending == ()
    (tmp_path / "memory.parquet").write_bytes(b"PAR1 nonsense")
    with pytest.raises(StorageError, match=r"memory\.parquet"):
        read_memory(str(tmp_path))


def test_a_million_pages_fit_a_small_file(tmp_path):
    count = 1_000_000
    keys = np.sort(np.random.default_rng(7).integers(0, 2**63, count, "uint64"))
    moment = np.full(count, int(MONDAY.timestamp() * 1e6))
    states = np.zeros(count, "uint8")
    memory = Memory(pages=type(Memory().pages)(keys, moment, moment, states, states))
    write_memory(memory, str(tmp_path))
    memory = read_memory(str(tmp_path))
    assert memory.known([f"https://x.example/{n}" for n in range(10_000)]).count(None) == 10_000
    assert (tmp_path / "memory.parquet").stat().st_size < 12_000_000


NOTHING_MISSING = [(name, pa.string()) for name in Missing.__slots__]


def test_a_memory_is_made_from_many_rows():
    count = 100_000
    known_rows = pa.table(
        {
            "url": [f"https://x.example/2022/03/08/story-number-{n}?utm_source=rss" for n in range(count)],
            **{n: pa.array(["x"] * count) for n in ("feed_id", "publisher", "guid", "title")},
            **{n: pa.array([MONDAY] * count, pa.timestamp("us", tz="UTC")) for n in ("published_at", "as_of")},
            "reason": [""] * count, "tries": [0] * count,
        }
    )  # fmt: skip
    feeds = pa.table({n: pa.array([], pa.string()) for n in FeedState.__slots__})
    memory = Memory.from_tables(known_rows, feeds, pa.Table.from_pylist([], pa.schema(NOTHING_MISSING)))
    assert known(memory, "2022/03/08/story-number-77777")
