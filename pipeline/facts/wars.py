"""Wars that a text takes as known: `since the war began` counts from a day that every reader knew."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from pipeline.facts.model import Document
from pipeline.facts.timeline import own_date

READ = 6000
"""Characters of a document that are looked through for the names of a war."""


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
