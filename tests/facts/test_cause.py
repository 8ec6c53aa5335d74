"""What harmed the people: words near the number decide, then those of the document."""

from datetime import date

import pytest

from pipeline.facts import cause, text
from pipeline.facts.model import Document, Mention


def ask(article: str, number: str, title: str = "") -> cause.Reading[cause.Cause]:
    document = Document(article, date(2024, 1, 2), "", title=title)
    document.sentences = text.split(document)
    start = article.index(number)
    sentence = next(s for s in document.sentences if s.start <= start < s.end)
    mention = Mention(sentence, start, start + len(number), 1, 1, "exact", "killed", "person")
    return cause.read(mention, document)


@pytest.mark.parametrize(
    ("article", "number", "expected"),
    [
        ("An earthquake killed 12 people.", "12", "disaster"),
        ("Flash floods left 12 families homeless.", "12", "disaster"),
        ("Wildfires have killed 12 people near Athens.", "12", "disaster"),
        ("An air strike killed 12 people.", "12", "conflict"),
        ("A suicide bomber killed 12 people at a mosque.", "12", "conflict"),
        ("Twelve soldiers were killed in clashes with rebels.", "Twelve", "conflict"),
        ("The junta's troops shot 12 protesters.", "12", "conflict"),
        ("A bus crash killed 12 people.", "12", "other"),
        ("The ferry capsized and 12 people drowned.", "12", "other"),
        ("Cholera has killed 12 people.", "12", "other"),
        ("A school shooting left 12 students dead.", "12", "other"),
        ("A fire in a garment factory killed 12 workers.", "12", "other"),
        ("Twelve people died.", "Twelve", "other"),
    ],
)
def test_words_of_the_sentence(article: str, number: str, expected: str) -> None:
    assert ask(article, number).value == expected


def test_the_sentence_outweighs_the_document() -> None:
    article = "The war goes on and shelling shook Kherson. Troops advanced. An earthquake in Turkey killed 12 people."
    assert ask(article, "12").value == "disaster"


def test_the_document_tells_where_the_sentence_does_not() -> None:
    article = "A missile hit the market of Kano. Smoke rose over the town. In all, 12 people died."
    found = ask(article, "12")
    assert (found.value, found.rule) == ("conflict", "words of the document")
    assert article[found.start : found.end] == "missile"


def test_a_title_beside_the_text_counts() -> None:
    assert ask("Twelve people died.", "Twelve", title="Landslide buries village").value == "disaster"


def test_the_deciding_words_are_given() -> None:
    article = "An earthquake killed 12 people."
    found = ask(article, "12")
    assert article[found.start : found.end] == "earthquake"
