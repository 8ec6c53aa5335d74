"""Many articles at once: a pool of processes, each with its own model. Same facts in the same order for any number of them."""

import gc
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from math import ceil

from pipeline.facts.extract import Extraction, Extractor, Source
from pipeline.records import Article, Fact, Rejected
from pipeline.workers import Outcome, run_tasks

CHUNK = 24
"""Articles a worker takes at once; their sentences are parsed together."""
WORTH_A_PROCESS = 8
"""Chunks that take about as long to read as a process takes to load the model."""
SECONDS = 600.0
"""A chunk's deadline: texts of 100 MB in all are read by then, and no article is a tenth of that."""
_worker: Extractor | None = None

Progress = Callable[[int], None]
"""Called with the number of articles just finished."""


def extract_articles(
    articles: Sequence[Article], workers: int, progress: Progress | None = None, now: datetime | None = None
) -> tuple[list[Fact], list[Rejected]]:
    """Facts of all articles, in the articles' order, and what could not be read.

    With one worker, or few articles, the work is done in this process. A worker that dies or hangs costs the article that did it
    (`extract_crashed`, `extract_timeout`), nothing else; an exception of our own code is a bug and is raised, naming the article.
    """
    facts: list[Fact] = []
    rejected: list[Rejected] = []
    for article, extraction in zip(
        articles, _extractions(articles, workers, progress or (lambda n: None)), strict=True
    ):
        facts.extend(extraction.facts)
        if extraction.rejected_reason is not None:
            rejected.append(_rejected(article, extraction.rejected_reason, now or datetime.now(UTC)))
    return facts, rejected


def source_of(article: Article) -> Source:
    published = article.published_at.astimezone(UTC).date()
    return Source(article.document, published, article.publisher, "", article.version_id, article.article_id)


def _extractions(articles: Sequence[Article], workers: int, progress: Progress) -> Iterator[Extraction]:
    chunks = [[source_of(a) for a in articles[i : i + CHUNK]] for i in range(0, len(articles), CHUNK)]
    if workers <= 1 or len(chunks) <= 1:
        yield from _here(chunks, progress)
    else:
        yield from _pooled(chunks, min(workers, ceil(len(chunks) / WORTH_A_PROCESS)), progress)


def _here(chunks: list[list[Source]], progress: Progress) -> Iterator[Extraction]:
    for chunk in chunks:
        yield from read_chunk(chunk)
        progress(len(chunk))


def _pooled(chunks: list[list[Source]], workers: int, progress: Progress) -> Iterator[Extraction]:
    for chunk, outcome in zip(chunks, _outcomes(chunks, workers), strict=True):
        yield from outcome.value if outcome.failure is None else (_alone(source) for source in chunk)
        progress(len(chunk))


def _alone(source: Source) -> Extraction:
    """One article in a process of its own, after something went wrong in its neighbourhood."""
    (outcome,) = _outcomes([[source]], 1)
    if outcome.failure is None:
        return outcome.value[0]
    return Extraction([], "extract_timeout" if outcome.failure == "late" else "extract_crashed")


def _outcomes(chunks: list[list[Source]], workers: int) -> Iterator[Outcome]:
    return run_tasks(read_chunk, [(chunk,) for chunk in chunks], workers, SECONDS, [])


def read_chunk(chunk: list[Source]) -> list[Extraction]:
    """What a worker does; the model is loaded by the first chunk."""
    global _worker
    if _worker is None:
        _worker = Extractor()
        gc.freeze()  # vocabularies and model stay for good: the collector need not go through them again and again
    return list(_worker.read_many(chunk))


def _rejected(article: Article, reason: str, now: datetime) -> Rejected:
    return Rejected("extract", reason, article.version_id, article.item_id, article.feed_id, article.url, now)
