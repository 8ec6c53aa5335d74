from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from pipeline.feeds.due import Due, due, due_feeds, interval
from pipeline.feeds.memory import FeedState, Memory
from pipeline.records import Feed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://x.example/feed"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def state(failing: timedelta | None = None, **values: int) -> FeedState:
    """Asked at noon; `failing`: since so long before."""
    since = NOON - failing if failing is not None else None
    return FeedState(URL, polled_at=NOON, failing_since=since, **values)


def after(found: FeedState, every: str | None = None) -> tuple[timedelta | None, str]:
    moment = due(Feed("x", URL, "X", every=every), found)
    return moment.at and moment.at - NOON, moment.why


@pytest.mark.parametrize(
    ("found", "every", "wait", "why"),
    [
        (state(), None, 0 * HOUR, "each poll"),
        (state(), "6h", 6 * HOUR, "every in feeds.yml"),
        (state(ttl_seconds=3600), "15m", 15 * MINUTE, "every in feeds.yml"),
        (state(ttl_seconds=3600, wait_seconds=300), None, HOUR, "the feed's ttl"),
        (state(ttl_seconds=300, wait_seconds=3600), None, HOUR, "max-age"),
        (state(ttl_seconds=30 * 86400), None, DAY, "the feed's ttl"),
        (state(wait_seconds=10**12), None, DAY, "max-age"),
    ],
)
def test_a_feed_that_answered_is_due_as_its_line_or_it_itself_says(found, every, wait, why):
    assert after(found, every) == (wait, why)


@pytest.mark.parametrize(
    ("failing", "asked", "wait", "why"),
    [
        (0 * HOUR, 0, 0 * HOUR, "failing since 2026-03-02 12:00"),
        (HOUR, 0, 15 * MINUTE, "failing since 2026-03-02 11:00"),
        (8 * HOUR, 0, 2 * HOUR, "failing since 2026-03-02 04:00"),
        (365 * DAY, 0, 6 * HOUR, "failing since 2025-03-02 12:00"),
        (0 * HOUR, 1800, 30 * MINUTE, "Retry-After"),
        (8 * HOUR, 1800, 2 * HOUR, "failing since 2026-03-02 04:00"),
        (0 * HOUR, 10**12, DAY, "Retry-After"),
    ],
)
def test_a_feed_that_fails_is_asked_less_and_less_and_a_retry_after_is_kept(failing, asked, wait, why):
    """Neither `every` nor the feed's ttl makes a failure last longer."""
    assert after(state(failing, wait_seconds=asked, ttl_seconds=86400), every="1d") == (wait, why)


def test_a_feed_that_fails_for_days_is_asked_every_quarter_of_an_hour_then_every_six():
    feed, now, tries = Feed("x", URL, "X"), NOON, list[datetime]()
    while now < NOON + 3 * DAY:
        failing = FeedState(URL, polled_at=tries[-1], failing_since=NOON) if tries else None
        if due_feeds([feed], Memory({"x": failing} if failing else {}), now):
            tries.append(now)
        now += 15 * MINUTE
    gaps = [after - before for before, after in pairwise(tries)]
    assert gaps == sorted(gaps)
    assert (gaps[0], gaps[-1], len(tries)) == (15 * MINUTE, 6 * HOUR, 26)


def test_a_feed_never_asked_or_at_a_new_address_is_due_at_once():
    assert due(Feed("x", URL, "X", every="1d"), None) == Due(None, "never asked")
    assert due(Feed("x", URL + "2", "X", every="1d"), state()).at is None


def asked(now: datetime) -> list[str]:
    hourly, daily, new = (Feed(name, URL, "X", every=e) for name, e in (("h", "1h"), ("d", "1d"), ("new", "30d")))
    memory = Memory({"h": state(), "d": state()})
    return [feed.feed_id for feed in due_feeds([hourly, daily, new], memory, now)]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOON + HOUR - 2 * MINUTE, ["new"]),
        (NOON + HOUR - MINUTE, ["h", "new"]),  # cycles begin some seconds apart
        (NOON + DAY, ["h", "d", "new"]),
        (NOON - DAY, ["h", "d", "new"]),  # a past that is replayed
    ],
)
def test_a_poll_asks_what_is_due_at_its_moment(now, expected):
    assert asked(now) == expected


@pytest.mark.parametrize(("text", "minutes"), [("1m", 1), ("15m", 15), ("6h", 360), ("30d", 43200)])
def test_an_interval_is_a_number_of_minutes_hours_or_days(text, minutes):
    assert interval(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "15", "0m", "-1h", "1.5h", "1 h", "1H", "1w", "31d", "99999d", "999999h", "١h"])
def test_anything_else_is_no_interval(text):
    assert interval(text) is None
