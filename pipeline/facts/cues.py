"""Decisions by weighed cues: named words or facts speak for or against a yes, and the strongest names the decision.

A question's cues are regular expressions in its YAML and facts of grammar in its module; their weights are a logistic
regression's, stored as JSON beside it: {"": intercept, cue: weight}. A cue without a weight counts nothing.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

HERE = Path(__file__).parent


@cache
def load_weights(name: str) -> dict[str, float]:
    weights: dict[str, float] = json.loads((HERE / name).read_text("utf8"))
    return weights


@cache
def load_cues(name: str) -> dict[str, dict[str, re.Pattern[str]]]:
    """Compiled cues by the scope in which they are looked for."""
    groups = yaml.safe_load((HERE / name).read_text("utf8"))
    return {
        scope: {cue: re.compile(rule, re.I | re.S) for cue, rule in rules.items()} for scope, rules in groups.items()
    }


def found_in(text: str, cues: Mapping[str, re.Pattern[str]]) -> list[str]:
    return [name for name, regex in cues.items() if regex.search(text)]


def decide(cues: Iterable[str], weights: Mapping[str, float]) -> tuple[float, str]:
    """Log odds of yes, and the cue that spoke loudest for the decision taken (empty: none did)."""
    spoken = {cue: weights.get(cue, 0.0) for cue in cues}
    score = weights.get("", 0.0) + sum(spoken.values())
    sign = 1 if score > 0 else -1
    loudest = max(spoken, key=lambda cue: sign * spoken[cue], default="")
    return score, loudest if sign * spoken.get(loudest, 0) > 0 else ""
