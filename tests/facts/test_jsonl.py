"""Documents as JSON lines: what is wrong with one is said, and costs no other."""

import io
import json

import pytest

from pipeline.errors import InputError
from pipeline.facts.extract import Extractor
from pipeline.facts.jsonl import read_jsonl

GOOD = {"doc_id": "a", "published": "2026-03-02", "text": "A blast killed 12 people in Kabul on Monday, police said."}


@pytest.fixture(scope="module")
def extractor():
    return Extractor()


def test_wrong_lines_are_named_and_passed_over(extractor):
    lines = [b"not json\n", json.dumps(GOOD).encode(), b"\n", b'{"doc_id": "\xff"}\n', b'{"doc_id": "b"}\n', b"[1]\n"]
    wrong: list[InputError] = []
    found = list(read_jsonl(io.BytesIO(b"".join(x if x.endswith(b"\n") else x + b"\n" for x in lines)), extractor, wrong.append))  # fmt: skip
    assert [f["low"] for f in found] == [12]
    assert [str(w).split(":")[0] for w in wrong] == ["line 1", "line 4", "line 5", "line 6"]


def test_without_a_taker_a_wrong_line_stops(extractor):
    with pytest.raises(InputError, match="line 1"):
        list(read_jsonl(["{}"], extractor))


def test_half_a_character_costs_nothing(extractor):
    text = "Half \ud83d of a character. " + GOOD["text"]
    [found] = read_jsonl([json.dumps({**GOOD, "text": text})], extractor)
    assert text[found["number_start"] : found["number_end"]] == "12"
