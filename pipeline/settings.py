"""All configuration but the feeds: TOLLWIRE_* variables, read here and nowhere else."""

import os
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Each field is TOLLWIRE_<NAME>; `tollwire status` shows the values in force."""

    model_config = SettingsConfigDict(env_prefix="TOLLWIRE_", frozen=True, ignored_types=(cached_property,))

    data: str = Field("data", min_length=1, description="Folder, or fsspec URL, of archive and batches.")
    warehouse: Path | None = Field(
        None, description="Working DuckDB file. Default: tollwire.duckdb in the data folder."
    )
    snapshot: Path | None = Field(
        None, description="Published DuckDB file. Default: snapshot/tollwire.duckdb in the data folder."
    )
    feeds: Path = Field(Path("feeds.yml"), description="Which feeds to poll.")
    sql: Path = Field(ROOT / "sql", description="The dbt project.")
    workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 8), ge=1, description="Processes for cleaning and extraction."
    )
    user_agent: str = Field("Tollwire/0.1 (news archive; set TOLLWIRE_USER_AGENT to your contact)", min_length=1)
    fetch_concurrency: int = Field(64, ge=1, description="Requests in flight over all hosts.")
    host_concurrency: int = Field(2, ge=1, description="Requests in flight per host.")
    host_delay: float = Field(1.0, ge=0, description="Seconds between two requests to one host.")
    request_timeout: float = Field(30.0, gt=0, description="Seconds for one request, body included.")
    retries: int = Field(3, ge=0, description="Further tries after 429, 5xx or a broken connection.")
    page_bytes: int = Field(10_000_000, ge=1000, description="A longer response is cut off and rejected.")
    clean_timeout: float = Field(20.0, gt=0, description="Seconds that one page may take to clean.")
    recheck_days: int = Field(2, ge=0, description="Articles this young are fetched again, once a day, to see edits.")
    allow_private: bool = Field(False, description="Fetch from loopback and private addresses too (tests, demo).")
    rejected_share: float = Field(
        0.2, ge=0, le=1, description="Share of rejected items above which a run exits with 1."
    )
    lock_wait: float = Field(600.0, ge=0, description="Seconds to wait for another writer before giving up.")
    memory_limit: str = Field("4GB", pattern=r"^\d+(\.\d+)? ?[KMGT]i?B$", description="DuckDB's memory limit.")
    retention_days: int | None = Field(
        None, ge=1, description="Days after which what the archive gives again is removed. Default: never."
    )
    airflow_logs: Path | None = Field(None, description="Airflow's logs, for retention. Default: left alone.")
    shards: int = Field(4, ge=1, le=64, description="Airflow: tasks that a batch's hosts are divided among.")
    ingest_schedule: str = Field("*/15 * * * *", description="Airflow: when to poll (cron, UTC).")
    ingest_deadline: float = Field(1800.0, gt=0, description="Airflow: seconds after which an ingest run is late.")
    nightly_deadline: float = Field(6 * 3600.0, gt=0, description="Airflow: seconds after which any other run is late.")

    @property
    def data_folder(self) -> Path:
        return Path(self.data.removeprefix("file://"))

    @property
    def warehouse_file(self) -> Path:
        return self.warehouse or self.data_folder / "tollwire.duckdb"

    @property
    def snapshot_file(self) -> Path:
        return self.snapshot or self.data_folder / "snapshot" / "tollwire.duckdb"


def load(**overrides: object) -> Settings:
    """Settings from the environment; a wrong value is a ConfigError that names its variable."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [
            f"TOLLWIRE_{'.'.join(map(str, e['loc'])).upper()}: {e['msg']} (got {e['input']!r})" for e in error.errors()
        ]
        raise ConfigError("\n".join(lines)) from None


def misspelt() -> dict[str, str]:
    """Variables that are no setting but nearly one -> the setting probably meant."""
    known = [f"TOLLWIRE_{name.upper()}" for name in Settings.model_fields]
    others = (name for name in os.environ if name.upper().startswith("TOLLWIRE_") and name.upper() not in known)
    return {name: close[0] for name in others if (close := get_close_matches(name.upper(), known, 1, 0.85))}


def child_environment(**more: str) -> dict[str, str]:
    """The environment for a process that we start: ours, and what it needs besides."""
    return {**os.environ, **more}
