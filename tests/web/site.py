"""A real HTTP server on loopback whose pages are what a test says they are, faults and all."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pipeline.settings import Settings

Answer = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request; an answer calls `reply`, or writes to `wfile` whatever it likes."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        site = self.server.site
        with site.lock:
            site.log.append((self.path, dict(self.headers.items())))
            site.in_flight += 1
            site.most_in_flight = max(site.most_in_flight, site.in_flight)
        try:
            site.routes.get(self.path.partition("?")[0], site.otherwise)(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with site.lock:
                site.in_flight -= 1

    def reply(self, status: int, body: bytes | str = b"", **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        names = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        for name, value in {
            "content-type": "text/html; charset=utf-8",
            "content-length": str(len(data)),
            **names,
        }.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    site: "Site"


@dataclass
class Site:
    base: str
    routes: dict[str, Answer] = field(default_factory=dict)
    log: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """(path, request headers) in the order of arrival."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    in_flight: int = 0
    most_in_flight: int = 0

    def otherwise(self, request: Request) -> None:
        request.reply(404, "<p>no such page</p>")

    def serve(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> str:
        self.routes[path] = lambda request: request.reply(status, body, **headers)
        return self.base + path

    def do(self, path: str, answer: Answer) -> str:
        self.routes[path] = answer
        return self.base + path

    def asked(self, path: str) -> int:
        return sum(logged.partition("?")[0] == path for logged, _ in self.log)


def html(text: str = "Some words of a story.") -> str:
    return f"<!doctype html><html><body><p>{text}</p></body></html>"


@contextmanager
def running(address: str = "127.0.0.1") -> Iterator[Site]:
    server = Server((address, 0), Request)
    server.site = Site(f"http://{address}:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        server.server_close()


def settings(**changed: object) -> Settings:
    """For loopback: no waiting, short patience."""
    values: dict[str, object] = {
        "allow_private": True, "host_delay": 0, "host_concurrency": 8, "request_timeout": 5, "retries": 2,
        "page_bytes": 1_000_000, **changed,
    }  # fmt: skip
    return Settings(**values)
