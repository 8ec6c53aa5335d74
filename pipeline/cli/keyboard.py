"""Ctrl-C, heard wherever it comes.

Python raises KeyboardInterrupt wherever the main thread happens to be. In a destructor or a callback of C code it is
printed and forgotten, and asyncio forgets it where the cancelled task ends of itself: the run would go on to its end.
"""

import asyncio
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_heard = False


@contextmanager
def interruptible() -> Iterator[None]:
    """While in here, SIGINT raises KeyboardInterrupt as ever, and is remembered until here is left.

    An event loop's tasks are cancelled first; a second SIGINT raises at once.

    Does nothing where SIGINT is somebody else's (ignored, as in a shell's background job, or handled by a host program).
    """
    global _heard
    _heard = False
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, _hear)
    try:
        yield
        check()
    except asyncio.CancelledError:
        check()
        raise
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def check() -> None:
    """Raise KeyboardInterrupt if one was raised before and forgotten on its way; not in an event loop, which is told anyway."""
    if _heard and _loop() is None:
        raise KeyboardInterrupt


def _loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _hear(number: int, frame: FrameType | None) -> None:
    global _heard
    again, _heard = _heard, True
    # What half-made objects say when they are dropped is of no use to who pressed the keys.
    sys.unraisablehook = _unheard
    warnings.simplefilter("ignore")
    loop = _loop()
    if loop is None or again:
        raise KeyboardInterrupt
    for task in asyncio.all_tasks(loop):  # as asyncio.run does it: whatever is open gets closed
        loop.call_soon_threadsafe(task.cancel)


def _unheard(unraisable: Any) -> None:
    """An exception in a destructor after an interruption: a consequence of it."""
