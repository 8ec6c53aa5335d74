"""Who was harmed: the noun phrase, which population, people or households, kind of displacement."""

from pipeline.facts import words
from pipeline.facts.counted import Counted, label_before
from pipeline.facts.model import Mention
from pipeline.facts.tree import Token
from pipeline.facts.victim_type import words_of
from pipeline.records import Displacement, Unit, VictimType

_PEOPLE = words.load("populations.yaml")
_POPULATIONS: dict[str, frozenset[str]] = {name: frozenset(listed) for name, listed in _PEOPLE["populations"].items()}
_DISPLACEMENTS: dict[str, tuple[str, ...]] = {k: tuple(v) for k, v in _PEOPLE["displacement"].items()}
_HOUSEHOLDS = frozenset(_PEOPLE["households"])
_UNSPECIFIC = frozenset(_PEOPLE["unspecific"])
_ELIDED = frozenset(("other", "others", "more", "another"))


def unit(c: Counted) -> Unit:
    """Households where families are counted, or were before `of which`; `eight of a family` are persons."""
    if c.noun is None:
        before = [t.lower_ for t in c.doc[max(0, c.first - 4) : c.first] if not t.is_punct]
        of_which = before[-2:-1] == ["of"] and before[0] in _HOUSEHOLDS
        return "household" if of_which or any(t.lower_ in _HOUSEHOLDS for t in label_before(c)) else "person"
    return "household" if c.noun.lower_ in _HOUSEHOLDS else "person"


def phrase(c: Counted) -> tuple[int, int] | None:
    """Offsets in the sentence of the victims' noun phrase, number and modifiers left out."""
    noun = c.noun
    if c.number.kind == "single":
        return _single_phrase(c, noun) if noun is not None else None
    if (noun is None or noun.lower_ in _THEY or noun.lower_ in words.HARM_NOUNS) and (what := _what_they_were(c)):
        return what
    if noun is None:
        return None
    if noun.lower_ in words.HARM_NOUNS:
        return _of_harm_noun(c, noun)
    start = c.doc[c.last + 1]
    while start.i < noun.i and start.lower_ in _SKIPPED:
        start = c.doc[start.i + 1]
    end = _with_complement(noun)
    return start.idx, end.idx + len(end)


_THEY = frozenset(("them", "whom", "those", "these", "victims"))
_BE = frozenset(("was", "were", "is", "are", "be", "being"))
_SAID_TO = frozenset(
    ("said", "believed", "thought", "known", "reported", "to", "also", "all", "mostly", "mainly", "both")
)
_NOUN_PHRASE = ("JJ", "NN", "NNP", "NNPS", "NNS", "HYPH")
REACH = 12
"""Tokens after a count in which the sentence may tell what they were."""


def _what_they_were(c: Counted) -> tuple[int, int] | None:
    """`two of them children`, `12 of the dead were said to be gang members`, `of the dead, 12 were women`: the noun of who they were."""
    following = c.doc[c.last + 1 : c.last + REACH]
    after = following[0].lower_ if len(following) else ""
    if after == "of":
        known = next((t for t in following if t.lower_ in _THEY or t.lower_ in words.HARM_NOUNS), None)
    else:
        known = following[0] if after in _BE else None
    if known is None:
        return None
    began = named = None
    for token in c.doc[known.i + 1 : known.i + REACH]:
        if token.tag_ in _NOUN_PHRASE and token.lower_ not in words.STATES and token.lower_ not in _SAID_TO:
            began = began or token
            named = token if words.is_person_noun(token.lower_) else named
        elif named is not None or (began is not None and token.lower_ not in _BE):
            break
        elif token.lower_ in _BE or token.lower_ in _SAID_TO or token.tag_ == "DT" or token.lower_ in words.STATES:
            began = None
        else:
            break
    return (began.idx, named.end) if began is not None and named is not None else None


_SKIPPED = frozenset(
    ("of", "the", "other", "more", "additional", "further", "-", "another", "serious", "new", "confirmed", "minor")
)


def _of_harm_noun(c: Counted, noun: Token) -> tuple[int, int] | None:
    """`65 bodies of civilians`, `801 injuries among civilians`, `406 civilian deaths`, `1.3 million Syrian refugees`."""
    for child in noun.children:
        if child.dep_ == "prep" and child.lower_ in ("of", "among"):
            people = next((k for k in child.children if k.dep_ == "pobj" and words.is_person_noun(k.lower_)), None)
            if people is not None:
                return people.left_edge.idx, people.idx + len(people)
    start = c.doc[c.last + 1]
    while start.i < noun.i and (start.lower_ in _SKIPPED or start.lower_ in words.STATES):
        start = c.doc[start.i + 1]
    if words.is_listed_person(noun.lower_) and noun.lower_ not in words.STATES:
        return start.idx, noun.idx + len(noun)
    before = c.doc[noun.i - 1]
    return (start.idx, before.idx + len(before)) if start.i < noun.i else None


def _single_phrase(c: Counted, noun: Token) -> tuple[int, int]:
    first = c.doc[c.first]
    if first.lower_ in ("a", "an", "another") and first.i < noun.i:
        first = c.doc[first.i + 1]
    end = _with_complement(noun)
    return first.idx, end.idx + len(end)


def _with_complement(noun: Token) -> Token:
    """`prisoners of war`, `members of the group`, `residents of Siau`."""
    for child in noun.children:
        if child.dep_ == "prep" and child.lower_ == "of" and child.i == noun.i + 1:
            last = max((t.i for t in child.subtree), default=noun.i)
            if last - noun.i <= 6:
                return noun.doc[last]
    return noun


def population(victims: str | None, kind: VictimType) -> str:
    """`all`, or the group that the phrase names: children, women, journalists, ..."""
    if victims is not None:
        listed = set(words_of(victims))
        for name, members in _POPULATIONS.items():
            if listed & members or {words.singular(w) for w in listed} & members:
                return name
    return {"civilian": "civilians", "combatant": "combatants"}.get(kind, "all")


def displacement(mention: Mention) -> Displacement | None:
    """What kind of displacement, by the word of harm and what stands around it; null for other metrics."""
    if mention.metric != "displaced":
        return None
    sentence = mention.sentence
    text = sentence.text.lower()
    at = (mention.harm_start or mention.number_start) - sentence.start
    near = text[
        max(0, min(at, mention.number_start - sentence.start) - 60) : max(at, mention.number_end - sentence.start) + 120
    ]
    for kind, cues in _DISPLACEMENTS.items():
        if any(cue in near for cue in cues):
            return kind  # type: ignore[return-value]
    return "unspecified"


def is_elided(c: Counted) -> bool:
    """Does the number count people named elsewhere: `eight others`, `30 wounded`, `130`?"""
    return c.noun is None or c.noun.lower_ in _ELIDED or (c.noun.lower_ in words.HARM_NOUNS)


def is_unspecific(victims: str | None) -> bool:
    return victims is None or victims.lower() in _UNSPECIFIC
