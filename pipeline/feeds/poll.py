"""Ask every feed what is new: conditional requests, all hosts at once, one feed's failure a value like any other.

Feeds are offered for being polled, so robots.txt is not asked about them; it is about the pages.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipeline.feeds.decide import Decision, as_of_moment, decide
from pipeline.feeds.memory import FeedState, Memory
from pipeline.feeds.parse import Listing, parse_feed
from pipeline.records import Feed, FeedItem, Poll, Rejected
from pipeline.settings import Settings
from pipeline.web.client import Client, fresh_for, outcome, retry_after
from pipeline.web.encoding import decoded
from pipeline.web.exchange import Failure, Response
from pipeline.web.urls import host_of

log = logging.getLogger("tollwire")
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
_NOTHING = Listing([], [])


@dataclass(frozen=True, slots=True)
class PollResult:
    polls: list[Poll]
    """One a feed."""
    items: list[FeedItem]
    rejected: list[Rejected]
    """Feeds that failed and entries that can't be used; none has an item."""
    as_of: datetime
    known: int
    """Entries known already and not due: entries = items listed + known + rejected."""
    moved: tuple[tuple[str, str], ...] = ()
    """(feed_id, URL) of feeds that moved for good."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A feed's answer, read."""

    feed: Feed
    status: int | None
    error: tuple[str, str] | None
    """(fixed word, detail)."""
    listing: Listing = _NOTHING
    etag: str | None = None
    last_modified: str | None = None
    newest_at: datetime | None = None
    moved_to: str | None = None
    ttl_seconds: int | None = None
    wait_seconds: int | None = None


async def poll_feeds(feeds: Sequence[Feed], memory: Memory, now: datetime, settings: Settings) -> PollResult:
    """Poll the active ones of the feeds and decide what to take; which are due is the caller's to say (due.py).

    Raises for bugs only.
    """
    feeds = [feed for feed in feeds if feed.is_active]
    async with Client(settings) as client:
        asked = await asyncio.gather(*(_ask(client, f, memory.feeds.get(f.feed_id), settings) for f in feeds))
        # Feeds that are not asked now, or fail, count by what they listed last: one slow feed's newest item is not today.
        as_of = as_of_moment(now, [*(a.newest_at for a in asked), *(s.newest_item_at for s in memory.feeds.values())])
        asked = _paused(await asyncio.gather(*(_ask_again(client, a, memory, as_of, settings) for a in asked)))
    decisions = [decide(a.feed, a.listing, memory, as_of, now, settings.recheck_days) for a in asked]
    moved = tuple((a.feed.feed_id, a.moved_to) for a in asked if a.moved_to)
    for feed_id, url in moved:
        log.warning("feed %s has moved for good: set its url to %s", feed_id, url)
    return PollResult(
        [_poll(a, d, now) for a, d in zip(asked, decisions, strict=True)],
        [item for d in decisions for item in d.items],
        [r for a, d in zip(asked, decisions, strict=True) for r in [*_failed(a, now), *d.rejected]],
        as_of,
        sum(d.known for d in decisions),
        moved,
    )


async def _ask_again(client: Client, asked: _Asked, memory: Memory, as_of: datetime, settings: Settings) -> _Asked:
    """A feed that has not changed since an earlier day is read whole once: what it lists may be due for a recheck."""
    state = memory.feeds.get(asked.feed.feed_id)
    if asked.status != 304 or state is None:
        return asked
    if state.listed_as_of is not None and state.listed_as_of.date() >= as_of.date():
        return asked
    again = await _ask(client, asked.feed, None, settings)
    return asked if again.error else again


def _paused(asked: Sequence[_Asked]) -> list[_Asked]:
    """A pause that a host asks for goes for its other feeds too, that were not asked because of it."""
    pauses = {host_of(a.feed.url): a.wait_seconds for a in asked if a.error and a.wait_seconds}
    return [
        replace(a, wait_seconds=pauses.get(host_of(a.feed.url))) if a.error and a.error[0] == "rate_limited" else a
        for a in asked
    ]


async def _ask(client: Client, feed: Feed, state: FeedState | None, settings: Settings) -> _Asked:
    if state is not None and (state.url != feed.url or not (state.etag or state.last_modified)):
        state = None
    visit = await client.visit(feed.url, lambda kind: settings.page_bytes, _headers(state))
    answer = visit.answer
    if state is not None and isinstance(answer, Response) and answer.status == 304:
        etag = answer.header("etag") or state.etag
        modified = answer.header("last-modified") or state.last_modified
        found = _Asked(feed, 304, None, _NOTHING, etag, modified, state.newest_item_at, ttl_seconds=state.ttl_seconds)
    else:
        found = _read(feed, answer, settings)
    return replace(found, moved_to=visit.moved_to, wait_seconds=_wait(answer))


def _wait(answer: Response | Failure) -> int | None:
    """Seconds for which an answer's headers ask not to be asked again; null if they don't."""
    if isinstance(answer, Failure):
        return None
    wait = retry_after(answer, datetime.now(UTC)) if answer.status in (429, 503) else fresh_for(answer)
    return int(wait) if wait else None


def _headers(state: FeedState | None) -> dict[str, str]:
    headers = {"Accept": _ACCEPT}
    if state and state.etag:
        headers["If-None-Match"] = state.etag
    if state and state.last_modified:
        headers["If-Modified-Since"] = state.last_modified
    return headers


def _read(feed: Feed, answer: Response | Failure, settings: Settings) -> _Asked:
    """Parse an answer; whatever is wrong with it becomes the error."""
    if isinstance(answer, Failure):
        return _Asked(feed, None, (answer.reason, answer.detail))
    if (reason := outcome(answer)) != "ok":
        return _Asked(feed, answer.status, (reason, f"{answer.status} {answer.phrase}"))
    if answer.status != 200:
        return _Asked(feed, answer.status, (f"http_{answer.status}", answer.phrase))
    body = decoded(answer.body, answer.header("content-encoding"), settings.page_bytes)
    if isinstance(body, Failure):
        return _Asked(feed, answer.status, (body.reason, body.detail))
    listing = parse_feed(body, answer.header("content-type"), answer.url)
    if listing.error:
        return _Asked(feed, answer.status, ("not_a_feed", listing.error))
    etag, modified = answer.header("etag"), answer.header("last-modified")
    return _Asked(
        feed, answer.status, None, listing, etag, modified, listing.newest_at, ttl_seconds=listing.ttl_seconds
    )


def _poll(asked: _Asked, decision: Decision, now: datetime) -> Poll:
    error = f"{asked.error[0]}: {asked.error[1]}" if asked.error else None
    return Poll(
        asked.feed.feed_id, asked.feed.url, now, asked.status, error, asked.etag, asked.last_modified,
        asked.listing.count, decision.taken, asked.newest_at, asked.ttl_seconds, asked.wait_seconds,
    )  # fmt: skip


def _failed(asked: _Asked, now: datetime) -> list[Rejected]:
    if asked.error is None:
        return []
    reason, detail = asked.error
    return [Rejected("poll", reason, detail, None, asked.feed.feed_id, asked.feed.url, now)]
