"""Articles that somebody has on file already: JSONL or CSV with url, publisher, published, title, text.

They become items that carry their body, so that they go the same way as fetched ones: archived, cleaned, extracted and
loaded.
"""

import csv
import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urlsplit

from pipeline.errors import InputError
from pipeline.records import FeedItem, Rejected, hash_id

FEED_ID = "import"


@dataclass(frozen=True, slots=True)
class Imported:
    items: list[FeedItem]
    rejected: list[Rejected]


def file_id(path: Path) -> str:
    """Hash of the file's bytes: the same file is the same batch."""
    digest = hashlib.sha256()
    with _open_bytes(path) as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()[:12]


def _open_bytes(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def read_articles(path: Path, now: datetime) -> Imported:
    """Items of a .jsonl or .csv file, gzipped or not. A row that can't be used is rejected with its line number."""
    items: dict[str, FeedItem] = {}
    rejected = []
    for line, values in _rows(path):
        made = _item(path, line, values, now) if isinstance(values, dict) else values
        if isinstance(made, str):
            rejected.append(_rejected(path, line, "import_row", made, now))
        elif made.item_id in items:
            rejected.append(_rejected(path, line, "import_duplicate", f"the same URL again: {made.url}", now))
        else:
            items[made.item_id] = made
    return Imported(list(items.values()), rejected)


def _rejected(path: Path, line: int, reason: str, detail: str, now: datetime) -> Rejected:
    return Rejected("poll", reason, f"{path.name}:{line}: {detail}", None, FEED_ID, None, now)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """(line number, fields or what is wrong with the line)."""
    name = path.name.removesuffix(".gz")
    with _open_bytes(path) as raw:
        data = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if path.suffix == ".gz" else raw
        text = io.TextIOWrapper(data, encoding="utf-8-sig", errors="replace", newline="")
        try:
            if name.endswith(".csv"):
                yield from _csv_rows(path, text)
            elif name.endswith((".jsonl", ".ndjson", ".json")):
                yield from _json_rows(text)
            else:
                raise InputError(f"{path}: the name must end in .jsonl or .csv (or either with .gz)")
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(f"{path}: cannot be read to its end ({error})") from error


def _json_rows(text: IO[str]) -> Iterator[tuple[int, dict[str, Any] | str]]:
    for number, line in enumerate(text, 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:  # ValueError: a number of 5,000 digits, too
            yield number, f"no JSON: {error}"
            continue
        yield number, values if isinstance(values, dict) else "no JSON object"


def _csv_rows(path: Path, text: IO[str]) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """A row that is no CSV costs itself alone: after an error the reader begins anew at the next line.

    Strict: a quote that is never closed is an error, where it would otherwise make one text of all that follows.
    """
    csv.field_size_limit(1 << 30)
    reader = csv.DictReader(text, strict=True)
    lacking = {"published", "text"} - set(reader.fieldnames or [])
    if lacking:
        raise InputError(f"{path}: the header lacks {', '.join(sorted(lacking))}; it has {reader.fieldnames}")
    while True:
        begins = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield begins, f"no CSV up to line {reader.line_num}: {error}"
            continue
        yield reader.line_num, values


def _item(path: Path, line: int, values: dict[str, Any], now: datetime) -> FeedItem | str:
    text, title = values.get("text"), values.get("title") or ""
    if not isinstance(text, str) or not text.strip():
        return "text is missing or empty"
    published = parse_published(values.get("published"))
    if isinstance(published, str):
        return published
    if published > now + timedelta(days=1):
        return f"published lies in the future: {published.date()}"
    url = str(values.get("url") or "").strip() or f"import:{values.get('doc_id') or hash_id(text)}"
    publisher = str(values.get("publisher") or _host(url)).strip()
    if not publisher:
        return "publisher is missing, and there is no URL to tell it from"
    return FeedItem(hash_id(FEED_ID, url), FEED_ID, publisher, url, None, str(title), published, now, "import", text)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def parse_published(value: Any) -> datetime | str:
    """ISO day or moment, as UTC; a day counts as its noon. What is wrong, if it is neither."""
    try:
        when = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return f"published is no ISO date: {value!r}"
    if len(str(value).strip()) <= 10:
        when = datetime.combine(when.date(), time(12))
    try:
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except OverflowError:
        return f"published is no date of the calendar in UTC: {value!r}"
