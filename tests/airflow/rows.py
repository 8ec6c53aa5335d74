"""Every row of a warehouse, without what tells when and where it was written."""

from pathlib import Path

import duckdb

BOOKKEEPING = {
    "loaded_at", "created_at", "load_id", "polled_at", "listed_at", "fetched_at", "rejected_at", "rows_added",
    "rows_retired", "retired_at", "warc_file", "warc_offset", "warc_length", "first_loaded_at", "last_loaded_at",
    "etag", "last_modified", "known_from", "known_until",
}  # fmt: skip


def rows(file: Path) -> dict[str, list[tuple]]:
    """Table → its rows as text, sorted."""
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name, list(column_name order by column_name) from information_schema.columns"
            " where table_schema not in ('information_schema', 'main') group by all order by all"
        ).fetchall()
        found = {}
        for schema, table, names in tables:
            kept = ", ".join(f'cast("{name}" as varchar)' for name in names if name not in BOOKKEEPING)
            found[f"{schema}.{table}"] = sorted(
                connection.execute(f'select {kept} from {schema}."{table}"').fetchall(), key=repr
            )
        return found


def differences(one: dict[str, list[tuple]], other: dict[str, list[tuple]]) -> dict[str, list[tuple]]:
    """Table → up to five rows that only one of the two has; empty if both are the same."""
    found = {}
    for table in sorted(one.keys() | other.keys()):
        a, b = one.get(table, []), other.get(table, [])
        if a != b:
            found[table] = [("rows", len(a), len(b)), *sorted(set(a) ^ set(b), key=repr)[:5]]
    return found
