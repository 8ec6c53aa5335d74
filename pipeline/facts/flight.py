"""Displaced people told by where they came to: `with 300 pouring into Chad`, `9,000 Syrians had arrived in Jordan since the war began`,
`Kenya has taken in 5,000 Somalis who fled`. That they fled is told beside it, or by `Kenya hosts 5,000 Somalis`."""

from collections.abc import Sequence

from pipeline.facts import words
from pipeline.facts.counted import Counted, anchors, are_combatants, are_people, is_nation
from pipeline.facts.model import Harm, Mention
from pipeline.facts.predicates import SUBJECTS
from pipeline.facts.tree import Token


def arrived(c: Counted) -> Harm | None:
    """Somebody's coming to a place, in a sentence that tells of flight."""
    verb = _verb(c)
    if verb is None or verb.lower_ not in words.ARRIVE or not _are_plain_people(c) or not _tells_of_flight(c):
        return None
    return Harm("displaced", verb, "arrived") if _goes_somewhere(verb) else None


def taken_in(c: Counted) -> Harm | None:
    """A country's or a town's taking in of people, in a sentence that tells of flight or of another country's people."""
    for token in anchors(c):
        verb = token.head
        if token.dep_ != "dobj" or verb.lower_ not in words.TAKE_IN or not _are_plain_people(c):
            continue
        only_took = verb.lower_ in words.TAKE and not any(k.lower_ == "in" for k in verb.children)
        host = next((k for k in verb.children if k.dep_ == "nsubj"), None)
        named = host is not None and (host.tag_ in ("NNP", "NNPS") or host.lower_ in words.HOST_PLACES)
        fled = _tells_of_flight(c) or (is_nation(c) and verb.lower_ in words.HOST and _tells_of_nothing_else(c))
        return Harm("displaced", verb, "taken in") if named and not only_took and fled else None
    return None


def moved_on(c: Counted, earlier: Sequence[Mention], sentence: int) -> Harm | None:
    """`Some 700 people have fled, with 150 having left in the past day`, after displaced people in this sentence or the one before."""
    last = next((m for m in reversed(earlier) if not m.implicit), None)
    if last is None or last.metric != "displaced" or last.sentence.index < sentence - 1:
        return None
    verb = _verb(c)
    if any(t.lower_ in words.NO_FLIGHT for t in c.doc):
        return None
    if verb is None or verb.lower_ not in words.MOVED_ON or not (c.noun is None or _are_plain_people(c)):
        return None
    return Harm("displaced", verb, "moved on") if verb.lower_ in words.DEPART or _goes_somewhere(verb) else None


def _verb(c: Counted) -> Token | None:
    """The verb that the counted people are the subject of."""
    return next((t.head for t in anchors(c) if t.dep_ in SUBJECTS), None)


def _are_plain_people(c: Counted) -> bool:
    named = c.noun is not None and c.noun.tag_ in ("NNPS", "NNP")
    return (are_people(c) or named) and not are_combatants(c)


def _goes_somewhere(verb: Token) -> bool:
    """`into Chad`, `in neighbouring countries`, `across the border`."""
    for prep in verb.children:
        leads = prep.dep_ == "prep" and prep.lower_ in _TO
        if leads and any(k.tag_ in ("NNP", "NNPS") or k.lower_ in words.HOST_PLACES for k in prep.children):
            return True
    return any(k.dep_ == "dobj" and (k.tag_ == "NNP" or k.lower_ in words.HOST_PLACES) for k in verb.children)


_TO = frozenset(("in", "into", "to", "at", "across", "from", "through", "over"))


def _tells_of_flight(c: Counted) -> bool:
    return any(t.lower_ in words.FLIGHT for t in c.doc) and _tells_of_nothing_else(c)


def _tells_of_nothing_else(c: Counted) -> bool:
    return not any(t.lower_ in words.NO_FLIGHT for t in c.doc)
