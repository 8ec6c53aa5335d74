"""Who claims a count whose own sentence names nobody: texts in which somebody goes on speaking, and others."""

from datetime import date

import pytest

from pipeline.facts import speaking_on
from tests.facts.reading import extractor

TITLE = "A day in the city and the country\n\n"


def claimants(text: str) -> dict[str, str | None]:
    facts = extractor().read(TITLE + text, date(2023, 6, 15)).facts
    return {f.number_text: f.attribution for f in facts}


@pytest.mark.parametrize(
    ("text", "number", "speaker"),
    [
        ("Ann Lee said the town was calm. She said 12 people had died.", "12", "Ann Lee"),
        ("Governor Ali Musa visited the dam on Sunday. He said 12 bodies were found.", "12", "Governor Ali Musa"),
        ("The Red Cross said 40 people died. The victims include 12 children.", "12", "The Red Cross"),
        ("Ann Lee said 40 were dead. The ward had received 12 injured, she added.", "12", "Ann Lee"),
        ("The army said 40 people died. So far 12 are missing.", "12", "The army"),
        ("The army said 40 people died. At least 110 others were hurt in the raids.", "At least 110", "The army"),
        ("The army said it had left. One man was killed. Ten men fled, it added.", "One", "The army"),
        ("Nine died in Kano, the observatory said. In Zaria, shells killed five.\n\nIt added that two were children.", "five", "the observatory"),
        ("Nine died in Kano, the Post reports with reference to a Telegram post by Mayor Ann Lee. Two of the dead were children, she specified.", "Two", "Mayor Ann Lee"),
        ("By Monday the agency had registered 50 deaths:\n\n- Kano: 30 deaths\n\n- Elsewhere: 20 deaths", "20", "the agency"),
        # the outlet's own voice
        ("The Red Cross said 40 people died. Twelve boats were burned and 15 people hurt.", "15", None),
        ("At least 22 people were killed, a source told the agency.\n\nThe attack is the worst since March, when a bomb killed 41 people.", "41", None),
        ("Ann Lee of the school board asked for calm.\n\nThe river rose for a week.\n\nTwelve people have died since Monday.", "Twelve", None),
        ("Twelve people were killed when a mine fell in.\n\nThe mayor said the search would go on.", "Twelve", None),
    ],
)  # fmt: skip
def test_who_goes_on_speaking(text: str, number: str, speaker: str | None) -> None:
    assert claimants(text)[number] == speaker


def test_one_voice_must_be_likelier_than_the_others_and_the_outlet_together() -> None:
    weights = {"near": 2.0, "far": -2.0}
    assert speaking_on.decide([["near"], ["far"]], weights) == (0, "near")
    assert speaking_on.decide([["near"], ["near"]], weights)[0] is None
    assert speaking_on.decide([["far"]], weights)[0] is None
    assert speaking_on.decide([], weights)[0] is None


def test_a_name_in_two_forms_is_one_voice() -> None:
    assert speaking_on.is_same("the Health Ministry", "Health Ministry spokesman Ali Musa")
    assert not speaking_on.is_same("the army", "the police")
    assert not speaking_on.is_same("the", None)
