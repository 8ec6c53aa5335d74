"""The day's report: what came in, what failed, what moved, what the data tests say. Markdown, for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import fsspec

from pipeline.batch import write_bytes
from pipeline.publish.status import Rows, query
from pipeline.settings import Settings
from pipeline.warehouse.connect import reading
from pipeline.warehouse.models import NodeResult

# By the moments that batches stand for, not by when they were loaded: filled in late or in another order, a day's report
# says the same.
COUNTS = """
select
    coalesce(sum(items), 0) as items, coalesce(sum(new_articles), 0) as new_articles,
    coalesce(sum(new_versions), 0) as new_versions, coalesce(sum(rejected), 0) as rejected,
    coalesce(sum(items - new_articles - new_versions - rejected), 0) as known_before, coalesce(sum(facts), 0) as facts
from marts.coverage
where day = $day
"""
FAILED_FEEDS = """
select feed_id, count(*) as polls, count(error) as failed, max_by(error, polled_at) filter (error is not null) as last_error
from raw.polls
where batch_id in (select batch_id from raw.loads where cast(as_of as date) = $day)
group by feed_id
having count(error) > 0
order by failed desc, feed_id
"""
REJECTIONS = """
select rejected.stage, rejected.reason, count(*) as rejected, any_value(coalesce(rejected.url, rejected.detail)) as example
from raw.rejected as rejected
where rejected.batch_id in (select batch_id from raw.loads where cast(as_of as date) = $day)
group by rejected.stage, rejected.reason
order by rejected desc, rejected.stage, rejected.reason
"""
MOVES = """
with
days as (
    select
        * exclude (fact_ids),
        lag(best) over (partition by series_id, method order by day) as best_before,
        lag(day) over (partition by series_id, method order by day) as day_before
    from marts.running_totals
    where day <= $day and population = 'all'
)
select
    situations.name as situation, days.country, days.side, days.metric, days.unit, days.method,
    days.best_before, days.best, days.best - days.best_before as move, days.publishers
from days
inner join marts.situations as situations on days.situation_id = situations.situation_id
where days.day = $day and days.best is distinct from days.best_before
order by abs(coalesce(days.best - days.best_before, days.best)) desc, situation, days.metric
limit 20
"""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: Rows
    empty: str
    """What to say where there is none."""


def write_report(settings: Settings, day: date, tests: Sequence[NodeResult], problem: str | None = None) -> str:
    """Write <data>/reports/<day>.md from the published snapshot; returns its path.

    `tests` are the results of the last build, `problem` says why the snapshot is not of today, if it isn't.
    """
    with reading(settings.snapshot_file) as connection:
        text = render(day, sections(connection, day), tests, problem)
    fs, root = fsspec.core.url_to_fs(settings.data)
    path = f"{root.rstrip('/')}/reports/{day}.md"
    write_bytes(fs, path, text.encode())
    return path


def sections(connection: duckdb.DuckDBPyConnection, day: date) -> list[Section]:
    asked = [
        ("Items and facts", COUNTS, "No batch."),
        ("Feeds that failed", FAILED_FEEDS, "None."),
        ("Rejected, by reason", REJECTIONS, "Nothing."),
        ("Biggest moves in totals", MOVES, "No total moved."),
    ]
    return [Section(title, query(connection, sql, {"day": day}), empty) for title, sql, empty in asked]


def render(day: date, parts: Sequence[Section], tests: Sequence[NodeResult], problem: str | None) -> str:
    """The report as Markdown."""
    head = [f"# Tollwire, {day}"] + ([f"**{problem}**"] if problem else [])
    body = [f"## {part.title}\n\n{_table(part.rows) if part.rows.rows else part.empty}" for part in parts]
    bad = [t for t in tests if t.status not in ("success", "pass")]
    shown = _table(Rows(["test", "status", "message"], [(t.name, t.status, t.message) for t in bad]))
    body.append("## Models and data tests\n\n" + (shown if bad else f"{len(tests)} built or passed, none failed."))
    return "\n\n".join(head + body) + "\n"


def _table(found: Rows) -> str:
    lines = [found.names, ["---"] * len(found.names), *([_cell(v) for v in row] for row in found.rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: Any) -> str:
    text = "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
    return " ".join(text.replace("|", "\\|").split())[:200]
