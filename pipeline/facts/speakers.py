"""Who speaks, read from the surface of a text: `X said`, `said X`, `according to X`, `...: officials`.

Used where no parse is at hand (sentences around the mention) or where the parse fails (headlines, missing commas).
All offsets count characters of the string given.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from pipeline.facts.gazetteer import country_names
from pipeline.facts.spelling import key
from pipeline.facts.words import STATES, is_person_noun, load

MAX_SPEAKER_WORDS = 14


@dataclass(frozen=True, slots=True)
class Speech:
    """Somebody says something: where the speaker stands, and the words that say so."""

    start: int
    end: int
    cue_start: int
    cue_end: int
    before: bool
    """The speaker is named before what is said (`X said that ...`), not after it (`..., said X`)."""


@cache
def vocabulary() -> dict[str, Any]:
    return load("attribution.yaml")


@cache
def claim_lemmas() -> dict[str, str]:
    """Form of a verb of claiming -> its lemma."""
    words = vocabulary()
    return {
        form: lemma for kind in ("claim_verbs", "paper_verbs") for lemma, forms in words[kind].items() for form in forms
    }


@cache
def words_of(name: str) -> frozenset[str]:
    return frozenset(str(word) for word in vocabulary()[name])


@cache
def pronouns() -> frozenset[str]:
    return frozenset(word for words in vocabulary()["pronouns"].values() for word in words)


@cache
def _verbs() -> frozenset[str]:
    """Every form of a verb of claiming, papers' own left out."""
    return frozenset(form for forms in vocabulary()["claim_verbs"].values() for form in forms)


@cache
def _according_pattern() -> re.Pattern[str]:
    phrases = "|".join(re.escape(p) for p in vocabulary()["according"])
    return re.compile(rf"\b(?:{phrases}|ac+ording to|per(?= the | [A-Z]))\s+", re.IGNORECASE)


@cache
def _cues() -> frozenset[str]:
    """Words of which each claim has one: a verb, the longest word of a phrase, what a source gives."""
    phrases = {max(phrase.split(), key=len) for phrase in vocabulary()["according"]}
    given = ("per", "citing", "reference", "link", "acording", "word", "account", *COUNT_WORDS)
    return frozenset((*claim_lemmas(), *phrases, *given))


LETTERS = re.compile(r"\w+")


def has_cue(text: str) -> bool:
    """Does anything in the text say that somebody claims something? A quick look before the long one."""
    return not _cues().isdisjoint(LETTERS.findall(text.lower()))


BOUNDARY = re.compile(r"[,;:\"“”\n()]|\s{2}|\s[-–—]+\s|[.!?]\s")
WORD = re.compile(r"[\w.&'’/-]+")
# Where a noun phrase that follows `said` or `according to` ends.
AFTER = re.compile(
    r"[;:\"“”\n()]|,|\.(?=\s|$)|\s[-–—]+\s|\s(?:on|in a|in an|during|while|who|which|that|as|at a|at the|at least|after|when|"
    r"adding|also|by|via|but|where|and (?!\w+ (?:said|say)|[A-Z]|the\b|\w+ (?:officials|authorities|police))|"
    r"(?:early|late|last|this|earlier|yesterday|today|told|said|is|are|was|were|has|have|had|killed|left|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday))\b"
)
ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Gen|Col|Lt|Maj|Sgt|Capt|Sen|Rep|Gov|Prof|[A-Z](?:\.[A-Z])*)$")


PLAIN_NUMBER = re.compile(r"\d[\d,.]*$")


def is_speaker(phrase: str) -> bool:
    """May this noun phrase speak? It has a name, a speaker's common noun or a pronoun."""
    words = WORD.findall(phrase)
    if not words or len(words) > MAX_SPEAKER_WORDS or any(PLAIN_NUMBER.match(word) for word in words):
        return False
    if words[-1].lower() in words_of("ownerless"):
        return any(w[0].isupper() or "'" in w or "’" in w for w in words[1:-1]) or words[0].isupper()
    if len(words) == 1 and re.split("['’]", words[0])[0].lower() in pronouns():
        return True
    if any(word.lower().removesuffix("'s") in words_of("speakers") for word in words) or _is_somebody(words):
        return True
    return any(word[0].isupper() for word in words[1:]) or (
        words[0][0].isupper() and words[0].lower() not in words_of("not_names")
    )


def _is_somebody(words: list[str]) -> bool:
    """`a grocer`, `the nurse from Kano`: an article, and a noun for a person at the head."""
    lowered = [word.lower() for word in words]
    if lowered[0] not in ("a", "an", "the"):
        return False
    stop = next((i for i, word in enumerate(lowered) if word in ("of", "for", "from", "in", "at", "who")), len(lowered))
    head = lowered[stop - 1]
    return stop > 1 and head not in STATES and head not in words_of("no_speakers") and is_person_noun(head)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop openers (`but`, `meanwhile`) before the phrase and adverbs or auxiliaries after it."""
    words = list(WORD.finditer(text, start, end))
    openers, between = words_of("openers"), words_of("between")
    while words and words[-1].group().lower() in between:
        words.pop()
    while words and words[0].group().lower() in openers:
        words.pop(0)
    if not words:
        return end, end
    return words[0].start(), words[-1].end()


def last_phrase(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The noun phrase at the end of a stretch without commas: `... killed 25 soldiers on Monday a monitoring group`."""
    words = list(WORD.finditer(text, start, end))
    first = len(words)
    for index in range(len(words) - 1, max(-1, len(words) - 1 - MAX_SPEAKER_WORDS), -1):
        word = words[index].group()
        lowered = word.lower()
        if lowered in words_of("determiners"):
            first = index
            break
        if lowered == "the":
            first = index
            if not index or words[index - 1].group().lower() not in {"of", "for", "in", "at"}:
                break
        elif lowered in words_of("days") or PLAIN_NUMBER.match(lowered):
            break
        elif word[0].isupper() or lowered in words_of("speakers") or "-" in word:
            first = index
        elif lowered not in words_of("links") and not (
            first < len(words) and first == index + 1 and lowered.endswith(("al", "an", "ian", "ing", "ese"))
        ):
            break
    while first < len(words) and words[first].group().lower() in words_of("links") - {"the"}:
        first += 1
    if first >= len(words):
        return None
    span = words[first].start(), words[-1].end()
    return span if is_speaker(text[slice(*span)]) else None


def _left_boundary(text: str, end: int, floor: int) -> int:
    """Where the clause that ends at `end` begins."""
    start = floor
    for found in BOUNDARY.finditer(text, floor, end):
        if found.group()[0] == "." and ABBREVIATION.search(text, max(floor, found.start() - 12), found.start()):
            continue
        start = found.end()
    return start


def before_verb(text: str, verb: int, floor: int = 0) -> tuple[int, int] | None:
    """The speaker that ends before the verb at `verb`: `the mayor, Ann Lee, later said`."""
    floor = max(floor, verb - 160)
    going_on = re.compile(r"\w+ing\b").match(text, verb) is not None
    if DENIED.search(text, floor, verb) and not going_on:
        return None
    if aside := ASIDE.search(text, floor, verb):  # the World Health Organization (WHO) said
        found = before_verb(text, aside.start(), floor)
        return (found[0], aside.end()) if found else None
    start, end = _trim(text, _left_boundary(text, verb, floor), verb)
    if start == end:
        return _before_apposition(text, verb, floor) if text[floor:verb].rstrip().endswith(",") else None
    return _phrase_of(text, start, end)


DENIED = re.compile(r"\b(?:not|never|n't|n’t|is|was|are|were|be|been|being)\s+(?:\w+ly\s+)?$")
ASIDE = re.compile(r"\s*\([^()]{2,40}\)(?=\s*(?:has |have |had |also |later )?$)")
SAID = re.compile(r"said|says|told|confirm(?:ed|s)?|announced|added")
RELATIVE = re.compile(r"(?:who|which|whose|where)\b")
NO_SPEAKER = re.compile(
    r"(?:according|who|which|including|with|killing|leaving|bringing|saying|adding|injuring|wounding|where|after|if|though)\b",
    re.IGNORECASE,
)


def _phrase_of(text: str, start: int, end: int) -> tuple[int, int] | None:
    if NO_SPEAKER.match(text, start, end):
        return None
    words = list(WORD.finditer(text, start, end))
    if len(words) > 1 and words[-1].group().lower() in pronouns():  # in a statement it said
        return words[-1].span()
    if said := next((w for w in words[1:] if SAID.fullmatch(w.group())), None):  # the mayor said in a new report
        start, end = _trim(text, start, said.start())
    if len(WORD.findall(text, start, end)) > 7 or not is_speaker(text[start:end]):
        return last_phrase(text, start, end)
    return start, end


def _before_apposition(text: str, verb: int, floor: int) -> tuple[int, int] | None:
    """`Ann Lee, the mayor, said`: the name; `the mayor, Ann Lee, said`: all of it."""
    comma = text.rfind(",", floor, verb)
    inner = _left_boundary(text, comma, floor)
    start, end = _trim(text, inner, comma)
    if start == end:
        return None
    if RELATIVE.match(text, start, end) and inner > floor:  # the mayor, who was there, said
        first, last = _trim(text, _left_boundary(text, inner - 1, floor), inner - 1)
        return _phrase_of(text, first, last) if first < last else None
    if text[max(0, inner - 1) : inner] != ",":
        return _phrase_of(text, start, end)
    outer_end = text.rfind(",", floor, inner)
    first, last = _trim(text, _left_boundary(text, outer_end, floor), outer_end)
    name = _phrase_of(text, first, last) if first < last else None
    if name is not None:
        return (name[0], end) if end - name[0] < 110 else name
    return _phrase_of(text, start, end)


def after_cue(text: str, start: int) -> tuple[int, int] | None:
    """The speaker that begins at `start`: after `said` or `according to`."""
    limit = min(len(text), start + 160)
    end, at = limit, start
    while found := AFTER.search(text, at, limit):
        if found.group() == "." and ABBREVIATION.search(text, max(start, found.start() - 12), found.start()):
            at = found.end()
            continue
        if found.group() == "," and _apposition(text, start, found.start(), limit):
            at = found.end()
            continue
        end = found.start()
        break
    phrase = text[start:end].rstrip(" .")
    if not (text[end : end + 1].strip() and is_speaker(phrase)) and (shorter := _before_clause(phrase)):
        phrase = shorter
    return (start, start + len(phrase)) if phrase and is_speaker(phrase) else None


def _before_clause(phrase: str) -> str | None:
    """The speaker where what is said follows without a comma: `the ministry 50 people`, `Ann Lee the town`."""
    words = list(WORD.finditer(phrase))
    for last, word in pairwise(words):
        noun, starts = last.group().lower() in words_of("speakers"), word.group().lower() in words_of("not_names")
        name = last.group()[0].isupper() and last.group().lower() not in words_of("not_names")
        opens = starts and word.group().lower() not in words_of("links")
        named_next = noun and last.group().islower() and word.group()[0].isupper()
        if named_next or ((noun or name) and (word.group()[0].isdecimal() or opens)):
            return phrase[: last.end()]
    return None


APPOSITION = re.compile(
    r",\s(?:(?:the|a|an|its|his|her|their)\s)?(?:[\w'’-]+\s){0,3}?(?:head|chief|director|mayor|governor|spokes\w+|"
    r"minister|commander|president|chair\w*|secretary|adviser|coordinator|doctor|resident|cabinet|deputy)\b[^,.;\"“”]{0,70}"
)


def _apposition(text: str, start: int, comma: int, limit: int) -> bool:
    """Does an office held follow the comma (`Keo Vy, cabinet chief for ...`)?"""
    return "," not in text[start:comma] and APPOSITION.match(text, comma, limit) is not None


def speeches(text: str) -> list[Speech]:
    """Everyone who is said to say something, in text order."""
    found = []
    for verb in (word for word in LETTERS.finditer(text) if word.group().lower() in _verbs()):
        if verb.group().lower() in claim_lemmas().values() and GIVEN_BY.match(text, verb.end()):
            continue
        told = claim_lemmas()[verb.group().lower()] == "tell"  # `Ann Lee, told AFP` names who listens
        after = None if told else _after_verb(text, verb.start(), verb.end())
        if after:
            found.append(Speech(*after, verb.start(), verb.end(), False))
        elif before := before_verb(text, verb.start()):
            found.append(Speech(*before, verb.start(), verb.end(), True))
    found += according(text)
    return sorted(found, key=lambda speech: speech.cue_start)


GIVEN_BY = re.compile(r"\s+(?:by|from)\b")
"""After `post`, `report`, `claim` this tells the noun from the verb."""
TAG_END = re.compile(r"\s*(?:[.,;\n\"”]|$|who\b|on \w+day|in an? |during |at a )")


def _after_verb(text: str, verb: int, verb_end: int) -> tuple[int, int] | None:
    """The speaker of a tag that is turned round: `..., said the mayor.`"""
    closed = text[max(0, verb - 3) : verb].rstrip()[-1:] in {",", '"', "”", "?", "!", ""}
    if not closed and (not LOST_COMMA.match(text, verb) or _speaks_before(text, verb)):
        return None
    gap = SPACE.match(text, verb_end)
    speaker = after_cue(text, gap.end()) if gap and not NO_TAG.match(text, gap.end()) else None
    return speaker if speaker and (TAG_END if closed else LAST).match(text, speaker[1]) else None


NO_TAG = re.compile(
    r"(?:in|on|at|by|during|via|to|for)\b|(?:he|she|it|they|we)\b(?! (?:and|himself|herself)\b)(?=\s+[a-z])"
)
"""What follows a verb of saying that has its speaker before it: `in a statement`, `she spent weeks there`."""
LOST_COMMA = re.compile(r"said (?:the |an? )?(?!\w+day\b)[A-Z]")


def _speaks_before(text: str, verb: int) -> bool:
    """Is one of the three words before the verb a speaker's: `a monitoring group said`?"""
    return any(
        w.lower() in words_of("speakers") or w.lower() in pronouns()
        for w in WORD.findall(text[max(0, verb - 60) : verb])[-3:]
    )


LAST = re.compile(r"\s*(?:[.\n\"”]\s*$|$|also known as\b|who (?:was|were|is|are|heads|runs)\b)")
"""Where a tag without its comma must end to be one: `... in the strike said Ann Lee of the Red Cross.`"""
SPACE = re.compile(r"\s+")
PICTURE = re.compile(r"(?:photo|image|picture|video|footage|photograph|map)s?\s+$", re.IGNORECASE)


def according(text: str) -> list[Speech]:
    """`according to X`, `confirmed by X`, `citing X`."""
    found = []
    for cue in _according_pattern().finditer(text):
        speaker = after_cue(text, cue.end())
        if speaker and not PICTURE.search(text, 0, cue.start()):
            found.append(Speech(*speaker, cue.start(), cue.end(), False))
    return found


CITED = re.compile(
    r"\b(?:citing|quoted|quoting|cites|cited|learn(?:ed|t) from|(?:with|in) (?:a )?reference to|referring to|with a link to)\s+(?!by\b)(?=\w)",
    re.IGNORECASE,
)
MESSAGE = re.compile(
    r"(?:an?|the|its|his|her|their) (?:[\w-]+ ){0,2}(?:post|statement|message|video|tweet|report|release|bulletin|interview|comments?) "
    r"(?:on \w+ )?(?:by|from|of|with) ",
    re.IGNORECASE,
)
"""`a Telegram post by the mayor`: the mayor is the source."""
COUNT_WORDS = (
    "count", "tally", "figure", "figures", "estimate", "estimates", "list", "register", "bulletin", "update", "reckoning", "ledger", "books",
)  # fmt: skip
COUNTS = rf"(?:{'|'.join(COUNT_WORDS)})\b"
ARTICLE = re.compile(r"\b(?:the|an?|its|their)\b", re.IGNORECASE)
OWN_COUNT = r"(?:own )?(?:latest )?(?:estimate|count|reckoning|account|tally|figures)"
_NAME = r"(?P<who>(?:the )?[A-Z][\w.]*(?: [A-Z][\w.]*){0,4}|(?:the|its|their) (?:[a-z]+ ){0,3}[a-z]+)"
ESTIMATES = (
    re.compile(rf"\b[Bb]y {_NAME}['’]s? (?:{OWN_COUNT}|word\b)", re.ASCII),
    re.compile(rf"\b[Bb]y (?:the|an?) {OWN_COUNT} of {_NAME}(?=[,.;]| [a-z]+)", re.ASCII),
)
PAPERS = (
    re.compile(r", (?P<who>[\w' ]{2,40}\b(?:data|figures|statistics|records|estimates)) (?:show|suggest|indicate)\w*\W*$"),
    re.compile(r"^(?:\w+ )?(?:figures|data|statistics|records) (?:released|published|provided|compiled) by (?P<who>[\w' ]{3,40}?) "
               r"(?:show|suggest|indicate)", re.IGNORECASE),
)  # fmt: skip
"""`..., UN data show`, `figures released by the ministry show ...`"""


def citations(text: str) -> list[tuple[int, int, int]]:
    """Sources that somebody else passes on (`citing X`, `quoted villagers as saying`): start, end, start of the cue."""
    found = []
    for cue in CITED.finditer(text):
        if cue.group().lower().startswith(("cited", "cites", "quoted")) and not re.match(
            r".{0,120}\b(?:as )?saying\b|.{0,40}\b(?:officials|sources|police|report|data|figures)\b", text[cue.end() :]
        ):
            continue
        message = MESSAGE.match(text, cue.end())
        source = after_cue(text, message.end() if message else cue.end())
        if source:
            found.append((*source, cue.start()))
    for pattern in (*ESTIMATES, *PAPERS):
        found += [(m.start("who"), m.end("who"), m.start()) for m in pattern.finditer(text) if is_speaker(m["who"])]
    return found


HEADLINE_END = re.compile(r"(?::\s+|\s[-–—|]+\s+|[-–—]\s+|,\s+say[s]?\s+|\s)(?P<who>[^:\-–—|,]{2,60})$")
HEADLINE_START = re.compile(r"^(?P<who>[^:\-–—|,\d]{2,50}):\s")


SITE = re.compile(r"\s(?:[|»]|[-–—]+)\s[^|»]{2,40}$")
"""A publisher's name behind a headline: ` | The Daily Post`, ` - Region - Post Online`."""


def headline_source(text: str) -> tuple[int, int] | None:
    """The source that a headline names at its end or start: `12 dead in raid: officials`, `Police: 12 dead`."""
    line = text.rstrip(" .")
    for _ in range(3):
        if (found := source_of(line)) is not None or (site := SITE.search(line)) is None:
            return found
        line = line[: site.start()].rstrip()
    return None


def source_of(line: str) -> tuple[int, int] | None:
    for separator in (r":\s+", r"\s[-–—]+\s+"):
        found = re.search(separator + r"(?P<who>[^:\-–—|,]{2,60})$", line)
        if found and _short_source(found["who"]):
            return found.span("who")
    found = re.search(r"(?<!\b[a-z][a-z])(?<!\bfor)\s(?P<who>[A-Z]?\w+)$", line)
    if found and (found["who"].lower() in words_of("bare_sources") or found["who"] in ("UN", "NGO", "MSF", "UNHCR")):
        return found.span("who")
    found = HEADLINE_START.match(line)
    if found and _short_source(found["who"]):
        return found.span("who")
    return None


def _short_source(phrase: str) -> bool:
    words = WORD.findall(phrase)
    if not words or len(words) > 7 or any(char.isdecimal() for char in phrase):
        return False
    abbreviated = len(words) <= 2 and words[0].isupper() and len(words[0]) <= 6
    return _is_known(phrase) or (abbreviated and key(words[0]) not in country_names())


OWNED = re.compile(r"['’]s? (?:(?:own|latest|official|provisional|preliminary|daily|first|last) ){0,2}" + COUNTS)
OWNER = re.compile(r"(?:[\w-]+ ){0,6}[\w-]+$")


def owned_counts(text: str) -> list[tuple[int, int, int]]:
    """Who has a count of their own (`the ministry's count stood at 12`), known speakers only: start, end, end of the words."""
    found = []
    for m in OWNED.finditer(text):
        floor = max(0, m.start() - 80)
        if owner := OWNER.search(text[floor : m.start()]):
            begins = max((a.start() for a in ARTICLE.finditer(owner.group())), default=0)
            who = owner.group()[begins:]
            if _is_known(who) or who.isupper():
                found.append((m.start() - len(who), m.start(), m.end()))
    return found


def _is_known(phrase: str) -> bool:
    return any(word.lower() in words_of("speakers") for word in WORD.findall(phrase))


LABEL = re.compile(r"(?:\d{1,2}[:.]\d\d )?(?P<who>[^:;,.\d]{3,60}): (?=\W?(?:[\w-]+ ){0,2}\d)")


def label(text: str) -> tuple[int, int] | None:
    """The source before the colon of a sentence that gives a number: `The ministry: 12 dead so far.`"""
    found = LABEL.match(text)
    return found.span("who") if found and _is_known(found["who"]) else None
