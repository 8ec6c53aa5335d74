"""Eight days of ten real newsrooms, polled and fetched a day at a time: all that was offered is accounted for."""

import asyncio
import json
import urllib.request
from collections import Counter
from datetime import UTC, date, datetime

import duckdb
import pyarrow as pa
import pytest

from pipeline.archive.discover import discover
from pipeline.archive.fetch import fetch_items
from pipeline.archive.store import read_pages
from pipeline.batch import Batch, arrow_schema
from pipeline.feeds.memory import FEEDS_SQL, KNOWN_SQL, MISSING_SQL, Memory
from pipeline.feeds.poll import poll_feeds
from pipeline.records import Feed, FeedItem, Page, Poll, Rejected, rows
from tests.conftest import ROOT
from tests.e2e.worlds import newsworld
from tests.web.site import settings

DAYS = [f"2022-03-0{n}" for n in range(1, 9)]
TABLES = {"polls": Poll, "items": FeedItem, "pages": Page, "rejected": Rejected}
pytestmark = pytest.mark.shared


class Runs:
    """Poll and fetch a world, and remember as the warehouse does."""

    def __init__(self, world, folder):
        self.world, self.folder, self.settings = world, folder, settings(recheck_days=2)
        self.connection = duckdb.connect()
        self.connection.execute((ROOT / "pipeline" / "warehouse" / "schema.sql").read_text())
        listed = json.load(urllib.request.urlopen(f"{world.base}/"))["publishers"]
        self.feeds = [Feed(p["name"], p["feed"], p["name"]) for p in listed]
        self.count = 0

    def run(self):
        now, batch_id = datetime.now(UTC), f"b{self.count}"
        self.count += 1
        memory = Memory.from_tables(
            *(self.connection.execute(q).to_arrow_table() for q in (KNOWN_SQL, FEEDS_SQL, MISSING_SQL))
        )
        polled = asyncio.run(poll_feeds(self.feeds, memory, now, self.settings))
        batch = Batch(str(self.folder), batch_id)
        fetched = asyncio.run(fetch_items(polled.items, batch, "0", self.settings, now))
        rejected = [*polled.rejected, *fetched.rejected]
        for table, records in zip(TABLES, (polled.polls, polled.items, fetched.pages, rejected), strict=True):
            rows_ = pa.Table.from_pylist(rows(records), schema=arrow_schema(TABLES[table]))  # noqa: F841  read by DuckDB
            self.connection.execute(f"insert into raw.{table} select *, '{batch_id}', now(), '' from rows_")
        self.connection.execute(
            "insert into raw.loads by name select '' as load_id, ? as batch_id, '' as kind, ?::timestamptz as as_of,"
            " now() as created_at, now() as loaded_at, '' as code_version, '' as extractor, 0 as items, 0 as new_articles,"
            " 0 as new_versions, 0 as unchanged, 0 as duplicates, 0 as rejected, 0 as facts, 0 as rows_added,"
            " 0 as rows_retired",
            [batch_id, polled.as_of],
        )
        return polled, fetched


def bare(url):
    return url.partition("?")[0]


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "faults"])
def ran(request, shared, tmp_path_factory):
    """The world, its runs, and (day, polled, fetched, offered) of each day; the last day twice."""
    with newsworld(shared, faults=request.param) as world:
        runs, days = Runs(world, tmp_path_factory.mktemp("archive")), []
        for day in [*DAYS, DAYS[-1]]:
            world.set_day(day)
            days.append((day, *runs.run(), world.offered()))
        yield world, runs, days


def test_every_entry_is_taken_known_or_rejected(ran):
    _, _, days = ran
    for _, polled, fetched, offered in days:
        listed = sum(row.item_count for row in polled.polls)
        assert listed in (len(offered), 0) or any(row.status == 304 for row in polled.polls)
        assert sum(row.taken_count for row in polled.polls) + polled.known == listed
        assert [r for r in polled.rejected if r.feed_id] == []
        assert len(fetched.pages) + len(fetched.rejected) == len(polled.items)


def test_everything_offered_was_fetched_or_is_gone(ran):
    world, _, days = ran
    offered = {url for *_, day in days for url in day}
    taken = {bare(p.requested_url) for _, _, fetched, _ in days for p in fetched.pages}
    gone = {bare(r.url) for _, _, fetched, _ in days for r in fetched.rejected if r.reason == "http_404"}
    assert offered - taken - gone == set()
    assert {r.reason for _, _, fetched, _ in days for r in fetched.rejected} <= {"http_404"}
    if not world.world.faults:
        assert gone == set()


def test_the_second_run_of_a_day_adds_nothing_and_asks_by_tag(ran):
    *_, (_, polled, fetched, _) = ran[2]
    assert (polled.items, fetched.pages) == ([], [])
    assert {row.status for row in polled.polls} == {304}


def test_the_poll_stands_for_the_worlds_day(ran):
    for day, polled, _, _ in ran[2]:
        assert polled.as_of.date().isoformat() == day


def test_edited_articles_are_seen_again_the_day_after(ran):
    world, runs, days = ran
    bodies = {}
    for _, _, fetched, _ in days:
        for page, body in read_pages(str(runs.folder), fetched.pages):
            bodies.setdefault(bare(page.requested_url), set()).add(b"updated with new information" in body)
    edited = {
        url for *_, offered in days for url, a in offered.items()
        if world.code.dice("edit" + a["path"], 40) == 0 and DAYS[0] <= a["published"] < DAYS[-1]
    }  # fmt: skip
    if not world.world.faults:
        assert {True} not in bodies.values()
        return
    alive = {url for url in edited if url in bodies}
    assert len(alive) >= 5
    assert {url for url in alive if bodies[url] != {True, False}} == set()


def test_titles_are_not_mangled(ran):
    _, _, days = ran
    titles = {url: " ".join(a["title"].split()) for *_, offered in days for url, a in offered.items()}
    seen = {bare(i.url): i.title for _, polled, _, _ in days for i in polled.items}
    assert Counter(seen[url] == titles[url] for url in seen)[False] <= len(seen) * 0.01
    assert all(i.published_at for _, polled, _, _ in days for i in polled.items)


def test_the_past_offers_what_the_feeds_did(ran):
    _, runs, days = ran
    found = asyncio.run(discover(runs.feeds, date(2022, 3, 1), date(2022, 3, 8), runs.settings))
    offered = {url for *_, day in days for url, a in day.items() if a["published"] >= "2022-03-01"}
    assert {bare(i.url) for i in found.items} == offered
    assert found.rejected == []
