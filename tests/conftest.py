"""Fixtures that say whether what a test needs is there."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def missing(reason: str) -> None:
    """Skip, or fail where everything must run (CI sets TOLLWIRE_REQUIRE_ALL)."""
    if os.environ.get("TOLLWIRE_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason} (and TOLLWIRE_REQUIRE_ALL=1 says it must be there)")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of evaluation data beside the checkout."""
    folder = Path(os.environ.get("TOLLWIRE_SHARED", ROOT.parent / "shared"))
    if not (folder / "gold").is_dir():
        missing(f"no evaluation data at {folder.name}/ beside the checkout")
    return folder


@pytest.fixture(scope="session")
def postgres() -> str:
    """URL of a PostgreSQL server where databases may be made."""
    import psycopg2

    url = os.environ.get("TOLLWIRE_TEST_POSTGRES", "postgresql://root@127.0.0.1:5432/postgres")
    try:
        psycopg2.connect(url, connect_timeout=3).close()
    except psycopg2.OperationalError as error:
        missing(f"no PostgreSQL: {error}")
    return url
