"""What the demo shows of the snapshot: reported totals of the whole population, series by series."""

from dataclasses import dataclass, field
from datetime import date

import duckdb

from pipeline.publish.chart import Line
from pipeline.publish.totals import Asked, totals

CHARTED = ("killed", "missing", "injured")
"""Drawn together; the displaced are too many for the same scale."""


@dataclass(frozen=True, slots=True)
class Series:
    """One situation's count in one country, day by day."""

    series_id: str
    situation: str
    country: str
    metric: str
    unit: str
    days: dict[date, tuple[int | None, int | None, int | None]] = field(default_factory=dict)
    """low, best, high as of each day."""

    @property
    def label(self) -> str:
        families = "families " if self.unit == "household" else ""
        return f"{families}{self.metric}, {self.country}"

    @property
    def largest(self) -> int:
        return max((best or 0 for _, best, _ in self.days.values()), default=0)

    def cell(self, day: date) -> str:
        """Best; low and high where sources differ."""
        low, best, high = self.days.get(day, (None, None, None))
        if best is None:
            return ""
        known = [n for n in (low, best, high) if n is not None]
        return f"{best:,}" if min(known) == max(known) else f"{best:,} ({min(known):,}\u2013{max(known):,})"


def read_series(connection: duckdb.DuckDBPyConnection, names: list[str]) -> list[Series]:
    """The named situations' reported totals while there was news: a series a country, metric and unit, the one with
    most days, then the largest.

    A total stands for days after its last claim; those days say nothing new and are left out.
    """
    found: dict[str, Series] = {}
    rows = totals(connection, Asked(), whole=True)
    last = connection.sql("select max(published_at)::date from raw.articles").fetchall()[0][0]
    for values in (dict(zip(rows.names, row, strict=True)) for row in rows.rows):
        if values["method"] != "reported" or values["population"] != "all" or values["situation"] not in names:
            continue
        if values["day"] > last:
            continue
        key = ("series_id", "situation", "country", "metric", "unit")
        series = found.setdefault(values["series_id"], Series(*(values[k] for k in key)))
        series.days[values["day"]] = (values["low"], values["best"], values["high"])
    fullest: dict[tuple[str, str], Series] = {}
    for series in sorted(found.values(), key=lambda s: (-len(s.days), -s.largest, s.series_id)):
        fullest.setdefault((series.situation, series.label), series)
    return sorted(fullest.values(), key=lambda s: (s.situation, s.label))


def charted(series: list[Series], situation: str) -> dict[str, Line]:
    chosen = [s for s in series if s.situation == situation and s.metric in CHARTED and s.unit == "person"]
    return {s.label: s.days for s in chosen}
