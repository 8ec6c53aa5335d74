"""Is the harm asserted? Negations, forecasts, hypotheses, wishes, questions and rates are no facts."""

import re

from pipeline.facts import words
from pipeline.facts.counted import Counted
from pipeline.facts.model import Harm
from pipeline.facts.predicates import NOT_BACK
from pipeline.facts.tree import Token

_RATE_AFTER = re.compile(
    r"^[^.;:]{0,40}?\b(?:(?:per|each|every) (?:single |rainy |dry |wet )?(?:day|week|month|year|season|hour|minute|night|head|capita|24 hours)(?![\w-])"
    r"|per \d|(?-i:daily)(?! (?:\w+ )?(?:briefing|update|report|bulletin|statement|address|news))|weekly|annually|yearly"
    r"|(?<!in )(?<!within )(?<!for )(?<!about )(?<!roughly )(?<!nearly )(?<!almost )(?<!than )(?<!over )(?<!of )a (?:single )?(?:day|week|month|year|hour|minute|night)(?![\w-]|['’]s)(?! (?:ago|after|before|earlier|later|since|of|when|in|on)))"
    r"|^[^.,;:]{0,70}?\b(?:per|each|every) (?:day|week|month|year|hour|night)(?![\w-])",
    re.I,
)
_RATE_BEFORE = re.compile(
    r"\bfor every [^.;,]{0,40}\b(?:killed|injured|wounded|dead|lost)\b[^.;]{0,50}$|\b(?:every|each) (?:rainy |dry |wet )?(?:day|week|month|year|season|night|hour|minute)\b[^.;]{0,30}$|\b(?:an? )?average(?: of)?(?: \w+){0,2} ?$|\bper\b[^.;,]{0,12}$",
    re.I,
)
_UNREAL_SCENE = re.compile(
    r"\b(?:capable of holding|(?:space|room|capacity) for|simulat\w+|hypothetical|fictional|imaginary|mock|dry run)\b",
    re.I,
)
_FICTION = re.compile(
    r"\bin (?:the|a|his|her|its|this|that) (?:\w+ ){0,2}(?:novel|film|movie|thriller|sequel|sitcom|comic|video ?game|fairy tale|episode|screenplay)\b",
    re.I,
)
_CONDITION = frozenset(("if", "unless", "whether", "lest"))


def is_claimed(c: Counted, harm: Harm) -> bool:
    """True if the sentence says that it happened."""
    unreal = harm.rule != NOT_BACK and _is_unreal(harm.token, c)
    staged = _UNREAL_SCENE.search(c.doc.text[: c.number.start]) is not None or _FICTION.search(c.doc.text) is not None
    return not (_is_question(c) or _is_rate(c) or staged or unreal or _is_none(c, harm))


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
    if begin > 2 and c.doc[begin - 1].lower_ in ("the", "its", "their", "those") and c.doc[begin - 2].lower_ == "of":
        near.add(c.doc[begin - 3].lower_)
    return bool(near & {"no", "none", "not", "neither", "without"}) and not c.doc[begin].lower_.startswith(
        ("no", "not")
    )


_CHAIN = frozenset(
    (
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
        "dep",
    )
)
_UNDER = frozenset(("xcomp", "ccomp", "acl", "pcomp", "pobj", "dobj", "prep", "compound", "oprd"))


def _is_unreal(token: Token, c: Counted) -> bool:
    """Walk up from the word of harm: a negation, a modal, a condition or an unreal verb over it."""
    harm_at = token.i
    if (
        harm_at > 1
        and c.doc[harm_at - 1].lower_ == "to"
        and c.doc[harm_at - 2].lower_ in words.UNREAL | words.UNREAL_INFINITIVE
    ):
        return True
    if any(k.lower_ in _FAILED and k.dep_ in ("amod", "compound") for k in token.children):
        return True  # `the attempted murder of a judge`
    if c.number.kind == "single" and _is_purpose(token):
        return True
    counted_harm = c.anchor.dep_ != "poss" and words.HARM_NOUNS.get(token.lower_) not in (None, "displaced")
    if harm_at and c.doc[harm_at - 1].lower_ in ("almost", "nearly"):
        return True
    for step in range(6):
        stands = counted_harm and step > 0 and token.tag_.startswith("VB") and token.lower_ not in words.EXISTS
        if _has_condition(token, c):
            return True
        if not stands and step < 3 and _is_denied(token, harm_at, c):
            return True
        if token.dep_ == "relcl" and token.tag_ in ("VBD", "VBN", "VBP", "VBZ"):
            return False  # `the 13 soldiers who died would be honoured`
        if _stands_apart(token, c) or _is_known(token):
            return False
        if stands or token.dep_ not in _CHAIN or (token.dep_ in ("advcl", "relcl", "conj") and step >= 1):
            return False
        previous, token = token, token.head
        if previous.dep_ in _UNDER and previous.i > token.i and _makes_unreal(token, previous):
            return True
    return False


def _stands_apart(token: Token, c: Counted) -> bool:
    """What is over the harm says nothing of it: `vowed to fight on as 300 were killed`, `did not stop and died`,
    `nobody knows whether the 12 people killed were soldiers`."""
    if token.dep_ == "advcl":
        marked = any(k.dep_ == "mark" and k.lower_ in _WHILE for k in token.children)
        return marked and any(k.dep_ in ("nsubj", "nsubjpass") for k in token.children) and not _is_possible(token)
    if token.dep_ == "conj":
        new_clause = any(k.dep_ in ("nsubj", "nsubjpass") for k in token.children) and any(
            t.text in ":;" for t in c.doc[token.head.i : token.i]
        )  # `the attack was not unprovoked: two herdsmen were beheaded`
        return new_clause or (token.tag_ in ("VBD", "VBZ") and token.head.tag_ == "VB")
    if token.dep_ == "pcomp" and token.head.lower_ == "with" and any(k.dep_ == "nsubj" for k in token.children):
        return True  # `is expected to rise, with Kano reporting 12 killed`
    definite = any(t.lower_ in ("the", "those") for t in c.doc[max(0, c.first - 1) : c.first])
    return definite and token.dep_ == "acl" and token.tag_ == "VBN"


def _is_purpose(token: Token) -> bool:
    """`broke in to kill her`: why somebody came does not say that it was done; nor does `to hunt down and kill him`."""
    harm = token
    if token.dep_ == "conj" and token.tag_ == token.head.tag_ == "VB":
        token = token.head
    to = any(k.lower_ == "to" and k.dep_ == "aux" for k in token.children)
    return to and token.tag_ == "VB" and token.dep_ in ("advcl", "relcl", "acl") and harm.lower_ in words.DONE_TO


_FAILED = frozenset(("attempted", "attempt", "failed", "foiled", "thwarted", "botched", "planned", "would-be"))


def _is_known(token: Token) -> bool:
    """`did not say how he died`, `it is not clear why 12 were killed`: what is asked about has happened."""
    asks = any(k.tag_ == "WRB" and k.dep_ == "advmod" and k.lower_ in ("how", "why", "where") for k in token.children)
    return asks and token.tag_ in ("VBD", "VBN") and token.dep_ in ("ccomp", "pcomp", "nsubj", "csubj", "advcl")


_WHILE = frozenset(("as", "after", "because", "while", "when", "since"))


def _is_possible(token: Token) -> bool:
    """`could strike while 300 are displaced`: an auxiliary of possibility in the clause itself."""
    return any(k.dep_ == "aux" and k.lower_ in words.MODALS for k in token.children)


def _has_condition(token: Token, c: Counted) -> bool:
    """A conjunction over the harm; that of `hundreds if not thousands` is part of the number. Or a wish: `called for him to be killed`."""
    marks = {k.lower_ for k in token.children if k.dep_ in ("mark", "aux")}
    wished = {"for", "to"} <= marks and token.head.lower_ in words.UNREAL | words.UNREAL_INFINITIVE
    return wished or any(
        k.dep_ == "mark" and k.lower_ in _CONDITION and not c.number.start <= k.idx < c.number.end
        for k in token.children
    )


def _is_denied(token: Token, harm_at: int, c: Counted) -> bool:
    """A negation or a modal right over the token; `could be as high as 70,000` is still an estimate."""
    for child in token.children:
        if child.lower_ in ("falsely", "wrongly", "mistakenly") and child.dep_ == "advmod" and child.i < harm_at:
            return True  # `falsely claimed that he had died`
        if child.dep_ == "neg" and child.i < harm_at and not _only_modifies(child, c):
            return True
        if child.lower_ == "no" and child.dep_ == "det" and child.i < harm_at + 1:
            return True
        if child.dep_ == "aux" and child.lower_ in words.MODALS:
            told = (token.lower_ in _RECALLED and not any(k.dep_ == "neg" for k in token.children)) or (
                child.lower_ == "would" and any(k.lower_ in _IN_THE_END for k in token.children)
            )
            return not told and not (
                token.lower_ == "be" and c.number.quantifier == "at_most" and "high" in _modifier(c)
            )
    return False


_RECALLED = frozenset(("recalled", "remembered", "confirm", "reveal"))
"""`It will be recalled that`, `we can confirm that` tell what was."""
_IN_THE_END = frozenset(("eventually", "ultimately", "later", "only", "just"))
"""`a famine that would eventually kill millions` did; `he would only confirm that 12 had died`."""


def _modifier(c: Counted) -> str:
    return c.doc.text[c.number.start : c.number.core_start].lower()


def _makes_unreal(token: Token, previous: Token) -> bool:
    """`feared`, `likely`; and with an infinitive, or `warned of`, what is only planned, tried or asked for."""
    if token.lower_ in words.UNREAL:
        return True
    if token.lower_ not in words.UNREAL_INFINITIVE:
        return False
    infinitive = any(k.lower_ == "to" and k.dep_ == "aux" for k in previous.children)
    asked_for = previous.lower_ == "for" and token.lower_.startswith("call")
    return infinitive or asked_for or (previous.lower_ == "of" and token.lower_.startswith("warn"))


def _only_modifies(neg: Token, c: Counted) -> bool:
    """`not fewer than 12` belongs to the number."""
    return neg.idx >= c.number.start - 1 and neg.idx < c.number.end
