"""The small internets that the scheduler's runs read: newsworld where it is, else the project's own newsroom."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from demo.serve import serving
from demo.stories import days, read_newsroom
from pipeline.records import hash_id
from tests.e2e.worlds import newsworld

Feed = dict[str, Any]
SHARDS = 3
"""TOLLWIRE_SHARDS of the live tests."""


@dataclass(frozen=True)
class World:
    name: str
    feeds: list[Feed]
    few: list[Feed]
    """Feeds with less than ten articles a day, for what is run again and again."""
    days: list[date]
    """The days to fill in."""
    today: date
    """The world's day."""


def write_feeds(path: Path, feeds: list[Feed]) -> None:
    path.write_text(yaml.safe_dump({"feeds": feeds}, sort_keys=False))


@contextmanager
def real_news(shared: Path, folder: Path) -> Iterator[World]:
    """newsworld with faults on 8 March 2022, and the seven days before it to fill in."""
    today = date(2022, 3, 8)
    with newsworld(shared, faults=True) as served:
        served.set_day(str(today))
        feeds = yaml.safe_load(served.write_feeds(folder / "all.yml").read_text())["feeds"]
        few = [feed for feed in feeds if feed["publisher"] == "cnn.com"]
        yield World("newsworld", feeds, few, [today - timedelta(days=n) for n in range(7, 0, -1)], today)


@contextmanager
def own_newsroom() -> Iterator[World]:
    """The sample newsroom on its last day."""
    outlets = read_newsroom()
    covered = days(outlets)
    with serving(outlets, covered[-1]) as served:
        yield World("newsroom", served.feeds(), served.feeds(), covered[:-1], covered[-1])


@contextmanager
def bad_hosts(good: Feed) -> Iterator[list[Feed]]:
    """Feeds of three hosts: one takes the connection and never answers, one answers 500 to everything, and one lists
    an article whose page never comes; that one is of another shard than the good feed's host."""
    hanging = socket.create_server(("127.0.0.1", 0), backlog=50)
    slow = ThreadingHTTPServer(("127.0.0.1", 0), _Slow)
    while _shard(f"127.0.0.1:{slow.server_address[1]}") == _shard(good["url"].split("/")[2]):
        slow.server_close()
        slow = ThreadingHTTPServer(("127.0.0.1", 0), _Slow)
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), _Broken), slow]
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    ports = hanging.getsockname()[1], *(server.server_address[1] for server in servers)
    try:
        yield [
            {"feed_id": name, "url": f"http://127.0.0.1:{port}/feed.xml", "publisher": name}
            for name, port in zip(("hangs", "answers-500", "slow-pages"), ports, strict=True)
        ]
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
        hanging.close()


def _shard(host: str) -> int:
    return int(hash_id(host), 16) % SHARDS


class _Broken(BaseHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self.send_error(500)


class _Slow(BaseHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        if self.path == "/feed.xml":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(
                b'<rss version="2.0"><channel><title>Slow</title><item><title>Two killed</title>'
                b"<link>/two-killed</link></item></channel></rss>"
            )
        elif self.path == "/two-killed":
            time.sleep(60)
        else:
            self.send_error(404)
