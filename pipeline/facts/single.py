"""Single people told without a number: `a soldier`, `her father`, `Ivan Petrov`, `he`."""

from collections.abc import Collection, Iterator

from pipeline.facts import words
from pipeline.facts.calendar import vocabulary
from pipeline.facts.counted import Counted
from pipeline.facts.gazetteer import demonyms, gazetteer
from pipeline.facts.numbers import Number
from pipeline.facts.predicates import SUBJECTS
from pipeline.facts.tree import Doc, Token

PRONOUNS = frozenset(["he", "she", "him", "her"])
REFLEXIVE = frozenset(["himself", "herself"])
NOBODY = frozenset(
    [
        "asylum",
        "nobody",
        "everyone",
        "everybody",
        "anyone",
        "anybody",
        "somebody",
        "someone",
        "elite",
        "character",
        "protagonist",
    ]
)
NEUTER = words.NEUTER
"""Nouns of several people: `a group of` counts nobody."""
ROLES = frozenset(["nsubj", "nsubjpass", "dobj", "pobj", "poss", "conj", "ROOT"])
ORDINALS = frozenset(("second", "third", "fourth", "fifth", "sixth"))
VICTIMS = frozenset(["victim", "victims", "deceased", "dead", "deaths", "fatality", "fatalities", "casualty"])


def single_people(doc: Doc, taken: Collection[int]) -> Iterator[Counted]:
    """`a soldier`, `her father`, `Ivan Petrov`, `he`: one person each; `taken` are tokens that a number counts."""
    for token in doc:
        if token.i in taken or not _has_role(token) or not _is_single(token):
            continue
        if not _is_bare(token) and not _is_second_calling(token):
            first = token if token.dep_ == "poss" and token.tag_ == "PRP$" else _first(token)
            if not first.i or first.nbor(-1).lower_ not in ("every", "each"):
                yield _counted(doc, first, token)


def _has_role(token: Token) -> bool:
    """Does the token head a phrase that something can happen to? In headlines (`Billionaire Dies`) the parse is unsure."""
    if token.dep_ == "attr":
        return _names_the_victim(token)
    if token.dep_ in ROLES or (
        token.dep_ == "appos"
        and token.tag_ in ("NNP", "NN")
        and (token.head.tag_ in ("NNS", "NNPS") or is_of_list(token) or is_after_time(token))
    ):
        return True
    if token.dep_ == "npadvmod" and token.tag_ == "NNP" and token.i and token.nbor(-1).lower_ in words.DONE_TO:
        return True  # `The first shell injured Marko`
    return (
        token.i < 6 and token.dep_ != "attr" and token.i + 1 < len(token.doc) and token.nbor().lower_ in words.HEADLINE
    )


def is_after_time(token: Token) -> bool:
    """`The following month, Ana Duarte, 40, was killed`: the time is parsed as subject, and the name as its apposition."""
    return token.tag_ == "NNP" and token.head.lower_ in words.TIMES and token.head.dep_ in SUBJECTS


def is_of_list(token: Token) -> bool:
    """`Omar Said, his wife and their baby were killed`: a name or a relative in a list of single people, parsed as apposition."""
    before = token.doc[_first(token).i - 1] if token.i else token
    top = token
    while top.dep_ in ("appos", "conj") and top.head.tag_ in ("NN", "NNP"):
        top = top.head
    several = _are_several(top)
    member = token.tag_ == "NNP" or _first(token).tag_ == "PRP$"
    beside = token.head.i == token.i - 1  # `his wife | Mona`
    return (
        member and not beside and before.text in (",", "and") and several and top.dep_ in SUBJECTS and top is not token
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
    if lower in PRONOUNS or (lower == "his" and token.dep_ == "poss"):
        return lower != "her" or token.dep_ in ("poss", "dobj")
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
    if token.tag_ == "NNPS":
        return _is_said_of_one(token) and _is_name(token)  # `Ana Duartes was killed`
    if lower in demonyms() and _is_national(token):
        return True
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


def _is_national(token: Token) -> bool:
    """`a Canadian`, `the Ukrainian was killed`; not `the British`, who are many."""
    article = _first(token).lower_
    if article == "the":
        return token.tag_ in ("NN", "NNP") and not token.lower_.endswith(("sh", "ch", "ese", "ss"))
    return article in ("a", "an") and token.tag_ in ("NN", "NNP", "JJ")


def _is_said_of_one(name: Token) -> bool:
    """A name in -s that the parser takes for a plural: it has a first name, and its verb is one of a singular."""
    verb = [t.lower_ for t in (name.head, *name.head.children) if t.dep_ in ("aux", "auxpass") or t.tag_ == "VBZ"]
    first_name = any(k.dep_ == "compound" and k.tag_ == "NNP" for k in name.children)
    return name.dep_ in SUBJECTS and first_name and any(v in ("was", "is", "has") or v.endswith("s") for v in verb)


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


def _is_second_calling(token: Token) -> bool:
    """`Ana Duarte, a critic and the daughter of a banker`, `a businessman and critic of the president was found`: said of the same one."""
    first = token.head
    if token.dep_ != "conj" or token.tag_ != "NN" or first.tag_ != "NN" or _first(first).tag_ == "PRP$":
        return False
    if first.dep_ == "appos" and first.head.tag_ == "NNP":
        return not _are_several(first.head)
    of_one = any(k.dep_ in ("aux", "auxpass") and k.lower_ in ("was", "is", "has") for k in first.head.children)
    return first.dep_ in SUBJECTS and of_one and _first(token).tag_ not in ("DT", "PRP$", "CD")


def _are_several(subject: Token) -> bool:
    """Is the verb over a subject one of a plural?"""
    return any(k.dep_ in ("aux", "auxpass") and k.lower_ in ("were", "are", "have") for k in subject.head.children)


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
    if token.text in _TITLES or _is_dateline(token):
        return False
    numbered = token.text in ("II", "III", "IV", "VI") and token.i > 0 and token.nbor(-1).tag_ == "NNP"
    if (_first(token) is token and is_large_place(token)) or "#" in token.text:
        return False
    return numbered or (len(lower) > 2 and not token.text.isupper() and _first(token).tag_ != "DT")


_LARGE = 1_000_000


def is_large_place(token: Token) -> bool:
    """`stabbed Europe in the back`, `this kills Minsk`: a continent, country or large city of which no harm is said."""
    entries = gazetteer().named(token.text)
    return any(e.kind in ("country", "area") or e.population >= _LARGE for e in entries)


_TITLES = frozenset(
    (
        "Brig",
        "Gen",
        "Col",
        "Capt",
        "Lt",
        "Maj",
        "Sgt",
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "Rev",
        "Sen",
        "Rep",
        "Gov",
        "Prof",
        "Cpl",
        "Adm",
    )
)
"""Before a full stop, these are no names."""


def _is_dateline(token: Token) -> bool:
    """`Sanaa, Nov 14 (AP) -`, `Kenya: three women die`: a place that opens the sentence, with a comma and a day or a colon."""
    if token.i + 2 >= len(token.doc) or _first(token).i:
        return False
    mark, after = token.nbor().text, token.nbor(2)
    return mark == ":" or (mark == "," and vocabulary()["months"].get(after.lower_) is not None)


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
    if left.tag_ == "NNPS":
        return left.dep_ == "compound"
    return left.tag_ in ("JJ", "JJS", "NN", "NNP", "HYPH", "VBN", "POS", "AFX") or (left.text == "." and left.i > 0)


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
