"""Renewing what polls know of the past, from what is loaded."""

import duckdb

from pipeline.feeds import memory


def renew_memory(connection: duckdb.DuckDBPyConnection, data: str) -> None:
    """Make <data>/memory.parquet anew from the raw tables."""
    known = connection.execute(memory.KNOWN_SQL).to_arrow_table()
    feeds = connection.execute(memory.FEEDS_SQL).to_arrow_table()
    memory.write_memory(memory.Memory.from_tables(known, feeds), data)
