"""Words of time that reckon from a day told of: `a day earlier`, `the fifth day of the siege`, `the first two weeks of June`.

moments.py tries these patterns beside those of time_words.py. A shift (`two days later`) is read as if told of now; timeline.py moves it
to the day named before it.
"""

import re
from datetime import date

from pipeline.facts.calendar import DAY, Days, back, month_end, month_start, vocabulary, whole_month
from pipeline.facts.time_words import MONTH, MONTH_DAY, YEAR, Pattern, month_of, number_of, pattern, read_day

LIMIT = 500
"""Days, weeks, ... beyond which a number counts something else."""


def steps(match: re.Match[str]) -> tuple[int, str] | None:
    """How many of which unit."""
    count = number_of(match["count"]) if match["count"] else 1
    unit = vocabulary()["units"].get(match["unit"].lower())
    return (count, unit) if unit is not None and count is not None and 0 < count <= LIMIT else None


def read_week_of(match: re.Match[str], now: date) -> Days | None:
    """`the week of 3 June`: seven days."""
    found = read_day(match, now)
    return (found[1], found[1] + DAY * 6) if found else None


def read_weekday_of_week(match: re.Match[str], now: date) -> Days | None:
    """`Monday this week`; of now's own week."""
    weekday = vocabulary()["weekdays"].get(match["weekday"].lower())
    found = now if weekday is None else now - DAY * (now.weekday() - weekday)
    return None if weekday is None or found > now else (found, found)


def read_months(match: re.Match[str], now: date) -> Days | None:
    """`January to March`, `November through February 2020`."""
    month, until = month_of(match), vocabulary()["months"].get(match["to"].lower())
    if month is None or until is None:
        return None
    last = whole_month(until, int(match["year"]) if match["year"] else None, now)[1]
    return month_start(last.year if month <= until else last.year - 1, month), last


def read_portion_of_month(match: re.Match[str], now: date) -> Days | None:
    """`the first two weeks of June`, `the last three days of May 2023`."""
    month, counted = month_of(match), steps(match)
    if month is None or counted is None or counted[1] not in ("day", "week"):
        return None
    first, last = whole_month(month, int(match["year"]) if match["year"] else None, now)
    length = DAY * (counted[0] * (7 if counted[1] == "week" else 1) - 1)
    if first is None or first + length > last:
        return None
    return (last - length, last) if match["which"].lower() in LAST else (first, first + length)


LAST = ("last", "final")
MONTHS_IN = {"month": 1, "quarter": 3, "half": 6}


def read_portion_of_year(match: re.Match[str], now: date) -> Days | None:
    """`the first three months of 2023`, `the second half of last year`."""
    count = number_of(match["count"]) if match["count"] else 1
    months = MONTHS_IN[match["unit"].lower().removesuffix("s")] * (count or 99)
    year = int(match["year"]) if match["year"] else now.year - ("last" in match["of"].lower())
    which = match["which"].lower()
    before = 12 - months if which in LAST else months * (vocabulary()["ordinals"][which] - 1)
    if before < 0 or before + months > 12 or month_start(year, before + 1) > now:
        return None
    return month_start(year, before + 1), month_end(year, before + months)


def read_beginning(match: re.Match[str], now: date) -> Days | None:
    """`the start of the year`, `earlier in the week`: from its first day to now."""
    unit = match["unit"].lower()
    return {"week": now - DAY * now.weekday(), "month": now.replace(day=1), "year": date(now.year, 1, 1)}[unit], now


def read_length(match: re.Match[str], now: date) -> Days | None:
    """`in two days of clashes`: so many days up to now, now among them; `within 48 hours`."""
    counted = steps(match)
    if counted is None:
        return None
    first = back(now, *counted)
    return (first + DAY if counted[1] == "day" else first, now) if first.year > 1 else None


def read_nth(match: re.Match[str], now: date) -> Days | None:
    """`the fifth day of the siege`, `now in its sixth year`, told of now: from the first day or year to now; a first is any."""
    written, unit = match["nth"].lower(), match["unit"].lower()
    digits = re.sub(r"\D", "", written)
    count = int(digits) if digits else vocabulary()["ordinals"].get(written, 0)
    if not 1 < count <= LIMIT * 4:
        return None
    return (date(now.year - count + 1, 1, 1) if unit == "year" else back(now, count - 1, unit)), now


def read_shift(match: re.Match[str], now: date) -> Days | None:
    """`a day earlier`, `two weeks later`, `the following day`."""
    counted = steps(match)
    if counted is None or counted[1] not in ("day", "week") or (match["count"] or "") in vocabulary()["vague"]:
        return None
    length = DAY * counted[0] * (7 if counted[1] == "week" else 1)
    found = now + length if match["way"].lower() in ("later", "following", "next") else now - length
    return found, found


def read_month_shift(match: re.Match[str], now: date) -> Days | None:
    """`a month later`, `two months earlier`: a whole month."""
    count = number_of(match["count"])
    if count is None or count > LIMIT or match["count"] in vocabulary()["vague"]:
        return None
    months = now.year * 12 + now.month - 1 + (count if match["way"].lower() == "later" else -count)
    return month_start(months // 12, months % 12 + 1), month_end(months // 12, months % 12 + 1)


def read_same(match: re.Match[str], now: date) -> Days | None:
    """`that day`, `the same evening`."""
    return now, now


def read_easter(match: re.Match[str], now: date) -> Days | None:
    """`Good Friday`, `Easter Sunday`: the latest one."""
    shift = DAY * vocabulary()["days_from_easter"][" ".join(match[0].lower().split())]
    found = easter(now.year) + shift
    if found > now:
        found = easter(now.year - 1) + shift
    return found, found


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the anonymous algorithm (Nature, 20 April 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


COUNT = r"(?P<count>[a-z]+|\d{1,3})"
WHICH = r"(?P<which>first|second|third|fourth|last|final)"
WAY = r"(?P<way>earlier|later|before(?=\s*[.,;:)]|\s*$))"
PORTION = (
    pattern(
        "portion",
        rf"{WHICH}\s+(?:{COUNT}\s+)?(?P<unit>days?|weeks?)\s+of\s+{MONTH}(?:,?\s+{YEAR})?(?!\w)",
        read_portion_of_month,
    ),
    pattern(
        "portion",
        rf"{WHICH}\s+(?:{COUNT}\s+)?(?P<unit>months?|quarter|half)\s+of\s+(?P<of>{YEAR}|(?:this|the|last)\s+year\b)",
        read_portion_of_year,
    ),
)
NTH = pattern(
    "nth",
    r"(?P<nth>\d{1,4}(?:st|nd|rd|th)|[a-z]+)\s+(?:straight\s+|consecutive\s+)?(?P<unit>day|week|month)\s+of\b",
    read_nth,
)
NTH_YEAR = pattern("nth", r"its\s+(?P<nth>\d{1,2}(?:st|nd|rd|th)|[a-z]+)\s+(?P<unit>year|month|week|day)\b", read_nth)
DAY_NTH = pattern("nth", r"(?P<unit>day)\s+(?P<nth>\d{1,4})\s+of\b", read_nth)
SHIFT = pattern("shift", rf"{COUNT}\s+(?P<unit>days?|weeks?)\s+{WAY}(?!\s+(?:than|this)\b)", read_shift)
SHIFT_BARE = pattern("shift", rf"(?P<count>)(?P<unit>day)\s+{WAY}", read_shift)
SHIFT_TO = pattern("shift", r"(?P<way>previous|following|next)\s+(?P<count>)(?P<unit>day)\b", read_shift)
SHIFT_MONTHS = pattern("month shift", rf"{COUNT}\s+months?\s+{WAY}(?!\s+(?:than|this)\b)", read_month_shift)
SAME = pattern("shift", r"(?:that|same)\s+(?:very\s+)?(?:day|morning|afternoon|evening|night)\b", read_same)
SINCE = pattern("since", rf"{COUNT}\s+(?P<unit>days|weeks|months|years)\s+since\b", read_length)
BEGINNING = pattern("this", r"(?:start|beginning)\s+of\s+(?:the|this)\s+(?P<unit>week|month|year)\b", read_beginning)
EARLIER_IN = pattern("this", r"(?:earlier|early)\s+in\s+the\s+(?P<unit>week|month|year)\b", read_beginning)
LENGTH = pattern(
    "past",
    r"(?:in|within|over)\s+(?:just\s+|only\s+|barely\s+|under\s+)?"
    r"(?:(?P<count>24|48|72)\s+(?P<unit>hours)\b)",
    read_length,
)
LENGTH_OF = pattern(
    "length",
    rf"(?:in|during|ending|ended|over)\s+(?:the\s+)?(?:just\s+|only\s+|barely\s+)?{COUNT}\s+(?P<unit>days|weeks)\s+of\b",
    read_length,
)
WEEK_OF = (
    pattern("span", rf"week\s+of\s+{MONTH_DAY}\s+{MONTH}(?:,?\s+{YEAR})?", read_week_of),
    pattern("span", rf"week\s+of\s+{MONTH}\s+{MONTH_DAY}(?:,?\s+{YEAR})?", read_week_of),
)
THIS_WEEK = pattern(
    "weekday", r"(?P<weekday>[a-z]+)(?:\s+(?:morning|afternoon|evening|night))?\s+this\s+week\b", read_weekday_of_week
)
MONTHS = pattern(
    "span",
    rf"{MONTH}\s*(?:to|through|until|till|-|–)\s*(?P<to>[a-z]{{3,9}})\b\.?(?!\s+\d{{1,2}}\b)(?:,?\s+{YEAR})?",
    read_months,
)
EASTER = pattern("day", r"(?:good\s+friday|easter\s+(?:sunday|monday))\b", read_easter)
"""The first word of a pattern is what moments.py looks it up by."""

COUNTED = (SINCE, SHIFT, SHIFT_MONTHS)
"""What a number may begin."""


def words() -> dict[str, tuple[Pattern, ...]]:
    """The patterns by the word, in lower case, that begins them; those of months, weekdays and digits are in moments.py."""
    table: dict[str, tuple[Pattern, ...]] = dict.fromkeys(vocabulary()["ordinals"], (NTH,))
    table |= {word: (*PORTION, *table.get(word, ())) for word in ("first", "second", "third", "fourth", *LAST)}
    table |= dict.fromkeys(("in", "within", "over"), (LENGTH, LENGTH_OF))
    table |= dict.fromkeys(("during", "ending", "ended"), (LENGTH_OF,))
    table |= dict.fromkeys(("start", "beginning"), (BEGINNING,))
    table |= dict.fromkeys(("early", "earlier"), (EARLIER_IN,))
    table |= dict.fromkeys(("that", "same"), (SAME,))
    table |= dict.fromkeys(("previous", "following", "next"), (SHIFT_TO,))
    table |= dict.fromkeys(("good", "easter"), (EASTER,))
    return table | {"day": (DAY_NTH, SHIFT_BARE), "week": WEEK_OF, "its": (NTH_YEAR,)}
