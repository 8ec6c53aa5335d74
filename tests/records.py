"""Records for tests, each field set to something plain unless the test says otherwise."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from pipeline.batch import Batch, BatchInfo
from pipeline.records import Article, Fact, FeedItem, Page, Poll, Rejected, fact_id, hash_id

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def item(url: str, **changes: Any) -> FeedItem:
    values = {
        "item_id": hash_id("test", url), "feed_id": "test", "publisher": "Test News", "url": url, "guid": None,
        "title": "A title", "published_at": NOON, "listed_at": NOON, "reason": "new",
    }  # fmt: skip
    return FeedItem(**{**values, **changes})


def poll(**changes: Any) -> Poll:
    values = {
        "feed_id": "test", "url": "https://news.example/feed", "polled_at": NOON, "status": 200, "error": None,
        "etag": None, "last_modified": None, "item_count": 0, "taken_count": 0, "newest_item_at": None,
    }  # fmt: skip
    return Poll(**{**values, **changes})


def page(source: FeedItem, body: bytes = b"<p>text</p>", **changes: Any) -> Page:
    values = {
        "page_id": hash_id(source.url, body), "item_id": source.item_id, "feed_id": source.feed_id,
        "publisher": source.publisher, "requested_url": source.url, "url": source.url, "status": 200,
        "fetched_at": NOON, "content_type": "text/html", "body_length": len(body),
        "warc_file": "batches/b/pages/0.warc.gz", "warc_offset": 0, "warc_length": 1,
    }  # fmt: skip
    return Page(**{**values, **changes})


def article(source: FeedItem, text: str = "Some text.", **changes: Any) -> Article:
    article_id = hash_id(source.url)
    values = {
        "version_id": hash_id(article_id, text), "article_id": article_id, "url": source.url, "copy_of_url": None,
        "item_id": source.item_id, "page_id": hash_id(source.url, text), "feed_id": source.feed_id,
        "publisher": source.publisher, "title": "", "text": text, "language": "en", "published_at": NOON,
        "published_source": "feed", "modified_at": None, "fetched_at": NOON, "similarity": (),
    }  # fmt: skip
    return Article(**{**values, **changes})


def fact(source: Article, number: str, metric: str = "killed", **changes: Any) -> Fact:
    start = source.document.index(number)
    value = int(number.replace(",", ""))
    values = {
        "fact_id": fact_id(source.version_id, start, start + len(number), metric), "version_id": source.version_id,
        "article_id": source.article_id, "metric": metric, "unit": "person", "low": value, "high": value,
        "quantifier": "exact", "measure": "new", "start_date": date(2026, 3, 1), "end_date": date(2026, 3, 1),
        "place": None, "place_id": None, "place_name": None, "place_kind": None, "latitude": None, "longitude": None,
        "country": None, "victims": "people", "victim_type": "unspecified", "population": "all", "side": None,
        "displacement": None, "attribution": None, "subset_of": None, "background": False, "implicit": False,
        "cause": "conflict", "number_text": number, "number_start": start, "number_end": start + len(number),
        "evidence": source.document, "evidence_start": 0, "evidence_end": len(source.document), "confidence": 0.9,
        "extractor": "test 1",
    }  # fmt: skip
    return Fact(**{**values, **changes})


def rejected(source: FeedItem, reason: str = "http_404", stage: Any = "fetch") -> Rejected:
    return Rejected(stage, reason, "", source.item_id, source.feed_id, source.url, NOON)


def batch(data: str, batch_id: str, day: int = 0, **kinds: list[Any]) -> tuple[Batch, BatchInfo]:
    """A batch with the files given, standing for `day` days after NOON."""
    made = Batch(data, batch_id)
    for kind in ("polls", "items", "pages", "articles", "facts", "rejected"):
        made.write(kind, kinds.get(kind, []))
    info = BatchInfo(batch_id, "poll", NOON + timedelta(days=day), NOON)
    made.write_info(info)
    return made, info
