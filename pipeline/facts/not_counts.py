"""Numbers that count no people: measures, money, dates, times, ages, names and years, told by the words beside them."""

from collections.abc import Callable

from pipeline.facts import words
from pipeline.facts.number_words import BEFORE, MONTHS, UNITS, Token, counted, is_word, is_year, word_at

_V = words.load("numbers.yaml")
_MEASURES = frozenset(_V["measures"])
_CURRENCIES = frozenset(_V["currencies"])
_NAMERS = frozenset(_V["namers"])
_COUNTING_NAMERS = frozenset(_V["counting_namers"])
_YEAR_AFTER = frozenset(_V["year_after"])
_W: dict[str, frozenset[str]] = {name: frozenset(found) for name, found in _V["not_counts"].items()}


def names_something_else(tokens: list[Token], i: int, stop: int, sure: bool) -> bool:
    """Do the tokens from i to stop count no people? `sure`: a range or a scale word tells that they are no name or year."""
    if any(rule(tokens, i, stop) for rule in _RULES):
        return True
    return not sure and (_is_named(tokens, i, stop) or _is_bare_year(tokens, i, stop))


def is_glued(tokens: list[Token], i: int) -> bool:
    """`M777`, `Su-30`, `1/2`, `3:1`, `.5`: the digits are part of something."""
    if i == 0 or tokens[i - 1].end != tokens[i].start:
        return False
    before = tokens[i - 1]
    if before.text in "(['\"~><+‘“—–…*•|":
        return False
    if before.text in "-" and i >= 2 and tokens[i - 2].end == before.start:
        label = tokens[i - 2].lower in words.STATES or tokens[i - 2].lower in words.HARM_NOUNS  # `killed-5, injured-12`
        return not tokens[i - 2].is_digit and tokens[i - 2].lower not in UNITS and not label
    return before.text not in ".,;:)]" or (i >= 2 and tokens[i - 2].is_digit)


def _is_glued_to(tokens: list[Token], i: int) -> bool:
    """Does nothing stand between the token before and this one?"""
    return 0 < i < len(tokens) and tokens[i].start == tokens[i - 1].end


def _is_measure(tokens: list[Token], i: int, stop: int) -> bool:
    word, after = word_at(tokens, stop), word_at(tokens, stop + 1)
    if word in _W["letters"] and tokens[stop].text.isupper():
        return _is_glued_to(tokens, stop)
    if word in _W["places_in_order"]:
        return after in _W["what_is_in_order"]
    return word in _MEASURES or (after in _MEASURES and word in _W["before_a_measure"])


def _is_money(tokens: list[Token], i: int, stop: int) -> bool:
    before = word_at(tokens, i - 1)
    return before in _CURRENCIES or (before == "." and word_at(tokens, i - 2) == "rs")


def _is_date(tokens: list[Token], i: int, stop: int) -> bool:
    """`24 February`, `March 1`, `June 5 and 6`; `may` counts only where a day can stand beside it."""
    text = tokens[i].text
    if not (text.isdecimal() and len(text) <= 2 and int(text) <= 31):
        return False
    after, before = tokens[stop] if stop < len(tokens) else None, tokens[i - 1] if i else None
    if after is not None and after.lower in MONTHS and after.text[0].isupper() and after.text not in ("May",):
        return True
    if after is not None and after.text == "May" and word_at(tokens, stop + 1) not in ("be", "have"):
        return True
    j = i - 1 - (before is not None and before.text == ".")
    if j >= 0 and tokens[j].lower in MONTHS and tokens[j].text[0].isupper():
        return True
    joined = before is not None and before.lower in ("and", "-", "–", "to", "or", ",")
    is_told_of = after is not None and (after.lower in _W["told_of_people"] or counted(after.lower))
    return joined and _is_day(tokens, i - 2) and not (before is not None and before.text == "," and is_told_of)


def _is_day(tokens: list[Token], i: int) -> bool:
    """Is the token a day of a month that stands before it? `June 5` (and 6)."""
    return i >= 1 and tokens[i].is_digit and len(tokens[i].text) <= 2 and tokens[i - 1].lower in MONTHS


def _is_time(tokens: list[Token], i: int, stop: int) -> bool:
    """`10:30`, `5 p.m.`, `3/4`."""
    before_digit = stop + 1 < len(tokens) and tokens[stop + 1].is_digit
    if is_word(tokens, stop, ":") and before_digit and _is_glued_to(tokens, stop):
        return _is_glued_to(tokens, stop + 1)
    if word_at(tokens, stop) in ("a", "p") and is_word(tokens, stop + 1, ".") and is_word(tokens, stop + 2, "m"):
        return True
    if is_word(tokens, stop, "/") and before_digit:
        return True
    after_digit = i >= 2 and tokens[i - 2].is_digit
    return _is_glued_to(tokens, i) and (is_word(tokens, i - 1, "/") or (is_word(tokens, i - 1, ":") and after_digit))


_CLOSES_AN_ASIDE = frozenset((",", "-", "–", "—", ")"))


def _is_age(tokens: list[Token], i: int, stop: int) -> bool:
    """`aged 12`, `5-year-old`, `Taran, 53,`, `Ivan (36)`, `a boy of four`, `a child, five, was`, `a boy, 5 - in`."""
    before, before_that = word_at(tokens, i - 1), word_at(tokens, i - 2)
    if (before == "between" and before_that in ("aged", "ages")) or (
        before == "under" and before_that in _W["with_ages"]
    ):
        return True
    if before_that in _W["with_an_age"] and (
        before == "of" or (before == "," and word_at(tokens, stop) in _CLOSES_AN_ASIDE)
    ):
        return True
    if not tokens[i].is_digit or len(tokens[i].text) > 3 or i < 2 or not tokens[i - 2].text[0].isupper():
        return False
    if before == "," and _closes_an_age(tokens, stop) and before_that not in words.TIMES:
        return not _listed(tokens, stop)
    return before == "(" and is_word(tokens, stop, ")")


def _closes_an_age(tokens: list[Token], stop: int) -> bool:
    return stop >= len(tokens) or tokens[stop].text in ",.;:)-–—" or tokens[stop].lower in _W["after_an_age"]


def _listed(tokens: list[Token], stop: int) -> bool:
    """`..., 5 of them` is a count, `Name, 53, died` an age."""
    return is_word(tokens, stop, "of") and word_at(tokens, stop + 1) in ("them", "whom", "the", "those")


def _is_pronoun(tokens: list[Token], i: int, stop: int) -> bool:
    """`one` that counts nothing: `no one`, `the only one`, `one another`, `one day`."""
    if tokens[i].lower != "one" or stop != i + 1:
        return False
    before, after = word_at(tokens, i - 1), word_at(tokens, stop)
    if before not in _W["before_a_pronoun"]:
        return after in _W["after_a_pronoun"]
    return not counted(after) and (before != "only" or word_at(tokens, i - 2) in ("the", "an"))


def _is_hyphenated(tokens: list[Token], i: int, stop: int) -> bool:
    """`two-day`, `12-hour`, `155mm`, `93rd`, `10kg`: part of a word."""
    if not _is_glued_to(tokens, stop):
        return False
    if tokens[stop].text == "-":
        joined = _is_glued_to(tokens, stop + 1) and not tokens[stop + 1].is_digit
        return joined and tokens[stop + 1].lower not in ("plus", "odd", "strong")
    glued = tokens[i].is_digit and tokens[stop].text[0].isalpha() and tokens[stop].text[0].islower()
    return glued and not (words.is_listed_person(tokens[stop].lower) or tokens[stop].lower in words.STATES)


def _is_among_numbers(tokens: list[Token], i: int, stop: int) -> bool:
    """`0 85 12 Daesh terrorists`, `2159 18.05.2017`: page furniture, not prose."""
    return tokens[i].is_digit and stop < len(tokens) and tokens[stop].is_digit


def _is_comparison(tokens: list[Token], i: int, stop: int) -> bool:
    """`thousands higher than reported`."""
    return word_at(tokens, stop) in ("higher", "lower", "greater", "fewer")


def _is_heading_number(tokens: list[Token], i: int, stop: int) -> bool:
    """`1. Kyiv`, `2) ...` at the beginning of a line."""
    return i == 0 and tokens[i].is_digit and len(tokens[i].text) <= 2 and word_at(tokens, stop) in (".", ")")


def _is_named(tokens: list[Token], i: int, stop: int) -> bool:
    """`Unit 731`, `aged 12`, `Brigade 12`, `No. 5`."""
    before = word_at(tokens, i - 1)
    if before == "." and word_at(tokens, i - 2) == "no":
        return True
    return before in ("aged", "ages", "age", "magnitude") or (
        before in _NAMERS and tokens[i].is_digit and before not in _COUNTING_NAMERS
    )


def _is_bare_year(tokens: list[Token], i: int, stop: int) -> bool:
    """Four digits without a comma are a year unless what follows is counted or a modifier says so."""
    if not is_year(tokens[i].text) or stop != i + 1:
        return False
    if word_at(tokens, i - 1) in MONTHS or (i >= 2 and word_at(tokens, i - 1) == "," and tokens[i - 2].is_digit):
        return True
    if word_at(tokens, i - 1) in _YEAR_AFTER or i == 0:
        return not counted(word_at(tokens, stop))
    found = BEFORE.before(tokens, i)
    return found is None and not counted(word_at(tokens, stop))


_RULES: tuple[Callable[[list[Token], int, int], bool], ...] = (
    _is_measure, _is_money, _is_date, _is_time, _is_age, _is_pronoun, _is_hyphenated, _is_heading_number, _is_among_numbers, _is_comparison,
)  # fmt: skip
