"""How well tellings are joined to incidents: invented reports whose events are known, scored by pairs of facts.

Of the pairs of facts that share an incident, precision is the share that tell of one event; of the pairs that tell of one event, recall is
the share that share an incident.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from tests.sql.raw_rows import Text, at, facts, load

PLACES: dict[str, dict[str, Any]] = {
    name: {"place": name, "place_id": number, "place_name": name, "place_kind": kind, "latitude": lat, "longitude": lon}
    for number, (name, kind, lat, lon) in enumerate(
        [
            ("Aford", "city", 10.0, 20.0), ("Beford", "city", 12.0, 22.0), ("Ceford", "city", 14.0, 24.0),
            ("Deford", "city", 14.1, 24.1), ("Eford", "city", 16.0, 26.0), ("Eland", "region", 16.5, 26.4),
            ("Fford", "city", 18.0, 28.0), ("Gford", "city", 20.0, 30.0), ("Hford", "city", 22.0, 32.0),
            ("Iford", "city", 24.0, 34.0), ("Iland", "region", 24.4, 34.5), ("Jford", "city", 26.0, 36.0), ("Kford", "city", 28.0, 38.0),
            ("Lford", "city", 30.0, 40.0), ("Norland", "country", 20.0, 30.0), ("Mford", "city", 32.0, 42.0),
        ],
        start=1,
    )
}  # fmt: skip

Told = tuple[str, int, int, dict[str, Any]]
"""An event's name, the fact's count, day of April 2030 that the text names (0: none), and what else the fact says."""


def told(event: str, count: int, day: int, place: str | None, **more: Any) -> Told:
    return event, count, day, {**PLACES.get(place or "", {}), **more}


REPORTS: list[tuple[str, float, list[Told]]] = [
    # A toll that grows for days, retold by texts that miss the day, and by one that names no place.
    ("one", 1.3, [told("station", 30, 1, "Aford")]),
    ("two", 1.5, [told("station", 39, 1, "Aford")]),
    ("three", 1.8, [told("station", 39, 0, "Aford"), told("station wounded", 87, 0, "Aford", metric="injured")]),
    ("four", 2.3, [told("station", 50, 1, "Aford"), told("station wounded", 98, 1, "Aford", metric="injured")]),
    ("one", 2.5, [told("station", 52, 0, "Aford")]),
    ("two", 3.4, [told("station", 52, 1, "Aford")]),
    ("three", 4.4, [told("station", 57, 0, "Aford")]),
    ("four", 5.5, [told("station", 57, 1, None)]),
    ("one", 9.5, [told("station", 57, 0, "Aford")]),
    # Two strikes on one city, a day apart.
    ("one", 3.5, [told("first strike", 6, 3, "Beford")]),
    ("two", 3.6, [told("first strike", 6, 0, "Beford")]),
    ("one", 4.5, [told("second strike", 9, 4, "Beford")]),
    ("two", 4.6, [told("second strike", 9, 0, "Beford")]),
    ("three", 4.7, [told("second strike", 10, 4, "Beford")]),
    ("four", 4.8, [told("first strike", 6, 3, "Beford"), told("second strike", 10, 4, "Beford")]),
    # Two villages sixteen kilometres apart, on one day.
    ("one", 5.5, [told("first village", 4, 5, "Ceford")]),
    ("two", 5.6, [told("second village", 5, 5, "Deford")]),
    ("three", 5.7, [told("first village", 4, 5, "Ceford"), told("second village", 5, 5, "Deford")]),
    # A town and its province.
    ("one", 6.4, [told("town", 12, 6, "Eford")]),
    ("two", 6.5, [told("town", 12, 6, "Eland")]),
    ("three", 6.8, [told("town", 14, 6, "Eford")]),
    ("four", 7.2, [told("town", 14, 0, "Eland")]),
    # A toll that is corrected down.
    ("one", 7.4, [told("bridge", 25, 7, "Fford")]),
    ("two", 7.5, [told("bridge", 25, 7, "Fford")]),
    ("three", 8.4, [told("bridge", 19, 7, "Fford")]),
    ("four", 8.5, [told("bridge", 19, 0, "Fford")]),
    # A week's sum beside one of its events.
    ("one", 9.4, [told("market", 11, 9, "Gford")]),
    ("two", 9.6, [told("market", 13, 9, "Gford")]),
    ("three", 10.4, [told("week", 31, 10, "Gford", start_date=date(2030, 4, 4))]),
    ("four", 10.6, [told("week", 31, 10, "Gford", start_date=date(2030, 4, 4)), told("market", 13, 9, "Gford")]),
    # One person each day, in a city that is shelled every day.
    ("one", 10.4, [told("shelling of the 10th", 1, 10, "Hford")]),
    ("two", 11.5, [told("shelling of the 11th", 1, 11, "Hford")]),
    ("one", 12.4, [told("shelling of the 12th", 1, 12, "Hford")]),
    ("three", 12.6, [told("shelling of the 12th", 1, 12, "Hford")]),
    ("two", 13.4, [told("shelling of the 13th", 2, 13, "Hford")]),
    # One agency's text in three papers.
    ("agency", 12.3, [told("school", 8, 12, "Iford")]),
    ("paper", 12.4, [told("school", 8, 12, "Iford")]),
    ("daily", 12.5, [told("school", 8, 12, "Iford")]),
    ("two", 12.7, [told("school", 8, 12, "Iland")]),
    # Two events of one day in one city, one of them told alone, and with a part.
    ("one", 14.4, [told("square", 16, 14, "Jford"), told("bus", 3, 14, "Jford")]),
    ("two", 14.5, [told("square", 16, 14, "Jford"), told("square", 4, 14, "Jford", population="children", subset_of=0)]),
    ("three", 14.6, [told("bus", 3, 14, "Jford")]),
    ("four", 15.5, [told("square", 17, 14, "Jford"), told("bus", 3, 14, "Jford")]),
    # By night: one paper says the 16th, another the 17th.
    ("one", 17.3, [told("night", 21, 16, "Kford")]),
    ("two", 17.4, [told("night", 21, 17, "Kford")]),
    ("three", 17.6, [told("night", 23, 17, "Kford")]),
    ("four", 18.4, [told("night", 23, 16, "Kford")]),
    # A flood where there is a war.
    ("one", 18.4, [told("flood", 15, 18, "Lford", cause="disaster")]),
    ("two", 18.6, [told("flood", 18, 18, "Lford", cause="disaster")]),
    ("three", 18.6, [told("attack", 15, 18, "Lford")]),
    ("four", 19.2, [told("attack", 15, 0, "Lford")]),
    # A toll that the country's name stands for, then the city.
    ("one", 20.3, [told("crash", 44, 20, "Norland", cause="other")]),
    ("two", 20.5, [told("crash", 44, 20, "Mford", cause="other")]),
    ("three", 20.8, [told("crash", 61, 20, "Mford", cause="other")]),
    ("four", 21.5, [told("crash", 61, 0, None, cause="other")]),
    # The same count in two cities of one day, far apart.
    ("one", 22.4, [told("north", 5, 22, "Aford")]),
    ("two", 22.5, [told("south", 5, 22, "Kford")]),
    ("three", 22.6, [told("south", 5, 22, "Kford")]),
    # One person here and one there, on one day.
    ("one", 23.3, [told("reporter", 1, 23, "Norland")]),
    ("two", 23.4, [told("guard", 1, 23, "Hford")]),
    ("three", 23.5, [told("pupil", 1, 23, "Ceford")]),
    ("four", 23.6, [told("aunt", 1, 23, "Deford")]),
    ("one", 23.7, [told("guard", 1, 23, "Hford")]),
    # A first word that was far too low.
    ("one", 24.2, [told("theatre", 2, 24, "Mford")]),
    ("two", 24.4, [told("theatre", 9, 24, "Mford")]),
    ("three", 25.4, [told("theatre", 26, 24, "Mford")]),
    ("four", 25.6, [told("theatre", 26, 24, "Mford")]),
]  # fmt: skip
COPIES = ("agency", "paper", "daily")


def texts() -> Iterator[tuple[Text, list[str]]]:
    """Each report as a text, and the event that each of its facts tells of."""
    for publisher, when, facts_told in REPORTS:
        published = at("2030-04-01", 0) + timedelta(hours=round((when - 1) * 24))
        given = [
            {"measure": "new", "count": count, "end_date": date(2030, 4, day) if day else None}
            | ({"start_date": date(2030, 4, day)} if day else {})
            | more
            for _, count, day, more in facts_told
        ]
        similarity = tuple(range(64)) if publisher in COPIES else ()
        yield Text(publisher, published, given, similarity=similarity), [event for event, *_ in facts_told]


def pairs(groups: dict[str, Any]) -> set[tuple[str, str]]:
    """The pairs of keys that have the same value."""
    return {(one, other) for one, other in combinations(sorted(groups), 2) if groups[one] == groups[other]}


def test_reports_of_one_event_become_one_incident(project, warehouse):
    reports = list(texts())
    truth = {f.fact_id: event for text, events in reports for f, event in zip(facts(text), events, strict=True)}
    load(warehouse, "b", [text for text, _ in reports], at("2030-05-01"))
    project.build(warehouse)
    found = dict(warehouse.execute("select unnest(fact_ids), incident_id from marts.incidents").fetchall())
    assert found.keys() == truth.keys()
    joined, right = pairs(found), pairs(truth)
    wrong = sorted({tuple(sorted((truth[a], truth[b]))) for a, b in joined - right})
    missed = sorted({truth[a] for a, _ in right - joined})
    precision, recall = len(joined & right) / len(joined), len(joined & right) / len(right)
    score = f"precision {precision:.3f}, recall {recall:.3f}; joined wrongly: {wrong}; torn apart: {missed}"
    assert precision >= 0.95, score
    assert recall >= 0.95, score
