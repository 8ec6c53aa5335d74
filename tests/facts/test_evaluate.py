"""Figures of the evaluation against cases counted by hand, and against the scorer that comes with the gold facts."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.errors import InputError
from pipeline.facts import evaluate as ev

TEXT = "At least 12 people were killed, including 3 children, and 30 wounded in Kano. A soldier died."
DOCS = [
    {"doc_id": "a", "published": "2024-01-02", "text": TEXT},
    {"doc_id": "b", "published": "2024-01-02", "text": "All is well."},
]


def fact(number: str, metric: str = "killed", **other: object) -> dict:
    low = int("".join(c for c in number if c.isdigit()) or 1)
    values = {
        "doc_id": "a", "quote": TEXT, "number_text": number, "metric": metric, "unit": "person", "low": low, "high": low,
        "quantifier": "exact", "measure": "new", "start_date": None, "end_date": None, "place": "Kano", "country": "NG",
        "victims": "people", "victim_type": "unspecified", "attribution": None, "subset_of": None, "background": False,
        "implicit": False, "cause": "conflict",
    }  # fmt: skip
    return values | other


GOLD = [
    fact("At least 12", high=None, quantifier="at_least"), fact("3", subset_of="At least 12"), fact("30", "injured"),
    fact("A", implicit=True),
]  # fmt: skip


def predicted(rows: list[dict]) -> list[dict]:
    return ev.locate(rows, {"a": TEXT, "b": DOCS[1]["text"]})


def test_the_gold_itself_is_right_at_every_level() -> None:
    found = ev.evaluate(DOCS, GOLD, predicted(GOLD))
    assert [found.level(name).f1 for name in ev.LEVELS] == [1.0] * 4
    assert found.level("found").gold == found.level("found").predicted == 3  # the single soldier is left out
    assert found.implicit == (1, 1)
    assert found.errors == []


def test_levels_need_more_and_more_fields() -> None:
    wrong = [GOLD[0] | {"quantifier": "exact"}, GOLD[1] | {"measure": "total"}, GOLD[2] | {"country": "NE"}]
    found = ev.evaluate(DOCS, GOLD, predicted(wrong))
    assert [found.level(name).right for name in ev.LEVELS] == [3, 2, 1, 0]
    assert found.implicit == (0, 1)
    assert {e.kind for e in found.errors} == {"quantifier", "measure", "country"}


def test_missed_and_spurious_facts_count_by_metric_and_cause() -> None:
    found = ev.evaluate(DOCS, GOLD, predicted([GOLD[0], fact("30", "killed", cause="other")]))
    assert sorted(e.kind for e in found.errors) == ["missed", "missed", "spurious"]
    killed, injured = (found.groups["metric", m]["found"] for m in ("killed", "injured"))
    assert (killed.gold, killed.predicted, killed.right) == (2, 2, 1)
    assert (injured.gold, injured.predicted, injured.right) == (1, 0, 0)
    assert found.groups["cause", "other"]["found"].predicted == 1


@pytest.mark.parametrize(
    ("gold", "ours", "same"),
    [
        ("the Gaza Health Ministry", "Health Ministry", True), ("Israel", "the army", False), (None, None, True),
        (None, "police", False), ("a police spokesman", "police", True), ("the", "the", False),
    ],
)  # fmt: skip
def test_attributions_agree_when_they_share_half_of_the_words_of_the_shorter(gold: str, ours: str, same: bool) -> None:
    assert ev.agree("attribution", {"attribution": gold}, {"attribution": ours}) is same


def test_a_quote_that_is_not_in_the_text_is_told() -> None:
    with pytest.raises(InputError, match="not in a"):
        ev.evaluate(DOCS, [fact("3", quote="Three were killed")], [])


def test_a_line_that_is_no_json_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"doc_id": "a"}\nnonsense\n')
    with pytest.raises(InputError, match="line 2"):
        ev.read_rows(tmp_path / "x.jsonl")


@pytest.mark.shared
@pytest.mark.parametrize("name", ["dev", "more"])
def test_the_figures_are_those_of_the_scorer(shared: Path, tmp_path: Path, name: str) -> None:
    folder = shared / "gold"
    docs, gold = (ev.read_rows(folder / f"{name}.{kind}.jsonl") for kind in ("docs", "facts"))
    rows = _damaged(ev.locate(gold, {d["doc_id"]: d["text"] for d in docs}))
    (tmp_path / "p.jsonl").write_text("\n".join(json.dumps(r) for r in rows))
    files = [folder / f"{name}.docs.jsonl", folder / f"{name}.facts.jsonl", tmp_path / "p.jsonl"]
    theirs = json.loads(subprocess.check_output([sys.executable, folder / "score.py", *files, "--json"]))
    ours = ev.evaluate(docs, gold, rows).as_json()
    assert {key: ours[key] for key in theirs} == theirs


def _damaged(rows: list[dict]) -> list[dict]:
    """Some facts lost, some fields wrong, some numbers doubled, as by a bad extractor."""
    out = []
    for n, row in enumerate(rows):
        if n % 7 == 0:
            continue
        wrong = {
            "low": 1,
            "country": "XX",
            "attribution": "the army",
            "place": None,
            "measure": "new",
            "metric": "killed",
        }
        name = list(wrong)[n % len(wrong)]
        out.append(row | ({name: wrong[name]} if n % 3 == 0 else {}))
        if n % 11 == 0:
            out.append(row)
    return out


def test_the_report_shows_levels_groups_and_errors_in_context() -> None:
    found = ev.evaluate(DOCS, GOLD, predicted([GOLD[0] | {"country": "NE"}, fact("30", "killed")]))
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(ev.render(found, DOCS, errors=1))
    shown = console.export_text()
    for words in (
        "found",
        "95 % interval",
        "metric injured",
        "cause conflict",
        "country (1)",
        "gold: 'NG'",
        "missed (2)",
    ):
        assert words in shown
