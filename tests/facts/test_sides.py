"""Whose are the victims."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.facts import places, sides
from tests.facts.reading import marked


def side(text: str) -> str | None:
    mention, document = marked(text)
    return sides.read(mention, document, places.Context(document)).value


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Ukraine says it killed [300] {Russian troops} near Bakhmut.", "RU"),
        ("The raid killed [2] {Palestinians} in Jenin.", "PS"),
        ("Some [15] {South Korean sailors} died.", "KR"),
        ("Clashes killed [20] {Hamas fighters} on Monday.", "PS"),
        ("The army killed [9] {al-Shabaab militants} on Monday.", "SO"),
        ("A mine killed [4] {soldiers from Chad} on Monday.", "TD"),
        ("A crash killed [5] {US Marines} in Australia.", "US"),
        ("The strike killed [7] {Turkish-backed Syrian rebels} on Monday.", "SY"),
        ("Hamas says [20] of {their fighters} have been killed.", "PS"),
        ("Hezbollah said on Monday that [3] of {its members} had been killed.", "LB"),
    ],
)
def test_told(text: str, country: str) -> None:
    assert side(text) == country


@pytest.mark.parametrize(
    "text",
    [
        "The fire killed [12] {people} in Cairo.",
        "The fire killed [12] people in Cairo.",
        "The battle killed [50] {pro-Russian separatists} on Monday.",
        "The strike killed [6] {Saudi-led coalition soldiers} on Monday.",
        "The clash killed [40] {Indian and Chinese soldiers} on Monday.",
        "The flood killed [8] {refugees in Lebanon} on Monday.",
        "The attack killed [3] {people who are not Ukrainian} on Monday.",
        "A blast killed [10] of {their relatives} on Monday.",
        "The blast killed [2] {of us} on Monday.",
    ],
)
def test_not_told(text: str) -> None:
    assert side(text) is None


def test_the_deciding_words() -> None:
    mention, document = marked("The raid killed [2] {young Palestinians} in Jenin.")
    reading = sides.read(mention, document, places.Context(document))
    assert document.text[reading.start : reading.end] == "Palestinians"
    assert reading.rule == "victims' nationality"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_it_never_raises(text: str) -> None:
    assert all(0 <= n.start < n.end <= len(text) for n in sides.names(text, 0, len(text)))
    assert sides.owner(text, len(text)).rule
