"""Marks are kept without the text of their articles, and come back as rows of a gold file where it is at hand."""

import gzip
import json
import sys
from datetime import date
from typing import get_args

import pytest

from pipeline.facts.evaluate import locate
from pipeline.records import Measure, Metric, Quantifier, VictimType, document, hash_id
from tools import read_marks

TITLE, TEXT = "Shelling kills nine", "Nine people, two of them children, died in Aford on Monday, the mayor said."


def span(words: str) -> list[int]:
    start = document(TITLE, TEXT).index(words)
    return [start, start + len(words)]


def fact(words: str, count: int, whole: int | None) -> list[object]:
    days = ["2030-01-07", "2030-01-07"]
    mayor, place = span("the mayor"), span("Aford")
    return [
        *span(words),
        "killed",
        count,
        count,
        "exact",
        "new",
        *days,
        False,
        False,
        whole,
        "civilian",
        "XA",
        place,
        mayor,
    ]


@pytest.fixture
def articles(tmp_path, monkeypatch):
    folder = tmp_path / "articles"
    folder.mkdir()
    written = [
        {"publisher": "one.example", "path": f"/{n}", "published": "2030-01-08", "title": TITLE, "text": TEXT + n}
        for n in ("", "!")
    ]
    with gzip.open(folder / "a.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(article) + "\n" for article in written)
    text = document(TITLE, TEXT)
    mark = {"text": hash_id(text), "set": "held", "facts": [fact("Nine", 9, None), fact("two", 2, 0)]}
    marks = [mark | {"article": hash_id("one.example", path)} for path in ("/", "/!", "/gone")]
    monkeypatch.setattr(read_marks, "MARKS", tmp_path / "marks.jsonl")
    read_marks.MARKS.write_text("".join(json.dumps(m) + "\n" for m in marks))
    return folder


def test_marks_are_put_to_the_text_that_they_were_made_on(articles, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["read_marks", str(articles), str(tmp_path / "out")])
    read_marks.main()
    # The second article's text is another one by now.
    assert capsys.readouterr().out == "1 of 3 marked articles found, 2 facts\n"
    [doc] = map(json.loads, (tmp_path / "out/held.docs.jsonl").read_text().splitlines())
    facts = [json.loads(line) for line in (tmp_path / "out/held.facts.jsonl").read_text().splitlines()]
    assert [(f["number_text"], f["subset_of"], f["place"], f["attribution"]) for f in facts] == [
        ("Nine", None, "Aford", "the mayor"),
        ("two", "Nine", "Aford", "the mayor"),
    ]
    located = locate(facts, {doc["doc_id"]: doc["text"]})
    assert [[f["number_start"], f["number_end"]] for f in located] == [span("Nine"), span("two")]
    assert (tmp_path / "out/learn.docs.jsonl").read_text() == ""


def test_the_marks_that_are_kept_hold_no_text():
    lines = read_marks.MARKS.read_text(encoding="utf8").splitlines()
    assert len(lines) > 800
    for mark in map(json.loads, lines):
        assert set(mark) == {"article", "text", "set", "facts"}
        assert mark["set"] in ("learn", "held")
        facts = [dict(zip(read_marks.FACT, values, strict=True)) for values in mark["facts"]]
        for f in facts:
            assert 0 <= f["start"] < f["end"]
            assert f["whole"] is None or f["whole"] in range(len(facts))
            assert (f["metric"], f["quantifier"]) in [(m, q) for m in get_args(Metric) for q in get_args(Quantifier)]
            assert (f["measure"], f["victim_type"]) in [(m, v) for m in get_args(Measure) for v in get_args(VictimType)]
            assert f["country"] is None or len(f["country"]) == 2
            assert all(f[day] is None or date.fromisoformat(f[day]) for day in ("start_date", "end_date"))
            assert all(f[name] is None or [type(n) for n in f[name]] == [int, int] for name in ("place", "attribution"))
