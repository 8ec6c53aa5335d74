"""A sitemap's bytes to what it lists: indexes, URL sets, news sitemaps, plain lists of URLs, gzipped or not. Pure.

https://www.sitemaps.org/protocol.html; news: https://developers.google.com/search/docs/crawling-indexing/sitemaps
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lxml import etree

from pipeline.web.encoding import decoded
from pipeline.web.exchange import Failure
from pipeline.web.urls import checked_url

_DAY = re.compile(
    r"(?<!\d)(?P<year>19\d\d|20\d\d)(?P<mark>[-/_.]?)(?P<month>0[1-9]|1[0-2]|[1-9](?=[-/_.]))"
    r"(?P=mark)(?P<day>0[1-9]|[12]\d|3[01]|[1-9](?=\D|$))(?!\d)"
)
_MONTH = re.compile(r"(?<!\d)(?P<year>19\d\d|20\d\d)[-/_.]?(?P<month>0[1-9]|1[0-2])(?![\d])")
_NAMED_MONTH = re.compile(
    r"/(?P<year>20\d\d)/(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/(?P<day>\d{1,2})/"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Listed:
    """A page or a further sitemap that a sitemap lists."""

    url: str
    modified_at: datetime | None
    published_at: datetime | None = None
    """Of news sitemaps only."""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Sitemap:
    pages: list[Listed]
    sitemaps: list[Listed]
    unusable: int = 0
    """Entries without a URL that can be fetched."""
    error: str | None = None


def parse_sitemap(body: bytes, limit: int) -> Sitemap:
    """Read as far as it can be read. `limit` is how many bytes it may have once unpacked."""
    plain = decoded(body, "gzip" if body[:2] == b"\x1f\x8b" else None, limit)
    if isinstance(plain, Failure):
        return Sitemap([], [], error=f"{plain.reason}: {plain.detail}")
    if plain.lstrip()[:1] != b"<" and not plain.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return _text_sitemap(plain)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(plain, parser)
    except etree.XMLSyntaxError as error:
        return Sitemap([], [], error=f"not a sitemap: {error}")
    if root is None or _name(root) not in ("urlset", "sitemapindex"):
        return Sitemap([], [], error=f"not a sitemap: begins with {plain[:60]!r}")
    pages = [_listed(e) for e in root if _name(e) == "url"]
    sitemaps = [_listed(e) for e in root if _name(e) == "sitemap"]
    good_pages, good_sitemaps = [p for p in pages if p], [s for s in sitemaps if s]
    unusable = len(pages) + len(sitemaps) - len(good_pages) - len(good_sitemaps)
    return Sitemap(good_pages, good_sitemaps, unusable)


def _text_sitemap(plain: bytes) -> Sitemap:
    lines = [line.strip() for line in plain.decode("utf-8", "replace").splitlines() if line.strip()]
    urls = [url for line in lines if (url := checked_url(line))]
    if not urls and lines:
        return Sitemap([], [], error=f"not a sitemap: begins with {lines[0][:60]!r}")
    return Sitemap([Listed(url, None) for url in urls], [], len(lines) - len(urls))


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _listed(element: Any) -> Listed | None:
    texts: dict[str, str] = {}
    for child in element.iter():
        texts.setdefault(_name(child), (child.text or "").strip())
    url = checked_url(texts.get("loc"))
    if url is None:
        return None
    return Listed(url, moment(texts.get("lastmod")), moment(texts.get("publication_date")), texts.get("title", ""))


def moment(text: str | None) -> datetime | None:
    """A W3C date or datetime as UTC; a bare day or month is its first moment; null for anything else."""
    value = (text or "").strip()
    value = f"{value}-01-01"[:10] if re.fullmatch(r"\d{4}(-\d\d)?", value) else value
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def day_in_url(url: str) -> date | None:
    """The day that a news URL names: /2022/03/05/, 2022-03-05, 20220305, /2022/mar/05/."""
    path = url.partition("://")[2].partition("/")[2].lower()
    named = _NAMED_MONTH.search(f"/{path}")
    found = named or _DAY.search(path)
    if found is None:
        return None
    month = _MONTHS.index(named["month"]) + 1 if named else int(found["month"])
    try:
        return date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        return None


def may_hold(listed: Listed, first: date, last: date) -> bool:
    """Can a further sitemap list pages of these days? No if it was last changed before them, or is named for others."""
    if listed.modified_at is not None and listed.modified_at.date() < first:
        return False
    span = _span_in_name(listed.url)
    return span is None or (span[0] - timedelta(days=1) <= last and first <= span[1] + timedelta(days=1))


def _span_in_name(url: str) -> tuple[date, date] | None:
    """The day or month that a sitemap is named for: sitemap-2022-03.xml."""
    if (day := day_in_url(url)) is not None:
        return day, day
    found = _MONTH.search(url.partition("://")[2].partition("/")[2])
    if found is None:
        return None
    year, month = int(found["year"]), int(found["month"])
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def when(listed: Listed) -> datetime | None:
    """When a page was published, as far as a sitemap tells.

    The news date; else lastmod, unless the URL names an earlier day: then lastmod is that of a later edit. A day's
    difference is no edit but the newsroom's clock: URLs carry its local day.
    """
    if listed.published_at is not None:
        return listed.published_at
    day, modified = day_in_url(listed.url), listed.modified_at
    if day is None or (modified is not None and abs(modified.date() - day) <= timedelta(days=1)):
        return modified
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
