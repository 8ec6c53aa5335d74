"""docs/tables.md is what the tool makes of the tables as they are, and tells every column."""

import re

from pipeline.settings import ROOT
from tools.make_tables_doc import REASONS, project_docs, render

REJECTS = re.compile(
    r'(?:Failure\(|Unusable\(|Extraction\(\[\], |_rejected\(path, line, |rejected\(page, item, |wrong\.append\(\()\s*"([a-z_]+)"'
)


def test_the_document_is_up_to_date(project, warehouse):
    project.build(warehouse)
    made = render(warehouse)
    kept = (ROOT / "docs" / "tables.md").read_text(encoding="utf8")
    assert made == kept, "make docs/tables.md again: see tools/make_tables_doc.py"


def test_every_table_and_column_is_told(project, warehouse):
    project.build(warehouse)
    made = render(warehouse)
    assert re.findall(r"^\| (\w+) \| [^|]+ \|  \|$", made, re.MULTILINE) == []
    assert re.findall(r"^## (\S+)\n\n\n", made, re.MULTILINE) == []


def test_every_model_is_told_beginning_with_its_grain(project):
    docs = project_docs()
    untold = [
        node["name"] for node in project.nodes if "Grain: " not in docs.get(node["name"], {}).get("description", "")
    ]
    assert untold == []


def test_every_reason_for_rejecting_is_told():
    used = {word for file in (ROOT / "pipeline").rglob("*.py") for word in REJECTS.findall(file.read_text("utf8"))}
    told = {word for words in REASONS.values() for some in words for word in some.split(", ")}
    assert len(used) > 15
    assert used - told == set()
