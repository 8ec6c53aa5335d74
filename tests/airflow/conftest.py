"""One Airflow and one small internet for all live tests: starting them takes longer than most of what is tested."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from tests.airflow.live import Live, alert_sink
from tests.airflow.worlds import World, own_newsroom, real_news, write_feeds
from tests.conftest import ROOT
from tests.e2e.worlds import free_port
from tools.airflow_local import Local

SERVER = os.environ.get("TOLLWIRE_TEST_POSTGRES", "postgresql://root@127.0.0.1:5432/postgres")
MUST = os.environ.get("TOLLWIRE_REQUIRE_ALL") == "1"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """newsworld, or the project's own newsroom where there is no newsworld: a live test always runs."""
    shared = Path(os.environ.get("TOLLWIRE_SHARED", ROOT.parent / "shared"))
    there = (shared / "newsworld").is_dir()
    if MUST and not there:
        pytest.fail("no newsworld beside the checkout, and TOLLWIRE_REQUIRE_ALL=1 says it must be there")
    with real_news(shared, tmp_path_factory.mktemp("world")) if there else own_newsroom() as served:
        yield served


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """A new database on PostgreSQL, dropped at the end; SQLite where no server answers."""
    name = f"tollwire_airflow_test_{uuid.uuid4().hex[:8]}"
    try:
        _run(f"create database {name}")
    except psycopg2.OperationalError as error:
        if MUST:
            pytest.fail(f"no PostgreSQL ({error}), and TOLLWIRE_REQUIRE_ALL=1 says it must be there")
        yield f"sqlite:///{folder / 'airflow.db'}"
        return
    try:
        head, _, _ = SERVER.rpartition("/")
        yield f"{head.replace('postgresql://', 'postgresql+psycopg2://')}/{name}"
    finally:
        _run(f"drop database if exists {name} with (force)")


def _run(statement: str) -> None:
    connection = psycopg2.connect(SERVER, connect_timeout=3)
    try:
        connection.autocommit = True
        connection.cursor().execute(statement)
    finally:
        connection.close()


@pytest.fixture(scope="session")
def live(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("airflow")
    shutil.copytree(ROOT / "sql", folder / "sql", ignore=shutil.ignore_patterns("target", "logs"))
    write_feeds(folder / "feeds.yml", world.feeds)
    (folder / "first").mkdir()
    (folder / "data").symlink_to(folder / "first")
    with database(folder) as url, alert_sink() as (hook, alerts):
        given = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "TOLLWIRE"))},
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url,
            "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "1",
            "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "10",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "3",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "3",
            "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "5",
            "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "8",
            "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "2",
            "AIRFLOW_CONN_TOLLWIRE_ALERTS": hook,
            "TOLLWIRE_DATA": str(folder / "data"),
            "TOLLWIRE_FEEDS": str(folder / "feeds.yml"),
            "TOLLWIRE_SQL": str(folder / "sql"),
            "TOLLWIRE_ALLOW_PRIVATE": "true",
            "TOLLWIRE_HOST_DELAY": "0",
            "TOLLWIRE_HOST_CONCURRENCY": "8",
            "TOLLWIRE_REQUEST_TIMEOUT": "4",
            "TOLLWIRE_RETRIES": "1",
            "TOLLWIRE_RECHECK_DAYS": "1",
            "TOLLWIRE_SHARDS": "2",
            # No cycle of its own but the one at the start: the tests say when.
            "TOLLWIRE_INGEST_SCHEDULE": "0 0 1 1 *",
            "TOLLWIRE_INGEST_DEADLINE": "8",
        }
        local = Local(folder / "home", free_port(), given)
        try:
            local.start(300)
            yield Live(local, folder, alerts)
        finally:
            local.stop(5)
