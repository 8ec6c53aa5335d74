import asyncio
import time
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from pipeline.web.client import HOPS, Client, Visit, fresh_for, is_transient, outcome, retry_after, retry_wait
from pipeline.web.exchange import Failure, Response
from tests.web.site import html, running, settings

NOW = datetime(2022, 3, 8, 12, tzinfo=UTC)


def answer(status, cut=None, **headers):
    return Response("http://x.org/", status, "", tuple(headers.items()), b"", cut)


def visit(*urls, seen=None, **changed) -> list[Visit]:
    async def run():
        async with Client(settings(**changed)) as client:
            return await asyncio.gather(*(client.visit(url, lambda kind: 100_000, seen=seen) for url in urls))

    return asyncio.run(run())


def flaky(status, times, **headers):
    """Answers `status` so many times, then a page."""
    left = [times]

    def reply(request):
        left[0] -= 1
        request.reply(status if left[0] >= 0 else 200, html(), **headers)

    return reply


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 408])
def test_what_may_pass_is_tried_again(status):
    roles = []
    with running() as site:
        [found] = visit(
            site.do("/a", flaky(status, 2)), seen=lambda response, role: roles.append((response.status, role))
        )
    assert found.answer.status == 200
    assert roles == [(status, "retry"), (status, "retry"), (200, "final")]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_what_will_not_pass_is_not_tried_again(status):
    with running() as site:
        [found] = visit(site.serve("/a", html(), status))
        assert (found.answer.status, site.asked("/a")) == (status, 1)


def test_tries_end():
    with running() as site:
        [found] = visit(site.serve("/a", html(), 503, Retry_After="0"), retries=3)
        assert (found.answer.status, site.asked("/a")) == (503, 4)


def test_a_broken_connection_is_tried_again():
    broken = iter([True, True, False])

    def reply(request):
        if next(broken):
            request.close_connection = True
        else:
            request.reply(200, html())

    with running() as site:
        [found] = visit(site.do("/a", reply))
    assert found.answer.status == 200


def test_retry_after_is_honoured():
    with running() as site:
        began = time.monotonic()
        visit(site.do("/a", flaky(503, 1, Retry_After="1")))
    assert time.monotonic() - began >= 1


def test_a_429_pauses_the_whole_host():
    with running() as site:
        urls = [site.do("/a", flaky(429, 1, Retry_After="1")), *(site.serve(f"/{n}", html()) for n in range(5))]
        began = time.monotonic()
        visit(*urls, host_concurrency=1)
    assert time.monotonic() - began >= 1


def test_a_host_that_asks_for_a_long_pause_is_left_alone():
    with running() as site:
        urls = [site.serve("/a", html(), 429, Retry_After="3600"), site.serve("/b", html())]
        first, second = visit(*urls, host_concurrency=1)
        assert (first.answer.status, second.answer.reason, site.asked("/b")) == (429, "rate_limited", 0)


def test_a_dead_host_is_given_up():
    with running() as site:
        urls = [site.serve(f"/{n}", html(), 500) for n in range(40)]
        found = visit(*urls, host_concurrency=2, retries=1)
        assert len(site.log) < 25
    reasons = [outcome(v.answer) for v in found]
    assert set(reasons) <= {"http_500", "host_down"}


def test_one_host_that_hangs_holds_up_no_other():
    with running() as slow, running("127.0.0.2") as quick:
        hanging = [slow.do(f"/{n}", lambda request: time.sleep(5)) for n in range(4)]
        done = []

        async def run():
            async with Client(settings(request_timeout=4, retries=0)) as client:

                async def one(url):
                    found = await client.visit(url, lambda kind: 1000)
                    done.append(url.startswith(quick.base))
                    return found

                await asyncio.gather(*(one(u) for u in [*hanging, *(quick.serve(f"/{n}", html()) for n in range(20))]))

        asyncio.run(run())
    assert done == [True] * 20 + [False] * 4


def test_requests_to_one_host_keep_their_number_and_distance():
    def slow(request):
        time.sleep(0.1)
        request.reply(200, html())

    with running() as site:
        visit(*(site.do(f"/{n}", slow) for n in range(6)), host_concurrency=2)
        assert site.most_in_flight <= 2
    with running() as site:
        began = time.monotonic()
        visit(*(site.serve(f"/{n}", html()) for n in range(5)), host_delay=0.2)
        assert time.monotonic() - began >= 0.8


def test_redirects_are_followed_and_permanent_ones_noted():
    with running() as site, running("127.0.0.2") as other:
        target = other.serve("/c", html())
        site.serve("/b", "", 301, Location=target)
        start = site.serve("/a", "", 301, Location="/b")
        once = site.serve("/once", "", 302, Location="/b")
        roles = []
        [permanent] = visit(start, seen=lambda response, role: roles.append(role))
        [temporary] = visit(once)
    assert (permanent.url, permanent.moved_to, permanent.answer.status) == (target, target, 200)
    assert roles == ["redirect", "redirect", "final"]
    assert temporary.moved_to is None


def test_redirects_without_end_end():
    def further(request):
        number = int(request.path.rpartition("=")[2])
        request.reply(302, Location=f"/a?n={number + 1}")

    with running() as site:
        [found] = visit(site.do("/a", further) + "?n=0")
        assert found.answer.reason == "too_many_redirects"
        assert len(site.log) == HOPS + 1


@pytest.mark.parametrize("target", ["file:///etc/passwd", "", "gopher://x/", "http://user@x/", "javascript:1"])
def test_a_redirect_to_nowhere_is_an_answer_of_its_own(target):
    with running() as site:
        [found] = visit(site.serve("/a", "", 302, Location=target))
    assert outcome(found.answer) == "http_302"


def test_waits_grow_and_follow_the_server():
    waits = [retry_wait(Failure("connection", ""), tries, 0.5) for tries in range(9)]
    assert waits == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]
    assert retry_wait(answer(503, Retry_After="7"), 0, 0.5) is not None
    assert retry_wait(Response("u", 503, "", (("Retry-After", "7"),), b""), 5, 0.5) == 7
    assert retry_wait(Response("u", 503, "", (("Retry-After", "61"),), b""), 0, 0.5) is None
    assert retry_wait(answer(404), 0, 0.5) is None
    assert [retry_wait(Failure("timeout", ""), tries, 0.5) for tries in (0, 1)] == [0.5, None]
    assert retry_wait(Failure("forbidden_address", ""), 0, 0.5) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0), ("120", 120), ("9" * 400, 999999999), (format_datetime(NOW.replace(minute=2), usegmt=True), 120),
     ("Tue, 08 Mar 2022 11:00:00 GMT", 0), ("soon", None), ("", None), ("-1", None), ("1.5", None), ("²", None),
     (f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT", None), (f"Mon, {'9' * 20} Jan 2022 00:00:00 GMT", None)],
)  # fmt: skip
def test_retry_after_in_seconds_and_as_a_date(value, seconds):
    assert retry_after(Response("u", 503, "", (("Retry-After", value),), b""), NOW) == seconds


@pytest.mark.parametrize(
    ("told", "age", "seconds"),
    [
        ("", "", None), ("max-age=300", "", 300), ("public, MAX-AGE = 300, must-revalidate", "60", 240),
        ("max-age=60", "600", 0), ("s-maxage=900", "", None), ("no-cache, max-age=300", "", None),
        ("max-age=300, no-store", "", None), ("max-age=soon", "", None), ("max-age=300", "long", 300),
    ],
)  # fmt: skip
def test_how_long_an_answer_stays_good(told, age, seconds):
    headers = tuple((name, value) for name, value in (("Cache-Control", told), ("Age", age)) if value)
    assert fresh_for(Response("http://x.example/", 200, "OK", headers, b"")) == seconds


def test_reasons_that_may_pass():
    assert all(map(is_transient, ["http_503", "http_429", "timeout", "dns", "host_down", "robots_unreachable"]))
    assert not any(
        map(is_transient, ["http_404", "http_50", "robots", "too_large", "content_type", "forbidden_address", ""])
    )


def test_all_hosts_together_keep_their_number_and_nobody_times_out_in_the_queue():
    def slow(request):
        time.sleep(0.2)
        request.reply(200, html())

    with running("127.0.0.2") as one, running("127.0.0.3") as two, running("127.0.0.4") as three:
        urls = [site.do(f"/{n}", slow) for n in range(8) for site in (one, two, three)]
        found = visit(*urls, fetch_concurrency=2, request_timeout=2, retries=0)
        assert {outcome(v.answer) for v in found} == {"ok"}
        assert max(site.most_in_flight for site in (one, two, three)) <= 2
