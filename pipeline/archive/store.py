"""The archive: WARC files, written once, read by offset.

pages/<part>.warc.gz grows under the name <part>.warc.gz.part, a gzip member a record, and gets its own name when the
part is whole. After a crash the valid beginning of the .part file counts: each record says which request it answers and
what the answer led to (`Tollwire-Request`, `Tollwire-Outcome`), so what was fetched is not asked for again. On an
object store the file grows in the machine's temporary folder and is put in place at the end.

Bodies lie there as they came, content encoding and all. The transfer's chunking is undone, so `Transfer-Encoding` (and
a `Content-Length` that isn't the body's) stands as `X-Crawler-...`, as Common Crawl does it.
"""

import fcntl
import hashlib
import io
import os
import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from urllib.parse import quote

import fsspec
from fastwarc.warc import WarcRecord, WarcRecordType
from fsspec.implementations.local import LocalFileSystem
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.batch import Batch
from pipeline.errors import LockedError, StorageError
from pipeline.records import Page, hash_id
from pipeline.web.encoding import decoded
from pipeline.web.exchange import Failure, Response

TEXT_TYPE = "text/plain; charset=utf-8"
PAGE = "page"
"""The outcome of an answer that can be used; others are `redirect`, `retry` or the reason for rejecting it."""
_LEVEL = 6
_CHUNK = 1 << 20
_HEADER_BYTES = 1 << 26
"""More than any answer is let through with."""
_PRINTABLE = "".join(chr(c) for c in range(0x20, 0x7F))
_RENAMED = ("transfer-encoding", "trailer")


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer in the archive."""

    request: str
    """The URL first asked for, or an item's id where the item brought its own text; as `header_text`."""
    outcome: str
    response: Response
    fetched_at: datetime
    warc_file: str
    offset: int
    length: int


class PageFile:
    """A part's WARC file while it is being written: `with PageFile(batch, part, user_agent) as file`.

    First `recover`, to its end; then `add` and `add_text`; at last `finish`.
    """

    def __init__(self, batch: Batch, part: str, user_agent: str) -> None:
        self._fs, self._path = batch.fs, batch.path("pages", part, "warc.gz")
        self.warc_file = batch.relative(self._path)
        self._agent = user_agent
        self._growing = _growing_path(self._fs, self._path)
        self._file: io.FileIO | None = None
        self._end = 0

    def __enter__(self) -> "PageFile":
        try:
            self._growing.parent.mkdir(parents=True, exist_ok=True)
            self._reopen_finished()
        except OSError as error:
            raise _storage_error(self._growing, error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def _reopen_finished(self) -> None:
        """A finished file that no pages/<part>.parquet names yet is of a run that died in between: go on with it."""
        if self._fs.exists(self._path) and not self._growing.exists():
            self._fs.get(self._path, str(self._growing))

    def recover(self) -> Iterator[Stored]:
        """What an interrupted run had stored; what lies behind its last whole record is cut off."""
        try:
            if not self._growing.exists():
                return
            file = self._open()
            for offset, length, data in members(file):
                self._end = offset + length
                if stored := _stored(data, self.warc_file, offset, length):
                    yield stored
            file.truncate(self._end)
            file.seek(self._end)
        except OSError as error:
            raise _storage_error(self._growing, error) from error

    def _open(self) -> io.FileIO:
        if self._file is None:
            self._file = open(self._growing, "a+b", buffering=0)  # noqa: SIM115  closed by __exit__
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LockedError(f"{self._growing}: another process is fetching this part; wait for it") from None
            self._file.seek(0)
        return self._file

    def add(self, response: Response, request: str, outcome: str, at: datetime) -> Stored:
        """Append an answer. StorageError if the disk is full or the folder read-only."""
        response = replace(response, url=header_text(response.url))
        headers = _record_headers(request, outcome, at, response.cut, response.address)
        http = StatusAndHeaders(_line(response), _http_headers(response), protocol="HTTP/1.1")
        record = _builder().create_warc_record(
            response.url, "response", payload=io.BytesIO(response.body), length=len(response.body),
            http_headers=http, warc_headers_dict=headers,
        )  # fmt: skip
        return self._append(record, request, outcome, response, at)

    def add_text(self, url: str, text: str, request: str, at: datetime) -> Stored:
        """Append a text that an import or a feed brought with it, as a `resource`."""
        url, body = header_text(url), text.encode("utf8", "replace")
        record = _builder().create_warc_record(
            url, "resource", payload=io.BytesIO(body), length=len(body), warc_content_type=TEXT_TYPE,
            warc_headers_dict=_record_headers(request, PAGE, at, None, None),
        )  # fmt: skip
        return self._append(record, request, PAGE, _text_response(url, body), at)

    def _append(self, record: Any, request: str, outcome: str, response: Response, at: datetime) -> Stored:
        try:
            if self._end == 0:
                self._write(_compressed(_info(self._agent)))
            offset, data = self._end, _compressed(record)
            self._write(data)
        except OSError as error:
            raise _storage_error(self._growing, error) from error
        return Stored(request, outcome, response, at, self.warc_file, offset, len(data))

    def _write(self, data: bytes) -> None:
        """Through to the operating system, so that kill -9 loses no whole record."""
        file, rest = self._open(), memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]
        self._end += len(data)

    def finish(self) -> None:
        """Give the file its name. Nothing was stored: there is no file."""
        if self._file is None:
            return
        try:
            os.fsync(self._file.fileno())
            if isinstance(self._fs, LocalFileSystem):
                os.replace(self._growing, self._path)
            else:
                self._fs.makedirs(os.path.dirname(self._path), exist_ok=True)
                self._fs.put(str(self._growing), self._path)
                self._growing.unlink()
        except OSError as error:
            raise _storage_error(Path(self._path), error) from error


def _growing_path(fs: Any, path: str) -> Path:
    if isinstance(fs, LocalFileSystem):
        return Path(f"{path}.part")
    name = hashlib.sha256(fs.unstrip_protocol(path).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir(), "tollwire-archive", f"{name}.warc.gz.part")


def _storage_error(path: Path, error: OSError) -> StorageError:
    return StorageError(f"{path}: cannot be written ({error.strerror or error}); run again to go on where it stopped")


def members(file: IO[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """(offset, length, decompressed data) of each whole gzip member; ends quietly at the first that is not whole."""
    offset, buffer = 0, b""
    while True:
        stream, data, length = zlib.decompressobj(31), bytearray(), 0
        while not stream.eof:
            chunk = buffer or file.read(_CHUNK)
            if not chunk:
                return
            try:
                data += stream.decompress(chunk)
            except zlib.error:
                return
            length += len(chunk)
            buffer = b""
        buffer = stream.unused_data
        length -= len(buffer)
        yield offset, length, bytes(data)
        offset += length


def _builder() -> WARCWriter:
    return WARCWriter(io.BytesIO(), gzip=False, warc_version="1.1")


def _compressed(record: Any) -> bytes:
    """The record as a gzip member of its own."""
    plain = io.BytesIO()
    WARCWriter(plain, gzip=False, warc_version="1.1").write_record(record)
    stream = zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
    return stream.compress(plain.getbuffer()) + stream.flush()


def _info(user_agent: str) -> Any:
    fields = {"software": "tollwire", "format": "WARC File Format 1.1", "http-header-user-agent": user_agent}
    return _builder().create_warcinfo_record(None, fields)


def _record_headers(request: str, outcome: str, at: datetime, cut: str | None, address: str | None) -> dict[str, str]:
    found = {
        "WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "WARC-IP-Address": address,
        "WARC-Truncated": cut,
        "Tollwire-Request": header_text(request),
        "Tollwire-Outcome": outcome,
    }
    return {name: value for name, value in found.items() if value}


def header_text(value: str) -> str:
    """Printable ASCII; anything else percent-encoded, so that no value can break out of its header line."""
    return quote(value, safe=_PRINTABLE, errors="replace")


def _line(response: Response) -> str:
    return f"{response.status} {header_text(response.phrase)}"


def _http_headers(response: Response) -> list[tuple[str, str]]:
    """As they came, but those that don't hold for the body as stored renamed, and its length said."""
    kept = []
    for name, value in response.headers:
        is_wrong_length = name.lower() == "content-length" and value.strip() != str(len(response.body))
        prefix = "X-Crawler-" if is_wrong_length or name.lower() in _RENAMED else ""
        kept.append((prefix + re.sub(r"[^!-9;-~]", "-", name), header_text(value)))
    if not any(name.lower() == "content-length" for name, _ in kept):
        kept.append(("Content-Length", str(len(response.body))))
    return kept


def _text_response(url: str, body: bytes) -> Response:
    return Response(url, 200, "OK", (("Content-Type", TEXT_TYPE),), body)


def _stored(data: bytes, warc_file: str, offset: int, length: int) -> Stored | None:
    """What a record holds; null for records that are no answers (warcinfo)."""
    record = WarcRecord.from_bytes(data)
    request, outcome = record.headers.get("Tollwire-Request"), record.headers.get("Tollwire-Outcome")
    if request is None or outcome is None:
        return None
    return Stored(request, outcome, _response(record), record.record_date, warc_file, offset, length)


def _response(record: WarcRecord) -> Response:
    url = record.headers["WARC-Target-URI"]
    if record.record_type != WarcRecordType.response:
        return _text_response(url, record.reader.read())
    record.parse_http(max_header_len=_HEADER_BYTES)
    http = record.http_headers
    return Response(
        url, http.status_code or 0, http.reason_phrase or "", tuple(http.astuples()), record.reader.read(),
        record.headers.get("WARC-Truncated"), record.headers.get("WARC-IP-Address"),
    )  # fmt: skip


def read_page(data: str, page: Page) -> bytes:
    """A page's body from the archive under the data folder, content encoding undone. StorageError if it isn't there."""
    return next(body for _, body in read_pages(data, [page]))


def read_pages(data: str, pages: Iterable[Page]) -> Iterator[tuple[Page, bytes]]:
    """(page, body) of each page, in the order in which they lie in the archive."""
    fs, root = fsspec.core.url_to_fs(data)
    opened, file = "", None
    try:
        for page in sorted(pages, key=lambda p: (p.warc_file, p.warc_offset)):
            path = f"{root.rstrip('/')}/{page.warc_file}"
            if path != opened:
                if file is not None:
                    file.close()
                opened, file = path, _open_to_read(fs, path)
            yield page, _body(file, page, path)
    finally:
        if file is not None:
            file.close()


def _open_to_read(fs: Any, path: str) -> Any:
    try:
        return fs.open(path, "rb")
    except OSError as error:
        raise StorageError(f"{path}: cannot be read ({error.strerror or error})") from error


def _body(file: Any, page: Page, path: str) -> bytes:
    """Checked against page_id: what the archive gives back is what was fetched."""
    where = f"{path} at {page.warc_offset}"
    try:
        file.seek(page.warc_offset)
        record = WarcRecord.from_bytes(zlib.decompress(file.read(page.warc_length), 31))
        response = _response(record)
    except (OSError, zlib.error) as error:
        raise StorageError(f"{where}: the archived page {page.url} cannot be read ({error})") from error
    body = decoded(response.body, response.header("content-encoding"), page.body_length)
    if isinstance(body, Failure) or hash_id(page.url, body) != page.page_id:
        raise StorageError(f"{where}: does not hold {page.url} as it was fetched; restore the file from a copy")
    return body
