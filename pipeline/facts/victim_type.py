"""Civilians or combatants? By the victims' own words, else by those of the counts that theirs is told with.

`civilian` if the text says so or it is plain, `combatant` for soldiers, fighters, attackers, else `unspecified`. The victims'
words, the cause, and the words for the count's whole, parts, neighbours and the same count elsewhere each speak for or
against each type, with weights that tools/fit_victim_types.py learns (victim_type.json). What spoke loudest for the
answer is its rule. (Words for places and fighting around the count were tried: held out, they brought nothing.)
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from pipeline.facts import words
from pipeline.facts.cues import load_weights
from pipeline.facts.gazetteer import country_names, demonyms
from pipeline.facts.model import Document, Mention, Reading
from pipeline.facts.spelling import key
from pipeline.records import Cause, VictimType

TYPES: tuple[VictimType, ...] = get_args(VictimType)
COMPANY = 2
"""Sentences apart within which the count before or after may be of the same people."""


def read_all(mentions: Sequence[Mention], document: Document, causes: Sequence[Cause]) -> list[Reading[VictimType]]:
    """One answer a mention, in order."""
    named = [called_there(m, document) for m in mentions]
    known = load_weights("victim_type.json")
    return [decide(list(features(i, mentions, causes[i], named)), known) for i in range(len(mentions))]


def decide(found: Sequence[str], known: Mapping[str, float]) -> Reading[VictimType]:
    """The type that most is said for, and the loudest thing said for it."""
    scores = {kind: sum(known.get(f"{kind}: {f}", 0.0) for f in found) for kind in TYPES}
    best: VictimType = max(TYPES, key=lambda kind: scores[kind])
    return Reading(best, max(found, key=lambda f: known.get(f"{best}: {f}", 0.0)))


_FORCES = (
    r"(?:troops?|soldiers?|fighters?|servicem[ae]n|servicemembers?|militants?|rebels?|insurgents?|mercenar(?:y|ies)|conscripts?|reservists?|"
    r"invaders?|combatants?|generals?|colonels?|commanders?|army|armies|military|marines|paratroopers|militia(?:men|s)?)"
)
_OTHERS = r"(?:civilians?|people)"
_TOLL = r"(?:deaths?|death toll|toll|dead|casualties|casualty|fatalities|victims|losses|death count)"


def _label(who: str, others: str) -> re.Pattern[str]:
    of_them = rf"(?:number|toll|deaths?|losses|casualties) (?:of|among|in) (?:[\w'-]+ ){{0,2}}?{who}"
    return re.compile(rf"\b(?:{who} {_TOLL}|{of_them})\b(?:(?!\b{others}\b)[^.;]){{0,90}}$", re.I)


LABELS = {"civilian": _label("civilians?", rf"(?:{_FORCES}|police)"), "combatant": _label(_FORCES, _OTHERS)}
"""`puts civilian deaths at 40`, `its civilian toll at nine killed and 32 wounded`, `losses of the army stand at 300`."""
SUFFERING = re.compile(
    rf"\b(?:{_FORCES}|forces)(?: (?!{_OTHERS}\b)[\w'-]+){{0,5}} (?:suffer|sustain|t[ao]k|los)\w*(?: [\w-]+){{0,2}} \W?$",
    re.I,
)
"""`the rebels have suffered thousands of casualties`."""
AMONG = re.compile(r", (?:including|with|of whom|among them) (?:\w+ )?$", re.I)
"""`265 militants surrendered, including 51 wounded`: a part of people who were not harmed themselves."""
COUNTED = re.compile(r"\b\d[\d,.]*((?: (?!and\b|or\b)[\w'-]+){1,3})")
JOINED = re.compile(
    r" (?:and|or)(?: (?!(?:an?|the|one|two|three|four|five|six|seven|eight|nine|ten)\b)[a-z'-]+){1,3}", re.I
)
"""`soldiers and innocent civilians`, counted together."""
SILENT = frozenset(["nothing", "people", "something else"])


def called_there(mention: Mention, document: Document) -> str:
    """What the victims' own words call them, or else what the words before their number do."""
    victims, sentence = mention.victims(document), mention.sentence
    own = called(victims)
    joined = JOINED.match(sentence.text, (mention.victims_end or 0) - sentence.start) if victims else None
    if victims and joined and called(victims + joined[0]) == "both":
        return "both"
    return told_before(sentence.text[: mention.number_start - sentence.start]) or own if own in SILENT else own


def told_before(text: str) -> str | None:
    """What a label, a force that suffers, or the people that the number is a part of say of it."""
    label = next((kind for kind, label in LABELS.items() if label.search(text)), None)
    if label or SUFFERING.search(text):
        return label or "combatant"
    if not AMONG.search(text):
        return None
    return next((kind for m in reversed(COUNTED.findall(text)) if (kind := called(m)) in TELLING), None)


def called(victims: str | None) -> str:
    """What the victims' own words call them: civilian, children, combatant, both, perhaps civilian, police, or what sort of nothing."""
    if victims is None:
        return "nothing"
    text = victims.lower()
    listed = words_of(text)
    civilian = [i for i, w in enumerate(listed) if words.is_civilian(w)]
    combatant = [i for i, w in enumerate(listed) if words.is_combatant(w)]
    if any(p in text for p in words.COMBATANT_PHRASES):
        return "combatant"
    if civilian and (combatant or "police" in listed):
        if "and" in listed or "or" in listed:
            return "both"
        return "civilian" if civilian > combatant else "combatant"
    if combatant:
        return "combatant"
    if civilian:
        return (
            "children"
            if all(listed[i] in CHILDREN or words.singular(listed[i]) in CHILDREN for i in civilian)
            else "civilian"
        )
    if any(words.is_perhaps_civilian(w) for w in listed):
        return "perhaps civilian"
    return unmarked(listed)


CHILDREN = frozenset(words.load("populations.yaml")["populations"]["children"])
"""Plainly civilians, but that says nothing of the people counted with them."""
POLICE = frozenset(
    [
        "police",
        "policeman",
        "policemen",
        "policewoman",
        "policewomen",
        "officer",
        "officers",
        "cop",
        "cops",
        "guard",
        "guards",
    ]
)
PEOPLE = frozenset(
    [
        "people",
        "persons",
        "person",
        "others",
        "other",
        "more",
        "individuals",
        "victims",
        "victim",
        "lives",
        "souls",
        "bodies",
    ]
)
UPROOTED = frozenset(["migrants", "migrant", "refugees", "refugee", "families", "households", "evacuees"])


def unmarked(listed: Sequence[str]) -> str:
    """A sort of people who may be either."""
    last = listed[-1] if listed else ""
    if any(w in POLICE for w in listed):
        return "police"
    if last in PEOPLE:
        return "people"
    if last in ("women", "woman", "girls", "wife", "widow"):
        return "women"
    if last in ("men", "man", "husband"):
        return "men"
    if last in UPROOTED:
        return "uprooted"
    return "a nationality" if key(last) in demonyms() or key(last) in country_names() else "something else"


def words_of(phrase: str) -> list[str]:
    return [w.strip(".,'\"()") for w in phrase.lower().replace("-", " ").replace("'s ", " ").split()]


TELLING = frozenset(["civilian", "children", "combatant", "both", "perhaps civilian", "police"])
"""What says something of the people besides it."""


def features(i: int, mentions: Sequence[Mention], cause: Cause, named: Sequence[str]) -> Iterator[str]:
    """Names of all that speaks for one type or another."""
    mention, own = mentions[i], named[i]
    setting = "displaced" if mention.metric == "displaced" else cause
    yield "any"
    yield f"called {own}"
    yield f"called {own}, {setting}"
    yield f"{'one' if mention.implicit else 'count'} in {setting}"
    if own in TELLING and own not in ("perhaps civilian", "police"):
        return
    yield from sorted(set(company(i, mentions, named)))


def is_same_count(a: Mention, b: Mention) -> bool:
    """The same number of the same harm, told twice; `at least 88` in the text is the headline's `88`."""
    bounds = (a.low, a.high) == (b.low, b.high) or (a.low == b.low and (a.low or 0) >= 10 and None in (a.high, b.high))
    return bounds and a.metric == b.metric and not b.implicit


def company(i: int, mentions: Sequence[Mention], named: Sequence[str]) -> Iterator[str]:
    """What the counts told with it are called."""
    mention = mentions[i]
    if mention.whole is not None and mention.whole < len(mentions):
        yield f"part of {named[mention.whole]}"
    parts = {named[k] for k, m in enumerate(mentions) if m.whole == i and m.metric == mention.metric}
    if parts:
        telling = parts & TELLING
        yield f"among them {telling.pop() if len(telling) == 1 else 'several' if telling else 'none told'}"
    for k, m in enumerate(mentions):
        if k != i and named[k] in TELLING:
            if is_same_count(m, mention):
                yield f"same count called {named[k]}"
            elif m.whole is not None and m.whole != mention.whole:
                continue  # `including 64 children` says nothing of the wounded counted next
            elif m.sentence is mention.sentence and m.whole != i and mention.whole != k:
                yield f"{'other part' if m.whole is not None else 'beside'} {named[k]}"
            elif abs(k - i) == 1 and abs(m.sentence.index - mention.sentence.index) <= COMPANY:
                yield f"count {'before' if k < i else 'after'} of {named[k]}"
