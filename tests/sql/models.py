"""The dbt project's models, built in memory: compiled by dbt once, then run as they are on whatever raw rows a test has."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from pipeline.settings import ROOT, Settings
from pipeline.warehouse.connect import writing
from pipeline.warehouse.models import compile_models

SCHEMA = ROOT / "pipeline" / "warehouse" / "schema.sql"
CREATE = {"view": "view {0}.{1} as", "table": "table {0}.{1} as", "partial": "table {0}.{1} as"}
STATEMENTS = (
    "begin_partial", "begin_full", "end_whole", "replace_touched", "open_kept", "keep_evenings", "forget_built", "note_built",
)  # fmt: skip
"""The macros that write whole statements: text of their arguments alone."""


@dataclass(frozen=True, repr=False)
class Project:
    """Compiled models in the order in which they are built, and a warehouse file that holds the seeds."""

    nodes: list[dict[str, Any]]
    partly: list[dict[str, Any]]
    """The same, as a partial build has them."""
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
        macros = statements()
        connection.execute("create schema if not exists changes")
        connection.execute(macros["open_kept"]())
        connection.execute(macros["forget_built"]())
        connection.execute(
            macros["begin_full"]([n["name"] for n in self.nodes if n["config"]["materialized"] == "partial"])
        )
        for node in self.nodes:
            _create(connection, node)
        connection.execute(macros["end_whole"](""))
        connection.execute(macros["note_built"]())

    def update(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Every model, where the loads since the last build bear on it."""
        macros = statements()
        connection.execute(macros["keep_evenings"]())
        connection.execute(macros["begin_partial"]())
        for node in self.partly:
            if node["config"]["materialized"] == "partial":
                relation, options = f"{node['schema']}.{node['alias']}", node["config"]
                parts = relation, node["alias"], node["compiled_code"], options["scope"], options.get("key")
                connection.execute(macros["replace_touched"](*parts, options.get("variables")))
            else:
                _create(connection, node)
        connection.execute(macros["end_whole"](""))
        connection.execute(macros["note_built"]())


def _create(connection: duckdb.DuckDBPyConnection, node: dict[str, Any]) -> None:
    kind, schema, name = node["config"]["materialized"], node["schema"], node["alias"]
    if kind == "table_function":
        head = f"macro {schema}.{name}({', '.join(node['config']['parameters'])}) as table"
    else:
        head = CREATE[kind].format(schema, name)
    connection.execute(f"create schema if not exists {schema}")
    connection.execute(f"create or replace {head} ({node['compiled_code']})")


@cache
def statements() -> dict[str, Callable[..., str]]:
    """The project's macros that write whole statements, as Jinja alone has them."""
    text = "".join((ROOT / "sql" / "macros" / name).read_text(encoding="utf8") for name in ("partial.sql", "kept.sql"))
    macros = re.findall(r"{% macro (?:" + "|".join(STATEMENTS) + r")\(.*?{%- endmacro %}", text, flags=re.DOTALL)
    return {name: getattr(jinja2.Template("\n".join(macros)).module, name) for name in STATEMENTS}


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
    whole = _nodes(compile_models(settings))
    with writing(settings) as connection:
        connection.execute("create schema changes; create table changes.new_loads (load_id varchar)")
    partly = _nodes(compile_models(settings))
    tests = {n["name"]: n["compiled_code"] for n in whole.values() if n["resource_type"] == "test"}
    return Project(in_order(whole), in_order(partly), tests, settings.warehouse_file)


def _nodes(manifest: Path) -> dict[str, dict[str, Any]]:
    return json.loads(manifest.read_text(encoding="utf8"))["nodes"]


def in_order(nodes: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The models among the nodes, each after those that it reads."""
    models = {name: node for name, node in nodes.items() if node["resource_type"] == "model"}
    done: dict[str, dict[str, Any]] = {}

    def visit(name: str) -> None:
        for parent in models[name]["depends_on"]["nodes"]:
            if parent in models and parent not in done:
                visit(parent)
        done.setdefault(name, models[name])

    for name in sorted(models):
        visit(name)
    return list(done.values())
