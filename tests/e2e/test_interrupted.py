"""Runs that are killed, that meet another run, a full disk or a reader: the rows come out as in an undisturbed run."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from demo.serve import serving
from demo.stories import read_newsroom
from tests.conftest import missing
from tests.e2e.worlds import ROOT, command, environment, tollwire, wait_for

pytestmark = pytest.mark.e2e
NOW = "2024-03-07T22:00:00"
STAGES = ["poll", "fetch", "clean", "extract", "load", "build", "publish"]
OF_THE_CLOCK = {"loaded_at", "fetched_at", "listed_at", "rejected_at", "polled_at", "created_at", "load_id"}
OF_THE_FILE = {"warc_offset", "warc_length", "rows_added", "rows_retired"}
"""Where a record lies in its archive file depends on which answer came first."""


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory):
    """The demo's newsroom on its fourth day, and a feeds file that names it."""
    with serving(read_newsroom(), date(2024, 3, 7)) as world:
        feeds = tmp_path_factory.mktemp("newsroom") / "feeds.yml"
        feeds.write_text(yaml.safe_dump({"feeds": world.feeds()}))
        yield feeds


@pytest.fixture(scope="module")
def undisturbed(newsroom, tmp_path_factory):
    data = tmp_path_factory.mktemp("undisturbed")
    tollwire(environment(data, newsroom), "run", "--now", NOW)
    return data


def rows(data: Path) -> dict[str, list[tuple]]:
    """Every raw table and mart, without what only the clock or a file's layout decides."""
    with duckdb.connect(str(data / "tollwire.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_schema in ('raw', 'marts') order by 1"
        ).fetchall()
        return {name: _rows(connection, name) for (name,) in tables}


def assert_same(one: Path, other: Path) -> None:
    """Fail with the rows that only one of the two has, by table."""
    left, right = rows(one), rows(other)
    assert left.keys() == right.keys()
    apart = {t: ([r for r in left[t] if r not in right[t]], [r for r in right[t] if r not in left[t]]) for t in left}
    assert {table: both for table, both in apart.items() if both[0] or both[1]} == {}
    assert left == right


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple]:
    names = [name for name, *_ in connection.execute(f"describe {table}").fetchall()]
    kept = [n for n in names if n not in OF_THE_CLOCK | OF_THE_FILE and not n.endswith(("loaded_at", "fetched_at"))]
    return connection.execute(f"select {', '.join(kept)} from {table} order by all").fetchall()


def killed(env: dict[str, str], stage: str, wait: float) -> bool:
    """Start a run and kill it, and all it started, `wait` seconds into a stage. False: it was over before that."""
    process = subprocess.Popen(
        [*command(), "run", "--now", NOW], env=env, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stderr
    before = STAGES[STAGES.index(stage) - 1] if stage != "poll" else None
    while before and (line := process.stderr.readline()) and not line.startswith(before):
        pass
    time.sleep(wait if before else wait + 1.5)
    ended = process.poll() is not None
    if not ended:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return not ended


def test_killed_in_every_stage_a_run_ends_with_the_same_rows(newsroom, undisturbed, tmp_path):
    env, dice = environment(tmp_path, newsroom), random.Random(7)
    kills = [killed(env, stage, dice.random() * 0.5) for stage in STAGES]
    assert sum(kills) >= 5, f"too few kills fell into their stage: {dict(zip(STAGES, kills, strict=True))}"
    tollwire(env, "run", "--now", NOW)
    assert_same(tmp_path, undisturbed)
    assert list(tmp_path.rglob("*.warc.gz.part")) == []


def started(env: dict[str, str], stage: str, *arguments: str) -> subprocess.Popen:
    """A run that has just ended a stage."""
    process = subprocess.Popen(
        [*command(), "run", *arguments], env=env, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stderr
    while (line := process.stderr.readline()) and not line.startswith(stage):
        pass
    return process


def dbt_of(data: Path) -> int:
    """The id of the dbt process that builds in a data folder."""
    found = 0
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # a process that has just ended
            line = file.read_bytes()
            if b"dbt_process" in line and os.fsencode(data) in line:
                found = int(file.parent.name)
    assert found, "no dbt is at work"
    return found


def test_a_run_killed_alone_leaves_dbt_its_lock_and_the_next_run_waits_for_it(newsroom, undisturbed, tmp_path):
    env = environment(tmp_path, newsroom)
    process = started(env, "load", "--now", NOW)
    wait_for(lambda: (tmp_path / "dbt" / "compiled").exists(), 60, "dbt at work")
    dbt = dbt_of(tmp_path)
    os.kill(dbt, signal.SIGSTOP)  # it would be done before the next run has begun
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    following = started(env, "waiting for the warehouse", "--now", NOW)
    os.kill(dbt, signal.SIGCONT)
    assert following.wait() == 0, following.communicate()[1]
    assert_same(tmp_path, undisturbed)


def test_a_later_run_finishes_the_interrupted_one_first_and_fetches_nothing_again(newsroom, tmp_path):
    env = environment(tmp_path, newsroom)
    process = started(env, "fetch", "--now", NOW)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    tollwire(env, "run", "--now", "2024-03-07T22:15:00")
    with duckdb.connect(str(tmp_path / "tollwire.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) = count(distinct item_id) from raw.items").fetchall() == [(True,)]


@pytest.mark.parametrize("stage", ["poll", "fetch", "extract"])
def test_ctrl_c_says_so_exits_with_130_and_shows_no_traceback(newsroom, tmp_path, stage):
    process = started(environment(tmp_path, newsroom), stage, "--now", NOW)
    os.killpg(process.pid, signal.SIGINT)
    assert process.stderr
    told = process.stderr.read()
    assert process.wait() == 130
    assert "Interrupted" in told
    assert "Traceback" not in told


def test_ctrl_c_ends_the_reading_of_a_large_file_without_working_through_the_rest(newsroom, tmp_path):
    file = tmp_path / "articles.jsonl"
    article = {
        "publisher": "a.example",
        "published": "2024-03-07",
        "title": "Flood",
        "text": "A flood killed 12 people. " * 9,
    }
    file.write_text("".join(json.dumps(article | {"url": f"https://a.example/{n}"}) + "\n" for n in range(1500)))
    process = subprocess.Popen(
        [*command(), "import", str(file)],
        env=environment(tmp_path, newsroom), cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stderr
    while (line := process.stderr.readline()) and not line.startswith("clean"):
        pass
    os.killpg(process.pid, signal.SIGINT)
    told = process.stderr.read()
    assert process.wait() == 130
    assert "Interrupted" in told
    assert "Traceback" not in told
    assert list((tmp_path / "batches").glob("*/facts")) == []


def test_the_second_of_two_runs_waits_and_nothing_is_there_twice(newsroom, undisturbed, tmp_path):
    env = environment(tmp_path, newsroom)
    runs = [subprocess.Popen([*command(), "run", "--now", NOW], env=env, cwd=ROOT) for _ in range(2)]
    assert [run.wait() for run in runs] == [0, 0]
    assert_same(tmp_path, undisturbed)


def test_a_run_that_may_not_wait_says_who_holds_the_lock(newsroom, undisturbed):
    env = environment(undisturbed, newsroom)
    hold = "import time; from pipeline import settings; from pipeline.warehouse.connect import writer_lock\n" \
        "with writer_lock(settings.load()): print('held', flush=True); time.sleep(600)"  # fmt: skip
    holder = subprocess.Popen([sys.executable, "-c", hold], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        ran = tollwire({**env, "TOLLWIRE_LOCK_WAIT": "0"}, "run", code=2)
        assert f'"pid": {holder.pid}' in ran.stderr.replace("\n", " ")
    finally:
        holder.kill()
        holder.wait()


def test_a_full_disk_is_a_clear_error_and_the_next_run_completes(newsroom, undisturbed, tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(small)]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        missing("no right to mount a small file system")
    try:
        env = environment(small, newsroom)
        ran = tollwire(env, "run", "--now", NOW, code=2)
        assert "Traceback" not in ran.stderr
        assert str(small) in ran.stderr.replace("\n", "")
        subprocess.run(["mount", "-o", "remount,size=400m", small], check=True)
        tollwire(env, "run", "--now", NOW)
        assert_same(small, undisturbed)
    finally:
        subprocess.run(["umount", small], check=True)


READER = """
import sys, time, duckdb
file, stop = sys.argv[1:]
held = duckdb.connect(file, read_only=True)
question = "select count(*), sum(low), count(distinct batch_id) from raw.facts"
first, seen = held.execute(question).fetchall(), set()
print("open", flush=True)
import os
while not os.path.exists(stop):
    assert held.execute(question).fetchall() == first, "what a reader holds open changed"
    with duckdb.connect(file + "", read_only=True) as fresh:
        facts, marts = fresh.execute("select (select count(*) from raw.facts), (select count(*) from marts.facts)").fetchone()
        assert bool(facts) == bool(marts)
    time.sleep(0.05)
"""


def test_analysts_are_never_locked_out(newsroom, tmp_path):
    env = environment(tmp_path, newsroom)
    tollwire(env, "run", "--now", "2024-03-06T22:00:00")
    snapshot, stop = tmp_path / "snapshot" / "tollwire.duckdb", tmp_path / "stop"
    script = tmp_path / "reader.py"
    script.write_text(textwrap.dedent(READER))
    reader = subprocess.Popen([sys.executable, script, snapshot, stop], stdout=subprocess.PIPE, text=True)
    assert reader.stdout
    assert reader.stdout.readline() == "open\n"
    before = snapshot.stat().st_ino
    tollwire(env, "run", "--now", NOW)
    wait_for(lambda: snapshot.stat().st_ino != before, 5, "a new snapshot")
    stop.touch()
    assert reader.wait(30) == 0
