"""What does a number count? The noun phrase after it, and the token that stands for those people in the parse.

A number's *anchor* is that token (`fighters` in `20 opposition fighters`); rules look from it for the word that says the harm.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.facts import words
from pipeline.facts.numbers import Number
from pipeline.facts.tree import Doc, Token

_NP_TAGS = frozenset(
    ("NN", "NNS", "NNP", "NNPS", "JJ", "JJR", "JJS", "VBN", "VBG", "HYPH", "POS", "AFX", "FW", "CD", "RBS")
)
NOUN_TAGS = frozenset(("NN", "NNS", "NNP", "NNPS"))
_CLOSING = frozenset(("”", "’", "'", '"', "''"))
_PRENOMINAL = frozenset(
    ("nummod", "quantmod", "amod", "compound", "advmod", "nmod", "npadvmod", "det", "predet", "poss")
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A number in a parsed sentence and what it counts."""

    number: Number
    first: int
    """Indices of the number's first token, modifiers left out, and of its last, `or more` with it."""
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
    first, last = inside[0], _after_modifier(number, doc, inside[-1])
    noun, stop = _noun_phrase(doc, first, last)
    anchor = _anchor(doc, first, last, noun)
    if noun is None:
        noun = _anchor_noun(anchor, last)
        stop = max(stop, noun.i + 1) if noun is not None else stop
    return Counted(number, first, last, anchor, noun, stop)


def _after_modifier(number: Number, doc: Doc, last: int) -> int:
    """`33 or more | dead`: the last token of what is said of the number alone, so not of `20 people or more`."""
    behind = [t for t in doc[last + 1 :] if t.idx < number.end]
    return behind[-1].i if behind and not any(words.is_person_noun(t.lower_) for t in behind) else last


def _noun_phrase(doc: Doc, first: int, last: int) -> tuple[Token | None, int]:
    """The noun that the number counts, by the tags of the words after it, and where its phrase ends."""
    last += last + 1 < len(doc) and doc[last + 1].text in _CLOSING  # `“dozens” of people`
    i = _skip_of(doc, last + 1)
    if i > last + 1 and i + 2 < len(doc) and doc[i].tag_ == "RB" and doc[i + 1].tag_ in ("JJ", "VBN"):
        i += doc[i + 2].tag_ in NOUN_TAGS  # `hundreds of | mostly | young men`
    if i == last + 1 < len(doc) - 1 and doc[i].lower_ in ("more", "others", "further") and doc[i + 1].lower_ == "of":
        i = _skip_of(doc, i + 1)  # `26 more | of its | soldiers`
    noun: Token | None = None
    i = _after_quoted(doc, i)
    while i < len(doc) and _continues(doc, i, noun):
        if doc[i].tag_ in NOUN_TAGS or doc[i].lower_ in words.HARM_NOUNS or words.is_listed_person(doc[i].lower_):
            noun = doc[i]
        i = _after_quoted(doc, _after_brackets(doc, i + 1))
    if noun is not None and doc[last + 1].lower_ == "of" and _is_body_of(noun, doc[last + 2]):
        return None, last + 1  # `eight of a family`, `eight of his regiment`
    return noun, (noun.i + 1 if noun is not None else last + 1)


def _is_body_of(noun: Token, first: Token) -> bool:
    return noun.lower_ in ("family", "household") or (noun.lower_ in words.NEUTER and first.tag_ == "PRP$")


def _after_brackets(doc: Doc, i: int) -> int:
    """`Islamic State (banned in Russia) militants`: what brackets hold is skipped if a person noun follows."""
    if i < len(doc) and doc[i].text == "(":
        for j in range(i + 1, min(i + 9, len(doc) - 1)):
            if doc[j].text == ")":
                return j + 1 if words.is_person_noun(doc[j + 1].lower_) else i
    return i


_QUOTES = frozenset(("“", "”", '"', "‘", "’", "'", "``", "''"))
_QUOTED = 3


def _after_quoted(doc: Doc, i: int) -> int:
    """Past a quotation mark around a few words of the phrase: `dozens of | “Panther” | fighters`, `60 | "nationalists"`."""
    if i + 1 >= len(doc) or doc[i].text not in _QUOTES or doc[i + 1].tag_ not in _NP_TAGS:
        return i
    opens = any(t.text in _QUOTES for t in doc[i + 2 : i + 2 + _QUOTED])
    closes = any(t.text in _QUOTES for t in doc[max(0, i - _QUOTED) : i])
    return i + 1 if opens or closes else i


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
    if words.is_thing(lower) and token.tag_ in NOUN_TAGS:
        return True
    if token.tag_ == "VBG" and lower in words.SUFFER:
        return False  # `dozens nursing wounds`
    if lower in words.DONE_TO or lower in words.SUFFERED or lower in words.STATES or token.tag_ in ("VBN", "VBG"):
        return lower in words.HARM_NOUNS if noun is None and not noun_follows(doc, i) else noun_follows(doc, i)
    return True


def _is_complete(noun: Token, following: Token) -> bool:
    """After `operatives` or `people` no more words belong to the phrase, unless they are persons too (`police officers`)."""
    if following.lower_ in ("suicides", "deaths", "casualties", "fatalities"):
        return False  # `four police suicides`
    if noun.lower_ == "personnel" and words.is_thing(following.lower_):
        return False  # `20 personnel carriers`
    plural = noun.tag_ in ("NNS", "NNPS") or noun.lower_ in ("people", "men", "women", "children", "police")
    return plural and words.is_person_noun(noun.lower_) and not words.is_person_noun(following.lower_)


def noun_follows(doc: Doc, i: int) -> bool:
    after = doc[i + 1] if i + 1 < len(doc) else None
    if after is None or after.lower_ in words.STATES or after.lower_ in words.TIMES:
        return False
    if after.tag_ == "JJ" and after.i + 1 < len(doc) and doc[after.i + 1].tag_ == "NNS":
        return words.is_person_noun(doc[after.i + 1].lower_)  # `thousands of | deported | Syrian children`
    return after.tag_ in ("NNS", "NN") or words.is_listed_person(after.lower_)


def before_noun(c: Counted, token: Token) -> bool:
    return c.noun is not None and c.noun.i > token.i


def _anchor(doc: Doc, first: int, last: int, noun: Token | None) -> Token:
    """Climb from the number to the noun it modifies."""
    token = next((t for t in doc[first : last + 1] if not first <= t.head.i <= last), doc[last])
    for _ in range(4):
        head = token.head
        if (
            token.dep_ in _PRENOMINAL
            and head.i > token.i
            and (head.tag_ in NOUN_TAGS or head.tag_ in ("CD", "JJ", "VBN", "PRP"))
        ) or (token.dep_ in ("quantmod", "nummod") and head.tag_ in (*NOUN_TAGS, "CD") and abs(head.i - token.i) < 3):
            token = head
        else:
            break
    if noun is not None and token.i > noun.i + 3:
        return noun
    return token


def _anchor_noun(anchor: Token, last: int) -> Token | None:
    verbal = anchor.lower_ in words.SUFFERED or anchor.lower_ in words.DONE_TO or anchor.lower_ in words.STATES
    the_next = (
        anchor.lower_ in words.TOLLS and anchor.i > last + 1 and anchor.doc[last + 1].lower_ == "the"
    )  # `put at 40 | the number of dead`
    if (
        anchor.i > last
        and anchor.tag_ in NOUN_TAGS
        and not verbal
        and not the_next
        and anchor.lower_ not in words.TIMES
    ):
        return anchor
    return None


def may_be_people(c: Counted) -> bool:
    """Nothing named, a name (`12 Chechens`), a harm (`12 deaths`), or a phrase that holds a noun for people."""
    told = any(
        t.lower_ in words.STATES for t in c.doc[c.stop : c.stop + 2]
    )  # `Cyclone Freddy: 1,434 (confirmed) killed`
    if c.noun is None and not told and any(_is_counted_thing(t) for t in label_before(c)[:3]):
        return False  # `Houses burned: 212`
    if c.noun is None and c.doc[c.first - 1].lower_ == "of" and c.doc[c.first - 2].lower_ in words.PARENTS:
        return False
    if c.noun is None or c.noun.lower_ in words.LIFE:
        return True
    if words.is_thing(c.noun.lower_) or (c.noun.lower_ == "head" and c.number.high != 1):
        return False  # `40 head of cattle`
    if c.noun.lower_ == "family" and c.doc[first_token(c) - 1].lower_ in ("of", "from"):
        return False  # `eight members of one family`
    if (c.doc[c.noun.i - 1].lower_, words.singular(c.noun.lower_)) in PAIRS:
        return True
    if c.noun.text[0].isupper() or c.noun.lower_ in words.HARM_NOUNS or not c.noun.text.isalpha():
        return True
    return any(words.is_person_noun(t.lower_) or t.lower_ in words.HARM_NOUNS for t in c.doc[c.last + 1 : c.stop])


PAIRS = frozenset(
    (("asylum", "seeker"), ("refugee", "arrival"), ("new", "arrival"), ("idp", "family"), ("displaced", "family"))
)


def label_before(c: Counted) -> list[Token]:
    """The words before the colon or dash that a number stands right after."""
    if c.first < 2 or c.doc[c.first - 1].text not in (":", "-", "–", "—", "="):
        return []
    begin = next((t.i + 1 for t in reversed(c.doc[: c.first - 1]) if t.text in ".,;:()|"), 0)
    return list(c.doc[begin : c.first - 1])


def _is_counted_thing(token: Token) -> bool:
    return words.is_thing(token.lower_) and token.lower_ not in words.TOLLS


def anchors(c: Counted) -> Iterator[Token]:
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
            elif token.dep_ == "pobj" and whole.dep_ == "acl" and whole.lower_ in words.COMPOSED:
                token = whole.head  # `1,830 families composed of 9,150 individuals`
            elif token.dep_ == "pobj" and token.head.lower_ == "including" and whole.tag_ in NOUN_TAGS:
                token = whole  # `villagers were killed, including 12 children`
            elif (
                token.dep_ == "pobj" and token.head.lower_ == "with" and token.head.head.lower_ in ("along", "together")
            ):
                if token.head.head.head.tag_ not in NOUN_TAGS:
                    break
                token = token.head.head.head  # `fighters, along with 500 civilians, are taking shelter`
            elif token.dep_ == "dobj" and token.head.dep_ == "acl" and token.head.lower_ in words.COMPOSED:
                token = token.head.head
            elif token.dep_ in ("conj", "appos") and token.head.tag_ in (*NOUN_TAGS, "CD", "PRP", "DT"):
                token = token.head
            else:
                break


def _stands_for(whole: Token, c: Counted) -> bool:
    """`hundreds of people`, `a total of 264 people`, `a group of five`: the word before `of` is them."""
    return whole.i in range(c.first, c.last + 1) or (whole.i < c.first and whole.lower_ in words.COLLECTIVES)


def with_coordinated(c: Counted) -> list[Token]:
    """Anchor and noun, and the last of a list that they begin: `19 students and two teachers killed in`."""
    found = {t.i: t for t in (c.anchor, c.noun) if t is not None}
    for token in list(found.values()):
        for _ in range(3):
            after = next((k for k in token.children if k.dep_ == "conj" and k.tag_ in NOUN_TAGS), None)
            if after is None or not words.is_person_noun(after.lower_):
                break
            token = found[after.i] = after
    return list(found.values())


def first_token(c: Counted) -> int:
    """Index of the token that the number begins with, modifiers included."""
    return next((t.i for t in c.doc if t.idx + len(t) > c.number.start), c.first)


def is_of_others(c: Counted) -> bool:
    """`one of three climbers died`: the three are not those who died."""
    begin = first_token(c)
    if begin < 2 or (c.doc[begin - 1].lower_ != "of" and c.doc[begin - 2].lower_ != "of"):
        return False
    of = begin - 1 if c.doc[begin - 1].lower_ == "of" else begin - 2
    return of > 0 and (
        c.doc[of - 1].tag_ == "CD" or c.doc[of - 1].lower_ in ("none", "some", "most", "half", "many", "few")
    )


def are_combatants(c: Counted) -> bool:
    return c.noun is not None and words.is_combatant(c.noun.lower_)


_MANY = 30


def are_troops_lost(c: Counted) -> bool:
    """`lost 5,000 soldiers`: killed and wounded not told apart, where nothing else in the sentence says of deaths or wounds."""
    many = (c.number.high or c.number.low or 0) >= _MANY
    if not many or c.noun is None or words.singular(c.noun.lower_) not in words.TROOPS:
        return False
    return not any(t.lower_ in words.TOLL_OF or t.lower_ in words.SUFFERED or t.lower_ == "deadliest" for t in c.doc)


def are_lives(c: Counted) -> bool:
    return c.noun is not None and c.noun.lower_ in words.LIFE


def is_nation(c: Counted) -> bool:
    """`5,000 Somalis`."""
    return c.noun is not None and c.noun.tag_ == "NNPS"


def are_rivals(c: Counted) -> bool:
    """Candidates, customers, members: lost or put out without harm."""
    return c.noun is not None and words.singular(c.noun.lower_) in words.RIVALS


def are_people(c: Counted) -> bool:
    return c.noun is not None and words.is_person_noun(c.noun.lower_) and c.noun.lower_ not in ("others", "more")
