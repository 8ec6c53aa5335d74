"""The sample newsroom on loopback: each outlet a server of its own, on a day of the world that can be set.

    python -m demo.serve [--day 2024-03-09]     # serves until Ctrl-C; POST /now?day=D to any outlet sets the day

An outlet answers /feed.xml (three days up to the world's day), /YYYY/MM/DD/SLUG, /robots.txt and /sitemap.xml. Feeds
honour If-None-Match and If-Modified-Since. Standard library only.
"""

import argparse
import hashlib
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from demo.stories import FEED_DAYS, Outlet, Story, days, read_newsroom

NOT_FOUND = "<!doctype html><html><head><title>Not found</title></head><body><h1>Not found</h1></body></html>"


class World:
    """The outlets, where they are served, and what day it is there."""

    def __init__(self, outlets: Sequence[Outlet], day: date) -> None:
        self.outlets, self.day = list(outlets), day
        self.bases: dict[str, str] = {}
        """`http://127.0.0.1:PORT` by outlet."""

    def url(self, story: Story) -> str:
        return self.bases[story.name.split("/")[0]] + story.path

    def feeds(self) -> list[dict[str, str]]:
        """The entries of feeds.yml for this world."""
        return [
            {"feed_id": o.outlet, "url": f"{self.bases[o.outlet]}/feed.xml", "publisher": o.name, "region": o.region,
             "kind": o.kind, "sitemap": f"{self.bases[o.outlet]}/sitemap.xml"} for o in self.outlets
        ]  # fmt: skip


@contextmanager
def serving(outlets: Sequence[Outlet], day: date) -> Iterator[World]:
    """Serve each outlet on a free port of 127.0.0.1."""
    world = World(outlets, day)
    servers = []
    try:
        for outlet in outlets:
            server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(world, outlet))
            server.daemon_threads = True
            servers.append(server)
            world.bases[outlet.outlet] = f"http://127.0.0.1:{server.server_address[1]}"
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield world
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def page(world: World, outlet: Outlet, story: Story) -> str:
    """An article's page, with all that stands around an article."""
    url, when = world.url(story), story.published
    others = [s for s in outlet.on(world.day) if s.name != story.name][:5]
    links = "".join(f'<li><a href="{escape(s.path)}">{escape(s.title)}</a></li>' for s in others)
    body = [f"<p>{escape(p)}</p>" for p in story.paragraphs]
    if others:
        body.insert(
            2, f'<p><strong><a href="{escape(others[0].path)}">READ MORE: {escape(others[0].title)}</a></strong></p>'
        )
    credit = f"By {'Meridian Wire' if story.copy_of else 'our correspondent'}"
    return f"""<!doctype html>
<html lang="{story.language}"><head><meta charset="utf-8"><title>{escape(story.title)} | {escape(outlet.name)}</title>
<link rel="canonical" href="{url}"><meta property="og:title" content="{escape(story.title)}">
<meta property="og:type" content="article">{_dates(outlet, story)}</head>
<body><header><a class="logo" href="/">{escape(outlet.name)}</a><nav><ul><li><a href="/world">World</a></li>
<li><a href="/weather">Weather</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<div class="cookie-banner"><p>We and our 214 partners store cookies. 38 of them are strictly necessary.</p></div>
<main><article><h1>{escape(story.title)}</h1><p class="byline">{credit}</p>
<time datetime="{when.isoformat()}">{when:%d %B %Y, %H:%M}</time>
<ul class="share"><li><a href="#">Share</a></li><li><a href="#">Mail</a></li></ul>
{chr(10).join(body)}
</article><aside><h2>Most read</h2><ol>{links}</ol></aside></main>
<footer><p>{escape(outlet.name)} is an invented newsroom. All rights reserved. Subscribe to our newsletter.</p></footer>
</body></html>"""


def _dates(outlet: Outlet, story: Story) -> str:
    """How the page states when it was published and changed: in JSON-LD, in meta elements, or only that it changed."""
    changed = story.edited or story.published
    if outlet.dates == "json-ld":
        linked = {"@context": "https://schema.org", "@graph": [
            {"@type": "WebSite", "name": outlet.name},
            {"@type": "NewsArticle", "headline": story.title, "datePublished": story.published.isoformat(),
             "dateModified": changed.isoformat()},
        ]}  # fmt: skip
        return f'<script type="application/ld+json">{json.dumps(linked)}</script>'
    if outlet.dates == "meta":
        return (
            f'<meta property="article:published_time" content="{story.published.isoformat()}">'
            f'<meta property="article:modified_time" content="{changed.isoformat()}">'
        )
    return f'<meta property="article:modified_time" content="{changed.isoformat()}">' if story.edited else ""


def feed(world: World, outlet: Outlet) -> str:
    first = world.day - timedelta(days=FEED_DAYS - 1)
    listed = [story for story in outlet.on(world.day) if story.published.date() >= first]
    return _atom(world, outlet, listed) if outlet.feed == "atom" else _rss(world, outlet, listed)


def _rss(world: World, outlet: Outlet, stories: list[Story]) -> str:
    items = "".join(
        f"<item><title>{escape(s.title)}</title><link>{world.url(s)}?utm_source=rss&amp;utm_medium=feed</link>"
        f'<guid isPermaLink="false">{s.name}</guid><pubDate>{format_datetime(s.published)}</pubDate>'
        f"<description>{escape(s.paragraphs[0])}</description></item>"
        for s in stories
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{escape(outlet.name)}</title>'
        f"<link>{world.bases[outlet.outlet]}/</link><description>News</description>{items}</channel></rss>"
    )


def _atom(world: World, outlet: Outlet, stories: list[Story]) -> str:
    entries = "".join(
        f'<entry><title>{escape(s.title)}</title><link href="{world.url(s)}"/><id>{world.url(s)}</id>'
        f"<published>{s.published.isoformat()}</published><updated>{(s.edited or s.published).isoformat()}</updated>"
        f"<summary>{escape(s.paragraphs[0])}</summary></entry>"
        for s in stories
    )
    base = world.bases[outlet.outlet]
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(outlet.name)}'
        f"</title><id>{base}/</id><updated>{newest(outlet, world.day).isoformat()}</updated>{entries}</feed>"
    )


def newest(outlet: Outlet, day: date) -> datetime:
    """When anything of the outlet last changed."""
    return max(s.edited or s.published for s in outlet.on(day))


def sitemap(world: World, outlet: Outlet) -> str:
    entries = "".join(
        f"<url><loc>{world.url(s)}</loc><lastmod>{(s.edited or s.published).isoformat()}</lastmod></url>"
        for s in outlet.on(world.day)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f"{head}{entries}</urlset>"


def _handler(world: World, outlet: Outlet) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: object) -> None:
            """Quiet: what was asked is in the archive."""

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path == "/feed.xml":
                self.send_feed()
            elif path == "/robots.txt":
                self.send(200, f"User-agent: *\nSitemap: {world.bases[outlet.outlet]}/sitemap.xml\n", "text/plain")
            elif path == "/sitemap.xml":
                self.send(200, sitemap(world, outlet), "application/xml")
            else:
                self.send_story(path)

        def do_POST(self) -> None:
            asked = urlsplit(self.path)
            world.day = date.fromisoformat(parse_qs(asked.query)["day"][0])
            self.send(200, f"{world.day}\n", "text/plain")

        def send_story(self, path: str) -> None:
            story = next((s for s in outlet.on(world.day) if s.path == path and not s.is_gone), None)
            if story is None:
                self.send(404, NOT_FOUND)
            else:
                self.send(200, page(world, outlet, story))

        def send_feed(self) -> None:
            xml = feed(world, outlet)
            tag = f'"{hashlib.sha256(xml.encode()).hexdigest()[:16]}"'
            modified = format_datetime(newest(outlet, world.day), usegmt=True)
            asked = self.headers.get("If-None-Match")
            if asked == tag or (asked is None and self.headers.get("If-Modified-Since") == modified):
                self.send(304, headers={"ETag": tag})
            else:
                self.send(200, xml, "application/xml", {"ETag": tag, "Last-Modified": modified})

        def send(
            self, status: int, text: str = "", kind: str = "text/html", headers: dict[str, str] | None = None
        ) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    return Handler


def main() -> None:
    outlets = read_newsroom()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--day", type=date.fromisoformat, default=days(outlets)[-1], help="the world's day")
    with serving(outlets, parser.parse_args().day) as world:
        for entry in world.feeds():
            print(f"{entry['publisher']:22} {entry['url']}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
