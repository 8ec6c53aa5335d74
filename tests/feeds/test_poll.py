import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pipeline.feeds.memory import FeedState, Memory
from pipeline.feeds.poll import poll_feeds
from pipeline.records import Feed
from tests.web.site import running, settings

NOW = datetime(2026, 1, 2, 3, tzinfo=UTC)
DATE = datetime(2022, 3, 8, 10, tzinfo=UTC)


def rss(base, *names, date=DATE):
    items = "".join(
        f"<item><title>{n}</title><link>{base}/{n}</link><pubDate>{format_datetime(date)}</pubDate></item>"
        for n in names
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>X</title>{items}</channel></rss>'


def poll(*urls, memory=None, now=NOW, **changed):
    feeds = [Feed(f"feed-{n}", url, f"Publisher {n}") for n, url in enumerate(urls)]
    return asyncio.run(poll_feeds(feeds, memory or Memory(), now, settings(**changed)))


@pytest.fixture
def site():
    with running() as site:
        yield site


def test_a_feed_is_read_and_remembered(site):
    url = site.serve("/feed", rss(site.base, "a", "b"), ETag='"1"', Last_Modified="Tue, 08 Mar 2022 10:00:00 GMT")
    found = poll(url)
    assert [(i.feed_id, i.publisher, i.title, i.listed_at, i.published_at) for i in found.items] == [
        ("feed-0", "Publisher 0", n, NOW, DATE) for n in "ab"
    ]
    [row] = found.polls
    assert (row.status, row.error, row.etag, row.last_modified) == (200, None, '"1"', "Tue, 08 Mar 2022 10:00:00 GMT")
    assert (row.item_count, row.taken_count, row.newest_item_at, row.url) == (2, 2, DATE, url)
    assert (found.as_of, found.rejected, found.known) == (DATE, [], 0)


def test_an_unchanged_feed_is_asked_for_by_its_tag_and_costs_nothing(site):
    def reply(request):
        is_same = request.headers.get("If-None-Match") == '"1"' and request.headers.get("If-Modified-Since") == "Tue"
        request.reply(304 if is_same else 200, "", ETag='"1"')

    url = site.do("/feed", reply)
    state = FeedState(url, '"1"', "Tue", DATE, DATE)
    found = poll(url, memory=Memory({"feed-0": state}))
    [row] = found.polls
    assert (row.status, row.error, row.etag, row.last_modified) == (304, None, '"1"', "Tue")
    assert (row.item_count, row.newest_item_at, found.as_of, site.asked("/feed")) == (0, DATE, DATE, 1)


def test_an_unchanged_feed_is_read_whole_once_a_day_for_its_rechecks(site):
    def reply(request):
        is_same = request.headers.get("If-None-Match")
        request.reply(304 if is_same else 200, "" if is_same else rss(site.base, "a"), ETag='"1"')

    quiet = site.do("/feed", reply)
    busy = site.serve("/busy", rss(site.base, "n", date=DATE + timedelta(days=1)))
    memory = Memory({"feed-0": FeedState(quiet, '"1"', None, DATE, DATE)})
    found = poll(quiet, busy, memory=memory)
    assert (found.as_of, site.asked("/feed")) == (DATE + timedelta(days=1), 2)
    assert [(row.status, row.item_count) for row in found.polls] == [(200, 1), (200, 1)]


def test_what_a_feed_and_its_host_say_of_the_next_visit_is_kept(site):
    told = rss(site.base, "a").replace("<title>X</title>", "<title>X</title><ttl>60</ttl>")
    hourly = site.serve("/hourly", told, Cache_Control="public, max-age=300", Age="100")
    busy = site.serve("/busy", "", 503, Retry_After="7200")
    found = poll(hourly, busy, site.serve("/plain", rss(site.base, "b")), retries=0)
    assert [(p.ttl_seconds, p.wait_seconds) for p in found.polls] == [(3600, 200), (None, 7200), (None, None)]


def test_an_unchanged_feed_keeps_its_own_ttl(site):
    url = site.serve("/feed", "", 304, Cache_Control="max-age=60")
    state = FeedState(url, '"1"', None, DATE, DATE, DATE, None, 900, 10)
    [row] = poll(url, memory=Memory({"feed-0": state})).polls
    assert (row.status, row.ttl_seconds, row.wait_seconds) == (304, 900, 60)


def test_a_pause_that_a_host_asks_for_goes_for_all_its_feeds(site):
    site.do("/one", lambda request: request.reply(429, "", Retry_After="3600"))
    found = poll(site.base + "/one", site.base + "/two", site.base + "/three", host_concurrency=1)
    assert [p.wait_seconds for p in found.polls] == [3600] * 3
    assert [site.asked(path) for path in ("/one", "/two", "/three")] == [1, 0, 0]


def test_feeds_that_are_not_asked_count_for_the_moment_that_a_poll_stands_for(site):
    slow = site.serve("/slow", rss(site.base, "a"))
    memory = Memory({"another": FeedState(site.base + "/other", newest_item_at=DATE + timedelta(days=3))})
    assert poll(slow, memory=memory).as_of == DATE + timedelta(days=3)


def test_a_304_to_a_feed_that_never_answered_is_a_failure(site):
    url = site.serve("/feed", "", 304)
    found = poll(url, memory=Memory({"feed-0": FeedState(url, polled_at=DATE, failing_since=DATE)}))
    assert [r.reason for r in found.rejected] == ["http_304"]


def test_a_feed_at_a_new_address_is_asked_without_the_old_tag(site):
    url = site.serve("/feed", rss(site.base, "a"))
    poll(url, memory=Memory({"feed-0": FeedState("http://old.example/feed", '"1"', "Tue", DATE, DATE)}))
    assert "If-None-Match" not in site.log[0][1]


def test_a_304_that_nobody_asked_for_is_a_failure(site):
    found = poll(site.serve("/feed", "", 304))
    assert found.polls[0].error
    assert [r.reason for r in found.rejected] == ["http_304"]


def test_a_feed_that_moved_for_good_is_noted(site):
    target = site.serve("/new", rss(site.base, "a"))
    found = poll(site.serve("/old", "", 301, Location="/new"), site.serve("/temporary", "", 302, Location="/new"))
    assert found.moved == (("feed-0", target),)
    assert [len(found.polls), len(found.items), found.polls[0].url] == [2, 2, site.base + "/old"]


def test_links_are_resolved_against_where_the_feed_is(site):
    site.serve("/deep/er/feed", rss("", "a").replace("<link>/a", "<link>../a"))
    found = poll(site.serve("/feed", "", 302, Location="/deep/er/feed"))
    assert [i.url for i in found.items] == [site.base + "/deep/a"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"status": 404}, "http_404"), ({"status": 500}, "http_500"), ({"status": 429, "Retry_After": "900"}, "http_429"),
        ({"body": "<html>Please subscribe</html>"}, "not_a_feed"), ({"body": ""}, "not_a_feed"), ({"status": 204}, "http_204"),
        ({"body": "x" * 1_000_001}, "too_large"), ({"body": b"\x1f\x8bnonsense", "Content_Encoding": "gzip"}, "bad_encoding"),
        ({"status": 302, "Location": "file:///etc/passwd"}, "http_302"),
    ],
)  # fmt: skip
def test_a_feed_that_fails_is_a_row_and_stops_nobody(site, answer, reason):
    bad = site.serve("/bad", **{"body": "", **answer})
    found = poll(bad, site.serve("/good", rss(site.base, "a")), retries=1)
    assert [i.title for i in found.items] == ["a"]
    assert [(r.stage, r.reason, r.feed_id, r.url, r.item_id) for r in found.rejected] == [
        ("poll", reason, "feed-0", bad, None)
    ]
    assert found.polls[0].error.startswith(reason)
    assert found.polls[1].error is None


def test_a_feed_that_hangs_or_is_not_there_is_a_row():
    with running() as site:
        gone = site.base + "/feed"
    found = poll(gone, "http://no-such-host.invalid/feed", retries=0)
    assert [r.reason for r in found.rejected] == ["connection", "dns"]
    assert (found.items, found.as_of) == ([], NOW)


def test_a_429_with_a_short_pause_is_waited_for(site):
    answers = iter([429, 200])

    def reply(request):
        request.reply(next(answers), rss(site.base, "a"), Retry_After="1")

    assert len(poll(site.do("/feed", reply)).items) == 1


def test_every_entry_listed_is_taken_known_or_rejected(site):
    bad = "<item><title>no link</title></item><item><link>javascript:1</link></item>"
    url = site.serve("/feed", rss(site.base, "a", "b", "a").replace("</channel>", bad + "</channel>"))
    found = poll(url, url)
    assert sum(row.item_count for row in found.polls) == 10
    assert len(found.items) + found.known + len(found.rejected) == 10


def test_json_feeds_and_gzip_from_whoever_sends_it(site):
    import gzip

    feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "/a"}]}).encode()
    found = poll(
        site.serve("/feed", gzip.compress(feed), Content_Encoding="gzip", Content_Type="application/feed+json")
    )
    assert [i.url for i in found.items] == [site.base + "/a"]


def test_inactive_feeds_are_not_asked(site):
    feed = Feed("x", site.serve("/feed", rss(site.base, "a")), "X", is_active=False)
    assert asyncio.run(poll_feeds([feed], Memory(), NOW, settings())).polls == []
    assert site.log == []


def test_private_addresses_are_refused_unless_allowed(site):
    found = poll(site.serve("/feed", rss(site.base, "a")), allow_private=False)
    assert [r.reason for r in found.rejected] == ["forbidden_address"]
    assert site.log == []


def test_we_say_who_we_are(site):
    poll(site.serve("/feed", rss(site.base)), user_agent="Tollwire/9 (desk@example.org)")
    assert site.log[0][1]["User-Agent"] == "Tollwire/9 (desk@example.org)"
