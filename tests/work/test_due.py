import json
from pathlib import Path

import pytest

from tests.e2e.worlds import environment, tollwire
from tests.web.site import running
from tests.work.newsroom import Newsroom, moment, poll


@pytest.fixture
def newsroom(tmp_path):
    with running() as site:
        yield Newsroom(site, tmp_path)


def asked(polls) -> set[str]:
    return {p.feed_id for p in polls}


def test_a_poll_asks_what_is_due_and_all_if_it_is_told_to(newsroom, tmp_path):
    newsroom.feed("plain")
    newsroom.feed("hourly", head="<ttl>60</ttl>")
    newsroom.feed("quarterly", head="<ttl>60</ttl>", every="15m")
    newsroom.feed("daily", every="1d")
    newsroom.site.serve("/busy.xml", "", 503, Retry_After="1800")
    newsroom.feeds.append({"feed_id": "busy", "url": f"{newsroom.site.base}/busy.xml", "publisher": "Busy"})
    newsroom.feed("plain")
    settings, everyone = newsroom.settings(tmp_path / "data"), {"plain", "hourly", "quarterly", "daily", "busy"}
    assert asked(poll(settings, moment(2, 12))) == everyone
    assert asked(poll(settings, moment(2, 12, 10))) == {"plain"}
    assert asked(poll(settings, moment(2, 12, 15))) == {"plain", "quarterly"}
    assert asked(poll(settings, moment(2, 12, 30))) == {"plain", "quarterly", "busy"}
    assert asked(poll(settings, moment(2, 12, 40), ask_all=True)) == everyone
    assert asked(poll(settings, moment(2, 13))) == {"plain", "quarterly"}
    assert asked(poll(settings, moment(2, 13, 40))) == {"plain", "quarterly", "hourly", "busy"}
    assert due_of(tmp_path) == {
        "plain": ("2026-03-02T13:40:00+00:00", "each poll"),
        "hourly": ("2026-03-02T14:40:00+00:00", "the feed's ttl"),
        "quarterly": ("2026-03-02T13:55:00+00:00", "every in feeds.yml"),
        "daily": ("2026-03-03T12:40:00+00:00", "every in feeds.yml"),
        "busy": ("2026-03-02T14:10:00+00:00", "Retry-After"),
    }


def due_of(folder: Path) -> dict[str, tuple[str, str]]:
    ran = tollwire(environment(folder / "data", folder / "feeds.yml"), "feeds", "list", "--json")
    return {feed["feed_id"]: (feed["due_at"], feed["due_by"]) for feed in json.loads(ran.stdout)}
