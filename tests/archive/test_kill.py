"""kill -9 at any moment of a fetch, then run again: the same records as an undisturbed run, nothing asked for twice."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from pipeline.archive.store import read_pages
from tests.archive.items import fetch, item, outcomes
from tests.conftest import ROOT
from tests.web.site import html, running

SCRIPT = """
import sys
from pathlib import Path
from tests.archive.items import fetch, item
folder, *urls = sys.argv[1:]
fetch(Path(folder), *map(item, urls), item("https://x.example/brought", body="A text."), host_concurrency=2)
print("done")
"""


def comparable(result):
    """Pages without where and when they were archived; rejections without when."""
    pages = [replace(p, fetched_at=None, warc_offset=0, warc_length=0) for p in result.pages]
    return pages, [replace(r, rejected_at=None) for r in result.rejected]


@pytest.fixture
def site():
    with running() as site:
        yield site


def pages_of(site, count=60):
    def slow(request):
        time.sleep(0.005)
        number = int(request.path[1:])
        request.reply(404 if number % 10 == 3 else 200, html(f"Story {number}. " * 200))

    return [site.do(f"/{n}", slow) for n in range(count)]


@pytest.mark.parametrize("seed", range(2))
def test_killed_again_and_again_it_ends_as_if_undisturbed(site, tmp_path, seed):
    urls = pages_of(site)
    chance = random.Random(seed)
    kills = 0
    while True:
        run = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(tmp_path / "killed"), *urls], cwd=ROOT, stdout=subprocess.PIPE
        )
        growing = tmp_path / "killed/batches/b/pages/0.warc.gz.part"
        seen, deadline = growing.stat().st_size if growing.exists() else 0, time.monotonic() + 30
        enough = seen + chance.randrange(1, 8000)
        while kills < 4 and run.poll() is None and time.monotonic() < deadline:
            if growing.exists() and growing.stat().st_size > enough:
                os.kill(run.pid, signal.SIGKILL)
            time.sleep(0.001)
        said = run.communicate(timeout=60)[0]
        if run.returncode != -signal.SIGKILL:
            assert said == b"done\n"
            break
        kills += 1
    assert kills >= 2
    items = [*map(item, urls), item("https://x.example/brought", body="A text.")]
    asked = {url: site.asked(url.removeprefix(site.base)) for url in urls}
    result = fetch(tmp_path / "killed", *items)
    undisturbed = fetch(tmp_path / "plain", *items)
    assert comparable(result) == comparable(undisturbed)
    assert len(list(read_pages(str(tmp_path / "killed"), result.pages))) == 55
    assert len(outcomes(result)) == 61
    # What was under way when it was killed is asked for again: at most as many as run at once.
    assert sum(asked.values()) <= len(urls) + 2 * kills
