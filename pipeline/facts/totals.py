"""The days of a running count: from when counting began, if the text says or clearly implies it, to its as-of day."""

import re
from datetime import date, timedelta

from pipeline.facts import wars
from pipeline.facts.calendar import Days, Moment
from pipeline.facts.dated import Place, numbers_in, places, places_in
from pipeline.facts.dates import ABOUT, AHEAD, LEAD, Span, alike, at_number, choose, choose_beyond
from pipeline.facts.model import Document, Mention, Reading
from pipeline.facts.timeline import own_date

BEGINNING = re.compile(
    r"\b(?:began|begun|started|starting|launched|erupted|broke out|invaded|invasion|beginning|outbreak|onset|uprising|revolution|"
    r"crackdown|war|overflowed|burst|landfall)\b(?:[\s,]+(?!on\b|in\b)[\w'’-]+){0,4}(?:\s+(?:in|across)\s+(?:the\s+)?\w+)?[\s,]+(?:(?:on|in|early|late|around|about|of|last)\s+)*$",
    re.I,
)
INCIDENT = re.compile(
    r"\b(?:attack|strike|air ?strike|raid|blast|explosion|bombing|shooting|crash|quake|earthquake|stampede|crush|collapse|"
    r"ambush|accident|collision|blaze|tornado|landslide|derailment|massacre|gunman|rubble|debris|site|hurricane|typhoon|cyclone)\b",
    re.I,
)
OF_A_WAR = re.compile(r"\b(?:war|invasion|invaded|conflict|offensive|onslaught|fighting|operation|hostilities)\b", re.I)
BESIDE = "since, beside the count"
"""The name of the rule that takes the beginning from the count's own sentence."""
NOT_A_START = frozenset(["past", "recent", "this", "today", "dateline"])
SAME_START = 60
"""Days by which a text's own start of a known war may differ from the known one (`in February`)."""


def says_beginning(place: Place, document: Document) -> bool:
    """`since 24 February`, `the invasion, launched on Feb. 24`, `the conflict erupted in March 2011`."""
    moment = place.moment
    if moment.first is None or moment.first >= own_date(document):
        return False
    if moment.kind in NOT_A_START and not (moment.kind == "this" and moment.role == "since"):
        return False
    before = document.text[max(0, moment.start - 60) : moment.start]
    return (
        moment.role.startswith("since")
        or moment.kind in ("nth", "since")
        or (moment.role == "" and BEGINNING.search(before) is not None)
    )


def beginnings(document: Document) -> list[Place]:
    """The dates of the document that say when something lasting began."""
    if "beginnings" not in document.notes:
        document.notes["beginnings"] = [place for place in places(document) if says_beginning(place, document)]
    found: list[Place] = document.notes["beginnings"]
    return found


def as_of(mention: Mention, document: Document) -> Moment | None:
    """The day of which the sentence gives the count (`as of March 28`, `the ministry said on Monday`), or the one before.

    For a headline or first sentence: the day with the same count told below it.
    """
    told = as_of_sentence(mention, document)
    if told is None and mention.sentence.index <= LEAD:
        again = repeats(mention, document)
        told = next((found for other in again if (found := as_of_sentence(other, document)) is not None), None)
    return told or as_of_lead(document)


def as_of_lead(document: Document) -> Moment | None:
    """The day of which the document's first sentences give their counts: it holds for all that names no other."""
    first = places_in(document, 0, LEAD)
    found = (p.moment for p in first if p.moment.kind == "day" and (p.moment.role == "as of" or closes(p, document)))
    return next((m for m in found if timedelta() <= own_date(document) - m.last <= LATE), None)


def closes(place: Place, document: Document) -> bool:
    """`By the close of 7 May`, `up to 29 September`: the last day that is counted."""
    return UP_TO.search(document.text[max(0, place.moment.start - 40) : place.moment.start]) is not None


UP_TO = re.compile(
    r"\b(?:up to|through|by|until)\s+(?:and including\s+)?(?:the\s+)?(?:(?:end|close|evening|night)\s+of\s+)?$", re.I
)


def repeats(mention: Mention, document: Document) -> list[Mention]:
    """The mention as it stands in the next few sentences that have its number."""
    if mention.low is None or mention.low < 2:
        return []
    index = mention.sentence.index
    told = [m for m in alike(document)[mention.metric, mention.low] if index < m.sentence.index <= index + AHEAD]
    after = document.sentences[index + 1 : index + 1 + AHEAD]
    return told or [at_number(mention, s) for s in after if str(mention.low) in numbers_in(document, s.index)]


def as_of_sentence(mention: Mention, document: Document) -> Moment | None:
    for index in (mention.sentence.index, mention.sentence.index - 1):
        for place in places_in(document, index):
            if place.moment.role == "as of" and place.moment.last <= own_date(document):
                return place.moment
        if index == mention.sentence.index:
            said = [p for p in places_in(document, index) if p.moment.kind in SAID and may_be_as_of(p)]
            said = [p for p in said if p.moment.role == "" and p.moment.last <= own_date(document)]
            if said:
                return min(said, key=lambda p: abs(p.moment.start - mention.number_start)).moment
    return None


def may_be_as_of(place: Place) -> bool:
    """The day of somebody's speaking, or one that opens the sentence: `On Monday the mayor's office listed 40 dead`."""
    return place.use.startswith("report") or (place.opens and place.use in ("other", "none"))


SAID = ("day", "weekday", "yesterday", "month", "last", "weekend")


LOCAL = re.compile(r"\b(?:city|town|village|port|plant|steelworks|suburb|site|building|district)\b", re.I)
AT_A_PLACE = re.compile(
    r"\b(?:bod(?:y|ies)|corpses?|graves?|buried|shelter(?:s|ed|ing)?|hiding|(?:tak\w+|took|sought|seek\w*) refuge)\b",
    re.I,
)
"""People found dead or sheltering somewhere: a count of that place, from no day that the text says."""
LOST = re.compile(r"\b(?:has|have|had) (?:also |now |already )?lost\s*$", re.I)
"""`The army has lost eleven generals`: so far, however few."""
TOLL = re.compile(
    r"\b(?:tolls?|tally|so far|confirmed|count is|victims|recovered|rubble|still missing|remain\w* missing|unaccounted|bodies|gone up|(?:yet to be|not (?:yet )?been) found|"
    r"(?:number|count) of (?:\w+ ){0,2}(?:killed|dead|deaths|missing|injured|fatalities|casualties))\b",
    re.I,
)
LARGE = 100
SINCE_THEN = re.compile(r"\bsince (?:then|that)\b", re.I)


def of_known_war(mention: Mention, document: Document) -> wars.War | None:
    """The known war that the count covers as a whole: the sentence speaks of it or of its land, not of one incident."""
    war, text = wars.fought(document), mention.sentence.text
    before = text[: mention.number_start - mention.sentence.start]
    if war is None or LOST.search(before):
        return war
    if AT_A_PLACE.search(text):
        return None
    if OF_A_WAR.search(text):
        return war
    count = mention.low or mention.high or 0
    if count < LARGE or INCIDENT.search(text) or LOCAL.search(text):
        return None
    return war


def start_of(mention: Mention, document: Document) -> tuple[date | None, str, Moment | None]:
    """When counting began, by which rule, and the words that say so."""
    index, war = mention.sentence.index, of_known_war(mention, document)
    own = [p for p in beginnings(document) if p.sentence == index and not (war and near(p.moment, war))]
    if own:
        place = min(
            own, key=lambda p: (not p.moment.role.startswith("since"), abs(p.moment.start - mention.number_start))
        )
        return place.moment.first, BESIDE, place.moment
    if SINCE_THEN.search(mention.sentence.text) and not own:
        then = [p.moment for p in places(document) if index - 2 <= p.sentence < index and p.moment.first]
        if then:
            return then[-1].first, "since then", then[-1]
    if war is not None:
        return war.start, f"since the beginning of the {war.name}", None
    before = [p for p in beginnings(document) if index - 3 <= p.sentence < index or p.sentence <= 3]
    if before and wars.fought(document) is None and not INCIDENT.search(mention.sentence.text):
        return before[-1].moment.first, "since, said before", before[-1].moment
    if (stretch := stretch_of_events(mention, document)) is not None:
        return stretch.first, "the stretch of the events", stretch
    if OF_A_WAR.search(mention.sentence.text) or not TOLL.search(mention.sentence.text):
        return None, "no beginning said", None
    return start_of_event(mention, document)


def stretch_of_events(mention: Mention, document: Document) -> Moment | None:
    """`Heavy rain during the first two weeks of June caused floods which have left 8 dead`."""
    found = (
        p.moment for p in places_in(document, mention.sentence.index) if p.is_strong and p.moment.kind in STRETCHES
    )
    return next((m for m in found if m.first is not None and not m.is_day), None)


STRETCHES = ("portion", "this", "span")


def start_of_event(mention: Mention, document: Document) -> tuple[date | None, str, Moment | None]:
    """The day of the event whose toll it is, if it is not long past."""
    place, rule = (choose_beyond if is_moved_by_more(mention) else choose)(mention, document)
    if place is None or rule == ABOUT or not place.is_strong or place.moment.role == "as of":
        return None, "no beginning said", None
    first, last = place.moment.first, place.moment.last
    if first is None or (own_date(document) - first).days > EVENT_REACH or (last - first).days > EVENT_REACH:
        return None, "no beginning said", None
    return place.moment.first, "toll of an event", place.moment


MORE = re.compile(
    r"\b(?:more|another|further|additional)\b.{0,160}\b(?:bring|rais|push|tak|lift)ing\b[^.;]{0,90}\bto\s*$", re.I
)


def is_moved_by_more(mention: Mention) -> bool:
    """`Two more died on Monday, bringing the toll to 61`: the day of the new deaths is not the day of the first."""
    sentence = mention.sentence
    return MORE.search(sentence.text, 0, mention.number_start - sentence.start) is not None


EVENT_REACH = 60
"""Days after which an event's toll is no longer counted on."""


def near(moment: Moment, war: wars.War) -> bool:
    """Whether a day is a known war's first one, or about it; a month (`since February`) counts from its own first day."""
    return moment.kind != "month" and moment.first is not None and abs((moment.first - war.start).days) <= SAME_START


def whole_stretch(mention: Mention, document: Document) -> Days | None:
    """`Between 3 March, when the war began, and 1 May, 900 died`: a stretch from the beginning on counts so far."""
    days = [p.moment for p in places_in(document, mention.sentence.index) if p.moment.first is not None]
    if not days or not FROM.search(document.text[mention.sentence.start : days[0].start]):
        return None
    first, last = days[0].first, days[min(1, len(days) - 1) if days[0].kind != "span" else 0]
    if first is None or not first < last.last <= own_date(document) <= last.last + LATE:
        return None
    war = wars.fought(document)
    begun = BEGUN.search(document.text[max(0, days[0].start - 30) : last.end]) is not None
    return (first, last.last) if begun or (war is not None and first == war.start) else None


FROM = re.compile(
    r"\b(?:between|from)\s+(?:(?:the\s+)?(?:beginning|start|outbreak|onset)\s+of\s+[^,;.]{0,40})?(?:on\s+)?$", re.I
)
BEGUN = re.compile(
    r"\b(?:beg[aiu]n|beginning|start(?:ed)?|outbreak|broke out|erupted|onset|launch(?:ed)?|invasion|invaded)\b", re.I
)
LATE = timedelta(days=31)
"""How long before the document's own day a stretch may end that counts so far."""


def read(mention: Mention, document: Document) -> Reading[Span]:
    """From when counting began to the as-of day; the document's own day if no other is said."""
    if (stretch := whole_stretch(mention, document)) is not None:
        return Reading(stretch, "date: total, from its beginning to a day")
    said = as_of(mention, document)
    end = said.last if said else own_date(document)
    start, rule, moment = start_of(mention, document)
    if start is None or start > end:
        return Reading((None, end), "date: total, no beginning said", *((said.start, said.end) if said else ()))
    return Reading((start, end), f"date: total, {rule}", *((moment.start, moment.end) if moment else ()))
