"""Pages made for tests: an article's HTML, and the records that come with it."""

from datetime import UTC, datetime
from typing import Any

from pipeline.articles.clean import Source
from pipeline.records import FeedItem, Page, hash_id

FETCHED = datetime(2026, 3, 2, 12, tzinfo=UTC)
LISTED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
PARAGRAPHS = (
    "At least twelve people were killed when a bomb went off in the market of the town on Tuesday, officials said.",
    "Thirty more were wounded, some of them seriously, and were taken to hospitals in the capital by helicopter.",
    "The governor asked people to stay at home and to give blood. Nobody has claimed responsibility for the attack.",
)
TITLE = "Bomb kills at least twelve in market"


def html(
    paragraphs: tuple[str, ...] = PARAGRAPHS, title: str = TITLE, head: str = "", around: str = "", lang: str = "en"
) -> str:
    """A page as news sites make them; `head` goes into the head, `around` after the article."""
    body = "\n".join(f"<p>{p}</p>" for p in paragraphs)
    return f"""<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} | Example News</title>{head}
</head><body><header><nav><ul><li><a href="/w">World</a></li><li><a href="/s">Sport</a></li></ul></nav></header>
<main><article><h1>{title}</h1>{body}</article>{around}</main>
<footer><p>All rights reserved.</p></footer></body></html>"""


def source(content: bytes | str, content_type: str | None = "text/html; charset=utf-8", /, **item: Any) -> Source:
    """What cleaning gets for one page. `item` overrides fields of the feed's item, `url` both."""
    data = content.encode() if isinstance(content, str) else content
    url = item.pop("url", "https://news.example.com/2026/03/bomb")
    values = {"item_id": hash_id("feed", url), "feed_id": "feed", "publisher": "Example News", "url": url, "guid": None,
              "title": TITLE, "published_at": LISTED, "listed_at": LISTED, "reason": "new", "body": None}  # fmt: skip
    entry = FeedItem(**{**values, **item})
    page = Page(
        page_id=hash_id(url, data), item_id=entry.item_id, feed_id="feed", publisher="Example News", requested_url=url,
        url=url, status=200, fetched_at=FETCHED, content_type=content_type, body_length=len(data), warc_file="w",
        warc_offset=0, warc_length=len(data),
    )  # fmt: skip
    return page, entry, data, content_type
