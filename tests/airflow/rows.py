"""Every row of a warehouse's raw tables and marts, without what tells when and where it was written."""

from pathlib import Path

import duckdb

WAREHOUSE = "tollwire.duckdb"
SNAPSHOT = "snapshot/tollwire.duckdb"
Rows = dict[str, list[tuple]]
"""Table → its rows as text, sorted."""

BOOKKEEPING = {
    "loaded_at", "created_at", "load_id", "polled_at", "listed_at", "fetched_at", "rejected_at", "rows_added",
    "rows_retired", "retired_at", "warc_file", "warc_offset", "warc_length", "etag", "last_modified",
}  # fmt: skip
"""Columns of our own clock, of the archive's files, and of one load."""
OF_A_LOAD = {"new_articles", "new_versions", "unchanged", "duplicates"}
"""What raw.loads counted at the moment of a load, when other days may have been missing; raw.item_outcomes, which is
compared, counts by the moments that batches stand for."""


def ask(file: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def rows(file: Path) -> Rows:
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name, list(column_name order by column_name) from information_schema.columns"
            " where table_schema in ('raw', 'marts') group by all order by all"
        ).fetchall()
        found = {}
        for schema, table, names in tables:
            left_out = BOOKKEEPING | (OF_A_LOAD if table == "loads" else set())
            kept = ", ".join(f'cast("{name}" as varchar)' for name in names if name not in left_out)
            query = f'select {kept} from {schema}."{table}" order by all'
            found[f"{schema}.{table}"] = connection.execute(query).fetchall()
        return found


def differences(one: Rows, other: Rows) -> Rows:
    """Table → up to five rows that only one of the two has; empty if both are the same."""
    found: Rows = {}
    for table in sorted(one.keys() | other.keys()):
        a, b = one.get(table, []), other.get(table, [])
        if a != b:
            found[table] = [("rows", len(a), len(b)), *sorted(set(a) ^ set(b), key=repr)[:5]]
    return found
