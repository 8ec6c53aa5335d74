"""Documents as JSON lines in, facts as JSON lines out: what `tollwire extract` does."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from pipeline.errors import InputError
from pipeline.facts.extract import Extractor, Source
from pipeline.records import Fact

_AT_ONCE = 64
_FIELDS = (
    "metric", "unit", "low", "high", "quantifier", "measure", "start_date", "end_date", "place", "country", "victims",
    "victim_type", "attribution", "background", "implicit", "cause", "number_text", "number_start", "number_end",
    "evidence_start", "evidence_end", "place_id", "latitude", "longitude", "population", "side", "displacement",
    "confidence", "extractor",
)  # fmt: skip


def _refuse(error: InputError) -> None:
    raise error


def read_jsonl(
    lines: Iterable[str | bytes], extractor: Extractor, on_wrong: Callable[[InputError], None] = _refuse
) -> Iterator[dict[str, Any]]:
    """One dict per fact, documents in order. A line needs doc_id, text and published (ISO day or time).

    subset_of is the whole's number_text, as in the guidelines; `quote` is the sentence. A wrong line is an InputError,
    or passed over where `on_wrong` takes it.
    """
    documents = _documents(lines, on_wrong)
    while batch := list(islice(documents, _AT_ONCE)):
        extractions = extractor.read_many(_source(d) for d in batch)
        for document, extraction in zip(batch, extractions, strict=True):
            yield from as_rows(document["doc_id"], extraction.facts)


def as_rows(doc_id: str, facts: list[Fact]) -> Iterator[dict[str, Any]]:
    """Facts of one document as plain dicts with the fields of the guidelines."""
    texts = {f.fact_id: f.number_text for f in facts}
    for fact in facts:
        values = {name: getattr(fact, name) for name in _FIELDS}
        days = {name: values[name].isoformat() for name in ("start_date", "end_date") if values[name] is not None}
        whole = texts.get(fact.subset_of) if fact.subset_of is not None else None
        yield {"doc_id": doc_id, "quote": fact.evidence, **values, **days, "subset_of": whole}


def _documents(lines: Iterable[str | bytes], on_wrong: Callable[[InputError], None]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                document = _document(line, number)
            except InputError as error:
                on_wrong(error)
            else:
                yield document


def _document(line: str | bytes, number: int) -> dict[str, Any]:
    try:
        document = json.loads(line)
        date.fromisoformat(str(document["published"])[:10])
        return {**document, "text": str(document["text"]), "doc_id": document["doc_id"]}
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"line {number}: not a document with doc_id, text and published ({error!r})") from error


def _source(document: dict[str, Any]) -> Source:
    published = date.fromisoformat(str(document["published"])[:10])
    doc_id = str(document["doc_id"])
    title = str(document.get("title") or "")
    known = document["text"].lstrip().startswith(title)
    return Source(
        document["text"], published, str(document.get("publisher") or ""), "" if known else title, doc_id, doc_id
    )
