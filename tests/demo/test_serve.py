"""The sample newsroom's servers, asked over HTTP; and its pages, read as the pipeline reads them."""

import urllib.error
import urllib.request
from datetime import date

import feedparser
import pytest

from demo.serve import World, serving
from demo.stories import days, read_newsroom
from pipeline.articles.page import clean_page
from pipeline.records import Article
from tests.articles.pages import source

FIRST, SECOND, LAST = date(2024, 3, 4), date(2024, 3, 5), date(2024, 3, 9)
EDITED = "altiplano/2024-03-04-villamontes-hospital"
GONE = "siret/2024-03-05-live-water-levels"


@pytest.fixture
def world():
    with serving(read_newsroom(), FIRST) as served:
        yield served


def ask(url: str, **headers: str):
    request = urllib.request.Request(url, headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def listed(world: World, outlet: str) -> list[str]:
    found = feedparser.parse(ask(f"{world.bases[outlet]}/feed.xml")[1])
    assert not found.bozo
    return [entry.link.split("?")[0] for entry in found.entries]


def story(world: World, name: str):
    return next(o.stories[name] for o in world.outlets if name in o.stories)


def test_feeds_list_three_days_up_to_the_worlds_day(world):
    assert len(listed(world, "meridian")) == 3
    world.day = LAST
    dates = {url.split("/2024/")[1][:5] for url in listed(world, "meridian")}
    assert dates == {"03/07", "03/08", "03/09"}


def test_a_feed_that_did_not_change_answers_304(world):
    url = f"{world.bases['harbour']}/feed.xml"
    _, _, headers = ask(url)
    assert ask(url, If_None_Match=headers["ETag"])[0] == 304
    assert ask(url, If_Modified_Since=headers["Last-Modified"])[0] == 304
    world.day = SECOND
    assert ask(url, If_None_Match=headers["ETag"])[0] == 200


def test_tomorrows_pages_are_not_there_yet(world):
    tomorrow = world.url(story(world, "meridian/2024-03-05-filadelfia-market"))
    assert ask(tomorrow)[0] == 404
    world.day = SECOND
    assert ask(tomorrow)[0] == 200


def test_the_edited_article_changes_the_day_after(world):
    url = world.url(story(world, EDITED))
    assert "Nine people died" in ask(url)[1]
    world.day = SECOND
    assert "Eleven people died" in ask(url)[1]


def test_the_dead_link_is_listed_and_gone(world):
    world.day = SECOND
    url = world.url(story(world, GONE))
    assert url in listed(world, "siret")
    assert ask(url)[0] == 404


def test_robots_name_a_sitemap_of_all_that_is_published(world):
    world.day = LAST
    for outlet in world.outlets:
        base = world.bases[outlet.outlet]
        assert f"Sitemap: {base}/sitemap.xml" in ask(f"{base}/robots.txt")[1]
        assert ask(f"{base}/sitemap.xml")[1].count("<loc>") == len(outlet.stories)


def test_the_day_can_be_set_over_http(world):
    request = urllib.request.Request(f"{world.bases['siret']}/now?day=2024-03-06", method="POST")
    urllib.request.urlopen(request, timeout=10).close()
    assert world.day == date(2024, 3, 6)


@pytest.mark.parametrize("day", days(read_newsroom()))
def test_cleaning_gives_back_each_article_word_for_word(world, day):
    world.day = day
    for outlet in world.outlets:
        for told in outlet.on(day):
            if told.is_gone:
                continue
            made = clean_page(*source(ask(world.url(told))[1], url=world.url(told), published_at=told.published))
            assert isinstance(made, Article)
            assert (made.title, made.text, made.language) == (told.title, told.text, told.language)
            assert made.published_at == told.published
            assert made.published_source == {"json-ld": "json-ld", "meta": "meta", "none": "feed"}[outlet.dates]
            assert (told.edited is None) or made.modified_at == told.edited
