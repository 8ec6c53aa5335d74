import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.web.urls import checked_url, identity, page_key


@pytest.mark.parametrize(
    "url",
    [
        None, "", "   ", "news", "/path", "ftp://x.org/a", "javascript:alert(1)", "file:///etc/passwd", "http://", "http:///a",
        "http://user:pw@x.org/", "http://x.org:99999/", "http://x.org:0/", "http://a b.org/", "http://[::1/", "http://./",
        "mailto:a@b.c", "http://x.org/" + "a" * 5000, "http://x\x00.org/", "http://x.org/\ud800",
    ],
)  # fmt: skip
def test_a_url_that_names_nothing_to_fetch_is_refused(url):
    assert checked_url(url) is None


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        (" http://x.org/a \n", "", "http://x.org/a"),
        ("/a?b=1", "https://x.org/feed.xml", "https://x.org/a?b=1"),
        ("//cdn.x.org/a", "https://x.org/", "https://cdn.x.org/a"),
        ("http://x.org/two words", "", "http://x.org/two%20words"),
        ("http://x.org/a\n b", "", "http://x.org/a%20b"),
        ("http://bücher.example/ä", "", "http://bücher.example/ä"),
        ("http://[2001:db8::1]:8080/a", "", "http://[2001:db8::1]:8080/a"),
    ],
)
def test_a_url_is_made_absolute_and_cleaned_of_spaces(url, base, expected):
    assert checked_url(url, base) == expected


@pytest.mark.parametrize(
    "other",
    [
        "https://x.org/story", "http://X.ORG/story", "http://x.org:80/story", "http://x.org/story#comments",
        "http://x.org/story?utm_source=rss&utm_medium=feed", "http://x.org/story?at_medium=RSS&at_campaign=KARANGA",
        "http://x.org/story?CMP=share_btn", "http://x.org/story?ref=rss&fbclid=1", "http://x.org/story?",
    ],
)  # fmt: skip
def test_tracking_scheme_and_fragment_do_not_make_another_page(other):
    assert page_key(other) == page_key("http://x.org/story")


@pytest.mark.parametrize(
    "other", ["http://x.org/story/", "http://x.org/story?id=2", "http://x.org:81/story", "http://x.org/Story",
              "http://x.org/story?ref=chapter2", "http://y.org/story", "http://x.org/story?page=2"],
)  # fmt: skip
def test_what_chooses_content_makes_another_page(other):
    assert page_key(other) != page_key("http://x.org/story")


def test_what_is_no_url_identifies_itself():
    assert identity("guid 17 ?utm_source=x") == "guid 17 ?utm_source=x"


@given(st.text())
def test_no_text_breaks_either_function(text):
    found = checked_url(text, "http://x.org/")
    assert found is None or checked_url(found) == found
    assert 0 <= page_key(text) < 2**64
