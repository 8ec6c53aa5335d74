import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.feeds.parse import Entry, decode, parse_feed, plain

URL = "https://x.example/feed.xml"
HUNG = 120
"""Seconds; what takes longer on any machine grows with the square of its input."""
MOMENT = datetime(2022, 3, 8, 10, 30, tzinfo=UTC)
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>X</title><link>https://x.example/</link>
{}</channel></rss>"""
ITEM = """<item><title>Dam breaks</title><link>https://x.example/a</link><guid isPermaLink="false">urn:17</guid>
<pubDate>Tue, 08 Mar 2022 12:30:00 +0200</pubDate></item>"""


def parse(text, content_type=None):
    return parse_feed(text.encode() if isinstance(text, str) else text, content_type, URL)


def rss(*items):
    return parse(RSS.format("".join(items)))


FORMATS = {
    "rss": RSS.format(ITEM),
    "atom": """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Dam breaks</title><id>urn:17</id>
<link rel="enclosure" href="https://x.example/a.mp3"/><link rel="alternate" href="/a"/>
<published>2022-03-08T10:30:00Z</published><updated>2022-03-09T10:30:00Z</updated></entry></feed>""",
    "rdf": """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://x.example/"><title>X</title></channel>
<item rdf:about="urn:17"><title>Dam breaks</title><link>https://x.example/a</link><dc:date>2022-03-08T10:30:00Z</dc:date>
</item></rdf:RDF>""",
    "json": json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "X", "items": [
        {"id": "urn:17", "url": "/a", "title": "Dam breaks", "date_published": "2022-03-08T12:30:00+02:00"}]}),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gives_the_same_entry(name):
    assert parse(FORMATS[name]).entries == [Entry("https://x.example/a", "urn:17", "Dam breaks", MOMENT)]


def test_an_unclosed_item_and_a_bare_ampersand_lose_nothing():
    items = [ITEM.replace("/a<", f"/{n}<").replace("urn:17", f"g{n}") for n in range(5)]
    text = RSS.format("".join(items)).replace("<title>X</title>", "<title>X & more</title>").replace("</item>", "", 1)
    listing = parse(text)
    assert [e.url for e in listing.entries] == [f"https://x.example/{n}" for n in range(5)]
    assert [e.guid for e in listing.entries] == [f"g{n}" for n in range(5)]
    assert all(e.published_at == MOMENT and e.title == "Dam breaks" for e in listing.entries)


def test_a_feed_cut_off_gives_what_came():
    text = RSS.format(ITEM + ITEM.replace("/a<", "/b<"))
    assert [e.url for e in parse(text[: text.rindex("<pubDate")]).entries] == [
        "https://x.example/a",
        "https://x.example/b",
    ]


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "nonsense", ""])
@pytest.mark.parametrize("header", ["utf-8", "iso-8859-1", "us-ascii", "nonsense"])
def test_a_wrong_charset_does_not_mangle_utf_8(declared, header):
    text = RSS.format(ITEM.replace("Dam", "Überflutung “Київ”"))
    text = text.replace(' encoding="utf-8"', f' encoding="{declared}"' if declared else "")
    [entry] = parse(text, f"application/rss+xml; charset={header}").entries
    assert entry.title == "Überflutung “Київ” breaks"


@pytest.mark.parametrize(
    ("encoding", "words", "header"),
    [("iso-8859-1", "Überflutung", None), ("windows-1251", "Київ", None), ("utf-16", "Київ", None),
     ("iso-2022-jp", "東京", None), ("shift_jis", "東京", "text/xml")],
)  # fmt: skip
def test_other_encodings_are_read_as_the_document_declares(encoding, words, header):
    text = RSS.format(ITEM.replace("Dam", words)).replace("utf-8", encoding)
    assert parse(text.encode(encoding), header).entries[0].title == f"{words} breaks"


def test_the_header_counts_where_the_document_says_nothing():
    text = RSS.format(ITEM.replace("Dam", "Київ")).replace(' encoding="utf-8"', "")
    assert parse(text.encode("windows-1251"), "text/xml; charset=windows-1251").entries[0].title == "Київ breaks"


def test_damaged_utf_8_stays_utf_8():
    body = RSS.format(ITEM.replace("Dam", "Überflutung “Київ”")).encode().replace(b"breaks", b"br\xffeaks")
    assert decode(body, None).count("Überflutung “Київ” br\ufffdeaks") == 1


def test_control_characters_and_nul_bytes_do_not_matter():
    text = RSS.format(ITEM.replace("Dam", "D\x00a\x0bm\x1f"))
    assert parse(text).entries[0].title == "Dam breaks"


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("<item><title>A</title></item>", "no_link"), ("<item></item>", "no_link"),
        ("<item><title>A</title><description>a teaser</description></item>", "no_link"),
        ("<item><title>A</title><link>javascript:alert(1)</link></item>", "bad_url"),
        ("<item><title>A</title><link>http://</link></item>", "bad_url"),
        ("<item><title>A</title><link>http://user:pw@x.example/</link></item>", "bad_url"),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_used_is_told(item, reason):
    listing = rss(ITEM, item)
    assert [u.reason for u in listing.unusable] == [reason]
    assert listing.count == 2


def test_a_guid_that_is_a_link_is_the_link():
    [entry] = rss("<item><title>A</title><guid>https://x.example/a</guid></item>").entries
    assert entry.url == "https://x.example/a"
    [entry] = parse(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>https://x.example/b</id></entry></feed>'
    ).entries
    assert entry.url == "https://x.example/b"


def test_an_entry_without_a_page_brings_its_text():
    item = """<item xmlns:content="http://purl.org/rss/1.0/modules/content/"><title>A</title>
<guid isPermaLink="false">9</guid><content:encoded><![CDATA[<p>Twelve people <b>died</b>.</p><script>x()</script>
<p>More &amp; more.</p>]]></content:encoded></item>"""
    [entry] = rss(item).entries
    assert entry.body == "Twelve people died.\nMore & more."
    assert entry.url.startswith(f"{URL}?entry=")
    assert rss(item).entries == [entry]


def test_full_content_is_left_alone_where_there_is_a_page():
    item = ITEM.replace("</item>", "<content:encoded>all of it</content:encoded></item>")
    assert rss(item).entries[0].body is None


@pytest.mark.parametrize(
    ("written", "read"),
    [("Tue, 08 Mar 2022 10:30:00 GMT", MOMENT), ("2022-03-08T10:30:00Z", MOMENT),
     ("08 Mar 2022 10:30:00 +0000", MOMENT),
     ("yesterday", None), ("", None), ("Tue, 08 Mar 0001 10:30:00 GMT", None), ("9999999", None)],
)  # fmt: skip
def test_dates_are_utc_or_null(written, read):
    assert rss(ITEM.replace("Tue, 08 Mar 2022 12:30:00 +0200", written)).entries[0].published_at == read


@pytest.mark.parametrize(
    ("written", "read"),
    [("<![CDATA[<b>Five</b> &amp; six]]>", "Five & six"), ("Q&amp;amp;A", "Q&A"), ("5 &lt; 6", "5 < 6"),
     ("two\n lines", "two lines"), ("&lt;i&gt;Kursk&lt;/i&gt; sinks", "Kursk sinks"),
     (f"Five &amp;#{'9' * 5000}; six", "Five \ufffd six")],
)  # fmt: skip
def test_titles_are_plain_text(written, read):
    assert rss(ITEM.replace("Dam breaks", written)).entries[0].title == read


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"<!doctype html><html><body>Subscribe</body></html>", b"{}", b"[1]", b'{"items": 3}', b"{",
             b"[" * 100_000, b"\x00\x01\x02", b"GIF89a", b"\xff\xfe\x00"],
)  # fmt: skip
def test_what_is_no_feed_is_told(body):
    listing = parse(body)
    assert listing.error
    assert listing.count == 0


def test_an_empty_feed_is_a_feed():
    assert parse(RSS.format("")).error is None


def test_json_entries_of_wrong_types_are_told():
    feed = {
        "version": "https://jsonfeed.org/version/1",
        "items": [None, 3, {"id": {}}, {"url": 5}, {"url": "http://"}, {"id": "x"}],
    }
    listing = parse(json.dumps(feed))
    assert (len(listing.entries), [u.reason for u in listing.unusable]) == (0, ["no_link"] * 4 + ["bad_url", "no_link"])


def test_entity_bombs_and_outside_entities_are_harmless(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    bomb = '<!DOCTYPE r [<!ENTITY a "' + "a" * 1000 + '">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 100}">' for a, b in zip("abcdef", "bcdefg", strict=True)) + "]>"  # fmt: skip
    began = time.monotonic()
    listing = parse(RSS.format(ITEM.replace("Dam", "&g;")).replace("<rss", bomb + "<rss"))
    assert len(listing.entries) == 1
    outside = f'<!DOCTYPE r [<!ENTITY g SYSTEM "file://{secret}">]>'
    listing = parse(RSS.format(ITEM.replace("Dam", "&g;")).replace("<rss", outside + "<rss"))
    assert "secret" not in listing.entries[0].title
    assert time.monotonic() - began < HUNG


@pytest.mark.parametrize("piece", ["<", "<item>", "&", "<a b>", "</", "<![CDATA[", "<!--", '<a b="', "<!", "&#", "]]>"])
def test_a_long_feed_of_nonsense_is_read_in_seconds(piece):
    began = time.monotonic()
    parse(RSS.format(ITEM + piece * (300_000 // len(piece))))
    assert time.monotonic() - began < HUNG


SY = "http://purl.org/rss/1.0/modules/syndication/"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("", None), ("<ttl>15</ttl>", 900), ("<ttl> 60 </ttl>", 3600), ("<ttl>0</ttl>", None), ("<ttl>soon</ttl>", None),
        ("<ttl>-5</ttl>", None), ("<ttl>99999999999</ttl>", None),
        ("<sy:updatePeriod> hourly </sy:updatePeriod>", 3600),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 900),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 86400),
        ("<sy:updatePeriod>often</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", None),
        ("<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
    ],
)  # fmt: skip
def test_how_long_a_feed_asks_to_be_left_alone(told, seconds):
    listing = parse(RSS.format(told + ITEM).replace("<rss ", f'<rss xmlns:sy="{SY}" '))
    assert (listing.ttl_seconds, len(listing.entries)) == (seconds, 1)


@pytest.mark.parametrize(("piece", "what"), [("<x>", "tags"), ("<item>", "entries")])
def test_ten_megabytes_of_tags_are_no_feed(piece, what):
    began = time.monotonic()
    assert parse(RSS.format(piece * (10_000_000 // len(piece)))).error.endswith(what)
    assert time.monotonic() - began < HUNG


@pytest.mark.parametrize("piece", ["< ", "<", "<p ", "</p ", "<!--", "<script>", "<script", "</script ", "&#", "&"])
def test_a_long_title_of_nonsense_is_read_in_seconds(piece):
    began = time.monotonic()
    plain(piece * (1_000_000 // len(piece)))
    plain("<" + " " * 1_000_000)
    assert time.monotonic() - began < HUNG


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400), st.text(alphabet="<>/&;\"'[]{}!-item link:?xmlrss \n0", max_size=300).map(str.encode)
    )
)
def test_no_bytes_raise(body):
    parse(body)
    parse(RSS.encode().replace(b"{}", body))
    plain(body.decode("latin-1"))
