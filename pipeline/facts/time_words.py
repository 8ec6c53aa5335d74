"""Patterns of the words of time that count from now or name a date: `Monday`, `24 February`, `in the past 24 hours`, `1995`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pipeline.facts.calendar import (
    DAY,
    Days,
    back,
    day_about,
    latest_day,
    make_day,
    make_year,
    month_end,
    month_start,
    season,
    vocabulary,
    weekday_on_or_before,
    weekend,
    whole_month,
)

Reader = Callable[[re.Match[str], date], Days | None]
"""Gives days, or null where the words matched mean no day."""
MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
MONTH_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\d|[.,:]\d|\s?%)"
YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d|,\d)"
TO = r"\s*(?:and|to|-|–|—|until|till|through|or|&)\s*"


def number_of(word: str) -> int | None:
    return int(word) if word.isdecimal() else vocabulary()["numbers"].get(word.lower())


def month_of(match: re.Match[str]) -> int | None:
    word = match["month"]
    if word in ("may", "march", "mar", "sep", "jan", "dec"):  # verbs, or names, where they are not capitals
        return None
    return vocabulary()["months"].get(word.lower())


def read_day(match: re.Match[str], now: date) -> Days | None:
    """`24 February`, `Feb. 24, 2022`."""
    month, groups = month_of(match), match.groupdict()
    if month is None:
        return None
    day, year = int(match["day"]), groups.get("year")
    found = make_day(int(year), month, day) if year else day_about(month, day, now)
    return (found, found) if found else None


def read_days(match: re.Match[str], now: date) -> Days | None:
    """`3 to 9 March`, `March 28 and 29, 2015`."""
    month, year = month_of(match), match["year"]
    if month is None:
        return None
    day, to = int(match["day"]), int(match["to"])
    last = make_day(int(year), month, to) if year else day_about(month, to, now)
    first = make_day(last.year, month, day) if last else None
    return (first, last) if first and last and first < last else None


def read_month(match: re.Match[str], now: date) -> Days | None:
    """`March 2011`."""
    month = month_of(match)
    return whole_month(month, int(match["year"]), now) if month else None


def read_bare_month(match: re.Match[str], now: date) -> Days | None:
    """`in May`; a month's name alone may be a verb or a person, so a word of time must stand before it."""
    month = month_of(match)
    before = match.string[max(0, match.start() - 24) : match.start()]
    if month is None or not BEFORE_MONTH.search(before):
        return None
    first, last = whole_month(month, None, now)
    if LAST_BEFORE.search(before) and first and first.month == now.month:
        first, last = whole_month(month, now.year - 1, now)
    return first, last


BEFORE_MONTH = re.compile(
    r"\b(in|since|last|this|early|late|mid|by|until|from|of|through|during|between|and|to|before|after|previous|or)"
    r"[\s-]+(the\s+)?$",
    re.I,
)
LAST_BEFORE = re.compile(r"\blast\s+$", re.I)


def read_iso(match: re.Match[str], now: date) -> Days | None:
    """`2022-02-24`; not in an address (`/2022/07/05/`)."""
    if match.string[max(0, match.start() - 1) : match.start()] == "/":
        return None
    found = make_day(int(match["y"]), int(match["m"]), int(match["d"]))
    return (found, found) if found else None


def read_numeric(match: re.Match[str], now: date) -> Days | None:
    """`28-08-2016`; where day and month could be swapped, the one of them that is about now, else the day stands first."""
    a, b, year = int(match["a"]), int(match["b"]), make_year(match["y"])
    found = [d for d in (make_day(year, b, a), make_day(year, a, b)) if d]
    if not found:
        return None
    best = next((d for d in found if abs((d - now).days) <= ABOUT_NOW), found[0])
    return best, best


ABOUT_NOW = 10
"""Days around its publication within which a text prints its date."""


def read_year(match: re.Match[str], now: date) -> Days | None:
    """`in 2014`, `the 1995 massacre`; not `1995 people`."""
    year, after = int(match["year"]), match["after"]
    counted = after is not None and after.lower() in vocabulary()["counted_after_year"]
    before = match.string[max(0, match.start() - 12) : match.start()]
    if year > now.year or (counted and not BEFORE_YEAR.search(before)):
        return None
    return date(year, 1, 1), date(year, 12, 31)


BEFORE_YEAR = re.compile(r"\b(?:in|since|during|until|late|early|mid)[\s-]+$", re.I)


def read_years(match: re.Match[str], now: date) -> Days | None:
    """`1992-1995`, `2014/15`."""
    first, last = int(match["year"]), match["to"]
    end = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    return (date(first, 1, 1), date(end, 12, 31)) if first < end <= now.year else None


def read_decade(match: re.Match[str], now: date) -> Days | None:
    first = int(match["year"])
    return (date(first, 1, 1), date(first + 9, 12, 31)) if first <= now.year else None


def read_weekday(match: re.Match[str], now: date) -> Days | None:
    """`Monday`: the latest such day; `last Monday`: of the week before, for this week's is only `Monday`; `next Friday` is none."""
    weekday = vocabulary()["weekdays"].get(match["weekday"].lower())
    if weekday is None:
        return None
    before = match.string[max(0, match.start() - 16) : match.start()].lower().split()
    word = before[-1].strip("(\"'“‘-—") if before else ""
    if len(match["weekday"]) < 6 or word in vocabulary()["not_weekdays_after"] or word in ("next", "coming"):
        return None
    if match["weekday"].lower().endswith("days") and word in ("on", "most"):  # a habit
        return None
    found = weekday_on_or_before(weekday, now)
    if word == "last" and found >= now - DAY * now.weekday():
        found -= DAY * 7
    return found, found


def read_last_week(match: re.Match[str], now: date) -> Days | None:
    """`Tuesday last week`: that day of the week before."""
    weekday = vocabulary()["weekdays"].get(match["weekday"].lower())
    if weekday is None:
        return None
    found = now - DAY * (now.weekday() + 7 - weekday)
    return found, found


def read_holiday(match: re.Match[str], now: date) -> Days | None:
    """`New Year's Day`, `Christmas Eve`: the latest one."""
    month, day = vocabulary()["holidays"][
        re.sub(r"[^a-z]+", " ", match[0].lower().replace("'", "").replace("’", "")).strip()
    ]
    found = latest_day(month, day, now)
    return (found, found) if found else None


def read_mid_month(match: re.Match[str], now: date) -> Days | None:
    """`mid-September`: its fifteenth day."""
    if month_of(match) is None:
        return None
    first, _ = whole_month(month_of(match) or 1, int(match["year"]) if match["year"] else None, now)
    return (first + DAY * 14, first + DAY * 14) if first else None


def read_years_after(match: re.Match[str], now: date) -> Days | None:
    """`30 years after the genocide`, said of now: the year of the genocide."""
    count = number_of(match["count"])
    if count is None or not 3 <= count < min(500, now.year):
        return None
    return date(now.year - count, 1, 1), date(now.year - count, 12, 31)


def read_ago(match: re.Match[str], now: date) -> Days | None:
    """`three days ago`; whole months and years for longer spans; `several days ago` has no day."""
    unit = vocabulary()["units"].get(match["unit"].lower())
    count = number_of(match["count"])
    if unit is None or count is None or count > 500:
        return None
    when = back(now, count, unit)
    if match["count"].lower() in vocabulary()["vague"] or when.year < 2:
        return None
    if unit in ("year", "decade"):
        return date(when.year, 1, 1), date(when.year, 12, 31)
    if unit == "month":
        return month_start(when.year, when.month), month_end(when.year, when.month)
    return when, when


def read_past(match: re.Match[str], now: date) -> Days | None:
    """`the past 24 hours`, `the last three days`, `the past fortnight`; `the last few days` are three."""
    unit = vocabulary()["units"].get(match["unit"].lower())
    count = match["count"]
    if unit is None:
        return None
    steps = 1 if count is None else number_of(count)
    if steps is None or steps > 500:
        return None
    first = back(now, steps, unit)
    return (first, now) if first.year > 1 else None


def read_month_of(match: re.Match[str], now: date) -> Days | None:
    """`June last year`, `March this year`."""
    month = month_of(match)
    year = now.year - 1 if match["which"].lower() == "last" else now.year
    return whole_month(month, year, now) if month else None


def read_week_to(match: re.Match[str], now: date) -> Days | None:
    """`the week ending 24 June`: seven days."""
    found = read_day(match, now)
    return (found[1] - DAY * 6, found[1]) if found else None


def read_known(match: re.Match[str], now: date) -> Days | None:
    """A day known by its name: `9/11`, `the September 11 attacks`."""
    day: date = vocabulary()["known_days"][match.lastgroup]
    return (day, day) if day <= now else None


def read_last(match: re.Match[str], now: date) -> Days | None:
    """`last week` is Monday to Sunday of the week before; `last month`, `last year` the whole ones before."""
    unit = match["unit"].lower()
    if unit in ("night", "evening"):
        return now - DAY, now - DAY
    if unit == "week":
        monday = now - DAY * (now.weekday() + 7)
        return monday, monday + DAY * 6
    if unit == "weekend":
        return weekend(now - DAY * 2 if now.weekday() >= 5 else now)
    if unit == "month":
        return month_start(now.year, now.month - 1) if now.month > 1 else date(now.year - 1, 12, 1), now - DAY * now.day
    if unit == "year":
        return date(now.year - 1, 1, 1), date(now.year - 1, 12, 31)
    return season(unit, now.year - 1)


def read_season(match: re.Match[str], now: date) -> Days | None:
    return season(match["season"].lower(), int(match["year"]))


def read_this(match: re.Match[str], now: date) -> Days | None:
    """`this morning`, `this week` (Monday to now), `this month`, `earlier this year`."""
    unit = match["unit"].lower()
    if unit in ("morning", "afternoon", "evening"):
        return now, now
    if unit == "week":
        return now - DAY * now.weekday(), now
    if unit == "weekend":
        return weekend(now)
    if unit == "month":
        return now.replace(day=1), now
    if unit == "year":
        return date(now.year, 1, 1), now
    return season(unit, now.year)


def fixed(first: int, last: int) -> Reader:
    """So many days before now, to so many days before now."""
    return lambda match, now: (now - DAY * first, now - DAY * last)


def read_today(match: re.Match[str], now: date) -> Days | None:
    """`today`; `the greatest danger in the world today` means these times."""
    return None if THESE_TIMES.search(match.string[max(0, match.start() - 40) : match.start()]) else (now, now)


THESE_TIMES = re.compile(r"\b(?:in|of)\s(?:the|our|this)\s(?:\w+\s)?(?:world|society|country|region|economy)\s$", re.I)


def read_recent(match: re.Match[str], now: date) -> Days | None:
    return None, now


def read_weekend(match: re.Match[str], now: date) -> Days | None:
    return weekend(now)


@dataclass(frozen=True, slots=True)
class Pattern:
    kind: str
    regex: re.Pattern[str]
    read: Reader


def pattern(kind: str, regex: str, read: Reader) -> Pattern:
    return Pattern(kind, re.compile(regex, re.I), read)


KNOWN = pattern(
    "day",
    r"(?P<nine_eleven>9/11\b|(?:september|sept\.?)\s+11(?:th)?(?:,?\s+2001|(?=\s+(?:terror|attacks)))|11\s+september(?=\s+attacks))"
    r"|(?P<october_seven>(?:oct(?:ober|\.)?\s+7(?:th)?|7(?:th)?\s+(?:of\s+)?oct(?:ober|\.)?)(?:,?\s+2023|"
    r"(?=\s+(?:attacks?|massacres?|assault|onslaught|hamas))))",
    read_known,
)
DIGITS = (
    KNOWN,
    pattern("day", r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?)(?!\d)", read_iso),
    pattern("day", r"(?P<a>\d\d?)(?P<s>[-/.])(?P<b>\d\d?)(?P=s)(?P<y>(?:19|20)?\d\d)(?![\d])", read_numeric),
    pattern(
        "span",
        rf"(?P<day>\d\d?)(?:st|nd|rd|th)?{TO}(?P<to>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}"
        rf"(?:,?\s+{YEAR})?",
        read_days,
    ),
    pattern("day", rf"{MONTH_DAY}[\s-]+(?:of\s+)?{MONTH}(?:,?[\s-]+{YEAR})?", read_day),
    pattern("ago", r"(?P<count>\d{1,3})\s+(?P<unit>[a-z]+)\s+ago\b", read_ago),
    pattern("year", r"(?P<count>\d{1,3})\s+years\s+(?:on from|after)\s+(?=the\b)(?P<after>)", read_years_after),
    pattern("span", r"(?P<year>(?:19|20)\d\d)\s?[-–/]\s?(?P<to>(?:(?:19|20)\d\d)|\d\d)(?![\d-])", read_years),
    pattern("span", r"(?P<year>(?:19|20)\d0)['’]?s\b", read_decade),
    pattern("year", rf"{YEAR}(?![-/.:%]\d|%|\w)(?:\s(?P<after>[A-Za-z]+))?", read_year),
)
MONTHS = (
    KNOWN,
    pattern(
        "span",
        rf"{MONTH}\s+(?P<day>\d\d?)(?:st|nd|rd|th)?{TO}(?P<to>\d\d?)(?!\d)(?:st|nd|rd|th)?"
        rf"(?:,?\s+{YEAR})?",
        read_days,
    ),
    pattern("day", rf"{MONTH}\s+(?:the\s+)?{MONTH_DAY}(?:,?\s+{YEAR})?", read_day),
    pattern("month", rf"{MONTH},?\s+(?:of\s+)?{YEAR}", read_month),
    pattern("month", rf"{MONTH},?\s+(?:of\s+)?(?P<which>last|this)\s+year", read_month_of),
    pattern("month", rf"{MONTH}(?!\w)", read_bare_month),
)
PART = r"(?:['’]?s)?(?:\s+(?:early\s+)?(?:morning|afternoon|evening|night))?(?!\w)"
WEEKDAYS = (
    pattern("day", rf"[a-z]+\.?,?\s+(?:the\s+)?{MONTH_DAY}\s+(?:of\s+)?{MONTH}(?:,?\s+{YEAR})?", read_day),
    pattern("day", rf"[a-z]+\.?,?\s+{MONTH}\s+{MONTH_DAY}(?:,?\s+{YEAR})?", read_day),
    pattern(
        "day", r"[a-z]+\.?,?\s+(?P<a>\d\d?)(?P<s>[-/.])(?P<b>\d\d?)(?P=s)(?P<y>(?:19|20)?\d\d)(?!\d)", read_numeric
    ),
    pattern("weekday", rf"(?P<weekday>[a-z]+){PART}\s+(?:of\s+)?last\s+week\b", read_last_week),
    pattern("weekday", rf"(?P<weekday>[a-z]+){PART}", read_weekday),
)
AGO = (pattern("ago", r"(?P<count>[a-z]+)\s+(?P<unit>[a-z]+)\s+ago\b", read_ago),)
PAST = pattern(
    "past",
    r"(?:past|previous|preceding|last)[\s-]+(?:(?P<count>\d{1,3}|[a-z]+)(?:\s+of)?[\s-]+)?"
    r"(?P<unit>hours?|days?|weeks?|fortnight|months?|years?|decades?)\b",
    read_past,
)
ROLLING = pattern(
    "past",
    r"(?<=the\s)last(?P<count>)\s+(?P<unit>day|week|fortnight|month|year|decade)\b",
    lambda match, now: (back(now, 1, match["unit"].lower()), now),
)
CALENDAR = pattern(
    "last", r"last\s+(?P<unit>night|evening|week|weekend|month|year|summer|winter|spring|autumn|fall)\b", read_last
)
THIS = pattern(
    "this",
    r"this\s+(?P<unit>morning|afternoon|evening|week|weekend|month|year|summer|winter|spring|autumn)\b",
    read_this,
)
SEASON = pattern("season", rf"(?P<season>[a-z]+)\s+(?:of\s+)?{YEAR}", read_season)

ENDING = r"(?:\s+(?:ending|ended|to))?(?:\s+on)?\s+"
WEEK = (
    pattern("span", rf"(?:w/e|week){ENDING}{MONTH_DAY}\s+{MONTH}(?:,?\s+{YEAR})?", read_week_to),
    pattern("span", rf"(?:w/e|week){ENDING}{MONTH}\s+{MONTH_DAY}(?:,?\s+{YEAR})?", read_week_to),
)

HOLIDAY = (pattern("day", r"(?:new\s+year['’]?s\s+(?:day|eve)|christmas\s+(?:day|eve)|boxing\s+day)\b", read_holiday),)

WORDS: dict[str, tuple[Pattern, ...]] = {
    "mid": (pattern("day", rf"mid[\s-]+{MONTH}(?:,?\s+{YEAR})?(?!\w)", read_mid_month),),
    "new": HOLIDAY,
    "christmas": HOLIDAY,
    "boxing": HOLIDAY,
    "w": WEEK,
    "week": WEEK,
    "today": (pattern("today", r"today\b(?!['’]s (?:world|society|generation))", read_today),),
    "tonight": (pattern("today", r"tonight\b", fixed(0, 0)),),
    "yesterday": (pattern("yesterday", rf"yesterday{PART}", fixed(1, 1)),),
    "overnight": (
        pattern("weekday", r"overnight\s+(?:(?:in)?to\s+|on\s+)?(?P<weekday>[a-z]+day)\b", read_weekday),
        pattern("overnight", r"overnight\b", fixed(1, 0)),
    ),
    "last": (ROLLING, CALENDAR, PAST),
    "past": (PAST,),
    "previous": (PAST,),
    "preceding": (PAST,),
    "this": (THIS,),
    "recent": (pattern("recent", r"recent\s+(?:hours|days|weeks)\b", read_recent),),
    "weekend": (pattern("weekend", r"weekend\b", read_weekend),),
}
