#!/usr/bin/env python3
"""Write docs/tables.md: every table, macro and column that an analyst meets.

    .venv/bin/python -m tools.make_tables_doc demo-data/snapshot/tollwire.duckdb > docs/tables.md

Names and types come from a snapshot (any, its rows don't matter), meanings of the raw columns from the docstrings of
pipeline/records.py, those of marts and seeds from the dbt project's YAML. tests/sql/test_tables_doc.py says whether the file is
up to date.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipeline.batch import KINDS
from pipeline.records import Feed
from pipeline.settings import ROOT

RECORDS = KINDS | {"feeds": Feed}
OWN = {
    "batch_id": "The batch that the row came with.",
    "loaded_at": "When it was loaded, UTC.",
    "code_version": "Version of the code that made it.",
    "retired_at": "When a later load changed or dropped it, UTC.",
}
COMMON = {
    "item_id": "The entry that it came of.",
    "page_id": "The archived page that it came of.",
    "feed_id": "The feed that it came of.",
    "url": "URL, canonical where it is an article's.",
    "requested_url": "URL that was asked for, before redirects.",
    "title": "Title.",
    "language": "ISO 639-1.",
    "region": "Where the feed's publisher is at home; for people.",
    "is_active": "It is polled.",
    "guid": "The entry's own id in its feed.",
    "modified_at": "When the page says that it was last edited, UTC.",
    "fetched_at": "When it was fetched, UTC.",
    "polled_at": "When the feed was asked, UTC.",
    "rejected_at": "When it was rejected, UTC.",
    "newest_item_at": "Date of the newest entry listed, UTC.",
    "status": "HTTP status.",
    "content_type": "As the server said it.",
    "error": "Why the answer was of no use; null if it was.",
    "etag": "As the server said it; sent with the next request.",
    "last_modified": "As the server said it; sent with the next request.",
    "warc_offset": "First byte of the record in the WARC file.",
    "warc_length": "Bytes of the record.",
    "number_start": "Offset of the number in the document (title, blank line, text), in characters.",
    "number_end": "Offset of its end.",
    "evidence_start": "Offset of the sentence.",
    "evidence_end": "Offset of its end.",
    "stage": "Where it was rejected.",
    "reason": "Why, in a word.",
    "detail": "Why, in full.",
}
"""Columns whose records say no more than their name."""
LOADS = {
    "load_id": "Hash of batch and moment.",
    "kind": "What began the batch: poll, day or import.",
    "as_of": "The moment that the batch stands for, UTC.",
    "created_at": "When the batch was begun, UTC.",
    "extractor": "Code that read the facts.",
    "items": "Entries taken: new_articles + new_versions + unchanged + duplicates + rejected.",
    "new_articles": "Items whose article no earlier batch had.",
    "new_versions": "Items with a new text of a known article.",
    "unchanged": "Items with a known text.",
    "duplicates": "Items whose article the batch has already.",
    "rejected": "Items of no use; raw.rejected says why.",
    "facts": "Facts read.",
    "rows_added": "Rows that this load put into the raw tables.",
    "rows_retired": "Rows that it took out.",
}
GRAIN = {
    "loads": "A load of a batch; the newest one of a batch says what stands in the tables now.",
    "retired_articles": "Articles as they stood before a later load changed or dropped them.",
    "retired_facts": "Facts as they stood before a later load changed or dropped them.",
}
REASONS = {
    "poll": {
        "no_link, bad_url": "an entry without an address, or with one that can't be fetched",
        "not_a_feed": "the answer is no feed that can be read, or too long to be one",
        "import_row": "a row of an import that is damaged or lacks a field, with its line",
        "import_duplicate": "a URL that stands in the import before",
        "sitemap, sitemap_limit": "a sitemap that can't be read, or lies behind too many others",
        "no_date": "pages of a sitemap without a date",
    },
    "poll, fetch": {
        "http_404, http_503, ...": "the server's answer",
        "timeout, disconnected, connection, dns, tls, bad_response": "no answer, or not a whole one",
        "bad_encoding": "the body's compression is damaged or unknown",
        "too_large": "longer than `TOLLWIRE_PAGE_BYTES`, unpacked",
        "too_many_redirects": "more than ten",
        "forbidden_address": "the name leads to a private or local address",
        "rate_limited": "the host asked for a pause of more than a minute",
        "host_down": "the host was given up after many failures in a row",
    },
    "fetch": {
        "robots, robots_unreachable": "robots.txt disallows it, or can't be had",
        "content_type": "no text: a picture, a film, a PDF",
        "empty": "no bytes",
    },
    "clean": {
        "not_html, unreadable": "no HTML, or such that no parser reads it",
        "no_text, not_article": "nothing but navigation, or too few words",
        "clean_timeout, clean_crashed": "took longer than `TOLLWIRE_CLEAN_TIMEOUT`, or killed its process",
    },
    "extract": {
        "language": "not English",
        "extract_crashed, extract_timeout": "killed its process, or took longer than ten minutes",
    },
}
"""Stage -> fixed words of raw.rejected -> what they mean."""
HEAD = """# Tables

Made by `tools/make_tables_doc.py`. Times are UTC. Ids are hashes of what identifies a thing, never of time. Open the snapshot
read-only in DuckDB; the marts are what totals are asked of, the raw tables are what they were made from.
"""


def record_meanings(kind: str) -> dict[str, str]:
    """Column -> what the record's docstring says of it."""
    body = ast.parse(inspect.getsource(RECORDS[kind])).body[0]
    assert isinstance(body, ast.ClassDef)
    found, name = {}, ""
    for node in body.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        elif name and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found[name] = " ".join(str(node.value.value).split())
    return found


def project_docs() -> dict[str, dict[str, Any]]:
    """Model or seed -> its entry in the dbt project's YAML."""
    files = sorted(Path(ROOT / "sql").glob("**/_*.yml"))
    entries = [yaml.safe_load(file.read_text(encoding="utf8")) for file in files if "target" not in file.parts]
    return {one["name"]: one for entry in entries for kind in ("models", "seeds") for one in entry.get(kind, [])}


def told(schema: str, table: str, docs: dict[str, dict[str, Any]]) -> tuple[str, dict[str, str]]:
    """What a table is, and column -> meaning."""
    if schema != "raw":
        entry = docs.get(table, {})
        return entry.get("description", ""), {c["name"]: c.get("description", "") for c in entry.get("columns", [])}
    kind = table.removeprefix("retired_")
    if kind not in RECORDS:
        return GRAIN[table], OWN | LOADS
    marts = {c["name"]: c["description"] for c in docs["facts"]["columns"]}
    meanings = OWN | marts | COMMON | record_meanings(kind)
    return GRAIN.get(table) or inspect.getdoc(RECORDS[kind]) or "", meanings


def lines(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    yield HEAD
    docs = project_docs()
    yield "## Macros\n"
    for name in ("totals_as_known", "trace_total", "trace_facts"):
        yield f"- {docs[name]['description']}"
    yield ""
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where schema_name in ('marts', 'raw', 'seeds') and not temporary"
        " order by all"
    ).fetchall()
    for schema, table in tables:
        grain, meanings = told(schema, table, docs)
        yield f"## {schema}.{table}\n"
        yield f"{grain}\n\n| column | type | meaning |\n| --- | --- | --- |"
        for name, kind, *_ in connection.execute(f"describe {schema}.{table}").fetchall():
            yield f"| {name} | {kind} | {meanings.get(name, '')} |"
        yield ""
    yield "## Why something was rejected\n\n| stage | reason | meaning |\n| --- | --- | --- |"
    for stage, words in REASONS.items():
        yield from (f"| {stage} | {word} | {why} |" for word, why in words.items())


def render(connection: duckdb.DuckDBPyConnection) -> str:
    """The whole file."""
    return "\n".join(lines(connection)).rstrip("\n") + "\n"


def main() -> None:
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        sys.stdout.write(render(connection))


if __name__ == "__main__":
    main()
