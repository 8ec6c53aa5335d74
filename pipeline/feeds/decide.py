"""Which of a feed's entries a batch takes. Pure: the moment, the past and the entries are arguments.

Every entry is taken, known already, or rejected; `Decision` keeps the count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.feeds.memory import FAILED, TRIES, Known, Memory, Missing, Pending
from pipeline.feeds.parse import Entry, Listing, Unusable
from pipeline.records import Feed, FeedItem, Rejected, hash_id
from pipeline.web.urls import page_key


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one feed's entries: item per entry taken, plus retries of items it no longer lists."""

    items: list[FeedItem]
    rejected: list[Rejected]
    taken: int
    """Entries that became items; the other items are retries of what the feed no longer lists."""
    known: int
    """Entries that are known and not due, or stand twice in the feed."""


def as_of_moment(now: datetime, newest: Iterable[datetime | None]) -> datetime:
    """The moment a poll stands for: now, or the newest item's date if all feeds are older (a replayed world)."""
    dates = [moment for moment in newest if moment is not None]
    return min(now, max(dates)) if dates else now


def decide(feed: Feed, listing: Listing, memory: Memory, as_of: datetime, now: datetime, recheck_days: int) -> Decision:
    """Items of one feed for a batch that stands for as_of. `now` is when the entries were seen."""
    items: dict[int, FeedItem] = {}
    known = memory.known([e.url for e in listing.entries])
    for entry, past in zip(listing.entries, known, strict=True):
        reason = reason_to_take(entry.published_at, past, as_of, recheck_days)
        key = page_key(entry.url)
        if reason and key not in items:
            items[key] = _item(feed, entry, now, reason)
    rejected = [_rejected(feed, u, now) for u in new_unusable(feed, listing.unusable, memory)]
    taken = len(items)
    for pending in memory.pending:
        if pending.feed_id == feed.feed_id:
            items.setdefault(page_key(pending.url), _retry(pending, now))
    return Decision(list(items.values()), rejected, taken, listing.count - taken - len(rejected))


def reason_to_take(published_at: datetime | None, past: Known | None, as_of: datetime, recheck_days: int) -> str | None:
    """`new`, `retry`, `recheck`, or null if the page is known and not due.

    A recheck looks for an edit: of a page that is still young, once a day.
    """
    if past is None:
        return "new"
    if past.state == FAILED:
        return "retry" if past.tries < TRIES else None
    published = published_at or past.published_at
    if published is None or past.as_of.date() >= as_of.date():
        return None
    # abs: what a wrong clock dates years ahead is not young for years
    return "recheck" if abs(as_of - published) <= timedelta(days=recheck_days) else None


def new_unusable(feed: Feed, unusable: Sequence[Unusable], memory: Memory) -> list[Unusable]:
    """Entries that can't be used and haven't been rejected before, each once."""
    once = {f"{feed.feed_id}\n{u.detail}": u for u in unusable}
    return [u for u, past in zip(once.values(), memory.known(list(once)), strict=True) if past is None]


def missed(feeds: Iterable[Feed], memory: Memory, day: date, now: datetime) -> list[FeedItem]:
    """What these feeds first listed on a day and no poll got, for reasons that may pass: what is left to the night."""
    active = {feed.feed_id for feed in feeds}
    return [_retry(item, now) for item in memory.missing if item.feed_id in active and item.listed_as_of.date() == day]


def _item(feed: Feed, entry: Entry, now: datetime, reason: str) -> FeedItem:
    return FeedItem(
        hash_id(feed.feed_id, entry.url), feed.feed_id, feed.publisher, entry.url, entry.guid, entry.title,
        entry.published_at, now, reason, entry.body,
    )  # fmt: skip


def _retry(pending: Pending | Missing, now: datetime) -> FeedItem:
    return FeedItem(
        hash_id(pending.feed_id, pending.url), pending.feed_id, pending.publisher, pending.url, pending.guid,
        pending.title, pending.published_at, now, "retry", None,
    )  # fmt: skip


def _rejected(feed: Feed, entry: Unusable, now: datetime) -> Rejected:
    return Rejected("poll", entry.reason, entry.detail, None, feed.feed_id, entry.url, now)
