"""What harmed the people: conflict, disaster or other. Words vote, those near the number loudest.

The clause and the sentence of the mention weigh most, then its paragraph and the sentences around it, then the title
and the document as a whole. What nobody votes for is `other`: an unknown cause.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import get_args

from pipeline.facts.model import Document, Mention, Reading
from pipeline.facts.words import load
from pipeline.records import Cause

CAUSES: tuple[Cause, ...] = get_args(Cause)
NOTES = "cause"
# How loud a word votes by where it stands; the document's vote is shared among its words.
NEAR, SENTENCE, AROUND, TITLE, DOCUMENT = 3.0, 2.0, 1.0, 1.5, 6.0
NEAR_REACH = 60
"""Characters around the number that count as near."""


@dataclass(frozen=True, slots=True)
class Vote:
    start: int
    end: int
    cause: Cause
    weight: int


WORD = re.compile(r"[^\W\d_][\w'’-]*")
Meaning = tuple[Cause, int]


@cache
def _patterns() -> tuple[dict[Meaning, re.Pattern[str]], dict[str, list[tuple[re.Pattern[str], Meaning]]]]:
    """For each cause and weight its words; for each first word of a phrase what may follow."""
    words: dict[Meaning, re.Pattern[str]] = {}
    phrases: dict[str, list[tuple[re.Pattern[str], Meaning]]] = {}
    for cause, weights in load("cause.yaml").items():
        for weight, listed in weights.items():
            meaning = (cause, int(weight))
            words[meaning] = re.compile("|".join(listed.get("words", ["(?!)"])))
            for phrase in listed.get("phrases", []):
                first, rest = phrase.split(" ", 1)
                phrases.setdefault(first, []).append((re.compile(rf"\W{{1,2}}{rest}\b", re.IGNORECASE), meaning))
    return words, phrases


def _meaning(word: str) -> Meaning | None:
    """What one word tells."""
    for meaning, pattern in _patterns()[0].items():
        if pattern.fullmatch(word):
            return meaning
    head, hyphen, _ = word.partition("-")
    return _meaning(head) if hyphen else None


Told = tuple[int, list[tuple[re.Pattern[str], Meaning]], Meaning | None]


@lru_cache(maxsize=100_000)
def _told(written: str) -> Told | None:
    """Of a word as written: length without its possessive, phrases that it may begin, what it tells alone; else null."""
    word = written.lower().removesuffix("'s").removesuffix("’s")
    phrases, meaning = _patterns()[1].get(word, []), _meaning(word)
    return (len(word), phrases, meaning) if phrases or meaning else None


def votes(text: str) -> Iterator[Vote]:
    """Every word and phrase of the text that tells a cause, in text order."""
    done = 0
    for found in WORD.finditer(text):
        told = _told(found.group())
        if told is None or found.start() < done:
            continue
        length, phrases, alone = told
        end, meaning = found.end(), None
        for pattern, phrase_meaning in phrases:
            if rest := pattern.match(text, found.start() + length):
                end, meaning = rest.end(), phrase_meaning
        meaning = meaning or alone
        if meaning is not None:
            done = end
            yield Vote(found.start(), end, *meaning)


def read(mention: Mention, document: Document) -> Reading[Cause]:
    """The cause that most words tell, and the loudest of them."""
    everywhere = _document_votes(document)
    scores = dict.fromkeys(CAUSES, 0.0)
    total = max(sum(vote.weight for vote in everywhere), 4)
    for vote in everywhere:
        scores[vote.cause] += DOCUMENT * vote.weight / total
    loudest: tuple[float, Vote] | None = None
    for vote, loudness in _near(mention, document, everywhere):
        scores[vote.cause] += loudness * vote.weight
        if loudest is None or loudness * vote.weight > loudest[0]:
            loudest = loudness * vote.weight, vote
    if not any(scores.values()):
        return Reading("other", "nothing tells the cause")
    best: Cause = max(CAUSES, key=lambda cause: scores[cause])
    return _answer(best, loudest, everywhere)


def _answer(best: Cause, loudest: tuple[float, Vote] | None, everywhere: list[Vote]) -> Reading[Cause]:
    if loudest is not None and loudest[1].cause == best and loudest[1].end:
        return Reading(best, "word near the number", loudest[1].start, loudest[1].end)
    first = next((vote for vote in everywhere if vote.cause == best), None)
    if first is None:
        return Reading(best, "words of the title beside the text")
    return Reading(best, "words of the document", first.start, first.end)


def _document_votes(document: Document) -> list[Vote]:
    if NOTES not in document.notes:
        document.notes[NOTES] = list(votes(document.text))
    return document.notes[NOTES]


def _near(mention: Mention, document: Document, everywhere: list[Vote]) -> Iterator[tuple[Vote, float]]:
    """Votes of the mention's sentence, its neighbours and the title, each with how loud it is."""
    sentence = mention.sentence
    before = document.sentences[max(0, sentence.index - 1)]
    after = document.sentences[min(len(document.sentences) - 1, sentence.index + 1)]
    first = bisect_left(everywhere, before.start, key=lambda vote: vote.start)
    for vote in everywhere[first:]:
        if vote.start >= after.end:
            break
        if sentence.start <= vote.start < sentence.end:
            gap = max(vote.start - mention.number_end, mention.number_start - vote.end)
            yield vote, NEAR if gap <= NEAR_REACH else SENTENCE
        else:
            yield vote, AROUND
    title_end = document.sentences[0].end if document.sentences[-1].paragraph > 0 else 0
    for vote in everywhere:
        if vote.start >= min(title_end, 200):
            break
        yield vote, TITLE
    for vote in votes(document.title):
        yield Vote(0, 0, vote.cause, vote.weight), TITLE
