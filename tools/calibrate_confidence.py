"""Fit the weights of a fact's confidence on gold facts, and print how well they are calibrated.

    python -m tools.calibrate_confidence DOCS GOLD [--test DOCS GOLD] [--write]

Cross-validated by document. `--test` prints the reliability table on a set not used for fitting; `--write` stores the
weights in pipeline/facts/confidence.json. No text of the gold set is stored, only weights.
"""

import json
import random
from itertools import pairwise
from pathlib import Path

import numpy as np

from pipeline.facts import confidence, evaluate
from pipeline.facts.extract import Extractor
from tools import marked

PENALTY = 2.0
FOLDS = 5
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)
Example = tuple[str, dict[str, float], bool]


def examples(extractor: Extractor, docs: Path, gold: Path) -> list[Example]:
    """(doc_id, features, right at core) of every fact that the extractor finds."""
    found: list[Example] = []
    for m in marked.read(extractor, docs, gold):
        right = {
            j for i, j in m.pairs if all(getattr(m.mentions[j], name) == m.gold[i][name] for name in evaluate.CORE)
        }
        found += [(m.doc_id, confidence.features(x, m.document), k in right) for k, x in enumerate(m.mentions)]
    return found


def fit(rows: list[Example]) -> dict[str, float]:
    """Logistic regression with an L2 penalty on all but the bias, by Newton's method."""
    names = sorted({name for _, f, _ in rows for name in f})
    at = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    for k, (_, f, _) in enumerate(rows):
        for name, value in f.items():
            x[k, at[name]] = value
    y = np.array([right for _, _, right in rows], dtype=float)
    penalty = np.full(len(names), PENALTY)
    penalty[at["bias"]] = 1e-3
    w = np.zeros(len(names))
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (y - p) - penalty * w
        hessian = (x.T * (p * (1 - p))) @ x + np.diag(penalty)
        w += np.linalg.solve(hessian, gradient)
    return {name: round(float(w[i]), 3) for name, i in at.items()}


def predict(weights: dict[str, float], rows: list[Example]) -> np.ndarray:
    scores = np.array([sum(weights.get(n, 0.0) * v for n, v in f.items()) for _, f, _ in rows])
    return np.clip(1 / (1 + np.exp(-scores)), confidence.LOWEST, confidence.HIGHEST)


def cross_validated(rows: list[Example]) -> np.ndarray:
    """Each fact's probability by weights fitted without its document."""
    docs = sorted({doc for doc, _, _ in rows})
    random.Random(1).shuffle(docs)
    fold = {doc: k % FOLDS for k, doc in enumerate(docs)}
    out = np.zeros(len(rows))
    for k in range(FOLDS):
        held = [i for i, r in enumerate(rows) if fold[r[0]] == k]
        weights = fit([r for r in rows if fold[r[0]] != k])
        out[held] = predict(weights, [rows[i] for i in held])
    return out


def report(title: str, rows: list[Example], p: np.ndarray) -> None:
    """Reliability: in each band of confidence, facts, mean confidence, share right. Brier score, calibration error."""
    y = np.array([right for _, _, right in rows], dtype=float)
    print(f"\n{title}: {len(rows)} facts, {y.mean():.3f} right, mean confidence {p.mean():.3f}")
    print("| confidence | facts | mean confidence | right |\n| --- | ---: | ---: | ---: |")
    error = 0.0
    for low, high in pairwise(BINS):
        here = (p >= low) & (p < high)
        if here.any():
            print(f"| {low:.2f} to {min(high, 1):.2f} | {here.sum()} | {p[here].mean():.3f} | {y[here].mean():.3f} |")
            error += here.sum() / len(y) * abs(p[here].mean() - y[here].mean())
    print(f"Brier score {((p - y) ** 2).mean():.4f} (always the mean: {(y.mean() * (1 - y.mean())):.4f}), "
          f"expected calibration error {error:.3f}")  # fmt: skip


def main() -> None:
    args = marked.arguments(__doc__)
    extractor = Extractor()
    rows = examples(extractor, args.docs, args.gold)
    report("cross-validated", rows, cross_validated(rows))
    weights = fit(rows)
    if args.test:
        test = examples(extractor, *args.test)
        report("test", test, predict(weights, test))
    if args.write:
        path = Path(confidence.__file__).with_name(confidence.WEIGHTS)
        path.write_text(json.dumps(weights, indent=1, sort_keys=True) + "\n", "utf8")
        print(f"\nwrote {path.name}")


if __name__ == "__main__":
    main()
