"""From when Airflow counts a run's deadline. Registered as a plugin (pyproject.toml), since every Airflow process reads it.

Airflow 3.3's own DAGRUN_QUEUED_AT can't be used: while a run's deadline lies ahead, clearing any of its tasks fails (the
web server answers 500: `timedelta` is given the interval as stored, a dict).
"""

from datetime import UTC, datetime
from typing import Any

from airflow.plugins_manager import AirflowPlugin
from airflow.sdk.definitions.deadline import BaseDeadlineReference


class RunMade(BaseDeadlineReference):
    """The moment the scheduler, a backfill or somebody made the run."""

    def _evaluate_with(self, *, session: Any, **kwargs: Any) -> datetime:
        return datetime.now(UTC)


class DeadlinesPlugin(AirflowPlugin):
    name = "tollwire_deadlines"
    deadline_references = [RunMade]  # noqa: RUF012 (as the base class declares it)
