"""The marts as Parquet and CSV, for those who don't open DuckDB."""

import uuid
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipeline.errors import StorageError

FORMULA = r"^[=+\-@\t\r]"
"""A cell that begins so is run as a formula by spreadsheet programs."""


def export_marts(snapshot: Path, folder: Path, formats: Iterable[str] = ("parquet", "csv")) -> list[Path]:
    """Write every table of the marts schema to folder/<mart>.<format>, each by rename. Returns the files."""
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts' order by table_name"
        ).fetchall()
        wanted = list(formats)
        return [_export(connection, name, folder, ending) for (name,) in names for ending in wanted]


def _export(connection: duckdb.DuckDBPyConnection, mart: str, folder: Path, ending: str) -> Path:
    target = folder / f"{mart}.{ending}"
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    options = "format csv, header" if ending == "csv" else "format parquet, compression zstd"
    query = csv_safe(connection, mart) if ending == "csv" else f"select * from marts.{mart}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        connection.execute(f"copy ({query}) to '{str(temporary).replace(chr(39), chr(39) * 2)}' ({options})")
        temporary.replace(target)
    except (OSError, duckdb.IOException) as error:
        raise StorageError(f"{target}: cannot be written ({error})") from error
    finally:
        temporary.unlink(missing_ok=True)
    return target


def csv_safe(connection: duckdb.DuckDBPyConnection, mart: str) -> str:
    """A query in which text that a spreadsheet would run as a formula begins with an apostrophe."""
    described = connection.execute(f"describe marts.{mart}").fetchall()
    shown = [
        f"case when regexp_matches({name}, '{FORMULA}') then '''' || {name} else {name} end as {name}"
        if kind == "VARCHAR"
        else name
        for name, kind, *_ in described
    ]
    return f"select {', '.join(shown)} from marts.{mart}"
