"""The demo's questions to the snapshot; plain SQL, as an analyst would ask."""

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

TOTALS = """
select situations.name, totals.country, totals.metric, totals.unit, totals.day, totals.low, totals.best, totals.high
from marts.running_totals as totals
inner join marts.situations as situations on totals.situation_id = situations.situation_id
where totals.method = 'reported' and totals.population = 'all' and situations.is_named
qualify row_number() over (
    partition by situations.name, totals.country, totals.metric, totals.unit, totals.day
    order by totals.publishers desc, totals.best desc, totals.series_id
) = 1
order by situations.name, totals.country, totals.metric, totals.unit, totals.day
"""
WANTED = """
select totals.day, totals.best, totals.low, totals.high, totals.fact_ids
from marts.running_totals as totals
inner join marts.situations as situations on totals.situation_id = situations.situation_id
where situations.name = $situation and totals.country = $country and totals.metric = $metric
    and totals.method = 'reported' and totals.population = 'all' and totals.day = $day
order by totals.publishers desc, totals.best desc
limit 1
"""
SENTENCES = """
select
    facts.number_text, facts.low, facts.high, facts.attribution, facts.publisher, facts.published_at, facts.url,
    facts.evidence, pages.warc_file, pages.warc_offset, pages.page_id
from marts.facts as facts
inner join raw.articles as articles on facts.version_id = articles.version_id
inner join raw.pages as pages on articles.page_id = pages.page_id and articles.batch_id = pages.batch_id
where facts.fact_id in (select unnest($fact_ids))
qualify row_number() over (partition by facts.fact_id order by pages.fetched_at) = 1
order by facts.published_at, facts.publisher
"""


@dataclass(frozen=True, slots=True)
class Series:
    """One situation's count in one country, day by day."""

    situation: str
    country: str
    metric: str
    unit: str
    days: dict[date, tuple[int | None, int | None, int | None]]
    """low, best, high as of each day."""

    @property
    def label(self) -> str:
        households = " (households)" if self.unit == "household" else ""
        return f"{self.metric}{households}, {self.country}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A claim behind a total."""

    number_text: str
    low: int | None
    high: int | None
    attribution: str | None
    publisher: str
    published_at: datetime
    url: str
    evidence: str
    warc_file: str
    warc_offset: int
    page_id: str


@dataclass(frozen=True, slots=True)
class Traced:
    """A total with all that stands behind it."""

    day: date
    best: int
    low: int | None
    high: int | None
    sentences: list[Sentence]


def read_series(connection: duckdb.DuckDBPyConnection) -> list[Series]:
    """Reported totals of the named situations."""
    found: dict[tuple[str, str, str, str], Series] = {}
    for situation, country, metric, unit, day, *counts in connection.execute(TOTALS).fetchall():
        key = (situation, country, metric, unit)
        series = found.setdefault(key, Series(*key, days={}))
        series.days[day] = (counts[0], counts[1], counts[2])
    return list(found.values())


def trace(connection: duckdb.DuckDBPyConnection, series: Series, day: date) -> Traced:
    """The sentences behind a series' total on a day."""
    asked = {"situation": series.situation, "country": series.country, "metric": series.metric, "day": day}
    row = connection.execute(WANTED, asked).fetchone()
    if row is None:
        raise LookupError(f"no total of {series.label} on {day}")
    rows = connection.execute(SENTENCES, {"fact_ids": row[4]}).fetchall()
    return Traced(row[0], row[1], row[2], row[3], [Sentence(*r) for r in rows])
