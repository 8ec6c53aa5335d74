"""Running the SQL models: dbt in a process of its own, on the working file, offline."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.errors import BuildError
from pipeline.settings import Settings, child_environment
from pipeline.warehouse.connect import held_locks, reading, writing

RESULTS = "results.json"
BUILD = ("build", "--exclude-resource-type", "unit_test")


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What became of one model, seed or test."""

    name: str
    status: str
    """success, pass, warn, fail, error or skipped."""
    seconds: float
    message: str
    query: str | None = None
    """Of a data test that some rows failed: what finds them."""


@dataclass(frozen=True, slots=True)
class Dbt:
    """A dbt process that is ready, or making itself ready, to build the project as its files were then."""

    process: subprocess.Popen[str]
    digest: str


@contextmanager
def getting_ready(settings: Settings) -> Iterator[Dbt]:
    """Start dbt for a build to come, so that it gets ready (seconds of CPU) while others wait for the network.

    The caller holds the writer lock, and so does dbt from now on. It ends with the block, whether it built or not.
    """
    dbt = Dbt(_start(settings, settings.data_folder / "dbt", *BUILD), sql_digest(settings))
    try:
        yield dbt
    finally:
        if dbt.process.poll() is None:
            dbt.process.kill()
            dbt.process.communicate()


def build(settings: Settings, full_refresh: bool = False, ready: Dbt | None = None) -> list[NodeResult]:
    """`dbt build`: seeds, models and their data tests. Raises BuildError, naming what failed, if a model or a test did.

    The caller holds the writer lock and has no connection open. `ready` builds, unless the project changed since it was started.
    """
    target = settings.data_folder / "dbt"
    if full_refresh or ready is None or ready.digest != sql_digest(settings):
        process = _start(settings, target, *BUILD, *(["--full-refresh"] if full_refresh else []))
    else:
        process = ready.process
    said = _end(process)
    results = read_results(target)
    failed = [r for r in results if r.status in ("error", "fail", "runtime error")]
    if failed or process.returncode:
        what = "\n".join(f"  {r.name}: {r.message.strip()}{_shown(settings, r)}" for r in failed) or said[-3000:]
        raise BuildError(f"the SQL models did not build or a data test failed:\n{what}")
    return results


def forget_build(settings: Settings) -> None:
    """Have the next build make every model from nothing (sql/macros/partial.sql)."""
    with writing(settings) as connection:
        connection.execute("drop table if exists changes.built_loads")


def run_unit_tests(settings: Settings) -> list[NodeResult]:
    """The models' unit tests, on a warehouse that was built before: rules of SQL, whatever the data."""
    target = settings.data_folder / "dbt-unit"
    _end(_start(settings, target, "test", "--select", "test_type:unit"))
    return read_results(target)


def compile_models(settings: Settings) -> Path:
    """Load the seeds and compile all nodes; returns dbt's manifest of them."""
    target = settings.data_folder / "dbt"
    for command in ("seed", "compile"):
        process = _start(settings, target, command, write_json=True)
        said = _end(process)
        if process.returncode:
            raise BuildError(said)
    return target / "manifest.json"


def sql_digest(settings: Settings) -> str:
    """Hash of the project's files."""
    digest = hashlib.sha256()
    for file in sorted(
        f for f in settings.sql.rglob("*") if f.suffix in (".sql", ".yml", ".csv") and "target" not in f.parts
    ):
        digest.update(str(file.relative_to(settings.sql)).encode() + file.read_bytes())
    return digest.hexdigest()


def _start(settings: Settings, target: Path, *arguments: str, write_json: bool = False) -> subprocess.Popen[str]:
    """dbt with a command and its options; it works once _end says so. Its results will be in the target folder."""
    target.mkdir(parents=True, exist_ok=True)
    results = target / RESULTS
    environment = child_environment(
        TOLLWIRE_DBT_WAREHOUSE=str(settings.warehouse_file.resolve()),
        TOLLWIRE_DBT_MEMORY_LIMIT=settings.memory_limit,
        TOLLWIRE_DBT_TEMP=str((settings.warehouse_file.parent / "spill").resolve()),
        DBT_PROJECT_DIR=str(settings.sql.resolve()),
        DBT_PROFILES_DIR=str(settings.sql.resolve()),
        DBT_TARGET_PATH=str(target.resolve()),
        DBT_LOG_PATH=str(target.resolve()),
        # What goes wrong is in the results, or said by the process; each line of a log costs as much as a small query.
        DBT_LOG_LEVEL="none",
        DBT_LOG_LEVEL_FILE="none",
        DBT_WRITE_JSON=str(write_json),
        # Whether the project asks for another dbt version is for `make lock`, not for a nightly run.
        DBT_VERSION_CHECK="false",
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    )
    command = [sys.executable, "-m", "pipeline.warehouse.dbt_process", str(results.resolve()), *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True, pass_fds=held_locks()
    )


def _end(process: subprocess.Popen[str]) -> str:
    """Let a started dbt work, and wait for it; returns what it said."""
    try:
        return process.communicate("go\n")[0]
    except BaseException:
        process.kill()
        process.wait()
        raise


def _shown(settings: Settings, failed: NodeResult) -> str:
    """The first rows that a data test complains of."""
    if failed.query is None:
        return ""
    try:
        with reading(settings.warehouse_file) as connection:
            rows = connection.execute(f"select * from ({failed.query}) limit 3").fetchall()
    except duckdb.Error as error:  # the build may have left less than the test needs
        return f" ({error})"
    return "".join(f"\n    {row}" for row in rows)


def read_results(target: Path) -> list[NodeResult]:
    """What dbt did in its last run; empty if it didn't come that far."""
    path = target / RESULTS
    return [NodeResult(**found) for found in json.loads(path.read_text(encoding="utf8"))] if path.exists() else []
