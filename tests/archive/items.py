"""Items for the tests of fetching, and a fetch with everything around it."""

import asyncio
from datetime import UTC, datetime

from pipeline.archive.fetch import FetchResult, fetch_items
from pipeline.archive.store import members
from pipeline.batch import Batch
from pipeline.records import FeedItem, hash_id
from tests.web.site import settings

NOW = datetime(2022, 3, 8, 12, tzinfo=UTC)


def item(url: str, feed_id: str = "x", body: str | None = None) -> FeedItem:
    return FeedItem(hash_id(feed_id, url), feed_id, feed_id.upper(), url, None, "A title", NOW, NOW, "new", body)


def fetch(folder, *items: FeedItem, progress=None, **changed) -> FetchResult:
    batch = Batch(str(folder), "b")
    return asyncio.run(fetch_items(items, batch, "0", settings(**changed), NOW, progress))


def outcomes(result: FetchResult) -> dict[str, str]:
    """By URL asked: `page`, or the reason for the rejection."""
    return {**{p.requested_url: "page" for p in result.pages}, **{r.url: r.reason for r in result.rejected if r.url}}


def archived(folder, part: str = "0") -> list[bytes]:
    """The records of the part's file, unpacked, without the first (warcinfo)."""
    path = folder / "batches" / "b" / "pages" / f"{part}.warc.gz"
    if not path.exists():
        return []
    with open(path, "rb") as file:
        return [data for _, _, data in members(file)][1:]
