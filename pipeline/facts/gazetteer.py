"""The places of the world by name: countries, their regions and districts, cities, and areas of the news.

The tables (data/*.tsv.gz, built by tools/build_gazetteer.py) stay as two blocks of bytes, searched by bisection:
loading takes a tenth of a second and some 30 MB; a name becomes Python objects only when a text asks for it.
"""

import gzip
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy
import yaml

from pipeline.facts.spelling import alike, east_slavic_skeletons, key, skeleton

DATA = Path(__file__).parent / "data"
EAST_SLAVIC = frozenset(["UA", "RU", "BY"])
Kind = Literal["city", "region", "country", "area"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of the gazetteer."""

    row: int
    place_id: int | None
    """GeoNames id; null for areas that GeoNames lacks."""
    name: str
    kind: Kind
    country: str | None
    """ISO 3166-1 alpha-2; null for areas that span several."""
    region: str
    """GeoNames code of the region it lies in, or is (`UA.08`, district `UA.08.6510`); empty for countries, areas."""
    latitude: float
    longitude: float
    population: int
    """0 if not known."""

    @property
    def level(self) -> int:
        """How large it is by kind: 0 area or country, 1 first-level region, 2 district, 3 city."""
        if self.kind == "city":
            return 3
        return self.region.count(".") if self.kind == "region" and self.region else 0


class Lines:
    """Lines of a gzipped file, reached by number."""

    def __init__(self, path: Path) -> None:
        self.blob = gzip.decompress(path.read_bytes())
        ends = numpy.flatnonzero(numpy.frombuffer(self.blob, dtype=numpy.uint8) == 10).astype(numpy.uint32)
        self.starts = numpy.concatenate([numpy.zeros(1, dtype=numpy.uint32), ends + 1])

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, i: int) -> bytes:
        return self.blob[self.starts[i] : self.starts[i + 1] - 1]


class Gazetteer:
    def __init__(self, folder: Path = DATA) -> None:
        self.places = Lines(folder / "places.tsv.gz")
        self.names = Lines(folder / "names.tsv.gz")
        self.named = lru_cache(maxsize=50_000)(self._named)
        self.rows = lru_cache(maxsize=50_000)(self._rows)
        self.entry = lru_cache(maxsize=50_000)(self._entry)
        self.begins = lru_cache(maxsize=50_000)(self._begins)

    def _named(self, name: str) -> tuple[Entry, ...]:
        """Every place that bears this name, whatever its spelling's typography."""
        return tuple(self.entry(row) for row in self.rows(key(name)))

    def spelled_like(self, name: str, countries: frozenset[str]) -> tuple[Entry, ...]:
        """Places of these countries whose name may be this one in another transliteration."""
        bones = skeleton(name)
        rows = list(self.rows("~" + bones)) if len(bones) > 2 else []
        east_slavic = countries & EAST_SLAVIC
        found = {r: None for r in rows if self.entry(r).country in countries}
        for other in east_slavic_skeletons(bones) if east_slavic else ():
            found |= {r: None for r in self.rows("~" + other) if self.entry(r).country in east_slavic}
        return tuple(self.entry(r) for r in found if alike(name, self.entry(r).name))

    def _rows(self, wanted: str) -> tuple[int, ...]:
        prefix = wanted.encode("utf8") + b"\t"
        line = self._first_from(prefix)
        return tuple(map(int, line[len(prefix) :].split(b","))) if line.startswith(prefix) else ()

    def _begins(self, wanted: str) -> bool:
        """Does a name of several words begin with these?"""
        prefix = wanted.encode("utf8") + b" "
        return self._first_from(prefix).startswith(prefix)

    def _first_from(self, prefix: bytes) -> bytes:
        i = bisect_left(range(len(self.names)), prefix, key=lambda i: self.names[i])
        return self.names[i] if i < len(self.names) else b""

    def _entry(self, row: int) -> Entry:
        place_id, name, kind, country, region, latitude, longitude, population = (
            self.places[row].decode("utf8").split("\t")
        )
        return Entry(
            row, int(place_id) if place_id else None, name, kind, country or None, region,  # type: ignore[arg-type]
            float(latitude), float(longitude), int(population),
        )  # fmt: skip


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer()


@cache
def load_yaml(name: str) -> Any:
    return yaml.load((DATA / name).read_text("utf8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def demonyms() -> dict[str, str]:
    """Words for a nationality, by key -> country: `afghan`, `afghans`, `south korean` ..."""
    people = {code: entry["people"] for code, entry in load_yaml("countries.yaml").items()}
    words = {form: code for code, listed in people.items() for p in listed for form in forms(p)}
    return {form: code for form, code in words.items() if form not in country_names()}


def forms(people: str) -> Iterator[str]:
    word = key(people)
    yield word
    if not word.endswith(("ish", "ese", "ss", "ch", "men", "man")):
        yield word + "s"


@cache
def capitals() -> dict[str, str]:
    """Seats of government, by key -> country."""
    return {key(e["capital"]): code for code, e in load_yaml("countries.yaml").items() if "capital" in e}


@cache
def country_names() -> dict[str, str]:
    return {key(n): code for code, e in load_yaml("countries.yaml").items() for n in e["names"]}
