"""Fit the weights by which pipeline/facts/places.py chooses a place, and say how well they do on articles held out.

    python -m tools.fit_places DOCS GOLD [--test DOCS GOLD] [--write]

A candidate is right if it names the gold place and lies in its country (if none does, those in the country are). The
weights maximise the probability of the right candidates among all candidates of a mention, with an L2 penalty;
features seen in few articles are left out. Cross-validated by article. `--write` stores the weights in
pipeline/facts/data/places.json; nothing of the texts is stored.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from pipeline.facts import evaluate, measure, places, sides
from pipeline.facts.extract import Extractor
from pipeline.facts.gazetteer import DATA
from pipeline.facts.model import Document, Mention
from pipeline.facts.settling import Found
from pipeline.facts.toponyms import Toponym
from tools import marked

PENALTY = 20.0
FOLDS = 8
SUPPORT = 10
"""Articles in which a feature must occur, if it has no expected weight."""
EXPECTED = {
    "displaced from it": 3.0, "displaced to it": -3.0, "displaced in it": -0.5, "where someone speaks": -1.5, "speaks": -1.0,
    "same sentence, speaks": -1.0, "acts as a government": -1.0, "nationality": -1.0, "part of a longer name": -1.0,
    "seat of government alone": -1.5, "in it": 1.0, "attached directly": 1.0, "same verb as the harm": 0.5,
    "same sentence, in it": 1.0, "clause between, after": -0.5, "clause between, before": -0.5, "refugees' own country": 1.0, "its people, not its soldiers": 2.0,
    "new: country": -0.5, "new: city": 0.5, "total: country": 0.5, "total: city": -0.5, "within the victims": 0.5, "place of a part": -2.0,
    "its government speaks here": -2.0, "its government, which wages a war, speaks here": -2.0, "home of the victims' force": 2.0,
    "a war is fought in it": 0.5, "it wages a war": -0.5,
}  # fmt: skip
"""What language says before any gold set does."""
DRAWN_TO = {**EXPECTED, **places.weights()}
"""Weights are drawn to these, and to what earlier articles said of manners that a set has few of (datelines); others to 0. Articles that the stored weights
were fitted on are not held out from those that are drawn to them: what is printed of them says too much."""


@dataclass(frozen=True, slots=True)
class Example:
    article: int
    gold: evaluate.Row
    document: Document
    mention: Mention
    found: Found
    listed: Sequence[Toponym]
    described: Sequence[Sequence[str]]
    """Features of each candidate."""

    def right(self) -> np.ndarray:
        same_country = np.array([t.country == self.gold["country"] for t in self.listed], dtype=bool)
        both = same_country & np.array([self.names_it(t) for t in self.listed], dtype=bool)
        return both if both.any() else same_country

    def names_it(self, t: Toponym) -> bool:
        shown = places.spelled_out(t, self.mention, self.found)
        return evaluate.agree("place", self.gold, {"place": self.document.text[shown.start : shown.end]})


def examples(extractor: Extractor, docs: Path, gold: Path) -> list[Example]:
    """Every mention that the extractor finds and the gold set has."""
    return [e for article, m in enumerate(marked.read(extractor, docs, gold)) for e in of_article(article, m)]


def of_article(article: int, m: marked.Marked) -> Iterator[Example]:
    context = places.Context(m.document)
    for i, j in m.pairs:
        mention = m.mentions[j]
        listed = places.candidates(mention, context.found)
        measured = measure.read(mention, m.document, m.mentions).value
        side = sides.read(mention, m.document, context)
        described = [places.features(t, mention, context, measured, side) for t in listed]
        yield Example(article, m.gold[i], m.document, mention, context.found, listed, described)


def fit(rows: Sequence[Example]) -> dict[str, float]:
    """Weights that maximise the log probability of the right candidates (a softmax per mention)."""
    seen: dict[str, set[int]] = defaultdict(set)
    for r in rows:
        for name in {f for fs in r.described for f in fs}:
            seen[name].add(r.article)
    column = {name: i for i, name in enumerate(sorted(n for n in seen if len(seen[n]) >= SUPPORT or n in DRAWN_TO))}
    line, name_of, group, right = [], [], [], []
    for r in rows:
        good = r.right() if r.listed else np.zeros(0, dtype=bool)
        if good.any() and not good.all():
            for fs, is_right in zip(r.described, good, strict=True):
                known = {column[f] for f in fs if f in column}
                line += [len(right)] * len(known)
                name_of += known
                group.append(r)
                right.append(is_right)
    order = {key: i for i, key in enumerate(dict.fromkeys(map(id, group)))}
    matrix = csr_matrix((np.ones(len(line)), (line, name_of)), shape=(len(right), len(column)))
    expected = np.array([DRAWN_TO.get(name, 0.0) for name in column])
    weights = solve(matrix, np.array([order[id(r)] for r in group]), np.array(right), expected)
    return {**DRAWN_TO, **dict(zip(column, weights, strict=True))}


def solve(matrix: csr_matrix, group: np.ndarray, right: np.ndarray, expected: np.ndarray) -> list[float]:
    groups, turned = int(group.max()) + 1, matrix.T.tocsr()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        top = np.full(groups, -np.inf)
        np.maximum.at(top, group, scores)
        odds = np.exp(scores - top[group])
        everything, good = np.bincount(group, odds, groups), np.bincount(group, odds * right, groups) + 1e-300
        slope = turned @ (odds / everything[group] - odds * right / good[group])
        away = weights - expected
        return float(np.log(everything / good).sum() + PENALTY / 2 * away @ away), slope + PENALTY * away

    found = minimize(loss, expected, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return [float(w) for w in found.x]


def score(rows: Iterable[Example], weights: Mapping[str, float]) -> Counter[str]:
    """Counts of right countries and places, single people (implicit) left out."""
    count: Counter[str] = Counter()
    for r in rows:
        if r.gold.get("implicit"):
            continue
        t = chosen(r, weights)
        count["mentions"] += 1
        count["country"] += r.gold["country"] == (t.country if t else None)
        count["place"] += r.names_it(t) if t else r.gold["place"] is None
    return count


def chosen(r: Example, weights: Mapping[str, float]) -> Toponym | None:
    if not r.listed:
        return None
    best = places.choose(r.listed, [sum(weights.get(f, 0.0) for f in fs) for fs in r.described])
    return places.widened(places.narrowed(r.listed[best], r.found), r.found)


def shown(count: Counter[str]) -> str:
    n = count["mentions"]
    return f"{n} mentions: country {count['country'] / n:.3f}, place {count['place'] / n:.3f}"


def hold_out(rows: Sequence[Example]) -> None:
    held_out: Counter[str] = Counter()
    for fold in range(FOLDS):
        weights = fit([r for r in rows if r.article % FOLDS != fold])
        held_out += score([r for r in rows if r.article % FOLDS == fold], weights)
    print(f"held out  {shown(held_out)}")


def report(name: str, rows: Sequence[Example], weights: Mapping[str, float]) -> None:
    print(f"{name:9} {shown(score(rows, weights))}")


def main() -> None:
    marked.command(__doc__, DATA / "places.json", examples, fit, hold_out, report)


if __name__ == "__main__":
    main()
