"""Counts that leave out their verb, or what they count, because the count before them told it.

`Seven died in Kano, five each in Jos and Doka`, `Niger hosts 5,000 of them, Mali 300`, `Karu reported two.` The linguists' word is gapping.
"""

import re
from collections.abc import Sequence

from pipeline.facts import words
from pipeline.facts.counted import NOUN_TAGS, Counted, first_token
from pipeline.facts.model import Harm, Mention
from pipeline.facts.tree import Token

PLACING = frozenset(
    (
        "in",
        "at",
        "on",
        "near",
        "from",
        "inside",
        "outside",
        "elsewhere",
        "around",
        "across",
        "under",
        "overnight",
        "by",
        "abroad",
        "there",
        "here",
        "nationwide",
    )
)
_EACH = frozenset(("each", "apiece"))
_AFTER_COUNT = frozenset((*_EACH, "more", "others"))
_STOPS = frozenset((",", ".", ";", "and", "while", "but", '"', ")", "-"))
LONGEST_GAP = 14
"""Tokens that may stand between a count and the one whose verb it shares."""


def gapped(c: Counted, here: Sequence[Mention], start: int) -> Mention | None:
    """The count in the same sentence whose predicate this one shares: `Five died in Nice, three in Cannes`, `and another 15 in Hama`."""
    last = next((m for m in reversed(here) if not m.implicit), None)
    if last is None or c.stop >= len(c.doc) or c.number.kind == "single" or not _names_nobody(c):
        return None
    told = max(last.number_end, last.harm_end or 0) - start
    between = [t for t in c.doc if told <= t.idx < c.number.start]
    verbs = [t for t in between if _tells_on(t, last)]
    if _follows_a_place(c) and len(between) < 8 and not verbs:
        return last
    if _has_as_many(c, verbs) or _is_compared(c, between):
        return last
    if _is_described(c) and any(t.lower_ in (",", "and") for t in between) and len(between) <= 8:
        at = last.number_end - start
        told_before = (t for t in c.doc if at <= t.idx < c.number.start)
        return last if any(t.lower_ in ("were", "was", "are", "is") for t in told_before) else None
    after = _after_each(c)
    if after is None or verbs or len(between) > LONGEST_GAP or not (after.lower_ in PLACING or _tells_cause(after)):
        return None
    if not any(t.lower_ in (",", "and", ";", "plus", "with") for t in between):
        return None
    clause = next((i for i in range(after.i, len(c.doc)) if c.doc[i].lower_ in (",", ";", "and", ".")), len(c.doc))
    return None if any(is_finite(t) for t in c.doc[after.i : clause]) else last


def refers_back(c: Counted) -> Harm | None:
    """A count of those whom the sentence before told of: `Karu reported two.`, `There were three each in Jos and Doka`,
    `Kenya hosts 5,000, Niger 300`, `Over 2,000 are in Chad`, `Some 60 were civilians`. Its metric is that of the mention before."""
    if c.number.kind == "single" or c.stop >= len(c.doc):
        return None
    are_of_them = [t.lower_ for t in c.doc[c.stop : c.stop + 3]]
    if are_of_them[:1] in (["are"], ["were"]) and are_of_them[1:] in (["among", "them"], ["among", "those"]):
        return Harm("killed", c.doc[c.stop], "refers back")  # `Eleven nurses are among them.`
    if not _names_nobody(c):
        return None
    if (said := claimed_number(c) or _is_number_of_then(c)) is not None:
        return Harm("killed", said, "refers back")
    verb = c.anchor.head
    if c.anchor.dep_ in ("dobj", "attr") and verb.lower_ in words.HAVING and _ends_clause(c):
        subject = next((k for k in verb.children if k.dep_ == "nsubj"), None)
        if subject is not None and subject.tag_ in ("NNP", "NNPS"):
            return Harm("killed", verb, "refers back")
    after = _after_each(c)
    placed = after is not None and after.lower_ in ("in", "at", "from")
    ahead = {t.lower_ for t in _words_before(c)} - {"another", "and", "a", "further"}
    if placed and not ahead and after is not None and not any(is_finite(t) for t in c.doc[after.i :]):
        return Harm("killed", after, "refers back")  # `Another 12 in Goma.`
    if placed and c.first and c.doc[c.first - 1].lower_ in ("were", "was") and c.doc[0].lower_ == "there":
        return Harm("killed", c.doc[c.first - 1], "refers back")
    were = c.doc[c.stop].lower_ in ("are", "were") and not _words_before(c)
    if were and c.stop + 1 < len(c.doc) and _is_what_they_were(c.doc[c.stop + 1]):
        return Harm("killed", c.doc[c.stop], "refers back")
    is_placed = c.doc[c.stop].lower_ in ("are", "were", "remain") and _lower_at(c, c.stop + 1) in ("in", "abroad")
    if is_placed and not _words_before(c) and c.doc[min(c.stop + 2, len(c.doc) - 1)].tag_ == "NNP":
        return Harm("killed", c.doc[c.stop], "refers back")
    return None


def claimed_number(c: Counted) -> Token | None:
    """`The rebels claim 130.`, `The hospital speaks of nineteen`, `The prefect gave "more than 20"`: a verb of claiming right before the
    number, and nothing that it counts."""
    at = _begin(c)
    if c.noun is not None or at < 2 or not _ends_clause(c) or (c.number.high or c.number.low or 0) < 2:
        return None
    verb = c.doc[at - 1]
    if verb.lower_ == "of":
        verb = c.doc[at - 2]
        return verb if verb.lower_ in words.SPEAK_OF else None
    named = c.doc[at - 2].tag_ in (*NOUN_TAGS, "PRP", "RB") or c.doc[at - 2].is_punct
    return verb if verb.lower_ in words.GIVE_COUNT and named and verb.tag_ in ("VBD", "VBZ", "VBP") else None


def _is_number_of_then(c: Counted) -> Token | None:
    """`Last year it was 2,500.`, `In 2021 the figure was seven`: the same count of another time."""
    at = _begin(c)
    if c.noun is not None or at < 2 or c.doc[at - 1].lower_ not in ("was", "were"):
        return None
    subject = c.doc[at - 2].lower_ == "it" or any(
        t.lower_ in ("figure", "number", "count", "tally") for t in c.doc[max(0, at - 9) : at - 1]
    )
    if not subject or not (_ends_clause(c) or c.doc[c.stop].lower_ in PLACING):
        return None
    around = {t.lower_ for t in c.doc[max(0, at - 10) : c.stop + 5]}
    return c.doc[at - 1] if around & _OTHER_TIMES or any(_YEAR.fullmatch(w) for w in around) else None


_OTHER_TIMES = frozenset(("last", "previous", "before", "earlier", "same", "then", "yesterday"))
_YEAR = re.compile(r"(?:19|20)\d\d")


def _begin(c: Counted) -> int:
    """Index of the token that the number begins with, a quotation mark before it left out."""
    at = first_token(c)
    return at - 1 if at > 0 and c.doc[at - 1].text in "\"'" else at


def _is_what_they_were(token: Token) -> bool:
    """`Some 60 were | civilians`: a sort of people, and no state that they are in."""
    sort = token.tag_ == "NNS" and words.is_person_noun(token.lower_)
    return sort and token.lower_ not in words.STATES and token.lower_ not in words.HARM_NOUNS


def _words_before(c: Counted) -> list[Token]:
    """What stands before the number and its modifiers in the sentence."""
    return [t for t in c.doc if t.idx < c.number.start and not t.is_punct]


def _lower_at(c: Counted, i: int) -> str:
    return c.doc[i].lower_ if i < len(c.doc) else ""


def _names_nobody(c: Counted) -> bool:
    return c.noun is None or c.noun.lower_ in ("others", "more", "another", "other")


def _after_each(c: Counted) -> Token | None:
    """The token after the count, `each` left out: `five each in Jos`."""
    at = c.stop + (c.doc[c.stop].lower_ in _AFTER_COUNT)
    return c.doc[at] if at < len(c.doc) else None


def _ends_clause(c: Counted) -> bool:
    return _lower_at(c, c.stop) in _STOPS


def _has_as_many(c: Counted, verbs: Sequence[Token]) -> bool:
    """`Jos reported three deaths and Doka recorded | two`: a verb of having like the one before, and nothing that it counts."""
    verb = c.anchor.head
    having = c.anchor.dep_ == "dobj" and verb.lower_ in words.HAVING and all(v == verb for v in verbs)
    return having and c.noun is None and _ends_clause(c)


_COMPARED = re.compile(
    r"(?:^|[,(;\s])(?:up from|down from|compared (?:with|to)|as compared (?:with|to)|as against|against|versus|as opposed to|(?:drop|fall|rise|increase|jump|decrease|decline) (?:from|of))\s*$"
)


def _is_compared(c: Counted, between: Sequence[Token]) -> bool:
    """`killed 40, up from | 22`, `died this winter, compared with | 16 all of last season`, `4,000 last year, against | 770`."""
    begin = between[0].idx if between else 0
    said = c.doc.text[begin : c.number.start]
    return (
        len(between) <= LONGEST_GAP
        and _COMPARED.search(said) is not None
        and not any(
            is_finite(t) and t.lower_ not in words.EXISTS and t.lower_ not in ("said", "says") for t in between[:-2]
        )
    )


def _follows_a_place(c: Counted) -> bool:
    """`Nepal confirmed 12 deaths, India | 7 and Bangladesh | 5`: a place's name, the number, and nothing that it counts."""
    before, after = c.doc[c.first - 1], c.doc[c.stop]
    name = c.doc.at(c.number.start)
    name = name.nbor(-1) if name is not None and name.i else before  # before its modifiers
    at = first = name.i - (name.text == ",")
    while first > 0 and c.doc[first - 1].tag_ in ("NNP", "NNPS"):
        first -= 1
    listed = first > 1 and c.doc[first - 1].lower_ in (",", "and", ";", "in", "the", "while")
    return c.noun is None and listed and c.doc[at].tag_ == "NNP" and after.lower_ in (",", "and", ".", ";")


def _tells_cause(of: Token) -> bool:
    """`three died of cholera and one | of a snake bite`."""
    cause = of.nbor() if of.i + 1 < len(of.doc) else of
    return of.lower_ == "of" and (
        cause.lower_ in ("a", "an") or (cause.tag_ == "NN" and not words.is_person_noun(cause.lower_))
    )


def _is_described(c: Counted) -> bool:
    """`(39 of the dead were men and) 12 were women`, `one was a Ugandan`: nothing is said but what they were."""
    words_after = [t for t in c.doc[c.stop : c.stop + 3] if t.lower_ not in ("a", "an")]
    return (
        len(words_after) > 1
        and words_after[0].lower_ in ("were", "was", "are", "is")
        and words_after[1].tag_ in ("NN", "NNS", "NNP", "NNPS", "JJ", "IN")
        and (
            words.is_person_noun(words_after[1].lower_)
            or words_after[1].tag_ == "NNPS"
            or (words_after[1].lower_ in ("in", "at", "from") and len(words_after) > 2 and words_after[2].tag_ == "NNP")
        )
        and words_after[1].lower_ not in words.HARM_NOUNS
    )


def _tells_on(token: Token, last: Mention) -> bool:
    """A verb of its own between two counts; auxiliaries and verbs of existing belong to the first (`deaths were reported in`)."""
    if not is_finite(token) or token.dep_ in ("aux", "auxpass") or token.lower_ in words.EXISTS:
        return False
    return last.harm_start is None or all(
        last.sentence.start + t.idx != last.harm_start for t in (token, *_clause_of(token))
    )


def _clause_of(token: Token) -> list[Token]:
    """What an adverbial or relative clause hangs from: in `nine died when jets struck, and four in Doka` the verb is still `died`."""
    top = next((t for t in (token, *token.ancestors) if t.dep_ in ("advcl", "relcl")), None)
    return list(top.ancestors)[:2] if top is not None else []


def is_finite(token: Token) -> bool:
    return token.tag_ in ("VBD", "VBZ", "VBP", "VB", "MD", "VBG")
