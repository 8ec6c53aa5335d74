import asyncio
import time

import pytest

from pipeline.archive.hosts import Robots
from pipeline.web.client import Client
from tests.web.site import running, settings


def refusals(site, *paths, **changed):
    """Reason for each path, null where it may be fetched."""
    ours = settings(retries=0, **changed)

    async def run():
        async with Client(ours) as client:
            robots = Robots(client, ours)
            found = await asyncio.gather(*(robots.refusal(site.base + path) for path in paths))
            return [f and f.reason for f in found]

    return asyncio.run(run())


@pytest.fixture
def site():
    with running() as site:
        yield site


def test_robots_are_read_once_and_kept_to(site):
    site.serve("/robots.txt", "User-agent: *\nDisallow: /private/\nAllow: /private/open\n", Content_Type="text/plain")
    assert refusals(site, "/a", "/private/b", "/private/open", "/privately") == [None, "robots", None, None]
    assert site.asked("/robots.txt") == 1


def test_our_own_group_counts_before_the_general_one(site):
    site.serve("/robots.txt", "User-agent: *\nDisallow: /\n\nUser-agent: Tollwire\nDisallow: /not-us\n")
    assert refusals(site, "/a", "/not-us") == [None, "robots"]
    assert refusals(site, "/a", user_agent="Other/1") == ["robots"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"status": 404}, None), ({"status": 403}, None), ({"status": 401}, None), ({"status": 410}, None),
        ({"status": 429}, "robots_unreachable"), ({"status": 500}, "robots_unreachable"), ({"status": 503}, "robots_unreachable"),
        ({"body": ""}, None), ({"body": "<html>not robots</html>"}, None), ({"body": bytes(range(256)) * 9}, None),
        ({"body": b"\xef\xbb\xbfUser-agent: *\nDisallow: /"}, "robots"), ({"body": "User-agent: *\r\nDisallow: /\r\n"}, "robots"),
        ({"body": "User-agent: *\nDisallow: /\n" + "#" * 2_000_000}, "robots"), ({"status": 302, "Location": "/robots.txt"}, None),
        ({"status": 204}, None),
    ],
)  # fmt: skip
def test_what_an_answer_means(site, answer, reason):
    site.serve("/robots.txt", **{"body": "", **answer})
    assert refusals(site, "/a") == [reason]


def test_redirects_of_robots_are_followed(site):
    with running("127.0.0.2") as other:
        other.serve("/r", "User-agent: *\nDisallow: /a")
        site.serve("/robots.txt", "", 301, Location=other.base + "/r")
        assert refusals(site, "/a", "/b") == ["robots", None]


def test_a_host_that_is_not_there_says_so(site):
    with running() as gone:
        pass
    assert refusals(gone, "/a") == ["robots_unreachable"]
    assert refusals(site, "/a", allow_private=False) == ["forbidden_address"]


def test_a_crawl_delay_is_kept(site):
    site.serve("/robots.txt", "User-agent: *\nCrawl-delay: 0.3\n")
    for n in range(4):
        site.serve(f"/{n}", "<p>x</p>")
    ours = settings()

    async def run():
        async with Client(ours) as client:
            robots = Robots(client, ours)
            began = time.monotonic()
            await asyncio.gather(
                *(client.visit(f"{site.base}/{n}", lambda k: 99, allowed=robots.refusal) for n in range(4))
            )
            return time.monotonic() - began

    assert asyncio.run(run()) >= 0.9


def test_an_absurd_crawl_delay_is_capped(site):
    site.serve("/robots.txt", "User-agent: *\nCrawl-delay: 86400\n")
    ours = settings()

    async def run():
        async with Client(ours) as client:
            await Robots(client, ours).rules(site.base + "/a")
            return client._host(site.base.partition("//")[2]).delay

    assert asyncio.run(run()) == 30
