"""Raw tables filled from a few words per fact: what the tests of the SQL project feed it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.batch import arrow_schema
from pipeline.records import Article, Fact, hash_id, row
from pipeline.warehouse.load import utc

SCHEMA = Path(__file__).parents[2] / "pipeline" / "warehouse" / "schema.sql"
EXTRACTOR = "rules 1.0.0"


def at(day: str | date, hour: int = 12) -> datetime:
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@dataclass(frozen=True)
class Text:
    """A version of an article and the facts that stand in it, each as a dict of the fields that matter."""

    publisher: str
    published: datetime
    facts: Sequence[dict[str, Any]]
    story: str = ""
    """Names the article; versions of one article share it. Default: one story a text."""
    fetched: datetime | None = None
    similarity: tuple[int, ...] = ()
    title: str = "Title"

    @property
    def url(self) -> str:
        return f"https://{self.publisher}.example/{self.story or hash_id(self.published, repr(self.facts))}"

    @property
    def article_id(self) -> str:
        return hash_id(self.url)

    @property
    def version_id(self) -> str:
        return hash_id(self.article_id, repr(self.facts), self.title)


def article(text: Text) -> Article:
    fetched = text.fetched or text.published + timedelta(minutes=30)
    return Article(
        version_id=text.version_id, article_id=text.article_id, url=text.url, copy_of_url=None,
        item_id=hash_id("feed", text.url), page_id=hash_id(text.url, text.version_id), feed_id=text.publisher,
        publisher=text.publisher, title=text.title, text=repr(text.facts), language="en", published_at=text.published,
        published_source="feed", modified_at=None, fetched_at=fetched, similarity=text.similarity,
    )  # fmt: skip


def facts(text: Text) -> list[Fact]:
    made: list[Fact] = []
    for index, given in enumerate(text.facts):
        values: dict[str, Any] = {f.name: None for f in fields(Fact)} | {
            "metric": "killed", "unit": "person", "measure": "total", "quantifier": "exact", "country": "XA",
            "victim_type": "unspecified", "population": "all", "background": False, "implicit": False,
            "cause": "conflict", "confidence": 0.9, "extractor": EXTRACTOR,
        }  # fmt: skip
        values |= given
        if "count" in values:
            values["low"] = values["high"] = values.pop("count")
        if isinstance(values["subset_of"], int):
            values["subset_of"] = made[values["subset_of"]].fact_id
        start = index * 100
        values["number_text"] = values["number_text"] or str(values["low"] or values["high"])
        values["evidence"] = values["evidence"] or f"{values['number_text']} people were {values['metric']}."
        ids = {"version_id": text.version_id, "article_id": text.article_id, "number_start": start}
        ends = {"number_end": start + 5, "evidence_start": start, "evidence_end": start + len(values["evidence"])}
        ident = {"fact_id": hash_id(text.version_id, start, start + 5, values["metric"])}
        made.append(Fact(**values | ids | ends | ident))
    return made


def load(
    connection: duckdb.DuckDBPyConnection,
    batch_id: str,
    texts: Iterable[Text],
    loaded: datetime,
    as_of: datetime | None = None,
) -> None:
    """Add a batch's articles and facts, as a load does."""
    texts, loaded = list(texts), utc(loaded)
    connection.execute(SCHEMA.read_text(encoding="utf8"))
    as_of = as_of or max((t.fetched or t.published for t in texts), default=loaded)
    insert(connection, "articles", Article, [article(t) for t in texts], batch_id, loaded)
    made = [fact for text in texts for fact in facts(text)]
    insert(connection, "facts", Fact, made, batch_id, loaded)
    connection.execute(
        "insert into raw.loads values (?, ?, 'day', ?, ?, ?, 'test', ?, ?, ?, 0, 0, 0, 0, ?, 0, 0)",
        [hash_id(batch_id, loaded), batch_id, as_of, as_of, loaded, EXTRACTOR, len(texts), len(texts), len(made)],
    )


def insert(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    kind: type,
    records: Sequence[Any],
    batch_id: str,
    loaded: datetime,
) -> None:
    rows = pa.Table.from_pylist([row(r) for r in records], schema=arrow_schema(kind))
    connection.register("incoming_rows", rows)
    connection.execute(f"insert into raw.{table} select *, ?, ?, 'test' from incoming_rows", [batch_id, loaded])
    connection.unregister("incoming_rows")


def by_day(texts: Iterable[Text]) -> list[tuple[date, list[Text]]]:
    ordered = sorted(texts, key=lambda text: text.published)
    return [(day, list(group)) for day, group in groupby(ordered, key=lambda text: text.published.date())]


def retire(connection: duckdb.DuckDBPyConnection, batch_id: str, when: datetime) -> None:
    """Take a batch's articles and facts out of the tables, as a load that replaces them does."""
    for table in ("articles", "facts"):
        connection.execute(
            f"insert into raw.retired_{table} select *, ? from raw.{table} where batch_id = ?", [utc(when), batch_id]
        )
        connection.execute(f"delete from raw.{table} where batch_id = ?", [batch_id])
