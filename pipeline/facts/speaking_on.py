"""Who claims a count whose own words name nobody: one who speaks around it and goes on, or the outlet itself.

Everyone who says something in the sentences around the count is a candidate. What speaks for each and against (how far off,
in which paragraph, of what kind, what else that speaker counts, how the sentence begins) is weighed by speaking_on.json, which
tools/fit_speaking_on.py learns; one who is likelier than all others and the outlet together is the claimant.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pipeline.facts import attribution
from pipeline.facts.attribution import OUTLET, Answer
from pipeline.facts.cues import load_weights
from pipeline.facts.model import Document, Mention, Reading, Sentence
from pipeline.facts.speakers import pronouns, vocabulary
from pipeline.facts.victim_type import is_same_count

BEFORE, AFTER = 6, 3
"""Sentences around a count in which its speaker is looked for."""
NEIGHBOURS = 40
"""Counts before and after one, and entries of a list before it, that are looked at."""
Answers = Mapping[str, Reading[Any]]


@dataclass(frozen=True, slots=True)
class Heard:
    """A speaker's words in a sentence: `wide` if they are most of it."""

    sentence: Sentence
    reading: Answer
    wide: bool


@dataclass(slots=True)
class Voice:
    """One who speaks around a count, with all that is heard of that one there."""

    reading: Answer
    heard: list[Heard] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    """Indices of the document's counts that this one claims."""
    heads_list: bool = False


def read_all(mentions: Sequence[Mention], document: Document, answers: Sequence[Answers]) -> list[Answer]:
    """One answer a mention, in order."""
    own = [attribution.read(m, document) for m in mentions]
    return [
        said if said.value is not None else _heard_around(i, mentions, document, answers, own)
        for i, said in enumerate(own)
    ]


def _heard_around(
    i: int, mentions: Sequence[Mention], document: Document, answers: Sequence[Answers], own: Sequence[Answer]
) -> Answer:
    around = voices(i, mentions, document, own)
    spoken = [list(features(i, mentions, document, answers, voice)) for voice in around]
    best, loudest = decide(spoken, load_weights("speaking_on.json"))
    if best is None:
        return Reading(None, OUTLET)
    found = around[best].reading
    return Reading(found.value, f"goes on speaking: {loudest} ({found.rule})", found.start, found.end)


def decide(spoken: Sequence[Sequence[str]], weights: Mapping[str, float]) -> tuple[int | None, str]:
    """Which of the voices, by their features, is likelier than the others and the outlet together, and what spoke loudest for it."""
    scores = [sum(weights.get(f, 0.0) for f in fs) for fs in spoken]
    best = max(range(len(scores)), key=lambda k: scores[k], default=None)
    if best is None:
        return None, ""
    others = 1.0 + sum(math.exp(s) for k, s in enumerate(scores) if k != best)
    if math.exp(scores[best]) <= others:
        return None, ""
    return best, max(spoken[best], key=lambda f: weights.get(f, 0.0))


# Who speaks around


def voices(i: int, mentions: Sequence[Mention], document: Document, own: Sequence[Answer]) -> list[Voice]:
    """Everyone who says something in the sentences around the count, or who claims its whole or a number like it."""
    mention, found = mentions[i], list[Voice]()
    at = mention.sentence.index
    for sentence in document.sentences[max(0, at - BEFORE) : at + AFTER + 1]:
        for heard in heard_in(sentence, document):
            _voice(found, heard.reading).heard.append(heard)
    for k in range(max(0, i - NEIGHBOURS), min(len(own), i + NEIGHBOURS)):
        related = (
            k == mention.whole or is_same_count(mentions[k], mention) or abs(mentions[k].sentence.index - at) <= AFTER
        )
        if own[k].value is not None and related:
            _voice(found, own[k]).counts.append(k)
    head = _list_head(mention, document)
    for heard in heard_in(head, document) if head is not None else ():
        _voice(found, heard.reading).heads_list = True
    return found


def _voice(found: list[Voice], reading: Answer) -> Voice:
    """The voice of that name among those found, else a new one."""
    for voice in found:
        if is_same(voice.reading.value, reading.value):
            return voice
    found.append(Voice(reading))
    return found[-1]


def is_same(a: str | None, b: str | None) -> bool:
    """All words of the one name are in the other, or half, not only its kind: `Mr Musa` is Ali Musa, one ministry not another."""
    first, second = _words(a or ""), _words(b or "")
    shared = first & second
    telling = any(not attribution.ORGANISATION.fullmatch(word) for word in shared)
    return len(shared) == min(len(first), len(second)) > 0 or (
        telling and len(shared) * 2 >= min(len(first), len(second))
    )


SMALL = frozenset(("the", "a", "an", "of", "in", "and", "to", "for", "on", "at", "by", "s"))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", name.lower())) - SMALL


def heard_in(sentence: Sentence, document: Document) -> list[Heard]:
    """All who say something in a sentence, worked out once."""
    known: dict[int, list[Heard]] = document.notes.setdefault("speaking_on", {})
    if sentence.index not in known:
        known[sentence.index] = [
            Heard(sentence, named, (c.scope_end - c.scope_start) * 2 >= len(sentence.text))
            for c in attribution.claims_in(sentence, document)
            if (
                named := attribution.named(sentence.start + c.start, sentence.start + c.end, sentence, document, c.rule)
            )
        ]
    return known[sentence.index]


ENTRY = re.compile(r"\s*[-–—•*·▪►]\s*\w")


def _list_head(mention: Mention, document: Document) -> Sentence | None:
    """The sentence before the list in whose entries the mention stands."""
    at = mention.sentence.index
    floor = max(0, at - NEIGHBOURS)
    while at > floor and ENTRY.match(document.sentences[at].text):
        at -= 1
    head = document.sentences[at]
    return head if at < mention.sentence.index and head.paragraph != mention.sentence.paragraph else None


# What speaks for a voice

MEANT = "meaning the last speaker"
PRONOUN = re.compile(r"\W*(?:He|She|It|They|His|Her|Their|Its)\b")
REGION = re.compile(r"\W*(?:And |Meanwhile,? |Elsewhere,? )?[Ii]n (?:the )?(?:\w+ )?[A-Z]")
AS_OF = re.compile(r"\W*(?:As of|So far|To date|Overall|In total|In all|Altogether)\b")
WITNESS = re.compile(r"\b(?:residents?|witness\w*|activists?|villagers?|survivors?|man|woman|father|mother)\b", re.I)
NAME = re.compile(r"(?:[A-Z][\w'.-]+ ?)+")


@cache
def _continuation() -> re.Pattern[str]:
    return re.compile(vocabulary()["continuation"], re.IGNORECASE)


def features(
    i: int, mentions: Sequence[Mention], document: Document, answers: Sequence[Answers], voice: Voice,
) -> Iterator[str]:  # fmt: skip
    """Names of all that speaks for the voice or against it."""
    mention, mine = mentions[i], answers[i]
    kind, sentence = _kind(voice.reading.value), mention.sentence
    yield "any"
    yield f"kind {kind}, {'one' if mention.implicit else 'count'}"
    yield f"past {mine['background'].value}"
    yield f"measure {mine['measure'].value}"
    yield f"cause {mine['cause'].value}"
    if sentence.paragraph == 0:
        yield "in the title"
    if voice.heads_list:
        yield "heads the list"
    if mention.whole in voice.counts:
        yield f"claims the whole, {'near' if mention.sentence.index - mentions[mention.whole].sentence.index <= 2 else 'far'}"
    before = [h for h in voice.heard if h.sentence.index < sentence.index]
    after = [h for h in voice.heard if h.sentence.index > sentence.index]
    here = [h for h in voice.heard if h.sentence is sentence]
    if before:
        yield from _before(i, mentions, document, answers, voice, before[-1])
    if after:
        yield f"{_distance(after[0].sentence, sentence)} after"
        if before and MEANT in after[0].reading.rule:
            yield "before, and after by a pronoun"
    if here:
        yield f"speaks here, {_manner(here[0])}"
    elif heard_in(sentence, document):
        yield "another speaks here"


def _kind(name: str | None) -> str:
    if name is None:
        return "nobody"
    if name.lower() in pronouns():
        return "pronoun"
    if attribution.ORGANISATION.search(name):
        return "body"
    if WITNESS.search(name):
        return "witness"
    return "name" if NAME.fullmatch(name) else "other"


def _manner(heard: Heard) -> str:
    """`subject of`, `tag`, `aside`, `words before`; `cue` for `according to` and the like."""
    return heard.reading.rule.split("`")[0].strip() or "cue"


def _distance(other: Sentence, sentence: Sentence) -> str:
    """How far off a sentence is, and whether a paragraph begins between."""
    apart = abs(other.index - sentence.index)
    near = str(apart) if apart <= 3 else "more"
    paragraphs = abs(other.paragraph - sentence.paragraph)
    return (
        f"{near} {('in its paragraph', 'in the next paragraph')[paragraphs] if paragraphs < 2 else 'paragraphs apart'}"
    )


def _before(
    i: int, mentions: Sequence[Mention], document: Document, answers: Sequence[Answers], voice: Voice, last: Heard
) -> Iterator[str]:
    """What the voice's last words before the count say."""
    sentence, there = mentions[i].sentence, last.sentence
    yield f"{_distance(there, sentence)} before"
    yield f"{_distance(there, sentence)} before, {'most' if last.wide else 'part'} of the sentence"
    near = min(sentence.index - there.index, 3)
    yield f"{near} before, {_manner(last)}"
    between = (document.sentences[k] for k in range(there.index + 1, sentence.index))
    if not any(heard_in(s, document) for s in between):
        yield "last to speak"
    if len(heard_in(there, document)) > 1:
        yield "others speak there"
    if there.paragraph <= 1:
        yield f"in the {('title', 'first paragraph')[there.paragraph]}, paragraphs {min(sentence.paragraph - there.paragraph, 2)} on"
    for opening, name in (
        (PRONOUN, "a pronoun"),
        (_continuation(), "more of those"),
        (REGION, "a place"),
        (AS_OF, "a day"),
    ):
        if opening.match(sentence.text):
            yield f"begins with {name}, {near} before"
    counts = [k for k in voice.counts if mentions[k].sentence is there]
    yield f"claims {'a' if counts else 'no'} count {near} before"
    if counts:
        yield from _as_claimed(i, counts[-1], mentions, answers)


def _as_claimed(i: int, k: int, mentions: Sequence[Mention], answers: Sequence[Answers]) -> Iterator[str]:
    """What the count has in common with one that the voice claims."""
    mine, its = answers[i], answers[k]
    yield f"days {'as' if mine['dates'].value == its['dates'].value else 'not as'} claimed"
    yield f"place {'as' if mine['place'].value == its['place'].value else 'not as'} claimed"
    yield f"{mine['measure'].value} after {its['measure'].value}"
    if mentions[i].metric == mentions[k].metric:
        yield "metric as claimed"
