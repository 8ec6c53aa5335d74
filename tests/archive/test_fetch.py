import gzip
import threading
import time
from datetime import timedelta

import pytest

from pipeline.archive.fetch import usable
from pipeline.archive.store import read_page, read_pages
from pipeline.errors import StorageError
from pipeline.records import hash_id
from pipeline.web.exchange import Response
from tests.archive.items import NOW, archived, fetch, item, outcomes
from tests.web.site import html, running, settings


@pytest.fixture
def site():
    with running() as site:
        yield site


def test_a_page_is_fetched_archived_and_read_back(site, tmp_path):
    url = site.serve("/a?b=ü", html("zwölf"))
    site.routes["/a"] = site.routes.pop("/a?b=ü")
    found = fetch(tmp_path, item(url))
    [page] = found.pages
    assert (page.item_id, page.feed_id, page.publisher, page.requested_url, page.status) == (
        hash_id("x", url),
        "x",
        "X",
        url,
        200,
    )
    assert page.url == site.base + "/a?b=%C3%BC"
    assert (page.page_id, page.body_length) == (hash_id(page.url, html("zwölf").encode()), len(html("zwölf").encode()))
    assert NOW <= page.fetched_at < NOW + timedelta(seconds=5)
    assert page.content_type == "text/html; charset=utf-8"
    assert read_page(str(tmp_path), page).decode() == html("zwölf")
    assert found.rejected == []


def test_every_item_is_a_page_or_rejected_in_order(site, tmp_path):
    urls = [site.serve(f"/{n}", html(str(n)), 200 if n % 3 else 404) for n in range(30)]
    done = []
    found = fetch(tmp_path, *map(item, urls), progress=lambda n, total: done.append((n, total)))
    assert [p.requested_url for p in found.pages] == [u for n, u in enumerate(urls) if n % 3]
    assert [r.url for r in found.rejected] == [u for n, u in enumerate(urls) if not n % 3]
    assert done == [(n, 30) for n in range(1, 31)]
    assert {(r.stage, r.reason, r.detail) for r in found.rejected} == {("fetch", "http_404", "404 Not Found")}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"status": 404}, "http_404"), ({"status": 410}, "http_410"), ({"status": 403}, "http_403"), ({"status": 500}, "http_500"),
        ({"status": 204, "body": ""}, "http_204"), ({"body": ""}, "empty"), ({"body": " \n\t "}, "empty"),
        ({"body": "%PDF", "Content_Type": "application/pdf"}, "content_type"), ({"Content_Type": "image/png"}, "content_type"),
        ({"Content_Type": "application/json"}, "content_type"), ({"body": "GIF89a", "Content_Type": ""}, "content_type"),
        ({"Content_Type": ""}, "page"), ({"Content_Type": "TEXT/HTML;charset=x"}, "page"), ({"Content_Type": "text/plain"}, "page"),
        ({"Content_Type": "application/xhtml+xml"}, "page"), ({"body": "x" * 1_000_001}, "too_large"), ({"body": "x" * 1_000_000}, "page"),
        ({"status": 302, "Location": "ftp://x/"}, "http_302"), ({"status": 300}, "http_300"), ({"status": 203}, "page"),
        ({"body": gzip.compress(html().encode()), "Content_Encoding": "gzip"}, "page"),
        ({"body": gzip.compress(bytes(2_000_000)), "Content_Encoding": "gzip"}, "too_large"),
        ({"body": gzip.compress(html().encode())[:-9], "Content_Encoding": "gzip"}, "bad_encoding"),
        ({"Content_Encoding": "zstd"}, "bad_encoding"),
    ],
)  # fmt: skip
def test_what_becomes_of_an_answer_and_that_it_is_archived(site, tmp_path, answer, reason):
    url = site.serve("/a", **{"body": html(), **answer})
    found = fetch(tmp_path, item(url), retries=0)
    assert outcomes(found) == {url: reason}
    assert len(archived(tmp_path)) == 1


def test_redirects_and_retries_are_archived_too(site, tmp_path):
    answers = iter([503, 429, 302])

    def reply(request):
        request.reply(next(answers), "", Location="/b", Retry_After="0")

    url = site.do("/a", reply)
    site.serve("/b", html())
    [page] = fetch(tmp_path, item(url)).pages
    records = archived(tmp_path)
    assert [r.split(b"Tollwire-Outcome: ")[1].split(b"\r\n")[0] for r in records] == [
        b"retry",
        b"retry",
        b"redirect",
        b"page",
    ]
    assert (page.url, page.requested_url) == (site.base + "/b", url)
    assert read_page(str(tmp_path), page) == html().encode()


def test_one_url_is_asked_for_once(site, tmp_path):
    url = site.serve("/a", html())
    twice = [item(url, "x"), item(url, "y"), item(url + "?utm_source=rss", "z"), item(url + "?utm_medium=feed", "z")]
    found = fetch(tmp_path, *twice)
    assert site.asked("/a") == 1
    assert [(p.item_id, p.feed_id, p.publisher) for p in found.pages] == [
        (i.item_id, i.feed_id, i.publisher) for i in twice
    ]
    assert len({(p.page_id, p.warc_offset) for p in found.pages}) == 1


def test_robots_are_obeyed_also_where_a_redirect_leads(site, tmp_path):
    with running("127.0.0.2") as other:
        other.serve("/robots.txt", "User-agent: *\nDisallow: /closed")
        other.serve("/closed", html())
        urls = [site.serve("/a", "", 302, Location=other.base + "/closed"), other.base + "/closed"]
        assert set(outcomes(fetch(tmp_path, *map(item, urls))).values()) == {"robots"}
        assert other.asked("/closed") == 0


def test_a_site_without_robots_for_now_is_left_for_later(site, tmp_path):
    site.serve("/robots.txt", "", 503)
    urls = [site.serve("/a", html()), site.serve("/b", html())]
    assert set(outcomes(fetch(tmp_path, *map(item, urls), retries=0)).values()) == {"robots_unreachable"}
    assert site.asked("/a") == 0


def test_texts_that_items_bring_are_archived_without_network(tmp_path):
    items = [item(f"https://x.example/{n}", body=f"Zwölf Tote, {n}.") for n in range(50)] + [
        item("https://x.example/e", body="")
    ]
    found = fetch(tmp_path, *items, allow_private=False)
    assert {body.decode() for _, body in read_pages(str(tmp_path), found.pages)} == {
        f"Zwölf Tote, {n}." for n in range(50)
    }
    assert {p.content_type for p in found.pages} == {"text/plain; charset=utf-8"}
    assert [(r.reason, r.item_id) for r in found.rejected] == [("empty", items[-1].item_id)]


def test_no_items_are_no_file(tmp_path):
    found = fetch(tmp_path)
    assert (found.pages, found.rejected, archived(tmp_path)) == ([], [], [])


@pytest.mark.parametrize("url", ["", "no url", "ftp://x/", "http://user:pw@x/", "http://[::1", "http://x\r\nHost: y/"])
def test_an_item_without_a_url_is_rejected(tmp_path, url):
    assert outcomes(fetch(tmp_path, item(url))) in ({url: "bad_url"}, {})
    assert [r.reason for r in fetch(tmp_path, item(url)).rejected] == ["bad_url"]


def test_fetching_again_asks_for_nothing_that_is_there(site, tmp_path):
    urls = [site.serve(f"/{n}", html(str(n)), 200 if n % 2 else 404) for n in range(10)] + ["https://x.example/ü"]
    items = [*map(item, urls[:10]), item(urls[10], body="text")]
    first = fetch(tmp_path, *items)
    asked = len(site.log)
    again = fetch(tmp_path, *items)
    assert again == first
    assert len(site.log) == asked


def test_what_had_no_answer_is_asked_for_again(site, tmp_path):
    url = site.serve("/a", html())
    slow = site.do("/slow", lambda request: time.sleep(4))
    first = fetch(tmp_path, item(url), item(slow), request_timeout=2, retries=0)
    assert outcomes(first) == {url: "page", slow: "timeout"}
    site.serve("/slow", html())
    again = fetch(tmp_path, item(url), item(slow))
    assert outcomes(again) == {url: "page", slow: "page"}
    assert (site.asked("/a"), again.pages[0]) == (1, first.pages[0])


def test_an_archive_that_cannot_be_written_stops_the_run(site, tmp_path):
    (tmp_path / "batches").write_text("in the way")
    with pytest.raises(StorageError):
        fetch(tmp_path, item(site.serve("/a", html())))


def test_hosts_are_fetched_side_by_side(tmp_path):
    both = threading.Barrier(2, timeout=60)

    def slow(request):
        both.wait()  # passes only while the other host has a request too
        request.reply(200, html())

    with running("127.0.0.2") as one, running("127.0.0.3") as two:
        urls = [s.do(f"/{n}", slow) for n in range(4) for s in (one, two)]
        found = fetch(tmp_path, *map(item, urls), host_concurrency=1)
        assert set(outcomes(found).values()) == {"page"}
        assert one.most_in_flight == two.most_in_flight == 1


def test_the_verdict_on_a_torn_page_names_how():
    for cut, reason in (("time", "timeout"), ("disconnect", "disconnected"), ("length", "too_large")):
        torn = Response("u", 200, "OK", (("Content-Type", "text/html"),), b"<p>half", cut)
        assert usable(torn, settings()).reason == reason
