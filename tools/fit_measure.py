"""Fit the weights by which pipeline/facts/measure.py tells running counts from new harm.

    python -m tools.fit_measure DOCS GOLD [--test DOCS GOLD] [--write]

A logistic regression of `total` over the cues of each mention, with an L2 penalty; cues seen in few articles are left out
and single people, whom the scorer leaves out, weigh half. Held out by article, and by publisher; `alone` is the cues'
decision, `read` adds the phrases that decide alone and the neighbours. `--write` stores the weights in
pipeline/facts/measure.json; nothing of the texts is stored.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from pipeline.facts import measure
from pipeline.facts.cues import decide
from pipeline.facts.extract import Extractor
from pipeline.facts.model import Document, Mention
from tools import marked

PENALTY = 3.0
FOLDS = 10
SUPPORT = 8
"""Articles in which a cue must be seen to get a weight."""
SINGLE = 0.5
"""How much a single person weighs in the fit."""


class Example(NamedTuple):
    article: str
    document: Document
    mentions: list[Mention]
    mention: Mention
    cues: list[str]
    is_total: bool


def examples(extractor: Extractor, docs: Path, gold: Path) -> list[Example]:
    return [
        Example(
            m.doc_id, m.document, m.mentions, m.mentions[j], measure.cues(m.mentions[j], m.document),
            m.gold[i]["measure"] == "total",
        )
        for m in marked.read(extractor, docs, gold)
        for i, j in m.pairs
    ]  # fmt: skip


def fit(rows: Sequence[Example]) -> dict[str, float]:
    """Cue -> weight in log odds of a total; the intercept is under ""."""
    seen: dict[str, set[str]] = defaultdict(set)
    for r in rows:
        for cue in r.cues:
            seen[cue].add(r.article)
    at = {cue: k for k, cue in enumerate(sorted(c for c in seen if len(seen[c]) >= SUPPORT))}
    cells = [(n, at[cue]) for n, r in enumerate(rows) for cue in set(r.cues) if cue in at]
    x = csr_matrix((np.ones(len(cells)), tuple(zip(*cells, strict=True))), shape=(len(rows), len(at)))
    sign = np.array([1.0 if r.is_total else -1.0 for r in rows])
    weight = np.array([SINGLE if r.mention.implicit else 1.0 for r in rows])

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        w = flat[:-1]
        margin = sign * (x @ w + flat[-1])
        slope = -weight * sign / (1 + np.exp(margin))
        return (
            float(weight @ np.logaddexp(0, -margin) + PENALTY / 2 * w @ w),
            np.append(x.T @ slope + PENALTY * w, slope.sum()),
        )

    found = minimize(loss, np.zeros(len(at) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return {"": float(found[-1]), **{cue: float(found[k]) for cue, k in at.items()}}


def right(rows: Sequence[Example], weights: Mapping[str, float]) -> list[tuple[bool, bool]]:
    """Of each count, whether its cues alone and the whole reading are right by these weights."""
    known, answers = measure.load_weights("measure.json"), []
    kept = dict(known)
    known.clear()
    known.update(weights)
    for r in rows:
        for note in ("measure", "companies"):
            r.document.notes.pop(note, None)
    for r in rows:
        if not r.mention.implicit:
            alone = decide(r.cues, weights)[0] > 0
            answer = measure.read(r.mention, r.document, r.mentions).value == "total"
            answers.append((alone == r.is_total, answer == r.is_total))
    known.clear()
    known.update(kept)
    return answers


def shown(answers: Sequence[tuple[bool, bool]]) -> str:
    alone, read = np.mean(answers, axis=0)
    return f"alone {alone:.3f}  read {read:.3f}  of {len(answers)}"


def hold_out(rows: Sequence[Example]) -> None:
    print(f"held out by article    {shown(marked.held_out(rows, lambda r: r.article, fit, right, FOLDS))}")
    print(f"held out by publisher  {shown(marked.held_out(rows, lambda r: r.document.publisher, fit, right, FOLDS))}")


def report(name: str, rows: Sequence[Example], weights: Mapping[str, float]) -> None:
    for kind, known in (("now", weights), ("stored", dict(measure.load_weights("measure.json")))):
        print(f"{name + ', ' + kind:22} {shown(right(rows, known))}")


def main() -> None:
    path = Path(measure.__file__).with_name("measure.json")
    marked.command(__doc__, path, examples, fit, hold_out, report)


if __name__ == "__main__":
    main()
