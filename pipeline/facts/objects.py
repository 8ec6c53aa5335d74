"""What harm does a verb say of its object? `killing 12`, `claimed six lives`, `left 12 dead`, `forced 5 million to flee`."""

from pipeline.facts import words
from pipeline.facts.counted import Counted, are_combatants, are_people, are_rivals, are_troops_lost
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
    """The harm that a verb says of what hangs from it: of its direct object first, then by phrases and complements after it."""
    if verb.lower_ in words.SHOOT and (after := _next_word(verb)) in ("down", "off", "up", "dead"):
        return Harm("killed", verb.nbor(), "shot dead") if after == "dead" else None
    if verb.lower_ in words.ELIMINATE and are_rivals(c):
        return None
    if token.dep_ in ("dobj", "dative") and (harm := _done_to_object(verb, token, c)) is not None:
        return harm
    if token.dep_ == "dobj" or (token.dep_ == "npadvmod" and verb.lower_ in words.LOSE):
        harm = next((harm for rule in _OF_DIRECT_OBJECT if (harm := rule(verb, token, c)) is not None), None)
        if harm is not None:
            return harm
    lives = c.noun is not None and (c.noun.lower_ in words.LIFE or (token.lower_ in words.LIFE and are_people(c)))
    if lives and verb.lower_ in words.LIFE_VERBS:  # `claimed 300 Greek lives and 200 Turkish soldiers`
        return Harm("killed", verb, "lives")
    if token.dep_ == "dobj" and _only_takes(verb):
        return None
    return _by_phrase(verb, token) or _by_complement(verb, token)


def _next_word(verb: Token) -> str:
    return verb.nbor().lower_ if verb.i + 1 < len(verb.doc) else ""


def _not_saved(verb: Token, token: Token, c: Counted) -> Harm | None:
    """`could not save 12`."""
    return Harm("killed", verb, NOT_BACK) if verb.lower_ in words.SAVE and has(verb, "neg") else None


def _plainly_done(verb: Token, token: Token, c: Counted) -> Harm | None:
    """`killed 12`, `shot 12 dead`, `killed or wounded 30`."""
    if verb.lower_ not in words.DONE_TO or has(verb, "auxpass"):
        return None
    return Harm("killed", verb, "object") if is_fatal(verb) else _casualties_of_pair(verb, token)


def _done_later(verb: Token, token: Token, c: Counted) -> Harm | None:
    return _done_to_them(verb)


def _hit_by_fire(verb: Token, token: Token, c: Counted) -> Harm | None:
    """`gunfire struck three`."""
    is_hit = verb.lower_ in words.STRIKE and are_people(c) and _is_shot(verb)
    return Harm("casualties", verb, "hit by fire") if is_hit else None


def _claimed(verb: Token, token: Token, c: Counted) -> Harm | None:
    """`claimed 12 victims`."""
    return Harm("killed", verb, "claimed victims") if token.lower_ == "victims" and verb.lower_ in words.CLAIM else None


def _treated(verb: Token, token: Token, c: Counted) -> Harm | None:
    """`treated 40 casualties`, `hospitals treated 40 people`."""
    by_hospital = (c.noun is None or are_people(c)) and any(
        k.dep_ == "nsubj" and (k.lower_ in words.HOSPITALS or k.lower_ in words.HEALERS) for k in verb.children
    )
    ailment = next((g for t in (verb, token) for k in t.children if k.lower_ == "for" for g in k.children), None)
    by_hospital = by_hospital and (ailment is None or ailment.lower_ in words.INJURIES)  # no `for addiction`
    is_patient = by_hospital or (c.noun is not None and c.noun.lower_ in words.TREATED)
    return Harm("injured", verb, "treated") if verb.lower_ in words.TREAT and is_patient else None


def _destroyed(verb: Token, token: Token, c: Counted) -> Harm | None:
    """`wiped out 40 militants`, `took out three snipers`."""
    is_end = verb.lower_ in words.DESTROY or (verb.lower_ in words.TAKE and not _only_takes(verb))
    return Harm("killed", verb, "destroyed fighters") if is_end and are_combatants(c) else None


def _lost(verb: Token, token: Token, c: Counted) -> Harm | None:
    """`lost 12 colleagues`, `lost 70 of their own`."""
    own = [t.lower_ for t in c.doc[c.last + 1 : c.last + 4]]
    of_its_own = (
        own[:1] == ["of"] and own[1:2] in (["its"], ["their"], ["his"]) and own[2:] in (["own"], ["men"], ["number"])
    )
    by_force = (c.noun is None or c.noun.lower_ == "members") and any(
        k.dep_ == "nsubj" and (words.is_combatant(k.lower_) or k.lower_ in words.FORCES) for k in verb.children
    )  # `the army lost 20`
    is_loss = by_force or of_its_own or (are_people(c) and not are_rivals(c))
    is_loss = is_loss and verb.lower_ in words.LOSE
    return Harm("casualties" if are_troops_lost(c) else "killed", verb, "lost people") if is_loss else None


def done_to_all(verb: Token, token: Token, c: Counted) -> Harm | None:
    """What a verb does to all that are coordinated with its object."""
    if verb.lower_ in words.DONE_TO:
        return Harm(words.DONE_TO[verb.lower_], verb, "object")
    return _lost(verb, token, c)


_OF_DIRECT_OBJECT = (_not_saved, _plainly_done, _done_later, _hit_by_fire, _claimed, _treated, _destroyed, _lost)


def _only_takes(verb: Token) -> bool:
    """`took 12 prisoners`, which is no `took out`."""
    return verb.lower_ in words.TAKE and not any(k.lower_ == "out" for k in verb.children)


def _by_phrase(verb: Token, token: Token) -> Harm | None:
    phrases = (p for p in (*verb.children, *token.children) if p.dep_ == "prep" and p.i > token.i)
    return next((harm for p in phrases if (harm := _object_phrase(verb, p)) is not None), None)


def _by_complement(verb: Token, token: Token) -> Harm | None:
    """`left 12 dead`, `found 12 killed`, `listed 12 as missing`."""
    if verb.lower_ not in words.LINKS:
        return None
    for child in verb.children:
        if child.i <= token.i:
            continue
        if child.dep_ == "advcl" and child.lower_ in words.STATES and any(k.lower_ == "as" for k in child.children):
            return Harm(words.STATES[child.lower_], child, "listed as")
        if child.dep_ in COMPLEMENTS and not any(k.dep_ in SUBJECTS and k.i != token.i for k in child.children):
            harm = subject_harm(child)
            if harm is not None:
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
        out = c.noun is None and verb.lower_ in words.DRIVE  # `forced nearly 40,000 out`
        return harm if harm.rule != "verb and particle" or are_people(c) or out else None
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
