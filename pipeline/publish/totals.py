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
OF_SERIES = "from trace_total($wanted, wanted_day := coalesce($day, date '9999-12-31'), wanted_method := $method)"
OF_INCIDENT = """
from trace_facts((select fact_ids from marts.incidents where incident_id = $wanted)) order by published_at, publisher, fact_id
"""
OF_FACT = "from trace_facts([$wanted])"
KINDS = {"series": OF_SERIES, "incident": OF_INCIDENT, "fact": OF_FACT}
"""What an id may be of, and the query for the sentences behind it."""


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
    """The sentences, pages and archive records behind a series' total, an incident or a fact.

    `wanted` is the id of one of the three. `day` (default: the newest) and `method` (default: both) choose among a series'
    totals; behind a `summed` one is the harm of all days up to it. Raises InputError if there is no such total or id.
    """
    for kind, sql in KINDS.items():
        values = {"wanted": wanted} | ({"day": day, "method": method} if kind == "series" else {})
        rows = query(connection, sql, values)
        if rows.rows:
            return [dict(zip(rows.names, row, strict=True)) for row in rows.rows]
    raise InputError(
        f"{wanted}: no series, incident or fact has this id (or the series no total as of that day);"
        " `tollwire totals` lists the series"
    )
