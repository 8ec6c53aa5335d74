"""Any text is read in linear time, raises nothing, and every offset is exact in the text as given."""

import random
import re
import time
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.facts.extract import Extraction
from tests.facts.reading import extractor
from tests.facts.test_gold import documents

DAY = date(2024, 3, 14)
NEWS = (
    "Shelling killed at least 12 people, including three children, in Zanda on Monday, and wounded 30, the health ministry "
    "said. About 4,000 residents fled the town."
)


def read(text: str) -> Extraction:
    """What is read from a text, with every promise about offsets checked."""
    found = extractor().read(text, DAY)
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)  # half a character is kept as one that can be stored
    for fact in found.facts:
        assert text[fact.number_start : fact.number_end] == fact.number_text
        assert text[fact.evidence_start : fact.evidence_end] == fact.evidence
        assert fact.evidence_start <= fact.number_start < fact.number_end <= fact.evidence_end
        assert fact.attribution is None or fact.attribution in text
        assert fact.place is None or fact.place in text
        assert fact.victims is None or fact.victims in text
        assert 0 < fact.confidence < 1
        assert fact.subset_of is None or fact.subset_of in {f.fact_id for f in found.facts}
    for reading in (r for answers in found.readings for r in answers.values() if r.start is not None):
        assert reading.end is not None
        assert 0 <= reading.start <= reading.end <= len(text)
    return found


def counts(text: str) -> list[tuple[str, str]]:
    return [(f.metric, f.number_text) for f in read(text).facts if not f.implicit]


WHOLE = [("killed", "at least 12"), ("killed", "three"), ("injured", "30"), ("displaced", "About 4,000")]


def test_the_sample_itself() -> None:
    assert counts(NEWS) == WHOLE


@pytest.mark.parametrize(
    "mark",
    ["\x00", "\u200b", "\u200e", "\u200f", "\u202b", "\u2066", "\ufeff", "\u00ad", "\x07", "\x85", "\ud800"],
    ids=ascii,
)
def test_odd_characters_between_the_words_change_nothing(mark: str) -> None:
    assert counts(mark + NEWS + mark) == WHOLE
    odd = counts(NEWS.replace(" ", f" {mark}"))
    if mark not in "\x85\ud800":
        assert [(metric, re.sub("[^ -~]", "", number)) for metric, number in odd] == WHOLE


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u200d", "\ufeff"], ids=ascii)
def test_marks_within_words_change_nothing(mark: str) -> None:
    text = NEWS.replace("killed", f"kil{mark}led").replace("4,000", f"4,{mark}000").replace("Zanda", f"Zan{mark}da")
    assert [n.replace(mark, "") for _, n in counts(text)] == [n for _, n in WHOLE]
    assert {f.subset_of for f in read(text).facts} - {None} <= {f.fact_id for f in read(text).facts}


@pytest.mark.parametrize(
    ("plain", "odd"), [(" ", "\u00a0"), ("'", "’"), (" ", "\u202f"), ("-", "\u2011"), ("12", "１２")], ids=ascii
)
def test_look_alike_characters_are_read_as_what_they_look_like(plain: str, odd: str) -> None:
    found = [n.translate({0xFF11: "1", 0xFF12: "2"}) for _, n in counts(NEWS.replace(plain, odd))]
    assert [n.replace(odd, plain) for n in found] == [n for _, n in WHOLE]


def test_curly_quotes_speak_like_straight_ones() -> None:
    said = 'The mayor told the radio: "The fire killed 12 people in this town, and nobody came to help us."'
    curly = said.replace(' "', " “").replace('."', ".”")
    assert [f.attribution for f in read(curly).facts] == [f.attribution for f in read(said).facts] == ["The mayor"]


def test_capitals_throughout() -> None:
    assert counts(NEWS.upper()) == [(metric, number.upper()) for metric, number in WHOLE]


@pytest.mark.parametrize("bullet", ["• ", "- ", "* ", "1. ", "▪ ", "– "])
def test_bullets(bullet: str) -> None:
    lines = [
        "At least 12 people were killed in Zanda.",
        "Another 30 people were injured.",
        "4,000 people were displaced.",
    ]
    text = "The ministry gave these figures:\n" + "\n".join(bullet + line for line in lines)
    assert [n for _, n in counts(text)] == ["At least 12", "30", "4,000"]


@pytest.mark.parametrize("between", [" | ", "\t", "   ", ", "])
def test_a_tables_rows_give_no_nonsense(between: str) -> None:
    rows = [["District", "Killed", "Injured"], ["Zanda", "12", "30"], ["Orle", "4", "9"]]
    text = NEWS + "\n\n" + "\n".join(between.join(row) for row in rows)
    assert counts(text)[: len(WHOLE)] == WHOLE


def test_a_live_blog_keeps_its_entries_apart() -> None:
    text = (
        "Live: floods in the valley\n\n14:20 ZANDA, Kenya - Rescuers have found 12 bodies in Zanda, police say.\n\n"
        "09:05 KAMPALA, Uganda - Two people were killed when a wall collapsed in Kampala.\n\nUpdated 12 March: 40 people were injured."
    )
    found = {f.number_text: f.country for f in read(text).facts if not f.implicit}
    assert set(found) == {"12", "Two", "40"}
    assert found["Two"] == "UG"


@pytest.mark.parametrize(
    "text",
    [
        "Nach dem Angriff sind in der Stadt mindestens zwölf Menschen getötet und dreißig verletzt worden, sagte die Polizei.",
        "Al menos doce personas murieron y treinta resultaron heridas en un ataque contra la ciudad, dijo la policía el lunes.",
        "Au moins douze personnes ont été tuées et trente autres blessées dans une attaque contre la ville, selon la police.",
        "В результате обстрела города погибли не менее 12 человек, ещё 30 получили ранения, сообщили власти.",
        "قتل ما لا يقل عن 12 شخصا وأصيب 30 آخرون في قصف على المدينة حسبما ذكرت السلطات يوم الاثنين.",
    ],
)
def test_another_language_is_rejected_with_that_reason(text: str) -> None:
    found = read("\n\n".join([text] * 3))
    assert (found.facts, found.rejected_reason) == ([], "language")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n",
        "\x00",
        "12",
        "killed",
        "12 killed",
        "12¹ killed, ² wounded in May ³",
        "?!",
        "\u200f\u200e",
        "a" * 10_000,
    ],
)
def test_next_to_nothing(text: str) -> None:
    read(text)


WORDS = [
    "killed",
    "wounded",
    "12",
    "dozens",
    "of",
    "people",
    "were",
    "in",
    "Zanda",
    "said",
    "the",
    "army",
    "and",
    "including",
    "children",
    ",",
    ".",
    '"',
    "'",
    "(",
    ")",
    ":",
    ";",
    "-",
    "since",
    "Monday",
    "not",
    "if",
]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))
def test_words_of_news_in_any_order_raise_nothing(text: str) -> None:
    read(text)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet=st.characters(codec=None), max_size=300))
def test_any_characters_raise_nothing(text: str) -> None:
    read(text)
    read(NEWS + text)


ODD = "\x00\u200b\u200f“”’…–—•|\t\n 0,.()\"'\ud83d\U0001f1f7"


def mutated(text: str, rng: random.Random) -> str:
    """The text with some characters lost, doubled, swapped, capitalised or made odd."""
    out = list(text)
    for _ in range(max(1, len(out) // 25)):
        i = rng.randrange(len(out))
        out[i] = rng.choice(["", out[i] * 2, out[i].swapcase(), rng.choice(ODD), out[i] + rng.choice(ODD), " "])
    if rng.random() < 0.2:
        cut = rng.randrange(len(out))
        out = out[cut:] + out[:cut]
    return "".join(out)


def test_a_corpus_of_mutated_sentences_raises_nothing() -> None:
    rng = random.Random(7)
    for document in documents("sentences") + documents("articles"):
        for _ in range(2):
            read(mutated(document["text"], rng))


def test_mutation_loses_few_facts() -> None:
    rng = random.Random(3)
    kept = whole = 0
    for document in documents("sentences"):
        text = document["text"]
        at = rng.randrange(len(text))
        for odd in (text[:at] + "\u200b" + text[at:] if text[at].isspace() else text, text.replace(". ", ".\u200f ")):
            whole += len(read(text).facts)
            kept += len(read(odd).facts)
    assert abs(whole - kept) <= 0.02 * whole


def seconds(text: str) -> float:
    start = time.process_time()
    read(text)
    return time.process_time() - start


@pytest.mark.parametrize(
    "unit",
    [
        NEWS + "\n\n",
        "12 ",
        "killed ",
        "In Zanda, ",
        '"',
        "(",
        "at least ",
        "Zanda Orle ",
        "1,",
        "the mayor, Ann Lee, said ",
        "and ",
    ],
    ids=lambda u: u[:12].strip(),
)
def test_time_grows_with_the_text(unit: str) -> None:
    head = NEWS + "\n\n"
    small, large = (head + unit * (size // len(unit)) for size in (10_000, 40_000))
    seconds(small)
    assert seconds(large) < 8 * seconds(small) + 0.5


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        (
            "prose without facts",
            "The committee met on Monday in the old town hall and spoke about the price of bread. ",
        ),
        ("one line without punctuation", "the committee met in the old town hall and spoke about the price of bread "),
        (
            "a fact here and there",
            NEWS + " " + "The committee spoke about the price of bread and of milk in the town. " * 600,
        ),
    ],
)
def test_five_megabytes(name: str, unit: str) -> None:
    text = unit * (5_000_000 // len(unit))
    assert len(text) > 4_900_000
    start = time.process_time()
    found = read(text)
    assert time.process_time() - start < 120, name
    assert bool(found.facts) == ("fact" in name and "without" not in name)
