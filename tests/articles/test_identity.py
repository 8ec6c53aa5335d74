"""Which pages are one article, which texts one version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles.identity import canonical_url, identify, same_site, site, version_id
from pipeline.records import hash_id

OWN = "https://news.example.co.uk/2026/03/bomb"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (OWN + "?utm_source=rss&utm_medium=feed", OWN),
        (OWN + "?id=7&fbclid=abc", OWN + "?id=7"),
        (OWN + "?CMP=share_btn", OWN),
        (OWN + "#comments", OWN),
        (OWN + "?amp=1", OWN),
        (OWN + "/amp", OWN),
        (OWN + "/amp/", OWN),
        (OWN + ".amp.html", OWN + ".html"),
        ("HTTPS://News.Example.CO.UK:443/2026/03/bomb", OWN),
        ("http://127.0.1.3:8765/a/b", "http://127.0.1.3:8765/a/b"),
        ("https://user:secret@example.com/a", "https://example.com/a"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com/b%c3%a9b%C3%A9", "https://example.com/b%C3%A9b%C3%A9"),
        ("https://example.com/bébé", "https://example.com/b%C3%A9b%C3%A9"),
        ("https://example.com/a%2fb", "https://example.com/a%2Fb"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://example.com/a?story=1&story=2", "https://example.com/a?story=1&story=2"),
        ("https://[2001:db8::1]:8080/a", "https://[2001:db8::1]:8080/a"),
    ],
)
def test_what_does_not_identify_is_removed(written, canonical):
    assert canonical_url(written) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize("url", ["import:abc", "mailto:a@b.c", "javascript:void(0)", "https://", "http://[::1", "http://a:99999/", ""])  # fmt: skip
def test_other_addresses_have_no_canonical_form(url):
    assert canonical_url(url) is None


@given(st.text(max_size=60))
def test_any_text_has_a_form_that_is_its_own_or_none(text):
    form = canonical_url("https://example.com/" + text)
    assert form is None or canonical_url(form) == form


def test_a_canonical_link_is_believed_on_the_same_site():
    found = identify(OWN + "?utm_source=rss", "https://www.example.co.uk/bomb-in-market")
    assert (found.url, found.copy_of_url) == ("https://www.example.co.uk/bomb-in-market", None)
    assert found.article_id == hash_id(found.url)


def test_a_canonical_link_may_be_relative():
    assert identify(OWN, "/2026/03/bomb-in-market").url == "https://news.example.co.uk/2026/03/bomb-in-market"


def test_across_sites_it_is_a_claim_of_being_a_copy():
    found = identify(OWN, "https://agency.example.org/bomb")
    assert (found.url, found.copy_of_url) == (OWN, "https://agency.example.org/bomb")


def test_ip_addresses_are_sites_of_their_own():
    found = identify("http://127.0.1.2:8000/wire/a", "http://127.0.1.1:8000/a")
    assert (found.url, found.copy_of_url) == ("http://127.0.1.2:8000/wire/a", "http://127.0.1.1:8000/a")


def test_a_canonical_link_to_the_front_page_is_a_mistake():
    assert identify(OWN, "https://news.example.co.uk/").url == OWN


@pytest.mark.parametrize("link", ["", "  ", "about:blank", "http://[broken"])
def test_a_useless_canonical_link_is_ignored(link):
    assert identify(OWN, link).url == OWN


@pytest.mark.parametrize(
    ("page", "claimed", "kept"),
    [
        ("/world/dam-breaks-near-kyiv", "/world/", "/world/dam-breaks-near-kyiv"),
        ("/news/2022/03/dam_breaks_near.html", "/news", "/news/2022/03/dam_breaks_near.html"),
        ("/news/world-60638042", "/news", "/news/world-60638042"),
        ("/news/dam-breaks/2", "/news/dam-breaks", "/news/dam-breaks"),
        ("/news/dam-breaks/print", "/news/dam-breaks/", "/news/dam-breaks/"),
        ("/dam-breaks-near-kyiv/photos", "/dam-breaks-near-kyiv", "/dam-breaks-near-kyiv"),
        ("/dam-breaks-near-kyiv/", "/dam-breaks-near-kyiv", "/dam-breaks-near-kyiv"),
        ("/newsletter/dam-breaks-near-kyiv", "/news", "/news"),
    ],
)
def test_a_canonical_link_to_the_section_is_a_mistake(page, claimed, kept):
    assert identify(f"https://a.example{page}", claimed).url == f"https://a.example{kept}"


def test_a_canonical_link_longer_than_any_address_is_ignored():
    assert identify("https://a.example/1", "https://a.example/" + "x" * 5000).url == "https://a.example/1"


def test_an_import_without_an_address_keeps_the_name_it_has():
    assert identify("import:doc-7", None).url == "import:doc-7"


def test_sites_are_registrable_domains():
    assert site(OWN) == "example.co.uk"
    assert same_site("https://a.bbc.co.uk/x", "http://bbc.co.uk/y")
    assert not same_site("https://a.co.uk/", "https://b.co.uk/")
    assert site("http://localhost:8000/") == "localhost"


def test_white_space_and_unicode_form_make_no_version():
    assert version_id("a", "Title", "One  two.\nThree café") == version_id(
        "a", "Title ", "One two.\n\nThree cafe\u0301"
    )


def test_other_words_do():
    assert version_id("a", "Title", "Nine died.") != version_id("a", "Title", "Eleven died.")
    assert version_id("a", "Nine die", "Text") != version_id("a", "Ten die", "Text")
    assert version_id("a", "Title", "Text") != version_id("b", "Title", "Text")
