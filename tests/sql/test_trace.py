"""From any total to the sentences behind it, also to those that newer code reads otherwise."""

from dataclasses import replace

from tests.sql.raw_rows import Text, at, load, retire


def test_a_summed_total_has_the_harm_of_all_days_up_to_it_behind_it(project, warehouse):
    texts = [
        Text("one", at("2030-01-02"), [{"measure": "new", "count": 5, "place": "Aford", "end_date": at("2030-01-02").date()}]),
        Text("one", at("2030-01-04"), [{"measure": "new", "count": 7, "place": "Beford", "end_date": at("2030-01-04").date()}]),
        Text("one", at("2030-01-06"), [{"measure": "new", "count": 9, "place": "Ceford", "end_date": at("2030-01-06").date()}]),
    ]  # fmt: skip
    load(warehouse, "b", texts, at("2030-01-07"))
    project.build(warehouse)
    [(series,)] = warehouse.execute("select distinct series_id from marts.running_totals").fetchall()
    asked = "select evidence from trace_total(?, wanted_day := ?) order by published_at"
    assert [e for (e,) in warehouse.execute(asked, [series, "2030-01-05"]).fetchall()] == [
        "5 people were killed.",
        "7 people were killed.",
    ]


def test_a_retired_fact_is_traced_too(project, warehouse):
    text = Text("one", at("2030-01-02"), [{"count": 20}], story="s")
    load(warehouse, "b", [text], at("2030-01-02", 22))
    retire(warehouse, "b", at("2030-01-05", 22))
    load(warehouse, "b", [replace(text, facts=[{"count": 30}])], at("2030-01-05", 22))
    project.build(warehouse)
    [(ids,)] = warehouse.execute("select fact_ids from totals_as_known('2030-01-03', clock := 'loaded')").fetchall()
    found = warehouse.execute("select number_text, is_retired, url from trace_facts(?)", [ids]).fetchall()
    assert found == [("20", True, text.url)]
