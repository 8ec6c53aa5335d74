"""The contract between stages: frozen records, and how each is identified.

A stage is a function from records to records. Field order is column order in Parquet and in the raw tables. Datetimes
are aware, in UTC; dates are days. Ids hash what identifies a thing, never the time it was seen.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal, get_args

Metric = Literal["killed", "injured", "casualties", "missing", "displaced"]
Unit = Literal["person", "household"]
Quantifier = Literal["exact", "at_least", "at_most", "about", "range"]
Measure = Literal["new", "total"]
VictimType = Literal["civilian", "combatant", "unspecified"]
Cause = Literal["conflict", "disaster", "other"]
Displacement = Literal["refugee", "internal", "evacuated", "homeless", "unspecified"]
Stage = Literal["poll", "fetch", "clean", "extract"]

ID_LENGTH = 16


def hash_id(*parts: object) -> str:
    """The first 16 hex digits (64 bits) of SHA-256 over the parts, each preceded by its length."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode("utf8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:ID_LENGTH]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that we poll, as feeds.yml names it."""

    feed_id: str
    """Short name, unique in feeds.yml: `bbc-world`."""
    url: str
    publisher: str
    """Who is responsible for the text: `BBC`. Publishers, not feeds, are counted as voices."""
    region: str = ""
    kind: str = ""
    """agency, national, regional, humanitarian, ..."""
    language: str = "en"
    sitemap: str | None = None
    """Where the past can be found; null: robots.txt tells."""
    is_active: bool = True
    every: str | None = None
    """How often it is asked at most: `15m`, `6h`, `1d`; null: as often as the feed itself asks for."""


@dataclass(frozen=True, slots=True)
class Poll:
    """One request of one feed: what came back, and what must be sent next time."""

    feed_id: str
    url: str
    polled_at: datetime
    status: int | None
    """HTTP status; null when no answer came."""
    error: str | None
    etag: str | None
    last_modified: str | None
    item_count: int
    """Entries that the feed listed."""
    taken_count: int
    """Entries that became items of this batch."""
    newest_item_at: datetime | None
    ttl_seconds: int | None = None
    """How long the feed's text asks to be left alone (ttl, sy:updatePeriod); of an unchanged feed, what it said last."""
    wait_seconds: int | None = None
    """How long the answer's headers ask for it: max-age, or Retry-After of a 429 or 503."""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An entry of a feed, a sitemap or an import that a batch decided to fetch."""

    item_id: str
    """hash of feed_id, url."""
    feed_id: str
    publisher: str
    url: str
    """As listed, tracking parameters and all."""
    guid: str | None
    title: str
    published_at: datetime | None
    """As the feed says; null if it doesn't."""
    listed_at: datetime
    """When we saw it in the feed."""
    reason: str
    """Why it was taken: `new`, `recheck` (an edit is looked for), `retry`, `backfill`, `import`."""
    body: str | None = None
    """The text itself, where an import or a feed carries it whole; such an item is archived but not fetched."""


@dataclass(frozen=True, slots=True)
class Page:
    """One HTTP response as archived."""

    page_id: str
    """hash of url, body."""
    item_id: str
    feed_id: str
    publisher: str
    requested_url: str
    url: str
    """After redirects."""
    status: int
    fetched_at: datetime
    content_type: str | None
    body_length: int
    """Bytes, content encoding undone."""
    warc_file: str
    """Relative to the data folder."""
    warc_offset: int
    warc_length: int


@dataclass(frozen=True, slots=True)
class Article:
    """One state of an article's text: a version."""

    version_id: str
    """hash of article_id, document."""
    article_id: str
    """hash of url."""
    url: str
    """Canonical: the page's own word for it where that lies on the same site, tracking parameters removed."""
    copy_of_url: str | None
    """Another site's article that the page itself says it copies (a canonical link across sites)."""
    item_id: str
    page_id: str
    feed_id: str
    publisher: str
    title: str
    text: str
    """Body as paragraphs joined by newlines, the title not repeated."""
    language: str
    published_at: datetime
    published_source: str
    """Where published_at was read: `json-ld`, `meta`, `feed`, `htmldate`, `import`, `fetched` (not known)."""
    modified_at: datetime | None
    fetched_at: datetime
    similarity: tuple[int, ...]
    """MinHash signature of the text's word shingles (see articles/copies.py); empty for very short texts."""

    @property
    def document(self) -> str:
        """What facts are read from, and what their offsets count in."""
        return document(self.title, self.text)


def document(title: str, text: str) -> str:
    """Title, a blank line, text; the title counts as the first paragraph (unless the text begins with it)."""
    if not title or text.startswith(title):
        return text
    return f"{title}\n\n{text}"


@dataclass(frozen=True, slots=True)
class Fact:
    """One mention, in one article, of a number of people harmed. Meaning of the fields: docs/facts.md."""

    fact_id: str
    """hash of version_id, number_start, number_end, metric."""
    version_id: str
    article_id: str
    metric: Metric
    unit: Unit
    low: int | None
    high: int | None
    quantifier: Quantifier
    measure: Measure
    start_date: date | None
    end_date: date | None
    place: str | None
    place_id: int | None
    """GeoNames id."""
    place_name: str | None
    """The gazetteer's name of it."""
    place_kind: str | None
    """city, region, country or area."""
    latitude: float | None
    longitude: float | None
    country: str | None
    """ISO 3166-1 alpha-2 of the place."""
    victims: str | None
    victim_type: VictimType
    population: str
    """all, or children, women, civilians, combatants, journalists, aid_workers, medics, police, ..."""
    side: str | None
    """ISO country of the victims' nationality or force: `Russian troops` -> RU."""
    displacement: Displacement | None
    """Null for other metrics."""
    attribution: str | None
    subset_of: str | None
    """fact_id of the whole that this is a part of."""
    background: bool
    implicit: bool
    cause: Cause
    number_text: str
    number_start: int
    number_end: int
    evidence: str
    """The sentence, verbatim."""
    evidence_start: int
    evidence_end: int
    confidence: float
    """0-1: how often a fact like this one is right (docs/facts.md has the reliability table)."""
    extractor: str
    """Name and version of the code that read it."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """What a stage could not use, and why: never an exception that ends the run and never silence."""

    stage: Stage
    reason: str
    """A fixed word: `http_404`, `robots`, `no_text`, `language`, ... (docs/tables.md lists them)."""
    detail: str
    item_id: str | None
    feed_id: str | None
    url: str | None
    rejected_at: datetime


def fact_id(version_id: str, number_start: int, number_end: int, metric: str) -> str:
    return hash_id(version_id, number_start, number_end, metric)


def columns(record_type: type) -> list[str]:
    return [f.name for f in fields(record_type)]


def row(record: Any) -> dict[str, Any]:
    """A shallow dict; `dataclasses.asdict` would copy every value."""
    return {name: getattr(record, name) for name in columns(type(record))}


def known(literal: Any, value: str) -> bool:
    """Is value one of a Literal's words?"""
    return value in get_args(literal)


def rows(records: Iterable[Any]) -> list[dict[str, Any]]:
    return [row(r) for r in records]
