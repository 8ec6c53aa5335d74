"""Running counts that are told together are counted from the same day: a part and its whole, a headline's count and its repeat."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.facts.model import Mention, Reading
from pipeline.facts.totals import BESIDE

Answers = dict[str, Reading[Any]]


def share(mentions: Sequence[Mention], answers: Sequence[Answers]) -> None:
    """Give a total the days of the total that it is part of, and the beginning that another telling of it has."""
    begun: dict[tuple[str, int | None], Reading[Any]] = {}
    for mention, answer in zip(mentions, answers, strict=True):
        if is_total(answer) and answer["dates"].value[0] is not None:
            begun.setdefault((mention.metric, mention.low), answer["dates"])
    for mention, answer in zip(mentions, answers, strict=True):
        if not is_total(answer):
            continue
        own, whole = answer["dates"], None if mention.whole is None else answers[mention.whole]
        again = begun.get((mention.metric, mention.low))
        if whole is not None and is_total(whole) and whole["dates"].value[0] is not None:
            if own.rule != f"date: total, {BESIDE}":
                answer["dates"] = replace(whole["dates"], rule="date: total, as its whole")
        elif own.value[0] is None and again is not None and again.value[0] <= own.value[1]:
            days = (again.value[0], own.value[1])
            answer["dates"] = replace(again, value=days, rule="date: total, begun where it is told again")


def is_total(answer: Mapping[str, Reading[Any]]) -> bool:
    return bool(answer["measure"].value == "total")
