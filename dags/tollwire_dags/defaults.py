"""Pools, assets and task defaults of all DAGs."""

from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import Asset, AssetAlias, ExceptionRetryPolicy, RetryAction, RetryRule
from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert

from pipeline.deadlines import RunMade
from pipeline.errors import BooksError, BuildError, ConfigError, InputError
from tollwire_dags import notify

WAREHOUSE = "warehouse"
"""Pool of one slot: DuckDB lets one process write. Both pools stand in pools.json, which `airflow pools import` reads."""
HOSTS = "hosts"
"""Pool of the tasks that ask other people's hosts: how many may run at once, over all runs and backfills."""

RAW = Asset(name="tollwire.raw", uri="duckdb://tollwire/raw", group="tollwire")
"""The raw tables: something was loaded that the models should be built from. `extra` says which batch."""
LOADED = AssetAlias("tollwire.loaded", group="tollwire")
"""What a load stands for: RAW, where it says so while it runs. (An outlet that is RAW itself would send its event always.)"""
MARTS = Asset(name="tollwire.marts", uri="duckdb://tollwire/marts", group="tollwire")
"""The SQL models, built and tested."""
SNAPSHOT = Asset(name="tollwire.snapshot", uri="duckdb://tollwire/snapshot", group="tollwire")
"""The file that analysts open."""

START = pendulum.datetime(2000, 1, 1, tz="UTC")
"""Backfills reach back to here. With catchup off it makes no runs of its own."""

TRY_AGAIN_NEVER = RetryRule(
    exception=[BooksError, BuildError, ConfigError, InputError],
    action=RetryAction.FAIL,
    reason="trying again would fail again",
)

TASK: dict[str, Any] = {
    "owner": "tollwire",
    "retries": 2,
    # The first wait is Airflow's [core] default_task_retry_delay; each further one is twice as long.
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=15),
    "retry_policy": ExceptionRetryPolicy(rules=[TRY_AGAIN_NEVER]),
    "execution_timeout": timedelta(minutes=30),
    "on_failure_callback": notify.failed,
}


def deadline(seconds: float) -> DeadlineAlert:
    """Tell the operator when a run has not ended so long after it was made."""
    return DeadlineAlert(
        reference=RunMade(),
        interval=timedelta(seconds=seconds),
        callback=SyncCallback("tollwire_dags.notify.late"),
    )
