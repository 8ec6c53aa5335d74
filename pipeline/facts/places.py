"""Where were they harmed: the most specific named place that the whole count covers; for displacement, whence.

Every place name of the document is a candidate. What speaks for and against it are named features (how it is attached
to the harm, how far away it stands, its kind, how much the document is about it), weighed by a model whose weights are
data/places.json (fitted by tools/fit_places.py). The loudest feature is the reading's rule.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from spacy.tokens import Token

from pipeline.facts.gazetteer import DATA, Kind
from pipeline.facts.model import Document, Mention, Reading
from pipeline.facts.toponyms import Gazetted, Toponym, find, vocabulary

SINCE = re.compile(
    r"\b(since|so far|to date|in total|a total of|overall|altogether|toll|had been|war|invasion|conflict|nationwide|"
    r"began|(?:have|has) (?:been|died|fled|lost)|across the country|"
    r"more than \d+ (?:years|months|days) of|start(?:ed)? (?:of|in))\b",
    re.I,
)
SPEAKING = 6
"""Words before a place within which a word of speaking (`told reporters in`) makes it the speaker's place."""


@dataclass(frozen=True, slots=True)
class Place:
    text: str
    """Verbatim."""
    place_id: int | None
    """GeoNames id; null for places that the gazetteer lacks."""
    place_name: str | None
    kind: Kind | None
    latitude: float | None
    longitude: float | None
    country: str | None
    """ISO 3166-1 alpha-2; null if several or unknown."""
    start: int
    end: int


@dataclass(slots=True)
class Context:
    """What a document says about places, found at most once and only if asked."""

    document: Document
    _found: Gazetted | None = field(default=None, repr=False)
    _same: dict[str, set[int]] = field(default_factory=dict, repr=False)

    @property
    def found(self) -> Gazetted:
        if self._found is None:
            self._found = find(self.document)
        return self._found

    def sentences_with(self, number: str) -> set[int]:
        """Sentences in which this number stands, as written."""
        if number not in self._same:
            whole = re.compile(rf"(?<![\w,.]){re.escape(number)}(?![\w,]|\.\d)", re.I)
            self._same[number] = {s.index for s in self.document.sentences if whole.search(s.text)}
        return self._same[number]


@cache
def weights() -> dict[str, float]:
    known: dict[str, float] = json.loads((DATA / "places.json").read_text("utf8"))
    return known


def read(mention: Mention, document: Document, context: Context) -> Reading[Place | None]:
    """The place of a mention, and the feature that spoke loudest for it."""
    candidates = context.found.toponyms
    if not candidates:
        return Reading(None, "no place named")
    scored = [(t, features(t, mention, document, context)) for t in candidates]
    known = weights()
    totals = [sum(known.get(f, 0.0) for f in fs) for _, fs in scored]
    best = choose(candidates, totals)
    t, fs = scored[best]
    rule = max(fs, key=lambda f: known.get(f, 0.0))
    shown = spelled_out(t, mention, context.found)
    return Reading(as_place(shown, document), rule, shown.start, shown.end)


def choose(candidates: list[Toponym], totals: list[float]) -> int:
    """The best candidate of the country that all its candidates together speak for."""
    top = max(totals)
    by_country: dict[str | None, float] = {}
    for t, total in zip(candidates, totals, strict=True):
        by_country[t.country] = by_country.get(t.country, 0.0) + math.exp(total - top)
    country = max(by_country, key=lambda c: by_country[c])
    return max((i for i, t in enumerate(candidates) if t.country == country), key=lambda i: totals[i])


def spelled_out(t: Toponym, mention: Mention, found: Gazetted) -> Toponym:
    """For a nationality, the country's name where the document has it: the nearest such mention."""
    if not t.adjective:
        return t
    named = [o for o in found.toponyms if o.entry is t.entry and not o.adjective]
    return min(named, key=lambda o: abs(o.start - mention.number_start), default=t)


def as_place(t: Toponym, document: Document) -> Place:
    text, e = document.text[t.start : t.end], t.entry
    if e is None:
        return Place(text, None, None, None, None, None, t.country, t.start, t.end)
    return Place(text, e.place_id, e.name, e.kind, e.latitude, e.longitude, e.country, t.start, t.end)


def features(t: Toponym, mention: Mention, document: Document, context: Context) -> list[str]:
    where = relation(t, mention)
    kind = kind_of(t)
    return [
        where,
        f"{kind} {where}",
        kind,
        *grammar(t, mention),
        *setting(t, mention, context),
        *crossed(t, mention, kind),
    ]


def relation(t: Toponym, mention: Mention) -> str:
    """Where the name stands, seen from the mention."""
    here, there = mention.sentence, t.sentence
    if there is here:
        return "same sentence"
    if there.paragraph == 0:
        return "title"
    distance = there.index - here.index
    if distance < 0:
        return "sentence before" if distance == -1 else "two before" if distance == -2 else "earlier"
    return "sentence after" if distance == 1 else "later"


def kind_of(t: Toponym) -> str:
    if t.entry is None:
        return f"unknown {t.unit or 'name'}"
    return "district" if t.entry.level == 2 else t.entry.kind


def grammar(t: Toponym, mention: Mention) -> Iterator[str]:
    """How the words around it use the name."""
    if t.adjective:
        yield "nationality"
        return
    if t.before in vocabulary("locatives"):
        yield "in it"
    elif t.before in vocabulary("origins"):
        yield "from it"
    elif t.before in vocabulary("goals"):
        yield "to it"
    elif t.before in ("of", "by", "and", "with", "against"):
        yield f"{t.before} it"
    if t.after == "'s":
        yield "possessive"
    if t.after in vocabulary("actor_nouns"):
        yield "acts as a government"
    elif t.after in vocabulary("speech"):
        yield "speaks"
    if t.inside:
        yield "part of a longer name"
    if t.unit:
        yield f"with its unit: {t.unit}"
    if t.dateline:
        yield "dateline"
    if spoken_at(t):
        yield "where someone speaks"
    if t.sentence is mention.sentence:
        yield from attachment(t, mention)


def spoken_at(t: Toponym) -> bool:
    """`told reporters in Ankara`, `a news conference in Geneva`."""
    before = t.sentence.text[max(0, t.start - t.sentence.start - 60) : t.start - t.sentence.start].lower()
    words = re.findall(r"[a-z]+", before)[-SPEAKING:]
    return any(w in vocabulary("speaking") for w in words)


def attachment(t: Toponym, mention: Mention) -> Iterator[str]:
    """Within the sentence: order, distance, numbers between, and the parse's word for it."""
    after = t.start >= mention.number_start
    yield "after the number" if after else "before the number"
    gap = t.start - mention.number_end if after else mention.number_start - t.end
    yield f"{'after' if after else 'before'}, {'close' if gap < 40 else 'near' if gap < 90 else 'far'}"
    text, base = t.sentence.text, t.sentence.start
    between = (
        text[mention.number_end - base : t.start - base] if after else text[t.end - base : mention.number_start - base]
    )
    if re.search(r"\d", between):
        yield f"another number between, {'after' if after else 'before'}"
    if re.search(r"[;:\"]| while | but | after | when ", between):
        yield f"clause between, {'after' if after else 'before'}"
    if mention.victims_start is not None and mention.victims_start <= t.start < (mention.victims_end or 0):
        yield "within the victims"
    yield from dependency(t, mention)


def dependency(t: Toponym, mention: Mention) -> Iterator[str]:
    sentence = mention.sentence
    place, number = sentence.token_at(t.end - 1), sentence.token_at(mention.number_end - 1)
    harm = sentence.token_at(mention.harm_start) if mention.harm_start is not None else None
    if place is None or number is None:
        return
    above = chain(place)
    targets = {w.i for w in (number, *chain(number)[:2])} | ({harm.i} if harm is not None else set())
    steps = next((n for n, w in enumerate(above) if w.i in targets), None)
    if steps is not None:
        yield f"attached {'directly' if steps <= 2 else 'indirectly'}"
    verb = next((w for w in above if w.pos_ in ("VERB", "AUX")), None)
    harm_verb = (
        next((w for w in (harm, *chain(harm)) if w is not None and w.pos_ in ("VERB", "AUX")), None)
        if harm is not None
        else None
    )
    if verb is not None and harm_verb is not None and verb.i == harm_verb.i:
        yield "same verb as the harm"
    if place.dep_ in ("nsubj", "nsubjpass"):
        yield "subject"


def chain(token: Token | None) -> list[Token]:
    """The heads above a token, nearest first."""
    found: list[Token] = []
    while token is not None and token.head.i != token.i and len(found) < 12:
        token = token.head
        found.append(token)
    return found


def setting(t: Toponym, mention: Mention, context: Context) -> Iterator[str]:
    """What the document as a whole makes of the place."""
    found = context.found
    share = found.share(t.country)
    yield f"country's share {'most' if share > 0.6 else 'much' if share > 0.3 else 'some' if share > 0.1 else 'little'}"
    if t.country is None:
        yield "several countries"
    same = [o for o in found.toponyms if o.entry is t.entry and (t.entry or o.name == t.name)]
    yield f"named {'once' if len(same) == 1 else 'twice' if len(same) == 2 else 'often'}"
    if any(o.sentence.paragraph == 0 and not o.adjective for o in same):
        yield "in the title"
    if any(o.before in vocabulary("locatives") for o in same):
        yield "elsewhere in it"
    number = mention.sentence.text[
        mention.number_start - mention.sentence.start : mention.number_end - mention.sentence.start
    ]
    if t.sentence is not mention.sentence and t.sentence.index in context.sentences_with(number):
        yield "beside the same number" + (" (a numeral)" if len(number) > 1 and number[-1].isdigit() else "")
    if t is latest(mention, found):
        yield "last city before"


def latest(mention: Mention, found: Gazetted) -> Toponym | None:
    """The last city named before the mention's number."""
    before = [
        o for o in found.toponyms if o.start < mention.number_start and o.entry is not None and o.entry.kind == "city"
    ]
    return before[-1] if before else None


def crossed(t: Toponym, mention: Mention, kind: str) -> Iterator[str]:
    """What kind of place goes with what kind of count."""
    if SINCE.search(mention.sentence.text):
        yield f"running total: {kind}"
    large = (mention.low or mention.high or 0) >= 1000
    yield f"{'large' if large else 'small'} count: {kind}"
    if mention.metric == "displaced":
        if t.before in vocabulary("origins"):
            yield "displaced from it"
        elif t.before in vocabulary("goals"):
            yield "displaced to it"
        yield f"displaced: {kind}"
