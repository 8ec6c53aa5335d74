"""Which harmed people does a number count? Answered from the sentence's structure, and from word order where that fails.

A number's *anchor* is the token that stands for the counted people in the parse (`fighters` in `20 opposition fighters`).
Each rule looks from the anchor for the word that says the harm; claims.py then asks whether that is asserted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.facts import words
from pipeline.facts.numbers import Number
from pipeline.facts.tree import Doc, Token
from pipeline.records import Metric

_NP_TAGS = frozenset(
    ("NN", "NNS", "NNP", "NNPS", "JJ", "JJR", "JJS", "VBN", "VBG", "HYPH", "POS", "AFX", "FW", "CD", "RBS")
)
_NOUN_TAGS = frozenset(("NN", "NNS", "NNP", "NNPS"))
_PRENOMINAL = frozenset(
    ("nummod", "quantmod", "amod", "compound", "advmod", "nmod", "npadvmod", "det", "predet", "poss")
)
_COMPLEMENTS = frozenset(("acomp", "attr", "oprd", "xcomp", "ccomp", "dep"))
SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj"))


@dataclass(frozen=True, slots=True)
class Harm:
    """The metric, the word that says it, and the rule that found it."""

    metric: Metric
    token: Token
    rule: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A number in a parsed sentence and what it counts."""

    number: Number
    first: int
    """Indices of the number's first and last token, modifiers left out."""
    last: int
    anchor: Token
    noun: Token | None
    """What is counted: `fighters` in `dozens of fighters`; null where the noun is elided (`eight more`)."""
    stop: int
    """Index of the token after the noun phrase."""

    @property
    def doc(self) -> Doc:
        return self.anchor.doc


def counted(number: Number, doc: Doc) -> Counted | None:
    """Find what a number counts; null if it is plainly not people (`12 houses`)."""
    inside = [t.i for t in doc if t.idx < number.core_end and t.idx + len(t) > number.core_start]
    if not inside:
        return None
    first, last = inside[0], inside[-1]
    noun, stop = _noun_phrase(doc, first, last)
    anchor = _anchor(doc, first, last, noun)
    if noun is None:
        noun = _anchor_noun(anchor, last)
        stop = max(stop, noun.i + 1) if noun is not None else stop
    return Counted(number, first, last, anchor, noun, stop)


def _noun_phrase(doc: Doc, first: int, last: int) -> tuple[Token | None, int]:
    """The noun that the number counts, by the tags of the words after it, and where its phrase ends."""
    i = _skip_of(doc, last + 1)
    noun: Token | None = None
    while i < len(doc) and _continues(doc, i, noun):
        if doc[i].tag_ in _NOUN_TAGS or doc[i].lower_ in words.HARM_NOUNS or words.is_listed_person(doc[i].lower_):
            noun = doc[i]
        i = _after_brackets(doc, i + 1)
    return noun, (noun.i + 1 if noun is not None else last + 1)


def _after_brackets(doc: Doc, i: int) -> int:
    """`Islamic State (banned in Russia) militants`: what brackets hold is skipped if a person noun follows."""
    if i < len(doc) and doc[i].text == "(":
        for j in range(i + 1, min(i + 9, len(doc) - 1)):
            if doc[j].text == ")":
                return j + 1 if words.is_person_noun(doc[j + 1].lower_) else i
    return i


def _skip_of(doc: Doc, i: int) -> int:
    """`dozens | of their | fighters`, `20 | of the | soldiers`."""
    if i < len(doc) and doc[i].lower_ == "of":
        i += 1
        while i < len(doc) and (
            doc[i].tag_ in ("DT", "PRP$", "PDT") or doc[i].lower_ in ("its", "their", "his", "her", "the")
        ):
            i += 1
    return i


def _continues(doc: Doc, i: int, noun: Token | None) -> bool:
    """Does the noun phrase go on at a token? A participle only before its noun (`wounded soldiers`)."""
    token = doc[i]
    lower = token.lower_
    if token.tag_ not in _NP_TAGS and lower not in words.HARM_NOUNS and not words.is_listed_person(lower):
        return False
    if (
        token.tag_ == "CD"
        or lower[0].isdecimal()
        or lower in words.TIMES
        or (lower in "-–—" and doc[i - 1].whitespace_)
    ):
        return False
    if lower in words.PREPOSITIONAL or (noun is not None and _is_complete(noun, token)):
        return False
    if words.is_thing(lower) and token.tag_ in _NOUN_TAGS:
        return True
    if token.tag_ == "VBG" and lower in words.SUFFER:
        return False  # `dozens nursing wounds`
    if lower in words.DONE_TO or lower in words.SUFFERED or lower in words.STATES or token.tag_ in ("VBN", "VBG"):
        return lower in words.HARM_NOUNS if noun is None and not _noun_follows(doc, i) else _noun_follows(doc, i)
    return True


def _is_complete(noun: Token, following: Token) -> bool:
    """After `operatives` or `people` no more words belong to the phrase, unless they are persons too (`police officers`)."""
    plural = noun.tag_ in ("NNS", "NNPS") or noun.lower_ in ("people", "men", "women", "children", "police")
    return plural and words.is_person_noun(noun.lower_) and not words.is_person_noun(following.lower_)


def _noun_follows(doc: Doc, i: int) -> bool:
    after = doc[i + 1] if i + 1 < len(doc) else None
    if after is None or after.lower_ in words.STATES or after.lower_ in words.TIMES:
        return False
    return after.tag_ in ("NNS", "NN") or words.is_listed_person(after.lower_)


def _anchor(doc: Doc, first: int, last: int, noun: Token | None) -> Token:
    """Climb from the number to the noun it modifies."""
    token = next((t for t in doc[first : last + 1] if not first <= t.head.i <= last), doc[last])
    for _ in range(4):
        head = token.head
        if (
            token.dep_ in _PRENOMINAL
            and head.i > token.i
            and (head.tag_ in _NOUN_TAGS or head.tag_ in ("CD", "JJ", "VBN", "PRP"))
        ) or (token.dep_ in ("quantmod", "nummod") and head.tag_ in (*_NOUN_TAGS, "CD") and abs(head.i - token.i) < 3):
            token = head
        else:
            break
    if noun is not None and token.i > noun.i + 3:
        return noun
    return token


def _anchor_noun(anchor: Token, last: int) -> Token | None:
    verbal = anchor.lower_ in words.SUFFERED or anchor.lower_ in words.DONE_TO or anchor.lower_ in words.STATES
    if anchor.i > last and anchor.tag_ in _NOUN_TAGS and not verbal and anchor.lower_ not in words.TIMES:
        return anchor
    return None


# --- the rules --------------------------------------------------------------------------------------------------------


def find_harm(c: Counted) -> Harm | None:
    """The harm that a number counts; the first rule that answers decides."""
    if not _may_be_people(c):
        return None
    for rule in _RULES:
        harm = rule(c)
        if harm is not None:
            return None if _is_harmless(harm, c) else _turned_fatal(_joined(c.doc, harm.token.i, harm), c)
    return None


def _is_harmless(harm: Harm, c: Counted) -> bool:
    """Words of harm that say none here: rivals eliminated, culprits who got away, a player missing from the squad, a museum's bodies."""
    lower = harm.token.lower_
    if lower.startswith("eliminat"):
        return _are_rivals(c)
    if lower in words.GET_AWAY:
        return got_away(harm.token, c)
    if lower == "missing":
        return missing_from_list(harm.token)
    if harm.token.lower_ in ("body", "bodies"):
        shown = (harm.token.head, *harm.token.children)
        return any(t.lower_ in words.EXHIBIT and t.tag_.startswith("VB") for t in shown)
    return False


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
        phrase[:1] in (["alive"], ["dead"]) or phrase[:2] in (["to", "death"], ["to", "their"])
        for phrase in (after, beyond)
    )
    return Harm("killed", harm.token, harm.rule) if fatal else harm


def _may_be_people(c: Counted) -> bool:
    """Nothing named, a name (`12 Chechens`), a harm (`12 deaths`), or a phrase that holds a noun for people."""
    if c.noun is None and any(words.is_thing(t.lower_) and t.lower_ not in words.TOLLS for t in _label(c)[:3]):
        return False  # `Houses burned: 212`
    if c.noun is None or c.noun.lower_ in words.LIFE:
        return True
    if words.is_thing(c.noun.lower_) or (c.noun.lower_ == "head" and c.number.high != 1):
        return False  # `40 head of cattle`
    if (c.doc[c.noun.i - 1].lower_, words.singular(c.noun.lower_)) in _PAIRS:
        return True
    if c.noun.text[0].isupper() or c.noun.lower_ in words.HARM_NOUNS or not c.noun.text.isalpha():
        return True
    return any(words.is_person_noun(t.lower_) or t.lower_ in words.HARM_NOUNS for t in c.doc[c.last + 1 : c.stop])


def _anchors(c: Counted) -> Iterator[Token]:
    """The anchor, the noun, and what they are coordinated with (`45 rebels and 43 soldiers were killed`)."""
    seen: set[int] = set()
    for start in (c.anchor, c.noun):
        token = start
        for _ in range(4):
            if token is None or token.i in seen:
                break
            seen.add(token.i)
            yield token
            whole = token.head.head
            if token.dep_ == "pobj" and token.head.lower_ == "of" and _stands_for(whole, c):
                token = whole
            elif token.dep_ in ("conj", "appos") and token.head.tag_ in (*_NOUN_TAGS, "CD", "PRP", "DT"):
                token = token.head
            else:
                break


def _stands_for(whole: Token, c: Counted) -> bool:
    """`hundreds of people`, `a total of 264 people`, `a group of five`: the word before `of` is them."""
    return whole.i in range(c.first, c.last + 1) or (whole.i < c.first and whole.lower_ in words.COLLECTIVES)


def _headline(c: Counted) -> Harm | None:
    """`kills 83, injures 100`, `12 dead 30 hurt`: a word of harm right beside the number, nothing between."""
    after = c.doc[c.last + 1] if c.last + 1 < len(c.doc) else None
    state = (
        after is not None
        and after.lower_ in words.STATES
        and not _before_noun(c, after)
        and after.lower_ not in words.LIFE
    )
    before = _words_before(c)
    if c.stop + 1 < len(c.doc) and c.doc[c.stop].lower_ in ("shot", "stabbed") and c.doc[c.stop + 1].lower_ == "dead":
        return Harm("killed", c.doc[c.stop + 1], "shot dead")
    if c.stop < len(c.doc) and c.doc[c.stop].lower_ in _ADJECTIVES and not _noun_follows(c.doc, c.stop):
        return _joined(c.doc, c.stop, Harm(words.STATES[c.doc[c.stop].lower_], c.doc[c.stop], "state after phrase"))
    if (
        after is not None
        and after.lower_ in _CONFIRMED
        and after.i + 1 < len(c.doc)
        and c.doc[after.i + 1].lower_ in (*_ADJECTIVES, "killed")
    ):
        state_after = c.doc[after.i + 1]
        return Harm(words.STATES[state_after.lower_], state_after, "state after number")
    if state and after is not None and not (before is not None and _is_number(c.doc, after.i + 1)):
        return (
            None
            if _object_follows(c.doc, after.i)
            else _joined(c.doc, after.i, Harm(words.STATES[after.lower_], after, "state after number"))
        )
    return before


_ADJECTIVES = frozenset(("dead", "missing", "homeless"))
_CONFIRMED = frozenset(("confirmed", "reported", "reportedly", "found", "officially", "already", "now", "pronounced"))


def _is_number(doc: Doc, i: int) -> bool:
    return i < len(doc) and (doc[i].tag_ == "CD" or doc[i].lower_[0].isdecimal())


_ABSTRACT = frozenset(w for w, m in words.HARM_NOUNS.items() if m in ("killed", "casualties")) | {"injuries", "injury"}


def _harm_count(c: Counted) -> Harm | None:
    """`12 deaths`, `801 injuries`: the noun itself is the count of harm."""
    if c.noun is not None and c.noun.lower_ in _ABSTRACT:
        return Harm(words.HARM_NOUNS[c.noun.lower_], c.noun, "harm noun")
    return None


def _own_predicate(c: Counted) -> Harm | None:
    """`the toll has reached 19 and 31 are missing`: the verb right after a count is about that count."""
    at = c.stop
    if at >= len(c.doc) or c.doc[at].lower_ not in _BE_AFTER or _is_of_others(c):
        return None
    for token in c.doc[at + 1 : at + 5]:
        if token.lower_ in words.STATES:
            return Harm(words.STATES[token.lower_], token, "own predicate")
        if token.lower_ not in _BETWEEN_PREDICATE:
            return None
    return None


_BE_AFTER = frozenset(("is", "are", "was", "were", "remain", "remained", "have", "has", "had"))
_BETWEEN_PREDICATE = frozenset(
    ("been", "still", "also", "now", "reported", "reportedly", "confirmed", "feared", "believed", "to", "be")
)


def _harm_noun(c: Counted) -> Harm | None:
    """`1,620 wounded`, `1.3 million refugees`, where the predicate says no other harm (`12 refugees were killed`)."""
    if c.noun is not None and (c.doc[c.noun.i - 1].lower_, words.singular(c.noun.lower_)) in _PAIRS:
        return Harm("displaced", c.noun, "harm noun")
    after = c.doc[c.last + 1] if c.last + 1 < len(c.doc) else None
    for token in (c.noun, after):
        if token is not None and token.lower_ in words.HARM_NOUNS and (token == c.noun or not _before_noun(c, token)):
            return Harm(words.HARM_NOUNS[token.lower_], token, "harm noun")
    return None


_PAIRS = frozenset(
    (("asylum", "seeker"), ("refugee", "arrival"), ("new", "arrival"), ("idp", "family"), ("displaced", "family"))
)


def _before_noun(c: Counted, token: Token) -> bool:
    return c.noun is not None and c.noun.i > token.i


def modified(c: Counted) -> Harm | None:
    """`12 dead soldiers`, `12 people killed in`, `30,000 people who fled`, `53 seriously injured people`."""
    for token in [c.anchor] if c.number.kind == "single" else _with_coordinated(c):
        harm = clause_harm(token) or _adjective(c, token)
        if harm is not None:
            return harm
    return None


def clause_harm(noun: Token) -> Harm | None:
    """What a clause or phrase after a noun says of it: `people killed in`, `who fled`, `among the dead`."""
    for child in noun.children:
        if child.dep_ == "prep":
            harm = _in_phrase(child) if child.lower_ in ("among", "amongst") else None
        elif child.dep_ in ("acl", "relcl"):
            own = any(k.dep_ in SUBJECTS and k.tag_ not in ("WP", "WDT") and k.lower_ != "that" for k in child.children)
            harm = _relative_object(child) if own else subject_harm(child, passive=_relative_passive(child))
        else:
            continue
        if harm is not None:
            return Harm(harm.metric, harm.token, "clause on the noun")
    return None


def _adjective(c: Counted, noun: Token) -> Harm | None:
    """`53 seriously injured people`, `his dead son`; in names (`Dead Man's Tale`) it says nothing of one person."""
    for child in noun.children:
        lower = child.lower_
        if not c.first <= child.i < noun.i or (c.number.kind == "single" and not child.text.islower()):
            continue
        if lower in words.STATES or (lower in words.DONE_TO and child.tag_ == "VBN"):
            return Harm(words.STATES.get(lower) or words.DONE_TO[lower], child, "adjective on the noun")
    return None


def _with_coordinated(c: Counted) -> list[Token]:
    """Anchor and noun, and the last of a list that they begin: `19 students and two teachers killed in`."""
    found = {t.i: t for t in (c.anchor, c.noun) if t is not None}
    for token in list(found.values()):
        for _ in range(3):
            after = next((k for k in token.children if k.dep_ == "conj" and k.tag_ in _NOUN_TAGS), None)
            if after is None or not words.is_person_noun(after.lower_):
                break
            token = found[after.i] = after
    return list(found.values())


def _relative_passive(verb: Token) -> bool:
    return _has(verb, "auxpass") or (verb.dep_ == "acl" and verb.tag_ in ("VBN", "VBD") and not _has(verb, "dobj"))


def _relative_object(verb: Token) -> Harm | None:
    """`people whom the army killed`."""
    has_object = any(k.dep_ == "dobj" and k.tag_ in ("WP", "WDT") for k in verb.children)
    if has_object and verb.lower_ in words.DONE_TO:
        return Harm(words.DONE_TO[verb.lower_], verb, "relative object")
    return None


def _as_subject(c: Counted) -> Harm | None:
    """`12 people were killed`, `four died`, `hundreds had to flee`, `20 are missing`."""
    for token in _anchors(c):
        if token.dep_ in SUBJECTS:
            harm = subject_harm(token.head)
            if (
                harm is not None
                and harm.rule in ("crossed border", "left homes", "left town", "over the border")
                and _are_combatants(c)
            ):
                return None
            if (
                harm is None
                and token.head.lower_ in words.DESTROY
                and _has(token.head, "auxpass")
                and _are_combatants(c)
            ):
                harm = Harm("killed", token.head, "destroyed fighters")
            if harm is not None:
                return Harm(harm.metric, harm.token, harm.rule if harm.rule == NOT_BACK else "subject")
    return None


def subject_harm(verb: Token, passive: bool | None = None, depth: int = 0) -> Harm | None:
    """The harm that a predicate says of its subject, through its complements."""
    lower = verb.lower_
    harm = _state_or_verb(verb, passive)
    if lower == "shot" and any(k.dep_ == "prt" for k in verb.children):
        return None
    if harm is not None and lower not in ("shot", "burned", "burnt"):
        return _with_other_metric(harm, verb)
    if depth < 4:
        for child in verb.children:
            if _is_left_behind(verb, child):
                continue
            if (
                (child.dep_ in _COMPLEMENTS or (child.dep_ == "advcl" and child.lower_ in words.STATES))
                and (lower in words.LINKS or (depth == 0 and child.dep_ in ("acomp", "oprd", "attr")))
            ) or _shares_subject(child):
                if child.dep_ == "ccomp" and not _has(verb, "auxpass") and verb.tag_ != "VBN":
                    continue
                if child.dep_ in ("ccomp", "dep", "advcl") and any(k.dep_ in SUBJECTS for k in child.children):
                    continue
                found = subject_harm(child, None, depth + 1)
                if found is not None:
                    return found
            if child.dep_ == "prep" and not (_has(verb, "dobj") and child.lower_ == "to"):
                found = _in_phrase(child)
                if found is not None:
                    return found
    return harm


def _is_left_behind(verb: Token, child: Token) -> bool:
    """`The storm left 20 injured`: what follows the number is said of it, not of the subject."""
    if verb.lower_ not in ("left", "leaves", "leaving", "leave") or _has(verb, "auxpass"):
        return False
    return any(t.tag_ == "CD" for t in verb.doc[verb.i + 1 : child.i])


def _shares_subject(child: Token) -> bool:
    return child.dep_ == "conj" and not any(k.dep_ in SUBJECTS for k in child.children)


def _state_or_verb(verb: Token, passive: bool | None) -> Harm | None:
    lower = verb.lower_
    done = passive if passive is not None else is_passive(verb)
    if done and (harm := _predicate(verb, "done")) is not None:
        return harm
    if lower in words.SUFFERED and not _has(verb, "auxpass") and not (_has(verb, "dobj") and lower in words.DONE_TO):
        return Harm(words.SUFFERED[lower], verb, "verb")
    if lower == "eliminated" and any(words.singular(k.lower_) in words.RIVALS for k in verb.children):
        return None
    if lower in words.DONE_TO and done:
        return Harm("killed" if _is_fatal(verb) else words.DONE_TO[lower], verb, "passive")
    if lower in words.STATES and not _has(verb, "dobj"):
        return Harm(words.STATES[lower], verb, "state")
    if lower in words.HARM_NOUNS and verb.dep_ in ("attr", "oprd"):
        return Harm(words.HARM_NOUNS[lower], verb, "noun as state")
    if lower in ("victim", "victims") and any(g.lower_ in words.NOMINAL for k in verb.children for g in k.children):
        return Harm("killed", verb, "victims of killings")
    if lower in words.PASS and any(k.lower_ == "away" for k in verb.children):
        return Harm("killed", verb, "passed away")
    return (
        _with_object(verb) or _not_back(verb, done) or (None if _has(verb, "auxpass") else _predicate(verb, "subject"))
    )


def _is_fatal(verb: Token) -> bool:
    """`fatally shot`, `found shot`, `shot dead`."""
    before = verb.doc[verb.i - 1].lower_ if verb.i else ""
    after = verb.doc[verb.i + 1].lower_ if verb.i + 1 < len(verb.doc) else ""
    return (
        before in ("fatally", "mortally", "found")
        or after == "dead"
        or any(k.lower_ in ("fatally", "dead") for k in verb.children)
    )


def _not_back(verb: Token, passive: bool) -> Harm | None:
    """`did not survive`, `have not been found`: what the denial of a return says."""
    metric = words.DENIED.get(verb.lower_)
    if metric is None or (metric == "missing") != passive or not _has(verb, "neg"):
        return None
    if verb.lower_ in ("make", "made", "makes", "making") and not any(k.lower_ in ("it", "out") for k in verb.children):
        return None
    return Harm(metric, verb, NOT_BACK)


NOT_BACK = "not come back"


def _abroad(verb: Token) -> Harm | None:
    """`have crossed into Chad`, `were forcibly taken away`."""
    if verb.lower_ in words.CROSS:
        into = next((k for k in verb.children if k.lower_ in ("into", "to")), None)
        if into is not None and any(k.dep_ == "pobj" and k.tag_ == "NNP" for k in into.children):
            return Harm("displaced", verb, "crossed border")
    if verb.lower_ in ("taken", "transferred", "moved", "removed") and any(
        k.lower_ in ("forcibly", "forcefully") for k in verb.children
    ):
        return Harm("displaced", verb, "taken by force")
    return None


def _predicate(verb: Token, of: str) -> Harm | None:
    """The harm that a verb says together with its object or a phrase (`predicates` in harm.yaml)."""
    if (abroad := _abroad(verb)) is not None:
        return abroad
    for predicate in words.PREDICATES.get(verb.lower_, ()):
        if predicate.of == of or (of == "done" and predicate.rule == "living in shelters"):
            for child in verb.children:
                noun = _completes(predicate, child)
                if noun is not None:
                    return Harm(predicate.metric, noun if child.dep_ == "prep" else verb, predicate.rule)
    for child in verb.children:
        metric = words.PARTICLE_VERBS.get((verb.lower_, child.lower_)) if of == "done" else None
        if metric is not None and child.dep_ in ("prt", "advmod"):
            return Harm(metric, verb, "verb and particle")
    return None


def _completes(predicate: words.Predicate, child: Token) -> Token | None:
    """The noun by which a verb's object or phrase makes the predicate whole."""
    if child.dep_ not in ("prep", "agent", "dative", "prt", "advmod") or not predicate.preps:
        fits = not predicate.preps and child.dep_ in _COMPLETING and child.lower_ in predicate.nouns
        if child.dep_ == "xcomp" and _has(child, "dobj"):
            return None  # `forced 200 workers to leave their jobs`
        return child if fits and _is_near(predicate, child) else None
    if child.lower_ not in predicate.preps:
        return None
    for noun in child.children:
        inner = noun if noun.dep_ != "prep" else next((k for k in noun.children if k.dep_ == "pobj"), noun)
        if inner.lower_ in predicate.nouns and _is_near(predicate, inner):
            return inner
    return None


_COMPLETING = frozenset(("dobj", "xcomp", "npadvmod", "nsubjpass", "attr", "acomp", "oprd", "advmod", "ccomp", "amod"))


def _is_near(predicate: words.Predicate, noun: Token) -> bool:
    return not predicate.near or any(t.lower_ in predicate.near for t in noun.doc[max(0, noun.i - 4) : noun.i + 6])


def _with_object(verb: Token) -> Harm | None:
    """`lost their lives`, `suffered burns`, `took shelter`, `left their homes`, `fled`."""
    lower = verb.lower_
    for child in verb.children:
        if child.dep_ not in ("dobj", "attr", "nsubjpass", "pobj", "conj"):
            continue
        noun = child.lower_
        if noun in words.LIFE and lower in words.LIFE_VERBS and not _has(verb, "auxpass"):
            return Harm("killed", verb, "lost lives")
        if noun in words.INJURIES and lower in words.SUFFER and not _has(verb, "auxpass"):
            return Harm("injured", child, "suffered injuries")
        if noun in words.REFUGE and lower in words.REFUGE_VERBS:
            return Harm("displaced", child, "sought refuge")
        if noun.endswith(("self", "selves")) and lower in words.SELF_HARM:
            return Harm("killed", verb, "killed oneself")
        if noun in ("border", "borders", "frontier") and lower in words.CROSS:
            return Harm("displaced", verb, "crossed border")
        if noun in words.HOMES and lower in words.LEAVE and child.i > verb.i:
            return Harm("displaced", verb, "left homes")
    return None


def _in_phrase(prep: Token) -> Harm | None:
    """What a phrase says of the subject: `were among the dead`, `burned to death`, `driven from their homes`."""
    for noun in prep.children:
        for rule in (_to_death, _among_harmed, _hurt_or_treated, _driven, _listed_as, _after_doing):
            harm = rule(prep, noun) if noun.dep_ in ("pobj", "pcomp", "amod", "prep") else None
            if harm is not None:
                return harm
    return None


def _listed_as(prep: Token, noun: Token) -> Harm | None:
    """`reported as missing`, `counted as killed`, `victims of killings`, `arrived as refugees`."""
    if prep.lower_ != "as":
        return None
    metric = words.STATES.get(noun.lower_) or words.HARM_NOUNS.get(noun.lower_)
    return Harm(metric, noun, "listed as") if metric else None


def _after_doing(prep: Token, verb: Token) -> Harm | None:
    """`sought help after sustaining injuries`, `slept in tents after leaving their homes`."""
    if prep.lower_ != "after" or verb.dep_ != "pcomp" or any(k.dep_ in SUBJECTS for k in verb.children):
        return None
    return _with_object(verb) or (Harm("displaced", verb, "verb") if verb.lower_ == "fleeing" else None)


def _to_death(prep: Token, noun: Token) -> Harm | None:
    """`burned to death`, but not `sentenced to death`."""
    own = not any(k.lower_ == "of" for k in noun.children)  # not `admitted to the deaths of three`
    if own and prep.lower_ == "to" and noun.lower_ in ("death", "deaths") and prep.head.lower_ not in words.SENTENCED:
        return Harm("killed", noun, "to death")
    return None


def _among_harmed(prep: Token, noun: Token) -> Harm | None:
    """`were among the dead`, `among those killed`."""
    if prep.lower_ not in ("among", "amongst"):
        return None
    clause = next((subject_harm(k, True) for k in noun.children if k.dep_ in ("acl", "relcl")), None)
    metric = clause.metric if clause else words.HARM_NOUNS.get(noun.lower_)
    if metric is None and noun.lower_ in ("victims", "killed"):
        metric = "killed"
    return Harm(metric, noun, "among the dead") if metric else None


def _hurt_or_treated(prep: Token, noun: Token) -> Harm | None:
    """`treated for burns`, `are in hospital`, `were taken to hospital`."""
    if prep.lower_ == "for" and noun.lower_ in words.INJURIES and prep.head.lower_ in words.SUFFER:
        return Harm("injured", noun, "treated for injuries")
    if prep.lower_ in ("in", "to", "into") and noun.lower_ in words.HOSPITALS and prep.head.lower_ in words.TO_HOSPITAL:
        return Harm("injured", noun, "in hospital")
    return None


def _driven(prep: Token, noun: Token) -> Harm | None:
    """`forced from their homes`, `driven out of the country`."""
    place = next((k for k in noun.children if k.dep_ == "pobj"), noun) if noun.dep_ == "prep" else noun
    verb = prep.head if prep.head.lower_ in words.DRIVE else prep.head.head
    if prep.lower_ in ("from", "out") and place.lower_ in words.HOMES and verb.lower_ in words.DRIVE:
        return Harm("displaced", verb, "driven from homes")
    return None


def _with_other_metric(harm: Harm, verb: Token) -> Harm:
    """`killed or wounded` said of the same people is `casualties`."""
    for child in verb.children:
        if child.dep_ == "conj" and _shares_subject(child) and not _has(child, "dobj"):
            other = words.DONE_TO.get(child.lower_) or words.STATES.get(child.lower_)
            if other and {other, harm.metric} == {"killed", "injured"} and child.i - verb.i <= 3:
                return Harm("casualties", verb, harm.rule)
    return harm


def is_passive(verb: Token) -> bool:
    """Is the subject the one the verb is done to? Headlines leave out the auxiliary: `12 killed in blast`."""
    if _has(verb, "auxpass") or _has(verb, "nsubjpass"):
        return True
    if verb.tag_ in ("VBG", "VBZ", "VBP", "VB") or _has(verb, "dobj"):
        return False
    if any(k.dep_ == "aux" and k.lower_ in ("have", "has", "had", "'ve") for k in verb.children):
        return False
    return not any(
        k.dep_ == "conj" and _has(k, "dobj") and not any(g.dep_ in SUBJECTS for g in k.children) for k in verb.children
    )


def _has(token: Token, dep: str) -> bool:
    return any(k.dep_ == dep for k in token.children)


def _as_object(c: Counted) -> Harm | None:
    """`killing 12`, `claimed six lives`, `left 12 dead`, `forced 5 million people to flee`, `lost 950 soldiers`."""
    for token in _anchors(c):
        if token.dep_ in ("dobj", "oprd", "attr", "dative", "npadvmod", "ccomp", "dep", "pobj") or token.dep_ in (
            "nsubj",
            "nsubjpass",
        ):
            harm = object_harm(token.head, token, c)
            if harm is not None:
                return Harm(harm.metric, harm.token, "object")
    return None


def object_harm(verb: Token, token: Token, c: Counted) -> Harm | None:
    lower = verb.lower_
    if (
        lower in ("shot", "shoot", "shoots", "shooting")
        and verb.i + 1 < len(verb.doc)
        and verb.nbor().lower_ in ("down", "off", "up")
    ):
        return None
    if lower in ("eliminate", "eliminates", "eliminated") and _are_rivals(c):
        return None
    if lower in ("shot", "shoot", "shoots", "shooting") and verb.i + 1 < len(verb.doc) and verb.nbor().lower_ == "dead":
        return Harm("killed", verb.nbor(), "shot dead")
    if token.dep_ in ("dobj", "dative") and (harm := _done_to_object(verb, token, c)) is not None:
        return harm
    if token.dep_ == "dobj" and lower in words.DONE_TO and not _has(verb, "auxpass"):
        return Harm("killed", verb, "object") if _is_fatal(verb) else _casualties_of_pair(verb, token)
    if token.dep_ == "dobj" and lower in words.STRIKE and _are_people(c) and _is_shot(verb):
        return Harm("casualties", verb, "hit by fire")
    if token.dep_ == "dobj" and token.lower_ == "victims" and lower in ("claim", "claimed", "claims", "claiming"):
        return Harm("killed", verb, "claimed victims")
    if token.dep_ == "dobj" and lower in words.TREAT and c.noun is not None and c.noun.lower_ in words.TREATED:
        return Harm("injured", verb, "treated")
    if token.dep_ == "dobj" and lower in words.TAKE and not any(k.lower_ == "out" for k in verb.children):
        return None
    if token.dep_ == "dobj" and (lower in words.DESTROY or lower in words.TAKE) and _are_combatants(c):
        return Harm("killed", verb, "destroyed fighters")
    if c.noun is not None and c.noun.lower_ in words.LIFE and lower in words.LIFE_VERBS:
        return Harm("killed", verb, "lives")
    if token.dep_ == "dobj" and lower in words.LOSE and _are_people(c) and not _are_rivals(c):
        return Harm("killed", verb, "lost people")
    for prep in (*verb.children, *token.children):
        if prep.dep_ == "prep" and prep.i > token.i:
            harm = _object_phrase(verb, prep)
            if harm is not None:
                return harm
    if lower in words.LINKS:
        for child in verb.children:
            if (
                child.dep_ == "advcl"
                and child.lower_ in words.STATES
                and child.i > token.i
                and any(k.lower_ == "as" for k in child.children)
            ):
                return Harm(words.STATES[child.lower_], child, "listed as")
            if child.dep_ in _COMPLEMENTS and child.i > token.i:
                harm = subject_harm(child)
                if harm is not None and not any(k.dep_ in SUBJECTS and k.i != token.i for k in child.children):
                    return harm
    return None


def _is_shot(verb: Token) -> bool:
    """`gunfire struck three`, `fired live rounds, hitting eight`: what hits is shot or thrown."""
    around = (verb, verb.head) if verb.tag_ == "VBG" else (verb,)
    return any(k.lower_ in words.PROJECTILES for t in around for k in t.children if k.dep_ in ("nsubj", "dobj"))


def _done_to_object(verb: Token, token: Token, c: Counted) -> Harm | None:
    """`moved 3,400 residents to safety`, `treated 70 people with wounds`: phrases hang from the verb, or wrongly from its object."""
    harm = _predicate(verb, "done")
    if harm is not None:
        return harm if harm.rule != "verb and particle" or _are_people(c) else None
    for predicate in words.PREDICATES.get(verb.lower_, ()):
        if predicate.of == "done" and predicate.preps:
            noun = next((n for k in token.children if (n := _completes(predicate, k)) is not None), None)
            if noun is not None:
                return Harm(predicate.metric, noun, predicate.rule)
    return None


def _object_phrase(verb: Token, prep: Token) -> Harm | None:
    """`forced 15,000 from their homes`, `left five with wounds`, `turned 3 million into refugees`."""
    for noun in prep.children:
        if prep.lower_ in ("from", "out") and verb.lower_ in words.DRIVE and (harm := _driven(prep, noun)) is not None:
            return harm
        if prep.lower_ == "with" and verb.lower_ in words.LEAVE and noun.lower_ in words.INJURIES:
            return Harm("injured", noun, "left with wounds")
        if prep.lower_ == "as" and (metric := words.STATES.get(noun.lower_) or words.HARM_NOUNS.get(noun.lower_)):
            return Harm(metric, noun, "listed as")
        if prep.lower_ == "into" and noun.lower_ in words.HARM_NOUNS:
            return Harm(words.HARM_NOUNS[noun.lower_], noun, "turned into")
        if prep.lower_ == "to" and noun.lower_ in words.HOSPITALS and verb.lower_ in words.TO_HOSPITAL:
            return Harm("injured", noun, "in hospital")
    return None


def _casualties_of_pair(verb: Token, token: Token) -> Harm:
    """`killed or injured 30` is one count of both."""
    harm = Harm(words.DONE_TO[verb.lower_], verb, "object")
    pair = [k for k in verb.children if k.dep_ == "conj" and k.i < token.i]
    if verb.dep_ == "conj" and not _has(verb.head, "dobj"):
        pair.append(verb.head)
    for other in pair:
        metric = words.DONE_TO.get(other.lower_)
        if metric and {metric, harm.metric} == {"killed", "injured"} and abs(other.i - verb.i) <= 3:
            return Harm("casualties", verb, "object")
    return harm


def _are_combatants(c: Counted) -> bool:
    return c.noun is not None and words.is_combatant(c.noun.lower_)


def _are_lives(c: Counted) -> bool:
    return c.noun is not None and c.noun.lower_ in words.LIFE


def _are_rivals(c: Counted) -> bool:
    """Candidates, customers, members: lost or put out without harm."""
    return c.noun is not None and words.singular(c.noun.lower_) in words.RIVALS


def _are_people(c: Counted) -> bool:
    return c.noun is not None and words.is_person_noun(c.noun.lower_) and c.noun.lower_ not in ("others", "more")


def of_noun(c: Counted) -> Harm | None:
    """`the deaths of 12 people`, `the evacuation of 1,500`, `claimed the lives of 12`, `injuries to 5`."""
    for token in _anchors(c):
        if (
            token.dep_ == "pobj"
            and token.head.lower_ == "with"
            and token.head.head.lower_ in ("grave", "graves")
            and _are_people(c)
        ):
            return Harm("killed", token.head.head, "grave of")
        if token.dep_ != "pobj" or token.head.lower_ not in ("of", "to", "among", "for", "by"):
            continue
        noun = token.head.head
        if token.head.lower_ == "of" and noun.lower_ in words.LIFE and noun.head.lower_ in words.LIFE_VERBS:
            return Harm("killed", noun, "lives of")
        if (
            token.head.lower_ == "of"
            and noun.lower_ in words.NOMINAL
            and (noun.lower_ != "loss" or _are_people(c) or _are_lives(c))
        ):
            return Harm(words.NOMINAL[noun.lower_], noun, "deaths of")
        if token.head.lower_ == "of" and noun.lower_ in ("throat", "throats") and noun.head.lower_ in words.CUT:
            return Harm("killed", noun.head, "throats cut")
        if token.head.lower_ in ("for", "to") and noun.lower_ == "fatal":
            return Harm("killed", noun, "fatal for")
        unfound = noun.lower_ in ("found", "seen") and any(k.lower_ in words.SOUGHT_NOUNS for k in noun.children)
        if unfound and token.head.lower_ == "of" and _are_people(c):
            return Harm("missing", noun, NOT_BACK)  # `no trace has been found of 23 crew`
        if token.head.lower_ in ("of", "for") and noun.lower_ in words.SOUGHT_NOUNS and _are_people(c):
            return Harm("missing", noun, NOT_BACK if noun.lower_ in ("trace", "sign") else "sought")
        searched = token.head.lower_ == "for" and noun.lower_ in ("is", "was", "continues", "continued", "under")
        if searched and _are_people(c) and any(t.lower_ in ("search", "hunt") for t in c.doc[: c.first]):
            return Harm("missing", noun, "sought")
        if token.head.lower_ == "for" and noun.lower_ in words.SOUGHT_VERBS and _are_people(c):
            return Harm("missing", noun, "sought")
        if (
            token.head.lower_ == "of"
            and noun.lower_ in words.BEREAVED
            and c.noun is not None
            and c.noun.lower_ == "victims"
        ):
            return Harm("killed", noun, "bereaved of")
        if token.head.lower_ in ("to", "among") and noun.lower_ in ("injuries", "deaths", "casualties"):
            return Harm(words.HARM_NOUNS[noun.lower_], noun, "injuries to")
    return None


def _toll(c: Counted) -> Harm | None:
    """`death toll rises to 12`, `bringing the toll to 61`, `the number of dead is 12`, `a toll of 15`, `losses came to 45 men`."""
    for token in _anchors(c):
        head = token.head
        if token.i < c.first and token.lower_ in words.TOLLS and (own := toll_harm(token)) and own.rule == "toll":
            return own  # `the displaced now number 230,000`
        while c.number.start <= head.idx < c.number.end and head.head != head:
            head = head.head
        for _ in range(3):
            if head.lower_ in words.TOLLS and head.i != token.i and head.i not in range(c.first, c.last + 1):
                return _losses(head, c) or toll_harm(head)
            found = next(
                (
                    k
                    for k in head.children
                    if k.lower_ in words.TOLLS and k.i < c.first and k.dep_ in ("nsubj", "nsubjpass", "dobj")
                ),
                None,
            )
            if found is not None and head.tag_.startswith("VB"):
                return _losses(found, c) or toll_harm(found)
            if head.tag_ not in ("IN", "TO", "RB", "RP") and not head.tag_.startswith("VB"):
                break
            head = head.head
    return None


def _losses(toll: Token, c: Counted) -> Harm | None:
    """`losses amounted to 700 personnel`: an army's, killed and wounded not told apart."""
    trade = any(k.lower_ in ("job", "jobs") for k in toll.children)
    return Harm("casualties", toll, "losses") if toll.lower_ == "losses" and _are_people(c) and not trade else None


def _inverted(c: Counted) -> Harm | None:
    """`Among the dead were four children`, `the victims include two nurses`: the harmed stand before the verb."""
    for token in _anchors(c):
        verb = token.head
        if token.dep_ in ("attr", "nsubj", "nsubjpass") and verb.lower_ in ("was", "were", "are", "is"):
            for prep in verb.children:
                if prep.dep_ == "prep" and prep.i < verb.i:
                    found = next((h for k in prep.children if (h := _among_harmed(prep, k)) is not None), None)
                    if found is not None:
                        return found
        if token.dep_ == "attr" and verb.lower_ in ("was", "were", "are", "is"):
            subject = next((k for k in verb.children if k.dep_ == "nsubj" and k.i < token.i), None)
            if subject is not None and subject.lower_ in (
                "victims",
                "dead",
                "injured",
                "wounded",
                "deceased",
                "fatalities",
                "missing",
            ):
                return Harm(words.HARM_NOUNS.get(subject.lower_, "killed"), subject, "the dead are")
        if token.dep_ == "dobj" and verb.lower_ in ("include", "includes", "included"):
            subject = next((k for k in verb.children if k.dep_ == "nsubj"), None)
            if subject is not None:
                metric = words.HARM_NOUNS.get(subject.lower_) or ("killed" if subject.lower_ == "victims" else None)
                return Harm(metric, subject, "the dead include") if metric else None
    return None


def _alongside(c: Counted) -> Harm | None:
    """`was killed along with six of his men`, `died alongside eight soldiers`."""
    for token in _anchors(c):
        prep = token.head
        if token.dep_ != "pobj" or prep.lower_ not in ("with", "alongside"):
            continue
        together = prep.lower_ == "alongside" or (prep.i > 0 and prep.nbor(-1).lower_ in ("along", "together"))
        verb = prep.head if prep.head.tag_.startswith("VB") else prep.head.head
        harm = _state_or_verb(verb, None) if together else None
        if harm is not None:
            return Harm(harm.metric, harm.token, "along with")
    return None


def _label(c: Counted) -> list[Token]:
    """The words before the colon or dash that a number stands right after."""
    if c.first < 2 or c.doc[c.first - 1].text not in (":", "-", "–", "—", "="):
        return []
    begin = next((t.i + 1 for t in reversed(c.doc[: c.first - 1]) if t.text in ".,;:()|"), 0)
    return list(c.doc[begin : c.first - 1])


def _labelled(c: Counted) -> Harm | None:
    """`Dead: 6`, `Fatalities so far: 34.`: a few words, one of harm, a colon, the number and nothing that it counts."""
    label = _label(c)
    if c.noun is not None and (len(label) != 1 or label[0].i or not _are_people(c)):
        return None
    for token in label if len(label) < 6 and not any(t.tag_ in ("VBZ", "VBP", "MD") for t in label) else []:
        metric = words.STATES.get(token.lower_) or words.HARM_NOUNS.get(token.lower_)
        if metric:
            return Harm(metric, token, "label")
    return None


def _reached(c: Counted) -> Harm | None:
    """`refugees reach 2 million`, `civilian deaths top 500`."""
    for token in _anchors(c):
        verb = token.head
        if token.dep_ in ("dobj", "attr", "npadvmod", "pobj") and verb.lower_ in ("to", "at"):
            verb = verb.head
        put = verb.lower_ in ("put", "puts", "putting", "set", "estimate", "estimates", "estimated", "revised")
        if verb.lower_ not in words.REACH and not put:
            continue
        for subject in verb.children:
            if (
                subject.dep_ in (("dobj", "nsubjpass") if put else SUBJECTS)
                and subject.lower_ in words.HARM_NOUNS
                and subject.i < c.first
            ):
                told = {words.HARM_NOUNS.get(k.lower_) for k in subject.children if k.dep_ == "conj"}
                both = told | {words.HARM_NOUNS[subject.lower_]} == {"killed", "injured"}
                return Harm("casualties" if both else words.HARM_NOUNS[subject.lower_], subject, "harm reaches")
    return None


def toll_harm(toll: Token) -> Harm | None:
    """What a toll counts; `number`, `figure` and the like must say so, or refer back (rule `refers back`)."""
    said = [words.TOLL_OF[t.lower_] for t in toll.subtree if t.lower_ in words.TOLL_OF and t.i < toll.i + 8]
    if "killed" in said and "injured" in said:
        return Harm("casualties", toll, "toll")
    if said:
        return Harm(said[0], toll, "toll")
    if toll.lower_ in ("toll", "tolls"):
        return Harm("killed", toll, "toll")
    definite = any(k.lower_ in ("the", "that", "this") for k in toll.children)
    return Harm("killed", toll, "refers back") if definite and not _has(toll, "prep") else None


# --- by word order, where the parse fails -------------------------------------------------------------------------------

_BETWEEN = frozenset(
    [
        "was",
        "were",
        "is",
        "are",
        "been",
        "being",
        "be",
        "have",
        "has",
        "had",
        "also",
        "reportedly",
        "reported",
        "confirmed",
        "feared",
        "believed",
        "said",
        "to",
        "either",
        "still",
        "initially",
        "now",
        "already",
        "so",
        "far",
        "later",
        "then",
        "were-",
        "mostly",
        "and",
        "all",
        "both",
        "left",
        "found",
        "others",
        "more",
        "people",
        "allegedly",
        "-",
        "seriously",
        "severely",
        "badly",
        "critically",
        "fatally",
        "since",
        "apparently",
        "probably",
    ]
)


def _after_aside(c: Counted) -> Harm | None:
    """`left at least 20 people, mainly children, injured`: a state after what commas set apart."""
    if c.stop >= len(c.doc) or c.doc[c.stop].text != ",":
        return None
    for token in c.doc[c.stop + 1 : c.stop + 9]:
        if token.tag_ in ("VBD", "VBZ", "VBP", "MD", "CD") or token.text in (".", ";", ":"):
            return None
        if token.text == ",":
            state = c.doc[token.i + 1] if token.i + 1 < len(c.doc) else None
            apart = state is not None and state.lower_ in words.STATES and not _object_follows(c.doc, state.i)
            return (
                Harm(words.STATES[state.lower_], state, "state after an aside") if apart and state is not None else None
            )
    return None


def _words_after(c: Counted) -> Harm | None:
    """`25 YPG Fighters Killed`, `30 others reportedly hurt`: a state or participle right after the phrase, and no object."""
    if _is_of_others(c):
        return None
    i, passive = c.stop, False
    while i < len(c.doc) and i < c.stop + 7 and c.doc[i].lower_ in _BETWEEN:
        passive = passive or c.doc[i].lower_ in ("was", "were", "been", "being", "are", "is")
        i += 1
    if i >= len(c.doc):
        return None
    token, lower = c.doc[i], c.doc[i].lower_
    if lower in ("suffered", "sustained", "received", "suffering", "sustaining", "nursing", "suffer"):
        wound = next((t for t in c.doc[i + 1 : i + 6] if t.lower_ in words.INJURIES), None)
        return Harm("injured", wound, "injuries follow") if wound is not None else None
    if lower in words.SUFFERED and lower not in words.DONE_TO:
        return Harm(words.SUFFERED[lower], token, "verb follows")
    metric = words.STATES.get(lower) or (words.DONE_TO.get(lower) if lower.endswith(("ed", "t", "n")) else None)
    if metric is None or (not passive and _object_follows(c.doc, i)):
        return None
    return _joined(c.doc, i, Harm(metric, token, "state follows"))


def _is_of_others(c: Counted) -> bool:
    """`one of three climbers died`: the three are not those who died."""
    begin = next((t.i for t in c.doc if t.idx + len(t) > c.number.start), c.first)
    if begin < 2 or (c.doc[begin - 1].lower_ != "of" and c.doc[begin - 2].lower_ != "of"):
        return False
    of = begin - 1 if c.doc[begin - 1].lower_ == "of" else begin - 2
    return of > 0 and (
        c.doc[of - 1].tag_ == "CD" or c.doc[of - 1].lower_ in ("none", "some", "most", "half", "many", "few")
    )


def _joined(doc: Doc, i: int, harm: Harm) -> Harm:
    apart = i + 3 < len(doc) and doc[i + 1].text == "," and doc[i + 3].tag_ == "IN"  # `12 dead, wounded in blast`
    if i + 2 < len(doc) and (doc[i + 1].lower_ in ("or", "and", "/") or apart):
        other = words.STATES.get(doc[i + 2].lower_)
        if other and not _object_follows(doc, i + 2) and {other, harm.metric} == {"killed", "injured"}:
            return Harm("casualties", harm.token, harm.rule)
    return harm


def _object_follows(doc: Doc, i: int) -> bool:
    if doc[i].lower_ in ("dead", "missing", "homeless", "unaccounted"):
        return False
    after = doc[i + 1] if i + 1 < len(doc) else None
    if after is not None and after.tag_ == "CD" and any(t.lower_ in words.STATES for t in doc[i + 2 : i + 4]):
        return False  # `25 Killed 110 Injured`: the second number has its own
    return after is not None and after.tag_ in ("CD", "DT", "PRP$", "NN", "NNS", "JJ", "PRP", "NNP", "NNPS", "JJR")


def _words_before(c: Counted) -> Harm | None:
    """`Blast kills 12`, `Kills Wounds Dozens`: an active verb right before the number."""
    begin = next((t.i for t in c.doc if t.idx + len(t) > c.number.start), c.first)
    before = c.doc[begin - 1] if begin else None
    if before is None or before.lower_ not in words.DONE_TO or _has(before, "auxpass"):
        return None
    if before.tag_ == "VBN" and begin > 1 and c.doc[begin - 2].lower_ in ("was", "were", "been", "being"):
        return None
    metric = words.DONE_TO[before.lower_]
    second = c.doc[begin - 2].lower_ if begin > 1 else ""
    third = c.doc[begin - 3].lower_ if begin > 2 and second in ("and", "or", "/") else second
    if {words.DONE_TO.get(third), metric} == {"killed", "injured"}:
        metric = "casualties"
    if before.i + 1 < c.first and c.doc[begin].tag_ == ",":
        return None
    return Harm(metric, before, "verb before")


def _of_harmed(c: Counted) -> Harm | None:
    """`five of those killed`, `two of the dead`, `18 of the victims`."""
    if c.last + 3 >= len(c.doc) or c.doc[c.last + 1].lower_ != "of" or c.doc[c.last + 2].lower_ not in ("those", "the"):
        return None
    token = c.doc[c.last + 3]
    if token.lower_ in ("people", "persons", "ones") and c.last + 4 < len(c.doc):
        token = c.doc[c.last + 4]
    noun_follows = token.i + 1 < len(c.doc) and c.doc[token.i + 1].tag_ in _NOUN_TAGS
    later = _as_subject(c)
    if later is not None and later.metric == "killed":
        return later  # `six of the wounded died`
    metric = words.STATES.get(token.lower_) or ("killed" if token.lower_ == "victims" else None)
    return Harm(metric, token, "of those harmed") if metric and not noun_follows else None


def _beside(c: Counted) -> Harm | None:
    """`two dead and a dozen in hospital`, `cost 27 their lives`: two words right after the count."""
    after = [t.lower_ for t in c.doc[c.stop : c.stop + 2]]
    unnamed = c.noun is None or c.noun.lower_ in ("people", "others", "persons", "more")
    if unnamed and after[:1] == ["in"] and after[1:] and after[1] in ("hospital", "hospitals"):
        return Harm("injured", c.doc[c.stop + 1], "in hospital")
    cost = any(t.lower_ in words.LIFE_VERBS for t in c.doc[max(0, c.first - 4) : c.first])
    if cost and after in (["their", "lives"], ["his", "life"], ["her", "life"]):
        return Harm("killed", c.doc[c.stop + 1], "lives cost")
    return None


def _gravely(c: Counted) -> Harm | None:
    """`30 were hurt, ten critically`, `three of them seriously`."""
    at = c.stop
    if at + 1 < len(c.doc) and c.doc[at].lower_ == "of" and c.doc[at + 1].lower_ in ("them", "whom", "those"):
        at += 2
    if at >= len(c.doc) or c.doc[at].lower_ not in words.GRAVELY:
        return None
    ends = at + 1 >= len(c.doc) or c.doc[at + 1].lower_ in (",", ".", ";", "and", ")", "-")
    return Harm("injured", c.doc[at], "gravely") if ends else None


def _brought_to(c: Counted) -> Harm | None:
    """`bringing to 31 the number killed`."""
    if c.stop + 1 >= len(c.doc) or c.first < 2 or c.noun is not None:
        return None
    the, toll = c.doc[c.stop], c.doc[c.stop + 1]
    verb = next(
        (
            t
            for t in c.doc[max(0, c.first - 6) : c.first]
            if t.lower_.startswith(("bring", "brought", "tak", "took", "rais"))
        ),
        None,
    )
    return toll_harm(toll) if the.lower_ == "the" and verb is not None and toll.lower_ in words.TOLLS else None


def _housed(c: Counted) -> Harm | None:
    """`Evacuation centres were housing 14,211 people`, `the camp hosts 20,000`."""
    for token in _anchors(c):
        verb = token.head
        if token.dep_ == "dobj" and verb.lower_ in words.HOUSE:
            subject = next((k for k in verb.children if k.dep_ == "nsubj"), None)
            host = (
                subject is not None
                and subject.lower_ in words.HOSTS
                and not {"prison", "training", "detention", "summer"} & {k.lower_ for k in subject.children}
            )
            return Harm("displaced", verb, "housed") if host else None
    return None


_RULES: tuple[Callable[[Counted], Harm | None], ...] = (
    _of_harmed, _gravely, _beside, _headline, _labelled, _own_predicate, _harm_count, _as_subject, _as_object, _inverted, _alongside, _harm_noun, modified, of_noun,
    _toll, _reached, _after_aside, _words_after, _words_before, _brought_to, _housed,
)  # fmt: skip
