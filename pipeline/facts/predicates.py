"""What harm does a predicate say of its subject? `were killed`, `died`, `had to flee`, `lost their lives`, `are in hospital`."""

from pipeline.facts import words
from pipeline.facts.gazetteer import gazetteer
from pipeline.facts.model import Harm
from pipeline.facts.spelling import key
from pipeline.facts.tree import Doc, Token

COMPLEMENTS = frozenset(("acomp", "attr", "oprd", "xcomp", "ccomp", "dep"))
_COMPLETING = frozenset(("dobj", "xcomp", "npadvmod", "nsubjpass", "attr", "acomp", "oprd", "advmod", "ccomp", "amod"))
SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj"))
NOT_BACK = "not come back"


def subject_harm(verb: Token, passive: bool | None = None, depth: int = 0) -> Harm | None:
    """The harm that a predicate says of its subject, through its complements."""
    lower = verb.lower_
    harm = state_or_verb(verb, passive)
    if lower == "shot" and any(k.dep_ == "prt" for k in verb.children):  # `was shot down and killed`
        then = [k for k in verb.children if _shares_subject(k)]
        return next((h for k in then if (h := subject_harm(k, passive, depth + 1)) is not None), None)
    if harm is not None and lower not in ("shot", "burned", "burnt"):
        return _with_other_metric(harm, verb)
    if depth < 4:
        for child in verb.children:
            if _is_left_behind(verb, child):
                continue
            if (
                (child.dep_ in COMPLEMENTS or (child.dep_ == "advcl" and child.lower_ in words.STATES))
                and (lower in words.LINKS or (depth == 0 and child.dep_ in ("acomp", "oprd", "attr")))
            ) or _shares_subject(child):
                if child.dep_ == "ccomp" and not has(verb, "auxpass") and verb.tag_ != "VBN":
                    continue
                if child.dep_ in ("ccomp", "dep", "advcl") and any(k.dep_ in SUBJECTS for k in child.children):
                    continue
                found = subject_harm(child, None, depth + 1)
                if found is not None:
                    return found
            if child.dep_ == "advcl" and child.lower_ in ("fleeing", "escaping") and lower in words.COME:
                return Harm("displaced", child, "verb")  # `have arrived in Chad, fleeing violence`
            if child.dep_ == "prep" and not (has(verb, "dobj") and child.lower_ == "to"):
                found = _in_phrase(child)
                if found is not None:
                    return found
    return harm


def _is_left_behind(verb: Token, child: Token) -> bool:
    """`The storm left 20 injured`: what follows the number is said of it, not of the subject."""
    if verb.lower_ not in ("left", "leaves", "leaving", "leave") or has(verb, "auxpass"):
        return False
    return any(t.tag_ == "CD" for t in verb.doc[verb.i + 1 : child.i])


def _shares_subject(child: Token) -> bool:
    return child.dep_ == "conj" and not any(k.dep_ in SUBJECTS for k in child.children)


def state_or_verb(verb: Token, passive: bool | None) -> Harm | None:
    lower = verb.lower_
    if lower.startswith("drown") and any(k.lower_ == "out" for k in verb.children):
        return None  # `drowned out by the shouting`
    if passive is None and _is_done_by(verb):
        return None
    done = passive if passive is not None else is_passive(verb)
    if done and (harm := verb_phrase_harm(verb, "done")) is not None:
        return harm
    if lower in words.SUFFERED and not has(verb, "auxpass") and not (has(verb, "dobj") and lower in words.DONE_TO):
        return Harm(words.SUFFERED[lower], verb, "verb")
    if lower == "eliminated" and any(words.singular(k.lower_) in words.RIVALS for k in verb.children):
        return None
    if lower in words.DONE_TO and done:
        return Harm("killed" if is_fatal(verb) else words.DONE_TO[lower], verb, "passive")
    if lower in words.STATES and not has(verb, "dobj"):
        return Harm(words.STATES[lower], verb, "state")
    if lower in words.HARM_NOUNS and verb.dep_ in ("attr", "oprd"):
        return Harm(words.HARM_NOUNS[lower], verb, "noun as state")
    if lower in ("victim", "victims") and any(g.lower_ in words.NOMINAL for k in verb.children for g in k.children):
        return Harm("killed", verb, "victims of killings")
    if lower in words.PASS and any(k.lower_ == "away" for k in verb.children):
        return Harm("killed", verb, "passed away")
    return (
        _with_object(verb)
        or _not_back(verb, done)
        or (None if has(verb, "auxpass") else verb_phrase_harm(verb, "subject"))
    )


def _is_done_by(verb: Token) -> bool:
    """`the men he killed`: a relative clause whose own subject does it."""
    if verb.dep_ != "relcl" or verb.tag_ != "VBD" or verb.lower_ not in words.DONE_TO or verb.lower_ in words.SUFFERED:
        return False
    return not has(verb, "dobj") and not has(verb, "auxpass") and any(k.tag_ == "PRP" for k in verb.children)


def is_fatal(verb: Token) -> bool:
    """`fatally shot`, `found shot`, `shot dead`."""
    before = verb.doc[verb.i - 1].lower_ if verb.i else ""
    after = verb.doc[verb.i + 1].lower_ if verb.i + 1 < len(verb.doc) else ""
    return (
        before in ("fatally", "mortally", "found")
        or after == "dead"
        or any(k.lower_ in ("fatally", "dead") for k in verb.children)
    )


def _not_back(verb: Token, passive: bool) -> Harm | None:
    """`did not survive`, `could not be saved`, `have not been found`, `are yet to be traced`: what the denial of a return says."""
    metric = words.DENIED.get(verb.lower_)
    if metric is None or (metric == "missing" or verb.lower_ in words.SAVE) != passive:
        return None
    yet = verb.lower_ in words.SOUGHT_OUT and any(t.lower_ == "yet" for t in verb.doc[max(0, verb.i - 4) : verb.i])
    if not yet and not has(verb, "neg"):
        return None
    if verb.lower_ in ("make", "made", "makes", "making") and not any(k.lower_ in ("it", "out") for k in verb.children):
        return None
    return Harm(metric, verb, NOT_BACK)


def _abroad(verb: Token) -> Harm | None:
    """`have crossed into Chad`, `were forcibly taken away`."""
    if verb.lower_ in words.CROSS:
        into = next((k for k in verb.children if k.lower_ in ("into", "to")), None)
        if into is not None and any(k.dep_ == "pobj" and k.tag_ == "NNP" for k in into.children):
            return Harm("displaced", verb, "crossed border")
    if verb.lower_ in ("taken", "transferred", "moved", "removed") and any(
        k.lower_ in ("forcibly", "forcefully") for k in verb.children
    ):
        return Harm("displaced", verb, "taken by force")
    return None


_ALSO_PASSIVE = frozenset(("living in shelters", "sleeping in the open"))
"""`are camped along the railway`, `were lodged in tents`: said of the subject in the passive too."""


def verb_phrase_harm(verb: Token, of: str) -> Harm | None:
    """The harm that a verb says together with its object or a phrase (`predicates` in harm.yaml)."""
    if (abroad := _abroad(verb)) is not None:
        return abroad
    for predicate in words.PREDICATES.get(verb.lower_, ()):
        if predicate.of == of or (of == "done" and predicate.rule in _ALSO_PASSIVE):
            for child in verb.children:
                noun = completes(predicate, child)
                if noun is not None:
                    return Harm(predicate.metric, noun if child.dep_ == "prep" else verb, predicate.rule)
            noun = phrase_follows(predicate, verb.i + 1, verb.doc)
            if noun is not None:
                return Harm(predicate.metric, noun, predicate.rule)
    particles = words.PARTICLE_VERBS if of == "done" else words.PARTICLES_OF_SUBJECT
    for child in verb.children:
        metric = particles.get((verb.lower_, child.lower_))
        if metric is not None and child.dep_ in ("prt", "advmod", "prep") and not child.children:
            return Harm(metric, verb, "verb and particle")
    return None


def phrase_follows(predicate: words.Predicate, i: int, doc: Doc) -> Token | None:
    """The noun that makes a predicate whole, by word order from a token on, where the parse hangs the phrase elsewhere."""
    if not predicate.preps or i >= len(doc):
        return None
    i += doc[i].tag_ == "RB"
    if i >= len(doc) or doc[i].lower_ not in predicate.preps:
        return None
    for noun in doc[i + 1 : i + 6]:
        further = noun.tag_ == "IN" and noun.lower_ != "of"  # `to Poland in a hospital train`
        if further or noun.is_punct or noun.tag_ in ("VBD", "VBZ", "VBP", "WP", "WDT"):
            return None
        if _is_noun_of(predicate, noun):
            return noun if _is_near(predicate, noun) else None
    return None


def _is_noun_of(predicate: words.Predicate, noun: Token) -> bool:
    """A noun that the predicate lists, or any place's name if it lists PLACE."""
    return noun.lower_ in predicate.nouns or ("PLACE" in predicate.nouns and _is_place_name(noun))


def _is_place_name(noun: Token) -> bool:
    if noun.tag_ not in ("NNP", "NNPS"):
        return False
    whole = noun.doc.text[min((k.idx for k in noun.children if k.dep_ == "compound"), default=noun.idx) : noun.end]
    return any(gazetteer().rows(key(name)) for name in (whole, noun.text))


def completes(predicate: words.Predicate, child: Token) -> Token | None:
    """The noun by which a verb's object or phrase makes the predicate whole."""
    if child.dep_ not in ("prep", "agent", "dative", "prt", "advmod") or not predicate.preps:
        fits = not predicate.preps and child.dep_ in _COMPLETING and _is_noun_of(predicate, child)
        if child.dep_ == "xcomp" and has(child, "dobj"):
            return None  # `forced 200 workers to leave their jobs`
        return child if fits and _is_near(predicate, child) else None
    if child.lower_ not in predicate.preps:
        return None
    for noun in child.children:
        inner = noun if noun.dep_ != "prep" else next((k for k in noun.children if k.dep_ == "pobj"), noun)
        if _is_noun_of(predicate, inner) and _is_near(predicate, inner):
            return inner
    return None


def _is_near(predicate: words.Predicate, noun: Token) -> bool:
    return not predicate.near or any(t.lower_ in predicate.near for t in noun.doc[max(0, noun.i - 4) : noun.i + 6])


_MEET = frozenset(("suffer", "suffers", "suffered", "met", "meets", "died"))


def _with_object(verb: Token) -> Harm | None:
    """`lost their lives`, `suffered burns`, `took shelter`, `left their homes`, `fled`."""
    lower = verb.lower_
    for child in verb.children:
        if (
            child.lower_ == "amputated"
            and lower in words.HAVING
            and any(k.lower_ in words.LIMBS for k in child.children)
        ):
            return Harm("injured", child, "lost a limb")
        if child.dep_ not in ("dobj", "attr", "nsubjpass", "pobj", "conj"):
            continue
        noun = child.lower_
        if noun in words.LIFE and lower in words.LIFE_VERBS and not has(verb, "auxpass"):
            return Harm("killed", verb, "lost lives")
        if noun == "death" and lower in _MEET and not has(verb, "auxpass"):
            return Harm("killed", verb, "met with death")
        if noun == "suicide" and lower in ("committed", "commits", "commit", "committing"):
            return Harm("killed", child, "killed oneself")
        if noun in words.LIMBS and lower in ("lost", "loses", "losing") and not has(verb, "auxpass"):
            return Harm("injured", verb, "lost a limb")
        if lower in _MEET and not has(verb, "auxpass") and any(k.lower_ == "fatal" for k in child.children):
            return Harm("killed", verb, "met with death")  # `suffered a fatal stroke`
        if noun in words.INJURIES and lower in words.SUFFER and not has(verb, "auxpass"):
            return Harm("injured", child, "suffered injuries")
        if noun in words.REFUGE and lower in words.REFUGE_VERBS:
            return Harm("displaced", child, "sought refuge")
        if noun.endswith(("self", "selves")) and lower in words.SELF_HARM:
            return Harm("killed", verb, "killed oneself")
        if noun in ("border", "borders", "frontier") and lower in words.CROSS:
            return Harm("displaced", verb, "crossed border")
        if noun in ("comfort", "comforts", "safety", "ruins", "wreckage"):  # `left the comfort of their homes`
            noun = next((g.lower_ for k in child.children if k.lower_ == "of" for g in k.children), noun)
        if noun in words.HOMES and lower in words.LEAVE and child.i > verb.i:
            return Harm("displaced", verb, "left homes")
    return None


def _in_phrase(prep: Token) -> Harm | None:
    """What a phrase says of the subject: `were among the dead`, `burned to death`, `driven from their homes`."""
    for noun in prep.children:
        for rule in (_to_death, among_harmed, _hurt_or_treated, driven, _listed_as, _after_doing):
            harm = rule(prep, noun) if noun.dep_ in ("pobj", "pcomp", "amod", "prep") else None
            if harm is not None:
                return harm
    return None


def _listed_as(prep: Token, noun: Token) -> Harm | None:
    """`reported as missing`, `counted as killed`, `victims of killings`, `arrived as refugees`."""
    if prep.lower_ != "as":
        return None
    metric = words.STATES.get(noun.lower_) or words.HARM_NOUNS.get(noun.lower_)
    return Harm(metric, noun, "listed as") if metric else None


def _after_doing(prep: Token, verb: Token) -> Harm | None:
    """`sought help after sustaining injuries`, `slept in tents after leaving their homes`."""
    if prep.lower_ != "after" or verb.dep_ != "pcomp" or any(k.dep_ in SUBJECTS for k in verb.children):
        return None
    return _with_object(verb) or (Harm("displaced", verb, "verb") if verb.lower_ == "fleeing" else None)


def _to_death(prep: Token, noun: Token) -> Harm | None:
    """`burned to death`, but not `sentenced to death`, `admitted to the deaths of three`, `reacted to Petrov's death`."""
    own = not any(k.lower_ == "of" or (k.dep_ == "poss" and k.tag_ != "PRP$") for k in noun.children)
    if own and prep.lower_ == "to" and noun.lower_ in ("death", "deaths") and prep.head.lower_ not in words.SENTENCED:
        return Harm("killed", noun, "to death")
    return None


def among_harmed(prep: Token, noun: Token) -> Harm | None:
    """`were among the dead`, `among those killed`."""
    if prep.lower_ not in ("among", "amongst"):
        return None
    clause = next((subject_harm(k, True) for k in noun.children if k.dep_ in ("acl", "relcl")), None)
    metric = clause.metric if clause else words.HARM_NOUNS.get(noun.lower_)
    if metric is None and noun.lower_ in ("victims", "killed"):
        metric = "killed"
    return Harm(metric, noun, "among the dead") if metric else None


def _hurt_or_treated(prep: Token, noun: Token) -> Harm | None:
    """`treated for burns`, `are in hospital`, `were taken to hospital`."""
    if prep.lower_ == "for" and noun.lower_ in words.INJURIES and prep.head.lower_ in words.SUFFER:
        return Harm("injured", noun, "treated for injuries")
    if prep.lower_ in ("in", "to", "into") and noun.lower_ in words.HOSPITALS and prep.head.lower_ in words.TO_HOSPITAL:
        return Harm("injured", noun, "in hospital")
    return None


def driven(prep: Token, noun: Token) -> Harm | None:
    """`forced from their homes`, `driven out of the country`."""
    place = next((k for k in noun.children if k.dep_ == "pobj"), noun) if noun.dep_ == "prep" else noun
    verb = prep.head if prep.head.lower_ in words.DRIVE else prep.head.head
    if prep.lower_ in ("from", "out") and place.lower_ in words.HOMES and verb.lower_ in words.DRIVE:
        return Harm("displaced", verb, "driven from homes")
    return None


def _with_other_metric(harm: Harm, verb: Token) -> Harm:
    """`killed or wounded` said of the same people is `casualties`."""
    for child in verb.children:
        counted_anew = any(t.tag_ == "CD" for t in verb.doc[verb.i + 1 : child.i])  # `two killed and 28 hurt`
        if child.dep_ == "conj" and _shares_subject(child) and not has(child, "dobj") and not counted_anew:
            other = words.DONE_TO.get(child.lower_) or words.STATES.get(child.lower_)
            if other and {other, harm.metric} == {"killed", "injured"} and child.i - verb.i <= 3:
                return Harm("casualties", verb, harm.rule)
    return harm


def is_passive(verb: Token) -> bool:
    """Is the subject the one the verb is done to? Headlines leave out the auxiliary: `12 killed in blast`."""
    if has(verb, "auxpass") or has(verb, "nsubjpass"):
        return True
    if verb.tag_ in ("VBG", "VBZ", "VBP", "VB") or has(verb, "dobj"):
        return False
    if any(k.dep_ == "aux" and k.lower_ in ("have", "has", "had", "'ve") for k in verb.children):
        return False
    return not any(
        k.dep_ == "conj" and has(k, "dobj") and not any(g.dep_ in SUBJECTS for g in k.children) for k in verb.children
    )


def clause_harm(noun: Token) -> Harm | None:
    """What a clause or phrase after a noun says of it: `people killed in`, `who fled`, `among the dead`."""
    for child in noun.children:
        if child.dep_ == "prep":
            harm = _in_phrase(child) if child.lower_ in ("among", "amongst") else None
        elif child.dep_ == "acl" and _is_life_lost(noun, child):
            harm = Harm("killed", child, "lives")
        elif child.dep_ in ("acl", "relcl"):
            own = any(k.dep_ in SUBJECTS and k.tag_ not in ("WP", "WDT") and k.lower_ != "that" for k in child.children)
            harm = _relative_object(child) if own else subject_harm(child, passive=_relative_passive(child))
            harm = harm or (_as_said(child) if child.dep_ == "relcl" else None)
        else:
            continue
        if harm is not None:
            return Harm(harm.metric, harm.token, "clause on the noun")
    return None


def _is_life_lost(noun: Token, verb: Token) -> bool:
    """`the three young lives lost in the blaze`, `soldiers lost in that war`."""
    if verb.tag_ != "VBN" or verb.lower_ not in words.LIFE_VERBS:
        return False
    return noun.lower_ in words.LIFE or (verb.lower_ == "lost" and words.is_combatant(noun.lower_))


def _relative_passive(verb: Token) -> bool:
    return has(verb, "auxpass") or (verb.dep_ == "acl" and verb.tag_ in ("VBN", "VBD") and not has(verb, "dobj"))


def _as_said(saying: Token) -> Harm | None:
    """`villagers that officials say have been found dead`, `the fighters whom the army says it has killed`."""
    told = next((k for k in saying.children if k.dep_ == "ccomp" and k.i > saying.i), None)
    if (
        told is None
        or not any(k.dep_ == "nsubj" for k in saying.children)
        or told.tag_ not in ("VBN", "VBD", "VBP", "VBZ")
    ):
        return None
    subject = next((k for k in told.children if k.dep_ in SUBJECTS), None)
    if subject is None or subject.lower_ in ("that", "who"):
        return subject_harm(told)
    by_them = subject.lower_ in ("it", "they", "he", "she") and not has(told, "dobj") and not has(told, "auxpass")
    return Harm(words.DONE_TO[told.lower_], told, "as said") if by_them and told.lower_ in words.DONE_TO else None


def _relative_object(verb: Token) -> Harm | None:
    """`people whom the army killed`, `the millions he killed`, `the 13 soldiers it lost`."""
    has_object = any(k.dep_ == "dobj" and k.tag_ in ("WP", "WDT") for k in verb.children)
    if (
        verb.dep_ == "relcl"
        and verb.lower_ in words.LOSE
        and words.is_combatant(verb.head.lower_)
        and not has(verb, "dobj")
    ):
        return Harm("killed", verb, "lost people")
    if (has_object or _is_done_by(verb)) and verb.lower_ in words.DONE_TO:
        return Harm(words.DONE_TO[verb.lower_], verb, "relative object")
    return None


def has(token: Token, dep: str) -> bool:
    return any(k.dep_ == dep for k in token.children)
