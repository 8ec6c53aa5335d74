"""The past: what feeds' sites published on given days, from what they still offer.

Where to look is a `Source`; sitemaps are the first, others join SOURCES.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from protego import Protego

from pipeline.archive.hosts import Robots
from pipeline.archive.sitemap import Listed, Sitemap, may_hold, parse_sitemap, when
from pipeline.records import Feed, FeedItem, Rejected, hash_id
from pipeline.settings import Settings
from pipeline.web.client import Client, outcome
from pipeline.web.encoding import decoded
from pipeline.web.exchange import Failure
from pipeline.web.urls import identity

SITEMAP_BYTES = 64_000_000
"""The protocol allows 50 MB (52,428,800 bytes) unpacked."""
SITEMAPS = 500
"""Sitemaps that one feed may lead to for one range of days."""
DEPTH = 5


@dataclass(frozen=True, slots=True)
class DiscoverResult:
    items: list[FeedItem]
    """Pages of the range, each once, reason `backfill`; whether they are known already is not asked."""
    rejected: list[Rejected]
    """What could not be read or dated; none has an item."""


@dataclass(frozen=True, slots=True)
class Span:
    """A range of days, both ends in."""

    first: date
    last: date

    def holds(self, moment: datetime) -> bool:
        return self.first <= moment.date() <= self.last


@dataclass(slots=True)
class Web:
    """What a source may use."""

    client: Client
    robots: Robots
    settings: Settings


@dataclass(slots=True)
class Found:
    """What a source found for one feed."""

    pages: list[Listed] = field(default_factory=list)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)
    """(fixed word, detail, URL)."""


Source = Callable[[Web, Feed, Span], Awaitable[Found]]
"""Looks for one feed's pages of a span; what goes wrong is in Found.wrong, never raised."""


async def discover(
    feeds: Sequence[Feed], day_from: date, day_to: date, settings: Settings, now: datetime | None = None
) -> DiscoverResult:
    """Items that the active feeds' sites published from day_from to day_to, both in, in UTC.

    A page that several feeds of a site lead to is the first feed's.
    """
    span, seen_at = Span(day_from, day_to), now or datetime.now(UTC)
    items: dict[str, FeedItem] = {}
    rejected: list[Rejected] = []
    async with Client(settings) as client:
        web = Web(client, Robots(client, settings), settings)
        asked = [feed for feed in feeds if feed.is_active]
        for feed, found in await _search(web, asked, span):
            rejected += [Rejected("poll", r, d, None, feed.feed_id, url, seen_at) for r, d, url in found.wrong]
            for page in found.pages:
                items.setdefault(identity(page.url), _item(feed, page, seen_at))
    return DiscoverResult(list(items.values()), rejected)


async def _search(web: Web, feeds: Sequence[Feed], span: Span) -> list[tuple[Feed, Found]]:
    """Every source for every feed, side by side, in the feeds' order; feeds with the same starting point share it."""
    starts: dict[str, Feed] = {}
    for feed in feeds:
        starts.setdefault(feed.sitemap or _origin(feed.url), feed)
    pairs = [(feed, source) for feed in starts.values() for source in SOURCES]
    found = await asyncio.gather(*(source(web, feed, span) for feed, source in pairs))
    return [(feed, f) for (feed, _), f in zip(pairs, found, strict=True)]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _item(feed: Feed, page: Listed, now: datetime) -> FeedItem:
    return FeedItem(
        hash_id(feed.feed_id, page.url), feed.feed_id, feed.publisher, page.url, None, page.title, when(page), now,
        "backfill",
    )  # fmt: skip


async def sitemaps(web: Web, feed: Feed, span: Span) -> Found:
    """Pages of the span in the feed's sitemap, or in those that robots.txt names, or in /sitemap.xml."""
    found, seen = Found(), set[str]()
    level = [Listed(url, None) for url in await _starts(web, feed, found)]
    for _ in range(DEPTH):
        further: list[Listed] = []
        for listed in level:
            if listed.url in seen or not may_hold(listed, span.first, span.last):
                continue
            if len(seen) >= SITEMAPS:
                found.wrong.append(("sitemap_limit", f"more than {SITEMAPS} sitemaps; not read", listed.url))
                return found
            seen.add(listed.url)
            further += _take(found, listed.url, await _read(web, listed.url), span)
        level = further
    found.wrong += [("sitemap_limit", f"nested deeper than {DEPTH}; not read", s.url) for s in level]
    return found


def _take(found: Found, url: str, sitemap: Sitemap, span: Span) -> list[Listed]:
    """Keep a sitemap's pages of the span; returns the sitemaps it leads to."""
    if sitemap.error:
        found.wrong.append(("sitemap", sitemap.error, url))
    if sitemap.unusable:
        found.wrong.append(("bad_url", f"{sitemap.unusable} entries of the sitemap name no URL", url))
    dated = [(page, moment) for page in sitemap.pages if (moment := when(page)) is not None]
    if len(dated) < len(sitemap.pages):
        missing = len(sitemap.pages) - len(dated)
        found.wrong.append(("no_date", f"{missing} pages of the sitemap carry no date", url))
    found.pages += [page for page, moment in dated if span.holds(moment)]
    return sitemap.sitemaps


async def _starts(web: Web, feed: Feed, found: Found) -> list[str]:
    if feed.sitemap:
        return [feed.sitemap]
    rules = await web.robots.rules(feed.url)
    if isinstance(rules, Failure):
        found.wrong.append((rules.reason, rules.detail, feed.url))
        return []
    return _named(rules) or [f"{_origin(feed.url)}/sitemap.xml"]


def _named(rules: Protego) -> list[str]:
    return list(dict.fromkeys(rules.sitemaps))


async def _read(web: Web, url: str) -> Sitemap:
    """A sitemap, or a Sitemap with the error if it can't be had."""
    visit = await web.client.visit(url, lambda kind: SITEMAP_BYTES)
    answer = visit.answer
    if isinstance(answer, Failure):
        return Sitemap([], [], error=f"{answer.reason}: {answer.detail}")
    if answer.status != 200 or answer.cut:
        return Sitemap([], [], error=outcome(answer) if answer.cut else f"http_{answer.status}")
    body = decoded(answer.body, answer.header("content-encoding"), SITEMAP_BYTES)
    if isinstance(body, Failure):
        return Sitemap([], [], error=f"{body.reason}: {body.detail}")
    return parse_sitemap(body, SITEMAP_BYTES)


SOURCES: tuple[Source, ...] = (sitemaps,)
"""Where the past is looked for."""
