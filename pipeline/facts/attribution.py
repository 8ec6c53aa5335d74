"""Who claims the number in its own words: `according to X`, `X said`, a quotation's speaker, a headline's source.

In one sentence every claim has a scope (what X says); the narrowest scope that holds the number decides. If there is
none, the speaker of the quotation around it does, then a headline's source. `reportedly` and `it was announced` name
nobody. Who goes on speaking from another sentence: speaking_on.py.
"""

import re

from pipeline.facts.model import Document, Mention, Reading, Sentence
from pipeline.facts.quotations import quotation_around, voices
from pipeline.facts.speakers import citations, headline_source, label, pronouns, speeches, vocabulary
from pipeline.facts.speech import Claim, claims
from pipeline.facts.tree import Token

OUTLET = "the outlet itself"
LOOK_BACK = 6
"""Sentences before the mention in which the person behind a pronoun is looked for."""

SHORTEST = 25
"""Characters of a quotation; fewer are words in quotation marks."""

Answer = Reading[str | None]


def read(mention: Mention, document: Document) -> Answer:
    """Who claims the mention's number in its own words, verbatim; value null if nobody does."""
    found = _from_sentence(mention, document) or _from_quotation(mention, document) or _from_headline(mention, document)
    return found or Reading(None, OUTLET)


def _from_sentence(mention: Mention, document: Document) -> Answer | None:
    base = mention.sentence.start
    known = presupposed(mention)
    for claim in claims_in(mention.sentence, document):
        if known is not None and not known[0] <= claim.start < known[1]:
            continue
        if claim.covers(mention.number_start - base, mention.number_end - base):
            found = named(base + claim.start, base + claim.end, mention.sentence, document, claim.rule)
            if found:
                return found
    return None


def presupposed(mention: Mention) -> tuple[int, int] | None:
    """The relative clause (offsets in the sentence) that tells whom the sentence is about by a harm taken as known: `the gunman
    who killed nine bought the rifle legally, police said`. What is claimed is the rest."""
    number = mention.sentence.token_at(mention.number_start)
    clause = number and next((t for t in (number, *number.ancestors) if t.dep_ == "relcl"), None)
    if clause is None or not _is_in_subject(clause.head):
        return None
    inside = list(clause.subtree)
    return inside[0].idx, inside[-1].idx + len(inside[-1])


def _is_in_subject(noun: Token) -> bool:
    """The subject, or what hangs on it: `the attack on a station that ...`."""
    while noun.dep_ == "pobj" and noun.head.dep_ == "prep" and noun.head.head.pos_ in ("NOUN", "PROPN"):
        noun = noun.head.head
    return noun.dep_ in ("nsubj", "nsubjpass")


def claims_in(sentence: Sentence, document: Document) -> list[Claim]:
    """The sentence's claims, worked out once."""
    known: dict[int, list[Claim]] = document.notes.setdefault("attribution", {})
    if sentence.index not in known:
        known[sentence.index] = claims(sentence)
    return known[sentence.index]


def _from_quotation(mention: Mention, document: Document) -> Answer | None:
    text = document.text
    span = quotation_around(text, mention.number_start)
    if span is None or span[1] - span[0] < SHORTEST:
        return None
    for speech, base in voices(text, *span):
        start, end = base + speech.start, base + speech.end
        found = named(start, end, mention.sentence, document, "speaker of the quotation")
        if found:
            return found
    return _last_speaker(mention.sentence, document, span[0], "quotation without a name,")


def _from_headline(mention: Mention, document: Document) -> Answer | None:
    sentence = mention.sentence
    alone = sentence.index + 1 >= len(document.sentences) or document.sentences[sentence.index + 1].paragraph != 0
    ended = sentence.text.rstrip()[-1:] in {".", "!", "?", '"'}
    is_headline = (sentence.paragraph == 0 and sentence.index == 0 and alone) or not ended
    found = (headline_source(sentence.text) if is_headline else None) or label(sentence.text)
    if found is None:
        return None
    start, end = sentence.start + found[0], sentence.start + found[1]
    if start <= mention.number_start < end:
        return None
    return Reading(document.text[start:end], "headline's source", start, end)


# Names for pronouns

POSSESSIVE = re.compile(
    r"(?:his|her|its|their) (?:figures?|statement|data|count|tally|claims?|post|tweet|estimates?)$", re.IGNORECASE
)
ORGANISATION = re.compile(
    r"\b(?:ministry|office|council|police|observatory|agency|committee|government|army|military|UN|U\.N\.|nations|group|"
    r"department|authority|authorities|officials|forces|hospital|service|commission|statement|report|media|monitor|center|"
    r"centre|organi[sz]ation|board|union|coalition|sources|federation|company|network)\b",
    re.IGNORECASE,
)


def named(start: int, end: int, sentence: Sentence, document: Document, rule: str) -> Answer | None:
    """The speaker's words, or who is meant by the pronoun that stands there."""
    if "(" in document.text[start:end] and document.text[end : end + 1] == ")":
        end += 1
    raw = document.text[start:end]
    phrase = raw.strip(" ,;:\"“”'")
    lowered = phrase.lower()
    if not phrase:
        return None
    if _is_self(lowered):
        return None
    if lowered in pronouns() or POSSESSIVE.match(phrase):
        pronoun = "it" if lowered not in pronouns() else lowered
        found = _last_speaker(sentence, document, start, f"{rule}, `{phrase}` meaning", pronoun)
        return found or (_subject_of(sentence, document, start) if pronoun in ("it", "they") else None)
    shift = start + raw.index(phrase)
    return Reading(phrase, rule, shift, shift + len(phrase))


def _subject_of(sentence: Sentence, document: Document, before: int) -> Answer | None:
    """Whom `it said` at a sentence's end means where nobody spoke before: the body that the sentence is about."""
    root = next((t for t in sentence.parsed or () if t.dep_ == "nsubj" and sentence.start + t.idx < before), None)
    if root is None or root.lower_ in pronouns():
        return None
    tokens = [root, *(t for child in root.lefts for t in child.subtree)]
    start, end = sentence.start + min(t.idx for t in tokens), sentence.start + root.idx + len(root)
    named = document.text[start:end]
    return Reading(named, "pronoun for the sentence's subject", start, end) if ORGANISATION.search(named) else None


def _is_self(phrase: str) -> bool:
    """`I`, `we`, `I'll`, `I can`: whoever speaks, who is named elsewhere."""
    return re.split("['’ ]", phrase.lower())[0] in vocabulary()["pronouns"]["self"]


def _fits(pronoun: str, speaker: str) -> bool:
    if speaker.lower() in pronouns() or _is_self(speaker) or POSSESSIVE.match(speaker):
        return False
    if pronoun in vocabulary()["pronouns"]["person"]:
        return ORGANISATION.search(speaker) is None or re.search(r"[A-Z]\w+ [A-Z]\w+", speaker) is not None
    return True


def _last_speaker(sentence: Sentence, document: Document, before: int, rule: str, pronoun: str = "he") -> Answer | None:
    """The last one before an offset who says something and whom the pronoun fits."""
    for index in range(sentence.index, max(-1, sentence.index - LOOK_BACK - 1), -1):
        other = document.sentences[index]
        speakers = [(s.start, s.end) for s in speeches(other.text)] + [(s, e) for s, e, _ in citations(other.text)]
        for speaker in sorted(speakers, reverse=True):
            start, end = other.start + speaker[0], other.start + speaker[1]
            if end <= before and _fits(pronoun, document.text[start:end]) and not _is_quoted(document.text, start):
                return Reading(document.text[start:end], f"{rule} the last speaker", start, end)
        found = FIRST_NAMED[pronoun == "it"].match(other.text)
        near = sentence.index - 2 <= index < sentence.index
        if found and near and not _is_quoted(document.text, other.start + found.start("who")):
            start, end = other.start + found.start("who"), other.start + found.end("who")
            return Reading(document.text[start:end], f"{rule} whom the sentence before begins with", start, end)
    return None


def _is_quoted(text: str, at: int) -> bool:
    """`"Musa accuses us of it," he said`: whoever says it, not whom it names."""
    span = quotation_around(text, at)
    return span is not None and span[1] - span[0] >= SHORTEST


# Who a sentence is about, if it begins with a name: a person's, a body's.
FIRST_NAMED = (
    re.compile(r"\W*(?P<who>(?:[A-Z][\w'-]+ ){1,4}[A-Z][\w'-]+)(?=,? [a-z])"),
    re.compile(
        r"\W*(?P<who>(?:[Tt]he )?(?:[\w-]+ ){0,4}(?:Committee|Ministry|Agency|Office|Council|Group|Observatory|"
        r"Authority|Organi[sz]ation|Commission|Center|Centre|Service|Department|Board|agency|ministry|group|"
        r"office))(?= )"
    ),
)
