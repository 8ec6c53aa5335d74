"""Where: each rule with the sentence that made it necessary."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.facts import measure, places, settling, sides
from pipeline.facts.extract import Source
from pipeline.facts.model import Document, Mention, Sentence
from pipeline.facts.text import split
from pipeline.records import Measure, Metric
from tests.facts.reading import extractor, marked
from tests.facts.world import ARTICLES


def where(text: str, metric: Metric = "killed", measure: Measure = "new") -> places.Place | None:
    mention, document = marked(text, metric)
    return places.read(mention, document, places.Context(document), measure).value


def named(text: str) -> dict[str, tuple[str | None, str | None]]:
    """Names found in a text: verbatim -> (place, country)."""
    document = Document(text, date(2023, 6, 15), "")
    document.sentences = split(document)
    found = settling.find(document).toponyms
    return {text[t.start : t.end]: (t.entry.name if t.entry else None, t.country) for t in found}


@pytest.mark.parametrize(
    ("text", "place", "country"),
    [
        ("A car bomb killed [12] people in Mogadishu, the capital of Somalia, on Monday.", "Mogadishu", "SO"),
        ("At least [30] {villagers} were killed in Borno state in north-eastern Nigeria.", "Borno state", "NG"),
        ("The earthquake killed [41] people in Gaziantep in southern Turkey.", "Gaziantep", "TR"),
        ("Floods killed [25] people in Balochistan, Pakistan's disaster authority said.", "Balochistan", "PK"),
        ("Rebels killed [17] people near Goma in the Democratic Republic of Congo.", "Goma", "CD"),
        ("An air raid on Myitkyina in Kachin State killed [80] people.", "Myitkyina", "MM"),
        ("A ferry sank off Mindanao in the Philippines, killing [29] passengers.", "Mindanao", "PH"),
        ("KABUL, Afghanistan (AP) -- A blast at a mosque killed [21] worshippers on Wednesday.", "KABUL", "AF"),
        ("Militia fighters killed [60] people in El Geneina in West Darfur, Sudan, doctors said.", "El Geneina", "SD"),
        ("A mudslide killed [14] people in the Colombian city of Pereira.", "Pereira", "CO"),
    ],
)
def test_the_place_beside_the_harm(text: str, place: str, country: str) -> None:
    found = where(text)
    assert found is not None
    assert (place in found.text or found.text in place, found.country) == (True, country)


@pytest.mark.parametrize(("text", "metric", "country", "place"), ARTICLES)
def test_the_country_in_news_from_everywhere(text: str, metric: Metric, country: str, place: str) -> None:
    found = measured(text, metric)
    assert found is not None
    assert found.country == country


def test_the_place_in_news_from_everywhere() -> None:
    found = [(measured(text, metric), place) for text, metric, _, place in ARTICLES]
    right = [place for p, place in found if p and (place.lower() in p.text.lower() or p.text.lower() in place.lower())]
    assert len(right) >= 0.9 * len(ARTICLES)


def measured(text: str, metric: Metric) -> places.Place | None:
    mention, document = marked(text, metric)
    return places.read(mention, document, places.Context(document), measure.read(mention, document).value).value


def test_where_someone_speaks_is_not_where_it_happened() -> None:
    text = (
        "Strike on Hodeidah\n\nAn air strike hit Hodeidah in Yemen on Friday. At least [11] people were killed in the "
        "strike, a UN spokesman told reporters in Geneva."
    )
    found = where(text)
    assert found is not None
    assert found.country == "YE"


def test_a_seat_of_government_that_speaks_is_no_place() -> None:
    found = where(
        "Ankara said [9] {soldiers} were killed in fighting in northern Syria. Syria has been at war since 2011."
    )
    assert found is not None
    assert (found.text, found.country) == ("northern Syria", "SY")


@pytest.mark.parametrize(
    ("count", "said"),
    [
        ("Hamas says at least [40] {of its fighters} have been killed", ", while Israel puts the number at 200."),
        ("Israel says [200] {fighters} have been killed", ", many more than Hamas admits."),
    ],
)
def test_who_claims_deaths_is_not_where_they_are(count: str, said: str) -> None:
    text = (
        "Israel's prime minister spoke in Jerusalem. The Israeli army said that it struck tunnels in the Gaza Strip, and that "
        "Israel would go on. Health workers in Gaza City said that 300 Palestinians have been killed. "
    )
    mention, document = marked(f"{text}{count}{said}")
    context = places.Context(document)
    found = places.read(mention, document, context, "total", sides.read(mention, document, context)).value
    assert found is not None
    assert found.country == "PS"


def test_the_place_of_an_earlier_sentence() -> None:
    found = where("A bus fell into a ravine in Uttarakhand in northern India on Sunday. At least [22] passengers died.")
    assert found is not None
    assert (found.text, found.country) == ("Uttarakhand", "IN")


def test_the_displaced_come_from_somewhere() -> None:
    found = where("Some [4,000] people fled from Sudan to Chad last week.", "displaced")
    assert found is not None
    assert found.country == "SD"


def test_a_refugees_nationality_is_the_place_if_nothing_else_is() -> None:
    found = where("About [3 million] {Afghan refugees} are living abroad.", "displaced", "total")
    assert found is not None
    assert (found.text, found.kind, found.country) == ("Afghan", "country", "AF")


def test_a_war_is_where_it_is_fought_not_whose_army_fights_it() -> None:
    text = "Libyan losses mount\n\nSome [4,000] {Libyan soldiers} have been killed since the invasion of Chad began, analysts say."
    found = where(text, measure="total")
    assert found is not None
    assert found.country == "TD"


def test_a_text_without_places_has_none() -> None:
    assert where("At least [12] people were killed in the fire.") is None


def test_what_the_place_is() -> None:
    found = where("Shelling killed [3] people in Kherson in southern Ukraine.")
    assert found is not None
    assert (found.place_id, found.place_name, found.kind, found.country) == (706448, "Kherson", "city", "UA")
    assert (found.latitude, found.longitude) == pytest.approx((46.64, 32.62), abs=0.05)


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Clashes broke out in Tripoli, Lebanon.", "Tripoli", "LB"),
        ("Militias fought in Tripoli. Libya has two governments.", "Tripoli", "LY"),
        ("A tornado hit Birmingham, Alabama.", "Birmingham", "US"),
        ("Police in Birmingham made arrests. Britain is at peace.", "Birmingham", "GB"),
        ("Settlers came to Hebron in the occupied West Bank.", "Hebron", "PS"),
        ("Storms hit Georgia and Alabama in the southern United States.", "Georgia", "US"),
        ("Georgia and Armenia lie in the Caucasus. Tbilisi is the Georgian capital.", "Georgia", "GE"),
        ("Soldiers died in Saint-Louis, Senegal.", "Saint-Louis", "SN"),
        ("Two people were shot in Marietta, Georgia, on Friday.", "Georgia", "US"),
        ("A gas blast in Kutaisi, Georgia, killed four.", "Georgia", "GE"),
        ("Ice fell on hikers near Zermatt.", "Zermatt", "CH"),
    ],
)
def test_ambiguous_names_go_by_their_company(text: str, name: str, country: str) -> None:
    assert named(text)[name][1] == country


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("Fighting went on in Kherson region in Ukraine.", "Kherson region", "Kherson Oblast"),
        ("Fighting went on in the city of Kherson in Ukraine.", "Kherson", "Kherson"),
        ("Rockets hit the province of Idlib in Syria.", "Idlib", "Idlib Governorate"),
        ("Rebels hold northern Idlib province in Syria.", "northern Idlib province", "Idlib Governorate"),
        ("Shells fell on Kharkov in Ukraine.", "Kharkov", "Kharkiv"),
        ("Militants attacked Jelalabad in Afghanistan.", "Jelalabad", "Jalālābād"),
    ],
)
def test_units_and_spellings(text: str, name: str, place: str) -> None:
    assert named(text)[name][0] == place


def test_a_village_that_no_gazetteer_has_lies_in_its_country() -> None:
    found = named("Gunmen raided the village of Qwertymbo in Burkina Faso. A shell hit Asdfgh Mosque in Aleppo.")
    assert found["Qwertymbo"] == (None, "BF")
    assert found["Asdfgh Mosque"] == (None, "SY")


def test_two_countries_are_no_one_country() -> None:
    found = where("Storms in Honduras and Guatemala left [40] people dead.")
    assert found is not None
    assert (found.text, found.country) == ("Honduras and Guatemala", None)


@pytest.mark.parametrize(
    ("text", "not_there"),
    [
        ("Paris Hilton visited Berlin.", "Paris"),
        ("President Jordan Lincoln spoke in March.", "Lincoln"),
        ("Reading the news is nice. Nice people read in May.", "Nice"),
        ("Many homes burned. Police said Most were empty.", "Most"),
        ("Please help us.", "us"),
    ],
)
def test_words_and_people_are_not_places(text: str, not_there: str) -> None:
    assert not_there not in named(text)


def test_scraped_text_has_lost_its_apostrophes() -> None:
    assert named("Air strikes hit Syrias Daraa province.")["Syria"][1] == "SY"


@pytest.mark.parametrize(
    ("text", "not_there"),
    [
        ("Thousands died in Putin's war on Ukraine.", "Putin"),
        ("Shells were fired from a Daish-controlled area in Syria.", "Daish-controlled area"),
    ],
)
def test_capitals_after_a_preposition_are_not_always_places(text: str, not_there: str) -> None:
    assert not_there not in named(text)


def test_a_border_lies_in_neither_country() -> None:
    assert named("Fighting broke out near the Armenia-Azerbaijan border.")["Armenia-Azerbaijan border"] == (None, None)


def test_a_small_namesake_abroad_is_not_meant() -> None:
    assert named("Gunmen attacked Karma, a village in Burkina Faso.").get("Karma", (None, None))[1] in (None, "BF")
    assert named("Rockets hit the neighbourhood of Bustan in Aleppo, Syria.")["Bustan"][1] == "SY"


def test_the_reading_tells_its_words_and_rule() -> None:
    mention, document = marked("A blast killed [5] people in Quetta, Pakistan.")
    reading = places.read(mention, document, places.Context(document))
    assert reading.start is not None
    assert document.text[reading.start : reading.end] == "Quetta"
    assert reading.rule in places.weights()


def test_nothing_is_looked_for_before_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "find", lambda document: pytest.fail("looked for places"))
    places.Context(Document("Kabul", date(2023, 1, 1), ""))


def sample_mention(document: Document) -> Mention:
    sentence = document.sentences[0] if document.sentences else Sentence(0, 0, 0, 0, "")
    end = min(sentence.end, sentence.start + 2)
    return Mention(sentence, sentence.start, end, 2, 2, "exact", "killed", "person")


PIECES = st.sampled_from(
    [
        "Kyiv",
        "in",
        "12 killed",
        ".",
        "\n",
        "al-",
        "St.",
        "U.S.",
        "’s",
        "of",
        "the",
        "Gaza",
        "KABUL,",
        "north",
        "and",
        "\x00",
        "–",
        "İ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join)))
def test_it_never_raises(text: str) -> None:
    document = Document(text, date(2023, 6, 15), "")
    document.sentences = split(document)
    found = places.read(sample_mention(document), document, places.Context(document)).value
    assert found is None or text[found.start : found.end] == found.text


def test_time_grows_with_the_text_alone() -> None:
    base = "Rockets hit Kharkiv in Ukraine and the village of Foobarka. Officials in Moscow said 12 people died in Belgorod.\n"

    def seconds(copies: int) -> float:
        document = Document(base * copies, date(2023, 6, 15), "")
        document.sentences = split(document)
        start = time.perf_counter()
        context = places.Context(document)
        for s in document.sentences[: 2 * copies : 20]:
            places.read(Mention(s, s.start, s.start + 2, 2, 2, "exact", "killed", "person"), document, context)
        return time.perf_counter() - start

    seconds(10)
    small, large = seconds(100), seconds(1000)
    assert large < 30 * small


def test_the_document_is_read_as_the_extractor_reads_it() -> None:
    assert extractor().prepare(Source("Twelve people were killed in Kabul on Monday.", date(2023, 6, 15))) is not None


@pytest.mark.parametrize(
    ("text", "number", "place"),
    [
        ("The minister said 27 people were killed in Orlu, 10 in Awka and five in Upi.", "10", "Awka"),
        ("The minister said 27 people were killed in Orlu, 10 in Awka and five in Upi.", "five", "Upi"),
        ("The storm killed 23 people in Peru, including 12 in Lima and 8 in Cusco.", "12", "Lima"),
        ("Raids killed 31 people in Yemen. One raid hit a market in Taiz, killing 18.", "31", "Yemen"),
        ("Raids killed 31 people in Yemen. One raid hit a market in Taiz, killing 18.", "18", "Taiz"),
        ("Floods drove 900 families in Kano and Kaduna states from their homes.", "900", "Kano and Kaduna states"),
        ("The strikes left 300 residents of Goma in North Kivu homeless.", "300", "Goma"),
    ],
)
def test_a_count_has_the_place_that_its_own_words_give_it(text: str, number: str, place: str) -> None:
    facts = extractor().read("A day of mourning\n\n" + text, date(2023, 6, 15)).facts
    assert next(f.place for f in facts if f.number_text == number) == place


def test_harm_told_twice_happened_in_the_narrower_place() -> None:
    text = (
        "Raid kills 14 in Nigeria\n\nFourteen people were killed by gunmen in Kano on Monday. Three were killed in Jos."
    )
    facts = extractor().read(text, date(2023, 6, 15)).facts
    assert [f.place for f in facts] == ["Kano", "Kano", "Jos"]
