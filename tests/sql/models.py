"""The dbt project's models, built in memory: compiled by dbt once, then run as they are on whatever raw rows a test has."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.settings import ROOT, Settings
from pipeline.warehouse.connect import writing
from pipeline.warehouse.models import compile_models

SCHEMA = ROOT / "pipeline" / "warehouse" / "schema.sql"
CREATE = {"view": "view {0}.{1} as", "table": "table {0}.{1} as", "incremental": "table {0}.{1} as"}


@dataclass(frozen=True, repr=False)
class Project:
    """Compiled models in the order in which they are built, and a warehouse file that holds the seeds."""

    nodes: list[dict[str, Any]]
    tests: dict[str, str]
    """Data test -> its compiled SQL; a row that it returns is a failure."""
    seeds: Path

    def warehouse(self) -> duckdb.DuckDBPyConnection:
        """An empty warehouse in memory, with the seeds. Models work in a database of any name."""
        connection = duckdb.connect()
        connection.execute(SCHEMA.read_text(encoding="utf8"))
        connection.execute(f"attach '{self.seeds}' as template (read_only)")
        connection.execute("create schema seeds")
        for (name,) in connection.execute(
            "select table_name from information_schema.tables where table_catalog = 'template' and table_schema = 'seeds'"
        ).fetchall():
            connection.execute(f"create table seeds.{name} as from template.seeds.{name}")
        connection.execute("detach template")
        return connection

    def build(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Every model, from nothing."""
        for node in self.nodes:
            kind, schema, name = node["config"]["materialized"], node["schema"], node["alias"]
            if kind == "table_function":
                head = f"macro {schema}.{name}({', '.join(node['config']['parameters'])}) as table"
            else:
                head = CREATE[kind].format(schema, name)
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"create or replace {head} ({node['compiled_code']})")


def failures(project: Project, connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple]]:
    """The data tests that don't pass, with the rows that they complain of."""
    found = {name: connection.execute(code).fetchall() for name, code in project.tests.items()}
    return {name: rows for name, rows in found.items() if rows}


def compile_project(folder: Path) -> Project:
    """Seeds and compiles a copy of the project in a folder of its own."""
    shutil.copytree(ROOT / "sql", folder / "sql", ignore=shutil.ignore_patterns("target", "logs"))
    settings = Settings(data=str(folder / "data"), sql=folder / "sql")
    with writing(settings):
        pass
    manifest = json.loads(compile_models(settings).read_text(encoding="utf8"))
    models = {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    tests = {n["name"]: n["compiled_code"] for n in manifest["nodes"].values() if n["resource_type"] == "test"}
    return Project(in_order(models), tests, settings.warehouse_file)


def in_order(models: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Each model after those that it reads."""
    done: dict[str, dict[str, Any]] = {}

    def visit(name: str) -> None:
        for parent in models[name]["depends_on"]["nodes"]:
            if parent in models and parent not in done:
                visit(parent)
        done.setdefault(name, models[name])

    for name in sorted(models):
        visit(name)
    return list(done.values())
