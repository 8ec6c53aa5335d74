"""Opening the warehouse: the one module that knows which database it is, and that its writers take turns."""

import fcntl
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipeline.errors import LockedError, StorageError
from pipeline.settings import Settings

SCHEMA = Path(__file__).with_name("schema.sql")


@contextmanager
def writer_lock(settings: Settings, waiting: Callable[[str], None] = lambda holder: None) -> Iterator[None]:
    """Hold the right to write. Waits settings.lock_wait seconds (`waiting` is told once who holds it), or LockedError.

    The lock is the kernel's (flock), so a killed holder leaves none behind; the file's text only says who holds it.
    A process that holds the lock already gets it again at once.
    """
    path = settings.data_folder / "lock"
    if str(path) in _held:
        yield
        return
    handle = _open_lock(path)
    try:
        _acquire(handle, path, settings.lock_wait, waiting)
        os.ftruncate(handle, 0)
        os.pwrite(handle, _who().encode(), 0)
        _held[str(path)] = handle
        yield
    finally:
        _held.pop(str(path), None)
        os.close(handle)


_held: dict[str, int] = {}
"""The locks that this process holds: path -> file descriptor."""


def held_locks() -> tuple[int, ...]:
    """For a process that we start to write for us: it inherits the lock, and keeps it if we are killed before it ends."""
    return tuple(_held.values())


def _open_lock(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StorageError(
            f"{path}: cannot be opened ({error.strerror}); set TOLLWIRE_DATA to a writable folder"
        ) from error


def _acquire(handle: int, path: Path, wait: float, waiting: Callable[[str], None]) -> None:
    deadline, told = time.monotonic() + wait, False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = os.pread(handle, 1000, 0).decode(errors="replace") or "another process"
            if time.monotonic() >= deadline:
                raise LockedError(f"{path} is held by {holder}; wait for it, or raise TOLLWIRE_LOCK_WAIT") from None
            if not told:
                waiting(holder)
                told = True
            time.sleep(0.1)


def _who() -> str:
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200]
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "command": command, "since": since})


def config(settings: Settings) -> dict[str, str | bool | int | float | list[str]]:
    """DuckDB's settings: bounded memory, no download of extensions."""
    return {
        "memory_limit": settings.memory_limit,
        "autoinstall_known_extensions": False,
        "temp_directory": str(settings.warehouse_file.parent / "spill"),
    }


@contextmanager
def writing(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the working file, with the raw tables there. The caller holds the writer lock."""
    file = settings.warehouse_file
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(str(file), config=config(settings))
    except (OSError, duckdb.IOException) as error:
        raise StorageError(f"{file}: cannot be opened for writing ({error})") from error
    try:
        try:
            connection.execute(SCHEMA.read_text(encoding="utf8"))
        except (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException) as error:
            raise StorageError(f"{file}: cannot be written ({error}); make room and run again") from error
        yield connection
    finally:
        connection.close()


@contextmanager
def reading(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a snapshot. It locks nobody out, and a newer snapshot doesn't disturb it."""
    if not file.exists():
        raise StorageError(f"{file}: no snapshot yet; `tollwire run` makes one")
    try:
        connection = duckdb.connect(str(file), read_only=True)
    except duckdb.Error as error:
        raise StorageError(f"{file}: cannot be opened ({error})") from error
    try:
        yield connection
    finally:
        connection.close()
