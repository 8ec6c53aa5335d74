"""`make demo`: the main job on the sample newsroom, and a look at what came of it."""

import argparse
import logging
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from demo.run import run, situation_names
from demo.totals import Series, charted, read_series
from pipeline.publish.chart import draw_file, draw_text
from pipeline.publish.totals import trace
from pipeline.settings import ROOT, Settings
from pipeline.warehouse.connect import reading

WIDTH_OF_FILES = 120
"""Characters a line where the output is no terminal."""
TRACED = "killed, BO"
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
    names = situation_names()
    with reading(settings.snapshot_file) as connection:
        series = read_series(connection, names)
        followed = next((s for s in series if s.label == TRACED), series[0])
        behind = trace(connection, followed.series_id, max(followed.days), "reported")
    console.print(totals_table(series))
    images = []
    for name in names:
        lines = charted(series, name)
        console.print(draw_text(lines, name, console.is_terminal), markup=False)
        images.append(settings.data_folder / f"{name.split(' (')[0].lower().replace(' ', '-')}.png")
        draw_file(lines, images[-1], name)
    show_trace(console, followed, behind, settings)
    console.print("\nCharts: " + ", ".join(_short(image) for image in images))
    console.print(f"More: TOLLWIRE_DATA={_short(settings.data_folder)} tollwire totals   (or trace, status, sql)")
    console.print(f"Open in DuckDB, read-only: [bold]duckdb -readonly {_short(settings.snapshot_file)}[/]")
    console.print("    select * from marts.running_totals where method = 'reported' order by series_id, day;")


def totals_table(series: list[Series]) -> Table:
    """A section a situation, a row a series, a column a day."""
    shown = sorted({day for s in series for day in s.days})
    table = Table(title="\nReported totals by day", title_justify="left", header_style="bold")
    table.add_column("", no_wrap=True)
    for day in shown:
        table.add_column(f"{day:%-d %b}", justify="right")
    for name in dict.fromkeys(s.situation for s in series):
        table.add_section()
        table.add_row(f"[bold]{name}[/]")
        for s in series:
            if s.situation == name:
                table.add_row(f"  {s.label}", *(s.cell(day) for day in shown))
    return table


def show_trace(console: Console, series: Series, behind: list[dict[str, Any]], settings: Settings) -> None:
    """Each claim behind a total: the sentence, who says it, where it stands, and where its page is archived."""
    day = max(series.days)
    console.print(f"\n[bold]Where does {series.cell(day)} come from?[/] {series.label}, as of {day:%-d %B %Y}:")
    for claim in behind:
        who = f", according to {claim['attribution']}" if claim["attribution"] else ""
        when = f"{claim['published_at']:%-d %B %H:%M}"
        console.print(f"\n  [bold]{claim['number_text']}[/]{who}. {claim['publisher']}, {when}")
        console.print(f'    "{" ".join(claim["evidence"].split())}"', markup=False)
        console.print(f"    {claim['url']}", markup=False)
        warc = _short(settings.data_folder / claim["warc_file"])
        console.print(f"    archived: {warc} at byte {claim['warc_offset']:,} (page {claim['page_id']})")


def _short(path: Path) -> str:
    """As it can be typed from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


if __name__ == "__main__":
    main()
