"""Tasks for worker processes that hang, die and fail."""

import ctypes
import os
import time

from pipeline.articles import page as page_cleaner
from pipeline.facts.extract import Extraction, Source
from pipeline.records import Article, FeedItem, Page, Rejected


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


def clean_page(page: Page, item: FeedItem, body: bytes, content_type: str | None) -> Article | Rejected:
    """What a worker that cleans pages does; one that is nothing but the word `hang` keeps it for ever."""
    if body == b"hang":
        act("hang")
    return page_cleaner.clean_page(page, item, body, content_type)


def read_chunk(chunk: list[Source]) -> list[Extraction]:
    """What a worker that reads facts does; a text may be told to hang or to crash it."""
    for source in chunk:
        act(source.text)
    return [Extraction([], source.text) for source in chunk]
