"""Which harmed people does a number count? The rules in their order, and what their words say after all.

Each rule looks from the counted people for a word that says the harm; claims.py then asks whether that is asserted.
"""

from collections.abc import Callable

from pipeline.facts import words
from pipeline.facts.counted import Counted, are_people, are_rivals, may_be_people
from pipeline.facts.flight import arrived, taken_in
from pipeline.facts.gapping import refers_back
from pipeline.facts.harm_nouns import (
    brought_to,
    harm_count,
    harm_noun,
    labelled,
    moved_to,
    of_counted,
    of_noun,
    reached,
    toll,
    toll_of,
    victims_of,
)
from pipeline.facts.model import Harm
from pipeline.facts.roles import alongside, as_object, as_subject, housed, inverted, modified
from pipeline.facts.tree import Token
from pipeline.facts.word_order import (
    after_aside,
    beside,
    gravely,
    headline,
    joined,
    of_harmed,
    own_predicate,
    sheltered,
    turned_round,
    with_wounds,
    words_after,
    words_before,
)

_RULES: tuple[Callable[[Counted], Harm | None], ...] = (
    of_harmed, of_counted, turned_round, gravely, beside, headline, labelled, own_predicate, harm_count, as_subject, as_object, inverted, alongside, victims_of, harm_noun, modified, of_noun,
    toll, reached, moved_to, toll_of, after_aside, with_wounds, words_after, words_before, brought_to, housed, sheltered, arrived, taken_in, refers_back,
)  # fmt: skip


def find_harm(c: Counted) -> Harm | None:
    """The harm that a number counts; the first rule that answers decides."""
    if not may_be_people(c):
        return None
    for rule in _RULES:
        harm = rule(c)
        if harm is not None:
            return None if _is_harmless(harm, c) else _turned_fatal(_both(joined(c.doc, harm.token.i, harm), c), c)
    return None


def _both(harm: Harm, c: Counted) -> Harm:
    """`dozens of dead and wounded rebels`: the words between number and noun say both."""
    told = [t.lower_ for t in c.doc[c.last + 1 : c.last + 6] if t.lower_ != "of"]
    both = told[1:2] in (["and"], ["or"]) and {words.STATES.get(w) for w in told[:3:2]} == {"killed", "injured"}
    return Harm("casualties", harm.token, harm.rule) if both and harm.metric in ("killed", "injured") else harm


def _is_harmless(harm: Harm, c: Counted) -> bool:
    """Words of harm that say none here: rivals eliminated, culprits who got away, a player missing from the squad, a museum's bodies."""
    lower = harm.token.lower_
    if harm.metric == "injured" and any(
        t.lower_ in words.FIGURATIVE for t in c.doc[harm.token.i + 1 : harm.token.i + 6]
    ):
        return True  # `hurt by the remarks`
    if harm.rule == "sought" and not _are_lost(c):
        return True
    if lower.startswith("eliminat"):
        return are_rivals(c)
    if lower in words.GET_AWAY:
        return got_away(harm.token, c)
    if lower == "shot" and harm.token.i + 1 < len(c.doc) and harm.token.nbor().lower_ == "down":
        return not are_people(c)  # drones
    if lower.startswith("expel"):
        return c.noun is not None and c.noun.lower_ in _SENT_AWAY
    if lower == "missing":
        return missing_from_list(harm.token)
    if harm.token.lower_ in ("body", "bodies"):
        shown = (harm.token.head, *harm.token.children)
        return any(t.lower_ in words.EXHIBIT and t.tag_.startswith("VB") for t in shown)
    return False


_SENT_AWAY = frozenset(
    (
        "diplomats",
        "diplomat",
        "officers",
        "envoys",
        "ambassadors",
        "spies",
        "agents",
        "staff",
        "members",
        "students",
        "pupils",
        "lawmakers",
    )
)
"""Whom an embassy, a party or a school loses when they are expelled: no home."""


def _are_lost(c: Counted) -> bool:
    """Those whom rescuers look for, unlike suspects, survivors, or people wanted for a job."""
    culprits = c.noun is not None and words.singular(c.noun.lower_) in words.CULPRITS
    return not culprits and any(t.lower_ in words.SEARCHERS for t in c.doc)


def got_away(verb: Token, c: Counted) -> bool:
    """`Five suspects fled`, `20 inmates fled the prison`, `70 deputies fled the chamber`: nobody lost a home."""
    culprits = c.noun is not None and words.singular(c.noun.lower_) in words.CULPRITS
    return culprits or any(k.dep_ == "dobj" and k.lower_ in words.SCENES for k in verb.children)


def missing_from_list(state: Token) -> bool:
    """`missing from the squad`: whoever is no part of a team or a list is not lost."""
    return any(
        g.dep_ == "pobj" and g.lower_ in words.LISTS for k in state.children if k.lower_ == "from" for g in k.children
    )


def _turned_fatal(harm: Harm, c: Counted) -> Harm:
    """`burned alive`, `mauled to death`, `fatally shot`: what wounds by itself has killed."""
    at = harm.token.i
    if harm.metric not in ("injured", "casualties") or harm.token.lower_ not in words.DONE_TO:
        return harm
    after = [t.lower_ for t in c.doc[at + 1 : at + 4]]
    beyond = [t.lower_ for t in c.doc[c.stop : c.stop + 3]] if c.first > at else []
    before = c.doc[at - 1].lower_ if at else ""
    fatal = before in ("fatally", "mortally") or any(
        phrase[:1] in (["alive"], ["dead"])
        or phrase[:2] in (["to", "death"], ["to", "their"], ["beyond", "recognition"])
        for phrase in (after, beyond)
    )
    return Harm("killed", harm.token, harm.rule) if fatal else harm
