"""Keys under which spellings of one name meet: `Deir ez-Zor`, `Dayr az-Zawr`; `Kharkov`, `Kharkiv`.

Two keys by rule, used alike when the gazetteer is built and when a text is read. `key` undoes typography: case,
accents, apostrophes, hyphens, the forms of the Arabic article, abbreviations. `skeleton` undoes transliteration: it
keeps the consonants, merged where scripts are written in Latin letters in several ways. A skeleton alone proves little;
`alike` tells whether two names of one skeleton may be the same.
"""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

APOSTROPHES = re.compile("[’'`‘´ʻʼʽʾʿ′＇]")
NOT_LETTERS = re.compile(r"[^a-z0-9]+")
LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ə": "a", "ħ": "h"}
)
ARTICLES = frozenset(
    ("al", "el", "ad", "ar", "as", "ash", "at", "az", "an", "ed", "er", "es", "esh", "et", "ez", "en", "ul", "ur", "us", "ush",
     "ath", "adh")
)  # fmt: skip
"""The Arabic article before sun letters is written as it is spoken."""
ABBREVIATIONS = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
DIGRAPHS = (
    ("dzh", "j"), ("sch", "s"), ("tch", "c"), ("shch", "s"), ("kh", "h"), ("gh", "g"), ("zh", "z"), ("sh", "s"),
    ("ch", "c"), ("dj", "j"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("ck", "k"), ("ts", "s"), ("tz", "s"), ("q", "k"),
    ("w", "v"), ("x", "ks"),
)  # fmt: skip
VOWELS = frozenset("aeiouy")
CASE_ENDINGS = re.compile(r"(ii|iy|yi|yy|ij|yj|y|i)\b")


@lru_cache(maxsize=65536)
def key(name: str) -> str:
    """Lower case, no accents or apostrophes, words parted by one space: `Ash-Shaykh Miskīn` -> `al shaykh miskin`."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    plain = "".join(c for c in APOSTROPHES.sub("", decomposed) if not unicodedata.combining(c))
    words = NOT_LETTERS.sub(" ", plain).split()
    last = len(words) - 1
    merged = [
        "al" if w in ARTICLES and i < last else ABBREVIATIONS.get(w, w) if last else w for i, w in enumerate(words)
    ]
    return " ".join(merged)


@lru_cache(maxsize=65536)
def skeleton(name: str) -> str:
    """The consonants of a name, articles left out: `Kharkov` and `Kharkiv` -> `hrkv`; the first vowel stands as `a`."""
    words = [w for w in key(name).split() if w != "al"]
    bones: list[str] = []
    for letter in _merged("".join(words)):
        if letter in VOWELS:
            letter = "" if bones else "a"
        if letter and (not bones or bones[-1] != letter):
            bones.append(letter)
    whole = "".join(bones)
    return whole[:-1] if len(whole) > 2 and whole[-1] == "h" else whole


def east_slavic_skeletons(bones: str) -> list[str]:
    """The same name in the neighbour's language: `Chernigov`, `Chernihiv`; `Kremenchug`, `Kremenchuk`."""
    found = {bones.replace("g", "h"), bones[:-1] + "k" if bones.endswith("g") else bones}
    return sorted(b for b in found - {bones} if len(b) > 2)


ALIKE = 0.68
"""Share of letters, in order, that two spellings of a name have in common."""


def alike(a: str, b: str) -> bool:
    """May two names of the same skeleton be one name? They share most letters once transliteration is undone."""
    x, y = _merged(key(a).replace("al ", "").replace(" ", "")), _merged(key(b).replace("al ", "").replace(" ", ""))
    return SequenceMatcher(None, x, y, autojunk=False).ratio() >= ALIKE


def _merged(word: str) -> str:
    for written, sound in DIGRAPHS:
        word = word.replace(written, sound)
    return (
        word.replace("iy", "i")
        .replace("yi", "i")
        .replace("ou", "u")
        .replace("oo", "u")
        .replace("ee", "i")
        .replace("y", "i")
    )
