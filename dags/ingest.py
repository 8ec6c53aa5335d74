"""Every fifteen minutes: poll the feeds that are due, read what is new, load it."""

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, Param, task
from tollwire_dags.defaults import HOSTS, START, TASK, deadline
from tollwire_dags.stages import Job, jobs, read_and_load

from pipeline.settings import load as load_settings

DOC = """
### What it does
One poll cycle, one batch (`poll-<time>`): ask the feeds that are due (`every` in feeds.yml, what the feed asks for,
back-off while it fails; `tollwire feeds list` says when and why), then fetch, clean and extract shard by shard of
hosts, then load. The load's asset event makes the DAG `models` rebuild the SQL models and publish the snapshot; a cycle
that found nothing new, and in which every feed answered, sends none.
Triggered by hand with `{"all": true}` it asks every feed.

### When it fails
- **poll**: no feed's trouble fails it (a feed that hangs or answers 500 is a row in `coverage` and
  `feed_health`). It fails on a wrong `feeds.yml` or setting: the log names file, line and field. Correct it and
  clear the task.
- **fetch, clean, extract**: no page's trouble fails them (it becomes a row in `raw.rejected`). They fail on a
  full disk or a folder that cannot be written: make room, then clear the task. It goes on where it was, nothing
  is fetched twice.
- **load**: says which other writer holds the warehouse, or that the books of the batch don't balance (a bug:
  keep the batch's folder and report it). The warehouse is as it was before.
- A failed run loses nothing: what it had not loaded is still new to the next poll while the feeds list it, and
  the night's run finds it in the sitemaps.
- **late**: the run has not ended by its deadline (`TOLLWIRE_INGEST_DEADLINE`); look for the shard that still
  runs. The next cycle starts when this one has ended.
"""

SETTINGS = load_settings()
ALLOWED: Any = ("scheduled", "manual")

with DAG(
    "ingest",
    description="Poll, fetch, clean, extract, load: one batch each cycle",
    schedule=CronTriggerTimetable(SETTINGS.ingest_schedule, timezone="UTC"),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    # No backfill: a poll reads what the feeds list now. The past is nightly's.
    allowed_run_types=ALLOWED,
    default_args=TASK,
    deadline=deadline(SETTINGS.ingest_deadline),
    params={"all": Param(False, type="boolean", description="Ask feeds too that are not due")},
    doc_md=DOC,
    tags=["tollwire", "ingest"],
) as dag:

    @task(pool=HOSTS, execution_timeout=timedelta(minutes=15), show_return_value_in_logs=False)
    def poll(dag_run: Any = None, params: Any = None) -> list[Job]:
        """Ask every feed that is due; what it lists and we don't know becomes the batch's items."""
        from pipeline import settings, work

        # The run's own time names the batch, so that a task tried again finds it.
        batch_id, config = work.begin_poll(dag_run.run_after), settings.load()
        work.poll(config, batch_id, shards=config.shards, ask_all=params["all"])
        return jobs(batch_id)

    read_and_load(poll())
