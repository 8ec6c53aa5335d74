"""Sentences of our own, with the counts of people harmed marked in them: what found.txt says, and what the extractor reads."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pipeline.facts.extract import Extractor, Source

FILE = Path(__file__).parent / "gold" / "found.txt"
METRICS = {"k": "killed", "i": "injured", "c": "casualties", "m": "missing", "d": "displaced"}
_MARK = re.compile(r"\{([^|{}]+)\|([kicmd])([*h<]*)\}")


@dataclass(frozen=True)
class Marked:
    start: int
    end: int
    metric: str
    unit: str
    implicit: bool
    part: bool


@dataclass(frozen=True)
class Line:
    section: str
    text: str
    facts: tuple[Marked, ...]


@dataclass(frozen=True)
class Found:
    """How the extractor did on a line."""

    line: Line
    met: tuple[tuple[Marked, Marked], ...]
    missed: tuple[Marked, ...]
    invented: tuple[Marked, ...]


@cache
def lines() -> tuple[Line, ...]:
    section, found = "", []
    for written in FILE.read_text("utf8").splitlines():
        if written.startswith("## "):
            section = written[3:]
        elif written and not written.startswith("# "):
            found.append(_line(section, written))
    return tuple(found)


def _line(section: str, written: str) -> Line:
    text, at, marks = "", 0, []
    for mark in _MARK.finditer(written):
        text += written[at : mark.start()]
        number, metric, flags = mark.groups()
        unit = "household" if "h" in flags else "person"
        marks.append(Marked(len(text), len(text) + len(number), METRICS[metric], unit, "*" in flags, "<" in flags))
        text, at = text + number, mark.end()
    return Line(section, text + written[at:], tuple(marks))


@cache
def read() -> tuple[Found, ...]:
    sources = [Source(line.text, date(2024, 6, 12)) for line in lines()]
    extractions = Extractor().read_many(sources)
    return tuple(
        _compare(line, [Marked(f.number_start, f.number_end, f.metric, f.unit, f.implicit, f.subset_of is not None) for f in e.facts])
        for line, e in zip(lines(), extractions, strict=True)
    )  # fmt: skip


def _compare(line: Line, read: list[Marked]) -> Found:
    met, left = [], list(read)
    for mark in line.facts:
        same = next((r for r in left if _meet(mark, r)), None)
        if same is not None:
            left.remove(same)
            met.append((mark, same))
    missed = [m for m in line.facts if all(m is not known for known, _ in met)]
    return Found(line, tuple(met), tuple(missed), tuple(left))


def _meet(a: Marked, b: Marked) -> bool:
    return a.start < b.end and b.start < a.end and (a.metric, a.unit) == (b.metric, b.unit)


def shares(found: tuple[Found, ...]) -> dict[str, float]:
    """Precision and recall of counts (single people told without a number neither help nor hurt), and recall of those."""
    met = [mark for f in found for mark, _ in f.met]
    missed = [mark for f in found for mark in f.missed]
    counts, invented = sum(not m.implicit for m in met), sum(len(f.invented) for f in found)
    single, unseen = sum(m.implicit for m in met), sum(m.implicit for m in missed)
    return {
        "precision": counts / (counts + invented),
        "recall": counts / (counts + sum(not m.implicit for m in missed)),
        "implicit": single / (single + unseen),
    }
