"""The sample newsroom holds what it says, and its expected facts stand in its texts."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from demo.stories import FOLDER, Story, days, read_newsroom
from pipeline.articles.copies import THRESHOLD, signature, similarity
from pipeline.records import document

EXPECTED = yaml.safe_load((FOLDER.parent / "expected.yml").read_text("utf8"))
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@pytest.fixture(scope="module")
def stories() -> dict[str, Story]:
    found = {}
    for outlet in read_newsroom():
        found |= outlet.stories
        found |= {f"{name}.edited": story for name, story in outlet.edits.items()}
    return found


def test_four_outlets_and_six_days():
    outlets = read_newsroom()
    assert len(outlets) == 4
    found = days(outlets)
    assert found == [date(2024, 3, 4) + timedelta(days=n) for n in range(6)]
    for day in found:
        assert 6 <= sum(s.published.date() == day for o in outlets for s in o.stories.values()) <= 12


def test_every_difficulty_that_the_readme_names_is_there(stories):
    readme = (FOLDER.parent / "README.md").read_text("utf8")
    named = set(re.findall(r"`([a-z]+/2024-[\w-]+)`", readme))
    assert named
    assert named <= set(stories)


def test_copies_are_copies(stories):
    copies = [s for s in stories.values() if s.copy_of]
    assert len(copies) >= 4
    for copy in copies:
        assert similarity(signature(copy.text), signature(stories[copy.copy_of].text)) >= THRESHOLD
    assert any(copy.text != stories[copy.copy_of].text for copy in copies)


def test_weekdays_named_lie_in_the_week_told(stories):
    """A weekday in a story is one of the six days up to its publication, or is spoken of as to come."""
    for name, story in stories.items():
        when = (story.edited or story.published).date()
        near = {WEEKDAYS[(when + timedelta(days=n)).weekday()] for n in range(-5, 4)}
        said = {w for w in WEEKDAYS if re.search(rf"\b{w}\b", story.text)}
        assert said <= near, (name, said - near)


def test_datelines_agree_with_publication(stories):
    for name, story in stories.items():
        found = re.search(r", March (\d+) \(Meridian\)", story.text)
        if found and not story.copy_of:
            assert int(found[1]) == story.published.day, name


def test_expected_facts_stand_in_their_articles(stories):
    facts = [(name, fact) for name, found in EXPECTED["facts"].items() for fact in found]
    assert len(facts) >= 180
    for name, fact in facts:
        text = document(stories[name].title, stories[name].text)
        assert fact["quote"] in text, (name, fact["quote"])
        assert fact["number_text"] in fact["quote"], (name, fact["number_text"])
        for key in ("place", "victims", "attribution", "subset_of"):
            assert fact.get(key) is None or fact[key] in text, (name, key, fact[key])
        low, high = fact["low"], fact["high"]
        assert low is None or high is None or low <= high


def test_every_article_is_marked_but_copies_the_dead_link_and_the_foreign_one(stories):
    unmarked = {n for n, s in stories.items() if s.copy_of or s.is_gone or s.language != "en"}
    assert set(EXPECTED["facts"]) == set(stories) - unmarked


def test_expected_totals_name_the_situations_of_the_seed():
    seed = (FOLDER.parent / "situations.csv").read_text("utf8")
    for total in EXPECTED["totals"]:
        assert total["situation"] in seed


def test_it_is_said_to_be_fiction():
    readme = Path(FOLDER.parent / "README.md").read_text("utf8")
    assert "Everything here is invented" in readme
