"""Commands about facts: `extract`, `explain`, `evaluate`."""

import asyncio
import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline import settings as settings_module
from pipeline import work
from pipeline.cli import show
from pipeline.errors import InputError
from pipeline.facts import evaluate as evaluation
from pipeline.facts import explain as explanation
from pipeline.facts.extract import Extractor
from pipeline.facts.jsonl import read_jsonl
from pipeline.work.look import read_page, read_url

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def extract_command(
    batch: Annotated[
        str | None, typer.Argument(help="A batch's id; without one, documents come on standard input.")
    ] = None,
    shard: Annotated[int, typer.Option(min=0, help="Which part of the batch's hosts, where Airflow divided them.")] = 0,
    json: Json = False,
) -> None:
    """Read the facts of a batch's articles, or of documents on standard input.

    Standard input: a JSON object a line with doc_id, text, published, publisher, and if you like title and url.
    Standard output: a fact a line, its fields as docs/facts.md has them. A line that is no such document is named on
    standard error and passed over; the exit code is then 1.

    Examples: `tollwire extract < docs.jsonl > facts.jsonl` · `tollwire extract poll-20261123T101500Z`
    """
    if batch is not None:
        with show.progress_bars() as meter:
            accounts = work.extract(settings_module.load(), batch, shard, meter("extract"))
        if json:
            show.as_json(accounts)
        return
    if sys.stdin.isatty():
        raise InputError("documents are read from standard input: tollwire extract < docs.jsonl > facts.jsonl")
    wrong: list[InputError] = []

    def passed_over(error: InputError) -> None:
        wrong.append(error)
        show.err.print(str(error), style="red", markup=False)

    for fact in read_jsonl(sys.stdin.buffer, Extractor(), passed_over):
        show.as_json(fact)
    if wrong:
        raise typer.Exit(1)


def explain(
    source: Annotated[str, typer.Argument(metavar="FILE|URL|TEXT", help="What to read.")],
    published: Annotated[str | None, typer.Option(help="Publication day, ISO. Default: the page's, or today.")] = None,
    publisher: Annotated[str, typer.Option(help="Who published it, if that is known.")] = "",
) -> None:
    """Show the facts in a text, and for each field which words and which rule decided.

    Examples: `tollwire explain article.txt --published 2026-03-02` · `tollwire explain "Blast kills 12 in Kabul"`
    """
    title, text, day = "", source, datetime.now(UTC).date()
    if source.startswith(("http://", "https://")):
        article = asyncio.run(read_url(settings_module.load(), source))
        title, text, day = article.title, article.text, article.published_at.date()
    elif _is_file(source) and source.lower().endswith((".html", ".htm")):
        article = read_page(Path(source))
        title, text, day = article.title, article.text, article.published_at.date()
    elif _is_file(source):
        text = Path(source).read_text(encoding="utf8", errors="replace")
    elif _PATH.fullmatch(source):
        raise InputError(f"{source}: no such file")
    text, title = show.printable(text), show.printable(title)
    show.out.print(explanation.explain(text, _day(published) or day, publisher, title))


_PATH = re.compile(r"\S*[/\\]\S*|[^\s.!?][^\s!?]*\.[A-Za-z]\w{0,4}")
"""What looks like a file's name: one word with a slash in it, or with an ending."""


def _is_file(source: str) -> bool:
    try:
        return Path(source).is_file()
    except (OSError, ValueError):
        return False


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"--published {text}: not an ISO day; write 2022-03-08") from None


def evaluate(
    docs: Annotated[Path, typer.Argument(help="JSONL: doc_id, published, text.")],
    gold: Annotated[Path, typer.Argument(help="JSONL: the facts that a careful reader marked.")],
    errors: Annotated[int, typer.Option(help="Show so many errors of each kind in their context.")] = 0,
) -> None:
    """Read the facts of marked documents, and score them against the marks.

    Example: `tollwire evaluate tests/facts/gold/articles.docs.jsonl tests/facts/gold/articles.facts.jsonl --errors 3`
    """
    documents, marked = evaluation.read_rows(docs), evaluation.read_rows(gold)
    with docs.open(encoding="utf8") as lines:
        predicted = list(read_jsonl(lines, Extractor()))
    found = evaluation.evaluate(documents, marked, predicted)
    show.out.print(evaluation.render(found, documents, errors))
