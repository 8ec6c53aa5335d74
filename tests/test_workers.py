"""Worker processes: what hangs or dies costs its own task, nothing else."""

import subprocess
import sys
import time

import pytest

from pipeline.workers import Outcome, WorkerError, run_tasks
from tests.conftest import ROOT
from tests.misbehaving import act, process


def outcomes(tasks, workers=2, seconds=30.0, memory=None):
    return list(run_tasks(act, [(t,) for t in tasks], workers, seconds, ["tests.misbehaving"], memory))


def test_results_come_in_the_order_of_the_tasks():
    names = [f"task {n}" for n in range(200)]
    assert [o.value for o in outcomes(names, workers=3)] == [n.upper() for n in names]


def test_no_tasks_no_results():
    assert outcomes([]) == []


@pytest.mark.parametrize("trouble", ["hang", "hang in C"])
def test_a_late_task_is_reported_and_the_rest_goes_on(trouble):
    started = time.monotonic()
    found = outcomes(["a", trouble, "b", "c"], seconds=1.0)
    assert found == [Outcome("A"), Outcome(failure="late"), Outcome("B"), Outcome("C")]
    assert time.monotonic() - started < 300  # it sleeps 600


@pytest.mark.parametrize("trouble", ["die", "crash"])
def test_a_task_that_kills_its_worker_is_reported_and_the_rest_goes_on(trouble):
    found = outcomes([trouble, "a", trouble, "b"], workers=1)
    assert found == [Outcome(failure="dead"), Outcome("A"), Outcome(failure="dead"), Outcome("B")]


CELERY = """
import billiard
from pipeline.workers import run_tasks
from tests.conftest import ROOT
from tests.misbehaving import act

def work():
    print([outcome.value for outcome in run_tasks(act, [("a",), ("b",)], 2, 30.0, [])], flush=True)

process = billiard.Process(target=work, daemon=True)
process.start()
process.join()
"""


def test_a_process_of_a_celery_worker_may_have_workers():
    ran = subprocess.run([sys.executable, "-c", CELERY], capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.stdout == "['A', 'B']\n", ran.stderr


def test_memory_is_limited():
    with pytest.raises(WorkerError, match="MemoryError"):
        outcomes(["eat"], memory=2**30)


def test_a_bug_is_raised_with_the_workers_traceback():
    with pytest.raises(WorkerError, match="KeyError: 'a bug'"):
        outcomes(["a", "fail", "b"])


def test_tasks_are_taken_as_workers_get_free():
    taken = []

    def source():
        for n in range(500):
            taken.append(n)
            yield (str(n),)

    results = run_tasks(act, source(), 1, 30.0, [])
    next(results)
    assert len(taken) < 100
    results.close()


def test_workers_end_with_the_run():
    pids = {o.value for o in run_tasks(process, [(n,) for n in range(20)], 2, 30.0, [])}
    assert 1 <= len(pids) <= 2
    for pid in pids:
        assert not _is_running(pid)


def _is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False
