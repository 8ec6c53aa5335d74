"""The file that analysts open: a copy of the working file, put in place by rename.

Whoever has the old one open goes on reading it; whoever opens the path gets the new one whole.
"""

import os
import shutil
import uuid
from pathlib import Path

import duckdb

from pipeline.errors import StorageError
from pipeline.settings import Settings
from pipeline.warehouse.connect import writing


def publish_snapshot(settings: Settings) -> Path:
    """Copy the working file to the snapshot's path, whole or not at all. The caller holds the writer lock."""
    with writing(settings) as connection:
        connection.execute("force checkpoint")
    target = settings.snapshot_file
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(settings.warehouse_file, temporary)
        _check(temporary)
        temporary.replace(target)
    except (OSError, duckdb.Error) as error:
        raise StorageError(f"{target}: cannot be published ({error}); the last snapshot stays") from error
    finally:
        temporary.unlink(missing_ok=True)
    return target


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _check(file: Path) -> None:
    """A copy that can't be opened must not replace one that can."""
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute("select count(*) from raw.loads").fetchall()
