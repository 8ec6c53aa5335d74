"""After each load: rebuild and test the SQL models, publish the snapshot."""

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, PokeReturnValue, task
from tollwire_dags.defaults import MARTS, RAW, SNAPSHOT, START, TASK, WAREHOUSE, deadline

from pipeline.settings import load as load_settings

DOC = """
### What it does
A load that brings something new is an asset event. Events that come while a run of this DAG is active wait and make one further run. A
run first lets nightly runs and backfills come to rest (at most an hour, so that totals stay fresh through a
long backfill), so that a backfill of N days builds once, not N times; a build with nothing new does nothing.

It has no logical date and can't be backfilled, and need not be: the models are always built from all raw
tables.

### When it fails
- **build**: a model did not build or a data test failed: the log lists which, with dbt's message. **The last
  good snapshot stays published.** Run `tollwire build` for the details, `tollwire sql` to look at the rows;
  correct the SQL or the seed, then clear the task.
- **publish**: the disk is full or the folder read-only; the last snapshot stays. Make room, clear the task.

### Why the models are one task and not one each
The working DuckDB file takes one process at a time, so a task a model would run one by one, and pay a process
and dbt's parsing for each. dbt runs them in one process. Their lineage is in dbt's own
files (`dbt docs generate --project-dir sql`), each model's result and time in the build task's log, and the
assets `tollwire.raw` → `tollwire.marts` → `tollwire.snapshot` in Airflow.
"""

REST_AT_MOST = timedelta(hours=1)
LIMIT = 2 * REST_AT_MOST

with DAG(
    "models",
    description="Build and test the SQL models, publish the snapshot",
    schedule=[RAW],
    start_date=START,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=TASK,
    deadline=deadline(load_settings().nightly_deadline),
    doc_md=DOC,
    tags=["tollwire", "models"],
) as dag:
    # It holds a worker's slot while it waits. mode="reschedule" would not, but can bring Airflow 3.3's scheduler down:
    # https://github.com/apache/airflow/issues/71923 (seen here with a short interval on a busy machine) and 71172.
    @task.sensor(mode="poke", poke_interval=3, timeout=LIMIT.total_seconds(), execution_timeout=LIMIT)
    def settle(dag_run: Any = None, ti: Any = None) -> PokeReturnValue:
        """Wait while days are being loaded; each of them would be a reason to build again."""
        from datetime import UTC, datetime

        busy = ti.get_dr_count("nightly", states=["queued", "running"])
        waited = datetime.now(UTC) - dag_run.start_date
        is_done = not busy or waited > REST_AT_MOST
        if is_done:
            print(f"settle: {busy} nightly runs are active or queued, waited {waited.total_seconds():.0f} s")
        return PokeReturnValue(is_done=is_done)

    @task(pool=WAREHOUSE, outlets=[MARTS], execution_timeout=timedelta(hours=2), show_return_value_in_logs=False)
    def build() -> None:
        from pipeline import settings, work

        work.build(settings.load())

    @task(pool=WAREHOUSE, outlets=[SNAPSHOT], show_return_value_in_logs=False)
    def publish() -> None:
        from pipeline import settings, work

        work.publish(settings.load())

    settle() >> build() >> publish()
