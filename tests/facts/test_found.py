"""How many of the counts of people harmed the extractor finds in sentences of our own, in every style of news."""

import pytest

from tests.facts import found

LIMITS = {"precision": 0.96, "recall": 0.95, "implicit": 0.86}


@pytest.mark.parametrize("line", found.lines(), ids=lambda line: line.text[:40])
def test_a_mark_is_well_formed(line: found.Line) -> None:
    assert not set("{|}") & set(line.text)
    assert all(line.text[m.start : m.end].strip() == line.text[m.start : m.end] for m in line.facts)


def test_the_counts_marked_are_found_and_few_are_invented() -> None:
    shares = found.shares(found.read())
    assert shares["precision"] >= LIMITS["precision"]
    assert shares["recall"] >= LIMITS["recall"]
    assert shares["implicit"] >= LIMITS["implicit"]


@pytest.mark.parametrize("section", ["not asserted", "no people harmed"])
def test_what_is_no_harm_is_mostly_passed_over(section: str) -> None:
    lines = [f for f in found.read() if f.line.section == section]
    assert sum(len(f.invented) for f in lines) <= len(lines) / 10
