#!/usr/bin/env python3
"""Articles marked by hand, as gold files: marks are kept here without the articles' text, and put to the text where it is at hand.

    .venv/bin/python -m tools.read_marks ARTICLES FOLDER

ARTICLES is a folder of *.jsonl.gz with a publisher, path, published, title and text a line (a newsworld's articles). FOLDER gets
learn.docs.jsonl and learn.facts.jsonl, held.docs.jsonl and held.facts.jsonl, for `tollwire evaluate` and the fitting tools. `learn` may be read
for errors; of `held` only scores are looked at, so that it tells how well unseen articles are read.

tools/marks.jsonl has an article a line: `article` (hash of publisher and path), `text` (hash of title and text), `set`, and `facts`, each a list as
FACT names it; places and claimants are spans of characters of the document (title, blank line, text). 813 articles of 2022 about one war, drawn at
random among those with a count, each read once by one reader who didn't see what the extractor says; 74 of them read by another one too agree
at 0.93 (found), 0.74 (dated) and 0.62 (full) F1. What a number means (low, high, quantifier) and the unit were not judged.
"""

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.records import document, hash_id

MARKS = Path(__file__).with_name("marks.jsonl")
FACT = (
    "start", "end", "metric", "low", "high", "quantifier", "measure", "start_date", "end_date", "background", "implicit", "whole", "victim_type",
    "country", "place", "attribution",
)  # fmt: skip
"""`whole` is the index, in the list, of the fact that this one is part of; `place` and `attribution` are spans or null."""
AROUND = 100
"""Characters on either side of a number that are its quote."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    marks = {mark["article"]: mark for mark in map(json.loads, MARKS.read_text(encoding="utf8").splitlines())}
    made: dict[str, list[str]] = {f"{name}.{kind}": [] for name in ("learn", "held") for kind in ("docs", "facts")}
    for article in articles(options.articles):
        mark = marks.get(hash_id(article["publisher"], article["path"]))
        text = document(article["title"], article["text"])
        if mark and mark["text"] == hash_id(text):
            made[f"{mark['set']}.docs"].append(json.dumps(doc_row(mark, article, text), ensure_ascii=False))
            made[f"{mark['set']}.facts"] += [json.dumps(f, ensure_ascii=False) for f in fact_rows(mark, text)]
    for name, lines in made.items():
        (options.folder / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf8")
    found = len(made["learn.docs"]) + len(made["held.docs"])
    print(f"{found} of {len(marks)} marked articles found, {len(made['learn.facts']) + len(made['held.facts'])} facts")


def articles(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf8") as lines:
            yield from map(json.loads, lines)


def doc_row(mark: dict[str, Any], article: dict[str, Any], text: str) -> dict[str, Any]:
    return {
        "doc_id": mark["article"],
        "publisher": article["publisher"],
        "published": article["published"],
        "text": text,
    }


def fact_rows(mark: dict[str, Any], text: str) -> Iterator[dict[str, Any]]:
    """The marks of an article as rows of a gold file."""
    facts = [dict(zip(FACT, values, strict=True)) for values in mark["facts"]]
    for fact in facts:
        start, end, whole = fact.pop("start"), fact.pop("end"), fact.pop("whole")
        yield fact | {
            "doc_id": mark["article"],
            "quote": text[max(0, start - AROUND) : end + AROUND],
            "number_text": text[start:end],
            "unit": "person",
            "victims": None,
            "cause": None,
            "subset_of": None if whole is None else text[slice(*mark["facts"][whole][:2])],
            "place": fact["place"] and text[slice(*fact["place"])],
            "attribution": fact["attribution"] and text[slice(*fact["attribution"])],
        }


if __name__ == "__main__":
    main()
