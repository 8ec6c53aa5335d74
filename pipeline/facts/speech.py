"""Claims inside one sentence: who says what part of it. By the parse where it reads well, by the words elsewhere.

All offsets count characters of Sentence.text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.facts.gazetteer import capitals, gazetteer
from pipeline.facts.model import Sentence
from pipeline.facts.speakers import (
    Speech,
    citations,
    claim_lemmas,
    has_cue,
    is_speaker,
    owned_counts,
    pronouns,
    speeches,
    vocabulary,
    words_of,
)
from pipeline.facts.spelling import key
from pipeline.facts.tree import Token


@dataclass(frozen=True, slots=True)
class Claim:
    """A speaker (start..end) and what the speaker says (scope)."""

    start: int
    end: int
    scope_start: int
    scope_end: int
    rule: str
    rank: int = 1
    """0 goes before all others: the source that is cited."""

    def covers(self, start: int, end: int) -> bool:
        return self.scope_start <= start and end <= self.scope_end and not self.start <= start < self.end


def claims(sentence: Sentence) -> list[Claim]:
    """Every claim in the sentence; of several that cover a number, the first in order decides."""
    text = sentence.text
    if not has_cue(text):
        return []
    found = [Claim(s, e, 0, len(text), f"`{text[c:s].strip()}`", 0) for s, e, c in citations(text)]
    settled: set[int] = set()
    if sentence.parsed is not None:
        for claim, verb in _parsed(sentence):
            settled.add(verb)
            if claim is not None:
                found.append(claim)
    found += _surface(sentence, settled)
    for start, end, told in owned_counts(text):
        found.append(Claim(start, end, *_within_semicolons(text, told, told, len(text)), "whose count it is"))
    return sorted(found, key=lambda c: (c.rank, c.scope_end - c.scope_start))


# By the parse


def _parsed(sentence: Sentence) -> Iterator[tuple[Claim | None, int]]:
    """Claims by the sentence's structure, each with its verb's offset; none where the verb is seen to claim nothing."""
    assert sentence.parsed is not None
    for verb in sentence.parsed:
        lemma = claim_lemmas().get(verb.lower_)
        if lemma is None or verb.pos_ not in {"VERB", "AUX"}:
            continue
        subject = _subject(verb)
        if subject is None or not _may_claim(lemma, verb, subject):
            continue
        subject = _giver(_antecedent(verb, subject))
        start, end = _phrase(subject)
        if lemma in words_of("outer_first") and _has_its_own(verb, subject):
            yield None, verb.idx
            continue
        if subject.pos_ != "PRON" and not _may_speak(sentence.text, start, end, subject):
            continue
        if lemma in words_of("by_people") and not is_speaker(sentence.text[start:end]):
            continue
        rank = 2 if lemma in words_of("outer_first") and not _has(verb, "ccomp", "xcomp") else 1
        yield Claim(start, end, *_scope(verb, subject), f"subject of `{verb.text}`", rank), verb.idx


def _has_its_own(verb: Token, subject: Token) -> bool:
    """`Upton recorded three deaths`: a place that is no country, nor a capital that stands for one, has them and claims nothing."""
    if subject.pos_ != "PROPN" or subject.text.isupper() or _has(verb, "ccomp", "xcomp"):
        return False
    name = " ".join(t.text for t in (*subject.lefts, subject) if t.pos_ == "PROPN")
    entries = gazetteer().named(name)
    return bool(entries) and key(name) not in capitals() and all(e.kind != "country" for e in entries)


DATELINE_DASH = re.compile(r"(?:,[\w\s,.]{0,20}\d[\w\s,.]{0,10})?\s*(?:\(\w+\)\s*)?[-–—]{1,2}\s")
LEAD = re.compile(
    r"\W*(?:[A-Z][\w' ]{1,40}(?:,[\w ,.]{0,40})?(?: \(\w+\))? *[-–—]{1,2}|\d{1,2}[:.]\d\d(?: ?(?:a\.?m\.?|p\.?m\.?|GMT))?)\W+"
)
"""What may stand before a sentence's first words: `KANO, 3 May (AP) - `, `10:30 `."""


def _may_speak(text: str, start: int, end: int, head: Token) -> bool:
    """Not an attack, a toll or a dateline; else a name, a speaker's noun, or any noun phrase that begins like one."""
    if head.lower_ in words_of("no_speakers") or DATELINE_DASH.match(text, end):
        return False
    phrase = text[start:end]
    if head.lower_ in words_of("ownerless"):
        return is_speaker(phrase)
    if head.lower_ in words_of("paper_nouns") and not phrase[0].isdigit():
        return True  # `the office's report for 6 May`
    plain = phrase[0].isalpha() and not any(c.isdigit() for c in phrase) and len(phrase.split()) <= 7
    return is_speaker(phrase) or (plain and head.tag_ in {"NN", "NNS"})


def _antecedent(verb: Token, subject: Token) -> Token:
    """Who `he` is in `the mayor visited us, saying he counted 12 dead`: the subject of the clause around."""
    if subject.lower_ not in pronouns() or verb.dep_ in ("parataxis", "dep"):  # not in `the ward took in 12, he added`
        return subject
    for around in verb.ancestors:
        outer = next((c for c in around.children if c.dep_ == "nsubj"), None)
        if outer is not None and outer.pos_ in {"NOUN", "PROPN"} and outer.i < subject.i:
            return outer
    return subject


def _giver(subject: Token) -> Token:
    """Who gave the figures: `figures released by the ministry`."""
    if subject.lower_ in words_of("ownerless"):
        for participle in (c for c in subject.children if c.dep_ == "acl" and c.tag_ == "VBN"):
            for by in (c for c in participle.children if c.dep_ == "agent"):
                return next((c for c in by.children if c.dep_ == "pobj"), subject)
    return subject


def _has(verb: Token, *dependencies: str) -> bool:
    return any(child.dep_ in dependencies for child in verb.children)


CONTINUES = {"conj", "advcl", "xcomp", "pcomp", "prep"}


def _subject(verb: Token) -> Token | None:
    """The verb's subject: its own, the agent of a passive, or that of the verb it goes on from (`said ..., adding`)."""
    at = verb
    for _ in range(4):
        own = next((c for c in at.children if c.dep_ in {"nsubj", "nsubjpass"}), None)
        if own is not None and own.dep_ == "nsubj":
            return verb.head if own.lower_ in {"who", "which", "that"} and verb.dep_ == "relcl" else own
        if own is not None or (at.i == verb.i and verb.tag_ == "VBN"):
            return own if at.i != verb.i and at.lower_ == "quoted" else _agent(verb)
        if at.dep_ not in CONTINUES or at.head == at or at.head.pos_ not in {"VERB", "ADP", "SCONJ"}:
            return None
        at = at.head
    return None


def _agent(verb: Token) -> Token | None:
    """Who a passive is done by: `was confirmed by the ministry`; not who claims to have done it: `claimed by rebels`, nor
    who wrote a document: `written by the gunman`."""
    if claim_lemmas()[verb.lower_] in {"claim", "write", "post"}:
        return None
    by = next((c for c in verb.children if c.dep_ == "agent"), None)
    return next((c for c in by.children if c.dep_ == "pobj"), None) if by is not None else None


def _may_claim(lemma: str, verb: Token, subject: Token) -> bool:
    """Does the verb with this subject claim anything: a clause, a count, or as a tag?"""
    if subject.pos_ not in {"NOUN", "PROPN", "PRON", "ADJ", "X"} or subject.lower_ in {
        "there",
        "what",
        "those",
        "this",
    }:
        return False
    if any(child.dep_ == "neg" for child in verb.children):
        return False
    if lemma == "add" and any(c.lower_ == "to" for c in verb.children) and not _has(verb, "ccomp", "dobj"):
        return False  # adds to the fear
    if lemma in words_of("of_counts") and _gives_a_count(verb):
        return True
    if lemma in words_of("of_counts") - {"give"}:
        return False
    if lemma in vocabulary()["paper_verbs"] and subject.lower_ not in words_of("paper_nouns"):
        return False
    clauses = {"ccomp"} if lemma in words_of("clause_only") else {"ccomp", "xcomp"}
    has_clause = any(child.dep_ in clauses for child in verb.children)
    if lemma in {"accuse", "blame"}:
        return _has(verb, "prep")
    has_object = any(child.dep_ in {"dobj", "pobj", "prep"} for child in verb.children)
    return (
        has_clause
        or _is_tag(verb, lemma)
        or (has_object and lemma in words_of("count_verbs"))
        or (_says_a_count(verb) and lemma not in words_of("clause_only"))
    )


def _gives_a_count(verb: Token) -> bool:
    """`gave a toll of 12`, `published the names of 12 dead`, `spoke of 12 dead`."""
    spoken = claim_lemmas()[verb.lower_] in {"speak", "talk", "know"}
    for child in verb.children:
        if not spoken and child.dep_ == "dobj" and child.lower_ in words_of("counts"):
            return True
        of = next((t for t in child.subtree if t.lower_ == "of"), None) if child.dep_ == "prep" else None
        if spoken and of and not _is_outside(child):
            told = next((c for c in of.children if c.dep_ == "pobj"), of)
            return any(t.pos_ == "NUM" or t.lower_ in words_of("number_starts") for t in (told, *told.children))
    return False


def _says_a_count(verb: Token) -> bool:
    """`UN says 50 killed`: what looks like an object is a clause without its verb."""
    return verb.lower_ in {"say", "says"} and any(
        c.dep_ == "dobj" and any(t.pos_ == "NUM" or t.lower_ in words_of("number_starts") for t in c.subtree)
        for c in verb.children
    )


def _is_tag(verb: Token, lemma: str) -> bool:
    """`..., officials said.`: no clause and no object hangs on the verb."""
    if lemma in words_of("clause_only") or lemma in words_of("count_verbs") - {"report", "confirm", "announce", "show"}:
        return False
    return not _has(verb, "ccomp", "xcomp", *(() if lemma in {"tell", "inform"} else ("dobj",)))


def _scope(verb: Token, subject: Token) -> tuple[int, int]:
    """What the claim covers: all that hangs on the verb, less the subject and clauses outside what is said."""
    outside = {t.i for child in verb.children if _is_outside(child) for t in child.subtree}
    if subject.i < verb.i:
        outside |= {t.i for t in subject.subtree if t.i != verb.i and verb not in t.ancestors}
    tokens = [t for t in verb.subtree if t.i not in outside and (not t.is_punct or t.i == verb.i)]
    low, high = tokens[0].idx, tokens[-1].idx + len(tokens[-1])
    if _sentence_starts_after(verb):
        high = verb.idx + len(verb)
    elif _has(verb, "ccomp", "dobj") and subject.i < verb.i:
        low, high = _within_semicolons(verb.doc.text, verb.idx, low, high)
    lemma = claim_lemmas()[verb.lower_]
    if lemma in words_of("of_counts") and COUNT_FOLLOWS.match(verb.doc.text, verb.idx + len(verb)):
        high = len(verb.doc.text)
    if verb.dep_ in {"parataxis", "ccomp", "dep", "conj"} and _is_tag(verb, lemma) and verb.i > verb.head.i:
        low = min(low, next(verb.head.subtree).idx)
    return low, high


COUNT_FOLLOWS = re.compile(r"[^:.;\d]{0,50}(?:\b\d{1,2}\b[^:.;\d]{0,20})?:\s")
"""`gave its latest count on 5 May: 40 dead`: the count stands behind a colon."""


def _within_semicolons(text: str, at: int, low: int, high: int) -> tuple[int, int]:
    after = text.find(";", at)
    return max(low, text.rfind(";", 0, at) + 1), min(high, after) if after >= 0 else high


def _sentence_starts_after(verb: Token) -> bool:
    """`..., officials say At least 150 people ...`: a full stop was lost."""
    if verb.i + 1 >= len(verb.doc):
        return False
    following = verb.nbor()
    starters = words_of("not_names") if verb.lower_ in {"say", "says"} else words_of("number_starts")
    return following.text[0].isupper() and following.lower_ in starters and verb.i > 0


def _is_outside(child: Token) -> bool:
    """`he said after dozens were killed`: the clause is not part of what is said."""
    marks = {c.lower_ for c in child.children if c.dep_ in {"mark", "advmod"}}
    if child.dep_ == "advcl":
        return bool(marks & words_of("outside"))
    if child.dep_ == "ccomp":
        return bool(marks & {"after", "before"})
    return child.dep_ == "prep" and child.lower_ in {"after", "before", "since", "amid", "following"}


KEEP_LEFT = {"det", "amod", "compound", "poss", "nummod", "nmod", "quantmod", "advmod", "predet", "case"}
KEEP_RIGHT = {"prep", "conj", "cc", "flat", "poss", "case", "appos"}
KEEP_PREPOSITIONS = {"of", "for", "in", "from", "at", "to", "by"}


def _phrase(head: Token) -> tuple[int, int]:
    """The noun phrase around a head: modifiers, `of` phrases, names in apposition; no relative clauses."""
    tokens = [head]
    for child in head.lefts:
        if child.dep_ in KEEP_LEFT:
            tokens += child.subtree
    for child in head.rights:
        if child.dep_ in KEEP_RIGHT and (child.dep_ != "prep" or child.lower_ in KEEP_PREPOSITIONS):
            tokens += child.subtree
    ahead = [t for t in tokens if t.i < head.i]
    undated = max((t.i for t in ahead if t.text.isdecimal()), default=-1)  # not `AP 23 Oct 2017 activists`
    opened = max((t.i for t in ahead if t.text in ("A", "An", "The")), default=0)  # not `Fire in Kano A witness`
    kept = [t for t in tokens if t.i > undated and t.i >= opened]
    return min(t.idx for t in kept), max(t.idx + len(t) for t in kept)


# By the words

CLAUSE_END = re.compile(
    r"\s*(?:$|[.,;!?\"]|on \w+|in an? \w+|at a\b|by \w+|"
    r"(?:\w+day|late|early|today|yesterday|while|as|during|via|adding|[a-z]+ing|at the time|after|following)\b|"
    r"(?:the|that) (?:same|next|previous|following) (?:day|evening|morning|night|week)\b|that (?:day|evening|morning|night)\b|"
    r"(?:to )?(?:us|me|reporters|journalists|AFP|Reuters|CNN|BBC|AP)\b|"
    r"(?:the |a )?[A-Z][\w.]*(?: [A-Z][\w.]*){0,3}(?: by| on|\.|$|,))"
)


ANOTHER_CLAUSE = re.compile(r",\s+(?:and|but|while|though|whereas)\b")
"""After `12 died, according to X`: what follows may be another's."""
MORE_OF_IT = re.compile(
    r";\s+(?:and |some |at least )?(?:another|a further|\w+ (?:others|more|of (?:them|whom|those)))\b"
)
"""`..., X said; another 14 were hurt`: it goes on with what X said."""
NOT_SAID = re.compile(r"\s(?:the |their |responsibility|[\w,.]+ )?(?:[\w,.]+ ){0,2}(?:lives|life|responsibility)\b")


def _surface(sentence: Sentence, settled: set[int]) -> Iterator[Claim]:
    """A tag covers what stands before it, an opening `X said` what follows; not for verbs that the parse settled."""
    text = sentence.text
    for speech in speeches(text):
        cue = text[speech.cue_start : speech.cue_end].strip().lower()
        lemma = claim_lemmas().get(cue)
        if lemma is None:
            low, high = _around_cue(text, speech.cue_start)
            yield Claim(speech.start, speech.end, low, high, f"`{cue}`")
            if text[: speech.cue_start].rstrip().endswith(",") and ANOTHER_CLAUSE.match(text, speech.end):
                yield Claim(speech.start, speech.end, low, speech.end, f"`{cue}`")
            continue
        if NOT_SAID.match(text, speech.cue_end):
            continue
        if lemma in words_of("clause_only") or not (_closes(text, speech) or _is_verb(sentence, speech.cue_start)):
            continue
        if text[speech.cue_end : speech.cue_end + 1] == "," and not _begins(text, speech.start):
            yield Claim(speech.start, speech.end, 0, len(text), f"aside `{cue}`")
        elif not speech.before or (CLAUSE_END.match(text, speech.cue_end) and not _begins(text, speech.start)):
            end = len(text) if MORE_OF_IT.search(text, speech.cue_end) else speech.cue_start
            yield Claim(speech.start, speech.end, 0, end, f"tag `{cue}`")
        elif speech.cue_start in settled or _takes_a_thing(sentence, speech.cue_start, lemma):
            continue
        elif _opens(text, speech.start):
            yield Claim(speech.start, speech.end, speech.cue_end, len(text), f"words before `{cue}`")


def _closes(text: str, speech: Speech) -> bool:
    """`12 were hurt, SAMUR reports; two are police`: what the parse may take for a noun."""
    return (
        speech.before
        and text[: speech.start].endswith(", ")
        and text[speech.cue_end : speech.cue_end + 1] in (".", ";")
    )


def _around_cue(text: str, at: int) -> tuple[int, int]:
    """What an `according to` covers: the sentence, or its quotation where it stands within one."""
    opened = text.rfind('"', 0, at)
    inside = opened >= 0 and text.count('"', 0, at) % 2 == 1
    return (opened + 1 if inside else 0, len(text))


def _is_verb(sentence: Sentence, at: int) -> bool:
    token = sentence.token_at(sentence.start + at)
    if token is not None and token.dep_ == "acl" and token.tag_ == "VBN":
        return False  # `a letter written by the gunman`
    return token is None or token.pos_ in {"VERB", "AUX"}


def _takes_a_thing(sentence: Sentence, at: int, lemma: str) -> bool:
    """`said nothing after ...`: an object, and no clause of what is said."""
    verb = sentence.token_at(sentence.start + at)
    if verb is None or lemma in words_of("count_verbs"):
        return False
    if lemma == "say" and any(c.dep_ == "conj" and c.tag_ == "VBD" and not _has(c, "nsubj") for c in verb.children):
        return False  # said a blast killed 12
    return _has(verb, "dobj") and not _has(verb, "ccomp", "xcomp") and not _says_a_count(verb)


def _begins(text: str, at: int) -> bool:
    """Does the sentence begin there, or after its dateline or time of day?"""
    return at <= 3 or LEAD.fullmatch(text, 0, at) is not None


def _opens(text: str, at: int) -> bool:
    before = text[:at].rstrip()
    last = before.rsplit(None, 1)[-1].lower() if before else ""
    return _begins(text, at) or at - len(before) > 1 or before[-1:] in {",", ";", ":"} or last in words_of("openers")
