"""Counts in English text: what they are worth, and how exact they claim to be.

Reads digits, words, scales, ranges, orders of magnitude (`dozens`, `several hundred`), shares of a stated whole, and the
modifiers around them. What plainly counts something else than people (years, dates, ages, money, distances, times,
percentages, names) is not returned. The values are those of docs/facts.md.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pipeline.facts.not_counts import is_glued, names_something_else
from pipeline.facts.number_words import (
    AFTER,
    BEFORE,
    BEHIND_NOUN,
    BETWEEN,
    FRACTIONS,
    JOINS,
    MULTIPLES,
    PASSED,
    RISING,
    SCALES,
    SHORT_SCALES,
    TENS,
    UNITS,
    VAGUE,
    WITHOUT_NOUN,
    Token,
    counted,
    is_word,
    is_year,
    tokenize,
    word_at,
)
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


_BEGINNINGS = frozenset((*UNITS, *TENS, *SCALES, *VAGUE.first, *MULTIPLES.first, "a", "an", "one", "half"))


def find_numbers(text: str) -> list[Number]:
    """All counts in a sentence, in order, none overlapping."""
    return list(_found(text))


@lru_cache(maxsize=2048)
def _found(text: str) -> tuple[Number, ...]:
    """Asked before a sentence is parsed and again after."""
    tokens = tokenize(text)
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


def _finish(tokens: list[Token], i: int, value: _Value, found: list[Number]) -> tuple[int, Number | None]:
    """The whole number that begins with a value, and where to read on."""
    value, is_range = _range(tokens, i, value)
    value = replace(value, stop=_repeated(tokens, value)) if value.kind == "word" else value
    if _is_ratio(tokens, i, value.stop):
        whole = _value(tokens, value.stop + 2) if is_word(tokens, value.stop + 1, "of") else None
        return whole.stop if whole else value.stop + 2, None
    if names_something_else(tokens, i, value.stop, is_range or value.scaled):
        return value.stop, None
    begin, quantifier = _modifier_before(tokens, i)
    if quantifier is None and _has_passed(tokens, i):
        quantifier = "at_least"
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


def _value(tokens: list[Token], i: int) -> _Value | None:
    """The value that begins at a token, without modifiers and ranges."""
    if tokens[i].is_digit:
        return _digits(tokens, i)
    return _multiple(tokens, i) or _vague(tokens, i) or _halves(tokens, i) or _spelled(tokens, i)


def _digits(tokens: list[Token], i: int) -> _Value | None:
    text = tokens[i].text.replace(",", "").replace(" ", "")
    if len(text) > 12 or is_glued(tokens, i):
        return None
    amount, stop = float(text), i + 1
    if _is_dotted_thousands(tokens, i):
        return _Value(thousands := int(text.replace(".", "")), thousands, stop, "digits")
    factor, stop, scaled = _scales_after(tokens, stop, glued=True)
    if "." in text and not scaled:
        return None
    total = round(amount * factor)
    if scaled and is_word(tokens, stop, "and") and is_word(tokens, stop + 1, "a") and is_word(tokens, stop + 2, "half"):
        total, stop = total + factor // 2, stop + 3
    return _Value(total, total, stop, "digits", scaled=scaled) if total > 0 else None


def _is_dotted_thousands(tokens: list[Token], i: int) -> bool:
    """`12.000 people`: the full stop groups thousands where people are counted."""
    whole, _, group = tokens[i].text.partition(".")
    return len(group) == 3 and whole != "0" and len(whole) < 4 and i + 1 < len(tokens) and counted(tokens[i + 1].lower)


def _scales_after(tokens: list[Token], i: int, glued: bool = False) -> tuple[int, int, bool]:
    """Product of the scale words at i; `glued` allows `4m` and `10k`."""
    factor, stop = 1, i
    if glued and i < len(tokens) and tokens[i].lower in SHORT_SCALES and tokens[i].start == tokens[i - 1].end:
        if i + 1 < len(tokens) and tokens[i + 1].start == tokens[i].end and tokens[i + 1].lower not in ",.;:)'\"":
            return 1, i, False
        return SHORT_SCALES[tokens[i].lower], i + 1, True
    if is_word(tokens, i, "[") and is_word(tokens, i + 2, "]") and tokens[i + 1].lower in SCALES:
        return SCALES[tokens[i + 1].lower], i + 3, True
    while stop < len(tokens) and tokens[stop].lower in SCALES:
        factor *= SCALES[tokens[stop].lower]
        stop += 1
    return factor, stop, stop > i


def _spelled(tokens: list[Token], i: int) -> _Value | None:
    """`nine`, `two hundred and fifty`, `a million and a half`, `sixty nine`, `two dozen`."""
    first = tokens[i].lower
    if first in ("one", "two", "three") and is_word(tokens, i + 1, "-") and word_at(tokens, i + 2) in SCALES:
        tokens[i + 1 : i + 2] = []  # `one-hundred`
    if first in ("a", "an") and i + 1 < len(tokens) and tokens[i + 1].lower in SCALES:
        total, stop, scaled = _compose(tokens, i + 1, 1)
    elif first in UNITS or first in TENS or first in ("hundred", "thousand"):
        total, stop, scaled = _compose(tokens, i, 0)
    else:
        return None
    rounded = tokens[stop - 1].lower == "dozen"
    if scaled and is_word(tokens, stop, "and") and is_word(tokens, stop + 1, "a") and is_word(tokens, stop + 2, "half"):
        total, stop = total + SCALES.get(tokens[stop - 1].lower, 0) // 2, stop + 3
    return _Value(total, total, stop, "word", rounded=rounded, scaled=scaled) if total > 0 else None


def _compose(tokens: list[Token], i: int, start: int) -> tuple[int, int, bool]:
    """Sum of number words from i on: value, index after, whether a scale word took part."""
    total, current, scaled, last = 0, start, False, ""
    while i < len(tokens):
        word = tokens[i].lower
        if word in SCALES:
            scale, scaled = SCALES[word], True
            current = max(current, 1) * scale
            if scale >= 1000:
                total, current = total + current, 0
            last = "scale"
        elif word in TENS and last in ("", "scale", "and"):
            current, last = current + TENS[word], "tens"
        elif (word in UNITS and last in ("", "scale", "and")) or (
            word in UNITS and last == "tens" and UNITS[word] < 10
        ):
            current, last = current + UNITS[word], "unit"
        elif word == "and" and last == "scale" and i + 1 < len(tokens) and tokens[i + 1].lower in (UNITS | TENS):
            last = "and"
        elif not (word == "-" and last == "tens" and i + 1 < len(tokens) and tokens[i + 1].lower in UNITS):
            break
        i += 1
    return total + current, i, scaled


def _halves(tokens: list[Token], i: int) -> _Value | None:
    """`half a million`, `half a dozen`, `a quarter of a million`, `one and a half million`."""
    j = i + (tokens[i].lower in ("a", "one"))
    share = {"half": 0.5, "quarter": 0.25}.get(tokens[j].lower) if j < len(tokens) else None
    k = j + 1 + is_word(tokens, j + 1, "of")
    if share and is_word(tokens, k, "a") and k + 1 < len(tokens) and tokens[k + 1].lower in SCALES:
        amount = round(share * SCALES[tokens[k + 1].lower])
        return _Value(amount, amount, k + 2, "word", rounded=tokens[k + 1].lower == "dozen", scaled=True)
    if tokens[i].lower in UNITS and all(is_word(tokens, i + n, w) for n, w in ((1, "and"), (2, "a"), (3, "half"))):
        factor, stop, scaled = _scales_after(tokens, i + 4)
        if scaled:
            amount = round((UNITS[tokens[i].lower] + 0.5) * factor)
            return _Value(amount, amount, stop, "word", scaled=True)
    return None


def _multiple(tokens: list[Token], i: int) -> _Value | None:
    """`several hundred`, `a few dozen`, `many thousands`: the factor's bounds times the scale."""
    found = MULTIPLES.at(tokens, i)
    if found is None:
        return None
    length, factors = found
    word = tokens[i + length].lower.removesuffix("s") if i + length < len(tokens) else ""
    if word not in SCALES:
        return None
    low, high = _pair(factors)
    scale = SCALES[word]
    stop = i + length + 1
    if is_word(tokens, stop, "thousand") and scale == 100:
        scale, stop = scale * 1000, stop + 1
    top = high * scale if low == high else min((high + 1) * scale - 1, 99 if scale == 12 else (high + 1) * scale - 1)
    return _Value(low * scale, top, stop, "vague", rounded=True, scaled=True)


def _pair(bounds: Any) -> tuple[int, int]:
    low, high = bounds
    return low, high


def _vague(tokens: list[Token], i: int) -> _Value | None:
    found = VAGUE.at(tokens, i)
    if found is None or is_word(tokens, i + found[0], "-"):
        return None
    low, high = _pair(found[1])
    return _Value(low, high, i + found[0], "vague", rounded=True)


# --- ranges, shares, modifiers ----------------------------------------------------------------------------------------


def _range(tokens: list[Token], i: int, value: _Value) -> tuple[_Value, bool]:
    """`20 to 30`, `between 20 and 30`, `1 to 2 million`, `dozens or even hundreds`."""
    join = JOINS.at(tokens, value.stop)
    length = join[0] if join else 0
    if not join and is_word(tokens, i - 1, "between") and is_word(tokens, value.stop, "and"):
        length = 1
    other = _value(tokens, value.stop + length) if length and value.stop + length < len(tokens) else None
    if other is None or (is_word(tokens, value.stop, "to") and is_word(tokens, i - 1, "from")):
        return value, False
    low, high = value.low, other.high
    if other.scaled and not value.scaled and value.kind == "digits" and value.low < 1000:
        low = value.low * _scale_of(tokens, other.stop)
    elif value.low < 1000 <= other.low and value.low * 1000 < other.low and other.low % 1000 == 0:
        low = value.low * 1000
    if not low < high or (high > 20 * low and not value.rounded) or not _plausible_range(tokens, value, other):
        return value, False
    return _Value(low, high, other.stop, "range", scaled=value.scaled or other.scaled), True


def _plausible_range(tokens: list[Token], value: _Value, other: _Value) -> bool:
    """`2 or 3` and `dozens or hundreds`, but not `died in 2014 to 300` nor `one to 12`."""
    if is_word(tokens, value.stop, "or"):
        return other.high <= 3 * value.high or value.rounded
    return not (is_year(tokens[value.stop - 1].text) and is_year(tokens[other.stop - 1].text))


def _scale_of(tokens: list[Token], stop: int) -> int:
    factor = 1
    while tokens[stop - 1].lower in SCALES or tokens[stop - 1].lower in SHORT_SCALES:
        factor *= SCALES.get(tokens[stop - 1].lower) or SHORT_SCALES[tokens[stop - 1].lower]
        stop -= 1
    return factor


def _share(tokens: list[Token], i: int) -> tuple[int, Number | None] | None:
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


def _fraction(tokens: list[Token], i: int) -> tuple[float, int] | None:
    """`two thirds of`, `half`, `58.2% of`: the share and the index of what it is a share of."""
    text = tokens[i].lower
    if tokens[i].is_digit and word_at(tokens, i + 1) in ("%", "percent", "per"):
        of = i + 2 + (is_word(tokens, i + 1, "per") and is_word(tokens, i + 2, "cent"))
        return (float(text.replace(",", "").replace(" ", "")) / 100, of + 1) if is_word(tokens, of, "of") else None
    many = 1 if text in ("a", "one") else UNITS.get(text, 0)
    j = i + (many > 0) + (many > 0 and is_word(tokens, i + 1, "-"))
    word = word_at(tokens, j)
    if word not in FRACTIONS or (not many and word != "half") or many > 9:
        return None
    if not is_word(tokens, j + 1, "of") and word != "half":
        return None
    of = j + 1 + is_word(tokens, j + 1, "of")
    if of == j + 1 and word_at(tokens, of) not in (
        "the",
        "its",
        "their",
        "this",
        "these",
        "those",
        "all",
        "his",
        "her",
    ):
        return None
    if is_word(tokens, of, "a") and word_at(tokens, of + 1) in SCALES:
        return None
    return max(many, 1) * FRACTIONS[word], of


def _base(tokens: list[Token], i: int) -> _Value | None:
    """The number that a share is taken of: `the town's 100,000 people`, at most six words on."""
    for j in range(i, min(i + 6, len(tokens))):
        value = _value(tokens, j)
        if value is not None and value.low > 9 and not value.rounded:
            return value
        if tokens[j].lower in ".;:?!,":
            return None  # `half of them civilians, and 2.8 million`
    return None


def _modifier_before(tokens: list[Token], i: int) -> tuple[int, str | None]:
    """Where the modifiers before a number begin, and what they say: the outermost that is not `about` or `exact` wins."""
    begin, quantifier, at = i, None, i
    while True:
        found = BEFORE.before(tokens, at)
        if found is not None and not _is_verb_particle(tokens, at, found[0]):
            at -= found[0]
            begin = at
            if quantifier in (None, "exact", "about") and not (quantifier == "about" and found[1] == "exact"):
                quantifier = str(found[1])
            continue
        skipped = BETWEEN.before(tokens, at)
        if skipped is None:
            return begin, quantifier
        at -= skipped[0]


def _is_verb_particle(tokens: list[Token], at: int, length: int) -> bool:
    """`all over 12`; `has gone up to 17`, `the toll is up to 36`, which is no `at most`."""
    word, before = tokens[at - 1].lower, word_at(tokens, at - length - 1)
    if length == 2 and word == "to":
        return before in RISING
    return length == 1 and word == "over" and before == "all"


def _has_passed(tokens: list[Token], i: int) -> bool:
    """`the toll topped 100`, `deaths cross 100`; not `the top 10 commanders` nor `Red Cross`."""
    verb, before = word_at(tokens, i - 1), word_at(tokens, i - 2)
    return verb in PASSED and (verb not in BARE or before in RISING or counted(before))


BARE = frozenset(("top", "cross", "pass"))
"""Forms that are nouns or adjectives too."""


def _modifier_after(tokens: list[Token], i: int) -> tuple[int, str | None]:
    """`12 or more`, `12-plus`, `12, if not more`, and behind whom it counts: `12 people or more`."""
    j = i + (_is_hyphen_before(tokens, i, ("plus", "odd")))
    if is_word(tokens, j, ",") and AFTER.at(tokens, j + 1) is not None:
        j += not is_word(tokens, j + 1, "and") or is_word(tokens, j + 2, "counting")
    found = AFTER.at(tokens, j)
    for noun in range(i, min(i + NOUN_WORDS, len(tokens))):
        if found or not tokens[noun].text.isalpha() or tokens[noun].lower in WITHOUT_NOUN:
            break
        if counted(tokens[noun].lower) and (found := BEHIND_NOUN.at(tokens, noun + 1)):
            j = noun + 1
    return (j + found[0], str(found[1])) if found else (i, None)


NOUN_WORDS = 3
"""Words that a noun phrase may have before `or more`: `eleven ethnic Karen or more`."""


def _is_hyphen_before(tokens: list[Token], i: int, words: tuple[str, ...]) -> bool:
    return is_word(tokens, i, "-") and word_at(tokens, i + 1) in words


def _is_ratio(tokens: list[Token], i: int, stop: int) -> bool:
    """`one in three`, `four out of five`, `3-1` read backwards."""
    first, second = word_at(tokens, stop), word_at(tokens, stop + 1)
    if first == "out" and second == "of":
        return _value(tokens, stop + 2) is not None if stop + 2 < len(tokens) else False
    if first == "in" and tokens[i].lower in UNITS and (second in UNITS or second in TENS or second == "every"):
        return True
    return (
        first == "-"
        and stop + 1 < len(tokens)
        and tokens[stop + 1].is_digit
        and tokens[stop + 1].start == tokens[stop].end
    )


def _repeated(tokens: list[Token], value: _Value) -> int:
    """Index after `(22)` where it repeats the words before it: `twenty-two (22) persons`."""
    stop = value.stop
    if is_word(tokens, stop, "(") and is_word(tokens, stop + 2, ")") and tokens[stop + 1].text.isdecimal():
        return stop + 3 if value.low == int(tokens[stop + 1].text) else stop
    return stop
