"""Two builds of the same raw rows are identical, in whatever order the rows lie."""

from datetime import timedelta

from tests.sql.raw_rows import Text, at, load

TABLES = ("facts", "incidents", "situations", "running_totals", "daily_new", "disagreements", "revisions")


def newsroom() -> list[Text]:
    """Five publishers, twelve days: totals that grow and fall, incidents, edits, copies, ties in every respect."""
    texts = []
    for day in range(12):
        for number, publisher in enumerate(("one", "two", "three", "four", "five")):
            when = at("2030-01-01", 8) + timedelta(days=day)
            facts = [
                {
                    "count": 200 + 10 * (day if number % 2 else 12 - day),
                    "attribution": ["Norland officials", None][number % 2],
                },
                {"measure": "new", "count": 5 + number, "place": ["Aford", "Beford"][day % 2], "end_date": when.date()},
                {"measure": "new", "count": 2, "population": "children", "place": "Aford", "subset_of": 1},
                {
                    "count": 30 + day,
                    "population": "children",
                    "metric": "injured",
                    "cause": ["conflict", "other"][day % 2],
                },
            ]
            copied = tuple(range(64)) if number < 2 else ()
            texts.append(Text(publisher, when, facts, story=f"s{day // 2}", similarity=copied))
    return texts


def marts(project, texts: list[Text]) -> dict[str, list[tuple]]:
    with project.warehouse() as connection:
        load(connection, "b", texts, at("2030-02-01"))
        project.build(connection)
        return {name: connection.execute(f"from marts.{name} order by all").fetchall() for name in TABLES}


def test_builds_of_the_same_rows_are_identical(project):
    texts = newsroom()
    first = marts(project, texts)
    assert all(first.values())
    assert marts(project, texts) == first
    assert marts(project, texts[::-1]) == first
