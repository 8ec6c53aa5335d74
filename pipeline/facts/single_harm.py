"""What happened to a single person: `a soldier was killed`, `her death`, `the victim was a farmer`."""

from pipeline.facts import words
from pipeline.facts.counted import Counted
from pipeline.facts.harm import missing_from_list
from pipeline.facts.harm_nouns import of_noun
from pipeline.facts.model import Harm
from pipeline.facts.objects import object_harm
from pipeline.facts.predicates import SUBJECTS, clause_harm, subject_harm
from pipeline.facts.roles import modified
from pipeline.facts.single import PRONOUNS, REFLEXIVE, VICTIMS, is_after_time, is_of_list
from pipeline.facts.tree import Token

RANKS = frozenset(
    [
        "lt",
        "col",
        "lt-col",
        "capt",
        "maj",
        "gen",
        "sgt",
        "pvt",
        "cpl",
        "corporal",
        "captain",
        "private",
        "lance",
        "colonel",
        "officer",
    ]
)
FOUND = frozenset(
    ["found", "recovered", "discovered", "pulled", "retrieved", "exhumed", "finds", "recovers", "identified"]
)


def harm_of_single(c: Counted) -> Harm | None:
    """What happened to a single person, by the person's own role in the sentence."""
    if c.anchor.lower_ in ("he", "she") and any(
        k.lower_ in REFLEXIVE for t in (c.anchor.head, *c.anchor.head.children) for k in t.children
    ):
        return None  # `he killed himself` is told of `himself`
    told_by_name = c.anchor.dep_ in SUBJECTS and c.anchor.tag_ == "NN" and c.anchor.head.lower_ in ("is", "was")
    if told_by_name and any(k.dep_ == "attr" and k.tag_ == "NNP" for k in c.anchor.head.children):
        return None  # `another officer killed was Owen Price` is told of him
    for rule in (
        _as_subject,
        _as_object,
        _as_predicate,
        _turned_round,
        _told_as_victim,
        _possessed,
        of_noun,
        modified,
        _headline,
        _after_verb,
    ):
        harm = rule(c)
        if harm is not None and _is_nameable(c, harm):
            harm = _in_the_end(c, _rather_hurt(c, harm))
            return None if harm is None or _is_harmless(c, harm) else harm
    return None


def _rather_hurt(c: Counted, harm: Harm) -> Harm:
    """`A boy injured by a shell is carried to safety`: that he was hurt comes before that he was taken away."""
    other = modified(c) if harm.metric == "displaced" else None
    return other if other is not None and other.metric in ("killed", "injured") else harm


def _in_the_end(c: Counted, harm: Harm) -> Harm | None:
    """`was taken to hospital, where he died`, `shot in the leg`: what the words after tell of one person."""
    if harm.metric == "injured":
        died = next(
            (t for t in c.doc[harm.token.i + 1 : harm.token.i + 14] if t.lower_ in ("died", "succumbed", "dies")), None
        )
        subject = next((k for k in died.children if k.dep_ in SUBJECTS), None) if died is not None else None
        own = subject is None or subject.lower_ in PRONOUNS
        return Harm("killed", died, "died of it") if died is not None and own and c.anchor.i < harm.token.i else harm
    if harm.metric == "casualties" or harm.token.lower_.startswith("poison"):
        struck = {t.lower_ for t in c.doc[harm.token.i + 1 : harm.token.i + 9]}
        if struck & words.LIMBS:
            return Harm("injured", harm.token, harm.rule)
        return Harm("killed", harm.token, harm.rule) if struck & words.VITALS else None
    return harm


_CRUSHING = frozenset(("by", "under", "beneath", "between", "against", "inside", "in", "when", "to"))


def _is_harmless(c: Counted, harm: Harm) -> bool:
    """Missing from the squad, hurt by sanctions, died out; and `he` of whose death the words before told."""
    verb = harm.token
    if verb.lower_ == "crushed" and not any(t.lower_ in _CRUSHING for t in c.doc[verb.i + 1 : verb.i + 4]):
        return True  # `she was "crushed"`
    if verb.lower_ == "missing":
        return missing_from_list(verb)
    if any(k.dep_ == "prt" and k.lower_ in ("out", "down", "off") for k in verb.children) and verb.lower_.startswith(
        "di"
    ):
        return True
    if (
        verb.dep_ == "relcl"
        and verb.lower_ == "died"
        and c.anchor.tag_ == "PRP"
        and any(k.lower_ == "where" for k in verb.children)
    ):
        return True
    if any(t.lower_ in words.FIGURATIVE for t in c.doc[verb.i + 1 : verb.i + 6]):
        return True  # `hurt by the remarks`, `crushed at the polls`
    return verb.lower_ in ("hurt", "hurts", "hurting", "harm", "harmed", "harms") and harm.rule == "object"


def _top(token: Token) -> Token:
    """Up a list of persons: `a man and a woman were killed`."""
    for _ in range(3):
        among = token.head.head if token.dep_ == "pobj" and token.head.lower_ == "including" else token
        if among is not token and among.tag_ == "NNS" and words.is_person_noun(among.lower_):
            token = among  # `killing several officers, including Major Tom Hale`
            continue
        listed = token.dep_ == "conj" or (
            token.dep_ == "appos" and (token.head.tag_ in ("NNS", "NNPS") or is_of_list(token) or is_after_time(token))
        )
        if not listed or token.head.tag_ not in ("NN", "NNP", "NNS", "NNPS", "CD"):
            break
        token = token.head
    return token


def _as_subject(c: Counted) -> Harm | None:
    top = _top(c.anchor)
    if top.dep_ not in SUBJECTS:
        return None
    named = any(k.dep_ == "attr" and k.tag_ == "NNP" for k in top.head.children)
    if (top.lower_ == "victim" or named) and any(k.dep_ == "attr" for k in top.head.children):
        return None  # `the victim was a farmer` names him
    several = any(k.dep_ in ("aux", "auxpass") and k.lower_ in ("were", "are", "have") for k in top.head.children)
    several = several or (top.head.tag_ == "VBP" and top.tag_ == "NN")  # `the elite continue to be picked off`
    if several and top == c.anchor and top.tag_ != "NNS" and not any(t.dep_ == "cc" for t in top.subtree):
        return None
    return (
        subject_harm(_likewise(top.head))
        or _as_one_of(top.head)
        or next((h for k in top.head.children if k.dep_ == "xcomp" and (h := _as_one_of(k)) is not None), None)
    )


def _likewise(verb: Token) -> Token:
    """`(Duarte was killed,) as was the driver`: the verb of those told before."""
    before = verb.nbor(-1).lower_ if verb.i else ""
    return verb.head if before == "as" and verb.lower_ in ("was", "did", "has") else verb


def _as_one_of(verb: Token) -> Harm | None:
    """`Petrov is the second officer killed`, `was one of three people killed`: what is said of the predicate's noun."""
    for child in verb.children:
        if child.dep_ == "attr":
            inner = [g for k in child.children if k.lower_ == "of" for g in k.children] if child.lower_ == "one" else []
            for noun in (child, *inner):
                harm = clause_harm(noun) if words.is_person_noun(noun.lower_) or inner else None
                if harm is not None:
                    return harm
    return None


def _as_object(c: Counted) -> Harm | None:
    top = _top(c.anchor)
    if top.lower_ in REFLEXIVE:
        return Harm("killed", top.head, "killed oneself") if top.head.lower_ in words.SELF_HARM else None
    if top.dep_ == "dobj" and top.head.lower_ in words.LOSE and top.tag_ == "NNP" and _is_titled(c):
        return Harm("killed", top.head, "lost people")
    return object_harm(top.head, top, c) if top.dep_ == "dobj" else None


def _is_titled(c: Counted) -> bool:
    """`Captain Jane Ross`, `Lt-Col Ivan Orlov`: a rank or calling before the name."""
    return any(words.is_combatant(t.lower_) or t.lower_ in RANKS for t in c.doc[max(0, c.first - 2) : c.last])


def _as_predicate(c: Counted) -> Harm | None:
    """`The victim was a farmer`, `The other person killed was an older woman`, `Among the dead was a nun`."""
    top = _top(c.anchor)
    verb = top.head
    if top.dep_ not in ("attr", "nsubj") or verb.lower_ not in ("was", "is", "were", "are"):
        return None
    subject = next((k for k in verb.children if k.dep_ in SUBJECTS and k.i < verb.i), None)
    if subject is not None and top.dep_ == "attr":
        if subject.lower_ in VICTIMS:
            return Harm("killed", subject, "is the victim")
        return clause_harm(subject) if words.is_person_noun(subject.lower_) or subject.lower_ == "one" else None
    for prep in verb.children:
        if prep.lower_ == "among" and prep.i < verb.i < top.i:
            noun = next((k for k in prep.children if k.dep_ == "pobj"), None)
            if noun is not None and (noun.lower_ in VICTIMS or noun.lower_ in words.HARM_NOUNS):
                return Harm(words.HARM_NOUNS.get(noun.lower_, "killed"), noun, "among the dead")
            if noun is not None and (harm := clause_harm(noun)) is not None:
                return harm
    return None


def _turned_round(c: Counted) -> Harm | None:
    """`Named among the dead was Corporal Fraser`, `Also killed was a nurse`."""
    if not 2 <= c.first <= 9 or c.doc[c.first - 1].lower_ not in ("was", "is", "were"):
        return None
    opening = [t for t in c.doc[: c.first - 1] if t.tag_ != "RB"]
    last = opening[-1] if opening else c.doc[0]
    if any(t.lower_ == "among" for t in opening) and (last.lower_ in VICTIMS or last.lower_ in words.STATES):
        return Harm(words.STATES.get(last.lower_, "killed"), last, "among the dead")
    return (
        Harm(words.STATES[last.lower_], last, "turned round")
        if len(opening) == 1 and last.lower_ in words.STATES
        else None
    )


def _told_as_victim(c: Counted) -> Harm | None:
    """`The dead include a nurse`, `the victim was identified as Tom Miller`."""
    top = _top(c.anchor)
    if top.dep_ == "dobj" and top.head.lower_ in ("include", "includes", "included", "are", "were"):
        subject = next((k for k in top.head.children if k.dep_ == "nsubj"), None)
        if subject is not None and (subject.lower_ in VICTIMS or subject.lower_ in words.HARM_NOUNS):
            return Harm(words.HARM_NOUNS.get(subject.lower_, "killed"), subject, "the dead include")
        said = next((k for k in subject.children if k.lower_ in words.STATES), None) if subject is not None else None
        if said is not None and subject is not None and words.is_person_noun(subject.lower_):
            return Harm(words.STATES[said.lower_], said, "the dead include")
        if subject is not None and words.is_person_noun(subject.lower_) and top.head.lower_.startswith("includ"):
            return clause_harm(subject)  # `the bankers who have died include`
    if top.dep_ == "pobj" and top.head.lower_ == "as" and top.head.head.lower_ in ("identified", "named"):
        subject = next((k for k in top.head.head.children if k.dep_ in (*SUBJECTS, "dobj")), None)
        if subject is not None and (
            subject.lower_ in VICTIMS or (clause_harm(subject) is not None and subject.tag_ == "NN")
        ):
            return Harm("killed", subject, "identified as")
    return None


def _possessed(c: Counted) -> Harm | None:
    """`her death`, `the suspect's death`, `Petrov's killing`."""
    noun = c.anchor.head
    if noun.dep_ == "pobj" and noun.head.lower_ == "to" and c.anchor.lower_ in ("his", "her"):
        return None  # `fell to his death`, said of the subject
    if c.anchor.lower_ in ("his", "her") and noun.lower_ in ("body", "corpse", "remains"):
        return None
    if noun.lower_ in ("body", "corpse", "remains") and not (
        noun.dep_ in (*SUBJECTS, "dobj") and noun.head.lower_ in FOUND
    ):
        dead = c.anchor.dep_ == "poss" and any(k.lower_ in ("dead", "lifeless") for k in noun.children)
        return Harm("killed", noun, "someone's dead body") if dead else None
    if c.anchor.dep_ == "poss" and noun.lower_ in words.ONES_DEATH and not _is_presupposed(noun):
        return Harm("killed", noun, "someone's death")
    return None


def _is_presupposed(death: Token) -> bool:
    """`after his death`, `the anniversary of her murder`: named in passing, not told; unlike `led to his death`, `news of her death`."""
    prep = death.head
    if death.dep_ != "pobj":
        return False
    return prep.head.lower_ not in words.BRINGS and not any(
        t.lower_ in words.BRINGS for t in death.doc[max(0, prep.i - 2) : prep.i]
    )


def _after_verb(c: Counted) -> Harm | None:
    """`whoever had murdered Robin`: the verb right before the phrase, whatever the parse says."""
    verb = c.doc[c.first - 1] if c.first else None
    if c.anchor.dep_ == "poss":
        return None  # `killing his wife` happened to her
    if verb is None or verb.lower_ not in words.DONE_TO or verb.lower_ not in words.PERSONAL:
        return None
    before = c.doc[verb.i - 1].lower_ if verb.i else ""
    if before in ("was", "were", "been", "being", "is", "are") or verb.lower_ in ("dead", "death"):
        return None
    if verb.dep_ in ("amod", "compound", "dobj", "pobj"):
        return None  # `the slain American`
    return Harm(words.DONE_TO[verb.lower_], verb, "verb before a person")


def _headline(c: Counted) -> Harm | None:
    """`Boy killed in strike`: a noun without article at the beginning, the participle right after it."""
    after = c.doc[c.stop] if c.stop < len(c.doc) else None
    if c.first > 1 or after is None or after.lower_ not in words.HEADLINE or not words.is_person_noun(c.anchor.lower_):
        return None
    following = c.doc[after.i + 1] if after.i + 1 < len(c.doc) else None
    if following is not None and following.tag_ in ("CD", "DT", "PRP$", "NN", "NNS", "NNP"):
        return None
    metric = words.STATES.get(after.lower_) or words.SUFFERED.get(after.lower_) or words.DONE_TO[after.lower_]
    return Harm(metric, after, "headline")


def _is_nameable(c: Counted, harm: Harm) -> bool:
    """Names and pronouns count for deaths, wounds and disappearances only, and for verbs that happen to persons."""
    head = c.anchor
    if head.tag_ not in ("NNP", "NNPS") and (head.lower_ not in PRONOUNS or head.dep_ == "poss"):
        return harm.metric != "displaced" or words.is_listed_person(head.lower_)
    if harm.metric in ("displaced", "casualties"):
        return False
    at_war = harm.token.lower_ in words.ELIMINATE and _is_titled(c)
    return at_war or harm.token.lower_ in words.PERSONAL or harm.rule == "among the dead"
