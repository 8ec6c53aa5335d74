"""New or total: the harm of one incident or window, or a running count so far.

Weighed cues decide: phrases of the mention's clause, sentence and the document's beginning (measure.yaml), the words beside
the number, the tense of the verb that governs it, and the size of the count.
"""

import re
from collections.abc import Sequence
from datetime import timedelta

from pipeline.facts import dates, totals, wars
from pipeline.facts.calendar import Moment
from pipeline.facts.cues import decide, found_in, load_cues, load_weights
from pipeline.facts.dated import places_in
from pipeline.facts.model import Document, Mention, Reading
from pipeline.facts.timeline import own_date
from pipeline.facts.tree import Token

LEAD = 600
"""Characters of a document's beginning that say what it is about."""
BREAK = re.compile(
    r"[;:–—]|,\s+(?=(?:and|but|while|whereas|as|with|which|who|when|after|according)\b)|\s(?=(?:but|while|whereas|although|though)\s)",
    re.I,
)
SURE = 4.0
"""Log odds that a phrase which decides alone lends to its neighbours."""
DONE = "done on a day"
"""The name of a rule."""
COMPANY = {"sentence": 0.8, "document": 0.2, "repeat": 0.5, "whole": 1.0}
"""How much the mean of a mention's neighbours weighs, to its own cues' 1."""


def clause_of(mention: Mention) -> tuple[int, int]:
    """Offsets, in the sentence's text, of the clause that holds the number; at least 60 characters around it."""
    text = mention.sentence.text
    start, end = mention.number_start - mention.sentence.start, mention.number_end - mention.sentence.start
    left = max((m.end() for m in BREAK.finditer(text, 0, max(0, start))), default=0)
    right = next((m.start() for m in BREAK.finditer(text, end)), len(text))
    return min(left, max(0, start - 60)), max(right, min(len(text), end + 60))


def governor(token: Token | None) -> Token | None:
    """The verb whose tense an event is told in: `have forced` of `have forced 40 to flee`, `killed` of `killed 12`."""
    verb = nearest_verb(token)
    for _ in range(4):
        if verb is None or verb.dep_ not in COMPLEMENTS or has_auxiliary(verb):
            break
        if tense(verb) not in ("infinitive", "participle") or (above := nearest_verb(verb.head)) is None:
            break
        verb = above
    return verb


COMPLEMENTS = ("xcomp", "ccomp", "advcl")


def nearest_verb(token: Token | None) -> Token | None:
    """The nearest verb at or above a token; for a verb that shares another's auxiliary (`killed and wounded`), that one."""
    for _ in range(40):
        if token is None or token.pos_ == "VERB" or token.head == token:
            break
        token = token.head
    for _ in range(4):
        if token is None or token.dep_ != "conj" or token.head.pos_ != "VERB" or has_auxiliary(token):
            break
        token = token.head
    return token if token is not None and token.pos_ in ("VERB", "AUX") else None


def has_auxiliary(verb: Token) -> bool:
    return any(child.dep_ in ("aux", "auxpass", "nsubj", "nsubjpass") for child in verb.children)


def tense(verb: Token | None) -> str:
    """perfect, past, present, participle, or none."""
    if verb is None:
        return "none"
    auxiliaries = {child.lower_ for child in verb.children if child.dep_ in ("aux", "auxpass")}
    if auxiliaries & {"have", "has", "'ve"} and verb.tag_ in ("VBN", "VBD"):
        return "perfect"
    if auxiliaries & {"had", "'d"}:
        return "pluperfect"
    if auxiliaries & {"was", "were"} or verb.tag_ == "VBD":
        return "past"
    if verb.tag_ in ("VBP", "VBZ") or auxiliaries & {"is", "are", "'re"}:
        return "present"
    return "participle" if verb.tag_ in ("VBG", "VBN") else "infinitive"


def size(mention: Mention) -> str:
    """Order of magnitude of the count."""
    count = mention.low or mention.high or 0
    limits = ((2, "1"), (10, "2-9"), (100, "10s"), (1000, "100s"), (20000, "1000s"))
    return next((name for limit, name in limits if count < limit), "10000s")


WORD = re.compile(r"\b[a-z]+\b")
"""A word in lower case, so that no name gets a weight."""
SMALL = frozenset((
    "year", "old", "people", "a", "an", "the", "and", "or", "of", "in", "on", "at", "by", "to", "for", "with",
    "from", "as", "that", "this", "it", "its", "his", "her", "their", "he", "she", "they", "who", "which",
))  # fmt: skip
"""Words that say nothing of time (`5-year-old` among them)."""
AROUND, STRETCH = 10, 120
"""How many words beside a number speak, and the characters in which they are looked for."""


def words_around(text: str, left: int, right: int) -> list[str]:
    """`before: has`, `after: bodies`: each word once that stands up to ten words before left or after right."""
    sides = {
        "before": WORD.findall(text, max(0, left - STRETCH), left)[-AROUND:],
        "after": WORD.findall(text, right, right + STRETCH)[:AROUND],
    }
    return sorted({f"{side}: {word}" for side, words in sides.items() for word in words if word not in SMALL})


def lead_cues(document: Document) -> list[str]:
    if "measure lead" not in document.notes:
        document.notes["measure lead"] = found_in(document.text[:LEAD], load_cues("measure.yaml")["lead"])
    found: list[str] = document.notes["measure lead"]
    return found


def days_ago(moment: Moment, document: Document) -> str:
    days = (own_date(document) - moment.last).days
    return "today" if days < 1 else "yesterday" if days < 2 else "days ago" if days < 15 else "long ago"


def time_cues(mention: Mention, document: Document) -> list[str]:
    """What the dates of the sentence say: a day of the harm speaks for new, `since` for a total."""
    found = set()
    for place in places_in(document, mention.sentence.index):
        if place.moment.role in ("since", "since event", "as of"):
            found.add(f"date {place.moment.role.removesuffix(' event')}")
        elif place.use.startswith("event"):
            found.add(
                "date of harm"
                if place.moment.is_day or place.moment.kind in ("past", "length", "last")
                else "stretch of harm"
            )
            found.add(f"harm {days_ago(place.moment, document)}")
            if place.moment.kind == "this" and place.moment.last > (
                place.moment.first or place.moment.last
            ) + timedelta(days=8):
                found.add("this year")
        elif place.use.startswith("report"):
            found.add("date of report")
    return sorted(found)


def cues(mention: Mention, document: Document) -> list[str]:
    """Names of all that speaks for or against a total."""
    words, text = load_cues("measure.yaml"), mention.sentence.text
    start, end = clause_of(mention)
    left, right = mention.number_start - mention.sentence.start, mention.number_end - mention.sentence.start
    found = found_in(text[max(0, left - 110) : left], words["before"]) + found_in(
        text[right : right + 110], words["after"]
    )
    found += found_in(text[start:end], words["clause"]) + found_in(text, words["sentence"]) + lead_cues(document)
    found += words_around(text, left, right)
    verb = verb_of_harm(mention)
    found += [
        f"tense={tense(verb)}",
        f"size={size(mention)}",
        f"metric={mention.metric}",
        *time_cues(mention, document),
    ]
    if mention.implicit:
        found.append("implicit")
    if mention.sentence.paragraph == 0:
        found.append("title")
    if wars.fought(document) is not None:
        found.append("war")
        found.append(f"war size={size(mention)}")
    return found


def sure(mention: Mention, document: Document) -> tuple[str, str]:
    """`total` or `new` where one phrase decides alone, and its name; else two empty words. Every neighbour asks for it."""
    known: dict[tuple[int, str], tuple[str, str]] = document.notes.setdefault("measure sure", {})
    key = (mention.number_start, mention.metric)
    if key not in known:
        known[key] = _sure(mention, document)
    return known[key]


def _sure(mention: Mention, document: Document) -> tuple[str, str]:
    words, text = load_cues("measure.yaml"), mention.sentence.text
    left, right = mention.number_start - mention.sentence.start, mention.number_end - mention.sentence.start
    before, after = text[max(0, left - 160) : left], text[right : right + 160]
    for name in found_in(before, words["new_before"]) + found_in(after, words["new_after"]):
        return "new", name
    for name in found_in(before, words["total_before"]) + found_in(after, words["total_after"]):
        return "total", name
    if mention.implicit:
        return "", ""
    here = places_in(document, mention.sentence.index)
    if any(p.moment.role == "as of" and (p.moment.is_day or p.moment.kind == "last") for p in here):
        return "total", "as of a day"
    if totals.whole_stretch(mention, document) is not None:
        return "total", "from its beginning to a day"
    if any(p.moment.kind == "span" and (p.is_strong or p.opens) for p in here):
        return "new", "from a day to a day"
    if tense(verb_of_harm(mention)) == "past" and has_day_in_clause(mention, document):
        return "new", DONE
    if counts_since(mention):
        return "total", "since"
    if tense(verb_of_harm(mention)) == "perfect" and any(p.moment.kind in ("nth", "since") for p in here):
        return "total", "a numbered day of what goes on"
    if is_still_going_on(mention) and not is_dated(mention, document):
        return "total", "what has killed so far"
    return ("total", "since then, before it") if goes_on_since(mention, document) else ("", "")


def is_dated(mention: Mention, document: Document) -> bool:
    """Whether the text gives the harm a day, or the sentence a stretch: then even what lasts is told as over."""
    place, _ = dates.choose(mention, document)
    return place is not None and (place.moment.is_day or place.sentence == mention.sentence.index)


def has_day_in_clause(mention: Mention, document: Document) -> bool:
    """`of whom 40 were killed on Wednesday`: what was done on a day is new, however large; a toll is told on a day."""
    if found_in(mention.sentence.text, {"toll": load_cues("measure.yaml")["clause"]["toll"]}):
        return False
    return any(
        p.is_strong and p.moment.role == "" and p.moment.kind in A_DAY
        and p.moment.start >= mention.number_end
        and not re.search(r"[,;:]|\band\b", document.text[mention.number_end : p.moment.start])
        for p in places_in(document, mention.sentence.index)
    )  # fmt: skip


A_DAY = ("day", "weekday", "yesterday", "last", "span")


def verb_of_harm(mention: Mention) -> Token | None:
    return governor(mention.sentence.token_at(mention.harm_start or mention.number_start))


def is_still_going_on(mention: Mention) -> bool:
    """`The floods have killed 27 people`: the perfect of what lasts counts so far; `a blast has killed 12` does not."""
    verb = verb_of_harm(mention)
    if mention.implicit or verb is None or tense(verb) != "perfect":
        return False
    lasting = load_cues("measure.yaml")["lasting"]
    return any(child.dep_ == "nsubj" and found_in(meant(child).text, lasting) for child in verb.children)


def meant(subject: Token) -> Token:
    """What a relative pronoun stands for: `violence` of `the violence, which has cost 40 lives`."""
    clause = subject.head
    return clause.head if subject.lower_ in ("which", "that") and clause.dep_ == "relcl" else subject


SINCE_THEN = re.compile(r"^\W*(?:ever )?since\b", re.I)
SAID_BEFORE = 8
"""Sentences of a paragraph before a count in which `since then` may stand."""


def goes_on_since(mention: Mention, document: Document) -> bool:
    """`Since then, the army has shelled the town. At least 90 people have been killed.` An own date makes it new."""
    if mention.implicit or places_in(document, mention.sentence.index):
        return False
    here = mention.sentence
    before = [
        s for s in document.sentences[max(0, here.index - SAID_BEFORE) : here.index] if s.paragraph == here.paragraph
    ]
    verb = governor(here.token_at(mention.harm_start or mention.number_start))
    return tense(verb) == "perfect" and any(SINCE_THEN.match(s.text) for s in before)


def counts_since(mention: Mention) -> bool:
    """`N have been killed since ...`, `Since ..., N have been killed`; not `the deadliest day since`."""
    words, text = load_cues("measure.yaml"), mention.sentence.text
    start, end = clause_of(mention)
    if mention.implicit or found_in(text[start:end], words["since_other"]):
        return False
    verb = verb_of_harm(mention)
    number = mention.number_start - mention.sentence.start
    if found_in(text[number:end], words["since"]):
        return verb is None or verb.tag_ != "VBG"
    return tense(verb) in ("perfect", "pluperfect", "present") and bool(found_in(text[start:number], words["since"]))


def score(mention: Mention, document: Document) -> tuple[float, str]:
    """Log odds of a total by the mention's own cues, and the loudest cue."""
    known: dict[tuple[int, str], tuple[float, str]] = document.notes.setdefault("measure", {})
    key = (mention.number_start, mention.metric)
    if key not in known:
        known[key] = decide(cues(mention, document), load_weights("measure.json"))
    return known[key]


def lean(mention: Mention, document: Document, company: str) -> float:
    """What a neighbour says for a total; a toll that has moved says nothing of the deaths that moved it, nor a day's of a toll beside it."""
    decided, name = sure(mention, document)
    if not decided:
        return score(mention, document)[0]
    return 0.0 if "toll" in name or (name == DONE and company == "sentence") else SURE if decided == "total" else -SURE


def lean_of_whole(whole: Mention, document: Document) -> float:
    """What a whole says of its part: `the toll rose to 61, including five children` counts the five so far too."""
    decided = sure(whole, document)[0]
    return score(whole, document)[0] if not decided else SURE if decided == "total" else -SURE


Key = tuple[str, object]


def keys(mention: Mention) -> list[Key]:
    """The companies that a count keeps: its sentence, the document, repeats of the same count; a single person keeps none."""
    found: list[Key] = [] if mention.implicit else [("sentence", mention.sentence.index), ("document", "")]
    if mention.low is not None and mention.low > 2:
        found.append(("repeat", (mention.metric, mention.low)))
    return found


def companies(mentions: Sequence[Mention], document: Document) -> dict[Key, tuple[float, int]]:
    """Sum of leans and number of mentions of every company; worked out once for a list of mentions."""
    known: dict[int, dict[Key, tuple[float, int]]] = document.notes.setdefault("companies", {})
    if len(mentions) not in known:
        sums = known[len(mentions)] = {}
        for mention in mentions:
            for key in keys(mention):
                total, count = sums.get(key, (0.0, 0))
                sums[key] = (total + lean(mention, document, key[0]), count + 1)
    return known[len(mentions)]


def read(mention: Mention, document: Document, mentions: Sequence[Mention] = ()) -> Reading[str]:
    """`new` or `total`; what no phrase decides is weighed, with what its neighbours are."""
    decided, name = sure(mention, document)
    if decided:
        return Reading(decided, f"measure: {name}")
    own, loudest = score(mention, document)
    total, company = own, companies(mentions, document)
    for key in keys(mention):
        others, count = company.get(key, (own, 1))
        if count > 1:
            total += COMPANY[key[0]] * (others - own) / (count - 1)
    if mention.whole is not None and mention.whole < len(mentions):
        total += COMPANY["whole"] * lean_of_whole(mentions[mention.whole], document)
    return Reading("total" if total > 0 else "new", f"measure: {loudest or 'nothing says total'}")
