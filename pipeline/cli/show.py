"""What commands print: to people on a terminal, or as JSON to scripts."""

import csv
import json
import logging
import math
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.box import HEAVY_HEAD, SIMPLE_HEAD
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from pipeline.cli import keyboard
from pipeline.work.run import Meter
from pipeline.work.stages import Progress as Callback

_FILE_WIDTH = 240
"""Columns that a table may take where no terminal limits it."""
out = Console(highlight=False, width=None if sys.stdout.isatty() else _FILE_WIDTH)
err = Console(stderr=True, highlight=False)


def log_to_terminal(level: int) -> None:
    """Accounts and warnings go to standard error, so that results on standard output can be piped."""
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if err.is_terminal:
        handler = RichHandler(console=err, show_path=False, show_level=False, markup=False)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("tollwire")
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False


@contextmanager
def progress_bars() -> Iterator[Meter]:
    """Progress bars for a run's stages; none when standard error is no terminal. Each step listens for Ctrl-C."""
    if not err.is_terminal:
        yield lambda stage: lambda done, total: keyboard.check()
        return
    columns = TextColumn("{task.description:8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=err, transient=True) as bars:

        def meter(stage: str) -> Callback:
            bar: TaskID = bars.add_task(stage, total=None)

            def step(done: int, total: int) -> None:
                keyboard.check()
                bars.update(bar, completed=done, total=total, visible=done < total)

            return step

        yield meter


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None  # JSON has no such numbers
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def as_json(value: Any) -> None:
    text = json.dumps(plain(value), ensure_ascii=False)
    sys.stdout.write(_LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character: JSON can say it, UTF-8 can't."""


def counts(named: Mapping[str, int]) -> str:
    """`2 new article, 1 rejected`"""
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in named.items())


def as_csv(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(names)
    writer.writerows([csv_safe(value) for value in row] for row in rows)


def csv_safe(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def table(
    names: Sequence[str], rows: Sequence[Sequence[Any]], title: str | None = None, folded: str | None = None
) -> None:
    """A table of results; numbers to the right, with thousands separators.

    Where `folded` names a column, that one alone is folded to fit the terminal, and the lines between cells are left out.
    """
    if not rows:
        out.print(f"{title or 'Result'}: none")
        return
    shown = Table(title=title, title_justify="left", header_style="bold", box=SIMPLE_HEAD if folded else HEAVY_HEAD)
    shown.pad_edge = shown.show_edge = not folded
    shown.collapse_padding = bool(folded)
    for i, name in enumerate(names):
        is_number = any(isinstance(row[i], (int, float)) and not isinstance(row[i], bool) for row in rows)
        is_whole = folded is not None and name != folded
        shown.add_column(name, justify="right" if is_number else "left", overflow="fold", no_wrap=is_whole)
    for row in rows:
        shown.add_row(*(cell(value) for value in row))
    out.print(shown)


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list):
        return ", ".join(cell(v) for v in value)
    return printable(str(value)).replace("[", r"\[")  # no markup of ours is read from it


def printable(text: str) -> str:
    """Text of strangers, character for character: none that steers a terminal reaches it."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def path_text(path: Path) -> str:
    """A path as short as it can be typed from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
