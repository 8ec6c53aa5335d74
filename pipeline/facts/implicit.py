"""Single people, and parts whose harm the whole already told.

`A soldier was killed` counts one without a number; `twelve people, including 64 children and a nurse` counts parts whose
harm word stands with the whole.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from spacy.tokens import Doc, Token

from pipeline.facts import words
from pipeline.facts.harm import SUBJECTS, Counted, Harm, modified, object_harm, of_noun, subject_harm
from pipeline.facts.model import Mention
from pipeline.facts.numbers import Number

PART = re.compile(r"\b(?:including|among (?:them|those)|of whom|comprising)\b", re.I)
"""Words after which parts of the count before them are listed."""
SPEECH = re.compile(r"\b(?:said|says|told|announced|reported|according|after|when|while|but|as)\b|[;:]", re.I)
"""Words that end such a list."""
PRONOUNS = frozenset(["he", "she", "him"])
NEUTER = frozenset(
    [
        "group",
        "team",
        "family",
        "crowd",
        "couple",
        "pair",
        "number",
        "total",
        "majority",
        "convoy",
        "unit",
        "crew",
        "staff",
        "militia",
        "personnel",
        "population",
        "force",
        "police",
        "army",
        "infantry",
        "community",
        "public",
        "half",
        "rest",
        "people",
        "youth",
        "household",
        "dozen",
        "hundred",
        "thousand",
        "million",
        "score",
        "world",
        "nation",
    ]
)
"""Nouns of several people: `a group of` counts nobody."""


def single_people(doc: Doc, taken: Collection[int]) -> Iterator[Counted]:
    """`a soldier`, `her father`, `Ivan Petrov`, `he`: one person each; `taken` are tokens that a number counts."""
    for token in doc:
        if token.i not in taken and token.dep_ in ROLES and _is_single(token):
            first = token if token.dep_ == "poss" and token.tag_ == "PRP$" else _first(token)
            yield _counted(doc, first, token)


ROLES = frozenset(["nsubj", "nsubjpass", "dobj", "pobj", "poss", "conj", "ROOT", "oprd", "npadvmod", "dep", "appos"])


def _is_single(token: Token) -> bool:
    """A pronoun, a name, or a noun for one person."""
    lower = token.lower_
    if lower in PRONOUNS or (lower in ("his", "her") and token.dep_ == "poss"):
        return True
    if lower == "another" and token.dep_ in ("nsubj", "nsubjpass", "dobj"):
        return True
    if token.tag_ == "NNP":
        return not (words.is_thing(lower) or lower in words.TIMES or lower in NEUTER or len(lower) < 2)
    return token.tag_ == "NN" and lower not in NEUTER and lower not in words.HARM_NOUNS and words.is_person_noun(lower)


def _first(token: Token) -> Token:
    """The token that a single person's phrase begins with."""
    left = token
    while left.i > 0 and _belongs(token.doc[left.i - 1], left):
        left = token.doc[left.i - 1]
    return left


def _belongs(left: Token, right: Token) -> bool:
    """Is the token before the phrase part of it: article, possessive, adjective, title, first name?"""
    if right.tag_ in ("DT", "PRP$"):
        return False
    if left.tag_ in ("DT", "PRP$"):
        return left.lower_ not in ("no", "every", "each", "any", "all", "both")
    if left.tag_ == "CD":
        return left.whitespace_ == ""
    return left.tag_ in ("JJ", "NN", "NNP", "HYPH", "VBN", "POS", "AFX") or (left.text == "." and left.i > 0)


def _counted(doc: Doc, first: Token, head: Token) -> Counted:
    start, end = first.idx, head.idx + len(head)
    name = _name_of(head)
    if name is not None:
        start, end = name
    elif first.lower_ in ("a", "an"):
        end = first.idx + len(first)
    number = Number(start, end, start, end, 1, 1, "exact", "single")
    return Counted(number, first.i, head.i, head, head, head.i + 1)


def _name_of(head: Token) -> tuple[int, int] | None:
    """Offsets of the name that follows a noun: `his wife Raisa`, `her father, Robin,`, `a witness named Ahmad`."""
    if head.tag_ != "NN":
        return None
    for child in head.children:
        named = child.dep_ == "acl" and child.lower_ in ("named", "called", "identified")
        name = next((k for k in child.children if k.tag_ == "NNP"), None) if named else child
        if name is not None and name.tag_ == "NNP" and name.i > head.i and (named or child.dep_ == "appos"):
            left = name
            while left.i > head.i + 1 and left.nbor(-1).tag_ == "NNP":
                left = left.nbor(-1)
            if left.i <= head.i + 2 or named:
                return left.idx, name.idx + len(name)
    return None


def harm_of_single(c: Counted) -> Harm | None:
    """What happened to a single person, by the person's own role in the sentence."""
    for rule in (_as_subject, _as_object, _possessed, modified, of_noun, _headline):
        harm = rule(c)
        if harm is not None and _is_nameable(c, harm):
            return harm
    return None


def _top(token: Token) -> Token:
    """Up a list of persons: `a man and a woman were killed`."""
    for _ in range(3):
        if token.dep_ != "conj" or token.head.tag_ not in ("NN", "NNP", "NNS", "CD"):
            break
        token = token.head
    return token


def _as_subject(c: Counted) -> Harm | None:
    top = _top(c.anchor)
    if top.dep_ not in SUBJECTS:
        return None
    several = any(k.dep_ in ("aux", "auxpass") and k.lower_ in ("were", "are", "have") for k in top.head.children)
    if several and top is c.anchor and not any(k.dep_ == "conj" for k in top.children):
        return None
    return subject_harm(top.head)


def _as_object(c: Counted) -> Harm | None:
    top = _top(c.anchor)
    return object_harm(top.head, top, c) if top.dep_ == "dobj" else None


def _possessed(c: Counted) -> Harm | None:
    """`her death`, `the suspect's death`, `Petrov's killing`."""
    noun = c.anchor.head
    if c.anchor.dep_ == "poss" and noun.lower_ in words.ONES_DEATH:
        return Harm("killed", noun, "someone's death")
    return None


def _headline(c: Counted) -> Harm | None:
    """`Boy killed in strike`: a noun without article at the beginning, the participle right after it."""
    after = c.doc[c.stop] if c.stop < len(c.doc) else None
    if c.first > 1 or after is None or after.lower_ not in words.STATES or c.anchor.tag_ == "NNP":
        return None
    following = c.doc[after.i + 1] if after.i + 1 < len(c.doc) else None
    if following is not None and following.tag_ in ("CD", "DT", "PRP$", "NN", "NNS", "NNP"):
        return None
    return Harm(words.STATES[after.lower_], after, "headline")


def _is_nameable(c: Counted, harm: Harm) -> bool:
    """Names and pronouns count for deaths, wounds and disappearances only, and for verbs that happen to persons."""
    head = c.anchor
    if head.tag_ != "NNP" and head.lower_ not in PRONOUNS:
        return harm.metric != "displaced" or words.is_listed_person(head.lower_)
    if harm.metric in ("displaced", "casualties"):
        return False
    return harm.token.lower_ in words.PERSONAL


def listed_part(number: Number, doc: Doc, here: Sequence[Mention], start: int) -> int | None:
    """Index in `here` of the whole that a count without a harm of its own is listed as part of; null if there is none."""
    for index in range(len(here) - 1, -1, -1):
        whole = here[index]
        if whole.implicit or "listed as part" in whole.rules:
            continue
        between = doc.text[whole.number_end - start : number.start]
        cue = PART.search(between)
        if cue and not SPEECH.search(between, cue.end()) and (number.low or 0) < (whole.high or whole.low or 0):
            return index
        return None
    return None


def counts_people(c: Counted) -> bool:
    """Is the noun that a part counts one of people?"""
    return c.noun is not None and words.is_person_noun(c.noun.lower_)


def predicate_ahead(c: Counted) -> Harm | None:
    """`Twelve people in Israel, including a nurse, have been killed`: the verb after what commas set apart."""
    doc, at = c.doc, c.stop
    depth = 0
    while at < len(doc) and at < c.stop + 40:
        token = doc[at]
        if token.lower_ == "," and at + 1 < len(doc) and PART.match(doc[at + 1].text):
            depth = 1
        elif depth and token.lower_ in ("have", "has", "were", "was", "had", "are") and doc[at - 1].lower_ == ",":
            verb = next(
                (t for t in doc[at + 1 : at + 4] if t.lower_ in words.DONE_TO or t.lower_ in words.SUFFERED), None
            )
            if verb is None:
                return None
            metric = words.DONE_TO.get(verb.lower_) or words.SUFFERED[verb.lower_]
            return Harm(metric, verb, "verb after an aside")
        elif not depth and (token.tag_.startswith("VB") or token.lower_ in (".", ";")):
            return None
        at += 1
    return None
