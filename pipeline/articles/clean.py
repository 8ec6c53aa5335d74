"""The cleaning stage: archived pages to articles, in worker processes, each page with a deadline."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.articles.page import clean_page, rejected
from pipeline.records import Article, FeedItem, Page, Rejected
from pipeline.settings import Settings
from pipeline.workers import Outcome, run_tasks

Source = tuple[Page, FeedItem, bytes, str | None]
"""A page, its item, its bytes, and the Content-Type header (or a bare charset)."""
Progress = Callable[[int, int], None]
"""Told (pages done, pages in all) after each page; in all is 0 where nobody knows."""


WARM = "pipeline.articles.warm"
"""Loads what every worker needs, once."""
MEMORY = 1536 * 2**20
"""Bytes that a worker may allocate; a page that needs more is rejected."""


@dataclass(frozen=True, slots=True)
class CleanResult:
    """Every page is in one of the two, in the order given."""

    articles: list[Article] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def clean_pages(
    pages: Iterable[Source], settings: Settings, progress: Progress | None = None, total: int = 0
) -> CleanResult:
    """Clean pages in settings.workers processes.

    A page that takes longer than settings.clean_timeout seconds is rejected as `clean_timeout`, one that kills its
    process as `clean_crashed`; neither stops the rest. Pages are read from the iterable as workers get free, so that a
    day's bodies need not be in memory at once.
    """
    result, sent = CleanResult(), list[tuple[Page, FeedItem]]()
    outcomes = run_tasks(clean_page, _noted(pages, sent), settings.workers, settings.clean_timeout, [WARM], MEMORY)
    for number, outcome in enumerate(outcomes, 1):
        made = _settle(outcome, *sent[number - 1], settings.clean_timeout)
        if isinstance(made, Article):
            result.articles.append(made)
        else:
            result.rejected.append(made)
        if progress:
            progress(number, total)
    return result


def _noted(pages: Iterable[Source], sent: list[tuple[Page, FeedItem]]) -> Iterator[Source]:
    for source in pages:
        sent.append(source[:2])
        yield source


def _settle(outcome: Outcome, page: Page, item: FeedItem, seconds: float) -> Article | Rejected:
    if outcome.failure == "late":
        return rejected(page, item, "clean_timeout", f"took longer than {seconds:g} s")
    if outcome.failure == "dead":
        return rejected(page, item, "clean_crashed", "the process that cleaned it died")
    return outcome.value
