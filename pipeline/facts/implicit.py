"""Single people, and parts whose harm the whole already told.

`A soldier was killed` counts one without a number; `twelve people, including 64 children and a nurse` counts parts whose
harm word stands with the whole.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from pipeline.facts import words
from pipeline.facts.harm import (
    SUBJECTS,
    Counted,
    Harm,
    clause_harm,
    missing_from_list,
    modified,
    object_harm,
    of_noun,
    subject_harm,
)
from pipeline.facts.model import Mention
from pipeline.facts.numbers import Number
from pipeline.facts.tree import Doc, Token

PART = re.compile(r"\b(?:including|among (?:them|those)|of whom|comprising)\b", re.I)
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
PRONOUNS = frozenset(["he", "she", "him"])
REFLEXIVE = frozenset(["himself", "herself"])
NOBODY = frozenset(["asylum", "nobody", "everyone", "everybody", "anyone", "anybody", "somebody", "someone"])
NEUTER = words.NEUTER
"""Nouns of several people: `a group of` counts nobody."""


def single_people(doc: Doc, taken: Collection[int]) -> Iterator[Counted]:
    """`a soldier`, `her father`, `Ivan Petrov`, `he`: one person each; `taken` are tokens that a number counts."""
    for token in doc:
        if token.i not in taken and _has_role(token) and _is_single(token) and not _is_bare(token):
            first = token if token.dep_ == "poss" and token.tag_ == "PRP$" else _first(token)
            yield _counted(doc, first, token)


ROLES = frozenset(["nsubj", "nsubjpass", "dobj", "pobj", "poss", "conj", "ROOT"])


def _has_role(token: Token) -> bool:
    """Does the token head a phrase that something can happen to? In headlines (`Billionaire Dies`) the parse is unsure."""
    if token.dep_ == "attr":
        return _names_the_victim(token)
    if token.dep_ in ROLES or (
        token.dep_ == "appos" and token.head.tag_ in ("NNS", "NNPS") and token.tag_ in ("NNP", "NN")
    ):
        return True
    return (
        token.i < 6 and token.dep_ != "attr" and token.i + 1 < len(token.doc) and token.nbor().lower_ in words.HEADLINE
    )


def _names_the_victim(token: Token) -> bool:
    """`the victim was a farmer`, `Among the dead was a nun`, `This is the first officer killed`; not `he is the first killed`."""
    verb = token.head.head if token.head.dep_ == "xcomp" else token.head
    subject = next((k for k in verb.children if k.dep_ in SUBJECTS), None)
    if subject is None or subject is token:
        return True
    named = subject.tag_ in ("NNP", "PRP") and subject.lower_ not in ("this", "it")
    return subject.lower_ in VICTIMS or not named


def _is_single(token: Token) -> bool:
    """A pronoun, a name, or a noun for one person."""
    lower = token.lower_
    if lower in NOBODY or lower.endswith(("men", "women", "people", "children", "folk")):
        return False
    if lower in REFLEXIVE:
        return token.dep_ == "dobj" and _has_pronoun_subject(token.head)
    if lower in PRONOUNS or (lower in ("his", "her") and token.dep_ == "poss"):
        return True
    if lower == "another" and token.dep_ in ("nsubj", "nsubjpass", "dobj"):
        return True
    if lower == "old" and token.i > 0 and token.nbor(-1).text == "-":
        return True
    if lower == "by" and token.i > 1 and token.doc[token.i - 2].lower_ == "passer":
        return True
    if lower in ORDINALS and token.dep_ in ("nsubj", "nsubjpass", "dobj"):
        return _is_one_more(token)
    if (
        words.is_listed_person(lower)
        and words.singular(lower) == lower
        and lower not in NEUTER
        and (token.tag_ in ("NN", "NNP") or token.i < 2)
    ):
        return lower not in words.HARM_NOUNS and not (
            token.i + 1 < len(token.doc) and token.nbor().tag_ in ("NN", "NNS")
        )
    if token.tag_ == "NNP":
        return _is_name(token) or (
            _first(token).lower_ in ("a", "an") and words.is_person_noun(lower) and lower not in NEUTER
        )
    return (
        token.tag_ == "NN"
        and lower not in NEUTER
        and lower not in words.HARM_NOUNS
        and words.is_person_noun(lower)
        and not words.is_thing(lower)
    )


ORDINALS = frozenset(("second", "third", "fourth", "fifth", "sixth"))


def _is_one_more(token: Token) -> bool:
    """`killed two officers and wounded a third`: one more of those counted before; not `a third of them`."""
    counted_before = any(t.tag_ == "CD" or t.lower_ == "another" for t in token.doc[: token.i])
    return counted_before and token.nbor(-1).lower_ == "a" and not any(k.lower_ == "of" for k in token.children)


def _is_bare(token: Token) -> bool:
    """One of several callings of a person named after them: `filmmaker and journalist Brent Low`; or a `best man`."""
    first = _first(token)
    if token.tag_ != "NN" or first.tag_ in ("DT", "PRP$", "CD", "NNP", "POS"):
        return False
    after = token.doc[token.i + 1 : token.i + 4]
    callings = len(after) == 3 and after[0].lower_ in ("and", ",") and after[1].tag_ == "NN" and after[2].tag_ == "NNP"
    return callings or first.lower_ == "best"


def _has_pronoun_subject(verb: Token) -> bool:
    """Is the subject `he` or `she`, its own or that of the verb it is coordinated with?"""
    for clause in (verb, verb.head):
        subject = next((k for k in clause.children if k.dep_ in SUBJECTS), None)
        if subject is not None:
            return subject.lower_ in ("he", "she")
    return False


def _is_name(token: Token) -> bool:
    """A capitalised word that may end a person's name: no place's or body's noun, no acronym, no article before it."""
    lower = token.lower_
    if words.is_thing(lower) or lower in words.TIMES or lower in NEUTER or lower in words.BODIES:
        return False
    return len(lower) > 2 and not token.text.isupper() and _first(token).tag_ != "DT"


def _first(token: Token) -> Token:
    """The token that a single person's phrase begins with."""
    left = token
    while left.i > 0 and token.tag_ != "PRP" and _belongs(token.doc[left.i - 1], left):
        left = token.doc[left.i - 1]
    return left


def _belongs(left: Token, right: Token) -> bool:
    """Is the token before the phrase part of it: article, possessive, adjective, title, first name?"""
    if right.tag_ in ("DT", "PRP$"):
        return False
    if left.tag_ in ("DT", "PRP$"):
        return left.lower_ not in ("no", "every", "each", "any", "all", "both")
    if right.tag_ == "NNP" and left.lower_ in words.DONE_TO:
        return False
    if left.tag_ == "CD":
        return left.whitespace_ == ""
    if (left.text == "-" or right.text == "-") and left.whitespace_ == "":
        return True
    if left.dep_ == "amod" and left.head is right.doc[right.i] and left.tag_ in ("VBG", "VBN"):
        return True
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
    last = head.i
    while last + 1 < len(head.doc) and head.doc[last + 1].tag_ == "NNP" and head.doc[last].whitespace_:
        last += 1
    if last > head.i:
        return head.doc[head.i + 1].idx, head.doc[last].idx + len(head.doc[last])
    for child in head.children:
        named = child.dep_ == "acl" and child.lower_ in ("named", "called", "identified")
        inner = [*child.children, *(g for k in child.children if k.lower_ == "as" for g in k.children)]
        name = next((k for k in inner if k.tag_ == "NNP"), None) if named else child
        if name is not None and name.tag_ == "NNP" and name.i > head.i and (named or child.dep_ == "appos"):
            left = name
            while left.i > head.i + 1 and left.nbor(-1).tag_ == "NNP":
                left = left.nbor(-1)
            if child.left_edge.i <= head.i + 2 or named:
                return left.idx, name.idx + len(name)
    return None


def harm_of_single(c: Counted) -> Harm | None:
    """What happened to a single person, by the person's own role in the sentence."""
    if c.anchor.lower_ in ("he", "she") and any(
        k.lower_ in REFLEXIVE for t in (c.anchor.head, *c.anchor.head.children) for k in t.children
    ):
        return None  # `he killed himself` is told of `himself`
    told_by_name = c.anchor.dep_ in SUBJECTS and c.anchor.tag_ == "NN" and c.anchor.head.lower_ in ("is", "was")
    if told_by_name and any(k.dep_ == "attr" and k.tag_ == "NNP" for k in c.anchor.head.children):
        return None  # `another officer killed was Owen Price` is told of him
    for rule in (
        _as_subject,
        _as_object,
        _as_predicate,
        _told_as_victim,
        _possessed,
        of_noun,
        modified,
        _headline,
        _after_verb,
    ):
        harm = rule(c)
        if harm is not None and _is_nameable(c, harm):
            return None if harm.token.lower_ == "missing" and missing_from_list(harm.token) else harm
    return None


def _top(token: Token) -> Token:
    """Up a list of persons: `a man and a woman were killed`."""
    for _ in range(3):
        listed = token.dep_ == "conj" or (token.dep_ == "appos" and token.head.tag_ in ("NNS", "NNPS"))
        if not listed or token.head.tag_ not in ("NN", "NNP", "NNS", "NNPS", "CD"):
            break
        token = token.head
    return token


def _as_subject(c: Counted) -> Harm | None:
    top = _top(c.anchor)
    if top.dep_ not in SUBJECTS:
        return None
    named = any(k.dep_ == "attr" and k.tag_ == "NNP" for k in top.head.children)
    if (top.lower_ == "victim" or named) and any(k.dep_ == "attr" for k in top.head.children):
        return None  # `the victim was a farmer` names him
    several = any(k.dep_ in ("aux", "auxpass") and k.lower_ in ("were", "are", "have") for k in top.head.children)
    if several and top == c.anchor and top.tag_ != "NNS" and not any(k.dep_ == "conj" for k in top.children):
        return None
    return (
        subject_harm(top.head)
        or _as_one_of(top.head)
        or next((h for k in top.head.children if k.dep_ == "xcomp" and (h := _as_one_of(k)) is not None), None)
    )


def _as_one_of(verb: Token) -> Harm | None:
    """`Petrov is the second officer killed`, `was one of three people killed`: what is said of the predicate's noun."""
    for child in verb.children:
        if child.dep_ == "attr":
            inner = [g for k in child.children if k.lower_ == "of" for g in k.children] if child.lower_ == "one" else []
            for noun in (child, *inner):
                harm = clause_harm(noun) if words.is_person_noun(noun.lower_) or inner else None
                if harm is not None:
                    return harm
    return None


def _as_object(c: Counted) -> Harm | None:
    top = _top(c.anchor)
    if top.lower_ in REFLEXIVE:
        return Harm("killed", top.head, "killed oneself") if top.head.lower_ in words.SELF_HARM else None
    if top.dep_ == "dobj" and top.head.lower_ in words.LOSE and top.tag_ == "NNP" and _is_titled(c):
        return Harm("killed", top.head, "lost people")
    return object_harm(top.head, top, c) if top.dep_ == "dobj" else None


def _is_titled(c: Counted) -> bool:
    """`Captain Jane Ross`, `Lt-Col Ivan Orlov`: a rank or calling before the name."""
    return any(words.is_combatant(t.lower_) or t.lower_ in RANKS for t in c.doc[max(0, c.first - 2) : c.last])


RANKS = frozenset(
    [
        "lt",
        "col",
        "lt-col",
        "capt",
        "maj",
        "gen",
        "sgt",
        "pvt",
        "cpl",
        "corporal",
        "captain",
        "private",
        "lance",
        "colonel",
        "officer",
    ]
)


VICTIMS = frozenset(["victim", "victims", "deceased", "dead", "deaths", "fatality", "fatalities", "casualty"])


def _as_predicate(c: Counted) -> Harm | None:
    """`The victim was a farmer`, `The other person killed was an older woman`, `Among the dead was a nun`."""
    top = _top(c.anchor)
    verb = top.head
    if top.dep_ not in ("attr", "nsubj") or verb.lower_ not in ("was", "is", "were", "are"):
        return None
    subject = next((k for k in verb.children if k.dep_ in SUBJECTS and k.i < verb.i), None)
    if subject is not None and top.dep_ == "attr":
        if subject.lower_ in VICTIMS:
            return Harm("killed", subject, "is the victim")
        return clause_harm(subject) if words.is_person_noun(subject.lower_) or subject.lower_ == "one" else None
    for prep in verb.children:
        if prep.lower_ == "among" and prep.i < verb.i < top.i:
            noun = next((k for k in prep.children if k.dep_ == "pobj"), None)
            if noun is not None and (noun.lower_ in VICTIMS or noun.lower_ in words.HARM_NOUNS):
                return Harm(words.HARM_NOUNS.get(noun.lower_, "killed"), noun, "among the dead")
            if noun is not None and (harm := clause_harm(noun)) is not None:
                return harm
    return None


def _told_as_victim(c: Counted) -> Harm | None:
    """`The dead include a nurse`, `the victim was identified as Tom Miller`."""
    top = _top(c.anchor)
    if top.dep_ == "dobj" and top.head.lower_ in ("include", "includes", "included", "are", "were"):
        subject = next((k for k in top.head.children if k.dep_ == "nsubj"), None)
        if subject is not None and (subject.lower_ in VICTIMS or subject.lower_ in words.HARM_NOUNS):
            return Harm(words.HARM_NOUNS.get(subject.lower_, "killed"), subject, "the dead include")
        said = next((k for k in subject.children if k.lower_ in words.STATES), None) if subject is not None else None
        if said is not None and subject is not None and words.is_person_noun(subject.lower_):
            return Harm(words.STATES[said.lower_], said, "the dead include")
    if top.dep_ == "pobj" and top.head.lower_ == "as" and top.head.head.lower_ in ("identified", "named"):
        subject = next((k for k in top.head.head.children if k.dep_ in (*SUBJECTS, "dobj")), None)
        if subject is not None and (
            subject.lower_ in VICTIMS or (clause_harm(subject) is not None and subject.tag_ == "NN")
        ):
            return Harm("killed", subject, "identified as")
    return None


FOUND = frozenset(["found", "recovered", "discovered", "pulled", "retrieved", "finds", "recovers", "identified"])


def _possessed(c: Counted) -> Harm | None:
    """`her death`, `the suspect's death`, `Petrov's killing`."""
    noun = c.anchor.head
    if noun.dep_ == "pobj" and noun.head.lower_ == "to" and c.anchor.lower_ in ("his", "her"):
        return None  # `fell to his death`, said of the subject
    if c.anchor.lower_ in ("his", "her") and noun.lower_ in ("body", "corpse", "remains"):
        return None
    if noun.lower_ in ("body", "corpse", "remains") and not (
        noun.dep_ in (*SUBJECTS, "dobj") and noun.head.lower_ in FOUND
    ):
        return None
    if c.anchor.dep_ == "poss" and noun.lower_ in words.ONES_DEATH:
        return Harm("killed", noun, "someone's death")
    return None


def _after_verb(c: Counted) -> Harm | None:
    """`whoever had murdered Robin`: the verb right before the phrase, whatever the parse says."""
    verb = c.doc[c.first - 1] if c.first else None
    if c.anchor.dep_ == "poss":
        return None  # `killing his wife` happened to her
    if verb is None or verb.lower_ not in words.DONE_TO or verb.lower_ not in words.PERSONAL:
        return None
    before = c.doc[verb.i - 1].lower_ if verb.i else ""
    if before in ("was", "were", "been", "being", "is", "are") or verb.lower_ in ("dead", "death"):
        return None
    return Harm(words.DONE_TO[verb.lower_], verb, "verb before a person")


def _headline(c: Counted) -> Harm | None:
    """`Boy killed in strike`: a noun without article at the beginning, the participle right after it."""
    after = c.doc[c.stop] if c.stop < len(c.doc) else None
    if c.first > 1 or after is None or after.lower_ not in words.HEADLINE or not words.is_person_noun(c.anchor.lower_):
        return None
    following = c.doc[after.i + 1] if after.i + 1 < len(c.doc) else None
    if following is not None and following.tag_ in ("CD", "DT", "PRP$", "NN", "NNS", "NNP"):
        return None
    metric = words.STATES.get(after.lower_) or words.SUFFERED.get(after.lower_) or words.DONE_TO[after.lower_]
    return Harm(metric, after, "headline")


def _is_nameable(c: Counted, harm: Harm) -> bool:
    """Names and pronouns count for deaths, wounds and disappearances only, and for verbs that happen to persons."""
    head = c.anchor
    if head.tag_ != "NNP" and head.lower_ not in PRONOUNS:
        return harm.metric != "displaced" or words.is_listed_person(head.lower_)
    if harm.metric in ("displaced", "casualties"):
        return False
    return harm.token.lower_ in words.PERSONAL or harm.rule == "among the dead"


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
        if cue and not SPEECH.search(between, cue.end()) and (c.number.low or 0) < (whole.high or whole.low or 0):
            return whole
        return None
    return None


COMMA_LIST = re.compile(r"^[^,;.]{0,40}, (?:an? [\w -]{3,40}(?:,| and|, and) )?$")


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
    return cue if not any(_is_finite(t) or t.lower_ in ("who", "said", "which") for t in tokens) else None


def _dash_list(between: str) -> re.Match[str] | None:
    """`ten people - five children, three women`: what follows a dash or a colon is a list of counted people."""
    cue = DASH.search(between)
    return cue if cue and all(_may_be_in_list(w) for w in between[cue.end() :].split()) else None


def _may_be_in_list(word: str) -> bool:
    return bool(LIST_WORD.fullmatch(word)) or word == "the" or words.is_person_noun(word.rstrip(",").lower())


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


def gapped(c: Counted, here: Sequence[Mention], start: int) -> Mention | None:
    """The count whose predicate this one shares: `Five died in Nice, three in Cannes`, `and another 15 in Hama`."""
    if c.number.kind == "single" or (
        c.noun is not None and c.noun.lower_ not in ("others", "more", "another", "other")
    ):
        return None
    last = next((m for m in reversed(here) if not m.implicit), None)
    if last is None or c.stop >= len(c.doc):
        return None
    told = max(last.number_end, last.harm_end or 0) - start
    between = [t for t in c.doc if told <= t.idx < c.number.start]
    after = c.doc[c.stop]
    if _is_described(c) and any(t.lower_ in (",", "and") for t in between) and len(between) <= 8:
        return last if any(t.lower_ in ("were", "was", "are", "is") for t in between) else None
    if after.lower_ not in PLACING or any(_tells_on(t, last) for t in between) or len(between) > 14:
        return None
    if not any(t.lower_ in (",", "and", ";", "plus", "with") for t in between):
        return None
    clause = next((i for i in range(c.stop, len(c.doc)) if c.doc[i].lower_ in (",", ";", "and", ".")), len(c.doc))
    return None if any(_is_finite(t) for t in c.doc[c.stop : clause]) else last


def _is_described(c: Counted) -> bool:
    """`(39 of the dead were men and) 12 were women`, `one was a Ugandan`: nothing is said but what they were."""
    words_after = [t for t in c.doc[c.stop : c.stop + 3] if t.lower_ not in ("a", "an")]
    return (
        len(words_after) > 1
        and words_after[0].lower_ in ("were", "was", "are", "is")
        and words_after[1].tag_ in ("NN", "NNS", "NNP", "NNPS", "JJ")
        and (words.is_person_noun(words_after[1].lower_) or words_after[1].tag_ == "NNPS")
        and words_after[1].lower_ not in words.HARM_NOUNS
    )


def _tells_on(token: Token, last: Mention) -> bool:
    """A verb of its own between two counts; auxiliaries and verbs of existing belong to the first (`deaths were reported in`)."""
    if not _is_finite(token) or token.dep_ in ("aux", "auxpass") or token.lower_ in words.EXISTS:
        return False
    told = last.harm_start is not None and last.sentence.start + token.idx == last.harm_start
    return not told


PLACING = frozenset(
    ("in", "at", "on", "near", "from", "inside", "outside", "elsewhere", "around", "across", "under", "overnight", "by")
)


def _is_finite(token: Token) -> bool:
    return token.tag_ in ("VBD", "VBZ", "VBP", "VB", "MD", "VBG")


def may_be_listed(c: Counted) -> bool:
    """May this be a part of a whole? Counts of people, of nothing named, and single people that are no names."""
    if c.number.kind == "single":
        listed = (
            words.is_listed_person(c.anchor.lower_) if c.anchor.tag_ == "NNP" else words.is_person_noun(c.anchor.lower_)
        )
        return c.anchor.lower_ == "old" or (c.anchor.tag_ in ("NN", "NNP") and listed)
    return c.noun is None or words.is_person_noun(c.noun.lower_) or c.noun.lower_ in ("them", "whom")


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
