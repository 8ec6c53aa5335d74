"""Fit the weights by which pipeline/facts/victim_type.py tells civilians from combatants.

    python -m tools.fit_victim_types DOCS GOLD [--test DOCS GOLD] [--write]

A multinomial logistic regression with an L2 penalty that draws the weights to the stored ones and to what language says
before any gold set does (EXPECTED), others to 0; things seen in few articles are left out. Cross-validated by article, and by publisher.
`--write` stores the weights in pipeline/facts/victim_type.json; nothing of the texts is stored.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from pipeline.facts import cause, victim_type
from pipeline.facts.cues import load_weights
from pipeline.facts.extract import Extractor
from pipeline.facts.victim_type import TYPES
from tools import marked

PENALTY = 4.0
FOLDS = 10
SUPPORT = 4
"""Articles in which something must be seen to get a weight, if none is expected."""
EXPECTED = {
    "unspecified: any": 1.0, "unspecified: called women": 2.0, "unspecified: called a nationality": 1.0, "civilian: called children": 4.0,
    "civilian: part of children": 2.0, "civilian: called civilian": 4.0, "combatant: called combatant": 4.0, "unspecified: called both": 3.0,
    "civilian: called perhaps civilian, conflict": 2.0, "combatant: called police, conflict": 1.0,
    "civilian: part of civilian": 2.0, "combatant: part of combatant": 2.0, "civilian: same count called civilian": 1.5,
    "combatant: same count called combatant": 1.5, "civilian: among them civilian": 0.5,
}  # fmt: skip
DRAWN_TO = {**EXPECTED, **load_weights("victim_type.json")}
"""Weights are drawn to these, and to what earlier articles said of manners that a set has few of. Articles that the stored weights
were fitted on are not held out from those that are drawn to them: what is printed of them says too much."""


class Example(NamedTuple):
    article: str
    publisher: str
    features: list[str]
    gold: int
    """Index in TYPES."""
    implicit: bool


def examples(extractor: Extractor, docs: Path, gold: Path) -> list[Example]:
    found = []
    for m in marked.read(extractor, docs, gold):
        causes = [cause.read(mention, m.document).value for mention in m.mentions]
        named = [victim_type.called_there(mention, m.document) for mention in m.mentions]
        for i, j in m.pairs:
            features = list(victim_type.features(j, m.mentions, causes[j], named))
            fact = m.gold[i]
            right = TYPES.index(fact["victim_type"])
            found.append(Example(m.doc_id, m.document.publisher, features, right, bool(fact["implicit"])))
    return found


def fit(rows: Sequence[Example]) -> dict[str, float]:
    """`type: feature` -> weight."""
    seen: dict[str, set[str]] = defaultdict(set)
    for r in rows:
        for name in r.features:
            seen[name].add(r.article)
    expected = {name.split(": ", 1)[1] for name in DRAWN_TO}
    names = sorted(n for n in seen if len(seen[n]) >= SUPPORT or n in expected)
    at = {name: k for k, name in enumerate(names)}
    cells = [(n, at[f]) for n, r in enumerate(rows) for f in set(r.features) if f in at]
    x = csr_matrix((np.ones(len(cells)), tuple(zip(*cells, strict=True))), shape=(len(rows), len(names)))
    y = np.eye(len(TYPES))[[r.gold for r in rows]]
    prior = np.array([[DRAWN_TO.get(f"{kind}: {name}", 0.0) for kind in TYPES] for name in names])

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        w = flat.reshape(prior.shape)
        scores = x @ w
        scores -= scores.max(axis=1, keepdims=True)
        log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        slope = x.T @ (np.exp(log_p) - y) + PENALTY * (w - prior)
        return float(-(y * log_p).sum() + PENALTY / 2 * ((w - prior) ** 2).sum()), slope.ravel()

    w = minimize(loss, prior.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x.reshape(prior.shape)
    return {f"{kind}: {name}": float(w[at[name], k]) for name in names for k, kind in enumerate(TYPES)}


def right(rows: Sequence[Example], weights: Mapping[str, float]) -> list[bool]:
    """Is each answer right? Single people are left out."""
    return [victim_type.decide(r.features, weights).value == TYPES[r.gold] for r in rows if not r.implicit]


def hold_out(rows: Sequence[Example]) -> None:
    print(f"held out by article   {np.mean(marked.held_out(rows, lambda r: r.article, fit, right, FOLDS)):.3f}")
    print(f"held out by publisher {np.mean(marked.held_out(rows, lambda r: r.publisher, fit, right, FOLDS)):.3f}")


def report(name: str, rows: Sequence[Example], weights: Mapping[str, float]) -> None:
    answers = right(rows, weights)
    print(f"{name:21} {np.mean(answers):.3f} of {len(answers)}")


def main() -> None:
    path = Path(victim_type.__file__).with_name("victim_type.json")
    marked.command(__doc__, path, examples, fit, hold_out, report)


if __name__ == "__main__":
    main()
