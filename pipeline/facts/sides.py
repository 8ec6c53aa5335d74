"""Whose are the victims: the ISO country of their nationality or force.

It stands in the victims' own words (`Russian troops`, `Palestinians`, `Hamas fighters`, `soldiers from Chad`). A
pronoun (`their fighters`, `its soldiers`) is whoever the words before name as speaking or losing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.facts.gazetteer import country_names, demonyms, load_yaml
from pipeline.facts.model import Document, Mention, Reading
from pipeline.facts.places import Context
from pipeline.facts.spelling import key

WORD = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W_]+(?:['’][^\W_]+)*")
OWN = re.compile(r"^(?:of )?(?:their|its|his|her|our)\b", re.I)
NOT_NATIONALITY = re.compile(
    r"[-‐‑–](?:backed|led|held|installed|born|speaking|occupied|controlled|run|administered|made|based)", re.I
)
MERELY_FOR = re.compile(r"(?:pro|anti|non|ex|un)[-‐‑–]$", re.I)
ELSEWHERE = re.compile(
    r"\b(?:in|into|to|at|near|across|outside|via|through|named|called|not|than)\s+(?:the\s+)?$", re.I
)
"""Before a country: where the victims are or went, what they are called or are not."""
ABBREVIATIONS = frozenset(["us", "uk", "car", "opt", "milf", "eta", "ira", "elf", "npa"])
"""Names only in capitals."""
LONGEST_NAME = 5
"""Words."""
LOOK_BACK = 400
"""Characters before a pronoun in which its owner is looked for."""
SPEAKS = re.compile(
    r"[’']?s?(?: \w+){0,3}? (?:says?|said|has|have|had|admitted|admits|acknowledged?s?|confirmed|confirms|"
    r"claims?|claimed|lost|loses|suffered|reported|reports|announced|announces|put|puts|mourns|mourned|buried)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Name:
    country: str
    start: int
    end: int
    kind: str
    """nationality, country or force."""


@cache
def vocabulary() -> dict[str, tuple[str, str]]:
    """Name by key -> (country, kind)."""
    found = {n: (code, "country") for n, code in country_names().items()}
    found |= {n: (code, "nationality") for n, code in demonyms().items()}
    forces = load_yaml("forces.yaml")
    return found | {key(n): (code, "force") for code, names in forces.items() for n in names}


def read(mention: Mention, document: Document, context: Context) -> Reading[str | None]:
    """The country of the victims' side, null if it is not told or there are several."""
    if mention.victims_start is None or mention.victims_end is None:
        return Reading(None, "no victims named")
    start, end = mention.victims_start, mention.victims_end
    named = list(names(document.text, start, end))
    countries = {n.country for n in named}
    if len(countries) == 1:
        return Reading(named[0].country, f"victims' {named[0].kind}", named[0].start, named[0].end)
    if countries:
        return Reading(None, "victims of several sides", named[0].start, named[-1].end)
    if OWN.match(document.text[start:end]):
        return owner(document.text, start)
    return Reading(None, "side not told")


def names(text: str, start: int, end: int) -> Iterator[Name]:
    """Nationalities, countries and forces named between two offsets, longest first."""
    words = [(start + m.start(), start + m.end()) for m in WORD.finditer(text[start:end])]
    i = 0
    while i < len(words):
        name, i = longest(text, words, i)
        if name is not None:
            yield name


def longest(text: str, words: list[tuple[int, int]], i: int) -> tuple[Name | None, int]:
    for j in range(min(len(words), i + LONGEST_NAME), i, -1):
        a, b = words[i][0], words[j - 1][1]
        if text[b - 2 : b] in ("'s", "’s"):
            b -= 2
        known = vocabulary().get(key(text[a:b])) if text[a].isupper() or text[a:b].startswith(("al", "anti")) else None
        if known and not disowned(text, a, b):
            return Name(known[0], a, b, known[1]), j
    return None, i + 1


def disowned(text: str, start: int, end: int) -> bool:
    """`Russian-backed`, `pro-Russian`, `refugees in Lebanon`, `not Ukrainian`: no nationality of who is counted."""
    before = text[max(0, start - 20) : start]
    if NOT_NATIONALITY.match(text, end) or MERELY_FOR.search(before) or ELSEWHERE.search(before):
        return True
    return key(text[start:end]) in ABBREVIATIONS and not text[start:end].replace(".", "").isupper()


def owner(text: str, start: int) -> Reading[str | None]:
    """The last named side before a pronoun that speaks or suffers there; else unknown."""
    floor = max(0, start - LOOK_BACK)
    for name in reversed(list(names(text, floor, start))):
        if SPEAKS.match(text, name.end):
            return Reading(name.country, f"pronoun for the {name.kind} that speaks", name.start, name.end)
    return Reading(None, "pronoun without a named side")
