"""Commands about facts: `extract`, `explain`, `evaluate`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline import settings as settings_module
from pipeline.archive.fetch import fetch_one
from pipeline.cli import show
from pipeline.errors import InputError
from pipeline.facts import evaluate as evaluation
from pipeline.facts import explain as explanation
from pipeline.facts.jsonl import extract_lines

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
