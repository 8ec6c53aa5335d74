"""Confidence: explainable, bounded, and in the order one expects."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.facts import confidence
from pipeline.facts.model import Document, Mention, Sentence

TEXT = "At least 12 people were killed in Kano."


@pytest.fixture
def document() -> Document:
    return Document(TEXT, date(2024, 1, 2), "", [Sentence(0, 0, 0, len(TEXT), TEXT)])


@pytest.fixture
def mention(document: Document) -> Mention:
    return Mention(document.sentences[0], 0, 11, 12, None, "at_least", "killed", "person", 24, 30, 12, 18, rules=("x",))


def test_a_probability_with_room_for_doubt(mention: Mention, document: Document) -> None:
    assert confidence.LOWEST <= confidence.estimate(mention, document) <= confidence.HIGHEST


def test_features_are_what_the_mention_says(mention: Mention, document: Document) -> None:
    found = confidence.features(mention, document)
    assert found["metric killed"] == found["quantifier at_least"] == found["first paragraph"] == found["bias"] == 1.0
    assert found["distance to harm"] == pytest.approx(13 / 120)
    assert "number in words" not in found
    assert "in quotation" not in found


def test_an_unknown_rule_counts_nothing(mention: Mention, document: Document) -> None:
    other = replace(mention, rules=("a rule that no weight knows",))
    assert 0 < confidence.estimate(other, document) < 1


def test_every_weight_is_finite_and_moderate() -> None:
    assert confidence.weights()["bias"] > 0
    assert all(abs(weight) < 10 for weight in confidence.weights().values())
