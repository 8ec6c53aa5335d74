"""Reading many articles in processes: what a text does to its process costs that article alone."""

import pytest

from pipeline.facts import pool
from pipeline.workers import WorkerError
from tests import misbehaving, records


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(pool, "CHUNK", 2)
    monkeypatch.setattr(pool, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(pool, "read_chunk", misbehaving.read_chunk)


def reasons(*texts: str) -> list[str]:
    """Why each article was rejected; the stand-in for the extractor gives its text for a reason if nothing happened."""
    articles = [records.article(records.item(f"https://e.example/{n}"), text) for n, text in enumerate(texts)]
    told = []
    _, rejected = pool.extract_articles(articles, 2, told.append)
    assert sum(told) == len(texts)
    assert [r.url for r in rejected] == [a.url for a in articles]
    return [r.reason for r in rejected]


def test_what_kills_its_process_is_rejected_and_its_neighbours_are_read():
    assert reasons("a", "crash", "b", "c", "die") == ["a", "extract_crashed", "b", "c", "extract_crashed"]


def test_what_takes_too_long_is_rejected_and_its_neighbours_are_read(monkeypatch):
    monkeypatch.setattr(pool, "SECONDS", 10.0)
    assert reasons("a", "hang", "b") == ["a", "extract_timeout", "b"]


def test_a_bug_stops_the_run():
    with pytest.raises(WorkerError, match="KeyError: 'a bug'"):
        reasons("a", "b", "fail")
