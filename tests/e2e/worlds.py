"""Small internets on loopback for the end-to-end tests, and the command line run against them as a user would."""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(data: Path, feeds: Path, **more: str) -> dict[str, str]:
    """Settings for a run against loopback, without waiting for anybody's sake."""
    ours = {
        "TOLLWIRE_DATA": str(data), "TOLLWIRE_FEEDS": str(feeds), "TOLLWIRE_ALLOW_PRIVATE": "true",
        "TOLLWIRE_HOST_DELAY": "0", "TOLLWIRE_HOST_CONCURRENCY": "8", "TOLLWIRE_REJECTED_SHARE": "1",
    }  # fmt: skip
    return {**os.environ, **ours, **more}


def tollwire(
    env: dict[str, str], *arguments: str, code: int | None = 0, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; fail with what it said if it didn't exit with `code` (None: any)."""
    ran = subprocess.run(
        [*command(), *arguments], env=env, input=stdin, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert code is None or ran.returncode == code, (
        f"tollwire {arguments} -> {ran.returncode}\n{ran.stdout}\n{ran.stderr}"
    )
    return ran


def command() -> list[str]:
    return [sys.executable, "-m", "pipeline.cli"]


class NewsWorld:
    """newsworld's server in a process of its own, and its own code to say what it offers."""

    def __init__(self, folder: Path, port: int, faults: bool, publishers: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        spec = importlib.util.spec_from_file_location("newsworld_serve", folder / "serve.py")
        assert spec
        assert spec.loader
        self.code: ModuleType = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.code)
        start = self.code.dt.date(2022, 3, 8)
        self.world = self.code.World(port, start, faults, publishers, folder / "articles")

    def set_day(self, day: str) -> None:
        request = urllib.request.Request(f"{self.base}/now?day={day}", method="POST")
        urllib.request.urlopen(request).read()
        self.world.day = self.code.dt.date.fromisoformat(day)

    def offered(self) -> dict[str, dict]:
        """URL -> article of all that today's feeds list."""
        return {
            self.world.base(name) + a["path"]: a for name in self.world.articles for a in self.world.published(name, 3)
        }

    def write_feeds(self, path: Path) -> Path:
        listed = json.load(urllib.request.urlopen(f"{self.base}/"))["publishers"]
        feeds = [
            {"feed_id": p["name"].replace(".", "-"), "url": p["feed"], "publisher": p["name"], "region": "test",
             "kind": "test", "language": "en", "sitemap": p["sitemap"]} for p in listed
        ]  # fmt: skip
        path.write_text(yaml.safe_dump({"feeds": feeds}, sort_keys=False))
        return path


@contextmanager
def newsworld(shared: Path, faults: bool, publishers: int = 99) -> Iterator[NewsWorld]:
    folder, port = shared / "newsworld", free_port()
    options = ["--port", str(port), "--publishers", str(publishers), *(["--faults"] if faults else [])]
    server = subprocess.Popen([sys.executable, str(folder / "serve.py"), *options], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        assert server.stdout.readline().startswith("http")
        yield NewsWorld(folder, port, faults, publishers)
    finally:
        server.kill()
        server.wait()


def wait_for(condition, seconds: float, what: str) -> None:
    """Poll until condition() is true; fail naming what never came."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(0.05)
