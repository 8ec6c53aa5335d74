"""Counts whose harm another count told: parts of a whole, and lists (what shares a verb is in gapping.py).

`Twelve people, including 64 children and a nurse` counts parts whose harm word stands with the whole.
"""

import re
from collections.abc import Sequence

from pipeline.facts import words
from pipeline.facts.counted import Counted
from pipeline.facts.gapping import is_finite
from pipeline.facts.model import Harm, Mention
from pipeline.facts.predicates import SUBJECTS

PART = re.compile(r"\b(?:including|among (?:them|those)|of whom|comprising|namely|to wit)\b", re.I)
"""Words after which parts of the count before them are listed."""
DASH = re.compile(r"(?: - | -- | – | — |: )")
LIST_WORD = re.compile(
    r"(?:\d[\d,]*|[a-z-]+s|two|three|four|five|six|seven|eight|nine|ten|one|a|an|and|old|young|were|men|women|children|people|[a-z-]+,),?"
)
OF_THEM = re.compile(
    r"\s*of (?:them|whom|which|those|these|the (?:dead|victims|killed|wounded|injured|casualties))\b", re.I
)
OF_THOSE = re.compile(
    r"^\W*(?:Of|Among) (?:(?:them|those|these|the (?:dead|victims|total))\b[^.]{0,25}|(?:the|these|those) [^.,]{0,40}, (?:\w+ )?)$"
)
SPEECH = re.compile(r"\b(?:said|says|told|announced|reported|according|after|when|while|but|as)\b|[;:]", re.I)
"""Words that end such a list."""
COMMA_LIST = re.compile(r"^[^,;.]{0,40}, (?:an? [\w -]{3,40}(?:,| and|, and) )?$")


SHORT_GAP = re.compile(r"^[^;.:]{0,60}, (?:with )?$")


def listed_part(c: Counted, here: Sequence[Mention], before: Sequence[Mention], start: int) -> Mention | None:
    """The whole that a count without a harm of its own is named as part of: `including 5 children`, `five of them`."""
    return _after_cue(c, here, start) or _of_them(c, here, before, start)


def _after_cue(c: Counted, here: Sequence[Mention], start: int) -> Mention | None:
    for whole in reversed(here):
        if whole.implicit or "listed as part" in whole.rules:
            continue
        between = c.doc.text[whole.number_end - start : c.number.start]
        cue = (
            PART.search(between)
            or _comma_list(c, between)
            or _dash_list(between)
            or _dash_list_of_singles(c, between, whole.number_end - start)
        )
        cue = cue or _among_them(c, between)
        if cue and not SPEECH.search(between, cue.end()) and (c.number.low or 0) < (whole.high or whole.low or 0):
            return whole
        return None
    return None


def _among_them(c: Counted, between: str) -> re.Match[str] | None:
    """`eight people, three | passers-by among them, were hurt`, `41 civilians dead, eleven | children included`."""
    after = [t.lower_ for t in c.doc[c.stop : c.stop + 3]]
    told = after[:2] in (["among", "them"], ["among", "those"]) or after[:1] == ["included"]
    ends = after[2:] in ([","], ["."], []) if after[:1] == ["among"] else after[1:2] in ([","], ["."], ["and"], [])
    return SHORT_GAP.match(between) if told and ends else None


def _comma_list(c: Counted, between: str) -> re.Match[str] | None:
    """`Two people, a man and a woman, were killed`: single people set apart by commas right after the count."""
    at = c.stop
    closed = at >= len(c.doc) or c.doc[at].lower_ in (",", ".", "and")
    article = c.doc[c.first].lower_ in ("a", "an")
    return COMMA_LIST.match(between) if c.number.kind == "single" and article and closed else None


def _dash_list_of_singles(c: Counted, between: str, start: int) -> re.Match[str] | None:
    """`two children were hurt - a girl in Izium and a boy in Lyman`: after the dash no verb, only persons and places."""
    cue = DASH.search(between)
    if cue is None or c.number.kind != "single":
        return None
    tokens = [t for t in c.doc if start + cue.end() <= t.idx < c.number.start]
    return cue if not any(is_finite(t) or t.lower_ in ("who", "said", "which") for t in tokens) else None


def _dash_list(between: str) -> re.Match[str] | None:
    """`ten people - five children, three women`: what follows a dash or a colon is a list of counted people."""
    cue = DASH.search(between)
    return cue if cue and all(_may_be_in_list(w) for w in between[cue.end() :].split()) else None


_OF_THEIRS = frozenset(("the", "of", "their", "his", "her"))


def _may_be_in_list(word: str) -> bool:
    return (
        bool(LIST_WORD.fullmatch(word)) or word.lower() in _OF_THEIRS or words.is_person_noun(word.rstrip(",").lower())
    )


def _of_them(c: Counted, here: Sequence[Mention], before: Sequence[Mention], start: int) -> Mention | None:
    """`five of them children`, `340 of whom were women`, `Twelve of them were children`, `Of those, 12 were children`."""
    after, ahead = c.doc.text[c.number.end : c.number.end + 40], c.doc.text[: c.number.start]
    if not (OF_THEM.match(after) or OF_THOSE.search(ahead)) or not _only_describes(c):
        return None
    index = before[-1].sentence.index if before else -9
    earlier = [m for m in before if m.sentence.index == index and not m.implicit]
    current = here[0].sentence.index if here else index + 1
    candidates = [m for m in here if not m.implicit] or (earlier if current - index <= 1 else [])
    larger = [m for m in candidates if (c.number.low or 0) < (m.high or m.low or 0) and m.whole is None]
    return larger[-1] if larger else None


def _only_describes(c: Counted) -> bool:
    """Is nothing but a description said of them (`were children`, `in uniform`)? `Two of them escaped` is no harm."""
    token = c.anchor
    if token.dep_ not in SUBJECTS:
        return True
    if not token.head.tag_.startswith("VB"):
        return True  # `nine of them children`
    return token.head.lower_ in words.DESCRIBE and not any(k.dep_ == "neg" for k in token.head.children)


def is_list(c: Counted, following: Counted) -> bool:
    """`Six Palestinians, two Israelis killed`: two counts with nothing but a comma or `and` between, told together."""
    if c.number.kind == "single" or following.number.kind == "single" or c.noun is None or following.noun is None:
        return False
    begin = next((t.i for t in c.doc if t.idx + len(t) > following.number.start), following.first)
    between = [t.lower_ for t in c.doc[c.stop : begin]]
    both = all(words.is_person_noun(n.lower_) or n.text[0].isupper() for n in (c.noun, following.noun))
    return both and between in ([], [","], ["and"], ["&"], [",", "and"], ["as", "well", "as"])


def may_be_listed(c: Counted) -> bool:
    """May this be a part of a whole? Counts of people, of nothing named, and single people that are no names."""
    if _is_of_something_else(c):
        return False
    if c.number.kind == "single":
        listed = (
            words.is_listed_person(c.anchor.lower_) if c.anchor.tag_ == "NNP" else words.is_person_noun(c.anchor.lower_)
        )
        return c.anchor.lower_ == "old" or (c.anchor.tag_ in ("NN", "NNP") and listed)
    return c.noun is None or words.is_person_noun(c.noun.lower_) or c.noun.lower_ in ("them", "whom", "military")


def _is_of_something_else(c: Counted) -> bool:
    """`(four, including a child, died,) a mayor said`, `(killed) by a bomber`, `the driver of a judge`, `according to one of them`."""
    token = c.anchor
    if c.number.kind == "single":
        if token.dep_ == "nsubj" and token.head.dep_ != "relcl" and token.head.lower_ in words.GIVE_COUNT:
            return True
        theirs = token.head.head.lower_ in ("that", "those")  # `three deaths, including that of a child`
        return token.dep_ == "pobj" and token.head.lower_ in ("by", "for", "of", "to", "from") and not theirs
    one = c.doc[c.first].lower_ == "one" and [t.lower_ for t in c.doc[c.last + 1 : c.last + 2]] == ["of"]
    return one and (token.dep_ == "attr" or (token.dep_ == "pobj" and token.head.lower_ not in ("with", "including")))


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
