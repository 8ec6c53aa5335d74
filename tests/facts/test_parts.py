"""Which whole a count is part of: a text for each rule, and for each trap."""

from datetime import date

import pytest

from tests.facts.reading import extractor

TITLE = "A day of mourning\n\n"


def wholes(text: str) -> dict[str, str | None]:
    """Of each count, in the text's words, the count that it is part of."""
    facts = extractor().read(TITLE + text, date(2023, 6, 15)).facts
    words = {f.fact_id: f.number_text for f in facts}
    return {f.number_text: words[f.subset_of] if f.subset_of else None for f in facts if not f.implicit}


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        # by words in the sentence
        ("Forty people were killed in Goma, including 12 children.", "12", "Forty"),
        ("Some 600,000 people have fled Burundi, with 250,000 of those in Tanzania and 90,000 in Rwanda.", "250,000", "Some 600,000"),
        ("Some 600,000 people have fled Burundi, with 250,000 of those in Tanzania and 90,000 in Rwanda.", "90,000", "Some 600,000"),
        ("The toll has reached 320 since April: 210 fighters of the brigades, 80 army soldiers, and the rest civilians.", "80", "320"),
        ("Two more bodies were found, bringing the toll to 46.", "Two", "46"),
        ("A strike killed 12 people and wounded seven. Two of the seven wounded later died.", "Two", "seven"),
        ("The clinic treated 40 people for burns, and six were in serious condition.", "six", "40"),
        ("Floods had taken 42 lives by Friday, after officials in Tolm added nine deaths to the count.", "nine", "42"),
        # by words across sentences
        ("Twelve people died in the fire. Seven of them were children.", "Seven", "Twelve"),
        ("Twelve people died in the fire. Seven of them were children. Four of those killed were police officers.", "Four", "Twelve"),
        ("A bus crash killed 24 people and injured 17. The dead include two police officers.", "two", "24"),
        ("Two more bodies were found on Monday. That brought the death toll to 46.", "Two", "46"),
        ("More than 200 people have been killed in Benin since Friday. On Sunday alone, 55 were killed.", "55", "More than 200"),
        ("A ferry sank, killing 24 people. Four nurses were among the passengers who drowned.", "Four", "24"),
        # by what is told of people counted before
        ("The crash injured 30 people. Five remain in hospital.", "Five", "30"),
        ("A bomb wounded 40 people. Twelve were in critical condition.", "Twelve", "40"),
        ("Twenty-five people were killed when a boat sank. Nineteen bodies have been recovered so far.", "Nineteen", "Twenty-five"),
        ("Floods in Zambia have displaced 120,000 people. Some 45,000 are sheltering in schools.", "Some 45,000", "120,000"),
        ("A blast killed 46 people in the hall. Forty-five were police, the mayor said.", "Forty-five", "46"),
        ("A boat sank and 41 people died. Thirty-eight were children.", "Thirty-eight", "41"),
        ("Forty-one people were injured and taken to hospitals. Three had life-threatening injuries.", "Three", "Forty-one"),
        ("A crash injured 25 people. Fourteen have fractures.", "Fourteen", "25"),
        ("The fire injured 15 people. One of the fifteen died in hospital.", "One", "15"),
        ("A raid killed 27 people. Sixteen of the dead were civilians, 14 of them killed in Kano. Eleven were soldiers.", "Eleven", "27"),
        # by what is added to a toll
        ("The death toll climbed to nine, officials said, with four more people killed since noon.", "four", "nine"),
        ("The murder toll went up to 231 with the killing of two brothers at a wake.", "two", "231"),
        ("Rescuers brought out three more bodies, so that the number of the dead is now 22.", "three", "22"),
        # by their sum
        ("The toll has risen to 42. He said 27 people were killed in Orlu, 10 in Awka and five in Upi.", "10", "42"),
        ("Seven boys and nine girls died.\n\nHelp came late. It rained. It was cold. It was dark.\n\nSixteen children died on Monday.", "nine", "Sixteen"),
        # by where they were
        ("At least 20 people died in floods in Ghana. A landslide on Monday killed six residents in Tamale.", "six", "At least 20"),
        ("Floods killed 60 people in Kenya. In Mombasa, 12 people died. In Kisumu, seven died.", "seven", "60"),
        ("Violence across Nigeria killed 45 people on Saturday. In Kano, 12 civilians died on Saturday.", "12", "45"),
    ],
)  # fmt: skip
def test_a_part_finds_its_whole(text: str, part: str, whole: str) -> None:
    assert wholes(text)[part] == whole


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The crash injured 30 people in Accra. In Lome, another five were taken to hospital.", "five"),
        ("Insurgents have killed 13,000 people in Nigeria since 2009. On Sunday gunmen killed 12 people in Kano.", "12"),
        ("Floods have displaced 16,000 people in Uganda. Initially around 500 were displaced in Kampala.", "around 500"),
        ("Shelling killed at least 25 people in Syria, the monitor said. The agency reported 15 deaths in Aleppo.", "15"),
        ("In Kano 12 civilians died, among them three children. Shells killed seven rebels in Jos. Ten men fell in Yola.", "seven"),
        ("At least 13 people were killed in Orlu. Six died in Awka. A day before, shells had killed seven people in Upi.", "seven"),
        ("Nine miners died in Orlu on Monday. The mine said that nine were killed. Since 2019 it has lost 18 miners.", "Nine"),
        ("Ann Lee said three rebels died.\n\nIt rained. It was cold. It was dark.\n\nThe army counted five of its men dead, it said.\n\nHelp came late. Bob Roe said eight villagers had been killed since May.", "five"),
        ("Floods killed 60 people in Kenya.\n\nThe rain went on. It was cold. It was dark. A crash killed 12 people in Mombasa.", "12"),
        ("Floods killed 30 people in Wa. Seventeen were missing on Sunday.", "Seventeen"),
        ("Twelve people were killed in Kano. Ten were killed in Jos.", "Ten"),
        ("Dozens of people were killed in Mali. At least 11 rebels were killed in Gao.", "At least 11"),
    ],
)  # fmt: skip
def test_a_count_of_its_own_is_no_part(text: str, count: str) -> None:
    assert wholes(text)[count] is None
