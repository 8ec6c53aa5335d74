"""Commands. Each only reads its arguments, calls pipeline.work or a stage, and prints.

Exit codes: 0 done; 1 done, but more items were rejected, or feeds silent, than TOLLWIRE_REJECTED_SHARE allows; 2 could not run, or a bug
of ours stopped it (with its traceback); 130 interrupted from the keyboard.
"""

import errno
import logging
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from pipeline import __version__, work
from pipeline import settings as settings_module
from pipeline.cli import inspect, keyboard, show
from pipeline.cli.facts import evaluate, explain, extract_command
from pipeline.cli.feeds import feeds_app
from pipeline.errors import ConfigError, InputError, TollwireError
from pipeline.settings import Settings
from pipeline.work.stages import utc_now

_OF_THE_PLACE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
"""System errors that are the disk's or the folder's fault, wherever they come up."""


class Commands(TyperGroup):
    """All commands: being interrupted, and a reader of our output that went away, are no bugs."""

    def invoke(self, ctx: Any) -> Any:
        try:
            with keyboard.interruptible():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            raise _interrupted() from None
        except RuntimeError as error:
            if "interrupted" in str(error):  # what DuckDB makes of Ctrl-C during a query
                raise _interrupted() from None
            raise
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(141) from None


def _interrupted() -> typer.Exit:
    show.err.print("Interrupted. Finished stages are kept; run again to go on from there.", style="yellow")
    return typer.Exit(130)


app = typer.Typer(
    name="tollwire",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    help="From news feeds to running totals of casualties and displacement, each traceable to a sentence.\n\n"
    "Start: `tollwire feeds list`, `tollwire run`, `tollwire totals`. Settings: TOLLWIRE_* (`tollwire status` shows them).",
)
app.add_typer(feeds_app, name="feeds")
for command in (inspect.totals, inspect.trace, inspect.sql, inspect.status, explain, evaluate):
    app.command()(command)
app.command("extract")(extract_command)

Shard = Annotated[int, typer.Option(min=0, help="Which part of the batch's hosts, where Airflow divided them.")]
BatchArgument = Annotated[str, typer.Argument(help="A batch's id, as `tollwire status` lists them.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Now = Annotated[str | None, typer.Option(help="The moment to act as if it were, ISO. Default: now.")]

All = Annotated[bool, typer.Option("--all", help="Ask feeds too that are not due (`tollwire feeds list` says when).")]


@app.callback()
def common(
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only warnings and errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Everything.")] = False,
) -> None:
    show.log_to_terminal(logging.WARNING if quiet else logging.DEBUG if verbose else logging.INFO)
    for name, meant in settings_module.misspelt().items():
        show.err.print(f"{name} is no setting and is ignored; {meant} is one", style="yellow", markup=False)


@app.command()
def run(now: Now = None, ask_all: All = False, json: Json = False) -> None:
    """Poll the feeds that are due and take what is new all the way to the snapshot.

    An interrupted run is finished first. Run it as often as you like: what is known is not fetched again.

    Examples: `tollwire run` · `TOLLWIRE_DATA=/srv/tollwire tollwire run --all --json`
    """
    with show.progress_bars() as meter:
        report(work.run(settings(), _moment(now), meter, ask_all), json)


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="JSONL or CSV (or .gz) with url, publisher, published, title, text.")],
    json: Json = False,
) -> None:
    """Take articles that you have on file, by the same way as fetched ones.

    Examples: `tollwire import articles.jsonl` · `tollwire import archive-2021.csv.gz`
    """
    with show.progress_bars() as meter:
        report(work.import_articles(settings(), file, meter), json)


@app.command()
def poll(now: Now = None, ask_all: All = False, json: Json = False) -> None:
    """Ask the feeds that are due what is new: begins a batch, and prints its id.

    Examples: `tollwire poll` · `BATCH=$(tollwire -q poll) && tollwire fetch $BATCH`
    """
    config, batch_id = settings(), work.begin_poll(_moment(now))
    _print_accounts(work.poll(config, batch_id, _moment(now), ask_all=ask_all), json)
    if not json:
        show.out.print(batch_id)


@app.command()
def fetch(batch: BatchArgument, shard: Shard = 0, json: Json = False) -> None:
    """Fetch a batch's items into its archive.

    Example: `tollwire fetch poll-20261123T101500Z`
    """
    _stage(work.fetch, batch, shard, json)


@app.command()
def clean(batch: BatchArgument, shard: Shard = 0, json: Json = False) -> None:
    """Read the text, identity and dates of a batch's archived pages.

    Example: `tollwire clean poll-20261123T101500Z`
    """
    _stage(work.clean, batch, shard, json)


def extract_batch(batch: str, shard: int, json: bool) -> None:
    _stage(work.extract, batch, shard, json)


@app.command()
def load(batch: BatchArgument, json: Json = False) -> None:
    """Put a batch into the warehouse, replacing what it had loaded before.

    Example: `tollwire load poll-20261123T101500Z`
    """
    accounts, _ = work.load(settings(), batch)
    _print_accounts(accounts, json)


@app.command()
def build(
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="Build every model from nothing.")] = False,
    json: Json = False,
) -> None:
    """Build and test the SQL models on what is loaded.

    Examples: `tollwire build` · `tollwire build --full-refresh`
    """
    results = work.build(settings(), full_refresh)
    if json:
        show.as_json(results)


@app.command()
def publish(json: Json = False) -> None:
    """Put the snapshot in place that analysts open, and the marts as Parquet and CSV.

    Example: `tollwire publish`
    """
    snapshot = work.publish(settings())
    if json:
        show.as_json({"snapshot": snapshot})
    else:
        show.out.print(show.path_text(snapshot), soft_wrap=True)


@app.command()
def retention(
    days: Annotated[
        int | None, typer.Option(min=1, help="Remove what is older. Default: TOLLWIRE_RETENTION_DAYS.")
    ] = None,
    json: Json = False,
) -> None:
    """Remove old files that can be made again: never the archive, the warehouse, the snapshot or a report.

    Examples: `tollwire retention` · `tollwire retention --days 90`
    """
    config = settings() if days is None else settings_module.load(retention_days=days)
    freed = work.retention(config)
    if json:
        show.as_json(freed)
    else:
        show.table(["removed", "files", "bytes"], [(f.what, f.files, f.bytes) for f in freed])


@app.command()
def backfill(
    first: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")],
    json: Json = False,
) -> None:
    """Fetch what the feeds' sites published on past days, day by day.

    Example: `tollwire backfill --from 2022-03-01 --to 2022-03-07`
    """
    with show.progress_bars() as meter:
        report(work.backfill(settings(), *_range(first, last), meter), json)


@app.command()
def reprocess(
    first: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")],
    json: Json = False,
) -> None:
    """Read the archive of past days again with the installed code, without the network, and say what changed.

    Example: `tollwire reprocess --from 2022-03-01 --to 2022-03-31`
    """
    with show.progress_bars() as meter:
        changes = work.reprocess(settings(), *_range(first, last), meter)
    if json:
        show.as_json(changes)
    else:
        names = ["batch", "facts same", "added", "removed"]
        show.table(names, [(c.batch_id, c.same, c.added, c.removed) for c in changes])


def settings() -> Settings:
    return settings_module.load()


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"--now {text}: not an ISO date or moment; write 2022-03-08 or 2022-03-08T23:00") from None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    if when > utc_now():
        raise InputError(f"--now {text}: lies in the future")
    return when


def _range(first: str, last: str) -> tuple[date, date]:
    try:
        days = datetime.fromisoformat(first).date(), datetime.fromisoformat(last).date()
    except ValueError as error:
        raise InputError(f"--from {first} --to {last}: {error}; write YYYY-MM-DD") from None
    if days[0] > days[1]:
        raise InputError(f"--from {first} lies after --to {last}")
    if days[1] > utc_now().date():
        raise InputError(f"--to {last}: lies in the future")
    return days


def _stage(stage, batch: str, shard: int, json: bool) -> None:
    with show.progress_bars() as meter:
        _print_accounts(stage(settings(), batch, shard, meter(stage.__name__)), json)


def _print_accounts(accounts: work.Accounts, json: bool) -> None:
    if json:
        show.as_json(accounts)


def report(ran: work.Ran, json: bool) -> None:
    """Say what a run did; exit with 1 if too much of it was rejected."""
    if json:
        show.as_json(ran)
    else:
        parts = show.counts(ran.outcomes)
        show.out.print(f"{ran.items:,} items = {parts}; {ran.facts:,} facts; {ran.seconds:.1f} s", soft_wrap=True)
        if ran.unread:
            show.out.print(
                f"Could not be read: {show.counts(ran.unread)}; `tollwire status` shows where", soft_wrap=True
            )
        if ran.silent:
            show.out.print(f"{ran.feeds} feeds asked, of them silent: {show.counts(ran.silent)}", soft_wrap=True)
        if ran.not_due:
            said = "`tollwire feeds list` says when they are, --all asks them anyway"
            show.out.print(f"{ran.feeds} feeds asked, {ran.not_due} not due; {said}", soft_wrap=True)
        if ran.snapshot:
            show.out.print(f"Open {show.path_text(ran.snapshot)} in DuckDB, or try `tollwire totals`.", soft_wrap=True)
    allowed = settings().rejected_share
    shares = {"what came in was rejected": ran.rejected_share, "the feeds gave nothing": ran.silent_share}
    for what, share in shares.items():
        if share > allowed:
            told = f"{share:.0%} of {what}, more than TOLLWIRE_REJECTED_SHARE={allowed:g} allows"
            show.err.print(f"{told}; `tollwire status` says why", soft_wrap=True)
    if max(shares.values()) > allowed:
        raise typer.Exit(1)


@app.command()
def version() -> None:
    """Print the version. Example: `tollwire version`"""
    show.out.print(__version__)


def main() -> None:
    """Run a command. What we raise on purpose becomes one clear message; a bug shows its traceback. Either exits with 2."""
    try:
        app()
    except ConfigError as error:
        _stop(f"Configuration: {error}")
    except TollwireError as error:
        _stop(str(error))
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _OF_THE_PLACE:
            _stop(f"{error.filename or 'a file'}: {error.strerror}")
        sys.excepthook(type(error), error, error.__traceback__)
        sys.exit(2)


def _stop(message: str) -> None:
    show.err.print(message, style="red", markup=False, soft_wrap=True)
    sys.exit(2)
