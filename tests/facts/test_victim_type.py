"""Civilians or combatants: by the victims' own words, else by those of the counts it is told with."""

from datetime import date

import pytest

from pipeline.facts import victim_type
from pipeline.records import Fact
from tests.facts.reading import extractor


def facts(text: str) -> list[Fact]:
    return extractor().read(text, date(2023, 6, 15)).facts


def kinds(text: str) -> dict[str, str]:
    return {f.number_text: f.victim_type for f in facts(text)}


@pytest.mark.parametrize(
    ("victims", "kind"),
    [
        ("civilians", "civilian"), ("schoolchildren", "children"), ("soldiers' children", "civilian"),
        ("Kenyan soldiers", "combatant"), ("prisoners of war", "combatant"), ("soldiers and civilians", "both"),
        ("bus passengers", "perhaps civilian"), ("police officers", "police"), ("people", "people"), (None, "nothing"),
        ("women", "women"), ("migrants", "uprooted"), ("Kenyans", "a nationality"), ("lawyers", "something else"),
    ],
)  # fmt: skip
def test_what_the_words_call_them(victims: str | None, kind: str) -> None:
    assert victim_type.called(victims) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A landslide killed 12 people in the hills above Zanda.", "unspecified"),
        ("About 2,000 people fled the fighting between soldiers and rebels.", "unspecified"),
        ("Gunmen killed six farmers in the fields outside Zanda.", "civilian"),
        ("The monitor said civilian deaths had reached 4,215.", "civilian"),
        ("The province gave its civilian toll as nine killed.", "civilian"),
        ("A roadside bomb killed two soldiers near a school in Zanda.", "combatant"),
        ("The raid on Zanda killed 14 soldiers and elderly civilians, the army said.", "unspecified"),
        ("The number of civilians killed in the raids on Zanda has reached 220.", "civilian"),
        ("The ministry put the losses of the rebels at 300 dead.", "combatant"),
        ("Since May the rebels have suffered hundreds of casualties, the army said.", "combatant"),
        ("On Friday 120 fighters gave themselves up in Zanda, including 14 wounded.", "combatant"),
        ("An ambush near Zanda killed nine service members on Friday.", "combatant"),
        ("The battle for Zanda killed 40 members of the 12th brigade.", "combatant"),
    ],
)
def test_the_type_in_a_sentence(text: str, kind: str) -> None:
    assert [f.victim_type for f in facts(text)] == [kind]


def test_a_part_is_what_its_whole_is() -> None:
    found = kinds("Shelling killed 14 civilians in Zanda on Monday, including three women.")
    assert found == {"14": "civilian", "three": "civilian"}


@pytest.mark.parametrize("told", ["Nineteen", "At least 19"])
def test_the_same_count_elsewhere_says_who_they_are(told: str) -> None:
    found = facts(
        f"Attack on convoy near Zanda kills 19\n\n{told} soldiers were killed when rebels attacked a convoy near Zanda."
    )
    assert [f.victim_type for f in found] == ["combatant", "combatant"]


def test_the_answer_names_what_spoke_loudest() -> None:
    reading = extractor().read("The blast killed 14 civilians in Zanda.", date(2023, 6, 15)).readings[0]["victim_type"]
    assert (reading.value, reading.rule) == ("civilian", "called civilian")


def test_nothing_known_is_unspecified() -> None:
    assert victim_type.decide(["any", "never seen"], {"unspecified: any": 1.0}).value == "unspecified"


@pytest.mark.parametrize(
    ("text", "number", "victims", "kind"),
    [
        ("Storms killed seven people, two of them children.", "two", "children", "civilian"),
        ("The raid killed 34 people. Of the dead, 19 were soldiers.", "19", "soldiers", "combatant"),
        ("A landslide killed 30 people, of whom 12 were said to be children.", "12", "children", "civilian"),
        ("The raid killed 34 people. Of these, 12 were shot by soldiers.", "12", "people", "unspecified"),
        ("About 300 of the dead were armed rebels, the army said.", "About 300", "armed rebels", "combatant"),
        ("Raids killed 20 people. Eight of those killed were small children.", "Eight", "small children", "civilian"),
        ("Floods killed 20 people. Five of them died in hospital.", "Five", "people", "unspecified"),
    ],
)
def test_what_a_part_of_them_were(text: str, number: str, victims: str, kind: str) -> None:
    found = next(f for f in facts(text) if f.number_text == number)
    assert (found.victims, found.victim_type) == (victims, kind)
