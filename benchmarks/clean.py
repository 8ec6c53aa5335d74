#!/usr/bin/env python3
"""How well and how fast pages are cleaned.

    .venv/bin/python -m benchmarks.clean pages ../shared/pages          # F1 on real pages, beside plain trafilatura
    .venv/bin/python -m benchmarks.clean world ../shared/newsworld      # texts of a newsworld, all of it, word for word
    .venv/bin/python -m benchmarks.clean speed ../shared/newsworld      # articles a second, and where the time goes
    .venv/bin/python -m benchmarks.clean copies                         # microseconds a signature, pairs found

`pages` takes a folder as article-extraction-benchmark has it: ID.html.gz and ground-truth.json with {ID: {articleBody,
url}}. F1 is theirs: shingles of four words, precision and recall averaged over pages.
`world` and `speed` take a newsworld: a folder with serve.py, whose pages are made here without a server.
"""

import argparse
import cProfile
import gzip
import importlib.util
import json
import pstats
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import trafilatura

from pipeline import settings as settings_module
from pipeline.articles.clean import Source, clean_pages
from pipeline.articles.copies import pairs, signature
from pipeline.articles.page import clean_page
from pipeline.records import Article, FeedItem, Page, hash_id

FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
SHINGLE = 4
STAGES = {
    "decode": ("decode.py", "decode"),
    "parse": ("body.py", "parse"),
    "titles and dates": ("metadata.py", "read_metadata"),
    "text": ("body.py", "paragraphs"),
    "language": ("page.py", "language_of"),
    "signature": ("copies.py", "signature"),
    "identity": ("identity.py", "identify"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["pages", "world", "speed", "copies"])
    parser.add_argument("folder", type=Path, nargs="?", help="pages, or a newsworld")
    parser.add_argument("--first", default="2022-01-01", help="first day of the newsworld to take")
    parser.add_argument("--last", default="2022-12-31", help="last day")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--worst", type=int, default=0, help="list so many of the worst pages")
    options = parser.parse_args()
    if options.what != "copies" and options.folder is None:
        parser.error(f"{options.what} needs a folder")
    {"pages": on_pages, "world": on_world, "speed": speed, "copies": copies}[options.what](options)


def source(url: str, publisher: str, body: bytes, published: datetime | None) -> Source:
    """A page as if it had been fetched, its body beginning a batch's WARC file."""
    kind = "text/html; charset=utf-8"
    item = FeedItem(hash_id(url), publisher, publisher, url, None, "", published, FETCHED, "new")
    made = Page(
        hash_id(url, body),
        item.item_id,
        publisher,
        publisher,
        url,
        url,
        200,
        FETCHED,
        kind,
        len(body),
        "",
        0,
        len(body),
    )
    return made, item, body, kind


# On real pages ---------------------------------------------------------------------------------------------------------


def on_pages(options: argparse.Namespace) -> None:
    truth = json.loads((options.folder / "ground-truth.json").read_text("utf8"))
    pages = {name: gzip.decompress((options.folder / f"{name}.html.gz").read_bytes()) for name in truth}
    score("Tollwire", truth, pages, lambda name, body: _our_text(truth[name]["url"], body), options.worst)
    score("trafilatura as it comes", truth, pages, lambda name, body: trafilatura.extract(body) or "", 0)


def _our_text(url: str, body: bytes) -> str:
    made = clean_page(*source(url, "benchmark", body, None))
    return made.text if isinstance(made, Article) else ""


def score(
    label: str, truth: dict[str, Any], pages: dict[str, bytes], read: Callable[[str, bytes], str], worst: int
) -> None:
    began = time.perf_counter()
    texts = {name: read(name, body) for name, body in pages.items()}
    seconds = time.perf_counter() - began
    each = {name: precision_recall(truth[name]["articleBody"], text) for name, text in texts.items()}
    precision = sum(p for p, _ in each.values()) / len(each)
    recall = sum(r for _, r in each.values()) / len(each)
    f1 = 2 * precision * recall / (precision + recall)
    rate = len(pages) / seconds
    print(f"{label:24} F1 {f1:.4f}  precision {precision:.4f}  recall {recall:.4f}  {rate:5.1f} pages/s a core")
    for name in sorted(each, key=lambda n: sum(each[n]))[:worst]:
        print(f"    {each[name][0]:.2f} {each[name][1]:.2f} {truth[name]['url']}")


def precision_recall(true: str, found: str) -> tuple[float, float]:
    wanted, given = shingles(true), shingles(found)
    both = sum((wanted & given).values())
    return (both / given.total() if given else float(not wanted)), (both / wanted.total() if wanted else 1.0)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    length = min(SHINGLE, len(words))
    return Counter(tuple(words[i : i + length]) for i in range(len(words) - length + 1)) if words else Counter()


# On a newsworld --------------------------------------------------------------------------------------------------------


def newsworld(options: argparse.Namespace) -> Iterator[tuple[Source, str, str]]:
    """Pages of a newsworld, with the title and the text that they were made from."""
    spec = importlib.util.spec_from_file_location("newsworld_serve", options.folder / "serve.py")
    assert spec
    assert spec.loader
    code = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(code)
    world = code.World(8765, date(2022, 12, 31), False, 99, options.folder / "articles")
    lately = {name: world.published(name, 30)[:8] for name in world.articles}
    world.published = lambda name, days=None: lately[name]  # the server sorts all articles anew for each page
    for name, articles in world.articles.items():
        for a in articles.values():
            if options.first <= a["published"] <= options.last:
                body = code.page(world, name, a).encode()
                text = "\n".join(p.strip() for p in a["text"].split("\n") if p.strip())
                yield source(world.base(name) + a["path"], name, body, world.when(a)), a["title"], text


def on_world(options: argparse.Namespace) -> None:
    told = list(newsworld(options))
    result = clean_pages((page for page, _, _ in told), settings_module.load(workers=options.workers))
    made = {a.item_id: a for a in result.articles}
    apart, titles = [], 0
    for (_, item, _, _), title, text in told:
        article = made.get(item.item_id)
        titles += bool(article and article.title == title)
        apart.append(
            (
                words_apart(text, article.text) if article else 1.0,
                article is not None and article.text == text,
                item.url,
            )
        )
    exact = sum(is_exact for _, is_exact, _ in apart)
    print(
        f"{len(told):,} articles: {exact / len(told):.2%} word for word and space for space; {titles / len(told):.2%} titles"
    )
    print(
        f"rejected {len(result.rejected)}; a tenth of the words or more differ in {sum(d >= 0.1 for d, _, _ in apart)}"
    )
    for share, _, url in sorted(apart, reverse=True)[: options.worst]:
        print(f"    {share:.1%} {url}")


def words_apart(one: str, other: str) -> float:
    """Share of the first text's words that one has and the other has not."""
    a, b = Counter(one.split()), Counter(other.split())
    return ((a - b).total() + (b - a).total()) / max(1, a.total())


def speed(options: argparse.Namespace) -> None:
    pages = [page for page, _, _ in newsworld(options)]
    settings = settings_module.load(workers=options.workers)
    clean_pages(pages[:20], settings)  # the server that workers are forked from starts once
    began = time.perf_counter()
    clean_pages(pages, settings)
    seconds = time.perf_counter() - began
    print(f"{len(pages):,} pages with {options.workers} workers: {len(pages) / seconds:.0f} articles/s")
    profile(pages[:: max(1, len(pages) // 500)])


def profile(pages: Iterable[Source]) -> None:
    """One core, in this process: shares of the time by what is done."""
    some = list(pages)
    clean_page(*some[0])
    began = time.perf_counter()
    for page in some:
        clean_page(*page)
    print(f"one core, no processes: {len(some) / (time.perf_counter() - began):.0f} articles/s")
    watch = cProfile.Profile()
    watch.enable()
    for page in some:
        clean_page(*page)
    watch.disable()
    stats = pstats.Stats(watch).stats  # type: ignore[attr-defined]
    spent = {(Path(file).name, name): took for (file, _, name), (_, _, _, took, _) in stats.items()}
    whole = spent[("page.py", "clean_page")]
    for label, key in STAGES.items():
        print(f"    {spent.get(key, 0.0) / whole:5.1%} {label}")


# Copies ----------------------------------------------------------------------------------------------------------------


def copies(options: argparse.Namespace) -> None:
    """On made-up texts of 400 words: every tenth carried once more with a fifth of it cut and a few words changed."""
    dice = random.Random(1)
    words = [f"word{n}" for n in range(3000)]
    texts = {f"{n:05}": " ".join(dice.choices(words, k=400)) for n in range(5000)}
    for name in list(texts)[::10]:
        carried = texts[name].split()[: 400 - dice.randrange(80)]
        for at in dice.sample(range(len(carried)), 4):
            carried[at] = "changed"
        texts[f"{name} copy"] = " ".join(carried)
    began = time.perf_counter()
    signed = {name: signature(text) for name, text in texts.items()}
    each = (time.perf_counter() - began) / len(texts)
    began = time.perf_counter()
    found = pairs(signed)
    right = sum(other == f"{one} copy" for one, other in found)
    print(f"{each * 1e6:.0f} µs a signature; {len(found)} pairs in {time.perf_counter() - began:.1f} s")
    print(f"precision {right / len(found):.3f}, recall {right / 500:.3f}")


if __name__ == "__main__":
    main()
