"""What a hostile or broken server can do: time, memory, disk and the inside of our network stay ours."""

import gzip
import resource
import time

import pytest

from tests.archive.items import archived, fetch, item, outcomes
from tests.web.site import html, running


@pytest.fixture
def site():
    with running() as site:
        yield site


@pytest.mark.parametrize(
    "inside",
    ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:1/", "http://[::1]:1/", "http://[::ffff:10.0.0.1]/", "http://0/",
     "http://localhost:1/", "http://2130706433:1/", "http://127.1:1/", "http://0x7f.1/", "http://127.0.0.1.:1/", "http://10.0.0.1/"],
)  # fmt: skip
def test_nothing_inside_is_fetched(tmp_path, inside):
    [rejected] = fetch(tmp_path, item(inside), allow_private=False, retries=0).rejected
    assert rejected.reason in ("forbidden_address", "bad_url", "dns", "robots_unreachable")
    assert archived(tmp_path) == []


def test_a_redirect_from_outside_to_inside_is_refused(site, tmp_path, monkeypatch):
    """The site stands for a public one; what is inside is another address."""
    from pipeline.web import exchange

    real = exchange.is_forbidden
    monkeypatch.setattr(exchange, "is_forbidden", lambda address: address != "127.0.0.1" and real(address))
    with running("127.0.0.2") as inside:
        target = inside.serve("/secret", html("secret"))
        url = site.serve("/a", "", 302, Location=target)
        [rejected] = fetch(tmp_path, item(url), allow_private=False).rejected
        assert (rejected.reason, inside.log) == ("forbidden_address", [])


def test_a_hundred_megabytes_are_cut_off(site, tmp_path):
    def huge(request):
        request.send_response(200)
        request.send_header("content-type", "text/html")
        request.send_header("content-length", "100000000")
        request.end_headers()
        for _ in range(1000):
            request.wfile.write(b"<p>a</p>" * 12_500)

    url = site.do("/a", huge)
    assert outcomes(fetch(tmp_path, item(url))) == {url: "too_large"}
    [record] = archived(tmp_path)
    assert b"WARC-Truncated: length" in record
    assert len(record) < 1_010_000


def test_a_video_is_archived_by_its_beginning_only(site, tmp_path):
    url = site.serve("/a", bytes(900_000), Content_Type="video/mp4")
    assert outcomes(fetch(tmp_path, item(url))) == {url: "content_type"}
    assert len(archived(tmp_path)[0]) < 70_000


def test_a_gzip_bomb_takes_no_memory(site, tmp_path):
    bomb = gzip.compress(bytes(300_000_000), 1)
    url = site.serve("/a", bomb, Content_Encoding="gzip")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert outcomes(fetch(tmp_path, item(url))) == {url: "too_large"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_a_body_that_drips_holds_up_itself_only(site, tmp_path):
    def drip(request):
        request.send_response(200)
        request.send_header("content-type", "text/html")
        request.send_header("content-length", "100")
        request.end_headers()
        for _ in range(100):
            request.wfile.write(b"a")
            time.sleep(0.1)

    slow, quick = site.do("/slow", drip), [site.serve(f"/{n}", html()) for n in range(20)]
    began = time.monotonic()
    found = fetch(tmp_path, item(slow), *map(item, quick), request_timeout=1, retries=0)
    assert outcomes(found) == {slow: "timeout", **dict.fromkeys(quick, "page")}
    assert time.monotonic() - began < 9  # the whole body takes ten seconds
    assert b"WARC-Truncated: time" in b"".join(archived(tmp_path))


def test_headers_that_drip_time_out(site, tmp_path):
    def drip(request):
        for _ in range(100):
            request.wfile.write(b"HTTP/1.1 200 OK\r\n"[:1])
            time.sleep(0.1)

    url = site.do("/a", drip)
    assert outcomes(fetch(tmp_path, item(url), request_timeout=0.5, retries=0))[url] in ("timeout", "bad_response")


def test_ten_thousand_redirects_are_a_few_requests(site, tmp_path):
    def further(request):
        request.reply(302, "x" * 1000, Location=f"/a?n={int(request.path.rpartition('=')[2]) + 1}")

    url = site.do("/a", further) + "?n=0"
    assert outcomes(fetch(tmp_path, item(url))) == {url: "too_many_redirects"}
    assert site.asked("/a") == 11
    assert len(archived(tmp_path)) == 11


@pytest.mark.parametrize(
    ("raw", "reasons"),
    [
        (b"\x00" * 1000, {"bad_response"}), (b"", {"connection"}), (b"HTTP/1.1 200 OK\r\n", {"connection", "bad_response"}),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n<p>x", {"bad_response", "connection"}),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n<p>x", {"disconnected"}),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n4\r\n<p>x\r\nXX", {"disconnected", "bad_response"}),
        (b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", {"http_999"}),
        (b"HTTP/1.1 200 OK\r\nX: " + b"\xff\xfe\x80" * 99 + b"\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p>x", {"page"}),
        (b"HTTP/1.1 200 \x80\x81\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p>x", {"page", "bad_response"}),
        (b"HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 4\r\nContent-Type: text/html\r\n\r\n<p>x", {"page", "bad_response"}),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\xff\r\nContent-Length: 4\r\n\r\n<p>x", {"page"}),
        (b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>until the end</p>", {"page"}),
    ],
)  # fmt: skip
def test_junk_is_rejected_with_a_reason_and_stops_nobody(site, tmp_path, raw, reasons):
    def junk(request):
        request.wfile.write(raw)
        request.close_connection = True

    url, good = site.do("/a", junk), site.serve("/good", html())
    found = outcomes(fetch(tmp_path, item(url), item(good), retries=0))
    assert found[good] == "page"
    assert found[url] in reasons


def test_nul_bytes_in_a_page_are_kept_as_they_came(site, tmp_path):
    from pipeline.archive.store import read_page

    [page] = fetch(tmp_path, item(site.serve("/a", b"<p>\x00\x00\xff</p>"))).pages
    assert read_page(str(tmp_path), page) == b"<p>\x00\x00\xff</p>"


def test_a_host_down_all_day_is_soon_asked_no_more(site, tmp_path):
    urls = [site.serve(f"/{n}", "", 500) for n in range(200)]
    found = outcomes(fetch(tmp_path, *map(item, urls), retries=1))
    assert set(found.values()) <= {"http_500", "host_down"}
    assert len(found) == 200
    assert len(site.log) < 60
