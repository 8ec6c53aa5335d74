"""Is the harm asserted? Negations, forecasts, hypotheses, wishes, questions and rates are no facts."""

import re

from spacy.tokens import Token

from pipeline.facts import words
from pipeline.facts.harm import Counted, Harm

_RATE_AFTER = re.compile(
    r"^[^.;:]{0,40}?\b(?:(?:a|per|each|every) (?:single )?(?:day|week|month|year|hour|minute|night|head|capita)(?![\w-])|per \d|daily|weekly|annually|yearly|per cent|%)\b(?! (?:ago|after|before|earlier|later|since|of|when|in|on))",
    re.I,
)
_RATE_BEFORE = re.compile(
    r"\b(?:every|each) (?:day|week|month|year|night|hour|minute)\b[^.;]{0,30}$|\b(?:an? )?average(?: of)?(?: \w+){0,2} ?$|\bper\b[^.;,]{0,12}$",
    re.I,
)
_CONDITION = frozenset(("if", "unless", "whether", "lest"))


def is_claimed(c: Counted, harm: Harm) -> bool:
    """True if the sentence says that it happened."""
    return not (_is_question(c) or _is_rate(c) or _is_unreal(harm.token, c) or _is_none(c, harm))


def _is_question(c: Counted) -> bool:
    text = c.doc.text.rstrip("\"' )")
    return text.endswith("?") and '"' not in text


def _is_rate(c: Counted) -> bool:
    text = c.doc.text
    return bool(
        _RATE_AFTER.search(text[c.number.core_end : c.number.core_end + 90])
        or _RATE_BEFORE.search(text[max(0, c.number.start - 45) : c.number.start])
    )


def _is_none(c: Counted, harm: Harm) -> bool:
    """`no more`, `not one`, `none of the 12 were hurt`."""
    begin = next((t.i for t in c.doc if t.idx + len(t) > c.number.start), c.first)
    near = {t.lower_ for t in c.doc[max(0, begin - 2) : begin]}
    return bool(near & {"no", "none", "not", "neither"}) and not c.doc[begin].lower_.startswith(("no", "not"))


def _is_unreal(token: Token, c: Counted) -> bool:
    """Walk up from the word of harm: a negation, a modal or an unreal verb over it."""
    harm_at = token.i
    for step in range(6):
        for child in token.children:
            if child.dep_ == "neg" and child.i < harm_at and not _only_modifies(child, c):
                return step < 3
            if child.dep_ == "aux" and child.lower_ in words.MODALS and step < 3:
                return True
            if child.dep_ == "mark" and child.lower_ in _CONDITION:
                return True
        if token.dep_ not in (
            "xcomp",
            "ccomp",
            "acl",
            "pcomp",
            "pobj",
            "dobj",
            "oprd",
            "acomp",
            "conj",
            "advcl",
            "prep",
            "attr",
            "nsubj",
            "nsubjpass",
            "compound",
            "amod",
            "relcl",
        ):
            return False
        if token.dep_ in ("advcl", "relcl", "conj") and step >= 1:
            return False
        previous, token = token, token.head
        if (
            token.lower_ in words.UNREAL
            and previous.dep_ in ("xcomp", "ccomp", "acl", "pcomp", "pobj", "dobj", "prep", "compound", "oprd")
            and previous.i > token.i
        ):
            return True
    return False


def _only_modifies(neg: Token, c: Counted) -> bool:
    """`not fewer than 12` belongs to the number."""
    return neg.idx >= c.number.start - 1 and neg.idx < c.number.end
