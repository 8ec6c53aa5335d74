"""Words of time in a text and the days they mean: `Monday`, `24 February`, `in the past 24 hours`, `the 1995 massacre`.

`atoms` finds them from left to right, in one pass: a token that may begin one (`Monday`, `24`, `last`) is looked up, and
only the few patterns that begin with it are tried there. timeline.py puts them together for a document.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from pipeline.facts import reckoning, time_words
from pipeline.facts.calendar import Moment, vocabulary


@cache
def patterns() -> dict[str, tuple[time_words.Pattern, ...]]:
    """The patterns that a token may begin, by the token in lower case; digits are under `0`."""
    words = vocabulary()
    table: dict[str, tuple[time_words.Pattern, ...]] = {
        "0": (*time_words.DIGITS, *reckoning.COUNTED, reckoning.NTH),
        **dict.fromkeys(words["months"], (*time_words.MONTHS[:-1], reckoning.MONTHS, time_words.MONTHS[-1])),
        **dict.fromkeys(words["weekdays"], (*time_words.WEEKDAYS[:-1], reckoning.THIS_WEEK, time_words.WEEKDAYS[-1])),
        **dict.fromkeys(words["numbers"], (*time_words.AGO, *reckoning.COUNTED)),
        **dict.fromkeys(words["seasons"], (time_words.SEASON,)),
    }
    for more in (time_words.WORDS, reckoning.words()):
        for word, found in more.items():
            table[word] = (*found, *table.get(word, ()))
    return table


TOKEN = re.compile(r"[A-Za-z]+|\d+")


def atoms(text: str, now: date) -> Iterator[Moment]:
    """Single words of time, from left to right, none overlapping."""
    table, reached = patterns(), 0
    for token in TOKEN.finditer(text):
        word = token[0]
        options = table.get("0" if word.isdecimal() else word.lower())
        if (
            options is None
            or token.start() < reached
            or (word.isdecimal() and len(word) in (3, *range(5, len(word) + 1)))
        ):
            continue
        for option in options:
            match = option.regex.match(text, token.start())
            days = option.read(match, now) if match else None
            if match and days:
                end = match.start("after") - 1 if option.kind == "year" and match["after"] else match.end()
                yield Moment(days[0], days[1], option.kind, match.start(), end)
                reached = end
                break
