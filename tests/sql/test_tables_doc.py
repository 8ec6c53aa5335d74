"""docs/tables.md is what the tool makes of the tables as they are, and tells every column."""

import re

from pipeline.settings import ROOT
from tools.make_tables_doc import project_docs, render


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
