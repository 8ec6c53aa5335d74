"""The small internets that the scheduler's runs read: newsworld where it is, else the project's own newsroom."""

import socket
import threading
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
from tests.e2e.worlds import newsworld

Feed = dict[str, Any]


@dataclass(frozen=True)
class World:
    name: str
    feeds: list[Feed]
    few: list[Feed]
    """Feeds with some ten articles a day, for what is run again and again."""
    first: date
    last: date
    """The world's day."""

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def write_feeds(path: Path, feeds: list[Feed]) -> None:
    path.write_text(yaml.safe_dump({"feeds": feeds}, sort_keys=False))


@contextmanager
def real_news(shared: Path, folder: Path) -> Iterator[World]:
    """newsworld with faults on 8 March 2022, and the seven days before it to fill in."""
    with newsworld(shared, faults=True) as served:
        served.set_day("2022-03-08")
        listed = yaml.safe_load(served.write_feeds(folder / "all.yml").read_text())["feeds"]
        feeds = [
            feed for feed in listed if feed["publisher"] in ("cnn.com", "express.co.uk", "nytimes.com", "huffpost.com")
        ]
        few = [feed for feed in feeds if feed["publisher"] == "cnn.com"]
        yield World("newsworld", feeds, few, date(2022, 3, 1), date(2022, 3, 7))


@contextmanager
def own_newsroom() -> Iterator[World]:
    """The sample newsroom on its last day."""
    outlets = read_newsroom()
    covered = days(outlets)
    with serving(outlets, covered[-1]) as served:
        yield World("newsroom", served.feeds(), served.feeds(), covered[0], covered[-1])


@contextmanager
def bad_hosts() -> Iterator[list[Feed]]:
    """Two feeds: a host that takes the connection and never answers, and one that answers 500 to everything."""
    silent = socket.create_server(("127.0.0.1", 0), backlog=50)
    broken = ThreadingHTTPServer(("127.0.0.1", 0), _Broken)
    broken.daemon_threads = True
    threading.Thread(target=broken.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield [
            {"feed_id": name, "url": f"http://127.0.0.1:{port}/feed.xml", "publisher": name}
            for name, port in (("hangs", silent.getsockname()[1]), ("answers-500", broken.server_address[1]))
        ]
    finally:
        broken.shutdown()
        broken.server_close()
        silent.close()


class _Broken(BaseHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self.send_error(500)
