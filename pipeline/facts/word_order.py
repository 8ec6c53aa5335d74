"""Which harm do the words beside a number say, whatever the parse? Headlines and lists are parsed badly."""

from pipeline.facts import words
from pipeline.facts.counted import (
    NOUN_TAGS,
    Counted,
    are_combatants,
    before_noun,
    first_token,
    is_of_others,
    noun_follows,
)
from pipeline.facts.model import Harm
from pipeline.facts.predicates import has, subject_harm, verb_phrase_harm
from pipeline.facts.roles import as_subject
from pipeline.facts.tree import Doc, Token

_ADJECTIVES = frozenset(("dead", "missing", "homeless"))
_CONFIRMED = frozenset(("confirmed", "reported", "reportedly", "found", "officially", "already", "now", "pronounced"))


def headline(c: Counted) -> Harm | None:
    """`kills 83, injures 100`, `12 dead 30 hurt`: a word of harm right beside the number, nothing between."""
    after = c.doc[c.last + 1] if c.last + 1 < len(c.doc) else None
    state = (
        after is not None
        and after.lower_ in words.STATES
        and not before_noun(c, after)
        and after.lower_ not in words.LIFE
    )
    before = words_before(c)
    if c.stop + 1 < len(c.doc) and c.doc[c.stop].lower_ in ("shot", "stabbed") and c.doc[c.stop + 1].lower_ == "dead":
        return Harm("killed", c.doc[c.stop + 1], "shot dead")
    if c.stop < len(c.doc) and c.doc[c.stop].lower_ in _ADJECTIVES and not noun_follows(c.doc, c.stop):
        return joined(c.doc, c.stop, Harm(words.STATES[c.doc[c.stop].lower_], c.doc[c.stop], "state after phrase"))
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
            else joined(c.doc, after.i, Harm(words.STATES[after.lower_], after, "state after number"))
        )
    return before


def _is_number(doc: Doc, i: int) -> bool:
    return i < len(doc) and (doc[i].tag_ == "CD" or doc[i].lower_[0].isdecimal())


def own_predicate(c: Counted) -> Harm | None:
    """`the toll has reached 19 and 31 are missing`, `38 people drowned and 20 were missing`: the verb right after a count is about that count."""
    at = c.stop
    if at + 1 >= len(c.doc) or is_of_others(c):
        return None
    ends = c.doc[at + 1].lower_ in (",", "and")
    if ends and c.doc[at].lower_ in words.SUFFERED and c.doc[at].tag_ in ("VBD", "VBN"):
        return Harm(words.SUFFERED[c.doc[at].lower_], c.doc[at], "own predicate")
    if c.doc[at].lower_ not in _BE_AFTER:
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


def after_aside(c: Counted) -> Harm | None:
    """`left at least 20 people, seven of whom are pupils, injured`, `over 100, most of them students, died`: a state or a verb after
    what commas set apart; a verb in between belongs to `who` or `whom`."""
    if c.stop + 2 >= len(c.doc) or c.doc[c.stop].text != ",":
        return None
    aside = c.doc[c.stop + 1 : c.stop + 16]
    relative = any(t.tag_ in ("WP", "WDT") for t in aside[:4])
    parts = relative or any(t.lower_ in ("them", "including", "among", "mostly") for t in aside[:5])
    for token in aside:
        if token.text in (".", ";", ":") or (not relative and token.tag_ in _FINITE):
            return None
        if not parts and token.tag_ == "CD":
            return None
        if token.text == "," and token.i + 1 < len(c.doc):
            told = c.doc[token.i + 1]
            if told.lower_ in words.SUFFERED and told.tag_ in ("VBD", "VBN") and told.lower_ not in words.DONE_TO:
                return Harm(words.SUFFERED[told.lower_], told, "verb after an aside")
            if told.lower_ in words.STATES and not _object_follows(c.doc, told.i):
                return Harm(words.STATES[told.lower_], told, "state after an aside")
            return None
    return None


_FINITE = frozenset(("VBD", "VBZ", "VBP", "MD"))


def with_wounds(c: Counted) -> Harm | None:
    """`Twelve wounded, | four with fractures of the pelvis`, `21 with smoke poisoning`, `three teenagers with burns`."""
    at = c.stop
    if at < len(c.doc) and c.doc[at].lower_ in (
        "was",
        "were",
        "been",
    ):  # `five were brought to Alba by road with bullet wounds`
        way = c.doc[at + 1 : at + 10]
        carried = bool(way) and way[0].tag_ == "VBN" and way[0].lower_ in words.TO_HOSPITAL
        at = next((t.i for t in way if carried and (t.is_punct or t.lower_ == "with")), len(c.doc))
    if at < len(c.doc) and [t.lower_ for t in c.doc[at : at + 4] if t.lower_ != "a"][:3] in _IN_CONDITION:
        return Harm("injured", c.doc[at + 2], "in a critical condition")
    if at >= len(c.doc) or c.doc[at].lower_ != "with":
        return None
    for token in c.doc[at + 1 : at + 7]:
        if (
            (token.tag_.startswith("VB") and token.lower_ not in words.STATES)
            or token.text in ",.;:"
            or token.lower_ == "no"
        ):
            return None
        if token.lower_ in words.INJURIES and token.tag_ in NOUN_TAGS and token.lower_ not in _AILS:
            return Harm("injured", token, "with wounds")
    return None


_IN_CONDITION = [["in", how, "condition"] for how in ("critical", "serious", "stable", "grave")]
_AILS = frozenset(("symptoms", "limbs", "bones", "bullets"))
"""What one may have without a wound."""


def words_after(c: Counted) -> Harm | None:
    """`25 YPG Fighters Killed`, `30 others reportedly hurt`: a state or participle right after the phrase, and no object."""
    if is_of_others(c):
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
    if token.tag_ == "VBN" and (done := _done_to_them(token, i == c.stop, passive)) is not None:
        return done
    metric = words.STATES.get(lower) or (words.DONE_TO.get(lower) if lower.endswith(("ed", "t", "n")) else None)
    if metric is None or (not passive and _object_follows(c.doc, i)):
        return None
    return joined(c.doc, i, Harm(metric, token, "state follows"))


def _done_to_them(verb: Token, adjacent: bool, passive: bool) -> Harm | None:
    """`one dead and seven treated at the scene`, `saw fires and thousands forced to flee`."""
    treated = verb_phrase_harm(verb, "done") if adjacent or passive else None
    if treated is not None and treated.metric == "injured":
        return treated
    driven = subject_harm(verb, passive=True) if adjacent and verb.lower_ in words.DRIVE else None
    return driven if driven is not None and driven.metric == "displaced" else None


def joined(doc: Doc, i: int, harm: Harm) -> Harm:
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
    if after is not None and after.lower_ in words.TIMES:
        return False  # `eight more wounded late Saturday`
    if after is not None and after.tag_ == "CD" and any(t.lower_ in words.STATES for t in doc[i + 2 : i + 4]):
        return False  # `25 Killed 110 Injured`: the second number has its own
    return after is not None and after.tag_ in ("CD", "DT", "PRP$", "NN", "NNS", "JJ", "PRP", "NNP", "NNPS", "JJR")


_LAID_TO_REST = [[lay, "to", "rest"] for lay in ("lay", "lays", "laid", "laying")]


def words_before(c: Counted) -> Harm | None:
    """`Blast kills 12`, `Kills Wounds Dozens`: an active verb right before the number."""
    begin = first_token(c)
    before = c.doc[begin - 1] if begin else None
    if [t.lower_ for t in c.doc[max(0, begin - 3) : begin]] in _LAID_TO_REST:
        return Harm("killed", c.doc[begin - 1], "laid to rest")
    if before is None or before.lower_ not in words.DONE_TO or has(before, "auxpass"):
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


def of_harmed(c: Counted) -> Harm | None:
    """`five of those killed`, `two of the dead`, `18 of the victims`, `Of the deaths, three occurred in Cebu`."""
    if (opened := _opens_with_harmed(c)) is not None:
        later = as_subject(c)
        return later if later is not None and later.metric == "killed" else opened
    if c.last + 3 >= len(c.doc) or c.doc[c.last + 1].lower_ != "of" or c.doc[c.last + 2].lower_ not in ("those", "the"):
        return None
    token = c.doc[c.last + 3]
    if token.lower_ in ("people", "persons", "ones") and c.last + 4 < len(c.doc):
        token = c.doc[c.last + 4]
    noun_follows = token.i + 1 < len(c.doc) and c.doc[token.i + 1].tag_ in NOUN_TAGS
    later = as_subject(c) or _died_after(token)
    if later is not None and later.metric == "killed":
        return later  # `six of the wounded died`
    metric = words.STATES.get(token.lower_) or ("killed" if token.lower_ == "victims" else None)
    return Harm(metric, token, "of those harmed") if metric and not noun_follows else None


def _died_after(harmed: Token) -> Harm | None:
    """`two of the injured | have since died`: auxiliaries and adverbs, and a verb of dying."""
    for token in harmed.doc[harmed.i + 1 : harmed.i + 5]:
        if words.SUFFERED.get(token.lower_) == "killed":
            return Harm("killed", token, "verb follows")
        if token.tag_ != "RB" and token.lower_ not in (*_BE_AFTER, "since", "later"):
            return None
    return None


_OF_THOSE = (["of", "the"], ["of", "those"])


def _opens_with_harmed(c: Counted) -> Harm | None:
    """`Of the deaths, | three occurred in Cebu`, `Of the 34 injured, | 18 could leave hospital`, `Of those uprooted, | 900 are in tents`: whatever
    is said of them then."""
    begin = first_token(c)
    opening = c.doc[:begin]
    if not 3 < begin < 12 or [t.lower_ for t in opening[:2]] not in _OF_THOSE or opening[-1].text != ",":
        return None
    harmed = opening[2 + (opening[2].tag_ == "CD")]
    metric = words.HARM_NOUNS.get(harmed.lower_) or words.STATES.get(harmed.lower_)
    named = any(t.tag_ in NOUN_TAGS for t in opening[harmed.i + 1 : -1] if t.dep_ != "pobj")
    return Harm(metric, harmed, "of those harmed") if metric and not named and c.noun is None else None


def turned_round(c: Counted) -> Harm | None:
    """`Killed were five men`, `Missing are two fishermen`, `Left homeless were 300 families`, `In relief camps are 900 people`."""
    begin = first_token(c)
    if begin < 2 or c.doc[begin - 1].lower_ not in ("was", "were", "are", "is"):
        return None
    opening = [t for t in c.doc[: begin - 1] if t.tag_ != "RB" and t.lower_ not in _OPENING]
    if not opening or len(opening) > 8 or any(t.is_punct for t in opening):
        return None
    state = opening[0]
    if state.lower_ in words.STATES and (len(opening) == 1 or opening[1].tag_ in ("IN", "CC", "RB")):
        return joined(c.doc, state.i, Harm(words.STATES[state.lower_], state, "turned round"))
    if state.tag_ == "VBG" or (state.tag_ == "VBN" and state.lower_ in words.PREDICATES):
        harm = verb_phrase_harm(state, "done" if state.tag_ == "VBN" else "subject")
        taken = (
            harm is None and state.lower_ in words.REFUGE_VERBS and opening[1:] and opening[1].lower_ in words.REFUGE
        )
        return Harm("displaced", state, "turned round") if taken or (harm and harm.metric == "displaced") else None
    return in_shelters(state.i, c.doc) if state.tag_ == "IN" else None


_OPENING = frozenset(("left", "being", "reported", "confirmed", "found", "listed", "feared"))


def in_shelters(i: int, doc: Doc) -> Harm | None:
    """`(5,600 people) in 12 evacuation centres`, from the preposition on."""
    if i >= len(doc) or doc[i].lower_ not in ("in", "inside", "at"):
        return None
    for token in doc[i + 1 : i + 6]:
        if token.lower_ in words.CAMPS and doc[token.i - 1].lower_ in words.OF_REFUGE:
            return Harm("displaced", token, "in shelters")
        if token.is_punct or token.tag_.startswith("VB"):
            return None
    return None


def sheltered(c: Counted) -> Harm | None:
    """`There are now 5,600 people in 12 evacuation centres`, `90 out of their homes`."""
    if (homes := _out_of_homes(c)) is not None:
        return homes
    return in_shelters(c.stop, c.doc) or _across_borders(c) if c.noun is not None else None


def _out_of_homes(c: Counted) -> Harm | None:
    """`(90) out of their homes`, `(three dead and 1,800 families) without a roof`, right after the count."""
    after = list(c.doc[c.stop : c.stop + 4])
    said = " ".join(t.lower_ for t in after if t.tag_ not in ("PRP$", "DT", "RB"))
    words_of_loss = next((p for p in _NO_HOME if said == p or said.startswith(p + " ")), None)
    return Harm("displaced", after[0], "out of homes") if words_of_loss else None


_NO_HOME = tuple(
    f"{lost} {home}"
    for lost in ("out of", "without")
    for home in ("home", "homes", "house", "houses", "roof", "shelter")
)


def _across_borders(c: Counted) -> Harm | None:
    """`9,000 people have crossed international borders escaping the war`: the parser takes the borders for what escapes."""
    after = c.doc[c.stop : c.stop + 6]
    crossed = next((t for t in after if t.lower_ in words.CROSS), None)
    if crossed is None or are_combatants(c) or any(t.is_punct for t in after):
        return None
    return Harm("displaced", crossed, "crossed border") if any(t.lower_ in _BORDERS for t in after) else None


_BORDERS = frozenset(("border", "borders", "frontier", "frontiers"))


def beside(c: Counted) -> Harm | None:
    """`two dead and a dozen in hospital`, `cost 27 their lives`: two words right after the count."""
    after = [t.lower_ for t in c.doc[c.stop : c.stop + 2]]
    unnamed = c.noun is None or c.noun.lower_ in ("people", "others", "persons", "more")
    if unnamed and after[:1] in (["in"], ["to"]) and after[1:] and after[1] in ("hospital", "hospitals"):
        return Harm("injured", c.doc[c.stop + 1], "in hospital")
    throats = [t.lower_ for t in c.doc[c.stop : c.stop + 4]]
    if (
        throats[2:3] in (["throats"], ["throat"])
        and throats[0] in ("had", "have", "has")
        and throats[3:]
        and throats[3] in words.CUT
    ):
        return Harm("killed", c.doc[c.stop + 3], "throats cut")
    cost = any(t.lower_ in words.LIFE_VERBS for t in c.doc[max(0, c.first - 4) : c.first])
    if cost and after in (["their", "lives"], ["his", "life"], ["her", "life"]):
        return Harm("killed", c.doc[c.stop + 1], "lives cost")
    return None


_STAYS = frozenset(("are", "is", "were", "was", "remain", "remained"))


def gravely(c: Counted) -> Harm | None:
    """`30 were hurt, ten critically`, `three of them seriously`, `two are critical`."""
    at = c.stop
    if at + 1 < len(c.doc) and c.doc[at].lower_ == "of" and c.doc[at + 1].lower_ in ("them", "whom", "those"):
        at += 2
    if c.doc[at : at + 1] and c.doc[at].lower_ in _STAYS and [t.lower_ for t in c.doc[at + 1 : at + 2]] == ["critical"]:
        ends = [t.lower_ for t in c.doc[at + 2 : at + 3]] in ([], [","], ["."], [";"], ["and"], ["in"], ["at"])
        return Harm("injured", c.doc[at + 1], "gravely") if ends else None
    if at >= len(c.doc) or c.doc[at].lower_ not in words.GRAVELY:
        return None
    ends = at + 1 >= len(c.doc) or c.doc[at + 1].lower_ in (",", ".", ";", "and", ")", "-")
    return Harm("injured", c.doc[at], "gravely") if ends else None
