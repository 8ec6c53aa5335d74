"""From a text to paragraphs and sentences with exact offsets, in linear time on anything.

The title is the first paragraph. Sentences are cut by our own rules (spaCy's are for edited prose): abbreviations, quotes,
bullets, headings, text without line breaks. What has no punctuation is cut into chunks.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pipeline.facts import words
from pipeline.facts.model import Document, Sentence
from pipeline.facts.numbers import find_numbers

LONGEST = 700
"""Characters of a sentence; longer ones are cut, so that one line of 5 MB costs no more than 5 MB of lines."""

_LOOK_ALIKES = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "′": "'", "´": "'", "`": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
    "‐": "-", "‑": "-", "‒": "-", "−": "-", "…": ".",
    "\u00a0": " ", "\u1680": " ", "\u202f": " ", "\u205f": " ", "\u3000": " ", "\ufeff": " ", "\u200b": " ", "\u00ad": " ",
    "\u200e": " ", "\u200f": " ", "\u2060": " ", "\u200c": " ", "\u200d": " ", "\t": " ", "\x0b": " ", "\x0c": " ", "\x85": " ",
    "，": ",", "．": ".", "：": ":", "\ufffd": " ",
}  # fmt: skip
_PLAIN = (
    _LOOK_ALIKES
    | {chr(c): " " for c in (*range(0x2000, 0x200B), *range(0x202A, 0x202F), *range(0x2066, 0x206A))}
    | {chr(c): " " for c in (*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0xA0))}
    | {chr(0xFF10 + d): str(d) for d in range(10)}
)
_ODD = re.compile(f"[{''.join(map(re.escape, _PLAIN))}]")

_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "gen",
        "lt",
        "col",
        "sgt",
        "maj",
        "capt",
        "cpl",
        "pvt",
        "brig",
        "adm",
        "cmdr",
        "gov",
        "sen",
        "rep",
        "rev",
        "hon",
        "pres",
        "st",
        "mt",
        "ft",
        "no",
        "nos",
        "vs",
        "etc",
        "inc",
        "ltd",
        "co",
        "corp",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "approx",
        "est",
        "dept",
        "u.s",
        "u.k",
        "u.n",
        "e.g",
        "i.e",
        "a.m",
        "p.m",
        "jr",
        "sr",
        "al",
        "op",
        "sq",
        "km",
        "fig",
        "vol",
        "ed",
        "eds",
        "pp",
        "min",
        "max",
        "art",
        "ave",
        "blvd",
        "rd",
    ]
)
# Looks first whether the character may begin any of its alternatives: most may not.
_END = re.compile(
    r"""(?=[.!?A-Z\s])(?:[.!?](?=["')\]]*\s)["')\]]*|(?<=[a-z]{2}[.!?])(?=[A-Z][a-z]{2})"""
    r"""|\s(?:[•▪●■◦|]\s|(?<=\w\s)\s{2,}(?=\S)"""
    r"""|(?=(?:At least|More than|As many as|(?:Dozens|Hundreds|Thousands|Scores) of) )(?<=[a-z]{2}\s)))"""
)
_NEXT = re.compile(r"""\s*["'(\[]*(\S)(\S*)""")
_WORD_BEFORE = re.compile(r"([\w.]+)$")


def normalise(text: str) -> str:
    """Look-alike characters replaced one for one, so that offsets stay."""
    return _ODD.sub(lambda odd: _PLAIN[odd[0]], text)  # str.translate looks every character up, and few are odd


def split(document: Document) -> list[Sentence]:
    """The sentences of a document, in order; blank ones left out."""
    clean = normalise(document.text)
    found: list[Sentence] = []
    paragraph = -1
    for start, end in _lines(clean):
        spans = list(_sentences(clean, start, end))
        paragraph += bool(spans)
        for a, b in spans:
            found.append(Sentence(len(found), paragraph, a, b, clean[a:b]))
    return found


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in re.finditer(r"[\n\r\u2028\u2029]+", text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


_STAMP = re.compile(
    r"(?:\b(?:AFP|AP|Reuters|Agencies|DPA|UPI|Xinhua) )?\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? \d{1,2} "
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{4} (?=[A-Z])"
)
"""When and by whom a page was published, between its title and its text, on one line with them: `AP Friday 7 Mar 2014 Two ...`."""


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Trimmed spans of a line's sentences, none longer than LONGEST; a publication stamp is one of its own."""
    at = start
    for stamp in _STAMP.finditer(text, start, min(end, start + STAMPED)):
        yield from _unstamped(text, at, stamp.start())
        yield stamp.start(), stamp.end() - 1
        at = stamp.end()
    yield from _unstamped(text, at, end)


STAMPED = 400
"""Characters at a line's beginning in which a stamp is looked for."""


def _unstamped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for match in _END.finditer(text, start, end):
        if _is_end(text, at, match, end):
            yield from _chunks(text, at, match.end())
            at = match.end()
    yield from _chunks(text, at, end)


def _is_end(text: str, at: int, match: re.Match[str], end: int) -> bool:
    """Does a sentence end here? Not after an abbreviation or an initial, nor before a small letter."""
    mark = match.group()
    if mark == " ":  # before `At least 230 people`, after a standfirst that lost its full stop
        return text[max(text.rfind(" ", at, match.start()), at - 1) + 1].islower()
    if not mark or mark[0] not in ".!?":
        return True
    following = _NEXT.match(text, match.end(), min(end, match.end() + 40))
    if following is None:
        return True
    if following.group(1).islower():
        return False
    if mark[0] != ".":
        return True
    before = _WORD_BEFORE.search(text, max(at, match.start() - 20), match.start())
    word = before.group(1) if before else ""
    if word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isupper()):
        return (
            word in ("US", "UK", "U.S", "U.K", "U.N", "a.m", "p.m")
            and following.group(0).strip().istitle()
            and _starts_sentence(following)
        )
    return True


_OPENERS = frozenset(
    [
        "The",
        "A",
        "An",
        "In",
        "On",
        "At",
        "He",
        "She",
        "It",
        "They",
        "We",
        "But",
        "And",
        "However",
        "Meanwhile",
        "There",
        "This",
        "That",
        "These",
        "Those",
        "His",
        "Her",
        "Its",
        "Their",
        "According",
    ]
)


def _starts_sentence(following: re.Match[str]) -> bool:
    return (following.group(1) + following.group(2)) in _OPENERS


def _chunks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Trim, and cut what is too long: at a semicolon, a comma or a space near the limit, else anywhere."""
    while start < end:
        while start < end and text[start].isspace():
            start += 1
        stop = end if end - start <= LONGEST else _cut(text, start)
        last = stop
        while last > start and text[last - 1].isspace():
            last -= 1
        if last > start:
            yield start, last
        start = stop


def _cut(text: str, start: int) -> int:
    half, limit = start + LONGEST // 2, start + LONGEST
    for mark in ("; ", " - ", ", ", " "):
        found = text.rfind(mark, half, limit)
        if found > 0:
            return found + len(mark)
    return limit


# --- which sentences are worth parsing --------------------------------------------------------------------------------

_HARM, _NUMBER, _ELLIPTIC, _SINGLE, _UNCOUNTED = 1, 2, 4, 8, 16
_KINDS = {
    _HARM: re.compile(
        r"kill|dead|die[sd]|^die$|dying|death|toll|casualt|fatal|wound|injur|^hurt|missing|unaccounted|displac|evacu|homeless|refuge"
        r"|^flee|^fled|^lives?$|^life$|murder|massacr|slain|slaughter|^bod(?:y|ies)$|corpse|perish|drown|victim|execut|assassin"
        r"|eliminat|shelter|hospital|martyr|behead|exodus|uproot|relocat|disappear|^homes?$|^lost$|^los(?:e|es|ing|ses?)$|^shot$"
        r"|neutrali|asylum|^idps?$|vanish|^burn|suffocat|^remains$|^expel|deport|annihilat|liquidat|^destroy|^sla[yi]|lynch|electrocut"
        r"|resettl|maim|^gunned|^stabbed|^treat|^wip|^cross|^blew$|^blow|^forced$|^driven$|^abandon"
    ),
    _NUMBER: re.compile(
        r"\d|^(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
        r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozens?|scores|tens|hundreds?|thousands?|millions?|several|couple|few"
        r"|handful|half|third|quarter|lakhs?|pair)$"
    ),
    _ELLIPTIC: re.compile(
        r"^(?:them|whom|those|victims?|number|figure|toll|total|others?|another|more|including|among|included?|all|tally|count|men"
        r"|women|children|soldiers|civilians|survivors?|each|apiece|abroad|hosts?|hosted|reported|recorded|registered|has|had|were|are"
        r"|claim(?:s|ed)?|speaks?|spoke|gives?|gave|counts|counted|acknowledge[sd]?|recogni[sz]e[sd]?|same)$"
    ),
    _SINGLE: re.compile(
        r"^(?:bodies|corpses?|deceased|assassination|killed|killing|kills?|died|dies|dead|murder(?:ed|s)?|wounded|wounding|injured|injuring|assassinated|drowned|perished"
        r"|missing|slain|slaying|hospitali[sz]ed|deaths?|body|himself|herself|passed|evacuated|gunned|shot|stabbed|crushed|beheaded"
        r"|executed|lynched|electrocuted|succumbed|suicide|strangled|hanged|bludgeoned|drowns|injures|slaughtered|suffocated|amputated|disappeared|vanished|martyred|hurt|fatal(?:ly|ity)?|critical(?:ly)?|trampled|mauled|eliminated)$"
    ),
    _UNCOUNTED: re.compile(
        r"^(?:assassin\w+|execut(?:ions?|ed)|murdering|hang(?:ed|ing)|poison\w+|evacuat\w+|fle(?:e|es|d|eing)|los(?:t|es|ing)|hospital"
        r"|shootings?|remains|lynching|deport\w+|expel\w+|burn(?:ed|s)|drowning|dying|die)$"
    ),
}  # fmt: skip
_WORD = re.compile(r"[a-z]+|\d")


@lru_cache(maxsize=50_000)
def _kind(word: str) -> int:
    kinds = sum(kind for kind, pattern in _KINDS.items() if pattern.search(word))
    return kinds | _HARM if word in words.TELLING else kinds


_PHRASES = re.compile(
    r"\bleft (?:their|his|her|the (?:country|city|area|region|town|village|enclave))\b|\b(?:picked|finished) off\b|\bspen[dt]\w* (?:\w+ )?(?:\w+ )?nights?\b"
    r"|\b(?:soldiers?|troops|fighters|policem[ae]n|militants|rebels|gendarmes|guards|marines|airmen) (?:fell|fall)\b"
    r"|\b(?:driv|drove|drives|forc|chas|push|order|mov|pull)\w* .{0,60}\b(?:out|from|to safety)\b|\bto (?:hell|safety)\b|\b(?:took|take[ns]?|taking) flight\b|\bthe (?:border|frontier)\b|\bin the open\b|\boutdoors\b|\binto exile\b|\bleft for\b|\bleave the\b|\bforcibly\b|\bnot? (?:\w+ )?(?:found|made?) "
)
"""Harm told by words that are each too common to count."""
_LIFE_LOST = re.compile(
    r"\b(?:los[te]\w*|claim\w*|took|taken?) (?:his|her|their|the)(?: own)? li(?:fe|ves)\b|\blos(?:t|es?|ing) (?:his|her|my|our|their) (?:[\w-]+ ){0,2}(?:son|daughter|husband|wife|father|mother|brother|sister|child|baby|parents?|friend)"
    r"|\bloss of (?:an?|his|her|my|our|their)\b|\blos(?:t|es|ing) (?:an?|his|her|my|one|both) (?:\w+ )?(?:legs?|arms?|hands?|foot|feet|eyes?|limbs?)\b"
    r"|\b(?:suffer|sustain|receiv)\w* .{0,40}\b(?:injur|burn|wound|fractur|concuss|bruis)|\bintensive care\b|\bicu\b|\b(?:broke|fractured) (?:his|her|both)\b|\bby (?:an? )?(?:\w+ )?(?:bullets?|shrapnel|debris|shell|fragments?)\b|\bcould ?n[o'](?:t|t be) save|\bcritical(?:ly)?\b|\b(?:to|in|into) (?:the )?hospital\b|\bidentified\b|\bvictim\w* (?:was|were|includ\w+|is)\b|\bin (?:a )?(?:critical|serious)"
)


def _kinds(sentence: Sentence) -> int:
    """Which kinds of words the sentence holds; a word is looked at once in a process, not once in a text."""
    kinds = 0
    present = set(_WORD.findall(sentence.text.lower()))
    for word in present:
        kinds |= _kind(word)
    if not kinds & _SINGLE and kinds & _HARM and _LIFE_LOST.search(sentence.text.lower()):
        kinds |= _SINGLE
    if kinds & _NUMBER and not kinds & _HARM and (_PHRASES.search(sentence.text.lower()) or _tells_together(present)):
        kinds |= _HARM
    return kinds


def _tells_together(present: set[str]) -> bool:
    """Does a sentence of these words hold a verb and a noun that say harm together: `shifted ... to higher ground`?"""
    for verb in present & words.PREDICATES.keys():
        for predicate in words.PREDICATES[verb]:
            any_place = "PLACE" in predicate.nouns and not (predicate.preps and present.isdisjoint(predicate.preps))
            complete = any_place or not present.isdisjoint(predicate.nouns)
            if complete and (not predicate.near or not present.isdisjoint(predicate.near)):
                return True
    return False


def worth_parsing(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """Sentences that may hold a fact: a word of harm and a count, a word of harm said of one person, or a count that may
    go on with the sentence before. Years, dates, sums and the like are no counts."""
    before = 0
    for sentence in sentences:
        kinds = _kinds(sentence)
        goes_on = kinds & _ELLIPTIC and before & _HARM and before & _NUMBER
        numbered = kinds & _NUMBER and (kinds & _HARM or goes_on)
        if kinds & _SINGLE or (numbered and (kinds & _UNCOUNTED or find_numbers(sentence.text))):
            yield sentence
        before = kinds
