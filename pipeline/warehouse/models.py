"""Running the SQL models: dbt in a process of its own, on the working file, offline."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import BuildError
from pipeline.settings import Settings, child_environment
from pipeline.warehouse.connect import held_locks


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What became of one model, seed or test."""

    name: str
    status: str
    """success, pass, warn, fail, error or skipped."""
    seconds: float
    message: str


def build(settings: Settings, full_refresh: bool = False) -> list[NodeResult]:
    """`dbt build`: seeds, models and their data tests. Raises BuildError, naming what failed, if a model or a test did.

    The caller holds the writer lock and has no connection open.
    """
    target = settings.data_folder / "dbt"
    (target / "run_results.json").unlink(missing_ok=True)
    options = ["--exclude-resource-type", "unit_test", *(["--full-refresh"] if full_refresh else [])]
    run = _dbt(settings, target, "build", *options)
    results = read_results(target / "run_results.json")
    failed = [r for r in results if r.status in ("error", "fail", "runtime error")]
    if failed or run.returncode:
        what = "\n".join(f"  {r.name}: {r.message.strip()}" for r in failed) or (run.stdout + run.stderr)[-3000:]
        raise BuildError(f"the SQL models did not build or a data test failed:\n{what}")
    return results


def run_unit_tests(settings: Settings) -> list[NodeResult]:
    """The models' unit tests, on a warehouse that was built before: rules of SQL, whatever the data."""
    target = settings.data_folder / "dbt-unit"
    _dbt(settings, target, "test", "--select", "test_type:unit")
    return read_results(target / "run_results.json")


def _dbt(settings: Settings, target: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    target.mkdir(parents=True, exist_ok=True)
    project = str(settings.sql)
    places = ["--project-dir", project, "--profiles-dir", project, "--target-path", str(target.resolve())]
    logs = [
        "--log-path",
        str(target.resolve()),
        "--no-use-colors",
        "--log-level",
        "warn",
        "--no-send-anonymous-usage-stats",
    ]
    # --no-version-check: whether the project asks for another dbt version is for `make lock`, not for a nightly run.
    command = [sys.executable, "-m", "dbt.cli.main", arguments[0], *arguments[1:], *places, *logs, "--no-version-check"]
    environment = child_environment(
        TOLLWIRE_DBT_WAREHOUSE=str(settings.warehouse_file.resolve()),
        TOLLWIRE_DBT_MEMORY_LIMIT=settings.memory_limit,
        TOLLWIRE_DBT_TEMP=str((settings.warehouse_file.parent / "spill").resolve()),
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    )
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, pass_fds=held_locks())


def read_results(path: Path) -> list[NodeResult]:
    """What dbt wrote of its last run; empty if it didn't come that far."""
    if not path.exists():
        return []
    found = json.loads(path.read_text(encoding="utf8"))["results"]
    return [
        NodeResult(r["unique_id"].split(".", 2)[2], r["status"], r["execution_time"], r.get("message") or "")
        for r in found
    ]
