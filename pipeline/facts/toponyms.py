"""Where a document names places, and which places they are.

Names are the longest runs of capitalised words that the gazetteer knows, with the words around that say what they are
(`Kherson region`, `the town of Bucha`, `northern Syria`). A name that many places bear is settled by its unit word, by
the region or country named beside it, by the countries that the document speaks of, and by size, in one score.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from pipeline.facts.gazetteer import Entry, country_names, demonyms, gazetteer, load_yaml
from pipeline.facts.model import Document, Sentence
from pipeline.facts.spelling import ARTICLES, key

WORD = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W_]+(?:['\-][^\W_]+)*")
INNER = frozenset(
    [
        "of",
        "de",
        "la",
        "le",
        "du",
        "del",
        "al",
        "el",
        "and",
        "the",
        "ez",
        "da",
        "do",
        "sur",
        "upon",
        "on",
        "das",
        "dos",
        "di",
        "y",
        "i",
        "au",
        "aux",
        "les",
        "los",
        "las",
        "en",
        "az",
        "ar",
        "as",
        "ad",
    ]
)
LONGEST_NAME = 6
"""Words."""
WELL_KNOWN = 100_000
"""Inhabitants of a city that needs nothing beside it to be taken for one."""
CAPITALS_NEEDED = frozenset(
    {"us", "uae", "drc", "car", "prc", "png", "ksa", "dprk", "uk", "usa", "opt", "dpr", "dnr", "lpr", "lnr"}
)


@cache
def vocabulary(name: str) -> frozenset[str]:
    return frozenset(load_yaml("places.yaml")[name])


@dataclass(slots=True)
class Word:
    text: str
    start: int
    """In the document, like all offsets here."""
    end: int
    key: str

    @property
    def capital(self) -> bool:
        return self.text[0].isupper() or (self.text[:2].islower() and "-" in self.text and self._after_article())

    def _after_article(self) -> bool:
        head, _, tail = self.text.partition("-")
        return head in ARTICLES and tail[:1].isupper()


@dataclass(slots=True, eq=False)
class Toponym:
    """A place name as it stands in the text."""

    sentence: Sentence
    start: int
    end: int
    name: str
    """The name alone; start..end takes in units and directions (`northern Idlib province`)."""
    candidates: tuple[Entry, ...]
    entry: Entry | None = None
    country: str | None = None
    unit: str = ""
    """`region` or `city` if a unit word says so, `site` for a named site, else empty."""
    before: str = ""
    """The word before it that places it (`in`, `from`, `by`), lower case; determiners and units skipped."""
    after: str = ""
    """The next word, lower case; `'s` after a possessive."""
    adjective: bool = False
    """A nationality standing for the country (`Syrian`)."""
    dateline: bool = False
    inside: bool = False
    """Part of a longer capitalised name, of a person or an organisation most likely."""
    first: int = 0
    """Number of the word in the sentence at which it starts."""
    last: int = 0


@dataclass(slots=True)
class Gazetted:
    """Everything found in one document."""

    toponyms: list[Toponym] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Country -> how much the document speaks of it."""
    by_sentence: dict[int, list[Toponym]] = field(default_factory=dict)

    def share(self, country: str | None) -> float:
        total = sum(self.weights.values())
        return self.weights.get(country, 0.0) / total if country and total else 0.0


def find(document: Document) -> Gazetted:
    """All place names of a document, in text order, each with its place or without (a site, an unknown village)."""
    found: list[Toponym] = []
    for sentence in document.sentences:
        words = words_of(sentence)
        found += names_in(sentence, words)
    lower = {w for s in document.sentences for w in re.findall(r"\b[a-z]{3,}\b", s.text)}
    result = Gazetted()
    result.weights = evidence(found)
    kept = [t for t in found if believable(t, lower, result.weights, document)]
    result.weights = evidence(kept)
    for t in kept:
        settle(t, kept, result)
    result.toponyms = kept
    for t in kept:
        result.by_sentence.setdefault(t.sentence.index, []).append(t)
    locate_unknown(result)
    return result


def words_of(sentence: Sentence) -> list[Word]:
    words = []
    for m in WORD.finditer(sentence.text):
        text = m.group()
        if text[-2:] in ("'s", "'S"):
            text = text[:-2]
        if text:
            words.append(Word(text, sentence.start + m.start(), sentence.start + m.start() + len(text), text.lower()))
    return words


def names_in(sentence: Sentence, words: list[Word]) -> Iterator[Toponym]:
    shouting = sum(w.text.isupper() for w in words) > 0.7 * len(words) and len(words) > 3
    i = 0
    while i < len(words):
        match = longest(sentence, words, i) if words[i].capital or words[i].text in ARTICLES else None
        if match is None:
            i += 1
            continue
        j, name, candidates, adjective = match
        toponym = Toponym(
            sentence, words[i].start, words[j - 1].end, name, candidates, adjective=adjective, first=i, last=j
        )
        yield dress(toponym, words, shouting)
        i = j


def longest(sentence: Sentence, words: list[Word], i: int) -> tuple[int, str, tuple[Entry, ...], bool] | None:
    """The longest name that starts at word i: (end, name, places of that name, is it a nationality)."""
    known, people = gazetteer(), demonyms()
    for j in reversed(range(i + 1, reach(sentence, words, i) + 1)):
        name = sentence.text[words[i].start - sentence.start : words[j - 1].end - sentence.start]
        plain = key(name)
        if not plain or (j == i + 1 and plain in vocabulary("never") and not is_code(name)):
            continue
        if plain in people:
            return j, name, country_of(people[plain]), True
        if plain.upper() == name.upper() and plain in CAPITALS_NEEDED and not is_code(name):
            continue
        entries = known.named(name) or possessive(plain)
        if entries and len(name) > 1:
            return j, name, entries, False
    return None


def is_code(name: str) -> bool:
    """`US`, `U.S.`, `UAE`: what is a country only in capitals."""
    return name.replace(".", "").isupper() and key(name.replace(".", "")) in CAPITALS_NEEDED


def reach(sentence: Sentence, words: list[Word], i: int) -> int:
    """Up to which word a name that starts at i may run: capitalised words, small ones between them, a space apart."""
    end = i + 1
    for j in range(i + 1, min(len(words), i + LONGEST_NAME)):
        gap = sentence.text[words[j - 1].end - sentence.start : words[j].start - sentence.start]
        if gap != " " and not (gap == ". " and words[j - 1].key in ("st", "mt", "ft", "ste")):
            break
        if words[j].capital:
            end = j + 1
        elif words[j].text not in INNER:
            break
    return end if end == i + 1 or gazetteer().begins(key(words[i].text)) else i + 1


def possessive(plain: str) -> tuple[Entry, ...]:
    """`Syrias` for `Syria's`: scraped text often lost its apostrophes."""
    code = country_names().get(plain[:-1]) if plain.endswith("s") and len(plain) > 4 else None
    return country_of(code) if code else ()


@cache
def country_of(code: str) -> tuple[Entry, ...]:
    name = load_yaml("countries.yaml")[code]["names"][0]
    return tuple(e for e in gazetteer().named(name) if e.kind == "country" and e.country == code)


def dress(t: Toponym, words: list[Word], shouting: bool) -> Toponym:
    """Take in the unit words and directions around, and note what stands before and after."""
    text, base = t.sentence.text, t.sentence.start
    i, j = t.first, t.last
    regions, cities = vocabulary("region_units"), vocabulary("city_units")
    if j < len(words) and text[words[j - 1].end - base : words[j].start - base] == " ":
        unit = words[j].key
        if unit in regions or unit in cities:
            t.unit, t.end, j = ("region" if unit in regions else "city"), words[j].end, j + 1
    if i and words[i - 1].key == "of" and i > 1:
        unit = words[i - 2].key
        if unit in regions or unit in cities:
            t.unit, i = t.unit or ("region" if unit in regions else "city"), i - 2
    elif i and not t.unit and (words[i - 1].key in cities or words[i - 1].key in regions):
        t.unit, i = ("city" if words[i - 1].key in cities else "region"), i - 1
    while i and words[i - 1].key in vocabulary("directions"):
        if not t.unit or words[i].start == t.start:
            t.start = words[i - 1].start
        i -= 1
    while i and (words[i - 1].key in DETERMINERS or words[i - 1].key in vocabulary("directions")):
        i -= 1
    t.before = words[i - 1].key if i else ""
    tail = text[t.end - base : t.end - base + 2]
    t.after = "'s" if tail in ("'s", "'S") else words[j].key if j < len(words) else ""
    t.inside = not shouting and beside_name(t, words, i, j)
    return t


DETERMINERS = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "that",
        "its",
        "their",
        "his",
        "her",
        "our",
        "of's",
        "city's",
        "country's",
        "besieged",
        "embattled",
    ]
)


def beside_name(t: Toponym, words: list[Word], i: int, j: int) -> bool:
    """Does a capitalised word touch it that is neither a place nor a common word: `Paris Hilton`?"""
    text, base = t.sentence.text, t.sentence.start
    known = demonyms()
    if (
        t.first
        and i == t.first
        and words[i - 1].capital
        and text[words[i - 1].end - base : words[i].start - base] == " "
    ):
        w = words[i - 1]
        if w.key not in vocabulary("never") and key(w.text) not in known and not gazetteer().named(w.text):
            return True
    if j < len(words) and words[j].text[0].isupper() and text[words[j - 1].end - base : words[j].start - base] == " ":
        w = words[j]
        return w.key not in vocabulary("sites") and key(w.text) not in known
    return False


def evidence(found: list[Toponym]) -> dict[str, float]:
    """How much each country is spoken of: by name, by nationality, by places that only it has."""
    weights: dict[str, float] = defaultdict(float)
    for t in found:
        title = 2 if t.sentence.paragraph == 0 else 1
        countries = {e.country for e in t.candidates if e.country}
        if any(e.kind == "country" for e in t.candidates):
            code = next(e.country for e in t.candidates if e.kind == "country")
            weights[code or ""] += title * (0.7 if t.adjective else 1.0)
        elif len(countries) == 1 and max(e.population for e in t.candidates) >= 20_000 and not t.inside:
            weights[countries.pop()] += title * 0.6
    return weights


def believable(t: Toponym, lower: set[str], weights: dict[str, float], document: Document) -> bool:
    """Is it a place that is meant, not a word, a person or an organisation of that name?"""
    if t.adjective or any(e.kind in ("country", "area") for e in t.candidates):
        return not (key(t.name) in vocabulary("also_people") and t.inside)
    cue = t.before in vocabulary("locatives") | vocabulary("origins") or bool(t.unit)
    if key(t.name) in vocabulary("also_people"):
        return cue and not t.inside
    size = max(e.population for e in t.candidates)
    several = " " in t.name or "-" in t.name
    if size >= WELL_KNOWN or (several and size >= 15_000):
        return cue or not t.inside
    if t.name.lower() in lower:
        return False
    here = any(e.country in weights for e in t.candidates)
    return here and (cue or (size >= 15_000 and not t.inside) or (t.before in ("and", "to", "of", "") and not t.inside))


def settle(t: Toponym, found: list[Toponym], result: Gazetted) -> None:
    """Choose the place among those of the name."""
    if not t.candidates:
        return
    beside = neighbours(t, found)
    t.entry = max(t.candidates, key=lambda e: (plausibility(e, t, beside, result), -e.row))
    t.country = t.entry.country


def neighbours(t: Toponym, found: list[Toponym]) -> list[Entry]:
    """Places named just after it, as in `Birmingham, Alabama` or `Bucha in the Kyiv region`."""
    near = [o for o in found if o.sentence is t.sentence and 0 < o.start - t.end <= 25]
    return [e for o in near[:1] for e in o.candidates]


def plausibility(e: Entry, t: Toponym, beside: list[Entry], result: Gazetted) -> float:
    score = math.log10(
        max(e.population, {"city": 800, "region": 20_000, "area": 3_000_000, "country": 100_000}[e.kind])
    )
    score += 4 * result.share(e.country) + (0.5 if e.country in result.weights else 0)
    score += 1.0 if key(e.name) == key(t.name) else 0.0
    score += {"country": 2.0, "area": 1.5}.get(e.kind, 0.0)
    if t.unit == "region":
        score += 3.0 if e.kind in ("region", "area") else 0
    elif e.kind == "region":
        score -= 1.5 if t.unit != "city" else 4.0
    for b in beside:
        same_region = b.kind == "region" and b.region and e.region.startswith(b.region) and e.row != b.row
        if same_region or (b.kind == "country" and b.country == e.country and e.kind != "country"):
            return score + 4.0
    return score


def locate_unknown(result: Gazetted) -> None:
    """What the gazetteer lacks lies in the country of the places named around it."""
    main = max(result.weights, key=lambda c: result.weights[c], default=None)
    for t in result.toponyms:
        if t.entry is None:
            near = [o.country for o in result.by_sentence[t.sentence.index] if o.country]
            t.country = near[0] if near else main
