"""An article that is edited and edited back, fetched from a real server each day: its first text counts again."""

import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from pipeline.warehouse.connect import reading
from tests.e2e.worlds import environment, tollwire

pytestmark = pytest.mark.e2e
FIRST = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
FEED = """<rss version="2.0"><channel><title>The Quay</title>
<item><title>Flood in Kenya</title><link>{site}/flood</link><pubDate>{first}</pubDate></item>
<item><title>Weather</title><link>{site}/weather/{day}</link><pubDate>{today}</pubDate></item></channel></rss>"""
WEATHER = """<html lang="en"><head><title>Weather of day {day}</title></head><body><article><h1>Weather of day {day}</h1>
<p>It will be dry along the coast for most of the morning, with a light wind from the east and some cloud later on.</p>
<p>Farmers inland can expect a little rain towards the evening, and the night will be cooler than the last one was.</p>
</article></body></html>"""
PAGE = """<html lang="en"><head><title>Flood in Kenya</title></head><body><article><h1>Flood in Kenya</h1>
<p>The death toll from the flood in Garissa, Kenya, has risen to {count} people, the Kenya Red Cross said.</p>
<p>Boats went from house to house through the night, and schools along the river stay closed until the water has gone.</p>
<p>The ministry of roads said that the bridge to the market would not be open again before the end of the month.</p>
</article></body></html>"""


class Site(BaseHTTPRequestHandler):
    day, count = 0, 0

    def do_GET(self) -> None:
        if self.path == "/feed":
            site = f"http://127.0.0.1:{self.server.server_address[1]}"
            first, today = (format_datetime(FIRST + timedelta(days=day, hours=-1)) for day in (0, Site.day))
            self._answer("application/rss+xml", FEED.format(site=site, first=first, today=today, day=Site.day))
        elif self.path == "/flood":
            self._answer("text/html; charset=utf-8", PAGE.format(count=Site.count))
        elif self.path.startswith("/weather/"):
            self._answer("text/html; charset=utf-8", WEATHER.format(day=self.path.rsplit("/")[-1]))
        else:
            self.send_error(404)

    def _answer(self, kind: str, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments: object) -> None:
        pass


def test_an_article_edited_back_says_again_what_it_said_first(tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    feeds = tmp_path / "feeds.yml"
    feeds.write_text(
        yaml.safe_dump(
            {"feeds": [{"feed_id": "quay", "url": f"http://127.0.0.1:{server.server_address[1]}/feed",
                        "publisher": "The Quay", "region": "test", "kind": "test", "language": "en"}]}
        )
    )  # fmt: skip
    env = environment(tmp_path / "data", feeds)
    try:
        for day, count in enumerate((20, 90, 20)):
            Site.day, Site.count = day, count
            tollwire(env, "run", "--now", f"{FIRST + timedelta(days=day):%Y-%m-%dT%H:%M:%S}")
    finally:
        server.shutdown()
    with reading(tmp_path / "data" / "snapshot" / "tollwire.duckdb") as connection:
        books = connection.execute(
            "select new_articles, new_versions, unchanged from raw.loads order by as_of"
        ).fetchall()
        told = connection.execute(
            "select low, is_current, superseded_at is null from marts.facts order by low"
        ).fetchall()
    assert books == [(2, 0, 0), (1, 1, 0), (1, 0, 1)]
    assert told == [(20, True, True), (90, False, False)]
