"""Removing what can be made again, so that nothing is lost by it.

Half-written files go a day after the process that wrote them was killed. The rest goes only where TOLLWIRE_RETENTION_DAYS
says after how many days: articles and facts of loaded batches (read from the archive again if they are ever needed),
exports of marts that are no more, dbt's old logs, Airflow's logs. The archive (items, pages, what was rejected), the
warehouse, the snapshot and the reports stay for ever.
"""

import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fsspec.implementations.local import LocalFileSystem

from pipeline.batch import Batch, batch_ids, write_bytes
from pipeline.publish.status import retention_file
from pipeline.settings import Settings
from pipeline.warehouse.connect import writer_lock, writing
from pipeline.warehouse.load import loaded_batches
from pipeline.work import stages
from pipeline.work.accounts import Accounts, told

MADE_AGAIN = ("facts", "articles")
"""Kinds of a batch's files that its archive gives again. In this order: articles without facts are extracted again."""


@dataclass(frozen=True, slots=True)
class Freed:
    """What was removed of one kind."""

    what: str
    files: int
    bytes: int


def retention(settings: Settings, now: datetime | None = None) -> list[Freed]:
    """Remove what is old; what was freed is kept for `tollwire status`."""
    moment, started = now or stages.utc_now(), time.monotonic()
    with writer_lock(settings, stages.waiting):  # nothing is loaded or built meanwhile
        freed = [_remove("half-written files", _local(_leftovers(settings)), moment - timedelta(days=1))]
        if settings.retention_days is not None:
            before = moment - timedelta(days=settings.retention_days)
            freed += [
                _remove("articles and facts of loaded batches", _work_files(settings), before),
                _remove("exports of former marts", _local(_former_exports(settings)), before),
                _remove("dbt's logs", _local(settings.data_folder.glob("dbt*/dbt.log*")), before),
                _remove("Airflow's logs", _local(_airflow_logs(settings)), before),
            ]
            _remove_empty_folders(settings.airflow_logs, before)
    done = {"at": moment.isoformat(), "retention_days": settings.retention_days, "freed": [asdict(f) for f in freed]}
    write_bytes(LocalFileSystem(), str(retention_file(settings).absolute()), json.dumps(done, indent=1).encode())
    files, size = sum(f.files for f in freed), sum(f.bytes for f in freed)
    told(Accounts("retention", f"{size / 1e6:,.1f} MB", files, files, seconds=time.monotonic() - started))
    return freed


def _remove(what: str, found: Iterable[tuple[Any, str]], before: datetime) -> Freed:
    """Delete those of the (file system, path) that were last written before a moment."""
    files = size = 0
    for fs, path in found:
        try:
            if fs.modified(path) < before:
                found_size = fs.size(path)
                fs.rm_file(path)
                size, files = size + found_size, files + 1
        except FileNotFoundError:
            continue  # a writer has just given a half-written file its own name
    return Freed(what, files, size)


def _local(paths: Iterable[Path]) -> Iterator[tuple[Any, str]]:
    fs = LocalFileSystem()
    for path in list(paths):
        if path.is_file() and not path.is_symlink():
            yield fs, str(path.absolute())


def _leftovers(settings: Settings) -> list[Path]:
    """What killed processes left: files before their rename, and what DuckDB had moved from memory to the disk."""
    return [*settings.data_folder.rglob(".*.part"), *(settings.warehouse_file.parent / "spill").glob("*")]


def _work_files(settings: Settings) -> Iterator[tuple[Any, str]]:
    """Articles and facts of loaded batches, of parts whose archive is there."""
    names = batch_ids(settings.data)
    if not names:
        return
    with writing(settings) as connection:
        loaded = loaded_batches(connection)
    for batch in (Batch(settings.data, name) for name in names if name in loaded):
        for kind in MADE_AGAIN:
            for part in batch.parts(kind):
                if batch.has("items") and batch.has("pages", part) and batch.has("pages", part, "warc.gz"):
                    yield batch.fs, batch.path(kind, part)


def _former_exports(settings: Settings) -> list[Path]:
    """Each publication writes all of them anew, after the snapshot: what is older is of a mart that is no more."""
    snapshot = settings.snapshot_file
    if not snapshot.exists():
        return []
    published = snapshot.stat().st_mtime
    return [file for file in (snapshot.parent / "marts").glob("*.*") if file.stat().st_mtime < published]


def _airflow_logs(settings: Settings) -> list[Path]:
    return list(settings.airflow_logs.rglob("*.log")) if settings.airflow_logs else []


def _remove_empty_folders(root: Path | None, before: datetime) -> None:
    """Those that have been empty as long as files are kept: a task's new one is empty for a moment too."""
    for folder, _, _ in os.walk(root, topdown=False) if root else ():
        if folder != str(root) and not os.listdir(folder) and os.stat(folder).st_mtime < before.timestamp():
            os.rmdir(folder)
