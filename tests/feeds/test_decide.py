from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.decide import as_of_moment, decide, missed, reason_to_take
from pipeline.feeds.memory import FAILED, FETCHED, REJECTED, Known, Memory, Missing, Pages, Pending
from pipeline.feeds.parse import Entry, Listing, Unusable
from pipeline.records import Feed, hash_id
from pipeline.web.urls import page_key

FEED = Feed("x", "https://x.example/feed", "X")
AS_OF = datetime(2022, 3, 8, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def entry(name, published_at=AS_OF, **changed):
    return Entry(f"https://x.example/{name}", None, name, published_at, **changed)


def remembering(*rows, pending=()) -> Memory:
    """Rows of (URL, as_of, published_at, state, tries)."""
    keys = np.array([page_key(row[0]) for row in rows], "uint64")
    order = np.argsort(keys)
    columns = [
        np.array([int(row[1].timestamp() * 1e6) for row in rows], "int64"),
        np.array([int(row[2].timestamp() * 1e6) for row in rows], "int64"),
        np.array([row[3] for row in rows], "uint8"),
        np.array([row[4] for row in rows], "uint8"),
    ]
    return Memory({}, Pages(keys[order], *(c[order] for c in columns)), tuple(pending))


def decided(listing, memory=None):
    return decide(FEED, listing, memory or Memory(), AS_OF, AS_OF, 2)


def test_new_entries_become_items_in_order():
    found = decided(Listing([entry("a"), entry("b", None)], []))
    assert [(i.url, i.reason, i.item_id) for i in found.items] == [
        (f"https://x.example/{n}", "new", hash_id("x", f"https://x.example/{n}")) for n in "ab"
    ]
    assert (found.taken, found.known, found.rejected) == (2, 0, [])


@pytest.mark.parametrize(
    ("published", "last", "state", "tries", "reason"),
    [
        (AS_OF, None, None, 0, "new"),
        (AS_OF - DAY, AS_OF - DAY, FETCHED, 0, "recheck"),
        (AS_OF - DAY, AS_OF - timedelta(hours=11), FETCHED, 0, None),
        (AS_OF - DAY, AS_OF - timedelta(hours=13), FETCHED, 0, "recheck"),
        (AS_OF - 2 * DAY, AS_OF - DAY, FETCHED, 0, "recheck"),
        (AS_OF - 2 * DAY - timedelta(seconds=1), AS_OF - DAY, FETCHED, 0, None),
        (AS_OF - DAY, AS_OF + DAY, FETCHED, 0, None),
        (AS_OF + 999 * DAY, AS_OF - DAY, FETCHED, 0, None),
        (AS_OF - DAY, AS_OF - DAY, REJECTED, 0, "recheck"),
        (AS_OF - 9 * DAY, AS_OF, FAILED, 1, "retry"),
        (AS_OF - 9 * DAY, AS_OF, FAILED, 2, "retry"),
        (AS_OF, AS_OF, FAILED, 3, None),
        (None, AS_OF - DAY, FETCHED, 0, None),
    ],
)
def test_the_rule(published, last, state, tries, reason):
    past = None if last is None else Known(last, None, state, tries)
    assert reason_to_take(published, past, AS_OF, 2) == reason


def test_an_undated_entry_counts_from_when_it_was_first_seen():
    assert reason_to_take(None, Known(AS_OF - DAY, AS_OF - DAY, FETCHED, 0), AS_OF, 2) == "recheck"


def test_no_rechecks_where_they_are_switched_off():
    assert reason_to_take(AS_OF - DAY, Known(AS_OF - DAY, None, FETCHED, 0), AS_OF, 0) is None


def test_tracking_parameters_do_not_make_a_known_page_new():
    memory = remembering(("http://x.example/a?utm_source=rss", AS_OF, AS_OF, FETCHED, 0))
    found = decided(Listing([entry("a?utm_campaign=2"), entry("a")], []), memory)
    assert (found.items, found.known) == ([], 2)


def test_the_same_page_twice_is_one_item():
    found = decided(Listing([entry("a"), entry("a?utm_source=x"), entry("a")], []))
    assert ([i.url for i in found.items], found.known) == (["https://x.example/a"], 2)


def test_what_failed_is_tried_again_though_the_feed_lists_it_no_more():
    pending = Pending("x", "X", "https://x.example/gone", "g", "Gone", AS_OF - DAY, 1)
    other = Pending("y", "Y", "https://y.example/gone", None, "", None, 1)
    found = decided(Listing([entry("a")], []), remembering(pending=[pending, other]))
    assert [(i.url, i.reason, i.guid) for i in found.items] == [
        ("https://x.example/a", "new", None), ("https://x.example/gone", "retry", "g"),
    ]  # fmt: skip
    assert (found.taken, found.known) == (1, 0)


def test_what_failed_and_is_still_listed_is_one_item():
    pending = Pending("x", "X", "https://x.example/a", None, "a", AS_OF, 1)
    memory = remembering(("https://x.example/a", AS_OF, AS_OF, FAILED, 1), pending=[pending])
    assert [i.reason for i in decided(Listing([entry("a")], []), memory).items] == ["retry"]


def test_what_cannot_be_used_is_rejected_once():
    listing = Listing([], [Unusable("no_link", "entry 'A'", None), Unusable("no_link", "entry 'A'", None)])
    found = decided(listing)
    assert [(r.reason, r.feed_id, r.item_id) for r in found.rejected] == [("no_link", "x", None)]
    again = decided(listing, remembering(("x\nentry 'A'", AS_OF, AS_OF, REJECTED, 0)))
    assert (again.rejected, again.known) == ([], 2)


def test_a_night_is_left_what_its_own_day_listed_and_no_poll_got():
    listed = [("x", "a", AS_OF), ("x", "b", AS_OF - DAY), ("gone", "c", AS_OF), ("x", "d", AS_OF.replace(hour=0))]
    items = [Missing(f, "X", f"https://x.example/{n}", None, n, None, at) for f, n, at in listed]
    found = missed([FEED], Memory(missing=tuple(items)), AS_OF.date(), AS_OF + DAY)
    assert [(i.title, i.reason, i.item_id, i.listed_at) for i in found] == [
        (n, "retry", hash_id("x", f"https://x.example/{n}"), AS_OF + DAY) for n in "ad"
    ]


def test_the_moment_is_now_or_the_newest_item_of_an_older_world():
    now = AS_OF + 1000 * DAY
    assert as_of_moment(now, [AS_OF - DAY, None, AS_OF]) == AS_OF
    assert as_of_moment(AS_OF, [AS_OF + DAY]) == AS_OF
    assert as_of_moment(now, []) == as_of_moment(now, [None]) == now


names = st.sampled_from([f"{n}{t}" for n in "abcdef" for t in ("", "?utm_source=1", "#top")])
moments = st.integers(-5, 5).map(lambda n: AS_OF + n * DAY)


@given(
    st.lists(st.tuples(names, st.none() | moments), max_size=12),
    st.lists(st.sampled_from("uvw"), max_size=3),
    st.dictionaries(
        st.sampled_from("abcdefg"), st.tuples(moments, moments, st.integers(0, 2), st.integers(0, 4)), max_size=7
    ),
)
def test_every_entry_is_taken_known_or_rejected(listed, unusable, past):
    listing = Listing([entry(n, m) for n, m in listed], [Unusable("no_link", u, None) for u in unusable])
    memory = remembering(*((f"https://x.example/{n}", *values) for n, values in past.items())) if past else Memory()
    found = decided(listing, memory)
    assert found.taken + found.known + len(found.rejected) == listing.count
    assert found.taken == len(found.items) == len({page_key(i.url) for i in found.items})
    assert found.known >= 0
