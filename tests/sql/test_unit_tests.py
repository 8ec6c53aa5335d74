"""The rules of the SQL models, row by row: dbt's unit tests, and that each mart and column is told what it is."""

import pytest

from pipeline.settings import Settings
from pipeline.warehouse.connect import reading, writing
from pipeline.warehouse.models import build, run_unit_tests


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Settings:
    """An empty warehouse, built."""
    settings = Settings(data=str(tmp_path_factory.mktemp("unit")))
    with writing(settings):
        pass
    results = build(settings)
    assert not [r for r in results if r.status not in ("success", "pass")]
    return settings


def test_every_rule_gives_the_rows_that_it_should(built):
    results = run_unit_tests(built)
    assert len(results) >= 26
    assert {r.name: r.message for r in results if r.status != "pass"} == {}


def test_an_empty_warehouse_has_every_mart(built):
    with reading(built.warehouse_file) as connection:
        marts = {
            n
            for (n,) in connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'marts'"
            ).fetchall()
        }
    assert marts == {
        "facts", "incidents", "situations", "running_totals", "daily_new", "disagreements", "revisions", "publishers", "coverage", "feed_health",
    }  # fmt: skip
