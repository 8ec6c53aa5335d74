import asyncio
import socket
import time

import pytest
from aiohttp.abc import AbstractResolver

from pipeline.web import exchange as module
from pipeline.web.exchange import Failure, exchange, is_forbidden, open_session
from tests.web.site import html, running, settings


def ask(url, **changed):
    async def run():
        async with open_session(settings(**changed)) as session:
            return await exchange(session, url, lambda kind: 1000)

    return asyncio.run(run())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "not an address",
    ],
)  # fmt: skip
def test_addresses_of_ones_own_net_are_forbidden(address):
    assert is_forbidden(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "151.101.0.81", "2606:4700::6810:84e5", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_are_allowed(address):
    assert not is_forbidden(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0"])
def test_loopback_is_not_dialled_unless_allowed(host):
    with running() as site:
        port = site.base.rpartition(":")[2]
        assert ask(f"http://{host}:{port}/", allow_private=False).reason == "forbidden_address"
        assert site.log == []


class Rebinding(AbstractResolver):
    """Answers a public address first and loopback ever after, as a hostile name server would."""

    def __init__(self) -> None:
        self.asked = 0

    async def resolve(self, host, port=0, family=socket.AF_INET):
        self.asked += 1
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": family, "proto": 0, "flags": 0}]

    async def close(self):
        pass


def test_a_name_that_resolves_to_loopback_is_not_dialled():
    with running() as site:

        async def run():
            async with open_session(settings(allow_private=False)) as session:
                session.connector._resolver = Rebinding()
                return await exchange(
                    session, f"http://evil.example:{site.base.rpartition(':')[2]}/", lambda kind: 1000
                )

        assert asyncio.run(run()).reason == "forbidden_address"
        assert site.log == []


@pytest.mark.parametrize(
    ("host", "reason"),
    [("2130706433", "bad_url"), ("127.1", "bad_url"), ("0x7f000001", "dns"), ("a" * 64 + ".org", "dns")],
)
def test_odd_spellings_of_addresses_do_not_get_through(host, reason):
    answer = ask(f"http://{host}/", allow_private=False)
    assert isinstance(answer, Failure)
    assert answer.reason in (reason, "forbidden_address", "bad_url", "connection")


def test_an_answer_comes_as_it_is_with_its_headers():
    with running() as site:
        answer = ask(site.serve("/a", html("ä"), X_Odd="some thing", Content_Type="text/html; charset=latin-1"))
    assert (answer.status, answer.body, answer.cut) == (200, html("ä").encode(), None)
    assert answer.header("X-ODD") == "some thing"
    assert answer.content_type == "text/html"


def test_a_long_body_is_cut_off_without_reading_the_rest():
    taken = []

    def endless(request):
        request.send_response(200)
        request.end_headers()
        for _ in range(100_000):
            request.wfile.write(bytes(100_000))
        taken.append("all ten gigabytes")

    with running() as site:
        answer = ask(site.do("/a", endless))
    assert (len(answer.body), answer.cut) == (1000, "length")
    assert taken == []


def test_a_body_that_drips_is_cut_off_in_time():
    def drip(request):
        request.send_response(200)
        request.send_header("content-length", "900")
        request.end_headers()
        for _ in range(100):
            request.wfile.write(b"a")
            time.sleep(0.1)

    with running() as site:
        answer = ask(site.do("/a", drip), request_timeout=1)
    assert answer.cut == "time"
    assert 0 < len(answer.body) < 20


def test_a_connection_that_breaks_in_the_body_leaves_what_came():
    def breaks(request):
        request.send_response(200)
        request.send_header("content-length", "900")
        request.end_headers()
        request.wfile.write(b"half")
        request.close_connection = True

    with running() as site:
        answer = ask(site.do("/a", breaks))
    assert (answer.body, answer.cut) == (b"half", "disconnect")


def test_no_answer_in_time_is_a_failure():
    with running() as site:
        answer = ask(site.do("/a", lambda request: time.sleep(2)), request_timeout=0.5)
    assert answer.reason == "timeout"


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\x00\x00 nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nno colon at all\r\n\r\n", b"HTTP/9.9 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"x" * 200_000 + b"\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 5000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        b"HTTP/1.1 200 OK\r\nX: a\x00b\r\nContent-Length: 2\r\n\r\nok", b"",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nnonsense",
    ],
)  # fmt: skip
def test_junk_for_an_answer_is_never_an_exception(raw):
    def junk(request):
        request.wfile.write(raw)
        request.close_connection = True

    with running() as site:
        answer = ask(site.do("/a", junk))
    if isinstance(answer, Failure):
        assert answer.reason in ("bad_response", "connection")
    else:
        assert answer.status == 200


def test_nothing_listens_and_no_such_host_are_told_apart():
    with running() as site:
        base = site.base
    assert ask(base + "/").reason == "connection"
    assert ask("http://no-such-host.invalid/").reason == "dns"


def test_what_is_no_url_is_a_failure():
    assert ask("http://[::1/").reason == "bad_url"
    assert module.ENCODINGS == "gzip, deflate, br"
