"""A newsroom on loopback whose feed, sitemap and pages a test sets, and the work done on it in this process."""

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from pipeline import work
from pipeline.batch import Batch
from pipeline.records import Poll
from pipeline.settings import Settings
from tests.web.site import Site

STORY = "At least {n} people were killed by the flood in {town} on Monday, the health ministry said in a statement. "


def moment(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


class Newsroom:
    """One site; `folder` holds its feeds.yml."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.folder = site, folder
        self.feeds: list[dict[str, str]] = []

    def feed(self, name: str, *stories: str, day: int = 2, head: str = "", every: str | None = None) -> None:
        """A feed that lists stories, and its entry in feeds.yml."""
        date = format_datetime(moment(day, 10))
        listed = "".join(
            f"<item><title>{s}</title><link>{self.site.base}/{s}</link><pubDate>{date}</pubDate></item>"
            for s in stories
        )
        text = f'<rss version="2.0"><channel><title>x</title>{head}{listed}</channel></rss>'
        url = self.site.serve(f"/{name}.xml", text, Content_Type="application/rss+xml")
        entry = {"feed_id": name, "url": url, "publisher": name.title(), "sitemap": f"{self.site.base}/sitemap.xml"}
        self.feeds = [f for f in self.feeds if f["feed_id"] != name] + [entry | ({"every": every} if every else {})]
        (self.folder / "feeds.yml").write_text(json.dumps(self.feeds))

    def sitemap(self, **days: int) -> None:
        """Story -> day of its publication."""
        listed = "".join(
            f"<url><loc>{self.site.base}/{story}</loc><lastmod>{moment(day):%Y-%m-%d}</lastmod></url>"
            for story, day in days.items()
        )
        self.site.serve("/sitemap.xml", f"<urlset>{listed}</urlset>", Content_Type="application/xml")

    def story(self, name: str, killed: int, town: str = "Lima") -> None:
        text = STORY.format(n=killed, town=town) + "Rescuers were still looking for survivors in the mud. " * 4
        self.site.serve(
            f"/{name}", f"<html><body><article><h1>Flood in {town}: {name}</h1><p>{text}</p></article></body></html>"
        )

    def settings(self, data: Path, **more: object) -> Settings:
        return Settings(
            data=str(data), feeds=self.folder / "feeds.yml", allow_private=True, host_delay=0, retries=0, workers=1,
            recheck_days=1, **more,
        )  # fmt: skip


def poll(settings: Settings, now: datetime, ask_all: bool = False) -> list[Poll]:
    """A poll through to the warehouse."""
    batch_id = work.begin_poll(now)
    work.poll(settings, batch_id, now, ask_all=ask_all)
    work.finish(settings, batch_id)
    return Batch(settings.data, batch_id).read("polls")


def night(settings: Settings, day: int) -> str:
    batch_id = work.begin_day(f"2026-03-{day:02}")
    work.discover(settings, batch_id, moment(day + 1, 0))
    work.finish(settings, batch_id)
    return batch_id
