"""Which places a document's names mean.

A name that many places bear is settled by its unit word, by the region or country named beside it, by the countries
that the document speaks of, and by size, in one score. A name in an unknown spelling is looked for in those countries
only; what stays unknown (a village, a site) lies where the places named beside it lie.
"""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.facts.gazetteer import Entry, Kind, country_names, gazetteer
from pipeline.facts.model import Document
from pipeline.facts.spelling import key
from pipeline.facts.toponyms import Toponym, names_in, vocabulary, words_of

WELL_KNOWN = 100_000
"""Inhabitants of a city that needs nothing beside it to be taken for one."""
BESIDE = 25
"""Characters between a name and the one that tells in which region or country it lies."""
FLOOR = {"city": 800, "region": 20_000, "area": 3_000_000, "country": 100_000}
"""Inhabitants where the gazetteer knows none."""
LISTED = re.compile(r",? (?:and|or) |, ")
SPOKEN_OF = 0.15
"""A country's share of what the document speaks of, from which an unknown name may lie there."""
JOINED = re.compile(r" (?:and|or) |[-/]")
SMALL_WORD = re.compile(r"\b[a-z]{3,}\b")


HARM = re.compile(
    r"\b(?:kill|dead|die[ds]?\b|death|injur|wound|missing|fle[de]|displac|evacuat|strike|struck|attack|explo|blast|bomb|shell)"
)
"""Words beside which a place is where it happened."""
_WAR = r"invasion|offensive|onslaught|aggression"
WAGED_IN = re.compile(
    rf"\b(?:(?:{_WAR}|wars?|conflict|fighting|operation) (?:in|of|on|against|inside|within|across)|"
    r"invad(?:e|es|ed|ing)|attack(?:s|ed)? on|assault on)(?: the| neighbou?ring)? $",
    re.I,
)
"""Before the country that a war is fought in: `the invasion of Chad`."""
WAGES = re.compile(
    r"(?:['’]s|s['’])?(?: (?!and\b|or\b)[\w-]+){0,2} "
    rf"(?:{_WAR}|war (?:in|on|against)|invaded|invading|invaders?|troops|forces|army)\b",
    re.I,
)
"""After the country that wages it, or whose army fights: `Libya's invasion`, `Libyan troops`."""
CONTEXT = 40
"""Characters on either side of a name that may say so."""
MOST_GROUPS = 60
"""Places of one document that a mention far from their names may still mean."""


@dataclass(slots=True, eq=False)
class Group:
    """A document's names of one place."""

    first: Toponym
    count: int = 0
    in_title: bool = False
    located: Toponym | None = None
    """The first name after a preposition of place."""
    beside_harm: Toponym | None = None
    """The first name so used in a sentence that tells of harm."""
    spelled_out: list[Toponym] = field(default_factory=list)
    """Its names that are no nationalities."""
    waged_in: int = 0
    """How often a war is said to be fought there."""
    wages: int = 0
    """How often it, or its army, is said to fight one."""
    is_frequent: bool = False
    """No other place of its kind is named more often."""

    @property
    def war(self) -> str:
        """What wars have to do with it, as a feature; empty if nothing."""
        if self.wages == self.waged_in:
            return "at war" if self.wages else ""
        return "a war is fought in it" if self.waged_in > self.wages else "it wages a war"


@dataclass(slots=True)
class Found:
    """Everything found in one document."""

    toponyms: list[Toponym] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Country -> how much the document speaks of it."""
    total: float = 0.0
    by_sentence: dict[int, list[Toponym]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[int | str, Group] = field(default_factory=dict)

    def share(self, country: str | None) -> float:
        return self.weights.get(country, 0.0) / self.total if country and self.total else 0.0

    def group(self, t: Toponym) -> Group:
        return self.groups[identity(t)]

    def weigh(self, found: list[Toponym]) -> None:
        self.weights = evidence(found)
        self.total = sum(self.weights.values())


def identity(t: Toponym) -> int | str:
    return t.entry.row if t.entry is not None else key(t.name)


def find(document: Document) -> Found:
    """All place names of a document, in text order, each with its place or without (a site, an unknown village)."""
    names = [t for sentence in document.sentences for t in names_in(sentence, words_of(sentence))]
    result = Found()
    result.weigh(names)
    respell(names, frozenset(c for c in result.weights if result.share(c) > SPOKEN_OF))
    estrange(names, result.weights)
    lower = {w for s in document.sentences for w in SMALL_WORD.findall(s.text)}
    result.toponyms = [t for t in names if believable(t, lower, result.weights)]
    result.weigh(result.toponyms)
    for t, following in zip(result.toponyms, [*result.toponyms[1:], None], strict=False):
        settle(t, following, result)
        result.by_sentence[t.sentence.index].append(t)
    locate_unknown(result)
    result.toponyms = with_pairs(result)
    gather(result)
    return result


def with_pairs(result: Found) -> list[Toponym]:
    """`Nicaragua and Honduras` is a place of its own besides either, its country unknown if they differ."""
    found: list[Toponym] = []
    for t, following in zip(result.toponyms, [*result.toponyms[1:], None], strict=False):
        found.append(t)
        if following is None or following.sentence is not t.sentence or t.adjective or following.adjective:
            continue
        if (
            JOINED.fullmatch(between(t, following))
            and kind_of(t) == kind_of(following)
            and t.entry is not following.entry
        ):
            found.append(pair(t, following))
            result.by_sentence[t.sentence.index].append(found[-1])
    return found


def pair(a: Toponym, b: Toponym) -> Toponym:
    return Toponym(
        a.sentence, a.start, b.end, f"{a.name} and {b.name}", (), country=a.country if a.country == b.country else None,
        unit="pair", before=a.before, after=b.after, first=a.first, last=b.last,
    )  # fmt: skip


def kind_of(t: Toponym) -> str:
    if t.entry is None:
        return f"unknown {t.unit or 'name'}"
    return t.entry.kind


def gather(result: Found) -> None:
    """Group the names by place."""
    most: dict[str, int] = defaultdict(int)
    for t in result.toponyms:
        group = result.groups.setdefault(identity(t), Group(t))
        group.count += 1
        most[kind_of(t)] = max(most[kind_of(t)], group.count)
        at = t.sentence.start
        group.wages += WAGES.match(t.sentence.text, t.end - at, t.end - at + CONTEXT) is not None
        group.waged_in += WAGED_IN.search(t.sentence.text, max(0, t.start - at - CONTEXT), t.start - at) is not None
        if t.adjective:
            continue
        group.spelled_out.append(t)
        group.in_title |= t.sentence.paragraph == 0
        if t.before in vocabulary("locatives"):
            group.located = group.located or t
            if group.beside_harm is None and HARM.search(t.sentence.text.lower()):
                group.beside_harm = t
    for group in result.groups.values():
        group.is_frequent = group.count == most[kind_of(group.first)]


def evidence(found: list[Toponym]) -> dict[str, float]:
    """How much each country is spoken of: by name, by nationality, by places that only it has."""
    weights: dict[str, float] = defaultdict(float)
    for t in found:
        title = 2 if t.sentence.paragraph == 0 else 1
        countries = {e.country for e in t.candidates if e.country}
        if any(e.kind == "country" for e in t.candidates):
            code = next(e.country for e in t.candidates if e.kind == "country")
            weights[code or ""] += title * (0.7 if t.adjective else 1.0)
        elif len(countries) == 1 and max(e.population for e in t.candidates) >= 20_000 and not t.after_name:
            weights[countries.pop()] += title * 0.6
    return weights


def respell(names: list[Toponym], countries: frozenset[str]) -> None:
    """Look unknown names up by their sound, in the countries spoken of."""
    for t in names:
        if not t.candidates and not t.adjective:
            t.candidates = gazetteer().spelled_like(t.name, countries)


def estrange(names: list[Toponym], weights: dict[str, float]) -> None:
    """A small place abroad that bears the name of a village here is not meant: `in Karma, a village in Burkina Faso`."""
    for t in names:
        if t.candidates and not t.adjective and is_cued(t) and not t.after_name and weights:
            known = any(e.country in weights or e.kind in ("country", "area") for e in t.candidates)
            if not known and max(e.population for e in t.candidates) < WELL_KNOWN:
                t.candidates = ()


def believable(t: Toponym, lower: set[str], weights: dict[str, float]) -> bool:
    """Is it a place that is meant, not a word, a person or an organisation of that name?"""
    plain = key(t.name)
    if t.adjective or any(e.kind == "country" for e in t.candidates):
        return not (plain in vocabulary("also_people") and t.after_name)
    cue, alone = is_cued(t), not t.after_name and not t.before_name
    if plain in vocabulary("also_people"):
        return bool(t.candidates) and cue and alone
    if not t.candidates:
        return not t.after_name and (bool(t.unit) or t.after != "'s")
    size = max(e.population for e in t.candidates)
    if any(e.kind == "area" for e in t.candidates) or size >= WELL_KNOWN or (" " in t.name and size >= 15_000):
        return cue or alone or (not t.after_name and any(key(e.name) == plain for e in t.candidates))
    if t.name.lower() in lower:
        return False
    if not any(e.country in weights for e in t.candidates):
        return cue and alone and not weights
    return cue or (alone and (size >= 15_000 or t.before in ("and", "to", "of", "")))


def is_cued(t: Toponym) -> bool:
    """Do the words around say that it is a place?"""
    return bool(t.unit) or t.before in vocabulary("locatives") or t.before in vocabulary("origins")


def settle(t: Toponym, following: Toponym | None, result: Found) -> None:
    """Choose the place among those of the name."""
    if not t.candidates:
        return
    near = following is not None and following.sentence is t.sentence and following.start - t.end <= BESIDE
    beside = following.candidates if near and following is not None else ()
    inside = listed_before(t, result)
    equals = joined(t, following, result)
    t.entry = max(
        t.candidates,
        key=lambda e: (
            plausibility(e, t, beside, result)
            + (2.5 if (e.kind, e.country) in equals else 0.0)
            + (6.0 if any(contains(e, o) for o in inside) else 0.0),
            -e.row,
        ),
    )
    t.country = t.entry.country


def listed_before(t: Toponym, result: Found) -> Sequence[Entry]:
    """What the name before a comma may be: in `Winder, Georgia` the city tells which Georgia, as `Georgia` which Winder."""
    before = result.by_sentence.get(t.sentence.index, [])[-1:]
    apart = bool(before) and between(before[0], t) == ", " and kind_of(before[0]) == "city"
    return [e for e in before[0].candidates if e.kind == "city"] if apart else ()


def joined(t: Toponym, following: Toponym | None, result: Found) -> set[tuple[str, str | None]]:
    """Kinds and countries of the names joined to it by `and` or a comma: `Georgia and Alabama` are of a sort."""
    beside = [o for o in (*result.by_sentence.get(t.sentence.index, [])[-1:], following) if o is not None]
    return {
        (e.kind, e.country)
        for o in beside
        if o.sentence is t.sentence and LISTED.fullmatch(between(o, t))
        for e in (o.candidates if o.entry is None else (o.entry,))
    }


def between(a: Toponym, b: Toponym) -> str:
    """The words between two names of one sentence."""
    first, second = (a, b) if a.start <= b.start else (b, a)
    return first.sentence.text[first.end - first.sentence.start : max(0, second.start - first.sentence.start)]


def plausibility(e: Entry, t: Toponym, beside: Sequence[Entry], result: Found) -> float:
    """How likely a name means this place; one unit is a tenfold of inhabitants."""
    score = math.log10(max(e.population, FLOOR[e.kind]))
    score += 4 * result.share(e.country) + (0.5 if e.country in result.weights else 0)
    score += 1.0 if key(e.name) == key(t.name) else 0.0
    score += {"country": 2.0, "area": 1.5}.get(e.kind, 0.0)
    if t.unit == "region":
        score += 3.0 if e.kind in ("region", "area") else 0.0
    elif e.kind == "region":
        score -= 1.5 if t.unit != "city" else 4.0
    return score + (4.0 if any(contains(b, e) for b in beside) else 0.0)


def contains(larger: Entry, e: Entry) -> bool:
    """Is it the country or the region in which the place lies?"""
    return larger.row != e.row and lies_in(larger.kind, larger.country, larger.region, e)


class Located(Protocol):
    """What lies somewhere: an entry of the gazetteer, a mention's place."""

    @property
    def kind(self) -> Kind | None: ...
    @property
    def country(self) -> str | None: ...
    @property
    def region(self) -> str: ...


def lies_in(kind: Kind | None, country: str | None, region: str, e: Located) -> bool:
    """Does it lie in the country, or in the region of this GeoNames code?"""
    if kind == "country":
        return country == e.country and e.kind != "country"
    return kind == "region" and bool(region) and f"{e.region}.".startswith(f"{region}.")


def locate_unknown(result: Found) -> None:
    """What the gazetteer lacks lies in the country of the places named around it, else in the document's."""
    main = max(result.weights, key=lambda c: result.weights[c], default=None)
    for t in result.toponyms:
        if t.entry is None and not is_border(t.name):
            beside = [o for o in result.by_sentence[t.sentence.index] if o.country and o is not t]
            t.country = min(beside, key=lambda o: (o.adjective, abs(o.start - t.end))).country if beside else main


def is_border(name: str) -> bool:
    """`Armenia-Azerbaijan`: between two countries, in neither."""
    return sum(key(part) in country_names() for part in re.split(r"[-/]", name)) > 1
