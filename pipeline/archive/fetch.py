"""Fetch a batch's items: hosts side by side, each at its own pace; every answer archived before anything reads it."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic

from pipeline.archive.hosts import Robots
from pipeline.archive.store import PAGE, PageFile, Stored, header_text
from pipeline.batch import Batch
from pipeline.records import FeedItem, Page, Rejected, hash_id
from pipeline.settings import Settings
from pipeline.web.client import Client, Role, outcome
from pipeline.web.encoding import decoded
from pipeline.web.exchange import Failure, Response
from pipeline.web.urls import checked_url, identity

Progress = Callable[[int, int], None]
"""Told (items done, items in all)."""
_TEXT_TYPES = re.compile(r"text/(html|plain)|application/xhtml\+xml|")
"""The empty type too: what it is, is seen from the body."""
_OTHER_BYTES = 65536
"""Of anything that isn't text, so much is archived."""
_MARKUP = re.compile(rb"<(!doctype|html|head|body|article|p|div)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FetchResult:
    """Each item has either one page or one rejection; both in the items' order."""

    pages: list[Page]
    rejected: list[Rejected]


_Made = Page | Rejected
"""What asking for one URL came to, made out to the first item that wanted it. Bodies are in the archive, not here."""


async def fetch_items(
    items: Sequence[FeedItem],
    batch: Batch,
    part: str,
    settings: Settings,
    now: datetime,
    progress: Progress | None = None,
) -> FetchResult:
    """Fetch the items of one part and archive every answer in its WARC file.

    `now` is the moment this begins: fetched_at counts on from there. Raises StorageError if the archive can't be
    written; whatever a server does is a page or a rejection. Called again after a crash, it goes on where it was.
    """
    began = monotonic()
    with PageFile(batch, part, settings.user_agent) as file:
        run = _Run(file, settings, lambda: now + timedelta(seconds=monotonic() - began), items, progress)
        await run.fetch_all()
        file.finish()
    return run.result(items)


class _Run:
    """One call's work: groups of items that one URL answers, and what came of each."""

    def __init__(
        self,
        file: PageFile,
        settings: Settings,
        clock: Callable[[], datetime],
        items: Sequence[FeedItem],
        progress: Progress | None,
    ) -> None:
        self.file, self.settings, self.clock = file, settings, clock
        self.progress, self.total, self.done = progress, len(items), 0
        self.groups: dict[str, list[FeedItem]] = defaultdict(list)
        for item in items:
            self.groups[_group(item)].append(item)
        self.made: dict[str, _Made] = {}
        self._resume()

    def _resume(self) -> None:
        """Take over what an interrupted run had archived."""
        wanted = {header_text(_request(group[0])): key for key, group in self.groups.items()}
        for stored in self.file.recover():
            key = wanted.get(stored.request)
            if key is not None and stored.outcome not in ("redirect", "retry"):
                self._keep(key, self._archived(key, stored, usable(stored.response, self.settings)))

    async def fetch_all(self) -> None:
        for key, group in self.groups.items():
            if key not in self.made and group[0].body is not None:
                self._keep(key, self._archive_text(key, group[0].body))
        waiting = [key for key in self.groups if key not in self.made]
        if not waiting:
            return
        async with Client(self.settings) as client:
            robots = Robots(client, self.settings)
            try:
                async with asyncio.TaskGroup() as tasks:
                    for key in waiting:
                        tasks.create_task(self._fetch(client, robots, key))
            except BaseExceptionGroup as errors:
                raise errors.exceptions[0] from None

    def _archive_text(self, key: str, text: str) -> _Made:
        item = self.groups[key][0]
        stored = self.file.add_text(item.url, text, item.item_id, self.clock())
        return self._archived(key, stored, stored.response.body or Failure("empty", "the text is empty"))

    async def _fetch(self, client: Client, robots: Robots, key: str) -> None:
        url = self.groups[key][0].url
        last: list[_Made] = []

        def archive(response: Response, role: Role) -> None:
            body = usable(response, self.settings)
            reason = role if role != "final" else body.reason if isinstance(body, Failure) else PAGE
            stored = self.file.add(response, url, reason, self.clock())
            last[:] = [self._archived(key, stored, body)]

        if checked_url(url) is None:
            self._keep(key, self._failed(key, Failure("bad_url", "no URL that can be fetched"), self.clock()))
            return
        answer = (await client.visit(url, self._longest, allowed=robots.refusal, seen=archive)).answer
        self._keep(key, self._failed(key, answer, self.clock()) if isinstance(answer, Failure) else last[0])

    def _archived(self, key: str, stored: Stored, body: bytes | Failure) -> _Made:
        """What an answer in the archive is to the items that wanted it."""
        if isinstance(body, Failure):
            return self._failed(key, body, stored.fetched_at)
        item, response = self.groups[key][0], stored.response
        return Page(
            hash_id(response.url, body), item.item_id, item.feed_id, item.publisher, item.url, response.url,
            response.status, stored.fetched_at, response.header("content-type"), len(body), stored.warc_file,
            stored.offset, stored.length,
        )  # fmt: skip

    def _failed(self, key: str, why: Failure, at: datetime) -> Rejected:
        item = self.groups[key][0]
        return Rejected("fetch", why.reason, why.detail, item.item_id, item.feed_id, item.url, at)

    def _longest(self, content_type: str) -> int:
        return self.settings.page_bytes if _TEXT_TYPES.fullmatch(content_type) else _OTHER_BYTES

    def _keep(self, key: str, made: _Made) -> None:
        self.made[key] = made
        self.done += len(self.groups[key])
        if self.progress:
            self.progress(self.done, self.total)

    def result(self, items: Sequence[FeedItem]) -> FetchResult:
        made = [_made_out_to(item, self.made[_group(item)]) for item in items]
        return FetchResult([m for m in made if isinstance(m, Page)], [m for m in made if isinstance(m, Rejected)])


def _made_out_to(item: FeedItem, made: _Made) -> _Made:
    if item.item_id == made.item_id:
        return made
    if isinstance(made, Page):
        return replace(made, item_id=item.item_id, feed_id=item.feed_id, publisher=item.publisher)
    return replace(made, item_id=item.item_id, feed_id=item.feed_id, url=item.url)


def _group(item: FeedItem) -> str:
    """Items with the same key are answered by one request; what brings its own text stands alone."""
    return f"item {item.item_id}" if item.body is not None else identity(item.url)


def _request(item: FeedItem) -> str:
    return item.item_id if item.body is not None else item.url


def usable(response: Response, settings: Settings) -> bytes | Failure:
    """The body of an answer that can be a page, content encoding undone; else why it can't. Pure."""
    told = f"{response.status} {response.phrase}".strip()
    if response.status not in (200, 203):
        where = response.header("location")
        return Failure(f"http_{response.status}", f"{told} to {where[:300]}" if where else told)
    if not _TEXT_TYPES.fullmatch(response.content_type):
        return Failure("content_type", response.content_type[:100])
    if response.cut:
        return Failure(outcome(response), f"cut off after {len(response.body)} bytes")
    body = decoded(response.body, response.header("content-encoding"), settings.page_bytes)
    if isinstance(body, Failure):
        return body
    if not body.strip():
        return Failure("empty", told)
    if not response.content_type and not _MARKUP.search(body[:4096]):
        return Failure("content_type", "none given, and the body is no HTML")
    return body
