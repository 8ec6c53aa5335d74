"""What harm does a verb say of its object? `killing 12`, `claimed six lives`, `left 12 dead`, `forced 5 million to flee`."""

from pipeline.facts import words
from pipeline.facts.counted import Counted, are_combatants, are_people, are_rivals
from pipeline.facts.model import Harm
from pipeline.facts.predicates import (
    COMPLEMENTS,
    NOT_BACK,
    SUBJECTS,
    completes,
    driven,
    has,
    is_fatal,
    phrase_follows,
    subject_harm,
    verb_phrase_harm,
)
from pipeline.facts.tree import Token


def object_harm(verb: Token, token: Token, c: Counted) -> Harm | None:
    lower = verb.lower_
    if (
        lower in ("shot", "shoot", "shoots", "shooting")
        and verb.i + 1 < len(verb.doc)
        and verb.nbor().lower_ in ("down", "off", "up")
    ):
        return None
    if lower in ("eliminate", "eliminates", "eliminated") and are_rivals(c):
        return None
    if lower in ("shot", "shoot", "shoots", "shooting") and verb.i + 1 < len(verb.doc) and verb.nbor().lower_ == "dead":
        return Harm("killed", verb.nbor(), "shot dead")
    if token.dep_ == "dobj" and lower in words.SAVE and has(verb, "neg"):
        return Harm("killed", verb, NOT_BACK)
    if token.dep_ in ("dobj", "dative") and (harm := _done_to_object(verb, token, c)) is not None:
        return harm
    if token.dep_ == "dobj" and lower in words.DONE_TO and not has(verb, "auxpass"):
        return Harm("killed", verb, "object") if is_fatal(verb) else _casualties_of_pair(verb, token)
    if token.dep_ == "dobj" and (harm := _done_to_them(verb)) is not None:
        return harm
    if token.dep_ == "dobj" and lower in words.STRIKE and are_people(c) and _is_shot(verb):
        return Harm("casualties", verb, "hit by fire")
    if token.dep_ == "dobj" and token.lower_ == "victims" and lower in ("claim", "claimed", "claims", "claiming"):
        return Harm("killed", verb, "claimed victims")
    if token.dep_ == "dobj" and lower in words.TREAT and c.noun is not None and c.noun.lower_ in words.TREATED:
        return Harm("injured", verb, "treated")
    if c.noun is not None and c.noun.lower_ in words.LIFE and lower in words.LIFE_VERBS:
        return Harm("killed", verb, "lives")
    if token.dep_ == "dobj" and lower in words.TAKE and not any(k.lower_ == "out" for k in verb.children):
        return None
    if token.dep_ == "dobj" and (lower in words.DESTROY or lower in words.TAKE) and are_combatants(c):
        return Harm("killed", verb, "destroyed fighters")
    if token.dep_ == "dobj" and lower in words.LOSE and are_people(c) and not are_rivals(c):
        return Harm("killed", verb, "lost people")
    for prep in (*verb.children, *token.children):
        if prep.dep_ == "prep" and prep.i > token.i:
            harm = _object_phrase(verb, prep)
            if harm is not None:
                return harm
    if lower in words.LINKS:
        for child in verb.children:
            if (
                child.dep_ == "advcl"
                and child.lower_ in words.STATES
                and child.i > token.i
                and any(k.lower_ == "as" for k in child.children)
            ):
                return Harm(words.STATES[child.lower_], child, "listed as")
            if child.dep_ in COMPLEMENTS and child.i > token.i:
                harm = subject_harm(child)
                if harm is not None and not any(k.dep_ in SUBJECTS and k.i != token.i for k in child.children):
                    return harm
    return None


def _is_shot(verb: Token) -> bool:
    """`gunfire struck three`, `fired live rounds, hitting eight`: what hits is shot or thrown."""
    around = (verb, verb.head) if verb.tag_ == "VBG" else (verb,)
    return any(k.lower_ in words.PROJECTILES for t in around for k in t.children if k.dep_ in ("nsubj", "dobj"))


def _done_to_object(verb: Token, token: Token, c: Counted) -> Harm | None:
    """`moved 3,400 residents to safety`, `treated 70 people with wounds`: phrases hang from the verb, or wrongly from its object."""
    harm = verb_phrase_harm(verb, "done")
    if harm is not None:
        return harm if harm.rule != "verb and particle" or are_people(c) else None
    for predicate in words.PREDICATES.get(verb.lower_, ()):
        if predicate.of == "done" and predicate.preps:
            noun = next((n for k in token.children if (n := completes(predicate, k)) is not None), None)
            if noun is None and c.first > verb.i:
                noun = phrase_follows(predicate, c.stop, c.doc)
            if noun is not None:
                return Harm(predicate.metric, noun, predicate.rule)
    return None


def _done_to_them(verb: Token) -> Harm | None:
    """`rescued 5,600 people and took them to relief camps`: the next verb's `them` are the people."""
    for then in verb.children:
        if then.dep_ == "conj" and any(k.dep_ == "dobj" and k.lower_ == "them" for k in then.children):
            metric = words.DONE_TO.get(then.lower_)
            return Harm(metric, then, "done to them") if metric else verb_phrase_harm(then, "done")
    return None


def _object_phrase(verb: Token, prep: Token) -> Harm | None:
    """`forced 15,000 from their homes`, `left five with wounds`, `turned 3 million into refugees`."""
    for noun in prep.children:
        if prep.lower_ in ("from", "out") and verb.lower_ in words.DRIVE and (harm := driven(prep, noun)) is not None:
            return harm
        if prep.lower_ == "with" and verb.lower_ in words.LEAVE and noun.lower_ in words.INJURIES:
            return Harm("injured", noun, "left with wounds")
        if prep.lower_ == "as" and (metric := words.STATES.get(noun.lower_) or words.HARM_NOUNS.get(noun.lower_)):
            return Harm(metric, noun, "listed as")
        if prep.lower_ == "into" and noun.lower_ in words.HARM_NOUNS:
            return Harm(words.HARM_NOUNS[noun.lower_], noun, "turned into")
        if prep.lower_ == "to" and noun.lower_ in words.HOSPITALS and verb.lower_ in words.TO_HOSPITAL:
            return Harm("injured", noun, "in hospital")
    return None


def _casualties_of_pair(verb: Token, token: Token) -> Harm:
    """`killed or injured 30` is one count of both."""
    harm = Harm(words.DONE_TO[verb.lower_], verb, "object")
    pair = [k for k in verb.children if k.dep_ == "conj" and k.i < token.i]
    if verb.dep_ == "conj" and not has(verb.head, "dobj"):
        pair.append(verb.head)
    for other in pair:
        metric = words.DONE_TO.get(other.lower_)
        if metric and {metric, harm.metric} == {"killed", "injured"} and abs(other.i - verb.i) <= 3:
            return Harm("casualties", verb, "object")
    return harm
