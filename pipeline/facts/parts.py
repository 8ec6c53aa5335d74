"""Which whole does a part belong to? `227 killed, including 64 children`: the 64 are part of the 227.

In one sentence the words between the counts say so. Across sentences they do as well (`of them`, `the dead include`, `on
Sunday alone`), or what is told of the people (`five remain in hospital` after `30 were hurt`), or the sum (`27 here, 10
there and five elsewhere` of 42), or where they were (`six in Wa` of the 20 whom the floods killed in Ghana).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from pipeline.facts.model import Document, Mention, Reading
from pipeline.facts.numbers import find_numbers
from pipeline.records import Metric

_HARMED = r"(?:dead|victims|deaths|killed|slain|fatalities|wounded|injured|casualties|bodies|missing|displaced|refugees|evacuees|total)"
_THOSE = rf"(?:the (?:\w+ )?{_HARMED}|those(?: {_HARMED})?)"
_PARTITIVE = re.compile(rf"^[ ,]*of (?:them|whom|which|these|{_THOSE})\b", re.I)
_INNER_CUE = re.compile(
    rf"\b(?:includ(?:ing|e|es|ed)|among (?:them|whom|{_THOSE})|of (?:whom|which|them|these|{_THOSE}))\b", re.I
)
_BACK_CUE = re.compile(
    rf"\b(?:of (?:them|these|{_THOSE})|among (?:them|{_THOSE})"
    rf"|{_HARMED} (?:(?:in|at|from) (?:\w+ ){{1,3}})?(?:also )?(?:includ|compris|consist)|{_THOSE} (?:were|are|was) $"
    rf"|^\W*(?:that|this|it|they|these|the (?:figure|toll|number|count)) (?:also )?includ)",
    re.I,
)
_WHO_DIED = r"the (?:\w+ ){1,2}?(?:who (?:died|perished|drowned|were killed|lost their lives)|killed)"
_AMONG_CUE = re.compile(rf"\b(?:was|were|are|is) (?:also )?among (?:them|{_WHO_DIED}|{_THOSE})\b", re.I)
_AMONG_FIRST = re.compile(rf"^\W*Among (?:them|{_THOSE}) (?:are|were|is|was)\b[^.;]*$")
_AMONG_CUE_AHEAD = re.compile(r"^[^.;,]{0,40}\b(?:among|amongst|out of)(?: (?:the|some|a total of))? *$", re.I)
_TOPMOST = re.compile(rf"\bof {_THOSE} *$|^ *of {_THOSE}\b", re.I)
"""Cues that mean all who were harmed, not the part of them told last."""
_OF_COUNTED = re.compile(r" of (?:the|those|these|its|their|his|her|some) ", re.I)
_TOLLS = r"(?:toll|total|number|tally|count)"
_ADDED = (
    r"(?:bring|brought|rais|push|tak|took|mak|made|lift|driv|drove|increas)(?:e|es|ing|s|ed|ised)?\b.{0,40}"
    rf"\b{_TOLLS}\b"
)
_ADDED_CUE = re.compile(rf"\b{_ADDED}", re.I)
_ADDED_AFTER = re.compile(
    rf"^\W*(?:that|this|it|these|the (?:latest|new|additional) \w+)(?: has| have)? {_ADDED}", re.I
)
_ADDED_TO = re.compile(r"^[^.;]{0,40}?\bto the (?:count|toll|tally|total|number|list)\b", re.I)
_MORE = re.compile(r" (?:more|new|further|additional|others?)\b", re.I)
_NOW = re.compile(rf"\b{_TOLLS}\b[^.;]{{0,40}}\b(?:now|at|to)(?: (?:is|stands at|now))? *$", re.I)
"""`Two more deaths, tally at five`"""
_ALONE = re.compile(r"\b(?:on|in|during|over|since) [^,;.]{2,40} alone\b", re.I)
_BEGINNING = re.compile(
    r"\b(?:initial(?:ly)?|earlier|previous(?:ly)?|at first|first reports|first (?:spoken|said|put|given|reported))\b",
    re.I,
)
_OTHER_DAY = re.compile(
    r"\b(?:a|the|two|three|\d+) (?:day|night|week|month|year)s? (?:before|earlier|previously)\b", re.I
)
"""What is told of then is no part of what is told of now."""
_FURTHER = re.compile(r"\b(?:more|another|other|others|further|additional|elsewhere|separate(?:ly)?|new)\b", re.I)
_TOLD_OF = {
    "injured": re.compile(
        r"\b(?:in|to|at) (?:a |the |\w+ )?(?:hospitals?|clinics?|intensive care)\b|\bhospitali[sz]|\bdischarged\b"
        r"|\bin (?:a |an )?(?:\w+ )?(?:critical|serious|stable|grave) condition\b",
        re.I,
    ),
    "killed": re.compile(r"\b(?:bod(?:y|ies)\b.{0,30}|have been |were |had been )(?:recovered|retrieved|identified|buried)\b", re.I),
    "displaced": re.compile(
        r"\b(?:is|are|were|was|been|remain\w*)(?: still| now| currently)? (?:shelter|hous|stay|living|accommodat|host|in )", re.I
    ),
}  # fmt: skip
"""What is told of people whose harm was told before."""


def assign(document: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """The same mentions with `whole` filled in."""
    found: list[Mention] = []
    for k, m in enumerate(mentions):
        found.append(m if m.whole is not None else replace(m, whole=_told(document, mentions, k, found)))
    summed = _summands(found)
    return [m if m.whole is not None else replace(m, whole=summed.get(k)) for k, m in enumerate(found)]


def _told(document: Document, mentions: Sequence[Mention], k: int, before: Sequence[Mention]) -> int | None:
    whole = _whole_before(document, mentions, k, before)
    return _total_after(document, mentions, k) if whole is None else whole


def _whole_before(document: Document, mentions: Sequence[Mention], k: int, before: Sequence[Mention]) -> int | None:
    """The count before, if words say that this one is a part of it."""
    part = mentions[k]
    if (outer := _listed_with(document, mentions, k, before)) is not None:
        return outer
    told_as_part, goes_on = _refers_back(part), _goes_on(part)
    tells_who = "refers back" in part.rules and _WHAT_THEY_WERE.match(_around(part)[1]) is not None
    reach = 6 if told_as_part or _OF_SO_MANY.match(_around(part)[1]) else 2
    for j in range(k - 1, -1, -1):
        whole = mentions[j]
        if whole.sentence.index < part.sentence.index - reach:
            break
        if not _may_hold(whole, part):
            continue
        if whole.sentence is part.sentence:
            between = document.text[whole.number_end : part.number_start]
            between = between[m.end() :] if (m := _PARTITIVE.match(between)) else between
            after = document.text[part.number_end :][:14].strip()
            if _INNER_CUE.search(between) or (_INNER_CUE.match(after) and len(between) < 120):
                return j
            if re.search(r"\badd(?:ed|ing) $", between) and _ADDED_TO.match(document.text[part.number_end :][:80]):
                return j
            if goes_on and whole.metric == part.metric and whole.whole is None and _NEXT_CLAUSE.search(between):
                return j
            if _WITH_MORE.search(between) and _CLIMBED.search(_around(whole)[0]) and _is_less(part, whole):
                return j
        elif _is_of_so_many(part, whole):
            return j
        elif told_as_part and whole.metric in told_as_part:
            return _topmost(before, j, part) if _means_all(part) else j
        elif goes_on and whole.metric == part.metric and whole.whole is None:
            return j
        elif tells_who and whole.metric == part.metric and not _FURTHER.search(_around(part)[0][-40:]):
            return _topmost(before, j, part)
    return None


def _listed_with(document: Document, mentions: Sequence[Mention], k: int, before: Sequence[Mention]) -> int | None:
    """The whole of the count before, where this one goes on with its list: `of them 210 fighters, 80 soldiers`."""
    if (
        not k
        or (outer := before[k - 1].whole) is None
        or outer >= len(before)
        or not _may_hold(before[outer], mentions[k])
    ):
        return None
    last, part = before[k - 1], mentions[k]
    if last.sentence is not part.sentence or last.metric != part.metric:
        return None
    words, doc = document.text[last.number_end : part.number_start], part.sentence.parsed
    first, stop = (part.sentence.token_at(at) for at in (last.number_end - 1, part.number_start))
    if doc is None or first is None or stop is None or not _LIST_ENDS.search(words):
        return None
    return None if any(doc[i].pos_ in ("VERB", "AUX") for i in range(first.i + 1, stop.i)) else outer


_WITH_MORE = re.compile(r"\bwith (?:the (?:killing|deaths?|murders?) of )?$", re.I)
_CLIMBED = re.compile(
    rf"\b{_TOLLS}\b.{{0,100}}\b(?:r[oi]s(?:e|es|en|ing)|climb\w*|went up|gone up|reach\w*|hit|jump\w*|increas\w*) (?:to )?$",
    re.I,
)
"""`The toll climbed to nine, with four more ...`: the new ones are part of it."""
_NEXT_CLAUSE = re.compile(r"(?:[,;] (?:and |with |but )?|\band )$")
_LIST_ENDS = re.compile(r"(?:,|;| and|, and| as well as|, plus) $")


def _topmost(before: Sequence[Mention], j: int, part: Mention) -> int:
    """The whole that the count belongs to itself, through wholes of wholes."""
    while (outer := before[j].whole) is not None and outer < j and _may_hold(before[outer], part):
        j = outer
    return j


def _means_all(part: Mention) -> bool:
    before, after = _around(part)
    return bool(_TOPMOST.search(before) or _TOPMOST.match(after))


def _around(part: Mention) -> tuple[str, str]:
    """The sentence's words before and after the number."""
    sentence = part.sentence
    return sentence.text[: part.number_start - sentence.start], sentence.text[part.number_end - sentence.start :]


def _goes_on(part: Mention) -> bool:
    """Does it tell more of people counted before: where they are now, what became of them?"""
    before, after = _around(part)
    if _BEGINNING.search(before) or _FURTHER.search(before[-40:]) or _FURTHER.search(after[:25]):
        return False
    if _is_bare(part) and part.metric == "injured" and _HOW_BADLY.search(after[:60]):
        return True
    told = _TOLD_OF.get(part.metric)
    return told is not None and told.search(after[:80]) is not None


_WHAT_THEY_WERE = re.compile(
    r" (?:were|was|are|is) (?:all |both |mostly |said to be )?(?:an? |the |under |below |aged )?(?!\w+ed\b|[A-Z])\w+"
)
_HOW_BADLY = re.compile(r"\b(?:gravely|seriously|critically|severely|badly|life-threatening|fractures?|broken)\b", re.I)


_OF_SO_MANY = re.compile(r" of the (?P<number>[\w,-]+)\b")


def _is_of_so_many(part: Mention, whole: Mention) -> bool:
    """`One of the fifteen`: of a count given before."""
    of = _OF_SO_MANY.match(_around(part)[1])
    return of is not None and any(n.low == whole.low for n in find_numbers(of["number"]))


def _is_bare(part: Mention) -> bool:
    """Is it told as a number alone: `Twelve were children`?"""
    return not part.implicit and (part.victims_start is None or part.victims_start < part.number_start)


def _total_after(document: Document, mentions: Sequence[Mention], k: int) -> int | None:
    """`two more bodies were found, bringing the toll to nine`: the new ones are part of the total."""
    part = mentions[k]
    if k + 1 == len(mentions) or not _may_hold(mentions[k + 1], part):
        return None
    total = mentions[k + 1]
    if total.sentence is part.sentence:
        between = document.text[part.number_end : total.number_start]
        ahead = _ADDED_CUE.search(between) or _AMONG_CUE_AHEAD.search(between) or _OF_COUNTED.fullmatch(between)
        ahead = ahead or (_MORE.match(between) and _NOW.search(between))
        return k + 1 if ahead else None
    follows = total.sentence.index == part.sentence.index + 1
    return k + 1 if follows and _ADDED_AFTER.search(_around(total)[0]) else None


ADDENDS = 60
"""Counts before and after one among which those that add up to it are looked for."""


Told = Mapping[tuple[int | None, Metric], int]
"""How often the article gives a count: number of mentions by low and metric."""


def _summands(mentions: Sequence[Mention]) -> dict[int, int]:
    """Neighbouring exact counts that add up to another count of the article: `45 rebels and 43 soldiers` of `88`."""
    found: dict[int, int] = {}
    told = Counter((m.low, m.metric) for m in mentions)
    for target, whole in enumerate(mentions):
        if whole.implicit or whole.low is None or whole.quantifier in ("range", "about"):
            continue
        others = [
            i
            for i, m in enumerate(mentions[max(0, target - ADDENDS) : target + ADDENDS], max(0, target - ADDENDS))
            if i != target and m.low is not None and m.whole in (None, target) and m.quantifier != "range" and not m.implicit
            and whole.metric in (m.metric, "casualties") and _may_hold(whole, m) and not _OTHER_DAY.search(m.sentence.text)
        ]  # fmt: skip
        for run in _runs(mentions, others, whole.low, told):
            if target not in range(run[0], run[-1] + 1):
                found.update((i, target) for i in run if i not in found and found.get(target) != i)
    return found


def _runs(mentions: Sequence[Mention], candidates: list[int], total: int, told: Told) -> Iterator[list[int]]:
    """Runs of neighbours (of one or the next two sentences, not of one size as the total) whose lows add up to it."""
    for a in range(len(candidates)):
        run = [candidates[a]]
        amount = mentions[run[0]].low or 0
        for b in range(a + 1, min(a + 6, len(candidates))):
            near = mentions[candidates[b]].sentence.index - mentions[candidates[b - 1]].sentence.index <= 2
            amount += mentions[candidates[b]].low or 0
            run.append(candidates[b])
            if not near or amount > total:
                break
            if amount == total and total > 3 and _are_several(mentions, run, told):
                yield run
                break


def _are_several(mentions: Sequence[Mention], run: list[int], told: Told) -> bool:
    """Are they counts of different people? One figure that the article tells time and again is none to add to itself."""
    first = mentions[run[0]]
    same = all((mentions[i].low, mentions[i].metric) == (first.low, first.metric) for i in run)
    return not same or (told[first.low, first.metric] <= len(run) and mentions[run[-1]].sentence is first.sentence)


LOOK_BACK = 40
"""Counts before a part among which its whole is looked for by place."""


def within(mentions: Sequence[Mention], answers: Sequence[Mapping[str, Reading[Any]]]) -> list[Mention]:
    """The same mentions with the wholes that only their places, dates and causes tell; asked last, for no answer rests on these."""
    found: list[Mention] = []
    for k, m in enumerate(mentions):
        whole = m.whole
        if whole is not None and _is_chance(mentions, answers, k, whole):
            whole = None
        if whole is None:
            whole = _around_it(mentions, answers, k)
        if whole is None and k:
            whole = _beside(found, k, mentions, answers)
        found.append(m if whole == m.whole else replace(m, whole=whole))
    return found


FAR = 3
"""Sentences between a count and those that add up to it, beyond which the sum may be chance."""


def _is_chance(mentions: Sequence[Mention], answers: Sequence[Mapping[str, Reading[Any]]], k: int, j: int) -> bool:
    """A sum told far off, by another or of other days: small numbers often add up. A title's count is the body's."""
    part, whole, mine, its = mentions[k], mentions[j], answers[k], answers[j]
    if 0 in (part.sentence.paragraph, whole.sentence.paragraph) or _refers_back(part) or _is_of_so_many(part, whole):
        return False
    around = mentions[max(0, k - ADDENDS) : k + ADDENDS]
    again = (m for m in around if (m.low, m.metric) == (whole.low, whole.metric))
    if any(abs(part.sentence.index - m.sentence.index) <= FAR for m in again):
        return False
    claimed = its["attribution"].value, mine["attribution"].value
    return claimed[0] != claimed[1] and (None not in claimed or its["dates"].value != mine["dates"].value)


_ELSEWHERE = re.compile(
    r"^\W*(?:(?:[Aa]nd|[Ww]hile|[Mm]eanwhile),? )?(?:[Ii]n|[Aa]t) (?:the )?[A-Z]|^\W*[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,3} "
    r"(?:has |have |had )?(?:reported|recorded|counted|registered|lost|saw|suffered)\b"
)
"""A sentence that begins with another place."""


def _beside(
    before: Sequence[Mention], k: int, mentions: Sequence[Mention], answers: Sequence[Mapping[str, Reading[Any]]]
) -> int | None:
    """The whole of the count before, where the next sentence goes on from place to place: `Six died in Wa. Ho lost two.`"""
    last, part = before[-1], mentions[k]
    if last.whole is None or part.implicit or last.implicit or not _ELSEWHERE.match(part.sentence.text):
        return None
    whole = mentions[last.whole]
    near = part.sentence.index - last.sentence.index == 1 and whole.sentence is not last.sentence
    if not near or part.metric != last.metric or not _may_hold(whole, part) or _OTHER_DAY.search(part.sentence.text):
        return None
    its, mine = answers[k - 1], answers[k]
    return last.whole if _same_event(its, mine) and its["place"].value != mine["place"].value else None


def _around_it(mentions: Sequence[Mention], answers: Sequence[Mapping[str, Reading[Any]]], k: int) -> int | None:
    """The count before of a day that holds this one's `alone`, or of a country or region in which this one's place lies."""
    part, mine = mentions[k], answers[k]
    if part.implicit or mine["background"].value:
        return None
    before, after = _around(part)
    if _BEGINNING.search(before):
        return None
    alone = _ALONE.search(before[-60:]) or _ALONE.search(after[:80])
    for j in range(k - 1, max(-1, k - 1 - LOOK_BACK), -1):
        whole, its = mentions[j], answers[j]
        plain = whole.whole is None and whole.metric == part.metric and not its["background"].value
        if not plain or not _is_less(part, whole) or not _may_hold(whole, part):
            continue
        if alone and part.sentence.index - whole.sentence.index <= 2:
            return j
        larger, smaller = its["place"].value, mine["place"].value
        inside = larger is not None and smaller is not None and larger.holds(smaller)
        near = whole.sentence.paragraph == part.sentence.paragraph or part.sentence.index - whole.sentence.index <= 2
        if inside and near and _same_event(its, mine):
            return j
    return None


def _is_less(part: Mention, whole: Mention) -> bool:
    """Surely fewer, by two counts that are no vague words: else it may be another count of the same people."""
    size = part.high or part.low
    return size is not None and whole.low is not None and size < whole.low and whole.high in (whole.low, None)


def _same_event(its: Mapping[str, Reading[Any]], mine: Mapping[str, Reading[Any]]) -> bool:
    """A disaster that an article tells of is one; in a war only counts of the same days are sure to be of the same harm."""
    cause, days, claimed = its["cause"].value, its["dates"].value, (its["attribution"].value, mine["attribution"].value)
    if cause == "disaster":
        return mine["cause"].value != "conflict"
    return (
        cause == mine["cause"].value
        and days == mine["dates"].value
        and None not in days
        and (None in claimed or claimed[0] == claimed[1])
    )


_EVERY = frozenset(get_args(Metric))
_NAMED = {"killed": ("dead", "deaths", "killed", "slain", "fatalities"), "injured": ("wounded", "injured")}


def _refers_back(part: Mention) -> frozenset[str]:
    """Metrics of the counts that words about the part refer back to: any by `of them`, one by `of the wounded`; else none."""
    before, after = _around(part)
    cue = (
        _BACK_CUE.search(before[-60:])
        or _AMONG_FIRST.match(before)
        or _BACK_CUE.match(after[:60].strip())
        or _AMONG_CUE.search(after[:60])
    )
    if cue is None:
        return frozenset()
    named = {metric for metric, listed in _NAMED.items() for word in listed if word in cue.group().lower()}
    return frozenset(named | {"casualties"}) if named else _EVERY


def _may_hold(whole: Mention, part: Mention) -> bool:
    """A part is no larger than its whole and of its metric; the dead may be part of the wounded or of casualties."""
    if (
        whole.metric != part.metric
        and whole.metric != "casualties"
        and not (whole.metric == "injured" and part.metric == "killed")
    ):
        return False
    if whole.unit != part.unit or whole.implicit:
        return False
    size, most = part.low or part.high or 1, whole.high or whole.low or 0
    return size < most or whole.quantifier in ("at_least", "about")
