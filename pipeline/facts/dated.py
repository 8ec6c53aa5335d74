"""What a date in a text dates: people's harm, an event, somebody's speaking of it, or something else.

`killed on Monday, police said` dates the harm; `police said on Monday` the saying; `was jailed on Monday` neither.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from pipeline.facts import wars
from pipeline.facts.calendar import Moment, vocabulary
from pipeline.facts.model import Document, Sentence
from pipeline.facts.timeline import moments, own_date
from pipeline.facts.tree import Token

WORD = re.compile(r"[A-Za-z]+")
ROLES = ("", "after", "since event")
REACH = 15
"""Words between a date and the word that it dates."""


@dataclass(frozen=True, slots=True)
class Place:
    """A date of the document with what it dates."""

    moment: Moment
    sentence: int
    use: str
    """harm, event, report, report first, dateline, caption, ahead, other, none."""
    opens: bool
    """Whether it opens its sentence (`In 2004, ...`) and so holds for all of it."""

    @property
    def is_strong(self) -> bool:
        """Whether it dates harm or an event."""
        return self.use in ("harm", "event") and self.moment.role in ROLES and self.moment.kind != "nth"

    @property
    def is_weak(self) -> bool:
        """Whether it may do so, though the words around it don't say; `today` alone often means `nowadays`."""
        return self.use in ("other", "none") and self.moment.role in ROLES and self.moment.kind not in ("today", "nth")


@cache
def word_list(name: str) -> frozenset[str]:
    words = yaml.safe_load((Path(__file__).parent / "dates.yaml").read_text("utf8"))
    return frozenset(words[name].split())


def kind_of(word: str) -> str:
    return next((name for name in ("report", "harm", "event") if word in word_list(name)), "")


def sentence_index(document: Document, offset: int) -> int:
    """Index of the sentence in which an offset lies."""
    starts = document.notes.get("sentence_starts")
    if starts is None:
        starts = document.notes["sentence_starts"] = [s.start for s in document.sentences]
    return max(0, bisect_right(starts, offset) - 1)


def nearest(words: Sequence[str]) -> tuple[str, int]:
    """Which word of report, harm or event comes first, and after how many words."""
    return next(((kind_of(word), place) for place, word in enumerate(words) if kind_of(word)), ("none", 99))


def by_words(before: Sequence[str], after: Sequence[str]) -> str:
    """What a date dates, by the words before it in its sentence (nearest first) and after it."""
    left, left_place = nearest(before)
    right, right_place = nearest(after)
    if left == "report" and left_place <= 7:
        return "report"
    if left in ("harm", "event") and left_place <= REACH:
        return left
    if right in ("harm", "event") and right_place <= REACH:
        return right
    if right == "report" and len(before) <= 3 and right_place <= 6:
        return "report first"
    return "report" if "report" in (left, right) and not {"harm", "event"} & {left, right} else "none"


def by_tree(token: Token | None) -> str:
    """What a date hangs on in the sentence's tree: report, harm, event, another verb (other), or nothing known (none)."""
    for _ in range(12):
        if token is None or token.head == token:
            break
        token = token.head
        found = kind_of(token.lower_)
        if found and token.pos_ in ("VERB", "NOUN", "ADJ"):
            return found
        if token.pos_ == "VERB":
            done_by = (kind_of(c.lower_) for c in token.children if c.dep_ in ("nsubj", "nsubjpass"))
            return "event" if "event" in done_by else "other"
    return "none"


def is_caption(moment: Moment, document: Document, before: Sequence[str], after: Sequence[str]) -> bool:
    """`People walk in Kyiv, Ukraine, Saturday, Oct. 8, 2022.`: a full date of this year that ends a sentence."""
    written = document.text[moment.start : moment.end]
    full = (
        moment.kind == "day" and written.endswith(str(own_date(document).year)) and len(after) <= 3 and len(before) > 3
    )
    return full and CAPTION.search(document.text[max(0, moment.start - 16) : moment.start]) is not None


CAPTION = re.compile(r",\s+(?:on\s+)?$|[A-Z]\w+\s+$")


LOOKS_AHEAD = re.compile(
    r"\b(?:ahead of|will|would|until|upcoming|scheduled|planned|plans?|due|set to|expected|elections?|polls?|vote|deadline)\b",
    re.I,
)
"""Words by which a day after the text's own is one to come; without them the text was given too early a date."""


LATER = re.compile(r"\blater (?:on )?$", re.I)


def is_ahead(moment: Moment, sentence: Sentence, document: Document) -> bool:
    """`ahead of the vote on 28 June`, of the text's own day `would come later on Thursday`."""
    now = own_date(document)
    later = moment.first == now and LATER.search(document.text[max(0, moment.start - 12) : moment.start]) is not None
    return (later or (moment.first or now) > now) and LOOKS_AHEAD.search(sentence.text) is not None


def use_of(moment: Moment, sentence: Sentence, document: Document) -> str:
    if moment.kind == "dateline":
        return "dateline"
    text = document.text
    before = [w.lower() for w in WORD.findall(text[max(sentence.start, moment.start - 300) : moment.start])][::-1]
    after = [w.lower() for w in WORD.findall(text[moment.end : min(sentence.end, moment.end + 300)])]
    if is_caption(moment, document, before, after):
        return "caption"
    if moment.kind == "length" and any(kind_of(word) == "event" for word in after[:3]):
        return "event"  # `six days of heavy fighting`
    if "that" in before[:3]:
        before = before[: before.index("that")]  # `claimed that over the past week`: not when it was claimed
    words, tree = by_words(before, after), by_tree(sentence.token_at(moment.start))
    if is_ahead(moment, sentence, document):
        return "ahead"
    if tree == "other" and nearest(before)[1] > 2:
        return "other"
    return words


def places(document: Document) -> list[Place]:
    """Every date of the document with what it dates, in text order."""
    if "dates" not in document.notes:
        found = []
        for moment in sorted([*moments(document), *wars.opening(document)], key=lambda moment: moment.start):
            index = sentence_index(document, moment.start)
            sentence = document.sentences[index]
            opens = len(WORD.findall(document.text[sentence.start : moment.start])) <= 2
            found.append(Place(moment, index, use_of(moment, sentence, document), opens))
        document.notes["dates"] = [p for p in found if p.moment.kind != "length" or not has_days(found, p)]
    known: list[Place] = document.notes["dates"]
    return known


def has_days(found: Sequence[Place], length: Place) -> bool:
    """`in two days of raids on Karu, on Monday and Tuesday`: the days are said."""
    after = found[bisect_left(found, length.moment.end, key=lambda place: place.moment.start) :][:2]
    near = (p for p in after if p.sentence == length.sentence and p.moment.start - length.moment.end < SAID_NEAR)
    return any(p.moment.kind in ("day", "weekday", "span") and p.use != "dateline" for p in near)


SAID_NEAR = 80
"""Characters after a stretch in which its days may be said."""


def places_in(document: Document, first: int, last: int | None = None) -> list[Place]:
    """The dates of the sentences first to last."""
    found = places(document)
    start = bisect_left(found, first, key=lambda place: place.sentence)
    return found[start : bisect_right(found, first if last is None else last, key=lambda place: place.sentence)]


def numbers_in(document: Document, index: int) -> frozenset[str]:
    """The numbers of a sentence, in digits, to see whether two sentences tell of the same count."""
    known = document.notes.setdefault("numbers", {})
    if index not in known:
        text = document.sentences[index].text
        words = {w.lower() for w in WORD.findall(text)}
        digits = {n.replace(",", "") for n in re.findall(r"\b\d[\d,]*\b", text)}
        known[index] = frozenset(digits | {str(n) for w, n in vocabulary()["numbers"].items() if w in words and n > 1})
    found: frozenset[str] = known[index]
    return found


def event_words(document: Document, index: int) -> frozenset[str]:
    """The beginnings of a sentence's words for events (`flood` of `flooding`)."""
    words = {w.lower() for w in WORD.findall(document.sentences[index].text)}
    return frozenset(w[:5] for w in words & word_list("event"))
