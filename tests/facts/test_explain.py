"""What `tollwire explain` shows: the marked text, and for each field its words and rule."""

import io
from dataclasses import replace
from datetime import date

import pytest
from rich.console import Console, RenderableType

from pipeline.facts import explain
from pipeline.facts.extract import Extraction, Extractor, Source
from pipeline.facts.model import Reading

TEXT = "Police said at least 12 people were killed and 30 wounded in a car bomb attack in Kano on Monday."
DAY = date(2024, 1, 2)


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def shown(renderable: RenderableType) -> str:
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(renderable)
    return console.export_text()


def test_numbers_are_marked_in_the_text(extractor: Extractor) -> None:
    facts = extractor.read(TEXT, DAY).facts
    marked = explain.marked(TEXT, facts)
    assert marked.plain == TEXT.replace("at least 12", "at least 12[1]").replace(" 30", " 30[2]")
    assert {str(span.style) for span in marked.spans} >= {"bold reverse red", "bold reverse yellow"}


def test_each_fact_has_a_table_with_its_values(extractor: Extractor) -> None:
    text = shown(explain.explain(TEXT, DAY, extractor=extractor))
    assert "2 facts" in text
    for words in ("[1] at least 12", "at_least", "attribution", "Police", "the number as written"):
        assert words in text


def test_the_deciding_words_and_the_rule_of_a_reading_are_shown(extractor: Extractor) -> None:
    facts = extractor.read(TEXT, DAY).facts
    why = {w.field: w for w in explain.reasons(facts[0], TEXT, {"cause": Reading("conflict", "word near it", 62, 70)})}
    assert (why["cause"].words, why["cause"].rule) == (TEXT[62:70], "word near it")
    assert why["low"].words == "at least 12"


def test_a_part_names_its_whole(extractor: Extractor) -> None:
    first, second = extractor.read(TEXT, DAY).facts
    part = replace(second, subset_of=first.fact_id)
    why = {w.field: w.value for w in explain.reasons(part, TEXT, {}, [first, part])}
    assert why["subset_of"] == "at least 12"


def test_a_text_that_is_not_english_is_said_to_be_so() -> None:
    assert "not English" in shown(explain.render(Source("x", DAY), Extraction([], "language")))


def test_a_text_without_facts(extractor: Extractor) -> None:
    assert "No facts" in shown(
        explain.explain("The council met and talked about the new bridge.", DAY, extractor=extractor)
    )


def test_control_characters_and_markup_are_shown_not_obeyed(extractor: Extractor) -> None:
    text = "\x1b[31mAt least 12 people were killed in Kano [bold]on Monday[/bold]."
    out = shown(explain.explain(text, DAY, extractor=extractor))
    assert "\x1b" not in out
    assert "[bold]on Monday[/bold]" in out
