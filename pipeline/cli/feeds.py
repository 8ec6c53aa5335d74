"""`tollwire feeds`: what is polled."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline import settings as settings_module
from pipeline.cli import show
from pipeline.feeds.config import append_feed, read_feeds
from pipeline.feeds.due import due
from pipeline.feeds.memory import FeedState, read_memory
from pipeline.records import Feed, row

feeds_app = typer.Typer(no_args_is_help=True, help="The feeds that are polled (feeds.yml, or TOLLWIRE_FEEDS).")
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def _file() -> Path:
    return settings_module.load().feeds


@feeds_app.command("list")
def list_feeds(json: Json = False) -> None:
    """List the feeds, and when and why each is due next. Example: `tollwire feeds list --json | jq '.[].url'`"""
    settings = settings_module.load()
    states = read_memory(settings.data).feeds
    found = [{**row(feed), **_due(feed, states.get(feed.feed_id))} for feed in read_feeds(settings.feeds)]
    if json:
        show.as_json(found)
    else:
        names = ["feed_id", "publisher", "region", "kind", "language", "is_active", "every", "due_at", "due_by", "url"]
        show.table(names, [[feed[name] for name in names] for feed in found])


def _due(feed: Feed, state: FeedState | None) -> dict[str, object]:
    """`due_at` is null where it is at once, or never."""
    if not feed.is_active:
        return {"due_at": None, "due_by": "not active"}
    found = due(feed, state)
    return {"due_at": found.at, "due_by": found.why}


@feeds_app.command("check")
def check() -> None:
    """Read the feeds' file and say what is wrong with it: file, line, field. Exit code 2 if anything is.

    Example: `TOLLWIRE_FEEDS=mine.yml tollwire feeds check`
    """
    feeds = read_feeds(_file())
    show.out.print(
        f"{show.path_text(_file())}: {len(feeds)} feeds, {sum(f.is_active for f in feeds)} active, no mistake"
    )


@feeds_app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="The feed's address: RSS, Atom, RDF or JSON Feed.")],
    publisher: Annotated[str, typer.Option(help="Who is responsible for the text.")],
    feed_id: Annotated[str, typer.Option(help="Short name, unique: bbc-world.")],
    region: Annotated[str, typer.Option(help="Where its news comes from.")] = "",
    kind: Annotated[str, typer.Option(help="agency, national, regional, humanitarian, ...")] = "",
    language: Annotated[str, typer.Option(help="ISO 639 code.")] = "en",
    sitemap: Annotated[str | None, typer.Option(help="Where the past is found. Default: robots.txt tells.")] = None,
    every: Annotated[str | None, typer.Option(help="How often it is asked at most: 15m, 6h, 1d.")] = None,
) -> None:
    """Add a feed to the file; comments in it stay.

    Example: `tollwire feeds add https://example.org/rss --publisher "Example News" --feed-id example-world`
    """
    feed = Feed(feed_id, url, publisher, region, kind, language, sitemap, every=every)
    append_feed(_file(), feed)
    show.out.print(f"{feed.feed_id} added to {show.path_text(_file())}")
