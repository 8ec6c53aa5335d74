"""The sample newsroom as a gold set: its documents, and the facts that a careful reader marks in them.

python -m demo.expected docs.jsonl facts.jsonl
tollwire evaluate docs.jsonl facts.jsonl --errors 3
"""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from demo.stories import FOLDER, Story, read_newsroom
from pipeline.records import document

FILE = FOLDER.parent / "expected.yml"
LEFT_OUT = {"unit": "person", "victims": None, "victim_type": "unspecified", "attribution": None, "subset_of": None,
            "background": False, "implicit": False, "population": "all", "side": None, "displacement": None}  # fmt: skip
"""What a field means that expected.yml does not give."""


def read_expected() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text("utf8"))


def marked() -> dict[str, tuple[Story, str]]:
    """Each marked article by name, with its publisher; the later version of an edited one as NAME.edited."""
    found = {}
    for outlet in read_newsroom():
        found |= {name: (story, outlet.name) for name, story in outlet.stories.items()}
        found |= {f"{name}.edited": (story, outlet.name) for name, story in outlet.edits.items()}
    return {name: found[name] for name in read_expected()["facts"]}


def documents() -> Iterator[dict[str, str]]:
    for name, (story, publisher) in marked().items():
        day = (story.edited or story.published).date().isoformat()
        yield {"doc_id": name, "publisher": publisher, "published": day, "text": document(story.title, story.text)}


def facts() -> Iterator[dict[str, Any]]:
    for name, found in read_expected()["facts"].items():
        for fact in found:
            yield {"doc_id": name, **LEFT_OUT, **fact}


def totals() -> Iterator[tuple[str, str, str, str, date, int, int]]:
    """(situation_id, country, metric, unit, day, low, high) of each total that an analyst expects."""
    for total in read_expected()["totals"]:
        for day, count in total["days"].items():
            low, high = count if isinstance(count, list) else (count, count)
            yield total["situation"], total["country"], total["metric"], total["unit"], day, low, high


def main() -> None:
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    _write(Path(sys.argv[1]), documents())
    _write(Path(sys.argv[2]), facts())


def _write(file: Path, rows: Iterable[dict[str, Any]]) -> None:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf8")


if __name__ == "__main__":
    main()
