"""Counts in English text: what they are worth, and how exact they claim to be.

Reads digits, words, scales, ranges, orders of magnitude (`dozens`, `several hundred`), shares of a stated whole, and the
modifiers around them. What plainly counts something else than people (years, dates, ages, money, distances, times,
percentages, names) is not returned. The values are those of docs/facts.md.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from pipeline.facts import words
from pipeline.records import Quantifier


@dataclass(frozen=True, slots=True)
class Number:
    """A count; offsets are those of the text it was read from."""

    start: int
    end: int
    """With modifiers: `at least 227`."""
    core_start: int
    core_end: int
    """Without: `227`."""
    low: int | None
    high: int | None
    quantifier: Quantifier
    kind: str
    """digits, word, vague, range, fraction"""


class _Token(NamedTuple):
    text: str
    lower: str
    start: int
    end: int
    is_digit: bool


@dataclass(frozen=True, slots=True)
class _Value:
    low: int
    high: int
    stop: int
    """Index of the token after the last."""
    kind: str
    rounded: bool = False
    """Vague by nature, so that without a modifier it is `about`."""
    scaled: bool = False


_TOKEN = re.compile(
    r"\d{1,3}(?:,\d{3})+(?![\d,]*\d)(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)|\d{1,3}(?: \d{3})*(?: \d00)(?![\d])|\d+(?:\.\d+)?"
    r"|[A-Za-z]+(?:'[A-Za-z]+)?|[^\W\d_]+|\S"
)
_V = words.load("numbers.yaml")
_UNITS: dict[str, int] = _V["units"]
_TENS: dict[str, int] = _V["tens"]
_SCALES: dict[str, int] = _V["scales"] | _V["dozen"]
_SHORT: dict[str, int] = _V["short_scales"]
_FRACTIONS: dict[str, float] = _V["fractions"]
_MONTHS = frozenset(_V["months"])
_MEASURES = frozenset(_V["measures"])
_CURRENCIES = frozenset(_V["currencies"])
_NAMERS = frozenset(_V["namers"])
_YEAR_AFTER = frozenset(_V["year_after"])


class _Phrases:
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

    def at(self, tokens: Sequence[_Token], i: int) -> tuple[int, object] | None:
        """Length and meaning of the longest phrase beginning at i."""
        if i >= len(tokens):
            return None
        for parts, meaning in self.first.get(tokens[i].lower, ()):
            if all(i + k < len(tokens) and tokens[i + k].lower == p for k, p in enumerate(parts)):
                return len(parts), meaning
        return None

    def before(self, tokens: Sequence[_Token], i: int) -> tuple[int, object] | None:
        """Length and meaning of the longest phrase that ends right before i."""
        if i <= 0:
            return None
        for parts, meaning in self.last.get(tokens[i - 1].lower, ()):
            j = i - len(parts)
            if j >= 0 and all(tokens[j + k].lower == p for k, p in enumerate(parts)):
                return len(parts), meaning
        return None


def _by_quantifier(lists: dict[str, list[str]]) -> _Phrases:
    return _Phrases({phrase: quantifier for quantifier, phrases in lists.items() for phrase in phrases})


_VAGUE = _Phrases(_V["vague"])
_MULTIPLES = _Phrases(_V["multiples"])
_BEFORE = _by_quantifier(_V["before"])
_AFTER = _by_quantifier(_V["after"])
_BETWEEN = _Phrases(dict.fromkeys(_V["between"], True))
_JOINS = _Phrases(dict.fromkeys(_V["joins"], True))


_BEGINNINGS = frozenset((*_UNITS, *_TENS, *_SCALES, *_VAGUE.first, *_MULTIPLES.first, "a", "an", "one", "half"))


def find_numbers(text: str) -> list[Number]:
    """All counts in a sentence, in order, none overlapping."""
    return list(_found(text))


@lru_cache(maxsize=2048)
def _found(text: str) -> tuple[Number, ...]:
    """Asked before a sentence is parsed and again after."""
    tokens = _tokenize(text)
    found: list[Number] = []
    i = 0
    while i < len(tokens):
        if not tokens[i].is_digit and tokens[i].lower not in _BEGINNINGS:
            i += 1
            continue
        share = _share(tokens, i)
        value = _value(tokens, i) if share is None else None
        if share is None and value is None:
            i += 1
            continue
        i, number = share or _finish(tokens, i, value, found)  # type: ignore[arg-type]
        if number is not None:
            found.append(number)
    return tuple(found)


def _tokenize(text: str) -> list[_Token]:
    return [_Token(word := m.group(), word.lower(), *m.span(), word[0].isdecimal()) for m in _TOKEN.finditer(text)]


def _finish(tokens: list[_Token], i: int, value: _Value, found: list[Number]) -> tuple[int, Number | None]:
    """The whole number that begins with a value, and where to read on."""
    value, is_range = _range(tokens, i, value)
    value = replace(value, stop=_repeated(tokens, value)) if value.kind == "word" else value
    if _is_ratio(tokens, i, value.stop):
        whole = _value(tokens, value.stop + 2) if _is(tokens, value.stop + 1, "of") else None
        return whole.stop if whole else value.stop + 2, None
    if _names_something_else(tokens, i, value.stop, is_range or value.scaled):
        return value.stop, None
    begin, quantifier = _modifier_before(tokens, i)
    stop, after = _modifier_after(tokens, value.stop)
    if after is not None and quantifier in (None, "exact", "about"):
        quantifier = after
    elif after is not None:
        stop = value.stop
    if found and tokens[begin].start < found[-1].end:
        begin = i
    low, high, final = _bounds(value, quantifier, is_range)
    span = tokens[begin].start, tokens[stop - 1].end, tokens[i].start, tokens[value.stop - 1].end
    return stop, Number(*span, low, high, final, "range" if is_range else value.kind)


def _bounds(value: _Value, quantifier: str | None, is_range: bool) -> tuple[int | None, int | None, Quantifier]:
    if quantifier == "at_least":
        return value.low, None, "at_least"
    if quantifier == "at_most":
        return None, value.high, "at_most"
    if is_range:
        return value.low, value.high, "range"
    return value.low, value.high, "about" if quantifier == "about" or value.rounded else "exact"


# --- values -----------------------------------------------------------------------------------------------------------


def _value(tokens: list[_Token], i: int) -> _Value | None:
    """The value that begins at a token, without modifiers and ranges."""
    if tokens[i].is_digit:
        return _digits(tokens, i)
    return _multiple(tokens, i) or _vague(tokens, i) or _halves(tokens, i) or _spelled(tokens, i)


def _digits(tokens: list[_Token], i: int) -> _Value | None:
    text = tokens[i].text.replace(",", "").replace(" ", "")
    if len(text) > 12 or _glued_before(tokens, i):
        return None
    amount, stop = float(text), i + 1
    if _is_dotted_thousands(tokens, i):
        return _Value(thousands := int(text.replace(".", "")), thousands, stop, "digits")
    factor, stop, scaled = _scales_after(tokens, stop, glued=True)
    if "." in text and not scaled:
        return None
    total = round(amount * factor)
    if scaled and _is(tokens, stop, "and") and _is(tokens, stop + 1, "a") and _is(tokens, stop + 2, "half"):
        total, stop = total + factor // 2, stop + 3
    return _Value(total, total, stop, "digits", scaled=scaled) if total > 0 else None


def _is_dotted_thousands(tokens: list[_Token], i: int) -> bool:
    """`12.000 people`: the full stop groups thousands where people are counted."""
    whole, _, group = tokens[i].text.partition(".")
    return len(group) == 3 and whole != "0" and len(whole) < 4 and i + 1 < len(tokens) and counted(tokens[i + 1].lower)


def _scales_after(tokens: list[_Token], i: int, glued: bool = False) -> tuple[int, int, bool]:
    """Product of the scale words at i; `glued` allows `4m` and `10k`."""
    factor, stop = 1, i
    if glued and i < len(tokens) and tokens[i].lower in _SHORT and tokens[i].start == tokens[i - 1].end:
        if i + 1 < len(tokens) and tokens[i + 1].start == tokens[i].end and tokens[i + 1].lower not in ",.;:)'\"":
            return 1, i, False
        return _SHORT[tokens[i].lower], i + 1, True
    if _is(tokens, i, "[") and _is(tokens, i + 2, "]") and tokens[i + 1].lower in _SCALES:
        return _SCALES[tokens[i + 1].lower], i + 3, True
    while stop < len(tokens) and tokens[stop].lower in _SCALES:
        factor *= _SCALES[tokens[stop].lower]
        stop += 1
    return factor, stop, stop > i


def _spelled(tokens: list[_Token], i: int) -> _Value | None:
    """`nine`, `two hundred and fifty`, `a million and a half`, `sixty nine`, `two dozen`."""
    first = tokens[i].lower
    if first in ("one", "two", "three") and _is(tokens, i + 1, "-") and _lower(tokens, i + 2) in _SCALES:
        tokens[i + 1 : i + 2] = []  # `one-hundred`
    if first in ("a", "an") and i + 1 < len(tokens) and tokens[i + 1].lower in _SCALES:
        total, stop, scaled = _compose(tokens, i + 1, 1)
    elif first in _UNITS or first in _TENS or first in ("hundred", "thousand"):
        total, stop, scaled = _compose(tokens, i, 0)
    else:
        return None
    rounded = tokens[stop - 1].lower == "dozen"
    if scaled and _is(tokens, stop, "and") and _is(tokens, stop + 1, "a") and _is(tokens, stop + 2, "half"):
        total, stop = total + _SCALES.get(tokens[stop - 1].lower, 0) // 2, stop + 3
    return _Value(total, total, stop, "word", rounded=rounded, scaled=scaled) if total > 0 else None


def _compose(tokens: list[_Token], i: int, start: int) -> tuple[int, int, bool]:
    """Sum of number words from i on: value, index after, whether a scale word took part."""
    total, current, scaled, last = 0, start, False, ""
    while i < len(tokens):
        word = tokens[i].lower
        if word in _SCALES:
            scale, scaled = _SCALES[word], True
            current = max(current, 1) * scale
            if scale >= 1000:
                total, current = total + current, 0
            last = "scale"
        elif word in _TENS and last in ("", "scale", "and"):
            current, last = current + _TENS[word], "tens"
        elif (word in _UNITS and last in ("", "scale", "and")) or (
            word in _UNITS and last == "tens" and _UNITS[word] < 10
        ):
            current, last = current + _UNITS[word], "unit"
        elif word == "and" and last == "scale" and i + 1 < len(tokens) and tokens[i + 1].lower in (_UNITS | _TENS):
            last = "and"
        elif not (word == "-" and last == "tens" and i + 1 < len(tokens) and tokens[i + 1].lower in _UNITS):
            break
        i += 1
    return total + current, i, scaled


def _halves(tokens: list[_Token], i: int) -> _Value | None:
    """`half a million`, `half a dozen`, `a quarter of a million`, `one and a half million`."""
    j = i + (tokens[i].lower in ("a", "one"))
    share = {"half": 0.5, "quarter": 0.25}.get(tokens[j].lower) if j < len(tokens) else None
    k = j + 1 + _is(tokens, j + 1, "of")
    if share and _is(tokens, k, "a") and k + 1 < len(tokens) and tokens[k + 1].lower in _SCALES:
        amount = round(share * _SCALES[tokens[k + 1].lower])
        return _Value(amount, amount, k + 2, "word", rounded=tokens[k + 1].lower == "dozen", scaled=True)
    if tokens[i].lower in _UNITS and all(_is(tokens, i + n, w) for n, w in ((1, "and"), (2, "a"), (3, "half"))):
        factor, stop, scaled = _scales_after(tokens, i + 4)
        if scaled:
            amount = round((_UNITS[tokens[i].lower] + 0.5) * factor)
            return _Value(amount, amount, stop, "word", scaled=True)
    return None


def _multiple(tokens: list[_Token], i: int) -> _Value | None:
    """`several hundred`, `a few dozen`, `many thousands`: the factor's bounds times the scale."""
    found = _MULTIPLES.at(tokens, i)
    if found is None:
        return None
    length, factors = found
    word = tokens[i + length].lower.removesuffix("s") if i + length < len(tokens) else ""
    if word not in _SCALES:
        return None
    low, high = _pair(factors)
    scale = _SCALES[word]
    stop = i + length + 1
    if _is(tokens, stop, "thousand") and scale == 100:
        scale, stop = scale * 1000, stop + 1
    top = high * scale if low == high else min((high + 1) * scale - 1, 99 if scale == 12 else (high + 1) * scale - 1)
    return _Value(low * scale, top, stop, "vague", rounded=True, scaled=True)


def _pair(bounds: Any) -> tuple[int, int]:
    low, high = bounds
    return low, high


def _vague(tokens: list[_Token], i: int) -> _Value | None:
    found = _VAGUE.at(tokens, i)
    if found is None or _is(tokens, i + found[0], "-"):
        return None
    low, high = _pair(found[1])
    return _Value(low, high, i + found[0], "vague", rounded=True)


# --- ranges, shares, modifiers ----------------------------------------------------------------------------------------


def _range(tokens: list[_Token], i: int, value: _Value) -> tuple[_Value, bool]:
    """`20 to 30`, `between 20 and 30`, `1 to 2 million`, `dozens or even hundreds`."""
    join = _JOINS.at(tokens, value.stop)
    length = join[0] if join else 0
    if not join and _is(tokens, i - 1, "between") and _is(tokens, value.stop, "and"):
        length = 1
    other = _value(tokens, value.stop + length) if length and value.stop + length < len(tokens) else None
    if other is None or (_is(tokens, value.stop, "to") and _is(tokens, i - 1, "from")):
        return value, False
    low, high = value.low, other.high
    if other.scaled and not value.scaled and value.kind == "digits" and value.low < 1000:
        low = value.low * _scale_of(tokens, other.stop)
    elif value.low < 1000 <= other.low and value.low * 1000 < other.low and other.low % 1000 == 0:
        low = value.low * 1000
    if not low < high or (high > 20 * low and not value.rounded) or not _plausible_range(tokens, value, other):
        return value, False
    return _Value(low, high, other.stop, "range", scaled=value.scaled or other.scaled), True


def _plausible_range(tokens: list[_Token], value: _Value, other: _Value) -> bool:
    """`2 or 3` and `dozens or hundreds`, but not `died in 2014 to 300` nor `one to 12`."""
    if _is(tokens, value.stop, "or"):
        return other.high <= 3 * value.high or value.rounded
    return not (_is_year(tokens[value.stop - 1].text) and _is_year(tokens[other.stop - 1].text))


def _scale_of(tokens: list[_Token], stop: int) -> int:
    factor = 1
    while tokens[stop - 1].lower in _SCALES or tokens[stop - 1].lower in _SHORT:
        factor *= _SCALES.get(tokens[stop - 1].lower) or _SHORT[tokens[stop - 1].lower]
        stop -= 1
    return factor


def _share(tokens: list[_Token], i: int) -> tuple[int, Number | None] | None:
    """`a third of the 900`, `58.2% of this 285`: index after it, and the number if its whole is stated."""
    fraction = _fraction(tokens, i)
    if fraction is None:
        return None
    share, of = fraction
    base = _base(tokens, of)
    if base is None:
        return of, None
    amount = round(share * base.low)
    begin, quantifier = _modifier_before(tokens, i)
    low, high, final = _bounds(_Value(amount, amount, 0, "fraction", rounded=True), quantifier, False)
    span = tokens[begin].start, tokens[base.stop - 1].end, tokens[i].start, tokens[base.stop - 1].end
    return base.stop, Number(*span, low, high, final, "fraction")


def _fraction(tokens: list[_Token], i: int) -> tuple[float, int] | None:
    """`two thirds of`, `half`, `58.2% of`: the share and the index of what it is a share of."""
    text = tokens[i].lower
    if tokens[i].is_digit and _lower(tokens, i + 1) in ("%", "percent", "per"):
        of = i + 2 + (_is(tokens, i + 1, "per") and _is(tokens, i + 2, "cent"))
        return (float(text.replace(",", "").replace(" ", "")) / 100, of + 1) if _is(tokens, of, "of") else None
    many = 1 if text in ("a", "one") else _UNITS.get(text, 0)
    j = i + (many > 0) + (many > 0 and _is(tokens, i + 1, "-"))
    word = _lower(tokens, j)
    if word not in _FRACTIONS or (not many and word != "half") or many > 9:
        return None
    if not _is(tokens, j + 1, "of") and word != "half":
        return None
    of = j + 1 + _is(tokens, j + 1, "of")
    if of == j + 1 and _lower(tokens, of) not in ("the", "its", "their", "this", "these", "those", "all", "his", "her"):
        return None
    if _is(tokens, of, "a") and _lower(tokens, of + 1) in _SCALES:
        return None
    return max(many, 1) * _FRACTIONS[word], of


def _base(tokens: list[_Token], i: int) -> _Value | None:
    """The number that a share is taken of: `the town's 100,000 people`, at most six words on."""
    for j in range(i, min(i + 6, len(tokens))):
        value = _value(tokens, j)
        if value is not None and value.low > 9 and not value.rounded:
            return value
        if tokens[j].lower in ".;:?!":
            return None
    return None


def _modifier_before(tokens: list[_Token], i: int) -> tuple[int, str | None]:
    """Where the modifiers before a number begin, and what they say: the outermost that is not `about` or `exact` wins."""
    begin, quantifier, at = i, None, i
    while True:
        found = _BEFORE.before(tokens, at)
        if found is not None and not _is_verb_particle(tokens, at, found[0]):
            at -= found[0]
            begin = at
            if quantifier in (None, "exact", "about") and not (quantifier == "about" and found[1] == "exact"):
                quantifier = str(found[1])
            continue
        skipped = _BETWEEN.before(tokens, at)
        if skipped is None:
            return begin, quantifier
        at -= skipped[0]


def _is_verb_particle(tokens: list[_Token], at: int, length: int) -> bool:
    """`takes over 12`, `rose above` are modifiers or not; only `over the` and `all over` are ruled out here."""
    word = tokens[at - 1].lower
    return length == 1 and word == "over" and _is(tokens, at - 2, "all")


def _modifier_after(tokens: list[_Token], i: int) -> tuple[int, str | None]:
    j = i + (_is(tokens, i, "-") and i + 1 < len(tokens) and tokens[i + 1].lower in ("plus", "odd"))
    j += _is(tokens, j, ",") and _AFTER.at(tokens, j + 1) is not None
    found = _AFTER.at(tokens, j)
    return (j + found[0], str(found[1])) if found else (i, None)


# --- what is no count of people ----------------------------------------------------------------------------------------


def _names_something_else(tokens: list[_Token], i: int, stop: int, sure: bool) -> bool:
    rules: Iterable[Callable[[list[_Token], int, int], bool]] = (
        _is_measure, _is_money, _is_date, _is_time, _is_age, _is_pronoun, _is_hyphenated, _is_heading_number, _is_among_numbers, _is_comparison,
    )  # fmt: skip
    if any(rule(tokens, i, stop) for rule in rules):
        return True
    return not sure and (_is_named(tokens, i, stop) or _is_bare_year(tokens, i, stop))


def _is(tokens: Sequence[_Token], i: int, word: str) -> bool:
    return 0 <= i < len(tokens) and tokens[i].lower == word


def _lower(tokens: Sequence[_Token], i: int) -> str:
    return tokens[i].lower if 0 <= i < len(tokens) else ""


def _glued_before(tokens: list[_Token], i: int) -> bool:
    """`M777`, `Su-30`, `1/2`, `3:1`, `.5`: the digits are part of something."""
    if i == 0 or tokens[i - 1].end != tokens[i].start:
        return False
    before = tokens[i - 1]
    if before.text in "(['\"~><+‘“—–…*•|":
        return False
    if before.text in "-" and i >= 2 and tokens[i - 2].end == before.start:
        label = tokens[i - 2].lower in words.STATES or tokens[i - 2].lower in words.HARM_NOUNS  # `killed-5, injured-12`
        return not tokens[i - 2].is_digit and tokens[i - 2].lower not in _UNITS and not label
    return before.text not in ".,;:)]" or (i >= 2 and tokens[i - 2].is_digit)


def _is_measure(tokens: list[_Token], i: int, stop: int) -> bool:
    word, after = _lower(tokens, stop), _lower(tokens, stop + 1)
    if word in ("m", "g", "c", "f", "k", "s", "ha", "min", "sec", "am", "pm") and tokens[stop].text.isupper():
        return tokens[stop].start == tokens[stop - 1].end
    if word in ("story", "stories", "second", "local", "time", "square", "point", "points", "page", "pages"):
        return word not in ("local", "second") or after in ("time", "place", "floor")
    if word in _MEASURES:
        return True
    return after in _MEASURES and word in (
        "or",
        "more",
        "-",
        "calendar",
        "consecutive",
        "straight",
        "full",
        "long",
        "whole",
        "nautical",
        "full",
        "further",
        "additional",
        "sq",
    )


def _is_money(tokens: list[_Token], i: int, stop: int) -> bool:
    before = _lower(tokens, i - 1)
    return before in _CURRENCIES or (before == "." and _lower(tokens, i - 2) == "rs")


def _is_date(tokens: list[_Token], i: int, stop: int) -> bool:
    """`24 February`, `March 1`, `June 5 and 6`; `may` counts only where a day can stand beside it."""
    text = tokens[i].text
    if not (text.isdecimal() and len(text) <= 2 and int(text) <= 31):
        return False
    after, before = tokens[stop] if stop < len(tokens) else None, tokens[i - 1] if i else None
    if after is not None and after.lower in _MONTHS and after.text[0].isupper() and after.text not in ("May",):
        return True
    if after is not None and after.text == "May" and _lower(tokens, stop + 1) not in ("be", "have"):
        return True
    j = i - 1 - (before is not None and before.text == ".")
    if j >= 0 and tokens[j].lower in _MONTHS and tokens[j].text[0].isupper():
        return True
    joined = before is not None and before.lower in ("and", "-", "–", "to", "or", ",")
    is_told_of = after is not None and (after.lower in _OF_PEOPLE or counted(after.lower))
    return joined and _is_day(tokens, i - 2) and not (before is not None and before.text == "," and is_told_of)


_OF_PEOPLE = frozenset(("were", "was", "are", "have", "had", "others", "more"))
"""After `On June 12, 17` these say that the second number is no day."""


def _is_day(tokens: list[_Token], i: int) -> bool:
    """Is the token a day of a month that stands before it? `June 5` (and 6)."""
    return i >= 1 and tokens[i].is_digit and len(tokens[i].text) <= 2 and tokens[i - 1].lower in _MONTHS


def _is_time(tokens: list[_Token], i: int, stop: int) -> bool:
    if (
        _is(tokens, stop, ":")
        and stop + 1 < len(tokens)
        and tokens[stop + 1].is_digit
        and tokens[stop].start == tokens[stop - 1].end
    ):
        return tokens[stop + 1].start == tokens[stop].end
    dotted = _is(tokens, stop, ".") or _is(tokens, stop, "a") or _is(tokens, stop, "p")
    if dotted and _lower(tokens, stop) in ("a", "p") and _is(tokens, stop + 1, ".") and _is(tokens, stop + 2, "m"):
        return True
    if _is(tokens, stop, "/") and stop + 1 < len(tokens) and tokens[stop + 1].is_digit:
        return True
    return (_is(tokens, i - 1, "/") and tokens[i - 1].end == tokens[i].start) or (
        _is(tokens, i - 1, ":") and i >= 2 and tokens[i - 2].is_digit and tokens[i - 1].end == tokens[i].start
    )


def _is_age(tokens: list[_Token], i: int, stop: int) -> bool:
    """`aged 12`, `5-year-old`, `Taran, 53,`, `Ivan (36)`, `a boy of four`, `a child, five, was`."""
    before_that = _lower(tokens, i - 2)
    if _is(tokens, i - 1, "between") and before_that in ("aged", "ages"):
        return True
    young = before_that in (
        "boy",
        "girl",
        "child",
        "baby",
        "toddler",
        "son",
        "daughter",
        "man",
        "woman",
        "teenager",
        "pupil",
        "student",
    )
    if young and (_is(tokens, i - 1, "of") or (_is(tokens, i - 1, ",") and _is(tokens, stop, ","))):
        return True
    if not tokens[i].is_digit or len(tokens[i].text) > 3 or i < 2:
        return False
    before, name = tokens[i - 1].text, tokens[i - 2]
    closes = (
        stop >= len(tokens)
        or tokens[stop].text in ",.;:)-–—"
        or tokens[stop].lower in ("and", "was", "who", "of", "from", "were")
    )
    if before == "," and name.text[0].isupper() and closes and not name.is_digit and name.lower not in words.TIMES:
        return not _listed(tokens, i, stop)
    return before == "(" and _is(tokens, stop, ")") and name.text[0].isupper()


def _listed(tokens: list[_Token], i: int, stop: int) -> bool:
    """`..., 5 of them` is a count, `Name, 53, died` an age."""
    return _is(tokens, stop, "of") and _lower(tokens, stop + 1) in ("them", "whom", "the", "those")


def _is_ratio(tokens: list[_Token], i: int, stop: int) -> bool:
    """`one in three`, `four out of five`, `3-1` read backwards."""
    first, second = _lower(tokens, stop), _lower(tokens, stop + 1)
    if first == "out" and second == "of":
        return _value(tokens, stop + 2) is not None if stop + 2 < len(tokens) else False
    if first == "in" and tokens[i].lower in _UNITS and (second in _UNITS or second in _TENS or second == "every"):
        return True
    return (
        first == "-"
        and stop + 1 < len(tokens)
        and tokens[stop + 1].is_digit
        and tokens[stop + 1].start == tokens[stop].end
    )


def _repeated(tokens: list[_Token], value: _Value) -> int:
    """Index after `(22)` where it repeats the words before it: `twenty-two (22) persons`."""
    stop = value.stop
    if _is(tokens, stop, "(") and _is(tokens, stop + 2, ")") and tokens[stop + 1].text.isdecimal():
        return stop + 3 if value.low == int(tokens[stop + 1].text) else stop
    return stop


def _is_pronoun(tokens: list[_Token], i: int, stop: int) -> bool:
    """`one` that counts nothing: `no one`, `the only one`, `one another`, `one day`."""
    if tokens[i].lower != "one" or stop != i + 1:
        return False
    if _lower(tokens, i - 1) in (
        "no",
        "any",
        "each",
        "every",
        "which",
        "this",
        "that",
        "another",
        "some",
        "at",
        "loved",
        "the",
        "its",
        "only",
    ):
        if counted(_lower(tokens, stop)):
            return False
        return _lower(tokens, i - 1) != "only" or _lower(tokens, i - 2) in ("the", "an")
    return _lower(tokens, stop) in (
        "another",
        "day",
        "'",
        "thing",
        "such",
        "way",
        "side",
        "can",
        "must",
        "should",
        "point",
        "hand",
        "stage",
    )


def _is_hyphenated(tokens: list[_Token], i: int, stop: int) -> bool:
    """`two-day`, `12-hour`, `155mm`, `93rd`, `10kg`: part of a word."""
    if stop >= len(tokens) or tokens[stop].start != tokens[stop - 1].end:
        return False
    if tokens[stop].text == "-":
        after = tokens[stop + 1] if stop + 1 < len(tokens) else None
        return (
            after is not None
            and after.start == tokens[stop].end
            and after.lower not in ("plus", "odd", "strong")
            and not after.is_digit
        )
    glued = tokens[i].is_digit and tokens[stop].text[0].isalpha() and tokens[stop].text[0].islower()
    return glued and not (words.is_listed_person(tokens[stop].lower) or tokens[stop].lower in words.STATES)


def _is_among_numbers(tokens: list[_Token], i: int, stop: int) -> bool:
    """`0 85 12 Daesh terrorists`, `2159 18.05.2017`: page furniture, not prose."""
    return tokens[i].is_digit and stop < len(tokens) and tokens[stop].is_digit


def _is_comparison(tokens: list[_Token], i: int, stop: int) -> bool:
    """`thousands higher than reported`."""
    return _lower(tokens, stop) in ("higher", "lower", "greater", "fewer")


def _is_heading_number(tokens: list[_Token], i: int, stop: int) -> bool:
    """`1. Kyiv`, `2) ...` at the beginning of a line."""
    return i == 0 and tokens[i].is_digit and len(tokens[i].text) <= 2 and _lower(tokens, stop) in (".", ")")


def _is_named(tokens: list[_Token], i: int, stop: int) -> bool:
    """`Unit 731`, `aged 12`, `Brigade 12`."""
    before = _lower(tokens, i - 1)
    if before == "." and _lower(tokens, i - 2) == "no":
        return True
    if before in ("aged", "ages", "age", "magnitude"):
        return True
    return (
        before in _NAMERS and tokens[i].is_digit and before not in ("no", "number", "a", "under", "day", "year", "week")
    )


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and 1800 <= int(text) <= 2099


def _is_bare_year(tokens: list[_Token], i: int, stop: int) -> bool:
    """Four digits without a comma are a year unless what follows is counted or a modifier says so."""
    if not _is_year(tokens[i].text) or stop != i + 1:
        return False
    if _lower(tokens, i - 1) in _MONTHS or (i >= 2 and _lower(tokens, i - 1) == "," and tokens[i - 2].is_digit):
        return True
    if _lower(tokens, i - 1) in _YEAR_AFTER or i == 0:
        return not counted(_lower(tokens, stop))
    found = _BEFORE.before(tokens, i)
    return found is None and not counted(_lower(tokens, stop))


@lru_cache(maxsize=4096)
def counted(word: str) -> bool:
    """May this word be what a number counts: a person or a harm? Used to tell 2014 people from the year 2014."""
    return words.is_person_noun(word) or word in words.HARM_NOUNS
