"""Two Airflows and one small internet for all live tests: starting them takes longer than most of what is tested.

The first is what the tests drive. The second, with warehouses of its own, goes through its scenarios meanwhile.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.airflow.beside import SCENARIOS, Scenario
from tests.airflow.live import OVER, Live
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
def beside(
    world: World, metadata: Metadata, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Scenario], Any]]:
    """Gives what a scenario of the second Airflow returned, once it has; raises what it raised."""
    folder = tmp_path_factory.mktemp("beside")
    url = metadata.copy(folder / "home")
    with ThreadPoolExecutor(1) as thread, ExitStack() as started:
        live = thread.submit(lambda: started.enter_context(airflow(folder, url, world.few)))
        outcomes = {s: thread.submit(lambda s=s: s(live.result(), world)) for s in SCENARIOS}
        yield lambda scenario: outcomes[scenario].result(900)
        OVER.set()
        thread.shutdown(cancel_futures=True)


@pytest.fixture(scope="session")
def live(
    world: World,
    metadata: Metadata,
    beside: Callable[[Scenario], Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("airflow")
    with airflow(folder, metadata.copy(folder / "home"), world.feeds) as started:
        yield started
