"""Each day's whole work, for the day of its data interval; backfill it and you have the past."""

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, CronDataIntervalTimetable, TriggerRule, task
from tollwire_dags.defaults import HOSTS, MARTS, SNAPSHOT, START, TASK, WAREHOUSE, deadline
from tollwire_dags.stages import Job, jobs, read_and_load

from pipeline.settings import load as load_settings

DOC = """
### What it does
For the UTC day of its data interval, one batch (`day-YYYY-MM-DD`): finds what the feeds' sites published that
day, also what no poll saw, and articles of the days before it that may have been edited; fetches, cleans,
extracts and loads them; then builds and tests the models, publishes the snapshot, writes the day's report and
applies retention.

### Backfill
`airflow backfill create --dag-id nightly --from-date 2022-03-01 --to-date 2022-03-07 --max-active-runs 3`, or
*Trigger → Backfill* on this page. Both dates count. Forwards or `--run-backwards`; `--reprocess-behavior none`
does the missing days, `failed` the failed ones too, `completed` all of them again. Any order and any repetition
give the same rows. The DAG must not be paused, and it can have one active backfill (Airflow marks a finished
one complete within half a minute). Runs of a backfill leave build, publish, report and retention out: when the
last of them has ended, the DAG `models` builds once for all.

### When it fails
- **discover**: a site's trouble is a row in `raw.rejected`; the task itself fails on a wrong `feeds.yml` or a
  full disk.
- **fetch, clean, extract, load**: as in the DAG `ingest`.
- **build**: a model or a data test failed: the log and the day's report say which. **The last good snapshot
  stays published.** Correct the SQL or seed, clear the task: publish and retention follow.
- **retention** removes half-written files, and with `TOLLWIRE_RETENTION_DAYS` what the archive gives again;
  `tollwire status` says what was freed. It does not run in a night whose build failed: nothing is deleted that
  may be needed to see why.
- After Airflow itself was down for some nights: backfill them with `--reprocess-behavior none`.
"""


def day_of(dag_run: Any) -> str:
    """The day of the data interval; the last whole day for a run that was triggered without a logical date."""
    start = dag_run.data_interval_start or dag_run.run_after - timedelta(days=1)
    return start.strftime("%Y-%m-%d")


SETTINGS = load_settings()

with DAG(
    "nightly",
    description="One day: discover, read, load, build, publish, report, retention",
    # Not a plain cron string, whose data interval is of zero width in Airflow 3: the interval is the day to work on.
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone="UTC"),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=TASK,
    deadline=deadline(SETTINGS.nightly_deadline),
    doc_md=DOC,
    tags=["tollwire", "nightly"],
) as dag:

    @task(pool=HOSTS, execution_timeout=timedelta(hours=1), show_return_value_in_logs=False)
    def discover(dag_run: Any = None) -> list[Job]:
        """What the day published, and what of the days before may have been edited."""
        from pipeline import settings, work

        batch_id, config = work.begin_day(day_of(dag_run)), settings.load()
        work.discover(config, batch_id, shards=config.shards)
        return jobs(batch_id)

    @task.short_circuit(pool=WAREHOUSE, execution_timeout=timedelta(hours=2))
    def build(dag_run: Any = None) -> bool:
        """Build and test the models; in a backfill's run nothing, and what follows is skipped."""
        from pipeline import settings, work

        if dag_run.run_type == "backfill":
            print("build: left to the DAG models, once for the whole backfill")
            return False
        work.build(settings.load())
        return True

    @task(pool=WAREHOUSE, outlets=[MARTS, SNAPSHOT], show_return_value_in_logs=False)
    def publish() -> None:
        from pipeline import settings, work

        work.publish(settings.load())

    @task(trigger_rule=TriggerRule.ALL_DONE, show_return_value_in_logs=False)
    def report(dag_run: Any = None) -> None:
        """Written also when the build failed, which is then what it reports."""
        from pipeline import settings, work

        work.report(settings.load(), day_of(dag_run))

    @task(pool=WAREHOUSE, show_return_value_in_logs=False)
    def retention() -> None:
        from pipeline import settings, work

        work.retention(settings.load())

    built, published, reported = build(), publish(), report()
    read_and_load(discover(), builds=True) >> built >> published >> [reported, done := retention()]
    reported >> done
