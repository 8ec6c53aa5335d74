"""What a page says about itself: titles, dates with their source, canonical link, language. No guessing."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from dateutil.parser import ParserError  # type: ignore[import-untyped]
from dateutil.parser import parse as parse_loosely
from lxml.html import HtmlElement

_PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date",
    "article.published", "published_time", "publishdate", "publish-date", "pubdate", "dc.date.issued",
    "dcterms.created", "dc.date", "date",
)  # fmt: skip
_MODIFIED_META = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified", "lastmod",
    "dcterms.modified",
)  # fmt: skip
_DATE_KEY = re.compile(r'"(datePublished|dateModified|headline)"\s*:\s*"((?:[^"\\]|\\.){4,300})"')
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_CDATA = re.compile(r"^\s*(?:/\*)?\s*<!\[CDATA\[\s*(?:\*/)?|(?:/\*)?\s*\]\]>\s*(?:\*/)?\s*$|^\s*<!--|-->\s*$")
_SITE_TAIL = re.compile(r"\s+[|\u2013\u2014\u00b7\u00bb-]+\s+[^|]{2,60}$")
_ARTICLE_TYPES = ("article", "report", "blogposting", "posting", "review")
LONGEST_TITLE = 1000
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_MOST_NODES = 5000
_ZONES = {
    "EST": -5 * 3600, "EDT": -4 * 3600, "CST": -6 * 3600, "CDT": -5 * 3600, "PST": -8 * 3600, "PDT": -7 * 3600,
    "BST": 3600, "CET": 3600, "CEST": 7200, "EET": 7200, "EEST": 10800, "MSK": 10800, "IST": 19800,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as somebody stated it."""

    at: datetime
    has_time: bool
    """False for a bare day, which is its first moment in UTC."""
    source: str


@dataclass(frozen=True, slots=True)
class Metadata:
    titles: tuple[str, ...] = ()
    """Best first: the visible heading, then what the page calls itself elsewhere."""
    published: tuple[Moment, ...] = ()
    """Best source first."""
    modified: datetime | None = None
    canonical: str | None = None
    language: str | None = None
    """Two letters, as declared; often wrong."""


@dataclass(slots=True)
class _Linked:
    """One article node of the page's JSON-LD."""

    headline: str = ""
    published: str = ""
    modified: str = ""


@dataclass(slots=True)
class _Tags:
    """The page's meta elements: name in lower case -> first content."""

    values: dict[str, str] = field(default_factory=dict)

    def first(self, names: tuple[str, ...]) -> Iterator[str]:
        return (self.values[name] for name in names if name in self.values)


def read_metadata(tree: HtmlElement) -> Metadata:
    tags = _meta_tags(tree)
    headings = [h for h in (_words(e.text_content()) for e in tree.iterfind(".//h1")) if h]
    page_title = _words(" ".join(e.text or "" for e in tree.iterfind(".//head/title"))) or _words(
        tree.findtext(".//title")
    )
    shared = _words(tags.values.get("og:title")) or _words(tags.values.get("twitter:title"))
    linked = _main_node(list(_linked_articles(tree)), [*headings, shared, page_title])
    return Metadata(
        titles=_titles(headings, shared, _words(linked.headline), page_title),
        published=tuple(_published(linked, tags, tree)),
        modified=next(
            (m.at for m in (moment(v, "") for v in (linked.modified, *tags.first(_MODIFIED_META))) if m), None
        ),
        canonical=_canonical(tree, tags),
        language=_language(tree, tags),
    )


def moment(value: Any, source: str) -> Moment | None:
    """A stated date or time; null if it can't be read. A time without zone is UTC."""
    text = value.strip() if isinstance(value, str) else ""
    if not 6 <= len(text) <= 60:
        return None
    at = _parsed(text)
    if at is None:
        return None
    try:
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return Moment(at, has_time=":" in text or "T" in text, source=source)


def _parsed(text: str) -> datetime | None:
    for parse in (datetime.fromisoformat, _loosely):
        try:
            return parse(text)
        except (ValueError, TypeError, IndexError, OverflowError, ParserError):
            continue
    return None


def _loosely(text: str) -> datetime:
    if not re.search(r"(19|20)\d\d", text):
        raise ValueError("no year")
    return parse_loosely(text, default=datetime(2000, 1, 1), tzinfos=_ZONES)  # noqa: DTZ001 - zone comes from the text


def choose_published(candidates: list[Moment], fetched_at: datetime) -> Moment | None:
    """The first plausible one; a bare day gives way to a later candidate that knows the time of that day."""
    plausible = [c for c in candidates if _EARLIEST <= c.at <= fetched_at + timedelta(days=1)]
    if not plausible or plausible[0].has_time:
        return plausible[0] if plausible else None
    day = plausible[0].at.date()
    return next((c for c in plausible if c.has_time and c.at.date() == day), plausible[0])


def _published(linked: _Linked, tags: _Tags, tree: HtmlElement) -> Iterator[Moment]:
    found = [moment(linked.published, "json-ld"), *(moment(v, "meta") for v in tags.first(_PUBLISHED_META))]
    stamps = tree.xpath("//*[@itemprop='datePublished']/@content | //*[@itemprop='datePublished']/@datetime")
    found += [moment(str(v), "meta") for v in stamps[:1]]
    return (m for m in found if m)


def _titles(headings: list[str], shared: str, headline: str, page_title: str) -> tuple[str, ...]:
    """A single heading is the title that readers saw; of several, the one that the page's other names resemble."""
    others = [t for t in (shared, headline, _without_site(page_title)) if t]
    visible = [h for h in headings if any(_alike(h, o) for o in others)] or (headings if len(headings) == 1 else [])
    if visible and others and len(visible[0]) > 3 * max(map(len, others)) + 40:
        visible = []  # a heading element around half the page
    return tuple(dict.fromkeys([*visible[:1], *others]))


def _alike(one: str, other: str) -> bool:
    a, b = set(one.casefold().split()), set(other.casefold().split())
    return len(a & b) * 2 >= min(len(a), len(b))


def _without_site(title: str) -> str:
    """`Flood kills 12 | The Example` -> `Flood kills 12`."""
    shorter = _SITE_TAIL.sub("", title)
    return shorter if len(shorter) >= 15 else title


def _words(text: str | None) -> str:
    """At most LONGEST_TITLE characters; some pages have a heading element around everything."""
    return " ".join((text or "")[: 4 * LONGEST_TITLE].split())[:LONGEST_TITLE]


def _meta_tags(tree: HtmlElement) -> _Tags:
    tags = _Tags()
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(key) or "").strip().lower()
            if name and content:
                tags.values.setdefault(name, content)
    return tags


def _canonical(tree: HtmlElement, tags: _Tags) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and (link.get("href") or "").strip():
            return link.get("href").strip()
    return tags.values.get("og:url")


def _language(tree: HtmlElement, tags: _Tags) -> str | None:
    root = tree.getroottree().getroot()
    declared = (
        root.get("lang") or root.get("xml:lang") or tags.values.get("content-language") or tags.values.get("og:locale")
    )
    code = (declared or "").strip().lower()[:2]
    return code if code.isascii() and code.isalpha() and len(code) == 2 else None


def _main_node(nodes: list[_Linked], names: list[str]) -> _Linked:
    """The node of this page, not of a related story: the one whose headline the page bears, else the first."""
    titled = [n for n in nodes if n.headline and any(t and _alike(_words(n.headline), t) for t in names)]
    dated = [n for n in titled or nodes if n.published]
    return (dated or titled or nodes or [_Linked()])[0]


def _linked_articles(tree: HtmlElement) -> Iterator[_Linked]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            yield from _article_nodes(script.text)


def _article_nodes(source: str) -> Iterator[_Linked]:
    try:
        data = _loaded(source)
    except (ValueError, RecursionError):
        found: dict[str, str] = {}
        for key, value in _DATE_KEY.findall(source):
            found.setdefault(key, unescape(value))
        yield _Linked(found.get("headline", ""), found.get("datePublished", ""), found.get("dateModified", ""))
        return
    for node in _nodes(data):
        if _is_article(node):
            yield _Linked(*(_text(node.get(k)) for k in ("headline", "datePublished", "dateModified")))


def _loaded(source: str) -> Any:
    """JSON as news sites write it: in CDATA, with raw line breaks in strings, with commas before closing brackets."""
    source = _CDATA.sub("", source).strip().rstrip(";")
    try:
        return json.loads(source, strict=False)
    except ValueError:
        return json.loads(_TRAILING_COMMA.sub(r"\1", source), strict=False)


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """Every object in it, outer before inner, in order; at most _MOST_NODES."""
    queue = [data]
    for _ in range(_MOST_NODES):
        if not queue:
            return
        node = queue.pop(0)
        if isinstance(node, dict):
            yield node
            queue.extend(v for v in node.values() if isinstance(v, (dict, list)))
        elif isinstance(node, list):
            queue.extend(node[:_MOST_NODES])


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(k, str) and k.lower().endswith(_ARTICLE_TYPES) for k in kinds)


def _text(value: Any) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    return unescape(value) if isinstance(value, str) else ""
