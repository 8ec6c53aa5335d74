#!/usr/bin/env python3
"""Run every example of docs/cookbook.md on the demo's snapshot and write its result under it.

    .venv/bin/python -m demo && .venv/bin/python -m tools.make_cookbook

The document is its own source: a result is whatever stands between an example and the next heading. SQL results become
tables, what Python prints becomes text. Python finds the snapshot's path in `snapshot` and an empty folder in `folder`.
"""

import argparse
import contextlib
import io
import re
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipeline.settings import ROOT

COOKBOOK = ROOT / "docs" / "cookbook.md"
EXAMPLE = re.compile(r"(```(sql|python)\n(.*?)```\n)(.*?)(?=\n## |\Z)", re.DOTALL)


def rewrite(text: str, snapshot: Path) -> str:
    """The cookbook with each example's result as it is on this snapshot."""
    with duckdb.connect(str(snapshot), read_only=True) as connection, tempfile.TemporaryDirectory() as folder:

        def answered(example: re.Match[str]) -> str:
            shown, language, code, _ = example.groups()
            result = as_table(connection, code) if language == "sql" else as_printed(code, snapshot, Path(folder))
            return f"{shown}\n{result}"

        return EXAMPLE.sub(answered, text)


def examples(text: str) -> list[str]:
    return [found[3] for found in EXAMPLE.finditer(text)]


def as_table(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """A query's rows as a table in Markdown."""
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    rows = [[cell(value) for value in row] for row in found.fetchall()]
    lines = [names, ["---"] * len(names), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list):
        return ", ".join(cell(v) for v in value)
    return str(value) if isinstance(value, date) else " ".join(str(value).split()).replace("|", r"\|")


def as_printed(code: str, snapshot: Path, folder: Path) -> str:
    """What a Python example prints, as a block of text."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, str(COOKBOOK), "exec"), {"snapshot": str(snapshot), "folder": str(folder)})
    return f"```text\n{printed.getvalue().strip()}\n```\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT / "demo-data", help="folder that `python -m demo` worked in")
    options = parser.parse_args()
    before = COOKBOOK.read_text(encoding="utf8")
    after = rewrite(before, options.data / "snapshot" / "tollwire.duckdb")
    COOKBOOK.write_text(after, encoding="utf8")
    print(
        f"{COOKBOOK.relative_to(ROOT)}: {len(examples(after))} examples, {'changed' if after != before else 'unchanged'}"
    )


if __name__ == "__main__":
    main()
