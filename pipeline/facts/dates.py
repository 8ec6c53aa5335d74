"""Which days a count covers.

New harm: every stretch of days that the text names is a candidate, and so is "not said". Each is described by named cues
(same clause, the sentence before, first in the text, what stands around it, how long ago), a weight for each cue makes a
score, and the days with the most probable candidates win. The weights (dates.json) are a conditional logistic regression,
fitted by benchmarks/fit_time.py.

Totals: the end is the as-of day, else the day of publication; the start is when counting began, if the text says so.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from spacy.tokens import Token

from pipeline.facts.calendar import Moment, moments, own_date, vocabulary
from pipeline.facts.cues import load_weights
from pipeline.facts.model import Document, Mention, Reading

Span = tuple[date | None, date | None]
NEAREST_BEFORE, NEAREST_AFTER, FIRST = 14, 6, 6
"""How many dates are weighed: before the mention, after it, and at the document's beginning."""


@cache
def word_list(name: str) -> frozenset[str]:
    words = yaml.safe_load((Path(__file__).parent / "dates.yaml").read_text("utf8"))
    return frozenset(words[name].split())


WORD = re.compile(r"[A-Za-z]+")
CLAUSE = re.compile(
    r"[;:]|,\s+(?:and|but|while|whereas|as|after|when|which|who)\b|\b(?:while|whereas|after|before|but|that)\b|[–—]"
)


def sentence_index(document: Document, offset: int) -> int:
    """Index of the sentence in which an offset lies."""
    starts = document.notes.get("sentence_starts")
    if starts is None:
        starts = document.notes["sentence_starts"] = [s.start for s in document.sentences]
    return max(0, bisect_right(starts, offset) - 1)


def climb(token: Token | None) -> tuple[str, Token | None]:
    """What a date hangs on in the sentence's tree: a word of report, harm or event, or another verb; and the verb above."""
    found, verb = "", None
    for _ in range(12):
        if token is None or token.head is token:
            break
        token = token.head
        kind = next((n for n in ("report", "harm", "event") if token.lower_ in word_list(n)), "")
        if not found and token.pos_ in ("VERB", "AUX", "NOUN"):
            found = kind or ("other" if token.pos_ == "VERB" else "")
        if token.pos_ in ("VERB", "AUX"):
            verb = token
            break
    return {"harm": "event", "": "none"}.get(found, found), verb


def relation(mention: Mention, verb: Token | None) -> str:
    """How the verb that a date hangs on stands to the number in the sentence's tree."""
    number = mention.sentence.token_at(mention.number_start)
    if number is None or verb is None:
        return "unknown"
    above = [number, *number.ancestors]
    verbs = [t for t in above if t.pos_ in ("VERB", "AUX")]
    if verbs and verbs[0] == verb:
        return "same verb"
    if verb in above:
        return "verb above"
    if verbs and verbs[0] in verb.ancestors:
        return "verb below"
    return "apart"


@dataclass(slots=True)
class Place:
    """What a document's date has around it; the same for every mention."""

    moment: Moment
    sentence: int
    use: str
    cues: list[str]


def candidates(mention: Mention, document: Document) -> list[Place]:
    found = places(document)
    at = bisect_right(found, mention.number_start, key=lambda place: place.moment.start)
    near = set(range(max(0, at - NEAREST_BEFORE), min(len(found), at + NEAREST_AFTER))) | set(
        range(min(FIRST, len(found)))
    )
    return [found[i] for i in sorted(near)]


def nearest(words: Sequence[str]) -> tuple[str, int]:
    """Which word of report, harm or event comes first, and after how many words."""
    for place, word in enumerate(words):
        for name in ("report", "harm", "event"):
            if word in word_list(name):
                return name, place
    return "none", 99


def use(before: Sequence[str], after: Sequence[str]) -> str:
    """What a date dates, by the words before it in its sentence (nearest first) and after it.

    `said on Monday` dates the saying; `killed on Monday, police said` the harm; `On Monday, police said` may date either.
    """
    left, left_place = nearest(before)
    right, right_place = nearest(after)
    if left == "report" and left_place <= 5:
        return "report"
    if left in ("harm", "event"):
        return "event" if left_place <= 15 else "event far"
    if right in ("harm", "event"):
        return "event" if right_place <= 15 else "event far"
    if right == "report" and len(before) <= 3 and right_place <= 6:
        return "report first"
    return "report far" if "report" in (left, right) else "none"


def places(document: Document) -> list[Place]:
    """Every date of the document with its surroundings, in text order."""
    if "dates" not in document.notes:
        document.notes["dates"] = [place_of(moment, document) for moment in moments(document)]
    found: list[Place] = document.notes["dates"]
    return found


def places_in(document: Document, sentence: int) -> list[Place]:
    """The dates of one sentence."""
    found = places(document)
    first = bisect_left(found, sentence, key=lambda place: place.sentence)
    return found[first : bisect_right(found, sentence, key=lambda place: place.sentence)]


def place_of(moment: Moment, document: Document) -> Place:
    index = sentence_index(document, moment.start)
    sentence = document.sentences[index]
    before = [w.lower() for w in WORD.findall(document.text[max(sentence.start, moment.start - 300) : moment.start])][
        ::-1
    ]
    after = [w.lower() for w in WORD.findall(document.text[moment.end : min(sentence.end, moment.end + 300)])]
    words = before + after
    dates = "dateline" if moment.kind == "dateline" else use(before, after)
    cues = [f"use={dates}", f"kind={moment.kind}", f"role={moment.role}", f"age={age(moment, own_date(document))}"]
    cues += [f"has={name}" for name in ("harm", "event", "report") if not word_list(name).isdisjoint(words)]
    written = document.text[moment.start : moment.end]
    if moment.kind == "day" and written.endswith(str(own_date(document).year)):
        cues.append("year given")
    if before[:1] and before[0] in ("the", "a", "s"):
        cues.append("after article")
    if (
        not after
        and moment.kind == "day"
        and sentence.text[:1].isupper()
        and len(before) < 40
        and "on" not in before[:1]
    ):
        cues.append("ends sentence")
    return Place(moment, index, dates, cues)


def age(moment: Moment, now: date) -> str:
    days = (now - moment.last).days
    names = ((0, "future"), (1, "0"), (2, "1"), (4, "2-3"), (8, "4-7"), (32, "8-31"), (366, "32-365"))
    return next((name for limit, name in names if days < limit), "years")


NAME = re.compile(r"\b[A-Z][A-Za-z'-]{3,}")


def features(document: Document, index: int) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Names, words of events and numbers of a sentence, to see whether two sentences tell of the same thing."""
    known = document.notes.setdefault("sentence_features", {})
    if index not in known:
        text = document.sentences[index].text
        words = {w.lower() for w in WORD.findall(text)}
        numbers = {n.replace(",", "") for n in re.findall(r"\b\d[\d,]*\b", text)} | {
            str(n) for w, n in vocabulary()["numbers"].items() if w in words and n > 1
        }
        known[index] = (
            frozenset(NAME.findall(text)) - vocabulary()["calendar_names"],
            frozenset(w[:5] for w in words & word_list("event")),
            frozenset(numbers),
        )
    found: tuple[frozenset[str], frozenset[str], frozenset[str]] = known[index]
    return found


def shared(mention: Mention, index: int, document: Document) -> list[str]:
    """What the mention's sentence and a date's have in common."""
    names, events, _ = features(document, mention.sentence.index)
    other_names, other_events, other_numbers = features(document, index)
    found = []
    if mention.low and mention.low > 1 and str(mention.low) in other_numbers:
        found.append("same number")
    if names & other_names:
        found.append(f"same names={min(2, len(names & other_names))}")
    if events & other_events:
        found.append("same event word")
    return found


def distance(mention: Mention, place: Place, document: Document) -> list[str]:
    """Where the date stands, seen from the number."""
    here, moment = mention.sentence.index, place.moment
    if here != place.sentence:
        step = place.sentence - here
        where = "title" if not document.sentences[place.sentence].paragraph else str(max(-4, min(3, step)))
        found = [f"far={where}", *shared(mention, place.sentence, document), f"far use={place.use}"]
        if document.sentences[place.sentence].paragraph == mention.sentence.paragraph:
            found.append("same paragraph")
        return found + [f"far {cue}" for cue in place.cues if cue.startswith(("kind", "age", "role"))]
    ahead = moment.start >= mention.number_end
    between = (
        document.text[mention.number_end : moment.start] if ahead else document.text[moment.end : mention.number_start]
    )
    words = [w.lower() for w in WORD.findall(between)]
    side = "after" if ahead else "before"
    hangs, verb = climb(mention.sentence.token_at(moment.start))
    found = ["here", f"here {side}", f"here {side} words={min(4, len(words) // 4)}", f"here use={place.use}"]
    tie = relation(mention, verb)
    found += [f"hangs={hangs}", f"tie={tie}", f"hangs={hangs} tie={tie}"]
    if CLAUSE.search(between):
        found.append(f"here {side} other clause")
    if not word_list("report").isdisjoint(words):
        found.append(f"here {side} report between")
    if re.search(r"\d", between):
        found.append("here number between")
    return found


def ranks(mention: Mention, options: Sequence[Place]) -> dict[int, list[str]]:
    """Which dates of events come first in the text, and last before the mention or first after it; by place in options."""
    events = [i for i, p in enumerate(options) if p.use.startswith("event") and p.moment.role != "since"]
    before = [i for i in events if options[i].sentence < mention.sentence.index][::-1]
    after = [i for i in events if options[i].sentence > mention.sentence.index]
    found: dict[int, list[str]] = defaultdict(list)
    for rank, i in enumerate(before[:3]):
        found[i].append(f"back={rank}")
    for rank, i in enumerate(after[:2]):
        found[i].append(f"ahead={rank}")
    if events:
        found[events[0]].append("main")
    return found


def weigh(mention: Mention, document: Document) -> list[tuple[Moment | None, list[str]]]:
    """Every candidate with its cues; null is "not said"."""
    options = candidates(mention, document)
    seen: dict[Span, int] = defaultdict(int)
    for place in options:
        seen[place.moment.first, place.moment.last] += 1
    rank = ranks(mention, options)
    here = any(p.sentence == mention.sentence.index and p.use != "report" for p in options)
    found: list[tuple[Moment | None, list[str]]] = []
    for i, place in enumerate(options):
        cues = distance(mention, place, document) + place.cues + rank.get(i, [])
        if seen[place.moment.first, place.moment.last] > 1:
            cues.append("repeated")
        if place.sentence != mention.sentence.index and here:
            cues.append("far though here")
        if place.use == "report" and any(
            p.use == "event" and abs(p.sentence - place.sentence) <= 2 and p.moment.role == "" for p in options
        ):
            cues.append("report beside event")
        if place.moment.start < 500:
            cues.append("lead")
        found.append((place.moment, cues))
    return [*found, (None, describe_none(mention, document, options))]


def describe_none(mention: Mention, document: Document, options: Sequence[Place]) -> list[str]:
    """Cues for "not said"."""
    found = ["none"]
    if mention.implicit:
        found.append("none implicit")
    if not any(p.sentence == mention.sentence.index for p in options):
        found.append("none here")
    if mention.sentence.paragraph == 0:
        found.append("none title")
    if not any(p.use.startswith("event") for p in options):
        found.append("none event")
    return found


def read_new(mention: Mention, document: Document) -> Reading[Span]:
    weights = load_weights("dates.json")
    scored = [(moment, cues, sum(weights.get(c, 0.0) for c in cues)) for moment, cues in weigh(mention, document)]
    top = max(score for _, _, score in scored)
    chance: dict[Span, float] = defaultdict(float)
    best: dict[Span, tuple[float, Moment | None, list[str]]] = {}
    for moment, cues, score in scored:
        span: Span = (moment.first, moment.last) if moment else (None, None)
        chance[span] += math.exp(score - top)
        if span not in best or score > best[span][0]:
            best[span] = (score, moment, cues)
    winner = max(chance, key=lambda span: chance[span])
    _, moment, cues = best[winner]
    if moment is None:
        return Reading((None, None), "date: not said")
    return Reading(winner, f"date: {moment.kind}, {cues[0]}", moment.start, moment.end)


def read(mention: Mention, measure: str, document: Document) -> Reading[Span]:
    """First and last day that the count covers; null where unknown."""
    from pipeline.facts import totals  # it asks this module for the event's day

    return totals.read(mention, document) if measure == "total" else read_new(mention, document)
