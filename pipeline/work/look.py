"""Reading one page, to look at: from the web, archived in a folder that is thrown away, or saved; then cleaned."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from pipeline.archive.fetch import fetch_items
from pipeline.archive.store import read_pages
from pipeline.articles.clean import clean_pages
from pipeline.articles.page import clean_page
from pipeline.batch import Batch
from pipeline.errors import InputError
from pipeline.records import Article, FeedItem, Page, Rejected, hash_id
from pipeline.settings import Settings


async def read_url(settings: Settings, url: str) -> Article:
    """The article at a URL, by the same way as a feed's items. Raises InputError if it gives none."""
    now = datetime.now(UTC)
    item = FeedItem(hash_id("look", url), "look", "", url, None, "", None, now, "new")
    with tempfile.TemporaryDirectory() as folder:
        fetched = await fetch_items([item], Batch(folder, "look"), "0", settings, now)
        bodies = ((page, item, body, page.content_type) for page, body in read_pages(folder, fetched.pages))
        cleaned = clean_pages(bodies, settings)
    if not cleaned.articles:
        why = [*fetched.rejected, *cleaned.rejected][0]
        raise InputError(f"{url}: no article ({why.reason} {why.detail})")
    return cleaned.articles[0]


def read_page(path: Path) -> Article:
    """The article of a saved HTML page, cleaned as an archived one. Raises InputError if it holds none."""
    body, url = path.read_bytes(), path.resolve().as_uri()
    now = datetime.now(UTC)
    item = FeedItem(hash_id("look", url), "look", "", url, None, "", None, now, "new")
    page = Page(hash_id(url, body), item.item_id, "look", "", url, url, 200, now, "text/html", len(body), "", 0, 0)
    read = clean_page(page, item, body, page.content_type)
    if isinstance(read, Rejected):
        raise InputError(f"{path}: no article ({read.reason} {read.detail})")
    return read
