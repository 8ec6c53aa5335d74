"""The cleaning stage: every page ends as an article or a refusal, in order, the same each time."""

from dataclasses import replace

from pipeline import settings as settings_module
from pipeline.articles import clean
from pipeline.articles.clean import clean_pages
from pipeline.records import Article
from tests import misbehaving
from tests.articles.pages import html, source


def pages(n: int) -> list:
    return [
        source(html(title=f"Bomb number {i} kills at least twelve in market"), url=f"https://e.example/{i}")
        if i % 5
        else source(b"", url=f"https://e.example/{i}")
        for i in range(n)
    ]


def config(**values):
    return settings_module.load(workers=2, **values)


def test_every_page_is_an_article_or_a_refusal_in_order():
    told = []
    given = pages(40)
    result = clean_pages(iter(given), config(), lambda done, total: told.append((done, total)), total=40)
    wanted = [entry.item_id for _, entry, body, _ in given if body]
    assert [a.item_id for a in result.articles] == wanted
    assert [r.item_id for r in result.rejected] == [entry.item_id for _, entry, body, _ in given if not body]
    assert told == [(n, 40) for n in range(1, 41)]


def test_any_number_of_workers_gives_the_same():
    one = clean_pages(pages(30), settings_module.load(workers=1))
    three = clean_pages(pages(30), settings_module.load(workers=3))
    assert one == three


def test_a_page_that_takes_too_long_is_refused_and_the_rest_goes_on(monkeypatch):
    monkeypatch.setattr(clean, "clean_page", misbehaving.clean_page)
    given = [source(html(), url="https://e.example/a"), source("hang", url="https://e.example/slow"), *pages(6)[1:5]]
    result = clean_pages(given, config(clean_timeout=8.0))
    assert [(r.url, r.reason) for r in result.rejected] == [("https://e.example/slow", "clean_timeout")]
    assert len(result.articles) == 5


def test_what_is_wrong_with_one_page_does_not_touch_the_next():
    page, entry, body, kind = source(html())
    result = clean_pages([(replace(page, status=500), entry, body, kind), (page, entry, body, kind)], config())
    assert [r.reason for r in result.rejected] == ["http_500"]
    assert isinstance(result.articles[0], Article)
