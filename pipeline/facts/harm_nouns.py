"""Which harm do nouns say: `12 deaths`, `the deaths of 12`, `the death toll rose to 12`, `Dead: 12`?"""

from pipeline.facts import words
from pipeline.facts.counted import (
    PAIRS,
    Counted,
    anchors,
    are_combatants,
    are_lives,
    are_people,
    are_troops_lost,
    before_noun,
    first_token,
    label_before,
)
from pipeline.facts.gazetteer import demonyms
from pipeline.facts.model import Harm
from pipeline.facts.predicates import NOT_BACK, SUBJECTS, has
from pipeline.facts.tree import Token
from pipeline.records import Metric

_ABSTRACT = frozenset(w for w, m in words.HARM_NOUNS.items() if m in ("killed", "casualties")) | {"injuries", "injury"}


def harm_count(c: Counted) -> Harm | None:
    """`12 deaths`, `801 injuries`: the noun itself is the count of harm."""
    if c.noun is not None and c.noun.lower_ in _ABSTRACT:
        return Harm(words.HARM_NOUNS[c.noun.lower_], c.noun, "harm noun")
    owned = c.doc[c.stop + 1] if c.stop + 1 < len(c.doc) and c.doc[c.stop].tag_ == "POS" else None
    if owned is not None and owned.lower_ in ("bodies", "deaths", "corpses", "remains"):
        return Harm("killed", owned, "harm noun")  # `25 soldiers' bodies`
    return None


def of_counted(c: Counted) -> Harm | None:
    """`three of the 11 dead were officers`, `four among the 43 hurt`, `verified 14 children among the dead`: the harm is that of the
    count that they are of."""
    among = [t.lower_ for t in c.doc[c.stop : c.stop + 2]] == ["among", "the"] and c.doc[c.stop + 2 : c.stop + 3]
    if among and c.noun is not None and (found := words.HARM_NOUNS.get(among[0].lower_)) and among[0].tag_ != "VBG":
        return Harm(found, among[0], "of a counted whole")
    after = c.doc[c.last + 1 : c.last + 5]
    if len(after) < 4 or after[0].lower_ not in ("of", "among") or after[1].lower_ not in ("the", "those", "these"):
        return None
    metric = words.STATES.get(after[3].lower_) or words.HARM_NOUNS.get(after[3].lower_)
    return Harm(metric, after[3], "of a counted whole") if after[2].tag_ == "CD" and metric else None


def victims_of(c: Counted) -> Harm | None:
    """`the 504 victims of the massacre`: of what they are victims tells the harm."""
    if c.noun is None or c.noun.lower_ != "victims":
        return None
    event = next((g for k in c.noun.children if k.lower_ == "of" for g in k.children), None)
    metric = words.NOMINAL.get(event.lower_) if event is not None else None
    return Harm(metric, event, "victims of") if event is not None and metric in ("killed", "displaced") else None


def harm_noun(c: Counted) -> Harm | None:
    """`1,620 wounded`, `1.3 million refugees`, where the predicate says no other harm (`12 refugees were killed`)."""
    if c.noun is not None and (c.doc[c.noun.i - 1].lower_, words.singular(c.noun.lower_)) in PAIRS:
        return Harm("displaced", c.noun, "harm noun")
    after = c.doc[c.last + 1] if c.last + 1 < len(c.doc) else None
    for token in (c.noun, after):
        if token is not None and token.lower_ in words.HARM_NOUNS and (token == c.noun or not before_noun(c, token)):
            return Harm(words.HARM_NOUNS[token.lower_], token, "harm noun")
    return None


def of_noun(c: Counted) -> Harm | None:
    """`the deaths of 12 people`, `the evacuation of 1,500`, `claimed the lives of 12`, `injuries to 5`."""
    for token in anchors(c):
        if are_people(c) and (grave := _grave_with(token)) is not None:
            return Harm("killed", grave, "grave of")
        if token.dep_ != "pobj" or token.head.lower_ not in ("of", "to", "among", "for", "by"):
            continue
        noun = token.head.head
        if token.head.lower_ == "of" and noun.lower_ in words.LIFE and noun.head.lower_ in words.LIFE_VERBS:
            return Harm("killed", noun, "lives of")
        if (
            token.head.lower_ == "of"
            and noun.lower_ in words.NOMINAL
            and (noun.lower_ not in ("loss", "passing") or are_people(c) or are_lives(c))
            and not (noun.lower_ == "airlift" and are_combatants(c))
        ):
            others = [k for k in noun.children if k.dep_ == "conj"] + ([noun.head] if noun.dep_ == "conj" else [])
            both = {words.NOMINAL.get(t.lower_) for t in (noun, *others)} >= {"killed", "injured"}
            both = both or (noun.lower_ == "loss" and are_troops_lost(c))
            return Harm("casualties" if both else words.NOMINAL[noun.lower_], noun, "deaths of")
        fatal = any(k.lower_ in ("fatal", "deadly", "lethal") for k in noun.children)
        if fatal and token.head.lower_ == "of" and noun.lower_ in words.ASSAULTS:
            return Harm("killed", noun, "fatal shooting of")
        if token.head.lower_ == "of" and noun.lower_ in ("throat", "throats") and noun.head.lower_ in words.CUT:
            return Harm("killed", noun.head, "throats cut")
        if token.head.lower_ in ("for", "to") and noun.lower_ == "fatal":
            return Harm("killed", noun, "fatal for")
        unfound = noun.lower_ in ("found", "seen") and any(k.lower_ in words.SOUGHT_NOUNS for k in noun.children)
        if unfound and token.head.lower_ == "of" and are_people(c):
            return Harm("missing", noun, NOT_BACK)  # `no trace has been found of 23 crew`
        if token.head.lower_ in ("of", "for") and noun.lower_ in words.SOUGHT_NOUNS and are_people(c):
            return Harm("missing", noun, NOT_BACK if noun.lower_ in ("trace", "sign") else "sought")
        unknown = noun.lower_ == "fate" and any(t.lower_ in ("unknown", "unclear", "uncertain") for t in c.doc)
        if unknown and token.head.lower_ == "of" and are_people(c):
            return Harm("missing", noun, NOT_BACK)  # `the fate of eight miners is unknown`
        searched = token.head.lower_ == "for" and noun.lower_ in ("is", "was", "continues", "continued", "under")
        if searched and are_people(c) and any(t.lower_ in ("search", "hunt") for t in c.doc[: c.first]):
            return Harm("missing", noun, "sought")
        if token.head.lower_ == "for" and noun.lower_ in words.SOUGHT_VERBS and are_people(c):
            return Harm("missing", noun, "sought")
        if (
            token.head.lower_ == "of"
            and noun.lower_ in words.BEREAVED
            and c.noun is not None
            and c.noun.lower_ == "victims"
        ):
            return Harm("killed", noun, "bereaved of")
        if token.head.lower_ in ("to", "among") and noun.lower_ in ("injuries", "deaths", "casualties"):
            return Harm(words.HARM_NOUNS[noun.lower_], noun, "injuries to")
    return None


_GRAVES = frozenset(("grave", "graves"))
_HOLD = frozenset(("held", "holds", "holding", "contained", "contains", "containing"))


def _grave_with(people: Token) -> Token | None:
    """`a mass grave with 70 people`, `the grave held 116 people`: the grave."""
    head = people.head
    if people.dep_ == "pobj" and head.lower_ == "with":
        before = head.nbor(-1) if head.i else head
        return next((t for t in (head.head, before) if t.lower_ in _GRAVES), None)
    if people.dep_ == "dobj" and head.lower_ in _HOLD:
        holders = (*(k for k in head.children if k.dep_ == "nsubj"), *((head.head,) if head.dep_ == "acl" else ()))
        return next((t for t in holders if t.lower_ in _GRAVES), None)
    return None


def toll(c: Counted) -> Harm | None:
    """`death toll rises to 12`, `bringing the toll to 61`, `the number of dead is 12`, `a toll of 15`, `losses came to 45 men`."""
    for token in anchors(c):
        head = token.head
        if token.i < c.first and token.lower_ in words.TOLLS and (own := toll_harm(token)) and own.rule == "toll":
            return own  # `the displaced now number 230,000`
        while c.number.start <= head.idx < c.number.end and head.head != head:
            head = head.head
        for _ in range(4):
            if head.lower_ in words.TOLLS and head.i != token.i and head.i not in range(c.first, c.last + 1):
                return _losses(head, c) or toll_harm(head)
            found = next(
                (
                    k
                    for k in head.children
                    if k.lower_ in words.TOLLS and k.i < c.first and k.dep_ in ("nsubj", "nsubjpass", "dobj")
                ),
                None,
            )
            if found is not None and head.tag_.startswith("VB"):
                return _losses(found, c) or toll_harm(found)
            if head.tag_ not in ("IN", "TO", "RB", "RP") and not head.tag_.startswith("VB"):
                break
            head = head.head
    return None


def _losses(toll: Token, c: Counted) -> Harm | None:
    """`losses amounted to 700 personnel`, `Persian losses are put at over 300`: an army's, killed and wounded not told apart."""
    if toll.lower_ != "losses" or (c.noun is not None and not are_people(c)):
        return None
    said = {t.lower_ for t in toll.subtree if t.i <= toll.i}
    if said & {"job", "jobs"}:
        return None
    of_troops = said & words.TROOPS or any(w in demonyms() for w in said) or said & words.OF_TROOPS
    return Harm("casualties", toll, "losses") if c.noun is not None or of_troops else None


def toll_harm(toll: Token) -> Harm | None:
    """What a toll counts; `number`, `figure` and the like must say so, or refer back (rule `refers back`)."""
    said = [words.TOLL_OF[t.lower_] for t in toll.subtree if t.lower_ in words.TOLL_OF and t.i < toll.i + 8]
    if "killed" in said and "injured" in said:
        return Harm("casualties", toll, "toll")
    if said:
        return Harm(said[0], toll, "toll")
    if toll.lower_ in ("toll", "tolls"):
        return Harm("killed", toll, "toll")
    definite = any(k.lower_ in ("the", "that", "this") for k in toll.children)
    return Harm("killed", toll, "refers back") if definite and not has(toll, "prep") else None


def labelled(c: Counted) -> Harm | None:
    """`Dead: 6`, `Fatalities so far: 34.`: a few words, one of harm, a colon, the number and nothing that it counts."""
    label = label_before(c)
    if c.noun is not None and (len(label) != 1 or label[0].i or not are_people(c)):
        return None
    for token in label if len(label) < 6 and not any(t.tag_ in ("VBZ", "VBP", "MD") for t in label) else []:
        metric = words.STATES.get(token.lower_) or words.HARM_NOUNS.get(token.lower_)
        if metric:
            return Harm(metric, token, "label")
    return None


def reached(c: Counted) -> Harm | None:
    """`refugees reach 2 million`, `civilian deaths top 500`, `put the dead at 40 and the injured at 200`."""
    if (state := _put_at(c)) is not None:
        return Harm(words.HARM_NOUNS[state.lower_], state, "harm reaches")
    for token in anchors(c):
        verb = token.head
        if token.dep_ in ("dobj", "attr", "npadvmod", "pobj") and verb.lower_ in ("to", "at", "from"):
            verb = verb.head
        put = verb.lower_ in _PUT
        counts = verb.lower_ in ("were", "are") and token.dep_ in ("attr", "acomp") and c.noun is None
        if verb.lower_ not in words.REACH and not put and not counts:
            continue
        for subject in verb.children:
            if (
                subject.dep_ in (("dobj", "nsubjpass") if put else SUBJECTS)
                and (metric := _metric_of(subject)) is not None
                and subject.i < c.first
                and (not counts or metric == "casualties" or subject.lower_ in ("deaths", "fatalities"))
            ):
                told = {words.HARM_NOUNS.get(k.lower_) for k in subject.children if k.dep_ == "conj"}
                both = told | {metric} == {"killed", "injured"}
                return Harm("casualties" if both else metric, subject, "harm reaches")
    return None


_PUT = frozenset(("put", "puts", "putting", "set", "estimate", "estimates", "estimated", "revised"))


_BEFORE_STATE = frozenset(("the", "and", "its", "their"))


def _put_at(c: Counted) -> Token | None:
    """`(put the dead at 40 and) the injured at | 200`: the word of harm right before `at`."""
    at = next((t.i for t in c.doc if t.idx >= c.number.start), c.first) - 1
    if c.noun is not None or at < 3 or c.doc[at].lower_ != "at" or c.doc[at - 2].lower_ not in _BEFORE_STATE:
        return None
    told = c.doc[at - 1].lower_ in words.HARM_NOUNS and any(t.lower_ in _PUT for t in c.doc[: at - 1])
    return c.doc[at - 1] if told else None


def _metric_of(noun: Token) -> Metric | None:
    """`refugees reach`, `the exodus tops`: nouns that can themselves reach a number."""
    if noun.lower_ == "those":  # `those killed numbered 40`
        state = next((k.lower_ for k in noun.children if k.dep_ in ("acl", "amod")), "")
        return words.STATES.get(state)
    flight = words.NOMINAL.get(noun.lower_)
    return words.HARM_NOUNS.get(noun.lower_) or (flight if flight == "displaced" else None)


def brought_to(c: Counted) -> Harm | None:
    """`bringing to 31 the number killed`, `now put at 31 the final number of dead`."""
    if c.stop + 1 >= len(c.doc) or c.first < 2 or c.noun is not None or c.doc[c.stop].lower_ != "the":
        return None
    toll = next((t for t in c.doc[c.stop + 1 : c.stop + 4] if t.lower_ in words.TOLLS), None)
    brought = any(t.lower_ in words.BRING_TO for t in c.doc[max(0, c.first - 6) : c.first])
    return _toll_until(toll, len(c.doc)) if toll is not None and brought else None


def toll_of(c: Counted) -> Harm | None:
    """`an earlier toll on Sunday evening of 15`, `with the toll at 19`, `death toll mounts to 25`: a phrase of time or place between."""
    at = first_token(c) - 1
    if c.noun is not None or at < 2 or c.doc[at].lower_ not in ("of", "at", "to"):
        return None
    before = c.doc[max(0, at - 6) : at]
    named = next((t for t in reversed(before) if t.lower_ in ("toll", "tolls", "count", "tally")), None)
    if named is None or any(t.is_punct or t.tag_.startswith("VB") or t.lower_ == "of" for t in before if t.i > named.i):
        return None
    return toll_harm(named)


def moved_to(c: Counted) -> Harm | None:
    """`taking the toll in the valley's unrest to 47`, `put the number of students killed at 26`, `raises dead to 14`: by the order of words,
    as `to` and `at` are hung from anything before them."""
    at = first_token(c) - 1
    if at > 0 and c.doc[at].text in "\"'":
        at -= 1
    if (c.noun is not None and not are_people(c)) or at < 2 or c.doc[at].lower_ not in ("to", "at"):
        return None
    before = c.doc[max(0, at - _LONGEST_TOLL) : at]
    begin = max((t.i + 1 for t in before if t.text in ",;:("), default=before[0].i)
    verb = next((t for t in before if t.i >= begin and t.lower_ in words.BRING_TO), None)
    said = c.doc[verb.i + 1 : min(verb.i + 5, at)] if verb is not None else []
    named = next((t for t in said if t.lower_ in words.TOLLS or t.lower_ in words.HARM_NOUNS), None)
    if named is None:
        return None
    if named.lower_ in words.TOLLS:
        return _toll_until(named, at)
    return Harm(words.HARM_NOUNS[named.lower_], named, "harm reaches")


_LONGEST_TOLL = 20
"""Tokens between the verb and the number of `taking the toll of the floods in the two northern provinces to`."""


def _toll_until(toll: Token, end: int) -> Harm | None:
    """What a toll counts, by its own phrase or by the words that follow it up to a token."""
    if (harm := toll_harm(toll)) is not None:
        return harm
    said = (words.TOLL_OF.get(t.lower_) for t in toll.doc[toll.i + 1 : min(end, toll.i + 7)])
    metric = next((m for m in said if m is not None), None)
    return Harm(metric, toll, "toll") if metric else None
