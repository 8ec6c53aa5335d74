"""Where were they harmed: the most specific named place that the whole count covers; for displacement, whence.

Every place name of the document is a candidate. What speaks for and against it are named features (how it is attached
to the harm, how far away it stands, its kind, how much the document is about it), weighed by a model whose weights are
data/places.json (fitted by tools/fit_places.py). The loudest feature is the reading's rule.
"""

import itertools
import json
import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from pipeline.facts.gazetteer import DATA, Kind, capitals, demonyms
from pipeline.facts.model import Document, Mention, Reading
from pipeline.facts.own_place import closing, without_others
from pipeline.facts.settling import MOST_GROUPS, Found, between, contains, find, identity, kind_of, lies_in
from pipeline.facts.spelling import key
from pipeline.facts.toponyms import Toponym, vocabulary
from pipeline.facts.tree import Token
from pipeline.records import Measure

SINCE = re.compile(
    r"\b(since|so far|to date|in total|a total of|overall|altogether|toll|had been|war|invasion|conflict|nationwide|"
    r"began|(?:have|has) (?:been|died|fled|lost)|across the country|"
    r"more than \d+ (?:years|months|days) of|start(?:ed)? (?:of|in))\b",
    re.I,
)
NUMBER = re.compile(
    r"\d[\d,.]*\d|\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|dozens?|"
    r"scores)\b"
)
NEAR_BEFORE, NEAR_AFTER = 8, 4
"""Sentences around a mention all of whose names are candidates; of places farther off, some names stand for all."""
PART = re.compile(r"\b(?:of them|of whom|of which|including|among them)\b", re.I)
WITHIN = re.compile(r"(?:,| in| of|,? near|'s?|,? (?:a|the) \w+ (?:in|of))? ?(?:the |its )?(?:\w+ )?", re.I)
"""What stands between a place and the larger one that it lies in."""
MOST_STEPS = 3
SPEAKING = 6
"""Words before a place within which a word of speaking (`told reporters in`) makes it the speaker's place."""


CAPITALISED = re.compile(r"[A-Z]\w+")


NO_SIDE: Reading[str | None] = Reading(None, "not asked")
HOMES = {"victims' force": "force", "pronoun for the force that speaks": "force"}
"""Readings of the side whose country is where the victims live and fight, if they are no state's army abroad."""


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
    region: str = ""
    """GeoNames code of the region that it lies in, or is; empty for countries and what the gazetteer lacks."""

    def holds(self, other: "Place") -> bool:
        """Is it the country or the region in which the other lies?"""
        return self.place_id != other.place_id and lies_in(self.kind, self.country, self.region, other)


@dataclass(slots=True)
class Context:
    """What a document says about places, found at most once and only if asked."""

    document: Document
    mentions: Sequence[Mention] = ()
    _found: Found | None = field(default=None, repr=False)
    _cities: list[Toponym] | None = field(default=None, repr=False)
    _numbers: dict[str, set[int]] | None = field(default=None, repr=False)
    _beside: dict[str, set[int]] = field(default_factory=dict, repr=False)
    _standing: dict[Toponym, list[str]] = field(default_factory=dict, repr=False)

    @property
    def found(self) -> Found:
        if self._found is None:
            self._found = find(self.document)
        return self._found

    def latest(self, mention: Mention) -> Toponym | None:
        """The last city named before the mention's number."""
        if self._cities is None:
            self._cities = [t for t in self.found.toponyms if t.entry is not None and t.entry.kind == "city"]
        i = bisect_left(self._cities, mention.number_start, key=lambda t: t.start)
        return self._cities[i - 1] if i else None

    def sentences_with(self, number: str) -> set[int]:
        """Sentences in which this count stands: its digits or number words, whatever their order."""
        if number not in self._beside:
            self._beside[number] = self._sentences_with(number)
        return self._beside[number]

    def _sentences_with(self, number: str) -> set[int]:
        if self._numbers is None:
            self._numbers = defaultdict(set)
            for s in self.document.sentences:
                for word in NUMBER.findall(s.text.lower()):
                    self._numbers[word].add(s.index)
        wanted = [self._numbers[w] for w in NUMBER.findall(number.lower())]
        return set.intersection(*wanted) if wanted else set()

    def standing(self, t: Toponym) -> list[str]:
        """What the document as a whole makes of the place, whoever asks."""
        if t not in self._standing:
            self._standing[t] = list(standing(t, self.found))
        return self._standing[t]


@cache
def weights() -> dict[str, float]:
    known: dict[str, float] = json.loads((DATA / "places.json").read_text("utf8"))
    return known


def read(
    mention: Mention,
    document: Document,
    context: Context,
    measure: Measure | None = None,
    side: Reading[str | None] = NO_SIDE,
) -> Reading[Place | None]:
    """The place of a mention, and the feature that spoke loudest for it; knowing its measure and its side helps."""
    listed = without_others(candidates(mention, context.found), mention, context.mentions)
    if not listed:
        return Reading(None, "no place named")
    t, rule = chosen(listed, mention, context, measure, side)
    own = closing(listed, mention)
    if own is not None and own is not t and not covers(t, own):
        t, rule = narrowed(own, context.found), "closes the count's phrase"
    shown = spelled_out(t, mention, context.found)
    return Reading(as_place(shown, document), rule, shown.start, shown.end)


def has_own(mention: Mention, context: Context) -> bool:
    """Does a place close the count's own phrase?"""
    return closing(context.found.by_sentence.get(mention.sentence.index, ()), mention) is not None


def covers(t: Toponym, own: Toponym) -> bool:
    """Is it a place within the count's own, or that one and the place named with it?"""
    inside = t.entry is not None and own.entry is not None and contains(own.entry, t.entry)
    return inside or (t.unit == "pair" and t.start <= own.start and own.end <= t.end)


def chosen(
    listed: list[Toponym], mention: Mention, context: Context, measure: Measure | None, side: Reading[str | None]
) -> tuple[Toponym, str]:
    """The name that most is said for, and what is said loudest."""
    known = weights()
    described = [features(t, mention, context, measure, side) for t in listed]
    best = choose(listed, [sum(known.get(f, 0.0) for f in fs) for fs in described])
    rule = max(described[best], key=lambda f: known.get(f, 0.0))
    return widened(narrowed(listed[best], context.found), context.found), rule


def candidates(mention: Mention, found: Found) -> list[Toponym]:
    """Names near the mention, and of each place its first name and the one that locates harm there."""
    here = mention.sentence.index
    listed = [t for i in range(here - NEAR_BEFORE, here + NEAR_AFTER + 1) for t in found.by_sentence.get(i, ())]
    for group in itertools.islice(found.groups.values(), MOST_GROUPS):
        listed += [t for t in (group.first, group.located, group.beside_harm) if t is not None]
    return sorted(dict.fromkeys(listed), key=lambda t: (t.start, -t.end))


def choose(listed: list[Toponym], totals: list[float]) -> int:
    """The best candidate of the country that all its candidates together speak for."""
    top = max(totals)
    by_country: dict[str | None, float] = defaultdict(float)
    for t, total in zip(listed, totals, strict=True):
        by_country[t.country] += math.exp(total - top)
    country = max(by_country, key=lambda c: by_country[c])
    return max((i for i, t in enumerate(listed) if t.country == country), key=lambda i: totals[i])


def narrowed(t: Toponym, found: Found) -> Toponym:
    """The most specific of names that tell one place together: `Goma in North Kivu`, `Lebanon's Tripoli`."""
    for _ in range(MOST_STEPS):
        inner = next((o for o in found.by_sentence.get(t.sentence.index, ()) if o is not t and tells_where(t, o)), None)
        if inner is None:
            break
        t = inner
    return t


def widened(t: Toponym, found: Found) -> Toponym:
    """Both of two places where the harm is said to be in both: `in Honduras and Guatemala`."""
    if t.unit == "pair" or t.entry is None:
        return t
    here = found.by_sentence.get(t.sentence.index, ())
    pairs = (o for o in here if o.unit == "pair" and o.start <= t.start and t.end <= o.end and o.before in COVERING)
    return next(pairs, t)


COVERING = frozenset(["in", "across", "hit", "hits", "from", "throughout", "battered", "lash", "lashed", "fled"])
"""Words before two places that cover both, as `between` does not."""


def tells_where(outer: Toponym, inner: Toponym) -> bool:
    """Does the larger name only say where the smaller one lies?"""
    if not WITHIN.fullmatch(between(outer, inner)) or inner.adjective:
        return False
    if outer.entry is None or inner.entry is None:
        return inner.start < outer.start and inner.unit in ("city", "site") and outer.entry is not None
    if outer.entry.kind == "area":
        return inner.entry.kind in ("city", "region") and inner.country == outer.country and inner.start < outer.start
    return contains(outer.entry, inner.entry)


def spelled_out(t: Toponym, mention: Mention, found: Found) -> Toponym:
    """For a nationality, the country's name where the document has it: the nearest such mention."""
    if not t.adjective:
        return t
    return min(found.group(t).spelled_out, key=lambda o: abs(o.start - mention.number_start), default=t)


def as_place(t: Toponym, document: Document) -> Place:
    text, e = document.text[t.start : t.end], t.entry
    if e is None:
        return Place(text, None, None, None, None, None, t.country, t.start, t.end)
    return Place(text, e.place_id, e.name, e.kind, e.latitude, e.longitude, e.country, t.start, t.end, e.region)


def features(
    t: Toponym, mention: Mention, context: Context, measure: Measure | None, side: Reading[str | None] = NO_SIDE
) -> list[str]:
    where, kind = relation(t, mention), kind_of(t)
    used = list(grammar(t, mention))
    found = [where, f"{kind} {where}", kind, *used, *(f"{where}, {u}" for u in used if u in CROSSED)]
    if measure is not None:
        found += [f"{measure}: {kind}", f"{measure}: {kind} {where}"]
    if claims_here(t, mention, context.found):
        found.append("its government speaks here")
        if context.found.group(t).war == "it wages a war":
            found.append("its government, which wages a war, speaks here")
    if side.value is not None and t.country is not None and side.rule in HOMES:
        found.append(f"{'home' if side.value == t.country else 'not home'} of the victims' {HOMES[side.rule]}")
    return [
        *found,
        *setting(t, mention, context),
        *crossed(t, mention, kind, where, measure),
        *nested(t, mention, context),
    ]


def claims_here(t: Toponym, mention: Mention, found: Found) -> bool:
    """Does its name stand for a government that speaks in the mention's sentence: `Israel says`? Who claims deaths is
    seldom where they are."""
    here = found.by_sentence.get(mention.sentence.index, ())
    return any(o.after in vocabulary("speech") and identity(o) == identity(t) and not o.adjective for o in here)


CROSSED = frozenset(
    ["in it", "from it", "to it", "of it", "nationality", "speaks", "acts as a government", "possessive"]
)


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


def grammar(t: Toponym, mention: Mention) -> Iterator[str]:
    """How the words around it use the name."""
    if t.used is None:
        t.used = list(usage(t))
    yield from t.used
    if t.sentence is mention.sentence and not t.adjective:
        yield from attachment(t, mention)


def usage(t: Toponym) -> Iterator[str]:
    """The same for every mention."""
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
    if t.before_name:
        yield "part of a longer name"
    if t.entry is not None and key(t.entry.name) in capitals():
        yield "seat of government"
        yield f"seat of government {'with a preposition' if t.before in vocabulary('locatives') else 'alone'}"
    if t.unit:
        yield f"with its unit: {t.unit}"
    if t.dateline:
        yield "dateline"
    if spoken_at(t):
        yield "where someone speaks"


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
    between_them = (
        text[mention.number_end - base : t.start - base] if after else text[t.end - base : mention.number_start - base]
    )
    if re.search(r"\d", between_them):
        yield f"another number between, {'after' if after else 'before'}"
    if PART.search(between_them):
        yield "place of a part"
    if re.search(r"[;:\"]| while | but | after | when ", between_them):
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
    """What the document makes of the place."""
    kind = kind_of(t)
    yield from context.standing(t)
    number = slice(mention.number_start - mention.sentence.start, mention.number_end - mention.sentence.start)
    if t.sentence is not mention.sentence and t.sentence.index in context.sentences_with(mention.sentence.text[number]):
        yield "beside the same number"
        yield f"{kind} beside the same number"
    if kind == "city" and t is context.latest(mention):
        yield "last city before"


def standing(t: Toponym, found: Found) -> Iterator[str]:
    kind = kind_of(t)
    share, group = found.share(t.country), found.group(t)
    yield f"country's share {'most' if share > 0.6 else 'much' if share > 0.3 else 'some' if share > 0.1 else 'little'}"
    yield f"named {'once' if group.count == 1 else 'twice' if group.count == 2 else 'often'}"
    if t.country is None:
        yield "several countries"
    if group.is_frequent:
        yield f"the most named {kind}"
    if kind == "country" and group.war:
        yield group.war
    if group.in_title:
        yield f"{kind} in the title"
    if group.first.sentence.paragraph <= 2:
        yield f"{kind} at the top"
    if group.located is not None:
        yield "somewhere in it"
    if group.beside_harm is not None:
        yield "harm told there"


def nested(t: Toponym, mention: Mention, context: Context) -> Iterator[str]:
    """How it lies to the other places of the mention's sentence."""
    here = [o for o in context.found.by_sentence.get(mention.sentence.index, ()) if o.entry is not None and o is not t]
    if t.entry is None or not here:
        return
    if any(o.entry is not None and contains(o.entry, t.entry) for o in here):
        yield f"{kind_of(t)} within a place of the sentence"
    if any(o.entry is not None and contains(t.entry, o.entry) for o in here):
        yield f"{kind_of(t)} around a place of the sentence"


@lru_cache(maxsize=64)
def goes_on(text: str) -> bool:
    """Does a sentence speak of a count that goes on? Every candidate asks."""
    return SINCE.search(text) is not None


MAGNITUDES = ((10, "a few"), (100, "tens"), (1000, "hundreds"), (10_000, "thousands"))
"""Counts below a number, and what they are called."""


def extent(kind: str) -> str:
    """How wide a kind of place is: `wide`, `region`, or `local` (also what the gazetteer lacks)."""
    return "wide" if kind in ("country", "area", "unknown pair") else "region" if "region" in kind else "local"


def crossed(t: Toponym, mention: Mention, kind: str, where: str, measure: Measure | None) -> Iterator[str]:
    """What kind of place goes with what kind of count."""
    count, how = mention.low or mention.high or 0, extent(kind)
    size = next((name for most, name in MAGNITUDES if count < most), "many thousands")
    yield f"{size}: {how}"
    if measure is not None:
        yield f"{measure} of {size}: {how}"
        yield f"{measure}: {how} {'here' if where == 'same sentence' else 'near' if 'before' in where else 'far'}"
    if goes_on(mention.sentence.text):
        yield f"running total: {kind}"
    if mention.metric == "displaced":
        how = "from" if t.before in vocabulary("origins") else "to" if t.before in vocabulary("goals") else ""
        how = how or ("in" if t.before in vocabulary("locatives") else "nationality" if t.adjective else "otherwise")
        yield f"displaced {how} it"
    own = nationality(mention)
    if own is not None and t.country is not None:
        who = "refugees'" if mention.metric == "displaced" else "victims'"
        yield f"{who} own country" if own == t.country else f"not {who} own country"
        if own == t.country and are_people(mention):
            yield "its people, not its soldiers"


def are_people(mention: Mention) -> bool:
    """`227 Palestinians`: a people by its name alone, who are harmed at home more often than soldiers are."""
    if mention.victims_start is None or mention.victims_end is None or mention.victims_start == mention.victims_end:
        return False
    at = mention.sentence.start
    last = mention.sentence.text[mention.victims_start - at : mention.victims_end - at].split()[-1:]
    return bool(last) and key(last[0]) in demonyms()


def nationality(mention: Mention) -> str | None:
    """The first nationality among the words for the victims."""
    if mention.victims_start is None or mention.victims_end is None:
        return None
    base = mention.sentence.start
    return nationality_in(mention.sentence.text[max(0, mention.victims_start - base) : mention.victims_end - base])


@lru_cache(maxsize=64)
def nationality_in(victims: str) -> str | None:
    for word in CAPITALISED.findall(victims):
        if (country := demonyms().get(key(word))) is not None:
            return country
    return None
