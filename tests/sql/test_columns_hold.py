"""The data test of tables' columns: each kind of rule finds the row that breaks it, and says which and how often."""

import pytest

from tests.sql.models import failures
from tests.sql.raw_rows import Text, at, load

BROKEN: dict[str, list[tuple[str, int, str | None]]] = {
    "update marts.facts set metric = 'wounded'": [("metric has an accepted value", 2, "wounded")],
    "update marts.facts set article_id = null where low = 20": [("article_id is not null", 1, "")],
    "insert into marts.facts select * from marts.facts where low = 20": [("fact_id is unique", 1, None)],
    "update marts.facts set situation_id = 'gone'": [("situation_id is in situations", 2, "gone")],
    "update marts.running_totals set low = high + 1 where day = '2030-01-02'": [("low_best_high_in_order", 1, "")],
    "insert into marts.running_totals select * from marts.running_totals where day = '2030-01-02'": [
        ("series_id, method, day is unique", 1, None)
    ],
}

"""Statement -> what is found then: the rule, how many rows break it, what one of them says (None: an id)."""


@pytest.mark.parametrize("statement", BROKEN)
def test_a_broken_rule_is_found(project, warehouse, statement):
    texts = [
        Text("one", at("2030-01-02"), [{"count": 20}]),
        Text("two", at("2030-01-03"), [{"count": 30, "metric": "injured"}]),
    ]
    load(warehouse, "b", texts, at("2030-01-04"))
    project.build(warehouse)
    assert not [name for name in failures(project, warehouse) if name.startswith("columns_hold")]
    warehouse.execute(statement)
    found = [
        row for name, rows in failures(project, warehouse).items() if name.startswith("columns_hold") for row in rows
    ]
    assert [row[:2] for row in found] == [row[:2] for row in BROKEN[statement]]
    assert all(told in (None, example) for (*_, example), (*_, told) in zip(found, BROKEN[statement], strict=True))
