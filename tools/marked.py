"""Articles read by the extractor beside their gold facts: what every fitting tool starts from."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.facts import evaluate
from pipeline.facts.extract import Extractor, Source, mentions_of
from pipeline.facts.model import Document, Mention

FIELDS = ("number_start", "number_end", "metric", "unit", "low", "high", "quantifier")


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
