import gzip
import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.sitemap import Listed, day_in_url, may_hold, moment, parse_sitemap, when

NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
LIMIT = 10_000_000


def parse(text):
    return parse_sitemap(text.encode() if isinstance(text, str) else text, LIMIT)


def urlset(*entries):
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NS}>{"".join(entries)}</urlset>'


def test_a_url_set_an_index_and_a_news_sitemap():
    found = parse(urlset("<url><loc> https://x.example/a?b=1&amp;c=2 </loc><lastmod>2022-03-08</lastmod></url>"))
    assert found.pages == [Listed("https://x.example/a?b=1&c=2", datetime(2022, 3, 8, tzinfo=UTC))]
    found = parse(f"<sitemapindex {NS}><sitemap><loc>https://x.example/1.xml</loc></sitemap></sitemapindex>")
    assert found.sitemaps == [Listed("https://x.example/1.xml", None)]
    news = urlset(
        "<url><loc>https://x.example/a</loc><n:news xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><n:publication>"
        "<n:name>X</n:name></n:publication><n:publication_date>2022-03-08T12:00:00+02:00</n:publication_date>"
        "<n:title>Dam breaks</n:title></n:news><image:image xmlns:image='i'><image:loc>https://x.example/i.jpg</image:loc>"
        "</image:image></url>"
    )
    assert parse(news).pages == [
        Listed("https://x.example/a", None, datetime(2022, 3, 8, 10, tzinfo=UTC), "Dam breaks")
    ]


def test_gzip_text_lists_and_marks_in_front():
    text = urlset("<url><loc>https://x.example/a</loc></url>")
    expected = [Listed("https://x.example/a", None)]
    for body in (gzip.compress(text.encode()), b"\xef\xbb\xbf" + text.encode(), b"\n\n" + text[38:].encode(),
                 b"https://x.example/a\n\n", text.encode().replace(b"</urlset>", b""), text.replace(NS, "")):  # fmt: skip
        assert parse(body).pages == expected


def test_entries_without_a_url_are_counted():
    found = parse(urlset("<url><loc>https://x.example/a</loc></url><url><loc>nowhere</loc></url><url/>"))
    assert (len(found.pages), found.unusable) == (1, 2)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Not found</body></html>",
        b"\x1f\x8bnonsense",
        b"just words",
        b"<",
        b"\x00\x01",
        gzip.compress(bytes(20_000_000)),
    ],
)
def test_what_is_no_sitemap_is_told(body):
    found = parse(body)
    assert (found.pages, found.sitemaps) == ([], [])
    assert found.error or body == b""


def test_entity_bombs_and_outside_entities_are_harmless(tmp_path):
    (tmp_path / "s").write_text("https://x.example/secret")
    outside = f'<!DOCTYPE u [<!ENTITY e SYSTEM "file://{tmp_path}/s">]>' + urlset("<url><loc>&e;</loc></url>")[38:]
    assert parse(outside).pages == []
    entities = "".join(f'<!ENTITY {b} "{f"&{a};" * 50}">' for a, b in zip("abcdef", "bcdefg", strict=True))
    began = time.monotonic()
    parse(
        f'<!DOCTYPE u [<!ENTITY a "{"a" * 1000}">{entities}]>'
        + urlset("<url><loc>http://x.example/&g;</loc></url>")[38:]
    )
    assert time.monotonic() - began < 60  # without a limit: hours


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://x.example/2022/03/05/story", (2022, 3, 5)), ("https://x.example/news/2022-03-05-story", (2022, 3, 5)),
        ("https://x.example/20220305/story", (2022, 3, 5)), ("https://x.example/world/2022/mar/05/story", (2022, 3, 5)),
        ("https://x.example/2022/3/5/story", (2022, 3, 5)), ("https://x.example/story-2022", None), ("https://x.example/2022/03/story", None),
        ("https://x.example/12022030512", None), ("https://x.example/2022/02/31/story", None), ("https://2022-03-05.example/a", None),
        ("https://x.example/?d=2022-03-05", (2022, 3, 5)),
    ],
)  # fmt: skip
def test_the_day_that_a_url_names(url, day):
    assert day_in_url(url) == (date(*day) if day else None)


@pytest.mark.parametrize(
    ("url", "modified", "expected"),
    [
        ("https://x.example/s.xml", None, True), ("https://x.example/s.xml", "2022-02-28", False), ("https://x.example/s.xml", "2022-03-01", True),
        ("https://x.example/s.xml", "2026-01-01", True), ("https://x.example/s-2022-03.xml", "2026-01-01", True),
        ("https://x.example/s-2022-02.xml", None, True), ("https://x.example/s-2022-01.xml", None, False),
        ("https://x.example/s-2021-03.xml", None, False), ("https://x.example/s-2022-03-02.xml.gz", None, True),
        ("https://x.example/s-2022-03-09.xml", None, False), ("https://x.example/2022/05/s.xml", None, False),
        ("https://x.example/s.xml?y=2022", None, True), ("https://x.example/sitemap-202203.xml", None, True),
    ],
)  # fmt: skip
def test_which_sitemaps_are_worth_reading(url, modified, expected):
    assert may_hold(Listed(url, moment(modified)), date(2022, 3, 1), date(2022, 3, 7)) is expected


def test_when_a_page_was_published():
    edited = datetime(2022, 3, 20, 9, tzinfo=UTC)
    assert when(Listed("https://x.example/a", edited)) == edited
    assert when(Listed("https://x.example/2022/03/05/a", edited)) == datetime(2022, 3, 5, tzinfo=UTC)
    assert when(Listed("https://x.example/2022/03/20/a", edited)) == edited
    assert when(Listed("https://x.example/2022/03/19/a", edited)) == edited
    assert when(Listed("https://x.example/2022/03/05/a", None)) == datetime(2022, 3, 5, tzinfo=UTC)
    assert when(Listed("https://x.example/2022/03/05/a", edited, edited)) == edited
    assert when(Listed("https://x.example/a", None)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2022-03-08", (2022, 3, 8)), ("2022-03", (2022, 3, 1)), ("2022", (2022, 1, 1)), ("2022-03-08T02:00:00+03:00", (2022, 3, 7, 23)),
     ("2022-03-08T10:00:00.123Z", (2022, 3, 8, 10, 0, 0, 123000)), ("8 March", None), ("", None), (None, None), ("2022-13-01", None),
     ("0001-01-01T00:00:00+14:00", None)],
)  # fmt: skip
def test_moments(text, expected):
    assert moment(text) == (datetime(*expected, tzinfo=UTC) if expected else None)


@given(st.binary(max_size=300) | st.text(alphabet="<>/urlsetoc&;\n h:.x", max_size=200).map(str.encode))
def test_no_bytes_raise(body):
    parse(body)
    parse(b"<urlset><url><loc>" + body)
