import asyncio
import gzip
from datetime import UTC, date, datetime

import pytest

from pipeline.archive import discover as module
from pipeline.archive.discover import discover
from pipeline.records import Feed, hash_id
from tests.web.site import running, settings

FIRST, LAST = date(2022, 3, 1), date(2022, 3, 7)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def site():
    with running() as site:
        yield site


def urlset(*pages):
    entries = "".join(f"<url><loc>{url}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>" for url, day in pages)
    return f"<urlset>{entries}</urlset>"


def index(*maps):
    entries = "".join(
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>" for url, day in maps
    )
    return f"<sitemapindex>{entries}</sitemapindex>"


def find(*feeds, **changed):
    return asyncio.run(discover(feeds, FIRST, LAST, settings(retries=0, **changed), NOW))


def paths(site, found):
    return [i.url.removeprefix(site.base) for i in found.items]


def test_robots_lead_to_an_index_to_pages_of_the_range(site):
    site.serve("/robots.txt", f"User-agent: *\nDisallow: /no\nSitemap: {site.base}/index.xml\n")
    site.serve(
        "/index.xml", index(*((f"{site.base}/{n}.xml", d) for n, d in (("new", "2022-03-09"), ("old", "2022-02-20"))))
    )
    site.serve("/new.xml", urlset(*((f"{site.base}/{n}", f"2022-03-0{n}T10:00:00Z") for n in (1, 4, 7, 8, 9))))
    site.serve("/old.xml", urlset())
    found = find(Feed("x", site.base + "/feed", "X"))
    assert paths(site, found) == ["/1", "/4", "/7"]
    assert (site.asked("/old.xml"), found.rejected) == (0, [])
    first = found.items[0]
    assert (first.reason, first.feed_id, first.publisher, first.listed_at) == ("backfill", "x", "X", NOW)
    assert (first.item_id, first.published_at) == (hash_id("x", first.url), datetime(2022, 3, 1, 10, tzinfo=UTC))


def test_the_feed_can_name_its_sitemap_and_gzip_is_read(site):
    url = site.serve(
        "/s.xml.gz", gzip.compress(urlset((site.base + "/a", "2022-03-02")).encode()), Content_Type="application/gzip"
    )
    assert paths(site, find(Feed("x", "http://127.0.0.9/feed", "X", sitemap=url))) == ["/a"]


def test_without_a_word_in_robots_the_usual_place_is_tried(site):
    site.serve("/sitemap.xml", urlset((site.base + "/a", "2022-03-02")))
    assert paths(site, find(Feed("x", site.base + "/feed", "X"))) == ["/a"]


def test_two_feeds_of_a_site_share_its_pages(site):
    site.serve("/sitemap.xml", urlset((site.base + "/a", "2022-03-02")))
    found = find(
        Feed("x", site.base + "/feed", "X"),
        Feed("y", site.base + "/other", "X"),
        Feed("z", site.base, "X", is_active=False),
    )
    assert [i.feed_id for i in found.items] == ["x"]
    assert site.asked("/sitemap.xml") == 1


def test_circles_and_depth_end(site):
    site.serve("/sitemap.xml", index((site.base + "/sitemap.xml", ""), (site.base + "/d?0", "")))
    site.do("/d", lambda r: r.reply(200, index((f"{site.base}/d?{int(r.path.rpartition('?')[2]) + 1}", ""))))
    found = find(Feed("x", site.base + "/feed", "X"))
    assert [r.reason for r in found.rejected] == ["sitemap_limit"]
    assert len(site.log) == 1 + module.DEPTH


def test_too_many_sitemaps_are_told(site, monkeypatch):
    monkeypatch.setattr(module, "SITEMAPS", 20)
    site.serve("/sitemap.xml", index(*((f"{site.base}/m?{n}", "") for n in range(100))))
    site.serve("/m", urlset())
    assert [r.reason for r in find(Feed("x", site.base + "/feed", "X")).rejected] == ["sitemap_limit"]
    assert site.asked("/m") == 19


@pytest.mark.parametrize(
    ("answer", "detail"),
    [({"status": 404}, "http_404"), ({"status": 500}, "http_500"), ({"body": "<html>hello</html>"}, "not a sitemap"),
     ({"body": b"\x1f\x8bxx"}, "bad_encoding"), ({"body": b"nothing here"}, "not a sitemap")],
)  # fmt: skip
def test_a_sitemap_that_fails_is_a_row_and_stops_nobody(site, answer, detail):
    bad = site.serve("/bad.xml", **{"body": "", **answer})
    good = site.serve("/good.xml", urlset((site.base + "/a", "2022-03-02")))
    found = find(Feed("x", "http://a.example/", "X", sitemap=bad), Feed("y", "http://b.example/", "Y", sitemap=good))
    assert paths(site, found) == ["/a"]
    [row] = found.rejected
    assert (row.stage, row.reason, row.feed_id, row.url, row.item_id) == ("poll", "sitemap", "x", bad, None)
    assert detail in row.detail


def test_pages_without_a_date_or_url_are_told_by_number(site):
    entries = urlset(
        (site.base + "/a", ""), (site.base + "/2022/03/02/b", ""), ("nowhere", ""), (site.base + "/c", "someday")
    )
    found = find(Feed("x", "http://a.example/", "X", sitemap=site.serve("/s.xml", entries)))
    assert paths(site, found) == ["/2022/03/02/b"]
    assert sorted((r.reason, r.detail) for r in found.rejected) == [
        ("bad_url", "1 entries of the sitemap name no URL"), ("no_date", "2 pages of the sitemap carry no date"),
    ]  # fmt: skip


def test_a_site_that_is_not_there_is_a_row():
    with running() as gone:
        pass
    [row] = find(Feed("x", gone.base + "/feed", "X")).rejected
    assert row.reason == "robots_unreachable"


def test_inside_addresses_are_not_asked(site):
    found = find(Feed("x", "http://a.example/", "X", sitemap=site.base + "/s.xml"), allow_private=False)
    assert [r.detail.partition(":")[0] for r in found.rejected] == ["forbidden_address"]
    assert site.log == []


def test_other_sources_join_in(site, monkeypatch):
    async def elsewhere(web, feed, span):
        return module.Found([module.Listed("https://x.example/a", NOW.replace(year=2022))])

    monkeypatch.setattr(module, "SOURCES", (elsewhere,))
    assert [i.url for i in find(Feed("x", site.base, "X")).items] == ["https://x.example/a"]
