"""Which feeds are due, and why. Pure: the feed, what is remembered of it and the moment are arguments.

A feed is asked in every poll unless something says to leave it alone for a while:
- it answered last time: `every` in feeds.yml; without that, the longest of what the feed asks for itself (RSS `ttl`,
  `sy:updatePeriod`, Cache-Control's `max-age`), at most a day;
- it failed: Retry-After of a 429 or 503, at most a day; or a quarter of the time for which it has been failing, at most
  six hours; whichever is longer. So one failure costs nothing, and a feed that is gone is asked four times a day.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.feeds.memory import FeedState, Memory
from pipeline.records import Feed

ASKED_MOST = timedelta(days=1)
"""A feed that asks to be left alone for longer is asked after this all the same."""
FAILING_SHARE = 4
FAILING_MOST = timedelta(hours=6)
EARLY = timedelta(minutes=1)
"""A poll that begins this much too early still counts as on time: cycles begin some seconds apart, now earlier, now later."""

_EVERY = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_EVERY_MOST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Due:
    """When a feed is due next."""

    at: datetime | None
    """Null: at once."""
    why: str

    def by(self, now: datetime) -> bool:
        return self.at is None or self.at <= now + EARLY


def interval(every: str) -> timedelta | None:
    """What `15m`, `6h` or `1d` means; null for anything else, and for more than thirty days."""
    found = _EVERY.fullmatch(every)
    if not found:
        return None
    wait = timedelta(**{_UNITS[found[2]]: int(found[1])})
    return wait if wait <= _EVERY_MOST else None


def due(feed: Feed, state: FeedState | None) -> Due:
    """When the feed is due next, by its last answer."""
    if state is None or state.polled_at is None:
        return Due(None, "never asked")
    if state.url != feed.url:
        return Due(None, "never asked at this address")
    wait, why = _failing(state) if state.failing_since else _quiet(feed, state)
    return Due(state.polled_at + wait, why)


def _failing(state: FeedState) -> tuple[timedelta, str]:
    since, last = state.failing_since, state.polled_at
    assert since
    assert last
    backed_off = min((last - since) / FAILING_SHARE, FAILING_MOST)
    asked = _asked(state.wait_seconds)
    return max((backed_off, f"failing since {since:%Y-%m-%d %H:%M}"), (asked, "Retry-After"))


def _quiet(feed: Feed, state: FeedState) -> tuple[timedelta, str]:
    if feed.every and (wait := interval(feed.every)):
        return wait, "every in feeds.yml"
    asked = max((_asked(state.ttl_seconds), "the feed's ttl"), (_asked(state.wait_seconds), "max-age"))
    return asked if asked[0] else (timedelta(0), "each poll")


def _asked(seconds: int | None) -> timedelta:
    return min(timedelta(seconds=min(seconds or 0, 10**9)), ASKED_MOST)


def due_feeds(feeds: Iterable[Feed], memory: Memory, now: datetime) -> list[Feed]:
    """The feeds that a poll at `now` asks. A feed that was asked later than `now` (a replayed past) is due."""
    return [feed for feed in feeds if _is_due(feed, memory.feeds.get(feed.feed_id), now)]


def _is_due(feed: Feed, state: FeedState | None, now: datetime) -> bool:
    if state and state.polled_at and now < state.polled_at:
        return True
    return due(feed, state).by(now)
