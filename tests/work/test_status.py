"""What `tollwire status` says of batches that no snapshot holds yet."""

from datetime import timedelta

import pytest

from pipeline import work
from pipeline.publish.snapshot import publish_snapshot
from pipeline.publish.status import read_status
from tests.web.site import running
from tests.work.newsroom import Newsroom, moment, poll


@pytest.fixture
def newsroom(tmp_path):
    with running() as site:
        yield Newsroom(site, tmp_path)


def test_a_poll_that_found_nothing_is_not_left_to_be_finished(newsroom, tmp_path):
    newsroom.story("flood", 3)
    newsroom.feed("daily", "flood")
    settings = newsroom.settings(tmp_path / "data")
    poll(settings, moment(2))
    publish_snapshot(settings)
    poll(settings, moment(2) + timedelta(minutes=15))
    assert read_status(settings).unfinished == []
    begun = work.begin_poll(moment(3))
    work.poll(settings, begun, moment(3))
    assert read_status(settings).unfinished == [begun], "of a run that goes on, or was interrupted"
    assert begun not in work.batches_between(settings, moment(2).date(), moment(3).date()), (
        "and is not read again meanwhile"
    )
    assert len(work.batches_between(settings, moment(2).date(), moment(3).date())) == 2
