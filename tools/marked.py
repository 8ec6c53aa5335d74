"""Articles read by the extractor beside their gold facts, and the command line that every fitting tool has."""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from pipeline.facts import evaluate
from pipeline.facts.extract import Extractor, Source, mentions_of
from pipeline.facts.model import Document, Mention

FIELDS = ("number_start", "number_end", "metric", "unit", "low", "high", "quantifier")


Example = TypeVar("Example")
Answer = TypeVar("Answer")

LEAST = 0.02
"""A weight nearer to 0 is not stored; `""` is an intercept, which always is."""


def arguments(description: str | None) -> argparse.Namespace:
    """`DOCS GOLD [--test DOCS GOLD] [--write]`."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docs", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--test", nargs=2, type=Path, metavar=("DOCS", "GOLD"))
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


def command(
    description: str | None,
    weights: Path,
    examples: Callable[[Extractor, Path, Path], list[Example]],
    fit: Callable[[list[Example]], Mapping[str, float]],
    hold_out: Callable[[list[Example]], None],
    report: Callable[[str, list[Example], Mapping[str, float]], None],
) -> None:
    """Fit weights to the examples of a gold set, print how well they do held out, there and on another set, store them."""
    a = arguments(description)
    extractor = Extractor()
    rows = examples(extractor, a.docs, a.gold)
    hold_out(rows)
    fitted = {name: round(w, 3) for name, w in sorted(fit(rows).items()) if name == "" or abs(w) >= LEAST}
    report("fitted", rows, fitted)
    if a.test:
        report("test", examples(extractor, *a.test), fitted)
    if a.write:
        weights.write_text(json.dumps(fitted, indent=1, ensure_ascii=False) + "\n", "utf8")


def held_out(
    rows: Sequence[Example],
    group: Callable[[Example], str],
    fit: Callable[[list[Example]], Mapping[str, float]],
    right: Callable[[list[Example], Mapping[str, float]], list[Answer]],
    folds: int,
) -> list[Answer]:
    """What `right` says of each example by weights fitted without the examples of its group's fold."""
    fold = {name: k % folds for k, name in enumerate(sorted({group(r) for r in rows}))}
    answers: list[Answer] = []
    for k in range(folds):
        weights = fit([r for r in rows if fold[group(r)] != k])
        answers += right([r for r in rows if fold[group(r)] == k], weights)
    return answers


@dataclass(frozen=True, slots=True)
class Marked:
    doc_id: str
    document: Document
    mentions: list[Mention]
    gold: list[evaluate.Row]
    pairs: list[tuple[int, int]]
    """Which gold fact which mention meets, by index."""


def read(extractor: Extractor, docs: Path | str, gold: Path | str) -> Iterator[Marked]:
    """Every English article of a gold set, with its mentions."""
    rows = evaluate.read_rows(docs)
    by_doc = defaultdict(list)
    for fact in evaluate.locate(evaluate.read_rows(gold), {d["doc_id"]: d["text"] for d in rows}):
        by_doc[fact["doc_id"]].append(fact)
    for doc in rows:
        document = extractor.prepare(
            Source(doc["text"], date.fromisoformat(doc["published"][:10]), doc.get("publisher", ""))
        )
        if document is not None:
            extractor.parse([document])
            mentions = mentions_of(document)
            predicted = [{name: getattr(m, name) for name in FIELDS} for m in mentions]
            facts = by_doc[doc["doc_id"]]
            yield Marked(doc["doc_id"], document, mentions, facts, evaluate.pair(facts, predicted))
