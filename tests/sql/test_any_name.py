"""A snapshot goes on working under another file name, and as a database that is attached to another."""

import shutil

import duckdb
import pytest

from pipeline.settings import Settings
from pipeline.warehouse.connect import writing
from pipeline.warehouse.models import build
from tests.sql.raw_rows import Text, at, load

VIEWS = "select schema_name, view_name from duckdb_views() where database_name = current_database() and not internal"
MACROS = (
    "totals_as_known('2030-01-04')",
    "totals_as_known('2030-01-04', clock := 'loaded')",
    "trace_facts((select list(fact_id) from marts.facts))",
    "trace_total((select any_value(series_id) from marts.running_totals))",
)


@pytest.fixture(scope="module")
def renamed(tmp_path_factory):
    """A built warehouse of one claim, under another name; the old file is gone."""
    folder = tmp_path_factory.mktemp("named")
    settings = Settings(data=str(folder))
    with writing(settings) as connection:
        load(connection, "b", [Text("one", at("2030-01-02"), [{"count": 20}])], at("2030-01-02", 22))
    build(settings)
    return shutil.move(settings.warehouse_file, folder / "my copy.duckdb")


def opened(file) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(file), read_only=True)


def attached(file) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"attach '{file}' as other (read_only); use other")
    return connection


@pytest.mark.parametrize("way", [opened, attached])
def test_every_view_and_macro_works(renamed, way):
    with way(renamed) as connection:
        views = connection.execute(VIEWS).fetchall()
        assert {"stg_facts", "item_outcomes"} <= {name for _, name in views}
        for schema, name in views:
            connection.execute(f"select * from {schema}.{name}").fetchall()
        assert [len(connection.execute(f"select * from {macro}").fetchall()) for macro in MACROS] == [1, 1, 1, 1]


def test_views_need_no_use(renamed):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{renamed}' as other (read_only)")
        assert connection.execute("select low from other.staging.stg_facts").fetchall() == [(20,)]
