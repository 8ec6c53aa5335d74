"""Which harm do the counted people suffer by their role in the sentence: subject, object, what a clause or adjective describes?"""

from pipeline.facts import words
from pipeline.facts.counted import Counted, anchors, are_combatants, are_people, is_nation, with_coordinated
from pipeline.facts.model import Harm
from pipeline.facts.objects import done_to_all, object_harm
from pipeline.facts.predicates import NOT_BACK, SUBJECTS, among_harmed, clause_harm, has, state_or_verb, subject_harm
from pipeline.facts.tree import Token


def as_subject(c: Counted) -> Harm | None:
    """`12 people were killed`, `four died`, `hundreds had to flee`, `20 are missing`."""
    for token in anchors(c):
        if token.dep_ in SUBJECTS:
            verb = token.head.head if token.head.dep_ in ("aux", "auxpass") else token.head
            harm = subject_harm(verb) or _after_participle(verb)
            if harm is not None and _only_moves(harm) and are_combatants(c):
                return None
            if harm is None and _is_end_of_fighters(verb) and (are_combatants(c) or _are_police(c)):
                harm = Harm("killed", verb, "destroyed fighters")
            if harm is None and _is_treated(verb) and (c.noun is None or are_people(c)):
                harm = Harm("injured", verb, "treated")
            if harm is not None:
                return Harm(harm.metric, harm.token, harm.rule if harm.rule == NOT_BACK else "subject")
    return None


def _only_moves(harm: Harm) -> bool:
    """`left the village`, `crossed the border`: that displaces people, not troops, of whom only `fled` and the like say it."""
    said = (words.SUFFERED, words.DONE_TO, words.STATES, words.HARM_NOUNS)
    return harm.metric == "displaced" and not any(harm.token.lower_ in verbs for verbs in said)


def _are_police(c: Counted) -> bool:
    return c.noun is not None and c.noun.lower_ in words.POLICEMEN


def _is_end_of_fighters(verb: Token) -> bool:
    """`40 militants were wiped out`, `15 airmen were lost`, `two soldiers fell on Monday`."""
    if has(verb, "auxpass"):
        return verb.lower_ in words.DESTROY or verb.lower_ == "lost"
    after = verb.nbor() if verb.i + 1 < len(verb.doc) else None
    stops = after is None or after.is_punct or after.lower_ in _AFTER_FALL or after.lower_ in words.TIMES
    return (
        verb.lower_ in ("fell", "fall", "fallen")
        and stops
        and not any(k.dep_ in ("acomp", "dobj", "prt") for k in verb.children)
    )


_AFTER_FALL = frozenset(
    ("in", "on", "at", "near", "during", "when", "while", "as", "defending", "fighting", "there", "and")
)


def _is_treated(verb: Token) -> bool:
    """`66 people are being treated`, `others were patched up by medics`; not `treated for addiction`, `treated like criminals`."""
    if not has(verb, "auxpass"):
        return False
    if verb.lower_ == "patched":
        return any(k.lower_ == "up" for k in verb.children)
    after = verb.nbor() if verb.i + 1 < len(verb.doc) else None
    return verb.lower_ == "treated" and (after is None or after.is_punct or after.lower_ in _AFTER_TREATED)


_AFTER_TREATED = frozenset(("at", "in", "on", "by", "there", "and", "after", "locally", "elsewhere"))


def _after_participle(verb: Token) -> Harm | None:
    """`Dozens of fighters housed at the plant were killed`, where the parser takes the participle for the sentence's verb."""
    passive = (k for k in verb.children if k.dep_ == "ccomp" and k.i > verb.i and has(k, "auxpass"))
    then = next((k for k in passive if not any(g.dep_ in SUBJECTS for g in k.children)), None)
    return subject_harm(then) if then is not None and verb.tag_ in ("VBD", "VBN") else None


def as_object(c: Counted) -> Harm | None:
    """`killing 12`, `claimed six lives`, `left 12 dead`, `forced 5 million people to flee`, `lost 950 soldiers`."""
    for token in anchors(c):
        if token.dep_ in ("dobj", "oprd", "attr", "dative", "npadvmod", "ccomp", "dep", "pobj") or token.dep_ in (
            "nsubj",
            "nsubjpass",
        ):
            harm = object_harm(token.head, token, c)
            if harm is not None:
                return Harm(harm.metric, harm.token, harm.rule if harm.rule == NOT_BACK else "object")
        if token.dep_ == "conj" and not token.tag_.startswith("VB"):
            verb = token.head  # `killed the mother, Halima, and four of her children`, `lost two colonels and 300 men`
            harm = done_to_all(verb, token, c) if has(verb, "dobj") and not has(verb, "auxpass") else None
            if harm is not None:
                return Harm(harm.metric, harm.token, "object")
    return None


def inverted(c: Counted) -> Harm | None:
    """`Among the dead were four children`, `the victims include two nurses`: the harmed stand before the verb."""
    for token in anchors(c):
        verb = token.head
        if token.dep_ in ("attr", "nsubj", "nsubjpass") and verb.lower_ in ("was", "were", "are", "is"):
            said = verb.head.children if verb.dep_ == "ccomp" else ()  # `They said among those killed were two nurses`
            for prep in (*verb.children, *said):
                if prep.dep_ == "prep" and prep.i < verb.i:
                    found = next((h for k in prep.children if (h := among_harmed(prep, k)) is not None), None)
                    if found is not None:
                        return found
        if token.dep_ == "attr" and verb.lower_ in ("was", "were", "are", "is"):
            subject = next((k for k in verb.children if k.dep_ == "nsubj" and k.i < token.i), None)
            if subject is not None and subject.lower_ in (
                "victims",
                "dead",
                "injured",
                "wounded",
                "deceased",
                "fatalities",
                "missing",
            ):
                return Harm(words.HARM_NOUNS.get(subject.lower_, "killed"), subject, "the dead are")
        if token.dep_ == "dobj" and verb.lower_ in ("include", "includes", "included"):
            subject = next((k for k in verb.children if k.dep_ == "nsubj"), None)
            if subject is not None:
                metric = words.HARM_NOUNS.get(subject.lower_) or ("killed" if subject.lower_ == "victims" else None)
                return Harm(metric, subject, "the dead include") if metric else None
    return None


def alongside(c: Counted) -> Harm | None:
    """`was killed along with six of his men`, `died alongside eight soldiers`."""
    for token in anchors(c):
        prep = token.head
        if token.dep_ != "pobj" or prep.lower_ not in ("with", "alongside"):
            continue
        together = prep.lower_ == "alongside" or (prep.i > 0 and prep.nbor(-1).lower_ in ("along", "together"))
        verb = prep.head if prep.head.tag_.startswith("VB") else prep.head.head
        harm = state_or_verb(verb, None) if together else None
        if harm is not None:
            return Harm(harm.metric, harm.token, "along with")
    return None


def housed(c: Counted) -> Harm | None:
    """`Evacuation centres were housing 14,211 people`, `the camp hosts 20,000`, `the UNHCR has registered 9,000 Syrians`,
    `the camp is home to 45,000 people`, `buses carrying 1,500 people left the enclave`."""
    for token in anchors(c):
        verb = token.head
        if token.dep_ == "pobj" and verb.lower_ == "to" and verb.head.lower_ == "home" and are_people(c):
            camp = any(k.dep_ == "nsubj" and k.lower_ in words.CAMPS for k in verb.head.head.children)
            return Harm("displaced", verb.head, "housed") if camp else None
        if token.dep_ == "nsubjpass" and verb.lower_ in words.HOUSE and verb.lower_ != "held":
            return Harm("displaced", verb, "housed") if any(t.lower_ in words.HOSTS for t in c.doc) else None
        if token.dep_ in ("dobj", "nsubjpass") and verb.lower_ in words.REGISTER and (are_people(c) or is_nation(c)):
            asylum = any(t.lower_ in words.ASYLUM for t in c.doc)
            return Harm("displaced", verb, "registered") if asylum else None
        if token.dep_ == "dobj" and verb.lower_ in ("carrying", "transporting") and verb.head.lower_ in words.CONVOYS:
            leaving = any(t.lower_ in words.DEPART for t in c.doc)
            return Harm("displaced", verb, "carried away") if leaving and are_people(c) else None
        if token.dep_ == "dobj" and verb.lower_ in words.HOUSE:
            subject = next((k for k in verb.children if k.dep_ == "nsubj"), None)
            if subject is None and verb.tag_ == "VBG":
                subject = next((t for t in reversed(c.doc[: verb.i]) if t.lower_ in words.HOSTS), None)
            host = (
                subject is not None
                and subject.lower_ in words.HOSTS
                and not {"prison", "training", "detention", "summer"} & {k.lower_ for k in subject.children}
            )
            return Harm("displaced", verb, "housed") if host else None
    return None


def modified(c: Counted) -> Harm | None:
    """`12 dead soldiers`, `12 people killed in`, `30,000 people who fled`, `53 seriously injured people`."""
    single = c.number.kind == "single"
    for token in [c.anchor] if single and not _with_participle(c) else with_coordinated(c):
        clauses = (clause_harm(t) for t in (token, *(_callings(token) if single else ())))
        harm = next((h for h in clauses if h is not None), None) or _adjective(c, token) or _of_whom_one(token)
        if harm is not None:
            return harm
    return None


def _of_whom_one(token: Token) -> Harm | None:
    """`one of hundreds of villagers who have been found dead`: the clause hangs from the one, and tells of them all."""
    one = token.head.head
    if token.dep_ != "pobj" or token.head.lower_ != "of" or one.lower_ != "one":
        return None
    return clause_harm(one)


def _callings(person: Token) -> list[Token]:
    """`Petrov, another officer, who was killed in 2015`: what is said of the second name of one person."""
    named = [
        k for k in person.children if k.dep_ == "appos" and (words.is_person_noun(k.lower_) or person.tag_ == "NN")
    ]
    given = [g for k in person.children if k.dep_ == "acl" and k.lower_ in ("named", "called") for g in k.children]
    named += [g for g in given if g.tag_ == "NNP"]  # `a girl named Inna, who was killed`
    return [
        k for k in named if any(g.dep_ == "relcl" and any(w.lower_ == "who" for w in g.children) for g in k.children)
    ]


def _with_participle(c: Counted) -> bool:
    """`a man and a woman killed in`: a participle after the last of two is said of both."""
    last = next((k for k in c.anchor.children if k.dep_ == "conj"), None)
    return last is not None and any(k.dep_ == "acl" and k.tag_ == "VBN" for k in last.children)


def _adjective(c: Counted, noun: Token) -> Harm | None:
    """`53 seriously injured people`, `his dead son`; in names (`Dead Man's Tale`) it says nothing of one person."""
    for child in noun.children:
        lower = child.lower_
        if not c.first <= child.i < noun.i or (c.number.kind == "single" and not child.text.islower()):
            continue
        if lower in words.STATES or (lower in words.DONE_TO and child.tag_ in ("VBN", "JJ")):
            return Harm(words.STATES.get(lower) or words.DONE_TO[lower], child, "adjective on the noun")
    return None
