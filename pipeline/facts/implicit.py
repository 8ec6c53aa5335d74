"""Single people, and parts whose harm the whole already told.

`A soldier was killed` counts one without a number; `twelve people, including 64 children and a nurse` counts parts whose
harm word stands with the whole.
"""

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from pipeline.facts import words
from pipeline.facts.harm import Counted, Harm
from pipeline.facts.model import Mention
from pipeline.facts.numbers import Number

PART = re.compile(r"\b(?:including|among (?:them|those)|of whom|comprising)\b", re.I)
"""Words after which parts of the count before them are listed."""
SPEECH = re.compile(r"\b(?:said|says|told|announced|reported|according|after|when|while|but|as)\b|[;:]", re.I)
"""Words that end such a list."""
LONGEST_PHRASE = 8
"""Tokens from the article to the noun: `a 16-year-old Palestinian school girl`."""
NEUTER = frozenset(
    ["group", "team", "family", "crowd", "couple", "pair", "number", "total", "majority", "convoy", "unit"]
)
"""Nouns of several people: `a group of` counts nobody."""


def single_people(doc: Doc) -> Iterator[Number]:
    """`a soldier`, `a 5-year-old boy`: one person each, the article and what is hyphened to it as the number."""
    for token in doc:
        if token.lower_ not in ("a", "an") or token.i + 1 >= len(doc):
            continue
        noun = _person(doc, token.i + 1)
        if noun is not None:
            end = token.idx + len(token)
            yield Number(token.idx, end, token.idx, end, 1, 1, "exact", "single")


def _person(doc: Doc, start: int) -> Token | None:
    """The singular noun of a person that an article begins, at the end of its noun phrase."""
    found = None
    for token in doc[start : start + LONGEST_PHRASE]:
        if token.tag_ not in ("JJ", "NN", "NNP", "CD", "HYPH", "VBN", "VBG", "JJR", "JJS") and token.lower_ != "-":
            break
        found = token
    if found is None or found.tag_ not in ("NN", "NNP") or found.lower_ in NEUTER:
        return None
    return found if words.is_person_noun(found.lower_) else None


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
