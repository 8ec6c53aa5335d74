"""Where a text names places: the names, and the words around that say what they are.

Names are the longest runs of capitalised words that the gazetteer knows, with their units and directions (`Kherson
region`, `the town of Bucha`, `northern Syria`); and capitalised words that it does not know where the words around
say that it is a place (`the village of Tall Tawil`, `at Mallah Farms`). Which place is meant: settling.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.facts.gazetteer import Entry, country_names, demonyms, gazetteer, load_yaml
from pipeline.facts.model import Sentence
from pipeline.facts.spelling import ARTICLES, key

# A word, or initials (`U.S.`): alternatives that part early, for this reads every word of a text.
WORD = re.compile(r"[^\W_](?:(?<=[A-Za-z])\.(?:[A-Za-z]\.)+|[^\W_]*(?:['\-][^\W_]+)*)")
INNER = frozenset(
    ("of", "de", "la", "le", "du", "del", "al", "el", "and", "the", "ez", "da", "do", "sur", "upon", "on", "das", "dos", "di", "y",
     "i", "au", "aux", "les", "los", "las", "en", "az", "ar", "as", "ad")
)  # fmt: skip
"""Small words inside names."""
DESCRIBES = re.compile(r"[a-z]{3,}-[a-z]{3,}$")
"""`rebel-held`, `Kurdish-led`."""
LONGEST_NAME = 6
"""Words."""
CAPITALS_NEEDED = frozenset(
    {"us", "uae", "drc", "car", "prc", "png", "ksa", "dprk", "uk", "usa", "opt", "dpr", "dnr", "lpr", "lnr"}
)


@cache
def vocabulary(name: str) -> frozenset[str]:
    return frozenset(load_yaml("places.yaml")[name])


class Word(NamedTuple):
    text: str
    start: int
    """In the document, like all offsets here."""
    end: int
    key: str
    """Lower case."""
    capital: bool
    """Begins with a capital, or with an Arabic article and a capital (`al-Bab`)."""


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
    after_name: bool = False
    """A capitalised word touches it from before: a person's first name or title most likely (`Paris` in `Mr Paris`)."""
    before_name: bool = False
    """A capitalised word follows: a surname or an office (`Paris Hilton`, `Texas Rangers`)."""
    used: list[str] | None = None
    """How the words around use it, as features; worked out once by places.py."""
    first: int = 0
    """Number of the word in the sentence at which it starts."""
    last: int = 0


def words_of(sentence: Sentence) -> list[Word]:
    words, base = [], sentence.start
    for m in WORD.finditer(sentence.text):
        text, lower, capital = _spelled(m.group())
        if text:
            start = base + m.start()
            words.append(Word(text, start, start + len(text), lower, capital))
    return words


@lru_cache(maxsize=50_000)
def _spelled(written: str) -> tuple[str, str, bool]:
    """The word without a possessive, in lower case, and whether it counts as capitalised."""
    text = written[:-2] if written[-2:] in ("'s", "'S") else written
    return text, text.lower(), text[:1].isupper() or ("-" in text and follows_article(text))


def follows_article(word: str) -> bool:
    head, _, tail = word.partition("-")
    return head in ARTICLES and tail[:1].isupper()


Match = tuple[int, str, tuple[Entry, ...], bool]
"""End (number of the word after), name, the places of that name, is it a nationality."""


def names_in(sentence: Sentence, words: list[Word]) -> Iterator[Toponym]:
    """Names of a sentence; in capitals throughout or in title case, unknown names are not guessed at."""
    capitals = sum(w.capital for w in words)
    if not capitals:
        return
    shouting = len(words) > 3 and sum(w.text.isupper() for w in words) > 0.7 * len(words)
    titled = capitals > 0.6 * len(words)
    i = 0
    while i < len(words):
        match = None
        if words[i].capital or words[i].text in ARTICLES:
            match = longest(sentence, words, i) or (None if shouting else stranger(sentence, words, i, titled))
        if match is None:
            i += 1
            continue
        j, name, candidates, adjective = match
        at = words[i].start
        toponym = Toponym(sentence, at, at + len(name), name, candidates, adjective=adjective, first=i, last=j)
        yield dress(toponym, words, shouting)
        i = j


def longest(sentence: Sentence, words: list[Word], i: int) -> Match | None:
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
        if len(name) > 1 and (entries := known.named(name)):
            return j, name, entries, False
        if entries := possessive(plain):
            return j, name[:-1], entries, False
    return None


def is_code(name: str) -> bool:
    """`US`, `U.S.`, `UAE`: what is a country only in capitals."""
    return name.replace(".", "").isupper() and key(name.replace(".", "")) in CAPITALS_NEEDED


def reach(sentence: Sentence, words: list[Word], i: int) -> int:
    """Up to which word a name that starts at i may run: capitalised words, small ones between them, a space apart."""
    end, first = i + 1, words[i].text
    for j in range(i + 1, min(len(words), i + LONGEST_NAME)):
        gap = sentence.text[words[j - 1].end - sentence.start : words[j].start - sentence.start]
        if gap != " " and not (gap == ". " and words[j - 1].key in ("st", "mt", "ft", "ste")):
            if gap != "'s " or j > i + 1:
                break
            first += "s"
        if words[j].capital:
            end = j + 1
        elif words[j].text not in INNER:
            break
    return end if end == i + 1 or gazetteer().begins(opening(first)) else i + 1


def opening(word: str) -> str:
    """The key of a name's first word, others following."""
    return key(word + " x")[:-2]


def stranger(sentence: Sentence, words: list[Word], i: int, titled: bool) -> Match | None:
    """A name that the gazetteer lacks, where a unit, a site or a preposition of place says that it is one."""
    if words[i].key in vocabulary("never") or key(words[i].text) in demonyms() or DESCRIBES.search(words[i].text):
        return None
    j = run(sentence, words, i)
    named = words[i:j]
    if len(named) > 1 and is_unit(named[-1]):
        found = True
    elif j < len(words) and is_unit(words[j]) and not titled and words[j].start == words[j - 1].end + 1:
        found = i > 0
    elif i > 1 and words[i - 1].key == "of" and is_unit(words[i - 2]):
        found = True
    else:
        aside = titled or (i > 1 and words[i - 2].capital)
        found = i > 0 and words[i - 1].key in PLACING and not aside and not words[i].text.isupper()
    name = sentence.text[words[i].start - sentence.start : words[j - 1].end - sentence.start]
    return (j, name, (), False) if found and len(name) > 2 else None


PLACING = frozenset(["in", "near", "at", "outside", "village", "town", "around", "mount"])
"""Words after which a capitalised word is a place, be it unknown."""


def is_unit(word: Word) -> bool:
    return word.key in units()


@cache
def units() -> frozenset[str]:
    return vocabulary("region_units") | vocabulary("city_units") | vocabulary("sites")


def run(sentence: Sentence, words: list[Word], i: int) -> int:
    """End of the capitalised words from i on, one space apart."""
    j = i + 1
    while j < len(words) and j < i + LONGEST_NAME and words[j].capital and words[j].start == words[j - 1].end + 1:
        j += 1
    return j


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
        elif unit in vocabulary("sites") and not t.adjective:
            t.unit, t.end, j = "site", words[j].end, j + 1
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
    if not shouting:
        t.after_name, t.before_name = follows_name(t, words, i), precedes_name(t, words, j)
    return t


DETERMINERS = frozenset(
    ("the", "a", "an", "this", "that", "its", "their", "his", "her", "our", "city's", "country's", "besieged", "embattled")
)  # fmt: skip


def follows_name(t: Toponym, words: list[Word], i: int) -> bool:
    """Does a capitalised word touch it from before that is neither a place nor a common word?"""
    if not t.first or i != t.first or not words[i - 1].capital or words[i - 1].end + 1 != words[i].start:
        return False
    w = words[i - 1]
    return w.key not in vocabulary("never") and key(w.text) not in demonyms() and not gazetteer().named(w.text)


def precedes_name(t: Toponym, words: list[Word], j: int) -> bool:
    if j >= len(words) or not words[j].text[0].isupper() or words[j - 1].end + 1 != words[j].start:
        return False
    return not is_unit(words[j]) and key(words[j].text) not in demonyms()
