"""One page to one article: text, dates, refusals, and pages that mean harm."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles.page import clean_page, language_of
from pipeline.records import Article, Rejected, hash_id
from tests.articles.pages import FETCHED, LISTED, PARAGRAPHS, TITLE, html, source

TEXT = "\n".join(PARAGRAPHS)


def clean(data, content_type="text/html; charset=utf-8", /, **item) -> Article:
    made = clean_page(*source(data, content_type, **item))
    assert isinstance(made, Article), made
    return made


def refused(data, content_type="text/html; charset=utf-8", /, **item) -> str:
    made = clean_page(*source(data, content_type, **item))
    assert isinstance(made, Rejected), made
    assert made.stage == "clean"
    assert made.item_id
    assert made.rejected_at == FETCHED
    return made.reason


def test_an_article_is_its_paragraphs_and_nothing_around_them():
    around = """<aside><h2>Most read</h2><ul><li><a href="/x">Forty killed in other story</a></li></ul></aside>
    <div class="newsletter"><p>Sign up for our newsletter</p></div>"""
    made = clean(html(around=around))
    assert (made.title, made.text) == (TITLE, TEXT)
    assert made.language == "en"
    assert (made.published_at, made.published_source) == (LISTED, "feed")
    assert made.article_id == hash_id(made.url)
    assert len(made.similarity) == 64


def test_a_brief_of_one_sentence_is_an_article():
    made = clean(html(paragraphs=PARAGRAPHS[:1]))
    assert made.text == PARAGRAPHS[0]


def test_links_to_other_stories_among_the_paragraphs_are_dropped():
    link = '<p><strong><a href="/y">READ MORE: Forty killed in other story</a></strong></p>'
    made = clean(html().replace("<p>Thirty", link + "<p>Thirty"))
    assert made.text == TEXT


def test_a_link_within_a_sentence_stays():
    made = clean(html().replace("market of the town", '<a href="/t">market of the town</a>'))
    assert made.text == TEXT


def test_calls_to_subscribe_are_dropped():
    made = clean(html((*PARAGRAPHS, "Sign up for the morning briefing of this newspaper and never miss a story.")))
    assert made.text == TEXT


def test_spaces_that_the_author_typed_stay_and_those_of_the_markup_go():
    typed = PARAGRAPHS[0].replace("people were", "people  were").replace("when a bomb", "when\n      a bomb")
    made = clean(html((typed, *PARAGRAPHS[1:])))
    assert made.text.split("\n")[0] == PARAGRAPHS[0].replace("people were", "people  were")


def test_tables_and_lists_are_lines_without_their_signs():
    table = "<table><tr><td>Killed</td><td>12</td></tr><tr><td>Wounded</td><td>30</td></tr></table>"
    made = clean(html().replace("</article>", f"<ul><li>twelve dead</li><li>thirty hurt</li></ul>{table}</article>"))
    assert made.text.split("\n")[3:] == ["twelve dead", "thirty hurt", "Killed, 12", "Wounded, 30"]


def test_invisible_characters_are_dropped():
    made = clean(html().replace("people", "peo\u00adple").replace("bomb went", "bomb\u200b went"))
    assert made.text == TEXT


def test_the_pages_own_date_goes_before_the_feeds():
    head = '<meta property="article:published_time" content="2026-02-28T08:00:00Z">'
    made = clean(html(head=head))
    assert (made.published_at, made.published_source) == (datetime(2026, 2, 28, 8, tzinfo=UTC), "meta")


def test_without_any_stated_date_the_page_is_searched_for_one():
    page = html().replace("</h1>", '</h1><span class="date">Published 27 February 2026</span>')
    made = clean(page, published_at=None, url="https://news.example.com/bomb")
    assert (made.published_at.date().isoformat(), made.published_source) == ("2026-02-27", "htmldate")


def test_without_any_date_at_all_it_is_when_the_page_was_fetched():
    made = clean(html(), published_at=None, url="https://news.example.com/bomb")
    assert (made.published_at, made.published_source) == (FETCHED, "fetched")


def test_the_title_falls_back_on_the_feeds():
    page = f"<html><body><article>{''.join(f'<p>{p}</p>' for p in PARAGRAPHS)}</article></body></html>"
    assert clean(page, title="From the feed").title == "From the feed"


def test_a_copy_that_says_so_keeps_its_identity():
    made = clean(html(head='<link rel="canonical" href="https://agency.example.org/bomb">'))
    assert made.url == "https://news.example.com/2026/03/bomb"
    assert made.copy_of_url == "https://agency.example.org/bomb"


def test_an_edit_is_another_version_of_the_same_article():
    first, second = clean(html()), clean(html((*PARAGRAPHS, "Two of the wounded died in the night, doctors said.")))
    assert first.article_id == second.article_id
    assert first.version_id != second.version_id


def test_other_markup_alone_is_not():
    one, other = clean(html()), clean(html(head="<style>p { color: red }</style>").replace("</p>", " </p>\n\n"))
    assert one.version_id == other.version_id


def test_imports_are_kept_to_the_letter():
    text = "  First  line\r\n\r\nAt least 9 died.\u200b  "
    made = clean(text, "text/plain", reason="import", body=text, url="import:7")
    assert (made.text, made.title, made.url) == (text, TITLE, "import:7")
    assert (made.published_at, made.published_source) == (LISTED, "import")


def test_an_imports_nul_is_replaced_one_for_one():
    assert clean("x", reason="import", body="Nine\0died here.").text == "Nine\ufffddied here."


def test_a_feeds_entry_that_has_no_page_is_an_article():
    text = "Nine people were killed in Lima.\nA bus fell."
    made = clean(text, "text/plain; charset=utf-8", reason="new", body=text, url="https://a.example/feed?entry=7")
    assert (made.text, made.title, made.url) == (text, TITLE, "https://a.example/feed?entry=7")
    assert (made.published_at, made.published_source) == (LISTED, "feed")
    late = clean(text, "text/plain", reason="new", body=text, published_at=FETCHED.replace(year=2150))
    assert (late.published_at, late.published_source) == (FETCHED, "fetched")


def test_languages():
    assert (
        language_of("Al menos doce personas murieron cuando una bomba explotó en el mercado del pueblo. " * 3) == "es"
    )
    assert language_of("Doce muertos", "es") == "es"
    assert language_of("", None) == "und"


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "text/html", "empty"),
        (b" \n ", "text/html", "empty"),
        (b"%PDF-1.7 " + bytes(range(256)), "application/pdf", "not_html"),
        (b'{"a": 1}', "application/json", "not_html"),
        (b'{"a": 1}', "text/html", "not_html"),
        (b"<html><head></head><body><img src='/x.jpg'><script>go()</script></body></html>", "text/html", "no_text"),
        (html(("Photo: a street.",)), "text/html", "not_article"),
    ],
)
def test_refusals_say_why(body, content_type, reason):
    assert refused(body, content_type) == reason


def test_html_under_a_wrong_type_is_read():
    assert clean(html(), "text/plain").text == TEXT


def test_a_page_with_an_error_status_is_no_article():
    page, *rest = source(html())
    assert clean_page(replace(page, status=404), *rest).reason == "http_404"


def test_an_empty_import_is_refused():
    assert refused("x", reason="import", body=" \n") == "no_text"


P = "<p>" + PARAGRAPHS[0] + "</p>"
HOSTILE = {
    "nested": "<html><body>" + "<div>" * 100_000 + P * 3,
    "nested inline": "<html><body><article>" + "<b>" * 5_000 + P * 3,
    "nested tables": "<html><body>" + "<table><tr><td>" * 20_000 + P * 3,
    "long word": "<html><body><p>" + "a" * 3_000_000 + "</p></body></html>",
    "many attributes": "<html><body " + "a=1 " * 200_000 + ">" + P * 3,
    "many signs": "<html><body>" + "<" * 300_000,
    "entities": '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><html><body><p>&c;&c;&c;</p>' + P * 3,
    "character references": "<html><body><p>&#xD800;&#0;&#x110000;&#xFFFFFFFFFFFF;</p>" + P * 3,
    "nul": "<html><body>\0" + P.replace("people", "peo\0ple") * 3,
    "comment": "<!-- " + "x" * 500_000,
    "linked data": '<html><script type="application/ld+json">{"a":' + "[" * 100_000 + "</script><body>" + P * 3,
    "title": "<html><head><title>" + "T" * 1_000_000 + "</title></head><body>" + P * 3,
    "dates": "<html><head>" + '<meta name="date" content="99999-99-99">' * 500 + "</head><body>" + P * 3,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_give_an_article_or_a_reason(name):
    made = clean_page(*source(HOSTILE[name], published_at=None))
    assert isinstance(made, (Article, Rejected))
    if isinstance(made, Article):
        assert "\0" not in made.text
        assert len(made.title) <= 1000


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["<p>", "</p>", "<div", ">", "<table>", "<td>", "<!--", "]]>", "&#0;", "\0", "\ud800", "<script>", "12 dead", " ", "é", '"', "<html/>", "<a href=x>"]), max_size=60))  # fmt: skip
def test_scrambled_markup_gives_an_article_or_a_reason(parts):
    body = "".join(parts).encode("utf8", "surrogatepass")
    assert isinstance(clean_page(*source(body, published_at=None)), (Article, Rejected))


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from(["text/html", None, "text/html; charset=utf-16", "application/xhtml+xml"])
)
def test_any_bytes_give_an_article_or_a_reason(body, content_type):
    assert isinstance(clean_page(*source(b"<html><body><p>" + body, content_type)), (Article, Rejected))


def test_the_vocabulary_of_teasers_is_lower_case_where_case_does_not_count():
    import yaml

    lists = yaml.safe_load((Path(__file__).parents[2] / "pipeline/articles/teasers.yml").read_text())
    assert [w for w in lists["any_case"] + lists["whole"] if w != w.casefold()] == []
