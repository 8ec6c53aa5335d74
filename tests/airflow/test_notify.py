"""Alerts through each kind of connection, to servers that are there; each in a process of its own, as Airflow's are."""

import json
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

SUBJECT, TEXT = "Tollwire: ingest.load failed", "error: BooksError: {3} items & <none> balance"
SEND = "import sys; from tollwire_dags import notify; notify.send(sys.argv[1], sys.argv[2]); print('went on')"


def send(home: Path, connection: dict[str, Any] | None) -> str:
    """Send an alert; returns what the process said."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")}
    env |= {"AIRFLOW_HOME": str(home), "PYTHONPATH": str(ROOT / "dags")}
    if connection:
        env["AIRFLOW_CONN_TOLLWIRE_ALERTS"] = json.dumps(connection)
    command = [sys.executable, "-B", "-c", SEND, SUBJECT, TEXT]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("went on\n"), "an alert that can't be sent must not fail what it tells of"
    return done.stdout + done.stderr


@contextmanager
def server(handler: type[socketserver.BaseRequestHandler]) -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as serving:
        threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield serving.server_address[1]
        serving.shutdown()


@contextmanager
def web() -> Iterator[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """A web server's URL, and (path, JSON) of what it is sent."""
    got: list[tuple[str, dict[str, Any]]] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            """Quiet."""

        def do_POST(self) -> None:
            got.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok")

    with server(Handler) as port:
        yield f"http://127.0.0.1:{port}", got


@contextmanager
def mail() -> Iterator[tuple[int, list[str]]]:
    """A mail server's port, and the lines of what it is sent."""
    got: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            is_text = False
            for line in map(bytes.decode, self.rfile):
                got.append(line.strip())
                is_text = is_text and line != ".\r\n"
                if is_text:
                    continue
                word = line[:4].upper().strip()
                is_text = word == "DATA"
                self.wfile.write({"DATA": b"354 go\r\n", "QUIT": b"221 bye\r\n"}.get(word, b"250 ok\r\n"))
                if word == "QUIT":
                    return

    with server(Handler) as port:
        yield port, got


def test_a_webhook_gets_subject_and_text(tmp_path: Path) -> None:
    with web() as (url, got):
        send(tmp_path, {"conn_type": "http", "host": url, "extra": {"endpoint": "tollwire"}})
    assert got == [("/tollwire", {"subject": SUBJECT, "text": TEXT})]


def test_slack_gets_a_message(tmp_path: Path) -> None:
    with web() as (url, got):
        send(tmp_path, {"conn_type": "slackwebhook", "host": url, "password": "T000/B000/XXXX"})
    [(path, message)] = got
    assert path == "/T000/B000/XXXX"
    assert message["text"] == f"*{SUBJECT}*\n{TEXT}"


def test_mail_is_sent(tmp_path: Path) -> None:
    extra = {"to": "a@example.org", "from_email": "t@example.org", "disable_ssl": True, "disable_tls": True}
    with mail() as (port, got):
        send(tmp_path, {"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra})
    assert "rcpt TO:<a@example.org>" in got
    assert f"Subject: {SUBJECT}" in got


@pytest.mark.parametrize("connection", [
    None,
    {"conn_type": "http", "host": "http://127.0.0.1:9"},
])  # fmt: skip
def test_what_cannot_be_sent_is_logged(tmp_path: Path, connection: dict[str, Any] | None) -> None:
    said = send(tmp_path, connection)
    assert SUBJECT in said
    assert "BooksError" in said
    assert connection is None or "could not be sent through tollwire_alerts" in said
