"""A feed's bytes to its entries: RSS, Atom, RDF and JSON Feed, read as far as they can be read.

Pure. An entry that cannot be used is an `Unusable` with its reason; none is dropped.
"""

import calendar
import codecs
import html
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser

from pipeline.records import hash_id
from pipeline.web.urls import checked_url

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]+)""", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Each in one pass over the text, whatever it holds: a title of a megabyte must not hold up the other feeds.
_BLOCK = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|blockquote|tr|table|section|article)\b[^<>]*>", re.IGNORECASE)
_SILENT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
# No character has such a number; Python refuses to read one of 5,000 digits, and so does feedparser, by an exception.
_LONG_NUMBER = re.compile(r"&(?:amp;)*#(?:[xX][0-9a-fA-F]{9,}|[0-9]{9,});?")
_NO_CHARACTER = "\N{REPLACEMENT CHARACTER}"
# What feedparser may raise on hostile feeds. Anything else is a bug, and stops the run.
_FEED_ERRORS = (
    ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError, AssertionError, MemoryError
)  # fmt: skip
_ENTRY = re.compile(r"<(?:item|entry)\b", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_COUNT = re.compile(r"[1-9][0-9]{0,6}")
_DAY = 86_400
_PERIODS = {"hourly": 3600, "daily": _DAY, "weekly": 7 * _DAY, "monthly": 30 * _DAY, "yearly": 365 * _DAY}
"""Seconds of sy:updatePeriod: https://web.resource.org/rss/1.0/modules/syndication/"""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip


MOST_ENTRIES = 20_000
"""No newsroom lists more; reading such a feed would hold up all others."""
MOST_TAGS = 250_000
"""feedparser reads some 12,000 a second. 20,000 full entries have fewer."""


@dataclass(frozen=True, slots=True)
class Entry:
    url: str
    guid: str | None
    title: str
    published_at: datetime | None
    body: str | None = None
    """The whole text, of an entry that has no page of its own."""


@dataclass(frozen=True, slots=True)
class Unusable:
    reason: str
    """`no_link` or `bad_url`."""
    detail: str
    """The same for the same entry, every time."""
    url: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed lists, in its order."""

    entries: list[Entry]
    unusable: list[Unusable]
    error: str | None = None
    """Why this is no feed at all; then the lists are empty."""
    ttl_seconds: int | None = None
    """How long it asks to be left alone (RSS ttl, sy:updatePeriod and updateFrequency); null if it doesn't say."""

    @property
    def count(self) -> int:
        return len(self.entries) + len(self.unusable)

    @property
    def newest_at(self) -> datetime | None:
        return max((e.published_at for e in self.entries if e.published_at), default=None)


def parse_feed(body: bytes, content_type: str | None, url: str) -> Listing:
    """Entries of a feed that was found at url; relative links are resolved against it."""
    text = _CONTROL.sub("", decode(body, content_type))
    if text.lstrip()[:1] in ("{", "["):
        return _json_feed(text, url)
    if (count := len(_ENTRY.findall(text))) > MOST_ENTRIES:
        return Listing([], [], f"not a feed: {count} entries")
    if (count := text.count("<")) > MOST_TAGS:
        return Listing([], [], f"not a feed: {count} tags")
    try:
        parsed = feedparser.parse(
            _LONG_NUMBER.sub(_NO_CHARACTER, text).encode("utf8", "replace"),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
            sanitize_html=False,
        )
    except _FEED_ERRORS as error:
        return Listing([], [], f"not a feed: cannot be read ({type(error).__name__}: {str(error)[:200]})")
    if not parsed.entries and not parsed.get("version"):
        return Listing([], [], f"not a feed: begins with {text.strip()[:60]!r}")
    return _listing([_xml_entry(e, url) for e in parsed.entries], _ttl(parsed.feed))


def _ttl(feed: Any) -> int | None:
    """Seconds that the feed wants between two visits, the longer of the two ways to say it."""
    minutes, often = (str(feed.get(name, "")).strip() for name in ("ttl", "sy_updatefrequency"))
    period = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower(), 0)
    found = [
        int(minutes) * 60 if _COUNT.fullmatch(minutes) else 0,
        period // (int(often) if _COUNT.fullmatch(often) else 1),
    ]
    return max(found) or None


def decode(body: bytes, content_type: str | None) -> str:
    """Text by byte order mark; else UTF-8 if it is that; else as the XML, then as the HTTP header declares.

    Headers are wrong more often than documents, and what decodes as UTF-8 by accident is hardly ever anything else.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) if name == "utf-8" else 0 :].decode(name, "replace")
    declared = _DECLARED.match(body)
    told = _CHARSET.search(content_type or "")
    names = [declared[1].decode() if declared else "", told[1] if told else ""]
    stateful = [n for n in names if n.lower().startswith(("iso-2022", "hz", "utf-16", "utf-32"))]
    for name in [*stateful, "utf-8", *names]:
        try:
            return body.decode(name)
        except (LookupError, ValueError):
            continue
    return body.decode("utf-8" if _is_mostly_utf8(body) else "cp1252", "replace")


def _is_mostly_utf8(body: bytes) -> bool:
    """Damaged UTF-8 (cut off, a stray byte) rather than a one-byte encoding."""
    text = body.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return wrong * 4 < sum(ord(c) > 127 for c in text)


def _listing(found: list[Entry | Unusable], ttl_seconds: int | None = None) -> Listing:
    entries, unusable = (
        [e for e in found if isinstance(e, Entry)], [u for u in found if isinstance(u, Unusable)]
    )  # fmt: skip
    return Listing(entries, unusable, ttl_seconds=ttl_seconds)


def _xml_entry(entry: Any, base: str) -> Entry | Unusable:
    link = entry.get("link") or next(
        (x.get("href") for x in entry.get("links", []) if x.get("rel") == "alternate"), None
    )
    moments = (dict.get(entry, f"{name}_parsed") for name in ("published", "updated", "created"))
    moment = next((m for m in moments if m), None)
    contents = [c.get("value", "") for c in entry.get("content", [])]
    return _made(
        base, link, entry.get("id"), entry.get("title", ""), _moment(moment), max(contents, key=len, default="")
    )


def _made(
    base: str, link: str | None, guid: str | None, title: str, published_at: datetime | None, content: str
) -> Entry | Unusable:
    """An entry of the link, or of an id that is a link, or of its own content."""
    title, guid = plain(title).replace("\n", " "), (guid or "").strip() or None
    named = f"entry {title[:100]!r}, id {guid!r}"
    url = checked_url(link, base) if link and link.strip() else checked_url(guid) if guid else None
    if url:
        return Entry(url, guid, title, published_at)
    if link and link.strip():
        return Unusable("bad_url", f"{named}: {link.strip()[:200]!r}", None)
    body = plain(content)
    if not body:
        return Unusable("no_link", f"{named} has neither link nor content", None)
    mark = "&" if "?" in base else "?"
    return Entry(
        f"{base.partition('#')[0]}{mark}entry={hash_id(guid or title or body)}", guid, title, published_at, body
    )


def _moment(value: struct_time | None) -> datetime | None:
    """UTC; null for what is no plausible time of a publication."""
    try:
        moment = datetime.fromtimestamp(calendar.timegm(value), UTC) if value else None
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment and 1990 <= moment.year < 2200 else None


def plain(text: str) -> str:
    """HTML to text: a line a paragraph, entities undone. Text that holds no HTML comes back as it is."""
    text = _BLOCK.sub("\n", _SILENT.sub(" ", text))
    text = html.unescape(_LONG_NUMBER.sub(_NO_CHARACTER, _TAG.sub("", text)))
    return "\n".join(line for part in text.split("\n") if (line := " ".join(part.split())))


def _json_feed(text: str, url: str) -> Listing:
    """https://www.jsonfeed.org/version/1.1/"""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Listing([], [], f"not a feed: JSON cannot be read ({error})")
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return Listing([], [], "not a feed: JSON without a list of items")
    return _listing([_json_entry(item, url) for item in feed["items"]])


def _json_entry(item: Any, base: str) -> Entry | Unusable:
    if not isinstance(item, dict):
        return Unusable("no_link", f"entry {str(item)[:100]!r} is no JSON object", None)
    texts = {k: v for k, v in item.items() if isinstance(v, str)}
    link = texts.get("url") or texts.get("external_url")
    guid = str(item["id"]) if isinstance(item.get("id"), (str, int)) else None
    moment = _iso(texts.get("date_published") or texts.get("date_modified"))
    content = texts.get("content_html") or html.escape(texts.get("content_text", ""), quote=False)
    return _made(base, link, guid, texts.get("title", ""), moment, content)


def _iso(value: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if value else None
    except ValueError:
        return None
    if moment is None or not 1990 <= moment.year < 2200:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
