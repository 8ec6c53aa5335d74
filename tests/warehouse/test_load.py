"""Loading replaces a batch's rows in one transaction, keeps the books, and gives the same rows in any order."""

import itertools
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.batch import KINDS, Batch
from pipeline.errors import BooksError
from pipeline.records import Feed, columns
from pipeline.warehouse.connect import SCHEMA
from pipeline.warehouse.load import load_batch, load_feeds, utc
from tests import records as make

URLS = [f"https://news.example/{n}" for n in range(4)]


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        opened.execute(SCHEMA.read_text())
        yield opened


def load(connection, batch, info, minutes=0):
    return load_batch(connection, batch, info, make.NOON + timedelta(minutes=minutes), "0.1.0", "test 1")


def contents(connection, without=("loaded_at",)):
    return {
        kind: connection.sql(f"select * exclude ({', '.join(without)}) from raw.{kind} order by all").fetchall()
        for kind in KINDS
    }


def first_day(data: Path):
    items = [make.item(url) for url in URLS[:3]]
    texts = ["Blast kills 12.", "Flood kills 7."]
    articles = [make.article(i, t) for i, t in zip(items, texts, strict=False)]
    facts = [make.fact(articles[0], "12"), make.fact(articles[1], "7")]
    return make.batch(str(data), "a", items=items, articles=articles, facts=facts, rejected=[make.rejected(items[2])])


def next_day(data: Path):
    """The first article edited, the second unchanged, the third there at last, twice in one batch."""
    items = [*(make.item(url) for url in URLS[:3]), make.item(URLS[2] + "?ref=x")]
    third = make.article(items[2], "Fire kills 5.")
    copy = make.article(items[3], "Fire kills 5.", article_id=third.article_id, version_id=third.version_id)
    articles = [make.article(items[0], "Blast kills 19."), make.article(items[1], "Flood kills 7."), third, copy]
    facts = [make.fact(articles[0], "19"), make.fact(articles[1], "7"), make.fact(third, "5")]
    return make.batch(str(data), "b", day=1, items=items, articles=articles, facts=facts)


def test_every_item_has_one_outcome(connection, tmp_path):
    one = load(connection, *first_day(tmp_path))
    two = load(connection, *next_day(tmp_path))
    assert one.outcomes == {"new_article": 2, "new_version": 0, "unchanged": 0, "duplicate": 0, "rejected": 1}
    assert two.outcomes == {"new_article": 1, "new_version": 1, "unchanged": 1, "duplicate": 1, "rejected": 0}
    assert connection.sql("select items, new_articles, duplicates from raw.loads where batch_id = 'b'").fetchall() == [
        (4, 1, 1)
    ]


@pytest.mark.parametrize(("found", "is_news"), [
    ({"polls": [make.poll()]}, False),
    ({"polls": []}, False),
    ({"polls": [make.poll(), make.poll(feed_id="other", status=None, error="timeout")]}, True),
    ({"items": [make.item(URLS[0])], "rejected": [make.rejected(make.item(URLS[0]))]}, True),
])  # fmt: skip
def test_a_batch_is_news_if_it_has_items_or_a_feed_failed(connection, tmp_path, found, is_news):
    made = make.batch(str(tmp_path), "a", **found)
    assert load(connection, *made).is_news == is_news
    assert load(connection, *made, minutes=5).is_news == is_news, "a task that is tried again says the same"


def test_loading_again_changes_nothing(connection, tmp_path):
    load(connection, *first_day(tmp_path))
    before = contents(connection, without=("code_version",))
    again = load(connection, *first_day(tmp_path), minutes=60)
    assert contents(connection, without=("code_version",)) == before
    assert (again.rows_added, again.rows_retired) == (0, 0)
    assert connection.sql("select count(*) from raw.loads").fetchall() == [(1,)]


def test_any_order_gives_the_same_rows_and_outcomes(tmp_path):
    seen = []
    for order in itertools.permutations([first_day, next_day]):
        with duckdb.connect() as connection:
            connection.execute(SCHEMA.read_text())
            for minute, day in enumerate(order):
                load(connection, *day(tmp_path), minutes=minute)
            outcomes = connection.sql("select * from raw.item_outcomes order by all").fetchall()
            seen.append((contents(connection), outcomes))
    assert seen[0] == seen[1]


def test_a_row_that_changes_is_retired_and_the_rest_keeps_its_time(connection, tmp_path):
    batch, info = first_day(tmp_path)
    load(connection, batch, info)
    facts = batch.read("facts")
    batch.write("facts", [facts[0], *[make.fact(batch.read("articles")[1], "7", metric="injured")]])
    load(connection, batch, info, minutes=60)
    minutes = connection.sql(
        f"select metric, loaded_at - timestamp '{utc(make.NOON)}' from raw.facts order by 1"
    ).fetchall()
    assert minutes == [("injured", timedelta(minutes=60)), ("killed", timedelta(0))]
    retired = connection.sql("select metric, low, loaded_at < retired_at from raw.retired_facts").fetchall()
    assert retired == [("killed", 7, True)]


def test_an_item_without_an_outcome_is_our_bug_and_nothing_is_loaded(connection, tmp_path):
    load(connection, *first_day(tmp_path))
    before = contents(connection)
    lost = make.item("https://news.example/lost")
    with pytest.raises(BooksError, match="neither an article nor a rejection"):
        load(connection, *make.batch(str(tmp_path), "c", items=[lost]))
    assert contents(connection) == before
    assert connection.sql("select count(*) from raw.loads").fetchall() == [(1,)]


def test_raw_columns_are_those_of_the_records(connection):
    for kind, record_type in KINDS.items():
        names = [name for name, *_ in connection.sql(f"describe raw.{kind}").fetchall()]
        assert names == [*columns(record_type), "batch_id", "loaded_at", "code_version"]


def test_a_damaged_file_names_itself_and_leaves_the_rows(connection, tmp_path):
    batch, info = first_day(tmp_path)
    load(connection, batch, info)
    before = contents(connection)
    batch.write_bytes(batch.path("facts"), b"PAR1 this is no Parquet")
    with pytest.raises(Exception, match=r"facts/0\.parquet: cannot be read"):
        load(connection, Batch(str(tmp_path), "a"), info)
    assert contents(connection) == before


def test_feeds_follow_the_file(connection):
    bbc, dawn = Feed("bbc", "https://bbc.example/rss", "BBC"), Feed("dawn", "https://dawn.example/rss", "Dawn")
    load_feeds(connection, [bbc, dawn], make.NOON)
    load_feeds(connection, [bbc], make.NOON + timedelta(hours=1))
    assert connection.sql(f"select feed_id, loaded_at = timestamp '{utc(make.NOON)}' from raw.feeds").fetchall() == [
        ("bbc", True)
    ]
