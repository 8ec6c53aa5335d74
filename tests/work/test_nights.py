"""What polls could not get is left to the night of its day; the order of the nights makes no difference."""

import shutil

import pytest

from pipeline import work
from pipeline.batch import Batch
from tests.airflow.rows import differences, rows
from tests.web.site import running
from tests.work.newsroom import Newsroom, moment, night, poll


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory):
    """Two days were polled; four pages gave 503 (one came later), and are there now. One stands in the sitemap too."""
    with running() as site:
        made = Newsroom(site, tmp_path_factory.mktemp("newsroom"))
        made.sitemap(quiet=2, known=2, later=3)
        for n, name in enumerate(("known", "early", "late", "later", "slow", "gone", "quiet")):
            made.story(name, 11 + n)
        pages = {name: site.routes[f"/{name}"] for name in ("early", "late", "later", "slow")}
        for name in pages:
            site.serve(f"/{name}", "", 503)
        site.serve("/gone", "", 404)
        settings = made.settings(made.folder / "polled")
        made.feed("one", "known", "early", "slow", "gone")
        poll(settings, moment(2, 23))
        site.routes["/slow"] = pages["slow"]
        made.feed("one", "late", "later", day=3)
        poll(settings, moment(3, 23))
        site.routes |= {f"/{name}": page for name, page in pages.items()}
        yield made


def filled(newsroom, name: str, *days: int):
    """A copy of what was polled, with these nights run; returns its settings."""
    data = newsroom.folder / name
    if not data.exists():
        shutil.copytree(newsroom.folder / "polled", data)
    settings = newsroom.settings(data)
    for day in days:
        night(settings, day)
    return settings


def listed(settings, batch_id: str) -> dict[str, str]:
    return {item.url.rpartition("/")[2]: item.reason for item in Batch(settings.data, batch_id).iterate("items")}


def test_a_night_finds_what_its_day_listed_and_polls_could_not_get(newsroom):
    settings = filled(newsroom, "forwards", 2, 3)
    # The sitemap's pages are asked again for edits; `slow` came with a later poll, `gone` is gone for good.
    assert listed(settings, "day-2026-03-02") == {"quiet": "backfill", "known": "backfill", "early": "retry"}
    assert listed(settings, "day-2026-03-03") == {
        "quiet": "backfill", "known": "backfill", "later": "backfill", "late": "retry"
    }  # fmt: skip


def test_nights_in_any_order_and_again_give_the_same_rows(newsroom):
    forwards = rows(filled(newsroom, "forwards", 2, 3).warehouse_file)
    assert len(forwards["raw.articles"]) > 6
    backwards = filled(newsroom, "backwards", 3, 2)
    assert differences(forwards, rows(backwards.warehouse_file)) == {}
    assert differences(forwards, rows(filled(newsroom, "backwards", 2, 3).warehouse_file)) == {}
    for day in ("day-2026-03-02", "day-2026-03-03"):
        items = listed(backwards, day)
        shutil.rmtree(newsroom.folder / "backwards" / "batches" / day)
        work.discover(backwards, day)
        assert listed(backwards, day) == items
