"""feeds.yml: read, checked as a whole, added to.

    feeds:
      - feed_id: un-news
        url: https://news.un.org/feed/subscribe/en/news/all/rss.xml
        publisher: UN News
        region: world          # and kind, language (en), sitemap, is_active (true), every (15m, 6h, 1d)

A list without `feeds:` above it is taken too. Every error is told at once, each with file, line and field.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

import fsspec
import yaml

from pipeline.batch import write_bytes
from pipeline.errors import ConfigError
from pipeline.feeds.due import interval
from pipeline.records import Feed
from pipeline.web.urls import checked_url, identity

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NAMES = [f.name for f in fields(Feed)]
_REQUIRED = ("feed_id", "url", "publisher")
_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(slots=True)
class _Reader:
    """Collects what is wrong while it reads."""

    path: Path
    errors: list[str] = field(default_factory=list)
    feeds: list[Feed] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    """Line of each feed_id and URL read so far."""

    def wrong(self, node: yaml.Node, name: str, what: str) -> None:
        self.errors.append(f"{self.path}:{node.start_mark.line + 1}: {name}: {what}")


def read_feeds(path: Path) -> list[Feed]:
    """The feeds in file order. ConfigError with every mistake, a line each: `feeds.yml:12: url: ...`."""
    reader = _Reader(path)
    for node in _entries(reader, _compose(path)):
        _read_feed(reader, node)
    if reader.errors:
        raise ConfigError("\n".join(reader.errors))
    return reader.feeds


def _compose(path: Path) -> yaml.Node | None:
    try:
        return yaml.compose(path.read_text("utf-8-sig"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); TOLLWIRE_FEEDS names another file") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 (byte {error.start})") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{path}:{line}: yaml: {error.problem}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}:1: yaml: {error}") from None


def _entries(reader: _Reader, root: yaml.Node | None) -> Iterator[yaml.Node]:
    listing = _feed_list(reader, root)
    if isinstance(listing, yaml.SequenceNode):
        yield from listing.value
    elif listing is not None and not _is_null(listing):
        reader.wrong(listing, "feeds", "must be a list of feeds, each line of it beginning with `- feed_id: ...`")


def _feed_list(reader: _Reader, root: yaml.Node | None) -> yaml.Node | None:
    if not isinstance(root, yaml.MappingNode):
        return root
    found = None
    for key, value in root.value:
        if key.value == "feeds" and found is None:
            found = value
        else:
            reader.wrong(key, str(key.value), "unknown or repeated key; the file holds one list, `feeds`")
    return found


def _is_null(node: yaml.Node) -> bool:
    return node.tag == "tag:yaml.org,2002:null"


def _read_feed(reader: _Reader, node: yaml.Node) -> None:
    if not isinstance(node, yaml.MappingNode):
        reader.wrong(node, "feeds", "each entry must be a mapping with feed_id, url and publisher")
        return
    errors_before = len(reader.errors)
    values = _values(reader, node)
    for name in _REQUIRED:
        if name not in values and len(reader.errors) == errors_before:
            reader.wrong(node, name, f"is missing{_of(values)}")
    _check_values(reader, values)
    if len(reader.errors) == errors_before:
        texts = {name: value.value for name, value in values.items()}
        active = _TRUTH[texts.pop("is_active", "true").lower()]
        reader.feeds.append(Feed(**texts, is_active=active))


def _of(values: dict[str, yaml.Node]) -> str:
    known = values.get("feed_id") or values.get("url")
    return f" (feed {known.value})" if known else ""


def _values(reader: _Reader, node: yaml.MappingNode) -> dict[str, yaml.Node]:
    """The scalars of an entry by name. Taken as written: `no` is Norwegian, not false."""
    values: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = str(key.value)
        if name not in _NAMES:
            reader.wrong(key, name, f"unknown key; known are {', '.join(_NAMES)}")
        elif name in values:
            reader.wrong(key, name, "stands twice in this feed")
        elif not isinstance(value, yaml.ScalarNode):
            reader.wrong(value, name, "must be a single value")
        elif _is_null(value) or not value.value.strip():
            if name in _REQUIRED:
                reader.wrong(value, name, "is empty")
        else:
            values[name] = value
    return values


def _check_values(reader: _Reader, values: dict[str, yaml.Node]) -> None:
    for name, node in values.items():
        problem = _problem(name, node.value)
        if problem:
            reader.wrong(node, name, f"{problem} (got {node.value!r})")
        elif name in ("feed_id", "url"):
            line = reader.seen.setdefault(f"{name} {identity(node.value)}", node.start_mark.line + 1)
            if line != node.start_mark.line + 1:
                reader.wrong(node, name, f"{node.value} stands already on line {line}")


def _problem(name: str, text: str) -> str | None:
    """What is wrong with one value; null if nothing is."""
    if name == "feed_id" and not _ID.fullmatch(text):
        return "must be lower-case letters, digits, dots, dashes or underscores, at most 64"
    if name in ("url", "sitemap") and checked_url(text) != text:
        return "must be an absolute http:// or https:// URL without spaces or credentials"
    if name == "language" and not _LANGUAGE.fullmatch(text):
        return "must be an ISO 639 code such as en or pt-BR"
    if name == "is_active" and text.lower() not in _TRUTH:
        return "must be true or false"
    if name == "every" and interval(text) is None:
        return "must be a number of minutes, hours or days such as 15m, 6h or 1d, at most 30d"
    return None


def append_feed(path: Path, feed: Feed) -> None:
    """Add a feed to the end of the list; comments and order stay. ConfigError if the result would not be valid."""
    text = path.read_text("utf-8-sig") if path.exists() else ""
    if text:
        read_feeds(path)
    new = _with_entry(path, text, feed)
    reader = _Reader(path)
    for node in _entries(reader, yaml.compose(new, Loader=yaml.SafeLoader)):
        _read_feed(reader, node)
    if reader.errors:
        raise ConfigError("\n".join(reader.errors))
    write_bytes(fsspec.filesystem("file"), str(path.absolute()), new.encode())


def _with_entry(path: Path, text: str, feed: Feed) -> str:
    """The file's text with the entry put after the last line of the last feed."""
    root = yaml.compose(text, Loader=yaml.SafeLoader) if text else None
    listing = _feed_list(_Reader(path), root)
    lines = text.splitlines()
    if not isinstance(listing, yaml.SequenceNode) or not listing.value:
        kept = [line for line in lines if not re.match(r"\s*(feeds\s*:|\[\s*\])", line)]
        return "\n".join([*kept, "feeds:", *_entry(feed, 2), ""])
    if listing.flow_style:
        raise ConfigError(
            f"{path}:{listing.start_mark.line + 1}: feeds: a list in [brackets] can't be added to by command"
        )
    end = _last_line(listing.value[-1]) + 1
    return "\n".join([*lines[:end], *_entry(feed, listing.start_mark.column), *lines[end:], ""])


def _last_line(node: yaml.Node) -> int:
    """Line of the last character of a mapping's values; the mapping's own end mark lies after comments."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return max(value.end_mark.line for _, value in node.value)
    return node.end_mark.line


def _entry(feed: Feed, indent: int) -> list[str]:
    defaults = {f.name: f.default for f in fields(Feed)}
    shown = {name: getattr(feed, name) for name in _NAMES if getattr(feed, name) != defaults[name]}
    block = yaml.safe_dump(shown, sort_keys=False, allow_unicode=True, width=10_000).splitlines()
    return [" " * indent + ("- " if n == 0 else "  ") + line for n, line in enumerate(block)]
