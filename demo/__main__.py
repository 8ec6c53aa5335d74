"""`make demo`: the main job on the sample newsroom, and a look at what came of it."""

import argparse
import logging
import time
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from demo.draw import draw_image, draw_text
from demo.run import run, snapshot
from demo.totals import Series, Traced, read_series, trace
from pipeline.settings import ROOT, Settings

WIDTH_OF_FILES = 120
"""Characters a line where the output is no terminal."""
TRACED = ("Chaco border war (invented)", "BO", "killed", "person")
"""The total that the demo follows down to its sentences: the one that was corrected."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "demo-data", help="folder to work in (emptied first)")
    parser.add_argument("--verbose", action="store_true", help="show each stage's accounts")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO if arguments.verbose else logging.WARNING, format="%(message)s")
    console, started = Console(highlight=False, soft_wrap=True), time.monotonic()
    if not console.is_terminal:
        console.width = WIDTH_OF_FILES
    settings = run(arguments.data, lambda line: console.print(f"[dim]{time.monotonic() - started:5.1f} s[/]  {line}"))
    show(console, settings)
    console.print(f"\nDone in {time.monotonic() - started:.0f} s.")


def show(console: Console, settings: Settings) -> None:
    with snapshot(settings) as connection:
        series = read_series(connection)
        followed = next((s for s in series if (s.situation, s.country, s.metric, s.unit) == TRACED), series[0])
        traced = trace(connection, followed, max(followed.days))
    console.print(totals_table(series))
    for name in dict.fromkeys(s.situation for s in series):
        print(draw_text(series, name, in_colour=console.is_terminal))
    image = settings.data_folder / "totals.png"
    draw_image(series, image)
    show_trace(console, followed, traced, settings)
    console.print(f"\nChart: {_short(image)}")
    console.print(f"Open in DuckDB, read-only: [bold]duckdb -readonly {_short(settings.snapshot_file)}[/]")
    console.print("for instance: select * from marts.running_totals where method = 'reported' order by day;")


def totals_table(series: list[Series]) -> Table:
    """A row a series, a column a day; best, with low and high where sources differ."""
    shown = sorted({day for s in series for day in s.days})
    table = Table(title="\nReported totals by day (all invented)", title_justify="left", header_style="bold")
    for name in ("situation", "country", "metric"):
        table.add_column(name)
    for day in shown:
        table.add_column(f"{day:%-d %b}", justify="right")
    for s in series:
        metric = f"{s.metric} (households)" if s.unit == "household" else s.metric
        table.add_row(s.situation, s.country, metric, *(_cell(s, day) for day in shown))
    return table


def _cell(series: Series, day: date) -> str:
    low, best, high = series.days.get(day, (None, None, None))
    if best is None:
        return ""
    spread = {n for n in (low, best, high) if n is not None}
    return f"{best:,}" if len(spread) == 1 else f"{best:,} ({min(spread):,}\u2013{max(spread):,})"


def show_trace(console: Console, series: Series, traced: Traced, settings: Settings) -> None:
    console.print(f"\n[bold]Where does {traced.best:,} come from?[/] {series.label}, as of {traced.day:%-d %B %Y}:")
    for sentence in traced.sentences:
        who = f", according to {sentence.attribution}" if sentence.attribution else ""
        console.print(
            f"\n  [bold]{sentence.number_text}[/]{who}: {sentence.publisher}, {sentence.published_at:%-d %B %H:%M}"
        )
        console.print(f'    "{" ".join(sentence.evidence.split())}"', markup=False)
        console.print(f"    {sentence.url}")
        warc = settings.data_folder / sentence.warc_file
        console.print(f"    archived as {_short(warc)} at byte {sentence.warc_offset:,}, page {sentence.page_id}")


def _short(path: Path) -> str:
    """As it can be typed from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


if __name__ == "__main__":
    main()
