"""New or total, and the days, in little articles of our own: gold/dated.txt, one an article, read as published on 12 June 2024."""

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.facts.extract import Extractor

PUBLISHED = date(2024, 6, 12)
MARK = re.compile(r"\{(?P<count>[^|}]*)\|(?P<measure>[nt]) (?P<first>\S+) (?P<last>\S+)\}")
"""`{at least 12|n 06-11 06-11}`: n for new, t for total; the first and last day, a hyphen where unknown."""


class Count(NamedTuple):
    start: int
    end: int
    measure: str
    first: date | None
    last: date | None


def articles() -> list[str]:
    lines = (Path(__file__).parent / "gold/dated.txt").read_text("utf8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def day(written: str) -> date | None:
    return (
        None if written == "-" else date.fromisoformat(written if len(written) == 10 else f"{PUBLISHED.year}-{written}")
    )


def unmarked(line: str) -> tuple[str, list[Count]]:
    """The text, a paragraph for what stands between slashes and a title before it, and the counts marked in it."""
    text, counts, at = "" if " / " in line else "Report\n\n", [], 0
    line = line.replace(" / ", "\n\n")
    for mark in MARK.finditer(line):
        text += line[at : mark.start()] + mark["count"]
        start = len(text) - len(mark["count"])
        measure = "new" if mark["measure"] == "n" else "total"
        counts.append(Count(start, len(text), measure, day(mark["first"]), day(mark["last"])))
        at = mark.end()
    return text + line[at:], counts


@cache
def extractor() -> Extractor:
    return Extractor()


@pytest.mark.parametrize("line", articles(), ids=lambda line: MARK.sub(r"\g<count>", line)[:60])
def test_every_count_marked_has_its_measure_and_days(line: str) -> None:
    text, counts = unmarked(line)
    facts = extractor().read(text, PUBLISHED).facts
    for count in counts:
        fact = next(f for f in facts if f.number_start < count.end and count.start < f.number_end)
        assert (fact.measure, fact.start_date, fact.end_date) == count[2:], text[count.start - 60 : count.end + 60]
