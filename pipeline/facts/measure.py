"""New or total: the harm of one incident or window, or a running count so far.

Weighed cues decide: words of the mention's clause, sentence and the document's beginning (measure.yaml), the tense of the
verb that governs the number, and the size of the count.
"""

import re

from spacy.tokens import Token

from pipeline.facts.cues import decide, found_in, load_cues, load_weights
from pipeline.facts.model import Document, Mention, Reading

LEAD = 600
"""Characters of a document's beginning that say what it is about."""
BREAK = re.compile(
    r"[;:–—]|,\s+(?=(?:and|but|while|whereas|as|with|which|who|when|after|according)\b)|\s(?=(?:but|while|whereas|although|though)\s)",
    re.I,
)
NOMINAL = frozenset(["NN", "NNS", "NNP", "NNPS", "CD"])


def clause_of(mention: Mention) -> tuple[int, int]:
    """Offsets, in the sentence's text, of the clause that holds the number; at least 60 characters around it."""
    text = mention.sentence.text
    start, end = mention.number_start - mention.sentence.start, mention.number_end - mention.sentence.start
    left = max((m.end() for m in BREAK.finditer(text, 0, max(0, start))), default=0)
    right = next((m.start() for m in BREAK.finditer(text, end)), len(text))
    return min(left, max(0, start - 60)), max(right, min(len(text), end + 60))


def governor(token: Token | None) -> Token | None:
    """The nearest verb above a token."""
    for _ in range(40):
        if token is None or token.pos_ in ("VERB", "AUX") or token.head is token:
            break
        token = token.head
    return token if token is not None and token.pos_ in ("VERB", "AUX") else None


def tense(verb: Token | None) -> str:
    """perfect, past, present, participle, or none."""
    if verb is None:
        return "none"
    auxiliaries = {child.lower_ for child in verb.children if child.dep_ in ("aux", "auxpass")}
    if auxiliaries & {"have", "has", "'ve", "'s"} and verb.tag_ in ("VBN", "VBD"):
        return "perfect"
    if auxiliaries & {"had", "'d"}:
        return "pluperfect"
    if auxiliaries & {"was", "were"} or (verb.tag_ == "VBD"):
        return "past"
    if verb.tag_ in ("VBP", "VBZ") or auxiliaries & {"is", "are", "'re"}:
        return "present"
    return "participle" if verb.tag_ in ("VBG", "VBN") else "infinitive"


def size(mention: Mention) -> str:
    """Order of magnitude of the count."""
    count = mention.low or mention.high or 0
    return (
        "1"
        if count <= 1
        else "2-9"
        if count < 10
        else "10s"
        if count < 100
        else "100s"
        if count < 1000
        else ("1000s" if count < 20000 else "10000s")
    )


def lead_cues(document: Document) -> list[str]:
    if "measure" not in document.notes:
        document.notes["measure"] = found_in(document.text[:LEAD], load_cues("measure.yaml")["lead"])
    found: list[str] = document.notes["measure"]
    return found


def cues(mention: Mention, document: Document) -> list[str]:
    """Names of all that speaks for or against a total."""
    words, text = load_cues("measure.yaml"), mention.sentence.text
    start, end = clause_of(mention)
    verb = governor(mention.sentence.token_at(mention.number_start))
    found = found_in(text[start:end], words["clause"]) + found_in(text, words["sentence"]) + lead_cues(document)
    found += [f"tense={tense(verb)}", f"size={size(mention)}", f"metric={mention.metric}"]
    if mention.implicit:
        found.append("implicit")
    if mention.sentence.paragraph == 0:
        found.append("title")
    return found


def read(mention: Mention, document: Document) -> Reading[str]:
    """`new` or `total`."""
    found = cues(mention, document)
    probability, loudest = decide(found, load_weights("measure.json"))
    return Reading("total" if probability > 0.5 else "new", f"measure: {loudest or 'nothing says total'}")
