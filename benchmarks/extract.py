#!/usr/bin/env python3
"""How fast facts are read: articles a second, against parsing every sentence, memory, and cost by length.

    .venv/bin/python -m benchmarks.extract ../shared/newsworld [--articles 1000] [--workers 2]

A newsworld is a folder with articles/*.jsonl.gz, a line an article: title, text, published. The model is loaded before a
clock starts. Seconds are of CPU where two things are compared, so that other work on the machine counts less.
"""

import argparse
import gzip
import json
import multiprocessing
import random
import resource
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing.synchronize import Barrier
from pathlib import Path

from pipeline.facts.extract import Extractor, Source
from pipeline.facts.pool import CHUNK

SIZES = (1, 10, 100, 1000)
"""Kilobytes of one text."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("newsworld", type=Path)
    parser.add_argument("--articles", type=int, default=1000, help="so many of them, drawn at random")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    sources = random.Random(1).sample(list(read(options.newsworld)), options.articles)
    words = sum(len(s.text.split()) for s in sources) / len(sources)
    print(f"{len(sources):,} articles of {words:.0f} words")
    in_processes(sources, options.workers)
    against_all(sources[: len(sources) // 4])
    by_length("\n".join(s.text for s in sources))


def read(newsworld: Path) -> Iterator[Source]:
    for path in sorted((newsworld / "articles").glob("*.jsonl.gz")):
        for line in gzip.decompress(path.read_bytes()).decode("utf8").splitlines():
            told = json.loads(line)
            yield Source(f"{told['title']}\n{told['text']}", date.fromisoformat(told["published"][:10]))


def chunks(sources: Sequence[Source]) -> Iterator[Sequence[Source]]:
    return (sources[i : i + CHUNK] for i in range(0, len(sources), CHUNK))


def warmed(extractor: Extractor, sources: Sequence[Source]) -> Extractor:
    """Vocabularies are read when they are first asked for."""
    list(extractor.read_many(sources[:CHUNK]))
    return extractor


# Articles a second --------------------------------------------------------------------------------------------------


_start: Barrier


def _keep(start: Barrier) -> None:
    global _start
    _start = start


def _read_share(sources: Sequence[Source]) -> tuple[float, float, int, float]:
    """Seconds of the clock and of CPU, facts, and most memory in MB."""
    extractor = warmed(Extractor(), sources)
    _start.wait()
    clock, cpu = time.perf_counter(), time.process_time()
    facts = sum(len(read.facts) for chunk in chunks(sources) for read in extractor.read_many(chunk))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return time.perf_counter() - clock, time.process_time() - cpu, facts, memory


def in_processes(sources: Sequence[Source], workers: int) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _keep, (context.Barrier(workers),)) as pool:
        shares = list(pool.map(_read_share, [sources[i::workers] for i in range(workers)]))
    clocks, cpus, facts, memory = zip(*shares, strict=True)
    print(f"{len(sources) / max(clocks):.0f} articles/s with {workers} processes: {sum(facts):,} facts")
    print(f"{len(sources) / sum(cpus):.0f} articles a second of CPU; most memory of a process {max(memory):.0f} MB")


# Against parsing every sentence -------------------------------------------------------------------------------------


def against_all(sources: Sequence[Source]) -> None:
    """Chunk by chunk in turn, so that both meet the same noise."""
    some, every = warmed(Extractor(), sources), warmed(Extractor(iter), sources)
    spent, found = {some: 0.0, every: 0.0}, {some: 0, every: 0}
    for chunk in chunks(sources):
        for extractor in (some, every):
            began = time.process_time()
            found[extractor] += sum(len(read.facts) for read in extractor.read_many(chunk))
            spent[extractor] += time.process_time() - began
    print(
        f"parsing every sentence takes {spent[every] / spent[some]:.1f} times as long"
        f" ({found[every]} facts instead of {found[some]})"
    )


# By length ----------------------------------------------------------------------------------------------------------


def by_length(text: str) -> None:
    extractor = Extractor()
    text *= max(SIZES) * 1000 // len(text) + 1
    for kilobytes in SIZES:
        repeats = max(1, 300 // kilobytes)
        pieces = [text[i * kilobytes * 1000 : (i + 1) * kilobytes * 1000] for i in range(repeats)]
        extractor.read(pieces[0], date(2022, 6, 1))
        began = time.process_time()
        for piece in pieces:
            extractor.read(piece, date(2022, 6, 1))
        each = (time.process_time() - began) / sum(map(len, pieces))
        print(f"{kilobytes:5,} kB: {each * 1e6:.2f} s a MB")


if __name__ == "__main__":
    main()
