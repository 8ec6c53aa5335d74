"""Wars that a text takes as known: `since the war began` counts from a day that every reader knew."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from pipeline.facts.calendar import DAY, Moment
from pipeline.facts.model import Document
from pipeline.facts.time_words import number_of
from pipeline.facts.timeline import own_date

READ = 6000
"""Characters of a document that are looked through for the names of a war."""
OPENING = re.compile(
    r"\b(?:first|opening)\s+(?:(?P<count>\w+)\s+(?P<units>days|weeks|months)|(?P<unit>day|week|month))\s+of\s+"
    r"(?:[\w'’-]+\s+){0,3}?(?:war|invasion|fighting|conflict|offensive|onslaught|assault|operation|hostilities)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class War:
    name: str
    start: date
    until: date
    needs: tuple[re.Pattern[str], ...]
    place: re.Pattern[str]
    """What a count of the whole war names: the country, its people, the forces."""


@cache
def known_wars() -> tuple[War, ...]:
    rows = yaml.safe_load((Path(__file__).parent / "wars.yaml").read_text("utf8"))
    return tuple(
        War(
            row["name"],
            row["start"],
            row.get("until", date.max),
            tuple(re.compile(rf"\b(?:{words})\b") for words in row["needs"]),
            re.compile(rf"\b(?:{row['place']})\b"),
        )
        for row in rows
    )


def fought(document: Document) -> War | None:
    """The known war that a document tells of, if there is one."""
    if "war" not in document.notes:
        now, text = own_date(document), document.text[:READ]
        document.notes["war"] = next(
            (w for w in known_wars() if w.start <= now <= w.until and all(n.search(text) for n in w.needs)), None
        )
    found: War | None = document.notes["war"]
    return found


def opening(document: Document) -> Iterator[Moment]:
    """`The first day of the invasion`, `the opening three weeks of the war`: days of the known war."""
    war = fought(document)
    for match in OPENING.finditer(document.text) if war is not None else ():
        counted = length(match)
        if war is not None and counted is not None:
            last = min(war.start + DAY * (counted - 1), own_date(document))
            yield Moment(war.start, last, "opening", match.start(), match.end())


def length(match: re.Match[str]) -> int | None:
    """Days in the stretch."""
    count = number_of(match["count"]) if match["count"] else 1
    unit = (match["unit"] or match["units"]).lower().removesuffix("s")
    return None if count is None or not 0 < count < 60 else count * {"day": 1, "week": 7, "month": 30}[unit]
