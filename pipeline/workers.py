"""Worker processes with a deadline for each task.

The standard pools can't do this: a task that hangs keeps its worker for ever, and one that kills its worker breaks the
pool. Here each worker has one task at a time and its own pipe; one that is late or dead is replaced, its task is
reported as `late` or `dead`, and the rest goes on.
"""

import multiprocessing
import os
import resource
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from types import ModuleType
from typing import Any

ORPHAN_GRACE = 30.0
"""Seconds after the deadline until a worker whose master is gone ends by itself."""
_STOP_WAIT = 5.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task: a value, or why there is none."""

    value: Any = None
    failure: str | None = None
    """`late`, `dead`, or null."""


class WorkerError(Exception):
    """A task raised: a bug in its function. Carries the worker's traceback."""


@dataclass(slots=True)
class _Worker:
    process: Any
    pipe: Connection
    task: int = -1
    deadline: float = 0.0


def run_tasks(
    function: Callable[..., Any],
    tasks: Iterable[tuple[Any, ...]],
    workers: int,
    seconds: float,
    modules: list[str],
    memory: int | None = None,
) -> Iterator[Outcome]:
    """What function(*task) gave, in the order of the tasks, which are taken as workers get free.

    function must stand in a module by name; modules are imported once and shared by all workers. A worker that
    allocates more than `memory` bytes gets a MemoryError or dies. Raises WorkerError if function raises.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(modules)
    pool = _Pool(context, function, workers, seconds, memory)
    try:
        yield from pool.run(enumerate(tasks))
    finally:
        pool.close()


class _Pool:
    def __init__(
        self, context: Any, function: Callable[..., Any], size: int, seconds: float, memory: int | None
    ) -> None:
        self.context, self.function, self.size, self.seconds, self.memory = context, function, size, seconds, memory
        self.workers: list[_Worker] = []
        self.done: dict[int, Outcome] = {}

    def run(self, tasks: Iterator[tuple[int, tuple[Any, ...]]]) -> Iterator[Outcome]:
        """Outcomes in order. Tasks are taken no further ahead than a slow one lets results pile up."""
        ahead: deque[tuple[int, tuple[Any, ...]]] = deque()
        idle: list[_Worker] = []
        due, exhausted = 0, False
        while True:
            while due in self.done:
                yield self.done.pop(due)
                due += 1
            while not exhausted and not ahead and len(self.done) < 50 * self.size:
                following = next(tasks, None)
                exhausted = following is None
                if following is not None:
                    ahead.append(following)
            idle = [w for w in self.workers if w.task < 0]
            if ahead and (idle or len(self.workers) < self.size):
                self._give(idle[0] if idle else self._start(), *ahead.popleft())
            elif any(w.task >= 0 for w in self.workers):
                self._collect()
            elif exhausted and not ahead and not self.done:
                return

    def _start(self) -> _Worker:
        ours, theirs = self.context.Pipe()
        arguments = theirs, self.function, self.seconds, self.memory
        with _on_their_own():
            process = self.context.Process(target=_work, args=arguments, daemon=True)
            process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self.workers.append(worker)
        return worker

    def _give(self, worker: _Worker, number: int, task: tuple[Any, ...]) -> None:
        worker.task, worker.deadline = number, time.monotonic() + self.seconds
        try:
            worker.pipe.send(task)
        except OSError:
            self._lose(worker, "dead")

    def _collect(self) -> None:
        """Wait until a worker answers, dies, or is late."""
        busy = {w.pipe: w for w in self.workers if w.task >= 0}
        soonest = min(w.deadline for w in busy.values())
        for pipe in wait(list(busy), timeout=max(0.0, soonest - time.monotonic())):
            self._receive(busy[pipe])  # type: ignore[index]
        for worker in busy.values():
            if worker.task >= 0 and worker.deadline <= time.monotonic() and not worker.pipe.closed:
                self._lose(worker, "late")

    def _receive(self, worker: _Worker) -> None:
        try:
            value, error = worker.pipe.recv()
        except (EOFError, OSError):
            self._lose(worker, "dead")
            return
        if error is not None:
            raise WorkerError(error)
        self.done[worker.task] = Outcome(value)
        worker.task = -1

    def _lose(self, worker: _Worker, failure: str) -> None:
        self.done[worker.task] = Outcome(failure=failure)
        worker.task = -1
        self.workers.remove(worker)
        _end(worker)

    def close(self) -> None:
        for worker in self.workers:
            _end(worker)


@contextmanager
def _on_their_own() -> Iterator[None]:
    """Processes that multiprocessing starts in here neither import the main module nor hear SIGINT, and may be started.

    multiprocessing would run the program's main module again in each worker (the command line, Airflow's task runner);
    ours need nothing of it. Ctrl-C comes to all processes of a terminal at once: it is the master's business, from the
    workers' first instruction on, which is why the signal is blocked here and not ignored there. Celery runs tasks in
    processes of its own kind, which multiprocessing takes for a daemon without right to children (ours end by
    themselves) and whose key it can't hand on: in here the present process is a plain one.
    """
    plain = multiprocessing.Process(daemon=False)
    plain.authkey = os.urandom(32)
    processes: Any = multiprocessing.process
    here, processes._current_process = processes._current_process, plain
    resource_tracker.ensure_running()  # it would unblock SIGINT on its way
    main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        processes._current_process = here
        sys.modules["__main__"] = main


def _end(worker: _Worker) -> None:
    worker.pipe.close()
    worker.process.kill()
    worker.process.join(_STOP_WAIT)


def _work(pipe: Connection, function: Callable[..., Any], seconds: float, memory: int | None) -> None:
    """A worker's life: answer tasks until the master closes the pipe.

    The alarm's default action ends the process even in the middle of C code: no worker outlives its master for long.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    if memory is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (memory if hard < 0 else min(memory, hard), hard))
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        signal.setitimer(signal.ITIMER_REAL, seconds + ORPHAN_GRACE)
        try:
            answer: tuple[Any, str | None] = (function(*task), None)
        except Exception:
            answer = (None, traceback.format_exc())
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            pipe.send(answer)
        except OSError:
            return
