"""Where a batch's files lie, and how they are written: whole or not at all.

    <data>/batches/<batch_id>/batch.json                 what the batch is (written once its items are)
                              <kind>/<part>.parquet      polls, items, pages, articles, facts, rejected
                              pages/<part>.warc.gz       every response as it came
A part is one shard's share of a stage (`0` where nothing is sharded; `fetch-0` in rejected/). A finished file is never
changed; a stage that finds its own has nothing to do.
"""

import io
import json
import os
import re
import types
import typing
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from typing import IO, Any, TypeVar

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InputError, StorageError
from pipeline.records import Article, Fact, FeedItem, Page, Poll, Rejected, rows

R = TypeVar("R")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""What a batch's id may be: a folder's name, and nothing that leads out of the data folder."""
KINDS: dict[str, type] = {
    "polls": Poll, "items": FeedItem, "pages": Page, "articles": Article, "facts": Fact, "rejected": Rejected,
}  # fmt: skip

_ARROW: dict[Any, pa.DataType] = {
    str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), date: pa.date32(),
    datetime: pa.timestamp("us"), tuple[int, ...]: pa.list_(pa.int64()),
}  # fmt: skip


def arrow_schema(record_type: type) -> pa.Schema:
    """The Parquet schema of a record type, read off its annotations. Times are UTC, unsaid (see schema.sql)."""
    hints = typing.get_type_hints(record_type)
    return pa.schema([_arrow_field(f.name, hints[f.name]) for f in fields(record_type)])


def _arrow_field(name: str, hint: Any) -> pa.Field:
    optional = isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union
    inner = next(a for a in typing.get_args(hint) if a is not type(None)) if optional else hint
    if typing.get_origin(inner) is typing.Literal:
        inner = str
    return pa.field(name, _ARROW[inner], nullable=optional)


def read_parquet(file: IO[bytes]) -> pa.Table:
    """A whole file, read on this thread alone: `pq.read_table` leaves Python's file to a thread of Arrow's, which aborts
    the process now and then if it lets go of it while the interpreter ends."""
    return pq.ParquetFile(file, pre_buffer=False).read(use_threads=False)


def _with_schema(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Columns that an older version of the code did not write are null."""
    present = set(table.column_names)
    columns = [table[f.name].cast(f.type) if f.name in present else pa.nulls(len(table), f.type) for f in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _arrow_table(values: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """Half a character, that JSON can say and UTF-8 can't (a lone surrogate), becomes a replacement character."""
    try:
        return pa.Table.from_pylist(values, schema=schema)
    except UnicodeEncodeError:
        whole = [{k: _whole(v) if isinstance(v, str) else v for k, v in row.items()} for row in values]
        return pa.Table.from_pylist(whole, schema=schema)


def _whole(text: str) -> str:
    return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def _moment(text: str) -> Any:
    return datetime.fromisoformat(text)


def _from_arrow(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    return tuple(value) if isinstance(value, list) else value


def records_of(record_type: type[R], table: pa.Table) -> Iterator[R]:
    """A table's rows as records."""
    for values in table.to_pylist():
        yield record_type(**{k: _from_arrow(v) for k, v in values.items()})


@dataclass(frozen=True, slots=True)
class BatchInfo:
    """What a batch is; a batch begins to exist when this is written, after its items."""

    batch_id: str
    """`poll-20220308T101500Z`, `day-2022-03-08`, `import-<hash of the file>`."""
    kind: str
    """poll, day (nightly and backfill alike) or import."""
    as_of: datetime
    """The moment the batch stands for: its poll, or the end of its day."""
    created_at: datetime
    shards: int = 1
    """Into how many parts its items are split, by host."""


class Batch:
    """A batch's folder under an fsspec URL."""

    def __init__(self, data: str, batch_id: str) -> None:
        if not NAME.fullmatch(batch_id):
            raise InputError(f"{batch_id!r} is no batch's id; `tollwire status` lists the batches")
        self.batch_id = batch_id
        self.fs, root = fsspec.core.url_to_fs(data)
        self.root = root.rstrip("/")
        self.folder = f"{self.root}/batches/{batch_id}"

    def path(self, kind: str, part: str = "0", ending: str = "parquet") -> str:
        return f"{self.folder}/{kind}/{part}.{ending}"

    def relative(self, path: str) -> str:
        """A path as stored in rows: from the data folder on."""
        return path.removeprefix(self.root + "/")

    def has(self, kind: str, part: str = "0", ending: str = "parquet") -> bool:
        return self.fs.exists(self.path(kind, part, ending))

    def parts(self, kind: str) -> list[str]:
        """Names of the finished parts of a kind, in order."""
        found = self.fs.glob(f"{self.folder}/{kind}/*.parquet")
        return sorted(os.path.basename(p).removesuffix(".parquet") for p in found if "/." not in p)

    def write(self, kind: str, records: Iterable[Any], part: str = "0") -> None:
        table = _arrow_table(rows(records), arrow_schema(KINDS[kind]))
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd")
        self.write_bytes(self.path(kind, part), buffer.getvalue())

    def write_bytes(self, path: str, data: bytes) -> None:
        """Whole or not at all: to a temporary name beside it, flushed to disk, then renamed."""
        write_bytes(self.fs, path, data)

    def read(self, kind: str, part: str | None = None) -> list[Any]:
        """The records of one part, or of all parts in order."""
        return list(self.iterate(kind, part))

    def iterate(self, kind: str, part: str | None = None) -> Iterator[Any]:
        record_type = KINDS[kind]
        for name in [part] if part is not None else self.parts(kind):
            yield from records_of(record_type, self.table(kind, name))

    def table(self, kind: str, part: str) -> pa.Table:
        path = self.path(kind, part)
        try:
            with self.fs.open(path, "rb") as file:
                return _with_schema(read_parquet(file), arrow_schema(KINDS[kind]))
        except (OSError, pa.ArrowInvalid) as error:
            raise StorageError(f"{path}: cannot be read ({error}); delete it and run the batch again") from error

    def count(self, kind: str, part: str) -> int:
        """Rows of a part, from its footer."""
        with self.fs.open(self.path(kind, part), "rb") as file:
            return pq.read_metadata(file).num_rows

    def remove(self, kind: str, part: str) -> None:
        """Forget a finished part, so that its stage makes it again."""
        if self.has(kind, part):
            self.fs.rm(self.path(kind, part))

    def write_info(self, info: BatchInfo) -> None:
        values = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(info).items()}
        self.write_bytes(f"{self.folder}/batch.json", json.dumps(values, indent=1).encode())

    def info(self) -> BatchInfo | None:
        """Null if the batch was never begun."""
        path = f"{self.folder}/batch.json"
        if not self.fs.exists(path):
            return None
        values: dict[str, Any] = json.loads(self.fs.cat_file(path))
        return BatchInfo(**{k: _moment(v) if k.endswith(("_at", "_of")) else v for k, v in values.items()})


def write_bytes(fs: Any, path: str, data: bytes) -> None:
    """Write whole or not at all. A full disk or a read-only folder is a StorageError that names the path."""
    folder, name = path.rsplit("/", 1)
    temporary = f"{folder}/.{name}.{uuid.uuid4().hex[:8]}.part"
    try:
        fs.makedirs(folder, exist_ok=True)
        with fs.open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            if hasattr(file, "fileno") and _is_local(fs):
                os.fsync(file.fileno())
        fs.mv(temporary, path)
    except OSError as error:
        _remove_quietly(fs, temporary)
        raise StorageError(f"{path}: cannot be written ({error.strerror or error}); nothing was changed") from error


def _is_local(fs: Any) -> bool:
    return "file" in (fs.protocol if isinstance(fs.protocol, (tuple, list)) else (fs.protocol,))


def _remove_quietly(fs: Any, path: str) -> None:
    try:
        fs.rm(path)
    except OSError:
        return


def batch_ids(data: str) -> list[str]:
    """All batches under a data folder, by name."""
    fs, root = fsspec.core.url_to_fs(data)
    found = fs.glob(f"{root.rstrip('/')}/batches/*/batch.json")
    return sorted(p.rsplit("/", 2)[1] for p in found)
