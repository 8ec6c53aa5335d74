"""Single people, and parts listed after their whole."""

from datetime import date

import pytest

from pipeline.facts.extract import Extractor


@pytest.fixture(scope="module")
def extractor():
    return Extractor()


def read(extractor, text):
    return extractor.read(text, date(2026, 3, 2)).facts


def test_a_single_person_is_one_without_a_number(extractor):
    facts = read(extractor, "A nurse was killed when a shell hit the clinic on Sunday.")
    assert [(f.metric, f.low, f.high, f.implicit, f.victims) for f in facts] == [("killed", 1, 1, True, "nurse")]


def test_a_person_who_is_not_harmed_is_no_fact(extractor):
    assert read(extractor, "A nurse said that no one had been killed.") == []


def test_parts_listed_after_their_whole_take_its_harm_and_belong_to_it(extractor):
    facts = read(extractor, "At least 90 miners were killed, including 12 women and a doctor, with 40 people injured.")
    whole = facts[0].fact_id
    told = [(f.metric, f.low, f.implicit, f.subset_of) for f in facts]
    assert told == [
        ("killed", 90, False, None),
        ("killed", 12, False, whole),
        ("killed", 1, True, whole),
        ("injured", 40, False, None),
    ]


def test_an_age_after_an_article_is_no_rate(extractor):
    facts = read(extractor, "Nine people in the village, including a 70-year-old farmer, have been killed.")
    assert [(f.low, f.implicit) for f in facts] == [(9, False), (1, True)]


def test_rates_are_no_facts(extractor):
    assert read(extractor, "About 200 people a day are killed. Two deaths per 1,000 births were recorded.") == []


def test_the_verb_right_after_a_count_is_about_that_count(extractor):
    facts = read(extractor, "The death toll has reached 19 and 31 are still missing, the prefect said.")
    assert [(f.metric, f.low) for f in facts] == [("killed", 19), ("missing", 31)]
