"""Renewing what polls know of the past, from what is loaded."""

import duckdb

from pipeline.feeds import memory


def renew_memory(connection: duckdb.DuckDBPyConnection, data: str) -> None:
    """Make <data>/memory.parquet anew from the raw tables."""
    asked = (memory.KNOWN_SQL, memory.FEEDS_SQL, memory.MISSING_SQL)
    tables = [connection.execute(sql).to_arrow_table() for sql in asked]
    memory.write_memory(memory.Memory.from_tables(*tables), data)
