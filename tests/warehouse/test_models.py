"""dbt as a process that gets ready before its turn, and what it says of a data test that fails."""

import shutil
import subprocess
import sys

import duckdb
import pytest

from pipeline.errors import BuildError
from pipeline.settings import ROOT, Settings
from pipeline.warehouse.connect import writing
from pipeline.warehouse.models import build, getting_ready, read_results, run_unit_tests
from tests.sql.raw_rows import Text, at, load


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> Settings:
    """A warehouse of one text, and a copy of the SQL project."""
    folder = tmp_path_factory.mktemp("models")
    shutil.copytree(ROOT / "sql", folder / "sql", ignore=shutil.ignore_patterns("target", "logs"))
    settings = Settings(data=str(folder / "data"), sql=folder / "sql")
    with writing(settings) as connection:
        load(connection, "b", [Text("one", at("2030-01-02"), [{"count": 20}])], at("2030-01-02", 22))
    return settings


def test_what_got_ready_builds(settings):
    with getting_ready(settings) as dbt:
        results = build(settings, ready=dbt)
        assert dbt.process.poll() == 0
    assert {r.status for r in results} <= {"success", "pass", "warn"}
    assert {"facts", "nations", "background_is_never_counted"} <= {r.name.split(".")[0] for r in results}
    with duckdb.connect(str(settings.warehouse_file)) as connection:
        assert connection.execute("select best from marts.running_totals").fetchall()[0] == (20,)


def test_a_project_that_changed_since_is_built_as_it_is_now(settings):
    with getting_ready(settings) as dbt:
        model = settings.sql / "models" / "marts" / "latecomers.sql"
        model.write_text("select 1 as one")
        try:
            assert "latecomers" in {r.name for r in build(settings, ready=dbt)}
        finally:
            model.unlink()
    assert dbt.process.poll() is not None


def test_where_no_build_came_of_it_nothing_runs_on_and_the_last_results_stand(settings):
    results = build(settings)
    with pytest.raises(ZeroDivisionError), getting_ready(settings) as dbt:
        raise ZeroDivisionError
    assert dbt.process.poll() is not None
    assert read_results(settings.data_folder / "dbt") == results


def test_a_project_that_cannot_be_read_gives_no_results_of_an_earlier_run(settings):
    broken = settings.sql / "models" / "marts" / "broken.sql"
    assert build(settings)
    broken.write_text("select {{")
    try:
        with pytest.raises(BuildError, match="broken"):
            build(settings)
        assert read_results(settings.data_folder / "dbt") == []
        assert run_unit_tests(settings) == []
    finally:
        broken.unlink()


def test_without_a_caller_it_ends():
    """The caller was killed: standard input ends, and nothing is built."""
    command = [sys.executable, "-m", "pipeline.warehouse.dbt_process", "results.json", "build"]
    folder = {"DBT_PROJECT_DIR": str(ROOT / "sql"), "DBT_PROFILES_DIR": str(ROOT / "sql"), "DBT_WRITE_JSON": "false"}
    ran = subprocess.run(["env", *(f"{k}={v}" for k, v in folder.items()), "TOLLWIRE_DBT_WAREHOUSE=none", *command],
                         stdin=subprocess.DEVNULL, capture_output=True, check=False)  # fmt: skip
    assert ran.returncode == 1


def test_a_failed_build_says_which_rule_of_which_column_and_shows_a_value(settings):
    broken = settings.sql / "seeds" / "organisations.csv"
    whole = broken.read_text()
    lines = whole.splitlines()
    broken.write_text("\n".join([*lines, lines[-1]]) + "\n")
    try:
        with pytest.raises(BuildError, match=r"pattern is unique', 1, '") as failed:
            build(settings)
    finally:
        broken.write_text(whole)
    assert "columns_hold_organisations" in str(failed.value)
