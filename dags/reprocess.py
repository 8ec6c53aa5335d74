"""Read the archive of a range of days again with the installed code: no network."""

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, Param, task
from tollwire_dags.defaults import RAW, START, TASK, WAREHOUSE, deadline

from pipeline.settings import load as load_settings

DOC = """
### What it does
Cleans and extracts the archived pages of all batches between two days again and loads the result in place of
the old; the last task's log says how many facts stayed, came and went. Then the DAG `models` builds once.
Batches that were never loaded, as that of a cycle which is under way, are left out.
Trigger it with two dates: `airflow dags trigger reprocess --conf '{"first": "2022-03-01", "last":
"2022-03-07"}'`.

### When it fails
The warehouse holds each batch's old rows whole until its new ones are loaded. Clear the failed task, or trigger
the same range again: it is safe any number of times. Don't run it while a backfill with `completed` works on
the same days: the backfill's load may find a day half read, change nothing and fail (clear it then).
"""

GROUPS = 16
"""Tasks that a range's batches are divided among; they take turns only for loading."""

with DAG(
    "reprocess",
    description="Read the archive of a range of days again, and show how many facts changed",
    schedule=None,
    start_date=START,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=TASK,
    deadline=deadline(load_settings().nightly_deadline),
    params={
        "first": Param("2022-03-01", type="string", format="date", description="First day"),
        "last": Param("2022-03-01", type="string", format="date", description="Last day, included"),
    },
    doc_md=DOC,
    tags=["tollwire", "reprocess"],
) as dag:

    @task(show_return_value_in_logs=False)
    def find(params: Any = None) -> list[list[str]]:
        """The range's batches, in groups."""
        from datetime import date

        from pipeline import settings, work

        first, last = (date.fromisoformat(params[name]) for name in ("first", "last"))
        batches = work.batches_between(settings.load(), first, last)
        print(f"find: {len(batches)} batches between {first} and {last}")
        return [group for n in range(GROUPS) if (group := batches[n::GROUPS])]

    @task(execution_timeout=timedelta(hours=12), max_active_tis_per_dagrun=2, show_return_value_in_logs=False)
    def reread(batches: list[str]) -> dict[str, int]:
        from pipeline import settings, work

        changes = [work.reprocess_batch(settings.load(), batch_id) for batch_id in batches]
        return {name: sum(getattr(c, name) for c in changes) for name in ("same", "added", "removed")}

    @task(pool=WAREHOUSE, outlets=[RAW])
    def changes(groups: Any) -> dict[str, int]:
        """How the facts changed over the whole range."""
        found = list(groups)
        total = {name: sum(group[name] for group in found) for name in ("same", "added", "removed")}
        print("reprocess: facts " + ", ".join(f"{n} {name}" for name, n in total.items()))
        return total

    changes(reread.expand(batches=find()))
