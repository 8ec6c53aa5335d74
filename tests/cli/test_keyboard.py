"""Ctrl-C is heard even where Python or asyncio would forget it."""

import asyncio
import contextlib
import signal
import sys
import warnings

import pytest

from pipeline.cli.keyboard import check, interruptible


@pytest.fixture(autouse=True)
def own_hooks(monkeypatch):
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    with warnings.catch_warnings():
        yield


class Dropped:
    """A SIGINT that comes while a destructor runs: Python prints the exception and forgets it."""

    def __del__(self):
        signal.raise_signal(signal.SIGINT)


async def stubborn() -> str:
    """A task that ends of itself though it is cancelled: asyncio.run forgets the interruption."""
    signal.raise_signal(signal.SIGINT)
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(60)
    return "done"


def test_an_interruption_in_a_destructor_stops_at_the_next_step(capsys):
    with pytest.raises(KeyboardInterrupt), interruptible():  # noqa: PT012
        Dropped()
        check()
        pytest.fail("went on")
    assert capsys.readouterr().err == ""


def test_an_interruption_that_nobody_noticed_is_raised_at_the_end():
    with pytest.raises(KeyboardInterrupt), interruptible():
        Dropped()


def test_an_interruption_that_a_task_swallowed_is_raised_after_it():
    results = []
    with pytest.raises(KeyboardInterrupt), interruptible():
        results.append(asyncio.run(stubborn()))
    assert results == ["done"]


def test_an_interrupted_event_loop_closes_what_is_open():
    closed = []

    async def working():
        try:
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(60)
        finally:
            closed.append(True)

    with pytest.raises(KeyboardInterrupt), interruptible():
        asyncio.run(working())
    assert closed == [True]


def test_a_second_interruption_ends_a_loop_that_would_not_end():
    async def waiting():
        signal.raise_signal(signal.SIGINT)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(60)

    with pytest.raises(KeyboardInterrupt), interruptible():
        asyncio.run(waiting())


def test_without_an_interruption_nothing_is_raised_and_the_handler_is_given_back():
    before = signal.getsignal(signal.SIGINT)
    with interruptible():
        check()
    assert signal.getsignal(signal.SIGINT) is before


def test_where_sigint_is_ignored_it_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interruptible():
            signal.raise_signal(signal.SIGINT)
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
