"""Days, months and weekdays reckoned from a day, and the words that name them.

time_words.py and reckoning.py read such words in a text, moments.py finds them there.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DAY = timedelta(days=1)
Days = tuple[date | None, date]
"""First and last day; the first is null where only the end is known (`in recent days`)."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of days that a text names."""

    first: date | None
    last: date
    kind: str
    """Which pattern read it: `day`, `weekday`, `month`, `year`, `past`, `overnight`, ..."""
    start: int
    """Offsets in the document."""
    end: int
    role: str = ""
    """What the word before makes of it: `since`, `as of`, `until`, `after`, or nothing."""

    @property
    def is_day(self) -> bool:
        return self.first is not None and (self.last - self.first).days <= 1


@cache
def vocabulary() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "calendar.yaml").read_text("utf8"))
    for key in ("months", "weekdays", "units"):
        words[key] = {form: value for value, forms in words[key].items() for form in forms}
    words["calendar_names"] = {form.capitalize() for key in ("months", "weekdays") for form in words[key]}
    return words


def month_start(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def month_end(year: int, month: int) -> date:
    return month_start(year, month + 1) - DAY


def make_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def make_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


SOON = DAY * 31
"""How long after its publication a day without a year is taken as the coming one, not last year's."""


def day_about(month: int, day: int, now: date) -> date | None:
    """The latest such day up to a few weeks after `now`: a text that was dated too early, or looks ahead."""
    coming = next(
        (d for d in (make_day(now.year + k, month, day) for k in (0, 1)) if d and now < d <= now + SOON), None
    )
    return coming or latest_day(month, day, now)


def latest_day(month: int, day: int, now: date) -> date | None:
    """The latest such day of the year up to `now`; 29 February looks back for a leap year."""
    years = range(now.year, now.year - 9, -1)
    return next((d for d in (make_day(y, month, day) for y in years) if d and d <= now), None)


def weekday_on_or_before(weekday: int, now: date) -> date:
    return now - DAY * ((now.weekday() - weekday) % 7)


def whole_month(month: int, year: int | None, now: date) -> Days:
    if year is None:
        year = now.year if month <= now.month else now.year - 1
    return month_start(year, month), month_end(year, month)


def back(now: date, count: int, unit: str) -> date:
    """The day that lies so many units before now."""
    if unit == "hour":
        return now - DAY * -(-count // 24)
    if unit in ("month", "year", "decade"):
        months = now.year * 12 + now.month - 1 - count * {"month": 1, "year": 12, "decade": 120}[unit]
        if months < 12:
            return date.min
        first = date(months // 12, months % 12 + 1, 1)
        return min(first + DAY * (now.day - 1), month_end(first.year, first.month))
    days = count * {"day": 1, "week": 7, "fortnight": 14}[unit]
    return now - DAY * days if days < now.toordinal() else date.min


def weekend(now: date) -> Days:
    """The latest Saturday and Sunday that have begun."""
    saturday = weekday_on_or_before(5, now)
    return saturday, min(saturday + DAY, now)


def season(name: str, year: int) -> Days | None:
    months = vocabulary()["seasons"].get(name)
    return (month_start(year, months[0]), month_end(year, months[1])) if months else None
