"""Questions to the snapshot that the command line answers: totals, and the sentences behind one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from pipeline.errors import InputError
from pipeline.publish.status import Rows, query

TOTALS = """
select
    situations.name as situation, totals.country, totals.side, totals.population, totals.metric, totals.unit,
    totals.displacement, totals.method, totals.day, totals.low, totals.best, totals.high, totals.publishers,
    totals.series_id
from marts.running_totals as totals
inner join marts.situations as situations on totals.situation_id = situations.situation_id
where ($day is null or totals.day <= $day)
    and ($situation is null or situations.name ilike '%' || $situation || '%' or totals.situation_id = $situation)
    and ($metric is null or totals.metric = $metric)
    and ($country is null or totals.country = $country)
qualify $whole or row_number() over (partition by totals.series_id, totals.method order by totals.day desc) = 1
order by situations.name, totals.metric, totals.country, totals.population, totals.method, totals.day
"""
BEHIND = """
select unnest(totals.fact_ids)
from marts.running_totals as totals
where totals.series_id = $series and ($day is null or totals.day <= $day) and ($method is null or totals.method = $method)
qualify dense_rank() over (order by totals.day desc) = 1
"""
SENTENCES = """
select
    facts.fact_id, facts.number_text, facts.metric, facts.measure, facts.attribution, facts.publisher,
    articles.published_at, articles.url, facts.evidence, facts.version_id, pages.page_id, pages.warc_file,
    pages.warc_offset, pages.warc_length
from marts.facts as facts
inner join raw.articles as articles on facts.version_id = articles.version_id
inner join raw.pages as pages on articles.page_id = pages.page_id and articles.batch_id = pages.batch_id
where facts.fact_id in (select unnest($fact_ids))
qualify row_number() over (partition by facts.fact_id order by pages.fetched_at) = 1
order by articles.published_at, facts.publisher, facts.fact_id
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which totals; null asks for all."""

    day: date | None = None
    situation: str | None = None
    metric: str | None = None
    country: str | None = None


def totals(connection: duckdb.DuckDBPyConnection, asked: Asked, whole: bool = False) -> Rows:
    """The newest total of each series up to a day, or (whole) all days of each."""
    values = {"day": asked.day, "situation": asked.situation, "metric": asked.metric, "country": asked.country}
    return query(connection, TOTALS, {**values, "whole": whole})


def trace(
    connection: duckdb.DuckDBPyConnection, wanted: str, day: date | None = None, method: str | None = None
) -> list[dict[str, Any]]:
    """The sentences, pages and archive records behind a series' total, or behind one fact.

    `wanted` is a series_id or a fact_id. Raises InputError if it is neither.
    """
    found = connection.execute(BEHIND, {"series": wanted, "day": day, "method": method}).fetchall()
    rows = query(connection, SENTENCES, {"fact_ids": [i for (i,) in found] or [wanted]})
    if not rows.rows:
        raise InputError(f"{wanted}: no series or fact has this id; `tollwire totals` lists the series")
    return [dict(zip(rows.names, row, strict=True)) for row in rows.rows]
