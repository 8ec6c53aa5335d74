"""Totals as people read them in a terminal: a table a situation, what all its rows share in the heading."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

DESCRIBING = ("country", "side", "population", "metric", "unit", "displacement", "method")
"""The columns that say which series a row is of; the others are what it comes to."""
UNSAID = {"population": "all", "unit": "person"}
"""What goes without saying."""


class Section(NamedTuple):
    title: str
    names: list[str]
    rows: list[list[Any]]


def sections(records: Sequence[Mapping[str, Any]]) -> list[Section]:
    """A section a situation, in the records' order. A record is a row of `publish.totals.totals` by column name."""
    return [_section(name, list(rows)) for name, rows in groupby(records, key=lambda record: str(record["situation"]))]


def _section(situation: str, records: list[Mapping[str, Any]]) -> Section:
    shared = {name for name in records[0] if name != "situation" and _is_constant(name, records)}
    heading = ", ".join(
        [_named(name, records[0][name]) for name in DESCRIBING if name in shared and _says(name, records[0])]
    )
    day = f"as of {records[0]['day']}" if "day" in shared else ""
    title = ": ".join(part for part in (situation, ", ".join(p for p in (heading, day) if p)) if part)
    varying = [name for name in DESCRIBING if name not in shared]
    figures = [name for name in records[0] if name not in (*DESCRIBING, "situation", *(("day",) if day else ()))]
    figures = [name for name in figures if any(record[name] is not None for record in records)]
    rows = [[label(record, varying), *(record[name] for name in figures)] for record in records]
    names = ["series", *figures]
    return Section(title, names, rows) if varying else Section(title, figures, [row[1:] for row in rows])


def label(record: Mapping[str, Any], names: Sequence[str] = DESCRIBING) -> str:
    """`BO, children, killed, reported`: what tells a series from others, without what goes without saying."""
    return ", ".join(_named(name, record[name]) for name in names if _says(name, record)) or "all"


def _says(name: str, record: Mapping[str, Any]) -> bool:
    return record[name] is not None and record[name] != UNSAID.get(name) and not _repeats_country(name, record)


def _repeats_country(name: str, record: Mapping[str, Any]) -> bool:
    return name == "side" and record["side"] == record["country"]


def _named(name: str, value: Any) -> str:
    return f"side {value}" if name == "side" else str(value)


def _is_constant(name: str, records: Sequence[Mapping[str, Any]]) -> bool:
    return len({record[name] for record in records}) == 1
