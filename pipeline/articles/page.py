"""One page to one article: pure, but slow enough to be done in other processes (see pool.py)."""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import py3langid
from htmldate import find_date
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from pipeline.articles import body as body_text
from pipeline.articles.copies import signature
from pipeline.articles.decode import decode
from pipeline.articles.identity import identify, version_id
from pipeline.articles.metadata import Metadata, Moment, choose_published, moment, read_metadata
from pipeline.records import Article, FeedItem, Page, Rejected

T = TypeVar("T")
LANGUAGE_CHARACTERS = 800
"""More text makes the guess no better, only slower."""
CERTAIN_WORDS = 30
"""In shorter texts the page's own declaration counts more than the guess."""
LEAST_LETTERS = 80
"""A brief of one sentence has that many letters and digits; less is a caption, a teaser or a consent notice."""
_MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|article|div|p|meta|title)\b", re.IGNORECASE)
_HTML_TYPES = ("html", "xml")
_UNUSABLE = re.compile("[\x00\ud800-\udfff]")
# What lxml, trafilatura and htmldate are known to raise on hostile pages. Anything else is a bug, and stops the run.
_PAGE_ERRORS = (
    LxmlError, ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError, AssertionError, MemoryError
)  # fmt: skip

for _name in ("trafilatura", "htmldate", "charset_normalizer"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # they log each page's oddities as errors


class Unusable(Exception):
    """Why a page gives no article. Stays within this package."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


def clean_page(page: Page, item: FeedItem, body: bytes, content_type: str | None) -> Article | Rejected:
    """The article on a page, or why there is none. The same arguments always give the same answer."""
    try:
        if item.body is not None:
            return _given(page, item, item.body)
        return _read(page, item, body, content_type)
    except Unusable as why:
        return rejected(page, item, why.reason, why.detail)


def rejected(page: Page, item: FeedItem, reason: str, detail: str) -> Rejected:
    return Rejected("clean", reason, detail[:500], item.item_id, item.feed_id, page.url, page.fetched_at)


def _given(page: Page, item: FeedItem, text: str) -> Article:
    """An import, or an entry of a feed that has no page: the text is clean already, and kept to the letter."""
    text, title = _UNUSABLE.sub("\ufffd", text), _UNUSABLE.sub("\ufffd", item.title)
    if not text.strip():
        raise Unusable("no_text", "it has no text")
    is_import = item.reason == "import"
    stated = [Moment(item.published_at, True, "import" if is_import else "feed")] if item.published_at else []
    published = next(iter(stated), None) if is_import else choose_published(stated, page.fetched_at)
    return _article(page, item, title, text, published, Metadata())


def _read(page: Page, item: FeedItem, body: bytes, content_type: str | None) -> Article:
    if page.status not in (200, 203):
        raise Unusable(f"http_{page.status}", "not the article's page")
    _check_html(body, content_type)
    tree = _guarded(body_text.parse, decode(body, content_type))
    if tree is None:
        raise Unusable("not_html", "no HTML could be read from it")
    found = _guarded(read_metadata, tree)
    published = _published(found, item, page, tree)
    titles = (*found.titles, item.title)
    lines = body_text.without_title(_guarded(body_text.paragraphs, tree), titles)
    text = _UNUSABLE.sub("", "\n".join(lines))
    _check_text(text)
    title = _UNUSABLE.sub("", next((t for t in titles if t), ""))
    return _article(page, item, title, text, published, found)


def _check_html(body: bytes, content_type: str | None) -> None:
    if not body.strip():
        raise Unusable("empty", "the page has no bytes")
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind and "/" in kind and not any(k in kind for k in _HTML_TYPES) and not _MARKUP.search(body[:2000]):
        raise Unusable("not_html", kind)


def _check_text(text: str) -> None:
    if not text:
        raise Unusable("no_text", "nothing but navigation")
    letters = sum(map(str.isalnum, text[: 20 * LEAST_LETTERS]))
    if letters < LEAST_LETTERS:
        raise Unusable("not_article", f"{letters} letters: {text[:200]}")


def _guarded(read: Callable[..., T], *arguments: object) -> T:
    """Call a parser on a page; what it raises on hostile input becomes a rejection."""
    try:
        return read(*arguments)
    except _PAGE_ERRORS as error:
        raise Unusable("unreadable", f"{type(error).__name__}: {error}") from error


def _published(found: Metadata, item: FeedItem, page: Page, tree: HtmlElement) -> Moment | None:
    """Stated dates first; the search through the page, which takes longer than all the rest, only without any."""
    feed = [Moment(item.published_at, True, "feed")] if item.published_at else []
    chosen = choose_published([*found.published, *feed], page.fetched_at)
    if chosen:
        return chosen
    latest = page.fetched_at.replace(tzinfo=None)
    day = _guarded(lambda: find_date(tree, original_date=True, url=page.url, max_date=latest))
    return moment(day, "htmldate") if day else None


def _article(page: Page, item: FeedItem, title: str, text: str, published: Moment | None, found: Metadata) -> Article:
    identity = identify(page.url, found.canonical)
    at, source = (published.at, published.source) if published else (page.fetched_at, "fetched")
    return Article(
        version_id=version_id(identity.article_id, title, text),
        article_id=identity.article_id,
        url=identity.url,
        copy_of_url=identity.copy_of_url,
        item_id=item.item_id,
        page_id=page.page_id,
        feed_id=item.feed_id,
        publisher=item.publisher,
        title=title,
        text=text,
        language=language_of(text, found.language),
        published_at=at,
        published_source=source,
        modified_at=_utc(found.modified),
        fetched_at=page.fetched_at,
        similarity=signature(text),
    )


def _utc(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC) if at else None


def language_of(text: str, declared: str | None = None) -> str:
    """ISO 639-1 code; `und` where nobody knows."""
    sample = text[:LANGUAGE_CHARACTERS]
    if len(sample.split()) < CERTAIN_WORDS and declared:
        return declared
    if not sample.strip():
        return declared or "und"
    return str(py3langid.classify(sample)[0])
