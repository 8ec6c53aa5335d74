#!/usr/bin/env python3
"""Write docs/tables.md: every table and column of a snapshot.

    .venv/bin/python -m tools.make_tables_doc demo-data/snapshot/tollwire.duckdb > docs/tables.md

Names and types come from the snapshot, meanings of the raw columns from the docstrings of pipeline/records.py.
"""

import ast
import inspect
import sys

import duckdb

from pipeline.batch import KINDS

OWN = {
    "batch_id": "The batch that the row came with.",
    "loaded_at": "When it was loaded, UTC.",
    "code_version": "Version of the code that made it.",
    "retired_at": "When a later load changed or dropped it, UTC.",
}
HEAD = """# Tables

Made by `tools/make_tables_doc.py` from a snapshot. Times are UTC. Ids are hashes of what identifies a thing, never of time.
"""


def meanings(kind: str) -> dict[str, str]:
    """Column -> what the record's docstring says of it."""
    body = ast.parse(inspect.getsource(KINDS[kind])).body[0]
    assert isinstance(body, ast.ClassDef)
    found, name = {}, ""
    for node in body.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        elif name and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found[name] = " ".join(str(node.value.value).split())
    return found


def main() -> None:
    print(HEAD)
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_schema in ('raw', 'marts') order by all"
        ).fetchall()
        for schema, table in tables:
            kind = table.removeprefix("retired_")
            told = OWN | (meanings(kind) if schema == "raw" and kind in KINDS else {})
            grain = inspect.getdoc(KINDS[kind]) if schema == "raw" and kind in KINDS else ""
            print(f"## {schema}.{table}\n")
            print(
                f"{grain}\n\n| column | type | meaning |\n| --- | --- | --- |"
                if grain
                else "| column | type | meaning |\n| --- | --- | --- |"
            )
            for name, type_, *_ in connection.execute(f"describe {schema}.{table}").fetchall():
                print(f"| {name} | {type_} | {told.get(name, '')} |")
            print()


if __name__ == "__main__":
    main()
