"""How likely is a fact right? A logistic regression over a handful of things that anyone can check.

Right means right at the `core` level: the number is one of people harmed, with that metric, low, high and quantifier
(not that dates, place or attribution are right too). Weights are fitted by tools/calibrate_confidence.py and stored in
confidence.json; docs/facts.md shows how often facts of each confidence were right on articles not used for fitting.
"""

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib import resources

from pipeline.facts.model import Document, Mention
from pipeline.facts.quotations import quotation_around

WEIGHTS = "confidence.json"
LOWEST, HIGHEST = 0.02, 0.99
_FAR = 120
"""Characters between number and word of harm beyond which farther makes no difference."""


@cache
def weights() -> Mapping[str, float]:
    """Feature -> weight in log-odds; `bias` always counts."""
    return json.loads(resources.files("pipeline.facts").joinpath(WEIGHTS).read_text("utf8"))


def features(mention: Mention, document: Document) -> dict[str, float]:
    """What confidence looks at. Kinds are 0 or 1, distances 0 to 1; a kind without a weight counts nothing."""
    text = document.text[mention.number_start : mention.number_end]
    sentence = mention.sentence
    found = {
        "bias": 1.0,
        f"rule {mention.rules[-1] if mention.rules else 'none'}": 1.0,
        f"metric {mention.metric}": 1.0,
        f"quantifier {mention.quantifier}": 1.0,
        "single person": float(mention.implicit),
        "household": float(mention.unit == "household"),
        "number in words": float(not any(c.isdigit() for c in text)),
        "number is one": float(mention.low == 1 and not mention.implicit),
        "victims not named": float(mention.victims_start is None),
        "part of another": float(mention.whole is not None),
        "harm elided": float(mention.harm_start is None),
        "distance to harm": _distance(mention) / _FAR,
        "first paragraph": float(sentence.paragraph == 0),
        "in quotation": float(quotation_around(document.text, mention.number_start) is not None),
        "long sentence": min((sentence.end - sentence.start) / 400, 1.0),
        "several rules": float(len(mention.rules) > 1),
    }
    return {name: value for name, value in found.items() if value}


def _distance(mention: Mention) -> int:
    if mention.harm_start is None or mention.harm_end is None:
        return 0
    gap = max(mention.harm_start - mention.number_end, mention.number_start - mention.harm_end, 0)
    return min(gap, _FAR)


def estimate(mention: Mention, document: Document) -> float:
    """Probability, 0.02 to 0.99, that the fact is right at the core level."""
    known = weights()
    score = sum(known.get(name, 0.0) * value for name, value in features(mention, document).items())
    return round(min(max(1 / (1 + math.exp(-score)), LOWEST), HIGHEST), 3)
