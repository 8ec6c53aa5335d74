"""Commands that look: `status`, `sql`, `totals`, `trace`. They open the snapshot, so they never wait for a writer."""

from datetime import date
from pathlib import Path
from typing import Annotated, get_args

import duckdb
import typer

from pipeline import settings as settings_module
from pipeline.cli import show
from pipeline.cli.series import DESCRIBING, label, sections
from pipeline.errors import InputError
from pipeline.publish import chart
from pipeline.publish import totals as publish_totals
from pipeline.publish.status import Rows, query, read_status
from pipeline.publish.totals import Asked
from pipeline.records import Metric, known
from pipeline.warehouse.connect import reading

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def as_records(rows: Rows) -> list[dict]:
    return [dict(zip(rows.names, row, strict=True)) for row in rows.rows]


def status(
    limit: Annotated[int, typer.Option(min=0, help="How many batches to list, newest first.")] = 10,
    json: Json = False,
) -> None:
    """Show settings, batches with their books, rejections by reason, and how the feeds are doing.

    Examples: `tollwire status` · `tollwire status --json | jq .unfinished`
    """
    found = read_status(settings_module.load(), limit)
    if json:
        parts = {"batches": found.batches, "rejections": found.rejections, "feeds": found.feeds}
        rest = {"settings": found.settings, "snapshot": found.snapshot, "snapshot_at": found.snapshot_at}
        show.as_json(
            {
                **rest,
                "unfinished": found.unfinished,
                "retention": found.retention,
                **{name: as_records(part) for name, part in parts.items()},
            }
        )
        return
    show.table(["setting", "value"], [(name, str(value)) for name, value in found.settings.items()], "Settings")
    if found.snapshot is None:
        show.out.print("No snapshot yet; `tollwire run` makes one.")
    else:
        show.out.print(f"Snapshot {show.path_text(found.snapshot)}, published {found.snapshot_at:%Y-%m-%d %H:%M}")
        show.table(
            found.batches.names,
            found.batches.rows,
            "Batches: items = new + versions + unchanged + duplicates + rejected",
        )
        show.table(found.rejections.names, found.rejections.rows, "Rejected, by reason")
        show.table(found.feeds.names, found.feeds.rows, "Feeds, the silent ones first")
    if found.retention:
        show.out.print(_freed(found.retention), soft_wrap=True)
    for name in found.unfinished:
        show.out.print(f"Batch {name} is not in the snapshot: running, or interrupted (`tollwire run` finishes it)")


def _freed(last: dict) -> str:
    """What retention did when it ran last, in a line."""
    parts = [f"{f['what']} {f['files']:,} ({f['bytes'] / 1e6:,.1f} MB)" for f in last["freed"] if f["files"]]
    kept = f"{last['retention_days']} days" if last["retention_days"] else "everything"
    return f"Retention, {last['at'][:16].replace('T', ' ')}, keeps {kept}; removed: {', '.join(parts) or 'nothing'}"


def sql(
    query_text: Annotated[str, typer.Argument(metavar="SQL", help="A query, or @FILE with one.")],
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print the result as CSV.")] = False,
) -> None:
    """Run a query on the snapshot.

    Examples: `tollwire sql "select * from marts.situations"` · `tollwire sql --csv @question.sql > answer.csv`
    """
    if query_text.startswith("@"):
        try:
            query_text = Path(query_text[1:]).read_text(encoding="utf8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{query_text[1:]}: cannot be read ({error})") from error
    with reading(settings_module.load().snapshot_file) as connection:
        try:
            result = query(connection, query_text)
        except duckdb.Error as error:
            raise InputError(str(error)) from None
    if not result.names:
        raise InputError("there is no query in it")
    if json:
        for record in as_records(result):
            show.as_json(record)
    elif csv:
        show.as_csv(result.names, result.rows)
    else:
        show.table(result.names, result.rows)


def totals(
    situation: Annotated[str | None, typer.Option(help="Part of a situation's name, or its id.")] = None,
    metric: Annotated[str | None, typer.Option(help="killed, injured, casualties, missing or displaced.")] = None,
    country: Annotated[str | None, typer.Option(help="ISO code of the place's country.")] = None,
    day: Annotated[str | None, typer.Option(help="As of this day. Default: the newest.")] = None,
    draw: Annotated[bool, typer.Option("--draw", help="Draw the series in the terminal.")] = False,
    image: Annotated[Path | None, typer.Option(help="Draw them to a .png or .svg file.")] = None,
    json: Json = False,
) -> None:
    """Show running totals: low, best and high of each series, as of a day.

    Examples: `tollwire totals --situation ukraine --metric displaced` · `tollwire totals --metric killed --image toll.svg`
    """
    if metric is not None and not known(Metric, metric):
        raise InputError(f"--metric {metric}: is none of {', '.join(get_args(Metric))}")
    if image and image.suffix not in chart.ENDINGS:
        raise InputError(f"--image {image}: cannot be drawn; give a file that ends in {' or '.join(chart.ENDINGS)}")
    asked = Asked(_day(day), situation, metric, country)
    with reading(settings_module.load().snapshot_file) as connection:
        found = publish_totals.totals(connection, asked)
        whole = publish_totals.totals(connection, asked, whole=True) if draw or image else found
    if json:
        for record in as_records(found):
            show.as_json(record)
    else:
        _show_totals(as_records(found))
    if draw or image:
        _draw(as_records(whole), draw and not json, image)


def _show_totals(records: list[dict]) -> None:
    if not records:
        show.out.print("Totals: none")
    for section in sections(records):
        show.table(section.names, section.rows, f"\n{section.title}", folded="series")


def _draw(records: list[dict], in_terminal: bool, image: Path | None) -> None:
    lines, others = _lines(records)
    if not lines:
        raise InputError("there is nothing to draw: no total answers to what was asked")
    if in_terminal:
        typer.echo(chart.draw_text(lines, "Running totals", show.out.is_terminal))
    if image:
        _draw_file(lines, image)
    if others:
        show.err.print(f"The {len(lines)} largest series are drawn, {others} are not; ask for fewer to see them")


def _draw_file(lines: dict[str, chart.Line], image: Path) -> None:
    try:
        chart.draw_file(lines, image, "Running totals")
    except (OSError, ValueError) as error:
        raise InputError(f"--image {image}: cannot be drawn ({error})") from error
    show.err.print(f"Drawn to {show.path_text(image)}", soft_wrap=True)


def _lines(records: list[dict], most: int = 6) -> tuple[dict[str, chart.Line], int]:
    """The largest series, as lines to draw, and how many others there are."""
    names = {name for name in ("situation", *DESCRIBING) if len({record[name] for record in records}) > 1}
    lines: dict[str, dict] = {}
    for record in records:
        where = [record["situation"]] if "situation" in names else []
        name = ", ".join([*where, label(record, [name for name in DESCRIBING if name in names or name == "metric"])])
        lines.setdefault(name, {})[record["day"]] = (record["low"], record["best"], record["high"])
    largest = sorted(lines, key=lambda name: -max(best or 0 for _, best, _ in lines[name].values()))
    return {name: lines[name] for name in largest[:most]}, max(0, len(lines) - most)


def trace(
    wanted: Annotated[
        str, typer.Argument(metavar="ID", help="A series_id (see `tollwire totals`), an incident_id or a fact_id.")
    ],
    day: Annotated[str | None, typer.Option(help="The total as of this day. Default: the newest.")] = None,
    method: Annotated[str | None, typer.Option(help="reported or summed.")] = None,
    json: Json = False,
) -> None:
    """Show the sentences behind a total: who claimed what, where it was published, and where the page is archived.

    Example: `tollwire trace 3f2a9c01d4e5b677 --day 2022-03-08`
    """
    with reading(settings_module.load().snapshot_file) as connection:
        found = publish_totals.trace(connection, wanted, _day(day), method)
    for record in found:
        if json:
            show.as_json(record)
            continue
        who = f", according to {record['attribution']}" if record["attribution"] else ""
        head = f"{record['number_text']} {record['metric']} ({record['measure']}){who}"
        place = f"{record['warc_file']} at byte {record['warc_offset']}"
        lines = [
            f"{head}: {record['publisher']}, {show.cell(record['published_at'])}",
            f'  "{" ".join(record["evidence"].split())}"',
            f"  {record['url']}",
            f"  archived: {place}; fact {record['fact_id']}, version {record['version_id']}",
        ]
        show.out.print(show.printable("\n".join(lines)), markup=False)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"--day {text}: not an ISO day; write 2022-03-08") from None
