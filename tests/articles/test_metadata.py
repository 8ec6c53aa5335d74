"""What pages say about themselves, in the ways they say it."""

import json
from datetime import UTC, datetime

import pytest

from pipeline.articles.body import parse
from pipeline.articles.metadata import Moment, choose_published, moment, read_metadata
from tests.articles.pages import FETCHED, TITLE, html

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def read(head: str = "", **page):
    return read_metadata(parse(html(head=head, **page)))


def linked(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def published(head: str) -> list[tuple[datetime, str]]:
    return [(m.at, m.source) for m in read(head).published]


@pytest.mark.parametrize(
    "data",
    [
        {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2026-03-01T12:00:00Z"},
        [{"@type": "NewsArticle", "headline": TITLE, "datePublished": "2026-03-01T12:00:00Z"}],
        {"@graph": [{"@type": "WebPage"}, {"@type": ["Article", "Thing"], "datePublished": "2026-03-01T12:00:00Z"}]},
        {
            "@type": "WebPage",
            "mainEntity": {"@type": "ReportageNewsArticle", "datePublished": "2026-03-01T13:00:00+01:00"},
        },
    ],
)
def test_json_ld_states_the_date_wherever_the_article_stands_in_it(data):
    assert published(linked(data)) == [(NOON, "json-ld")]


def test_the_node_of_this_page_counts_not_a_related_storys():
    related = {"@type": "NewsArticle", "headline": "Sport: rowers win", "datePublished": "2020-01-01T00:00:00Z"}
    own = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2026-03-01T12:00:00Z"}
    assert published(linked([related, own])) == [(NOON, "json-ld")]


@pytest.mark.parametrize(
    "source",
    [
        '{"@type": "NewsArticle", "datePublished": "2026-03-01T12:00:00Z",}',
        '<![CDATA[ {"@type": "NewsArticle", "datePublished": "2026-03-01T12:00:00Z"} ]]>',
        '{"@type": "NewsArticle", "description": "two\nlines", "datePublished": "2026-03-01T12:00:00Z"}',
        '{"@type": "NewsArticle", "headline": "He said "no"", "datePublished": "2026-03-01T12:00:00Z"}',
    ],
)
def test_json_ld_as_sites_really_write_it(source):
    assert published(f'<script type="application/ld+json">{source}</script>') == [(NOON, "json-ld")]


@pytest.mark.parametrize(
    "meta",
    [
        '<meta property="article:published_time" content="2026-03-01T12:00:00Z">',
        '<meta name="parsely-pub-date" content="2026-03-01T12:00:00Z">',
        '<meta name="Date" content="Sun, 01 Mar 2026 12:00:00 GMT">',
        '<meta itemprop="datePublished" content="2026-03-01 12:00">',
    ],
)
def test_meta_elements_state_it_too(meta):
    assert published(meta)[0] == (NOON, "meta")


def test_json_ld_goes_before_meta():
    head = linked({"@type": "NewsArticle", "datePublished": "2026-03-01T12:00:00Z"})
    head += '<meta property="article:published_time" content="2026-02-27T12:00:00Z">'
    assert [source for _, source in published(head)] == ["json-ld", "meta"]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-01T12:00:00.000Z", NOON),
        ("2026-03-01T07:00:00-0500", NOON),
        ("March 1, 2026 7:00 AM EST", NOON),
        ("1 Mar 2026 12:00", NOON),
        ("20260301", datetime(2026, 3, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59-12:00", None),
        ("yesterday", None),
        ("12:00", None),
        (1772366400, None),
        ("9" * 59, None),
    ],
)
def test_dates_are_read_as_written_or_not_at_all(text, at):
    found = moment(text, "meta")
    assert (found.at if found else None) == at


def test_an_implausible_date_gives_way():
    future = Moment(datetime(2031, 1, 1, tzinfo=UTC), True, "json-ld")
    epoch = Moment(datetime(1970, 1, 1, tzinfo=UTC), True, "meta")
    feed = Moment(NOON, True, "feed")
    assert choose_published([future, epoch, feed], FETCHED) == feed
    assert choose_published([future, epoch], FETCHED) is None


def test_a_bare_day_gives_way_to_the_time_of_that_day():
    day = Moment(datetime(2026, 3, 1, tzinfo=UTC), False, "json-ld")
    other_day = Moment(datetime(2026, 2, 27, 8, tzinfo=UTC), True, "meta")
    feed = Moment(NOON, True, "feed")
    assert choose_published([day, other_day, feed], FETCHED) == feed
    assert choose_published([day, other_day], FETCHED) == day


def test_modified_comes_from_json_ld_or_meta():
    assert read(linked({"@type": "NewsArticle", "dateModified": "2026-03-01T12:00:00Z"})).modified == NOON
    assert read('<meta property="article:modified_time" content="2026-03-01T12:00:00Z">').modified == NOON
    assert read().modified is None


def test_the_visible_heading_is_the_title():
    head = '<meta property="og:title" content="Market bomb kills twelve: what we know of the at least">'
    assert read(head).titles[0] == TITLE


def test_the_page_title_goes_without_the_sites_name():
    page = html().replace("<h1>", "<div>").replace("</h1>", "</div>")
    assert read_metadata(parse(page)).titles == (TITLE,)


def test_of_several_headings_the_one_that_the_page_is_called_after():
    page = html().replace("<main>", "<h1>Example News</h1><main>")
    assert read_metadata(parse(page)).titles[0] == TITLE


def test_a_heading_around_everything_is_no_title():
    page = html().replace("<h1>", "<h1>" + "many words of the story " * 40)
    assert read_metadata(parse(page)).titles[0] == TITLE


def test_the_canonical_link_or_else_the_shared_url():
    assert read('<link rel="amphtml canonical" href="/a">').canonical == "/a"
    assert read('<meta property="og:url" content="https://x.example/b">').canonical == "https://x.example/b"
    assert read().canonical is None


def test_the_declared_language():
    assert read(lang="pt-BR").language == "pt"
    assert read(lang="").language is None


def test_a_nest_of_brackets_is_no_news():
    assert published('<script type="application/ld+json">' + "[" * 200_000 + "</script>") == []
