"""What the command line and Airflow's tasks call: one function a stage, and whole runs."""

from pipeline.work.accounts import Accounts
from pipeline.work.retention import Freed, retention
from pipeline.work.run import (
    Ran,
    Reprocessed,
    backfill,
    batches_between,
    build,
    days,
    finish,
    import_articles,
    publish,
    report,
    reprocess,
    reprocess_batch,
    run,
    unfinished,
)
from pipeline.work.stages import begin_day, begin_poll, clean, discover, extract, fetch, import_file, load, poll, shards

__all__ = [
    "Accounts", "Freed", "Ran", "Reprocessed", "backfill", "batches_between", "begin_day", "begin_poll", "build", "clean", "days", "discover",
    "extract", "fetch", "finish", "import_articles", "import_file", "load", "poll", "publish", "report", "reprocess", "reprocess_batch",
    "retention", "run", "shards", "unfinished",
]  # fmt: skip
