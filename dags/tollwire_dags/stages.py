"""Tasks that more than one DAG has: reading a batch's pages shard by shard, and loading it."""

from datetime import timedelta
from typing import Any

from airflow.sdk import task, task_group

from tollwire_dags.defaults import HOSTS, LOADED, RAW, WAREHOUSE

Job = dict[str, Any]
"""{"batch_id": ..., "shard": ...}: what travels between tasks; everything else lies in the batch's folder."""


def jobs(batch_id: str) -> list[Job]:
    """A job for each shard of the batch's hosts that has items."""
    from pipeline import settings, work

    return [{"batch_id": batch_id, "shard": shard} for shard in work.shards(settings.load(), batch_id)]


@task(pool=HOSTS, execution_timeout=timedelta(hours=2), show_return_value_in_logs=False)
def fetch(job: Job) -> None:
    from pipeline import settings, work

    work.fetch(settings.load(), job["batch_id"], job["shard"])


@task(show_return_value_in_logs=False)
def clean(job: Job) -> None:
    from pipeline import settings, work

    work.clean(settings.load(), job["batch_id"], job["shard"])


@task(execution_timeout=timedelta(hours=2), show_return_value_in_logs=False)
def extract(job: Job) -> None:
    from pipeline import settings, work

    work.extract(settings.load(), job["batch_id"], job["shard"])


@task_group
def hosts(job: Job) -> None:
    """One shard of the batch's hosts: a slow host holds up the tasks of its shard only."""
    fetch(job) >> clean(job) >> extract(job)


@task(pool=WAREHOUSE, outlets=[LOADED], show_return_value_in_logs=False)
def load(found: list[Job], builds: bool, dag_run: Any = None, outlet_events: Any = None) -> None:
    """Put the batch into the raw tables, in one transaction; then the models know that there is something new.

    They are not told of polls that found nothing, nor by a run that builds them itself (`builds`; a backfill's don't).
    """
    from pipeline import settings, work

    batch_id = found[0]["batch_id"]
    _, loaded = work.load(settings.load(), batch_id)
    if loaded.is_news and not (builds and dag_run.run_type != "backfill"):
        extra = {"batch_id": batch_id, "items": loaded.items, "facts": loaded.facts}
        outlet_events[LOADED].add(RAW, extra=extra)


def read_and_load(found: Any, builds: bool = False) -> Any:
    """fetch → clean → extract for each shard, then load; returns the load task. `builds`: models are built after it."""
    loaded = load(found, builds)
    hosts.expand(job=found) >> loaded
    return loaded
