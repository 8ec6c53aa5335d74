"""Starting whole Airflows for tests and benchmarks: on databases of their own, with settings that make them quick."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from tests.airflow.live import Live, alert_sink
from tests.airflow.worlds import SHARDS, Feed, write_feeds
from tests.conftest import ROOT
from tests.e2e.worlds import free_port
from tools.airflow_local import Local


class Metadata:
    """New databases on a PostgreSQL server, dropped at the end. The first is migrated, the others are copies of it."""

    def __init__(self, server: str) -> None:
        self.server, self.names = server, list[str]()

    def new(self) -> str:
        """The URL of an empty database."""
        return self._create("")

    def copy(self, folder: Path) -> str:
        """The URL of a database with Airflow's tables, which are made the first time: that takes ten seconds."""
        if not self.names:
            Local(folder, 0, {**clean_environment(), "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": self.new()}).migrate()
        return self._create(f"template {self.names[0]}")

    def _create(self, how: str) -> str:
        name = f"tollwire_airflow_test_{uuid.uuid4().hex[:8]}"
        self.run(f"create database {name} {how}")
        self.names.append(name)
        return f"{self.server.rpartition('/')[0].replace('postgresql://', 'postgresql+psycopg2://')}/{name}"

    def drop(self) -> None:
        for name in self.names:
            self.run(f"drop database if exists {name} with (force)")

    def run(self, statement: str) -> None:
        connection = psycopg2.connect(self.server, connect_timeout=3)
        try:
            connection.autocommit = True
            connection.cursor().execute(statement)
        finally:
            connection.close()


def clean_environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "TOLLWIRE"))}


@contextmanager
def airflow(folder: Path, url: str, feeds: list[Feed], **more: str) -> Iterator[Live]:
    """A whole Airflow on a database, whose tasks write to `<folder>/first` until they are told otherwise; `more` is
    added to the environment."""
    shutil.copytree(ROOT / "sql", folder / "sql", ignore=shutil.ignore_patterns("target", "logs"))
    write_feeds(folder / "feeds.yml", feeds)
    (folder / "first").mkdir()
    (folder / "data").symlink_to(folder / "first")
    with alert_sink() as (hook, alerts):
        given = {
            **clean_environment(),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url,
            "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "1",
            "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.3",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "15",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "3",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "3",
            "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "5",
            "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "12",
            "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "2",
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "600",
            "AIRFLOW_CONN_TOLLWIRE_ALERTS": hook,
            "TOLLWIRE_DATA": str(folder / "data"),
            "TOLLWIRE_FEEDS": str(folder / "feeds.yml"),
            "TOLLWIRE_SQL": str(folder / "sql"),
            "TOLLWIRE_ALLOW_PRIVATE": "true",
            "TOLLWIRE_HOST_DELAY": "0",
            "TOLLWIRE_HOST_CONCURRENCY": "8",
            "TOLLWIRE_REQUEST_TIMEOUT": "5",
            "TOLLWIRE_RETRIES": "1",
            "TOLLWIRE_RECHECK_DAYS": "1",
            "TOLLWIRE_SHARDS": str(SHARDS),
            # No cycle of its own but the one at the start: the tests say when.
            "TOLLWIRE_INGEST_SCHEDULE": "0 0 1 1 *",
            "TOLLWIRE_INGEST_DEADLINE": "8",
            **more,
        }
        local = Local(folder / "home", free_port(), given)
        try:
            try:
                local.run(300)
            except SystemExit as error:
                raise AssertionError(str(error)) from error
            yield Live(local, folder, alerts)
        finally:
            local.stop(1)
