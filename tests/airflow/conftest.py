"""Two Airflows and one small internet for all live tests: starting them takes longer than most of what is tested.

The first is what the tests drive. The second, with a warehouse of its own, works through the nights one after another
while the first is busy with other tests.
"""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.airflow.live import OVER, Live, until
from tests.airflow.start import Metadata, airflow
from tests.airflow.worlds import World, own_newsroom, real_news
from tests.conftest import ROOT

MUST = os.environ.get("TOLLWIRE_REQUIRE_ALL") == "1"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """newsworld, or the project's own newsroom where there is no newsworld."""
    shared = Path(os.environ.get("TOLLWIRE_SHARED", ROOT.parent / "shared"))
    there = (shared / "newsworld").is_dir()
    if MUST and not there:
        pytest.fail("no newsworld beside the checkout, and TOLLWIRE_REQUIRE_ALL=1 says it must be there")
    with real_news(shared, tmp_path_factory.mktemp("world")) if there else own_newsroom() as served:
        yield served


@pytest.fixture(scope="session")
def metadata(postgres: str) -> Iterator[Metadata]:
    made = Metadata(postgres)
    try:
        yield made
    finally:
        made.drop()


@pytest.fixture(scope="session")
def nights(world: World, metadata: Metadata, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Future[Path]"]:
    """The data folder of a warehouse that nightly runs filled, one after another; they begin now."""
    folder = tmp_path_factory.mktemp("nights")
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(night_after_night, folder, metadata.copy(folder / "home"), world)
        OVER.set()


def night_after_night(folder: Path, url: str, world: World) -> Path:
    # Its models are built as always; their data tests, half of a build, are run in the first Airflow.
    with airflow(folder, url, world.few, DBT_EXCLUDE_RESOURCE_TYPES="test unit_test") as live:
        live.unpause("nightly")
        until(lambda: live.runs("nightly"), 120, "the scheduler to make last night's run")
        live.succeeded("nightly", live.runs("nightly")[0]["dag_run_id"])
        data = live.use("nights")
        for run_id in [live.trigger("nightly", day) for day in world.days]:
            live.succeeded("nightly", run_id)
        live.rest()
        return data


@pytest.fixture(scope="session")
def live(
    world: World, metadata: Metadata, nights: "Future[Path]", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("airflow")
    with airflow(folder, metadata.copy(folder / "home"), world.feeds) as started:
        yield started
