"""Fit the weights by which pipeline/facts/speaking_on.py finds who claims a count whose own words name nobody.

    python -m tools.fit_speaking_on DOCS GOLD [--test DOCS GOLD] [--write]

A choice among the voices around each such count and the outlet, by a softmax over their features with an L2 penalty that
draws the weights to what language says before any gold set does (EXPECTED), others to 0; what is seen in few articles is
left out, and so are counts that somebody claims who is none of the voices. Cross-validated by article, and by publisher.
`--write` stores the weights in pipeline/facts/speaking_on.json; nothing of the texts is stored.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from pipeline.facts import attribution, evaluate, speaking_on
from pipeline.facts.extract import Extractor, answers_of
from tools import marked

PENALTY = 2.0
FOLDS = 8
SUPPORT = 4
"""Articles in which something must be seen to get a weight."""


EXPECTED = {
    "heads the list": 3.0, "before, and after by a pronoun": 2.0, "begins with more of those, 1 before": 4.0, "begins with more of those, 2 before": 1.0,
    "claims the whole, near": 1.0,
}  # fmt: skip


class Example(NamedTuple):
    article: str
    publisher: str
    voices: list[list[str]]
    """Features of each voice around the count."""
    right: list[int]
    """Which of the voices is the claimant; several if the name is heard in two forms, none if it is nobody around."""
    is_claimed: bool
    implicit: bool


def examples(extractor: Extractor, docs: Path, gold: Path) -> list[Example]:
    found = []
    for m in marked.read(extractor, docs, gold):
        answers = answers_of(m.document, m.mentions)
        own = [attribution.read(mention, m.document) for mention in m.mentions]
        for i, j in m.pairs:
            if own[j].value is not None:
                continue
            fact = m.gold[i]
            around = speaking_on.voices(j, m.mentions, m.document, own)
            spoken = [list(speaking_on.features(j, m.mentions, m.document, answers, voice)) for voice in around]
            right = [
                k for k, v in enumerate(around) if evaluate.agree("attribution", fact, {"attribution": v.reading.value})
            ]
            found.append(
                Example(
                    m.doc_id, m.document.publisher, spoken, right, fact["attribution"] is not None, fact["implicit"]
                )
            )
    return found


def fit(rows: Sequence[Example]) -> dict[str, float]:
    """Feature -> weight."""
    rows = [r for r in rows if r.voices and (r.right or not r.is_claimed)]
    seen: dict[str, set[str]] = defaultdict(set)
    for r in rows:
        for name in {f for voice in r.voices for f in voice}:
            seen[name].add(r.article)
    at = {
        name: k
        for k, name in enumerate(sorted(n for n in {*seen, *EXPECTED} if len(seen[n]) >= SUPPORT or n in EXPECTED))
    }
    listed = [(n, voice, k in r.right) for n, r in enumerate(rows) for k, voice in enumerate(r.voices)]
    cells = [(row, at[f]) for row, (_, voice, _) in enumerate(listed) for f in set(voice) if f in at]
    x = csr_matrix((np.ones(len(cells)), tuple(zip(*cells, strict=True))), shape=(len(listed), len(at)))
    group, is_right = np.array([n for n, _, _ in listed]), np.array([r for _, _, r in listed])
    prior = np.array([EXPECTED.get(name, 0.0) for name in at])
    claimed = np.array([r.is_claimed for r in rows])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        odds = np.exp(np.clip(x @ w, -30, 30))
        every = 1.0 + np.bincount(group, odds, len(rows))
        chosen = np.where(claimed, np.bincount(group, odds * is_right, len(rows)), 1.0)
        slope = x.T @ (odds / every[group] - odds * is_right / chosen[group])
        return float(
            (np.log(every) - np.log(chosen)).sum() + PENALTY / 2 * ((w - prior) ** 2).sum()
        ), slope + PENALTY * (w - prior)

    w = minimize(loss, prior, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return {name: float(w[k]) for name, k in at.items()}


def right(rows: Sequence[Example], weights: Mapping[str, float]) -> list[bool]:
    """Is each answer right? Single people are left out."""
    answers = [(r, speaking_on.decide(r.voices, weights)[0]) for r in rows if not r.implicit]
    return [best in r.right if best is not None else not r.is_claimed for r, best in answers]


def hold_out(rows: Sequence[Example]) -> None:
    print(f"held out by article   {np.mean(marked.held_out(rows, lambda r: r.article, fit, right, FOLDS)):.3f}")
    print(f"held out by publisher {np.mean(marked.held_out(rows, lambda r: r.publisher, fit, right, FOLDS)):.3f}")


def report(name: str, rows: Sequence[Example], weights: Mapping[str, float]) -> None:
    answers, none = right(rows, weights), right(rows, {})
    print(f"{name:21} {np.mean(answers):.3f} of {len(answers)}; if nobody ever went on {np.mean(none):.3f}")


def main() -> None:
    path = Path(speaking_on.__file__).with_name("speaking_on.json")
    marked.command(__doc__, path, examples, fit, hold_out, report)


if __name__ == "__main__":
    main()
