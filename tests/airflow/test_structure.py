"""The DAG files as such: they import fast, touch nothing, and are wired as their documentation says."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.conftest import ROOT

DAGS = ROOT / "dags"
NAMES = ("ingest", "models", "nightly", "reprocess")

# Runs in a process of its own: what a DAG file does at its top level must not depend on what the tests have imported.
PROBE = """
import importlib, json, sys, time
sys.path.insert(0, sys.argv[1])
import airflow.sdk.definitions.callback, airflow.sdk.definitions.deadline, pydantic_settings, pendulum
from airflow.sdk import *
from airflow.providers.standard.decorators import python, sensor, short_circuit
opened = []
def watch(event, args):
    if event in ("open", "socket.connect", "subprocess.Popen", "sqlite3.connect", "os.mkdir", "os.remove", "os.rename"):
        opened.append((event, str(args[0])))
sys.addaudithook(watch)
found = {}
for name in sys.argv[2:]:
    opened.clear()
    before = time.process_time()
    importlib.import_module(name)
    found[name] = {"seconds": time.process_time() - before, "opened": list(opened), "modules": sorted(sys.modules)}
print(json.dumps(found))
"""


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Airflow writes a configuration file where it is imported: not into the user's home."""
    folder = tmp_path_factory.mktemp("home")
    os.environ["AIRFLOW_HOME"] = str(folder)
    return folder


@cache
def probe() -> dict[str, Any]:
    """DAG file → processor seconds of its import, what it opened, and the modules that are there then."""
    command = [sys.executable, "-B", "-c", PROBE, str(DAGS), *NAMES]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return dict(json.loads(ran.stdout.splitlines()[-1]))


@pytest.mark.parametrize("name", NAMES)
def test_it_imports_in_less_than_two_seconds(name: str) -> None:
    assert probe()[name]["seconds"] < 2


@pytest.mark.parametrize("name", NAMES)
def test_its_top_level_does_no_input_or_output(name: str) -> None:
    """Python reads modules; nothing else is opened, and none of our stages is imported."""
    found = probe()[name]
    code = (".py", ".pyc", ".so", ".pth", "__pycache__")
    outside = [entry for entry in found["opened"] if not entry[1].endswith(code) and ".dist-info" not in entry[1]]
    assert outside == []
    heavy = {"pipeline.work", "duckdb", "spacy", "trafilatura", "pyarrow", "aiohttp"}
    assert heavy.isdisjoint(found["modules"])


@cache
def module(name: str) -> ModuleType:
    import importlib

    if str(DAGS) not in sys.path:
        sys.path.insert(0, str(DAGS))
    return importlib.import_module(name)


def dag(name: str) -> Any:
    return module(name).dag


def edges(name: str) -> set[tuple[str, str]]:
    return {(task.task_id, after) for task in dag(name).tasks for after in task.downstream_task_ids}


READ = {("hosts.fetch", "hosts.clean"), ("hosts.clean", "hosts.extract"), ("hosts.extract", "load")}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ingest", READ | {("poll", "hosts.fetch"), ("poll", "hosts.clean"), ("poll", "hosts.extract"), ("poll", "load")}),
        ("models", {("settle", "build"), ("build", "publish")}),
        ("nightly", READ | {
            ("discover", "hosts.fetch"), ("discover", "hosts.clean"), ("discover", "hosts.extract"),
            ("discover", "load"), ("load", "build"), ("build", "publish"), ("publish", "report"),
            ("publish", "retention"), ("report", "retention"),
        }),
        ("reprocess", {("find", "reread"), ("reread", "changes")}),
    ],
)  # fmt: skip
def test_its_tasks_follow_one_another(name: str, expected: set[tuple[str, str]]) -> None:
    assert edges(name) == expected


@pytest.mark.parametrize("name", NAMES)
def test_every_task_is_owned_retried_bounded_and_watched(name: str) -> None:
    for task in dag(name).tasks:
        where = f"{name}.{task.task_id}"
        assert task.owner == "tollwire", where
        assert task.retries == 2, where
        assert task.retry_exponential_backoff == 2.0, where
        assert task.max_retry_delay == timedelta(minutes=15), where
        assert timedelta(0) < task.execution_timeout <= timedelta(hours=12), where
        assert task.on_failure_callback, where


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_to_do_when_it_fails(name: str) -> None:
    found = dag(name)
    assert "### When it fails" in found.doc_md
    assert "tollwire" in found.tags
    assert found.max_active_runs == 1
    assert not found.catchup
    assert found.deadline


def test_writers_of_the_warehouse_take_turns() -> None:
    writers = {(name, task.task_id) for name in NAMES for task in dag(name).tasks if task.pool == "warehouse"}
    assert writers == {
        ("ingest", "load"), ("models", "build"), ("models", "publish"), ("nightly", "load"), ("nightly", "build"),
        ("nightly", "publish"), ("nightly", "retention"), ("reprocess", "changes"),
    }  # fmt: skip


def test_hosts_are_asked_from_one_pool() -> None:
    asking = {(name, task.task_id) for name in NAMES for task in dag(name).tasks if task.pool == "hosts"}
    assert asking == {
        ("ingest", "poll"),
        ("ingest", "hosts.fetch"),
        ("nightly", "discover"),
        ("nightly", "hosts.fetch"),
    }


def test_what_is_mapped_is_shards_never_articles() -> None:
    mapped = {(name, task.task_id) for name in NAMES for task in dag(name).tasks if task.is_mapped or _in_mapped(task)}
    assert mapped == {
        (name, f"hosts.{stage}") for name in ("ingest", "nightly") for stage in ("fetch", "clean", "extract")
    } | {("reprocess", "reread")}


def _in_mapped(task: Any) -> bool:
    return task.get_closest_mapped_task_group() is not None


def test_the_nights_interval_is_its_day() -> None:
    from airflow.sdk import CronDataIntervalTimetable, CronTriggerTimetable

    assert isinstance(dag("nightly").timetable, CronDataIntervalTimetable)
    assert isinstance(dag("ingest").timetable, CronTriggerTimetable)
    assert [asset.name for asset in dag("models").timetable.asset_condition.objects] == ["tollwire.raw"]


def test_assets_are_datasets_to_openlineage() -> None:
    from airflow.providers.openlineage.utils.utils import translate_airflow_asset

    module("ingest")
    defaults = module("tollwire_dags.defaults")
    found = [translate_airflow_asset(asset, None) for asset in (defaults.RAW, defaults.MARTS, defaults.SNAPSHOT)]
    assert [(d.namespace, d.name) for d in found if d] == [
        ("duckdb://tollwire", "raw"), ("duckdb://tollwire", "marts"), ("duckdb://tollwire", "snapshot"),
    ]  # fmt: skip


def test_only_the_nights_can_be_filled_in() -> None:
    """Airflow refuses a backfill of models and reprocess by itself, which have no days to count."""
    assert {str(kind.value) for kind in dag("ingest").allowed_run_types} == {"scheduled", "manual"}
    assert dag("nightly").allowed_run_types is None


def test_a_backfill_leaves_building_to_the_models() -> None:
    """What a run of a backfill is told by Airflow, and the day that it and a run by hand work on."""
    from datetime import UTC, datetime
    from types import SimpleNamespace

    day_of = module("nightly").day_of
    start, after = datetime(2022, 3, 1, tzinfo=UTC), datetime(2022, 3, 9, 7, tzinfo=UTC)
    assert day_of(SimpleNamespace(data_interval_start=start, run_after=after)) == "2022-03-01"
    assert day_of(SimpleNamespace(data_interval_start=None, run_after=after)) == "2022-03-08"
    build = dag("nightly").get_task("build")
    assert build.python_callable(dag_run=SimpleNamespace(run_type="backfill")) is False
    assert build.ignore_downstream_trigger_rules
    assert json.loads((DAGS / "tollwire_dags" / "pools.json").read_text())["warehouse"]["slots"] == 1
