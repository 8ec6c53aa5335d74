"""A document's own day, and all the stretches of days that it names, in text order.

What words of time mean hangs on the document's own day, which is the day of publication unless the text prints another
(`28-08-2016`, `Updated 12 July`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from pipeline.facts.calendar import Moment, latest_day, month_end, month_start, weekday_on_or_before
from pipeline.facts.model import Document
from pipeline.facts.moments import atoms

JOIN = re.compile(
    r"\s*(?:,?\s*(?:and|to|until|till|through|into|or)|-|–|,)\s+(?:on\s+|early\s+|late\s+|the\s+)*|\s?[-–]\s?", re.I
)
DAYS = {"day", "weekday", "today", "yesterday"}
ROLE = re.compile(
    r"\b(?:(?P<since>since|starting|beginning|began|started)|(?P<as_of>as(?:\s+of|\s+at)?|by)|(?P<after>after|following)|"
    r"(?P<until>until|till|through|before|prior\s+to|up\s+to)|(?P<between>between|from))$",
    re.I,
)
FILLER = re.compile(
    r"(?:\s+(?:early|late|mid|the|start|end|beginning|of|on|in|about|around|nearly|almost|last|at|evening|morning|afternoon|night|"
    r"mid-))*[\s-]*$",
    re.I,
)
BY_THE_CLOCK = re.compile(
    r"\b(?:before|after|until|by|from)\s+(?:the\s+)?(?:dawn|noon|midday|midnight|sunrise|sunset|daybreak|dusk|nightfall|"
    r"\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\.?)?)(?:\s+(?:local time|on|in|early|late|prayers))*\s+$",
    re.I,
)
AS_OF_THE_CLOCK = re.compile(
    r"\bas\s+(?:of|at)\s+(?:(?:midnight|noon|midday|early|late|\d{1,2}(?:[:.]?\d\d)?\s?(?:[ap]\.?m\.?|hours|hrs|GMT)?)[\s,]+)+"
    r"(?:(?:local time|on)[\s,]+)*$",
    re.I,
)
SINCE_EVENT = re.compile(
    r"\bsince\s(?:(?!(?:said|says|told|tells|added|reported|announced|wrote|showed)\s)[^\s,;:.]+\s){1,14}$", re.I
)


def role_before(text: str, start: int) -> str:
    """The word of time that governs what begins at start: `since early March` → since.

    `since event` where it governs what the date dates: `since the war began in March`, `since the attack on Monday`.
    """
    window = text[max(0, start - 110) : start]
    if BY_THE_CLOCK.search(window):
        return ""
    if AS_OF_THE_CLOCK.search(window):
        return "as of"
    filler = FILLER.search(window)
    word = ROLE.search(window[: filler.start()]) if filler else None
    if word and word.lastgroup:
        return word.lastgroup.replace("_", " ")
    event = SINCE_EVENT.search(window)
    return "since event" if event and event[0].count('"') % 2 == 0 else ""


def join(text: str, found: list[Moment], now: date) -> Iterator[Moment]:
    """`between Friday and Sunday`, `24 February to 2 March` become one stretch; `since May` reaches up to now."""
    at = 0
    while at < len(found):
        moment = found[at]
        at += 1
        role = role_before(text, moment.start)
        while at < len(found) and not role.startswith("since") and (longer := together(text, moment, found[at])):
            moment = longer
            at += 1
        if moment.end - moment.start < 40 and printed(text, moment):
            moment = replace(moment, kind="dateline")
        yield settle(replace(moment, role="" if role == "between" else role), now)


NEAR = {"shift": 200, "nth": 30}
"""Characters before a shift (`a day earlier`) or a numbered day (`Sunday, the fifth day of`) in which its day is named."""
OPENING = 2000
"""The same for a shift that opens its sentence, and so reckons from what the story is about."""
OPENS = re.compile(r"(?:^|[\n.!?][\"'”’)]?\s*|[\n.!?][\"'”’)]?\s+(?:On|The|But|And|Later|Earlier) )$")


def reckoned(text: str, found: Iterable[Moment], now: date) -> Iterator[Moment]:
    """`Two died on Friday. A day earlier, ...`: shifts reckon from the day named before them; without one they mean none."""
    anchor, named = now, -OPENING
    month: date | None = None
    for moment in found:
        if moment.kind == "month shift":
            if month is not None and (shifted := by_months(moment, month, now)).last <= now:
                yield shifted
            continue
        opens = moment.kind == "shift" and OPENS.search(text[max(0, moment.start - 12) : moment.start]) is not None
        near = moment.start - named < (OPENING if opens else NEAR.get(moment.kind, 0))
        if near and moment.first is not None:
            moment = replace(moment, first=moment.first + (anchor - now), last=moment.last + (anchor - now))
        if moment.kind != "shift" or (near and moment.last <= now):
            yield moment
        if moment.kind in DAYS and moment.first == moment.last:
            anchor, named = moment.last, moment.end
        if moment.kind in ("day", "month"):
            month = moment.last


def by_months(moment: Moment, named: date, now: date) -> Moment:
    """A month told of now (`a month later`), as told of the month named before."""
    first = moment.first or moment.last
    months = named.year * 12 + named.month - 1 + (first.year - now.year) * 12 + first.month - now.month
    year, month = months // 12, months % 12 + 1
    return replace(moment, first=month_start(year, month), last=month_end(year, month), kind="month")


def together(text: str, moment: Moment, following: Moment) -> Moment | None:
    """One stretch of two dates that a range or a list joins; null if they do not belong together."""
    same = moment.kind in (following.kind, "span") or {moment.kind, following.kind} <= DAYS
    if not same or following.start - moment.end >= 20 or not JOIN.fullmatch(text[moment.end : following.start]):
        return None
    first = moment.first
    if first and first > following.last and moment.kind in ("day", "month", "weekday"):
        first = earlier(moment, following.last)
    if first is None or first > following.last:
        return None
    return Moment(first, following.last, "span", moment.start, following.end)


def earlier(moment: Moment, last: date) -> date | None:
    """The first day again, now as the latest before `last`: `28 December to 3 January 2020`."""
    first = moment.first
    if first is None:
        return None
    return (
        weekday_on_or_before(first.weekday(), last)
        if moment.kind == "weekday"
        else latest_day(first.month, first.day, last)
    )


def settle(moment: Moment, now: date) -> Moment:
    """`since` reaches up to now; nothing that has begun lasts past now."""
    if moment.role == "since" and moment.first and moment.first <= now:
        return replace(moment, last=now)
    if moment.first is None or moment.first <= now < moment.last:
        return replace(moment, last=min(moment.last, now))
    return moment


HEAD = 400
"""Characters in which a text prints its own date."""
PRINTED = re.compile(
    r"(?:published|posted|updated|date of publication|date|first published|last updated)[\s:]*(?:on|at)?\s*(?:\d{3,4}\s*)?$",
    re.I,
)


AGENCY = re.compile(r"\b(?:AP|AFP|Reuters|Monitor|SANA|Xinhua|TASS|Anadolu|BBC|DPA|EFE|ANSA|PTI)\W*$", re.I)


def stands_alone(before: str, after: str) -> bool:
    """A date that no sentence needs: after a line break, a full stop, an agency's name; not inside prose."""
    if re.match(r"\s*[,;]|\s*\)|\s+(?:and|was|is|in|at|when|after|that|which|by|to)\b", after):
        return False
    return re.search(r"(?:^|[\n.|·•(])\s*$", before) is not None or AGENCY.search(before) is not None


def printed(text: str, moment: Moment) -> bool:
    """Whether a full date near the beginning is the text's own.

    `Published October 3 2016`, `Thu Feb 26 2015`, `28-08-2016 Shelling kills 20`: it begins a line or a sentence, or
    follows a word of publishing.
    """
    if moment.kind != "day" or moment.start > HEAD:
        return False
    before = text[max(0, moment.start - 40) : moment.start]
    if PRINTED.search(before) or in_dateline(text, moment):
        return True
    has_year = re.search(r"\d{4}", text[moment.start : moment.end]) is not None
    return has_year and stands_alone(before, text[moment.end : moment.end + 40])


def in_dateline(text: str, moment: Moment) -> bool:
    """`SANAA, Nov 14 (AP) - `, `Jan 18, 2008 (AFP) - `: a place, a day and an agency before the text."""
    line = text[text.rfind("\n", 0, moment.start) + 1 : moment.start]
    return PLACE_BEFORE.fullmatch(line) is not None and AGENCY_AFTER.match(text, moment.end) is not None


PLACE_BEFORE = re.compile(r"(?:[A-Z][\w.'’ -]{1,30}[,:]? ?){0,3}")
AGENCY_AFTER = re.compile(r"\s*\((?:[A-Z][\w./ ]{1,24})\)\s*(?:[-–—:]|$)")


def own_day(text: str, published: date) -> date:
    """The day that the text prints as its own, near its beginning; else the day of publication."""
    for moment in atoms(text[:HEAD], published):
        if moment.first and printed(text, moment) and abs((moment.first - published).days) < 1500:
            return moment.first
    return published


def own_date(document: Document) -> date:
    if "own_date" not in document.notes:
        document.notes["own_date"] = own_day(document.text, document.published)
    found: date = document.notes["own_date"]
    return found


def moments(document: Document) -> list[Moment]:
    """All stretches of days that the document names, in text order."""
    if "moments" not in document.notes:
        now = own_date(document)
        document.notes["moments"] = list(
            join(document.text, list(reckoned(document.text, atoms(document.text, now), now)), now)
        )
    found: list[Moment] = document.notes["moments"]
    return found
