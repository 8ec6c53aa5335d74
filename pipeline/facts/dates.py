"""Which days a count covers.

New harm: the date that the number's own clause gives it, else the nearest date of harm or of an event: before it if the
text goes on from there, after it if the number stands in a headline or a first sentence, else what the document is about,
else the day that it names most often.
A vague date (`earlier this week`) gives way to a day inside it that the text names for the same count. Totals: totals.py.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from pipeline.facts.calendar import Days, Moment, month_end
from pipeline.facts.dated import WORD, Place, event_words, kind_of, numbers_in, places, places_in
from pipeline.facts.model import Document, Mention, Reading, Sentence
from pipeline.facts.reckoning import steps
from pipeline.facts.timeline import own_date
from pipeline.facts.vague import sharpen

Span = tuple[date | None, date | None]
CLAUSE = re.compile(
    r"[;:]|,\s+(?:and|but|while|whereas|as|after|when|which|who)\b|\b(?:while|whereas|after|before|but|that)\b|[–—]"
)
BACK, AHEAD, LEAD = 4, 4, 2
"""How many sentences a date is looked for before and after, and which are the first ones."""
ABOUT = "what the story is about"
"""The name of the last rule."""


def read(mention: Mention, measure: str, document: Document) -> Reading[Span]:
    """First and last day that the count covers; null where unknown."""
    from pipeline.facts import totals  # which asks this module for the event's day

    return totals.read(mention, document) if measure == "total" else read_new(mention, document)


def read_new(mention: Mention, document: Document) -> Reading[Span]:
    place, rule = choose(mention, document)
    if place is None:
        return Reading((None, None), "date: not said")
    exact = sharpen(place, mention, document)
    moment = exact.moment
    rule = rule if exact is place else f"{rule}, exact day elsewhere"
    return Reading((moment.first, moment.last), f"date: {rule}", moment.start, moment.end)


def choose(mention: Mention, document: Document) -> tuple[Place | None, str]:
    """The date of new harm, and the rule that found it; several modules ask for it."""
    known: dict[tuple[int, str], tuple[Place | None, str]] = document.notes.setdefault("chosen dates", {})
    key = (mention.number_start, mention.metric)
    if key not in known:
        place, rule = first_found(RULES, mention, document)
        said = told_earlier(place, mention, document) if place is not None else None
        known[key] = (said, "told before that day") if said is not None else (place, rule)
    return known[key]


def told_earlier(place: Place, mention: Mention, document: Document) -> Place | None:
    """`The mayor said on Sunday that ten died`: no harm of the Monday that another sentence names, but of that Sunday."""
    here = mention.sentence.index
    if place.sentence == here:
        return None
    said = [
        p for p in places_in(document, here) if p.use.startswith("report") and p.moment.is_day and not p.moment.role
    ]
    return next((p for p in said if p.moment.last < place.moment.last), None)


def choose_beyond(mention: Mention, document: Document) -> tuple[Place | None, str]:
    """The same by the rules that look beyond the mention's sentence and its repeats."""
    return first_found(RULES[BEYOND:], mention, document)


def first_found(rules: Sequence["Rule"], mention: Mention, document: Document) -> tuple[Place | None, str]:
    found = ((find(mention, document), rule) for rule, find in rules)
    return next(((place, rule) for place, rule in found if place is not None), (None, ""))


# Rules, in order.


LAG = re.compile(
    r"\b(?P<count>[a-z]+|\d{1,2})\s+(?P<unit>days?|weeks?)\s+after\s+(?!that\b|which\b)[^,;:]*$",
    re.I,
)


def days_before(mention: Mention, document: Document) -> Place | None:
    """`The raid on Friday came two days after 12 people died`: so many days before what the sentence goes on from."""
    text, number = mention.sentence.text, mention.number_start - mention.sentence.start
    lag = LAG.search(text, 0, number)
    counted = steps(lag) if lag else None
    if lag is None or counted is None or lag["count"].lower() in ("the", "days"):
        return None
    days = [p for p in places_in(document, mention.sentence.index) if p.moment.is_day and p.moment.role == ""]
    around = [
        p for p in days if p.moment.end <= mention.sentence.start + lag.start() or p.moment.start > mention.number_end
    ]
    place = around[0] if around else choose_beyond(mention, document)[0]
    if place is None or place.moment.first is None:
        return None
    back = timedelta(counted[0] * (7 if counted[1] == "week" else 1))
    start = mention.sentence.start + lag.start()
    moment = replace(
        place.moment,
        first=place.moment.first - back,
        last=place.moment.last - back,
        start=start,
        end=start + len(lag[0]),
    )
    return replace(place, moment=moment)


def in_sentence(mention: Mention, document: Document) -> Place | None:
    """A date of the number's own sentence: rather in its clause, rather of harm or of an event, rather near."""
    found = []
    for place in places_in(document, mention.sentence.index):
        between = words_between(mention, place, document)
        then = place.moment.start < mention.number_start and WHEN.match(between) is not None
        if place.moment.role.startswith("since") and then:
            place = replace(place, moment=at_its_time(place.moment))
        begun = place.use in ("harm", "event", "none") and place.moment.role == "since" and not is_long(place.moment)
        if place.moment.kind == "since":
            place = replace(place, moment=at_its_time(place.moment))
        recent = place.moment.kind in ("recent", "length", "since")
        if (recent and not place.is_strong) or not (
            place.is_strong or begun or place.use == "report first" or place.is_weak
        ):
            continue
        ahead = place.moment.start >= mention.number_end
        if (
            place.use == "other"
            and not place.opens
            and not (not ahead and THEN.match(between))
            and (TURNED_AWAY if ahead else LEADS_AWAY).search(between)
        ):
            continue
        apart = (
            not place.opens and not then and (is_apart(between) or (not ahead and AND.fullmatch(between) is not None))
        )
        weak = not place.is_strong and not place.opens
        begun = begun or place.moment.role == "since event"
        found.append(((recent, begun, apart, weak, len(WORD.findall(between))), place))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def of_harm_in_sentence(mention: Mention, document: Document) -> Place | None:
    """The same, if it dates harm or an event, or opens the sentence."""
    place = in_sentence(mention, document)
    return place if place is not None and (place.is_strong or place.opens) else None


def told_again(mention: Mention, document: Document) -> Place | None:
    """The date of harm that the same count, or one beside it, has in the nearest other sentence that gives it one."""
    dates = (in_sentence(other, document) for other in tellings(mention, document))
    return next((place for place in dates if place is not None and place.is_strong), None)


def around_its_repeat(mention: Mention, document: Document) -> Place | None:
    """The date that the sentences around another telling of the count give that one."""
    dates = (headline(other, document) or before(other, document) for other in tellings(mention, document))
    return next((place for place in dates if place is not None), None)


def tellings(mention: Mention, document: Document) -> Iterator[Mention]:
    """The same count in other sentences, nearest first; then the counts beside it in other sentences."""
    mentions = document.mentions
    first = bisect_left(mentions, mention.sentence.start, key=lambda m: m.number_start)
    last = bisect_left(mentions, mention.sentence.end, key=lambda m: m.number_start)
    for told in (mention, *mentions[first:last]):
        if told.low is not None and told.low > 1 and not told.implicit:
            same = alike(document)[told.metric, told.low]
            at = bisect_left(same, told.number_start, key=lambda m: m.number_start)
            around = [m for m in same[max(0, at - TELLINGS) : at + TELLINGS] if m.sentence is not told.sentence]
            yield from sorted(around, key=lambda m: abs(m.sentence.index - mention.sentence.index))


TELLINGS = 6
"""How many tellings of the same count are looked at, before and after, so that a text of one count costs linear time."""


def alike(document: Document) -> dict[tuple[str, int | None], list[Mention]]:
    """The document's mentions by metric and count, in text order."""
    if "alike" not in document.notes:
        found = document.notes["alike"] = defaultdict(list)
        for mention in document.mentions:
            found[mention.metric, mention.low].append(mention)
    known: dict[tuple[str, int | None], list[Mention]] = document.notes["alike"]
    return known


LEADS_AWAY = re.compile(
    r"[;:]|\b(?:after|before|which|who|whom|that|but|while|whereas|when|(?:to|for|with|of) \w+ing)\b|[–—]"
)
THEN = re.compile(r"\W{0,2}\s*(?:when|in which|during which)\b")
"""`in September, when 40 died`, `the fire of 1961 in which 503 died`: a clause that tells what happened then."""
WHEN = re.compile(r"\s*,\s*(?:when|in which|during which)\b")
"""`the worst since May 2016, when 40 died`: no time since then, but then."""
AND = re.compile(r"\W*and\s+", re.I)
"""`on Thursday and six`: the day before belongs to the count before."""
TURNED_AWAY = re.compile(r"[;:]|\s-\s|\b(?:which|who|whom|that|but|prompting|including)\b|[–—]")


def words_between(mention: Mention, place: Place, document: Document) -> str:
    moment = place.moment
    if moment.start >= mention.number_end:
        return document.text[mention.number_end : moment.start]
    return document.text[moment.end : mention.number_start]


def is_apart(between: str) -> bool:
    """Whether a clause ends between a date and the number."""
    return CLAUSE.search(joined(between)) is not None


def joined(between: str) -> str:
    """The words between without the `that` of an event: `displaced by floods that hit the valley on Wednesday` is one clause."""
    return THAT_HIT.sub(lambda m: m["event"] if kind_of(m["event"].lower()) == "event" else m[0], between)


THAT_HIT = re.compile(r"\b(?P<event>\w+),?\s(?:that|which|when)\b")


def at_its_time(moment: Moment) -> Moment:
    """The day, month or year that a `since` begins with, alone."""
    first = moment.first or moment.last
    last = {"month": month_end(first.year, first.month), "year": date(first.year, 12, 31)}.get(moment.kind, first)
    return replace(moment, last=last, role="")


def is_long(moment: Moment) -> bool:
    return moment.first is None or (moment.last - moment.first).days > 31


def headline(mention: Mention, document: Document) -> Place | None:
    """For a headline or first sentence: a date beside the same number, else the nearest first date of harm."""
    index = mention.sentence.index
    if index > LEAD:
        return None
    return (
        repeated(mention, document, [*range(index), *range(index + 1, index + 1 + AHEAD)])
        or (strongest(places_in(document, 0, index - 1)) if index else None)
        or first_of(places_in(document, index + 1, index + AHEAD))
    )


def repeated(mention: Mention, document: Document, sentences: Sequence[int]) -> Place | None:
    """The date that another sentence gives the same count."""
    if mention.low is None or mention.low < 2:
        return None
    for index in sentences:
        if index < len(document.sentences) and str(mention.low) in numbers_in(document, index):
            place = in_sentence(at_number(mention, document.sentences[index]), document)
            if place is not None:
                return place
    return None


def at_number(mention: Mention, sentence: Sentence) -> Mention:
    """The mention as if it stood in another sentence that has its number."""
    found = re.search(rf"\b{mention.low:,}\b|\b{mention.low}\b", sentence.text)
    start = sentence.start + (found.start() if found else 0)
    return replace(mention, sentence=sentence, number_start=start, number_end=start + (len(found[0]) if found else 0))


def first_of(options: Sequence[Place]) -> Place | None:
    """The first day of harm or of an event, else the first such stretch, else the first day that may be one."""
    strong = [p for p in options if p.is_strong and p.moment.kind != "recent"]
    days = [p for p in strong if p.moment.is_day]
    weak = [p for p in options if p.is_weak and p.moment.is_day]
    return next(iter(days or strong or weak), None)


def strongest(options: Sequence[Place]) -> Place | None:
    """The last sentence's first date of harm, else of an event, else any that may be one."""
    usable = [p for p in options if (p.is_strong or (p.is_weak and p.moment.is_day)) and p.moment.kind != "recent"]
    strong = [p for p in usable if p.is_strong]
    if not usable:
        return None
    last = (strong or usable)[-1].sentence
    here = [p for p in usable if p.sentence == last]
    return min(here, key=lambda p: USES.index(p.use))


USES = ("harm", "event", "none", "other")


def before(mention: Mention, document: Document) -> Place | None:
    """The last date of harm or of an event in the few sentences before."""
    index = mention.sentence.index
    goes_on = GOES_ON.match(mention.sentence.text) is not None
    found = places_in(document, max(0, index - BACK), index - 1)
    found = [p for p in found if p.moment.kind not in ("year", "month") or (p.sentence == index - 1 and goes_on)]
    place = strongest(found)
    return place if place is not None and place.is_strong else of_same_event(mention, document) or place


def of_same_event(mention: Mention, document: Document) -> Place | None:
    """The last day of harm or of an event before, in a sentence with the same word for it: `The riots left 18 dead`."""
    index = mention.sentence.index
    events = event_words(document, index)
    found = places_in(document, max(0, index - FAR), index - 1) if events else []
    strong = [p for p in found if p.is_strong and p.moment.is_day and events & event_words(document, p.sentence)]
    return strong[-1] if strong else None


FAR = 12
"""How many sentences before a count its event is looked for by name."""
GOES_ON = re.compile(
    r"\W*(?:the|it|its|they|their|he|she|his|this|these|those|that|there|another|some|all|\w+ing)\b", re.I
)


def report(mention: Mention, document: Document) -> Place | None:
    """The day on which the sentence before tells of an event: `Officials said on Friday that a strike hit ...`."""
    index = mention.sentence.index
    found = (
        [p for p in places_in(document, index - 1) if p.use.startswith("report") and p.moment.is_day] if index else []
    )
    return next((p for p in found if event_words(document, p.sentence) and p.moment.kind in ("weekday", "day")), None)


def main(mention: Mention, document: Document) -> Place | None:
    """What the document is about: the first day of harm or of an event among its first sentences."""
    first = places_in(document, 0, LEAD + 2)
    strong = [p for p in first if p.is_strong and p.moment.is_day]
    weak = [p for p in first if p.use == "none" and p.moment.is_day and p.moment.role == "" and p.sentence <= 2]
    return next(iter(strong or weak or dated_today(document)), None)


def dated_today(document: Document) -> list[Place]:
    """Where the text prints its date and names that day again (`on Thursday`), it tells of that day."""
    if not any(p.use == "dateline" for p in places(document)):
        return []
    now = own_date(document)
    return [
        p
        for p in places(document)
        if p.use in ("other", "none", "report first") and p.moment.first == now == p.moment.last
    ]


def most_named(mention: Mention, document: Document) -> Place | None:
    """The day of harm or of events that the document names most often, if it names one more than once and it is fresh."""
    if "named days" not in document.notes:
        days = [p for p in places(document) if p.moment.is_day and (p.is_strong or p.is_weak)]
        weight = Counter[Days]()
        for p in days:
            weight[p.moment.first, p.moment.last] += 2 if p.is_strong else 1
        often = [p for p in days if weight[p.moment.first, p.moment.last] > 1]
        often.sort(key=lambda p: -weight[p.moment.first, p.moment.last])
        document.notes["named days"] = often
    named: list[Place] = document.notes["named days"]
    fresh = own_date(document) - (FRESH_HEADLINE if mention.sentence.index <= LEAD else FRESH)
    return next((p for p in named if p.moment.last >= fresh), None)


FRESH, FRESH_HEADLINE = timedelta(days=1), timedelta(days=7)
"""How long before the document's own day one may lie that dates what the text leaves undated: of what is older, it says when."""


def reported_near(mention: Mention, document: Document) -> Place | None:
    """In the story's body: the nearest day on which somebody speaks, a few sentences away."""
    index = mention.sentence.index
    if index <= LEAD:
        return None
    near = places_in(document, max(0, index - NEAR), index + NEAR)
    said = [p for p in near if p.use.startswith("report") and p.moment.is_day and p.moment.role == ""]
    return min(said, key=lambda p: abs(p.sentence - index), default=None)


NEAR = 3
"""Sentences around a count in which somebody speaks of it."""

Rule = tuple[str, Callable[[Mention, Document], Place | None]]
RULES: tuple[Rule, ...] = (
    ("days before another", days_before),
    ("in the sentence", of_harm_in_sentence),
    ("where the count is told again", told_again),
    ("in the sentence", in_sentence),
    ("headline, from the story", headline),
    ("from the sentences before", before),
    ("from a report before", report),
    ("from the sentences around its repeat", around_its_repeat),
    (ABOUT, main),
    ("the day named most often", most_named),
    ("from a report near", reported_near),
)
BEYOND = 4
"""The first rule that looks beyond the mention's sentence and its repeats."""
