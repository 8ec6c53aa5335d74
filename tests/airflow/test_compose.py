"""docker-compose.yml, by the Compose specification's schema and by what we promise of it; no Docker engine is needed."""

import json
import os
import re
import stat
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.conftest import ROOT
from tools import airflow_env
from tools.airflow_local import pools

FILE = ROOT / "docker-compose.yml"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text(encoding="utf8"))


def test_the_compose_schema_accepts_it(compose: dict[str, Any]) -> None:
    schema = json.loads((files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json").read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(compose)] == []
    wrong = {**compose, "services": {"x": {"image": "a", "portz": []}}}
    assert not validator.is_valid(wrong), "the schema must be able to refuse"


def test_the_installed_celery_is_one_that_its_executor_can_use(compose: dict[str, Any], tmp_path: Path) -> None:
    """Without this no worker starts, and nothing else would say so before."""
    assert compose["services"]["worker"]["environment"]["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    code = "from airflow.providers.celery.executors.celery_executor import app; print(app.main)"
    env = {**os.environ, "AIRFLOW_HOME": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert ran.stdout.endswith("airflow.providers.celery.executors.celery_executor\n"), ran.stderr


def test_every_service_is_pinned_limited_and_watched(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {
        "postgres", "redis", "init", "api-server", "scheduler", "dag-processor", "triggerer", "worker",
    }  # fmt: skip
    for name, service in compose["services"].items():
        assert re.fullmatch(r"[\w./-]+:[\w.-]*\d+\.\d+[\w.-]*", service["image"]), name
        assert {"cpus", "memory"} <= set(service["deploy"]["resources"]["limits"]), name
        assert name == "init" or "healthcheck" in service, name
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), name


def test_airflow_is_the_version_that_is_tested(compose: dict[str, Any]) -> None:
    from airflow import __version__

    assert f"FROM apache/airflow:{__version__}-python3.11" in compose["x-airflow"]["build"]["dockerfile_inline"]


def test_secrets_come_from_env_and_have_no_default(tmp_path: Path) -> None:
    asked = set(re.findall(r"\$\{(\w+):\?", FILE.read_text()))
    airflow_env.main(tmp_path / ".env")
    made = (tmp_path / ".env").read_text()
    assert asked == {line.split("=")[0] for line in made.splitlines()}
    assert not re.search(r"(PASSWORD|SECRET|KEY)\w*:-", FILE.read_text())
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    airflow_env.main(tmp_path / ".env")
    assert (tmp_path / ".env").read_text() == made, "secrets in use are not thrown away"
    assert airflow_env.text() != airflow_env.text()


def test_pools_are_those_of_the_dags() -> None:
    assert pools()["warehouse"][0] == 1
    assert set(pools()) == {"warehouse", "hosts"}
