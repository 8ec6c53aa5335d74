"""Tasks for worker processes that hang, die and fail."""

import ctypes
import os
import time

from pipeline.facts.extract import Extraction, Source


def act(what: str) -> str:
    if what == "hang":
        time.sleep(600)
    if what == "hang in C":
        ctypes.PyDLL(None).sleep(600)  # holds the interpreter's lock: no Python code can interrupt it
    if what == "die":
        os._exit(3)
    if what == "crash":
        ctypes.string_at(0)
    if what == "eat":
        return str(len(bytearray(8 * 2**30)))
    if what == "fail":
        raise KeyError("a bug")
    return what.upper()


def process(_: object) -> int:
    return os.getpid()


def read_chunk(chunk: list[Source]) -> list[Extraction]:
    """What a worker that reads facts does; a text may be told to hang or to crash it."""
    for source in chunk:
        act(source.text)
    return [Extraction([], source.text) for source in chunk]
