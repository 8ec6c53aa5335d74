"""The vocabulary of harm and of people, compiled from *.yaml once per process."""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from pipeline.records import Metric


def load(name: str) -> Any:
    """A vocabulary file as plain data."""
    text = resources.files("pipeline.facts").joinpath(name).read_text("utf8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


_DOUBLED = frozenset("bdgmnprt")


def forms(entry: str) -> list[str]:
    """All forms of a verb: listed ones (`flee flees fled fleeing`), else by rule (`kill`)."""
    first, *others = str(entry).split()
    if others:
        return [first, *others]
    if first.endswith("e"):
        return [first, first + "s", first + "d", first[:-1] + "ing"]
    if first.endswith("y") and first[-2] not in "aeiou":
        return [first, first[:-1] + "ies", first[:-1] + "ied", first + "ing"]
    s = "es" if first.endswith(("s", "sh", "ch", "x", "z")) else "s"
    return [first, first + s, first + "ed", first + "ing"]


def _verbs(groups: dict[str, list[str]]) -> dict[str, Metric]:
    return {form: metric for metric, entries in groups.items() for e in entries for form in forms(e)}  # type: ignore[misc]


def _verb_set(entries: list[str]) -> frozenset[str]:
    return frozenset(form for e in entries for form in forms(e))


def _flat(groups: dict[str, list[str]]) -> dict[str, Metric]:
    return {word: metric for metric, listed in groups.items() for word in listed}  # type: ignore[misc]


_H = load("harm.yaml")
DONE_TO = _verbs(_H["done_to"])
SUFFERED = _verbs(_H["suffered"])
STATES = _flat(_H["states"])
HARM_NOUNS = _flat(_H["counted"])
NOMINAL = _flat(_H["nominal"])
TOLLS = frozenset(_H["tolls"])
TOLL_OF = _flat(_H["toll_of"])
BRING_TO = _verb_set(_H["bring_to"])
LIFE = frozenset(_H["life"])
LIFE_VERBS = _verb_set(_H["life_verbs"])
SHOOT = _verb_set(_H["shoot"])
ELIMINATE = _verb_set(_H["eliminate"])
CLAIM = _verb_set(_H["claim"])
HAVING = frozenset(_H["having"])
LOSE = _verb_set(_H["lose"])
TROOPS = frozenset(_H["troops"])
OF_TROOPS = frozenset(_H["of_troops"])
POLICEMEN = frozenset(_H["policemen"])
FORCES = frozenset(_H["forces"])
GIVE_COUNT = _verb_set(_H["give_count"])
SPEAK_OF = _verb_set(_H["speak_of"])
SUFFER = _verb_set(_H["suffer"])
INJURIES = frozenset(_H["injuries"])
REFUGE_VERBS = _verb_set(_H["refuge_verbs"])
REFUGE = frozenset(_H["refuge"])
LEAVE = _verb_set(_H["leave"])
HOMES = frozenset(_H["homes"])
DRIVE = _verb_set(_H["drive"])
LINKS = _verb_set(_H["links"])
MODALS = frozenset(_H["modals"])
NEGATIONS = frozenset(_H["negations"])
UNREAL = frozenset(_H["unreal"])
TIMES = frozenset(_H["times"])
PREPOSITIONAL = frozenset(_H["prepositional"])
TAKE = _verb_set(_H["take"])
ARRIVE = _verb_set(_H["arrive"])
MOVED_ON = _verb_set(_H["moved_on"])
TAKE_IN = _verb_set(_H["take_in"])
HOST_PLACES = frozenset(_H["host_places"])
FLIGHT = frozenset(_H["flight"])
NO_FLIGHT = frozenset(_H["no_flight"])
ASSAULTS = frozenset(_H["assaults"])
PASS = _verb_set(_H["pass"])
SELF_HARM = _verb_set(_H["self_harm"])
PERSONAL = frozenset(_H["personal"])
BODIES = frozenset(_H["bodies"])
HEADLINE = frozenset(_H["headline"])
NEUTER = frozenset(_H["neuter"])
CROSS = _verb_set(_H["cross"])
EXISTS = frozenset(_H["exists"])
UNREAL_INFINITIVE = frozenset(_H["unreal_infinitive"])
DESCRIBE = frozenset(_H["describe"])
ONES_DEATH = frozenset(_H["ones_death"])
REGISTER = _verb_set(_H["register"])
ASYLUM = frozenset(_H["asylum"])
CONVOYS = frozenset(_H["convoys"])
DEPART = _verb_set(_H["depart"])
CAMPS = frozenset(_H["camps"])
OF_REFUGE = frozenset(_H["of_refuge"])
BRINGS = frozenset(_H["brings"])
LIMBS = frozenset(_H["limbs"])
VITALS = frozenset(_H["vitals"])
PARENTS = frozenset(_H["parents"])
FIGURATIVE = frozenset(_H["figurative"])
COME = _verb_set(_H["come"])
SEARCHERS = frozenset(_H["searchers"])
COMPOSED = frozenset(_H["composed"])
SAVE = _verb_set(_H["save"])
SOUGHT_OUT = frozenset(_H["sought_out"])
COLLECTIVES = frozenset(_H["collectives"])
SENTENCED = frozenset(_H["sentenced"])
HOSPITALS = frozenset(_H["hospitals"])
HEALERS = frozenset(_H["healers"])
TO_HOSPITAL = _verb_set(_H["to_hospital"])
TREAT = _verb_set(_H["treat"])
TREATED = frozenset(_H["treated"])
DESTROY = _verb_set(_H["destroy"])
REACH = _verb_set(_H["reach"])
RATES = frozenset(_H["rates"])
RATE_UNITS = frozenset(_H["rate_units"])


def _with_particles(groups: dict[str, list[str]]) -> dict[tuple[str, str], Metric]:
    """(verb, particle) -> metric, of entries like `mow mows mowed down`."""
    return {
        (form, particle): metric  # type: ignore[misc]
        for metric, entries in groups.items()
        for *verbs, particle in (str(e).split() for e in entries)
        for form in verbs
    }


PARTICLE_VERBS = _with_particles(_H["particle_verbs"])
PARTICLES_OF_SUBJECT: dict[tuple[str, str], Metric] = _with_particles(_H["particles_of_subject"])
DENIED: dict[str, Metric] = {
    form: metric for metric, entries in _H["denied"].items() for e in entries for form in str(e).split()
}
SOUGHT_VERBS = frozenset(form for e in _H["sought"]["verbs"] for form in str(e).split())
SOUGHT_NOUNS = frozenset(_H["sought"]["nouns"])
GRAVELY = frozenset(_H["gravely"])
HOSTS = frozenset(_H["hosts"])
HOST = _verb_set(_H["host"])
HOUSE = _verb_set(_H["house"])
BEREAVED = frozenset(_H["bereaved"])
RIVALS = frozenset(_H["rivals"])
CULPRITS = frozenset(_H["culprits"])
GET_AWAY = _verb_set(_H["get_away"])
SCENES = frozenset(_H["scenes"])
LISTS = frozenset(_H["lists"])
EXHIBIT = _verb_set(_H["exhibit"])
STRIKE = _verb_set(_H["strike"])
PROJECTILES = frozenset(_H["projectiles"])
CUT = _verb_set(_H["cut"])


@dataclass(frozen=True, slots=True)
class Predicate:
    """A harm said by a verb together with its object or with a noun after one of `preps`; see harm.yaml."""

    metric: Metric
    rule: str
    of: str
    """`subject` or `done`: whose harm it is."""
    preps: frozenset[str]
    nouns: frozenset[str]
    near: frozenset[str]
    """One of these must stand by the noun; empty: none need."""


def _predicate(entry: dict[str, Any]) -> Predicate:
    preps, nouns, near = (frozenset(entry.get(key, ())) for key in ("preps", "nouns", "with"))
    return Predicate(entry["metric"], entry["rule"], entry["of"], preps, nouns, near)


def _by_verb(entries: list[dict[str, Any]]) -> dict[str, tuple[Predicate, ...]]:
    found: dict[str, list[Predicate]] = {}
    for entry in entries:
        predicate = _predicate(entry)
        for form in _verb_set(entry["verbs"]):
            found.setdefault(form, []).append(predicate)
    return {form: tuple(predicates) for form, predicates in found.items()}


PREDICATES = _by_verb(_H["predicates"])

TELLING = frozenset(
    (
        "arrivals", "buried", "hitting", "fatal", "fatally", "drove", "drives", "driving", "airlifted", "airlift", "arrival", "fate", "unhcr", *HOST,
        *DONE_TO, *SUFFERED, *STATES, *HARM_NOUNS, *NOMINAL, *INJURIES, *REFUGE, *LIFE, *DENIED, *SOUGHT_VERBS, *SOUGHT_NOUNS,
        *(noun for predicates in PREDICATES.values() for p in predicates for noun in p.nouns),
    )
) - frozenset(_H["common"])  # fmt: skip
"""Words that make a sentence worth reading for harm."""

_P = load("people.yaml")
_PEOPLE = frozenset(_P["people"])
_THINGS = frozenset(_P["things"])


def _listed(name: str) -> frozenset[str]:
    lines = resources.files("pipeline.facts").joinpath("data", name).read_text("utf8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


_PERSON_NOUNS = _listed("person_nouns.txt")
_NOT_PEOPLE = _listed("not_people.txt")
PERSON_ENDINGS = (
    "er",
    "or",
    "ist",
    "ian",
    "ee",
    "eer",
    "ant",
    "ite",
    "naut",
    "crat",
    "man",
    "men",
    "woman",
    "women",
    "people",
)


def singular(word: str) -> str:
    """A noun's singular by rule; good enough to look it up."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _in(word: str, listed: frozenset[str]) -> bool:
    return word in listed or singular(word) in listed


@lru_cache(maxsize=20000)
def is_thing(word: str) -> bool:
    """Does a number of these count something else than people?"""
    return _in(word, _THINGS) and not _in(word, _PEOPLE)


def is_listed_person(word: str) -> bool:
    """A person noun of the list; endings don't count, so that it may be asked of any word (`after`, `over`)."""
    return word in _PEOPLE or (word.endswith("s") and singular(word) in _PEOPLE)


@lru_cache(maxsize=20000)
def is_person_noun(word: str) -> bool:
    """Is this lower-case noun surely one for people?"""
    if _in(word, _PEOPLE):
        return True
    if is_thing(word) or _in(word, _NOT_PEOPLE):
        return False
    return _in(word, _PERSON_NOUNS) or (singular(word).endswith(PERSON_ENDINGS) and len(word) > 4)


_CIVILIAN = frozenset(_P["civilian"])
_PERHAPS_CIVILIAN = frozenset(_P["perhaps_civilian"])
COMBATANT_PHRASES: tuple[str, ...] = tuple(_P["combatant_phrases"])
_COMBATANT = frozenset(_P["combatant"])


@lru_cache(maxsize=20000)
def is_civilian(word: str) -> bool:
    return _in(word, _CIVILIAN)


def is_perhaps_civilian(word: str) -> bool:
    return _in(word, _PERHAPS_CIVILIAN)


@lru_cache(maxsize=20000)
def is_combatant(word: str) -> bool:
    return _in(word, _COMBATANT)
