"""The words of counts: tokens of a sentence, and phrases that stand for a value or a modifier (numbers.yaml)."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.facts import words


class Token(NamedTuple):
    text: str
    lower: str
    start: int
    end: int
    is_digit: bool


_TOKEN = re.compile(
    r"\d{1,3}(?:,\d{3})+(?![\d,]*\d)(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)|\d{1,3}(?: \d{3})*(?: \d00)(?![\d])|\d+(?:\.\d+)?"
    r"|[A-Za-z]+(?:'[A-Za-z]+)?|[^\W\d_]+|\S"
)
_V = words.load("numbers.yaml")
UNITS: dict[str, int] = _V["units"]
TENS: dict[str, int] = _V["tens"]
SCALES: dict[str, int] = _V["scales"] | _V["dozen"]
SHORT_SCALES: dict[str, int] = _V["short_scales"]
FRACTIONS: dict[str, float] = _V["fractions"]
MONTHS = frozenset(_V["months"])


class Phrases:
    """Phrases of several words, each with a meaning; finds the longest that begins or ends at a token."""

    def __init__(self, meanings: dict[str, object]) -> None:
        self.first: dict[str, list[tuple[tuple[str, ...], object]]] = {}
        self.last: dict[str, list[tuple[tuple[str, ...], object]]] = {}
        for phrase, meaning in meanings.items():
            parts = tuple(str(phrase).split())
            self.first.setdefault(parts[0], []).append((parts, meaning))
            self.last.setdefault(parts[-1], []).append((parts, meaning))
        for table in (self.first, self.last):
            for found in table.values():
                found.sort(key=lambda pair: -len(pair[0]))

    def at(self, tokens: Sequence[Token], i: int) -> tuple[int, object] | None:
        """Length and meaning of the longest phrase beginning at i."""
        if i >= len(tokens):
            return None
        for parts, meaning in self.first.get(tokens[i].lower, ()):
            if all(i + k < len(tokens) and tokens[i + k].lower == p for k, p in enumerate(parts)):
                return len(parts), meaning
        return None

    def before(self, tokens: Sequence[Token], i: int) -> tuple[int, object] | None:
        """Length and meaning of the longest phrase that ends right before i."""
        if i <= 0:
            return None
        for parts, meaning in self.last.get(tokens[i - 1].lower, ()):
            j = i - len(parts)
            if j >= 0 and all(tokens[j + k].lower == p for k, p in enumerate(parts)):
                return len(parts), meaning
        return None


def _by_quantifier(lists: dict[str, list[str]]) -> Phrases:
    return Phrases({phrase: quantifier for quantifier, phrases in lists.items() for phrase in phrases})


VAGUE = Phrases(_V["vague"])
MULTIPLES = Phrases(_V["multiples"])
BEFORE = _by_quantifier(_V["before"])
AFTER = _by_quantifier(_V["after"])
BEHIND_NOUN = _by_quantifier(_V["behind_noun"])
PASSED = frozenset(_V["passed"])
RISING = frozenset(_V["rising"])
WITHOUT_NOUN = frozenset(_V["without_noun"])
BETWEEN = Phrases(dict.fromkeys(_V["between"], True))
JOINS = Phrases(dict.fromkeys(_V["joins"], True))


def tokenize(text: str) -> list[Token]:
    return [Token(word := m.group(), word.lower(), *m.span(), word[0].isdecimal()) for m in _TOKEN.finditer(text)]


def is_word(tokens: Sequence[Token], i: int, word: str) -> bool:
    return 0 <= i < len(tokens) and tokens[i].lower == word


def word_at(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].lower if 0 <= i < len(tokens) else ""


def is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and 1800 <= int(text) <= 2099


@lru_cache(maxsize=4096)
def counted(word: str) -> bool:
    """May this word be what a number counts: a person or a harm? Used to tell 2014 people from the year 2014."""
    return words.is_person_noun(word) or word in words.HARM_NOUNS
