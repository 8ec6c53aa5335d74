"""Near-duplicates: one agency text carried by several publishers, word for word or nearly so.

A text's signature is MinHash over its word trigrams: SIGNATURE_LENGTH numbers of 32 bits. The share of positions at
which two signatures agree estimates the Jaccard similarity of the two sets of trigrams (standard error at most 0.063).
In SQL, cut signatures into BANDS bands of BAND_ROWS numbers: texts that share a band are candidates (a pair of
similarity 0.5 shares one with probability 0.64, of 0.7 with 0.99, of 0.2 with 0.03), and the estimate decides.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from rensa import RMinHash

SIGNATURE_LENGTH = 64
BAND_ROWS = 4
BANDS = SIGNATURE_LENGTH // BAND_ROWS
THRESHOLD = 0.5
"""Texts at least this similar are copies. Stories of different newsrooms on one event stay below 0.1; an agency text
with two paragraphs in three kept stays above."""
SHINGLE_WORDS = 3
MIN_WORDS = 20
"""Shorter texts get no signature: two one-line alerts agree too easily."""
_SEED = 20_260_101
_WORD = re.compile(r"\w+")


def signature(text: str) -> tuple[int, ...]:
    """SIGNATURE_LENGTH numbers below 2**32; empty for a text of fewer than MIN_WORDS words."""
    words = _WORD.findall(text.casefold())
    if len(words) < MIN_WORDS:
        return ()
    sketch = RMinHash(num_perm=SIGNATURE_LENGTH, seed=_SEED)
    sketch.update([" ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)])
    return tuple(sketch.digest())


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimated Jaccard similarity, 0 to 1; 0 where either has no signature."""
    if not one or not other:
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def bands(signed: Sequence[int]) -> list[tuple[int, ...]]:
    """(number of the band, its values): equal ones make two texts candidates."""
    return [(n, *signed[n * BAND_ROWS : (n + 1) * BAND_ROWS]) for n in range(len(signed) // BAND_ROWS)]


def pairs(signatures: Mapping[str, Sequence[int]], threshold: float = THRESHOLD) -> list[tuple[str, str]]:
    """Ids of texts that are copies of one another, each pair once, in order."""
    buckets: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for name in sorted(signatures):
        for band in bands(signatures[name]):
            buckets[band].append(name)
    candidates = {pair for members in buckets.values() for pair in combinations(members, 2)}
    return sorted(p for p in candidates if similarity(signatures[p[0]], signatures[p[1]]) >= threshold)


def groups(signatures: Mapping[str, Sequence[int]], threshold: float = THRESHOLD) -> list[tuple[str, ...]]:
    """Ids in groups of copies, singles included; each group and the list sorted."""
    leader = {name: name for name in signatures}
    for one, other in pairs(signatures, threshold):
        first, second = sorted((_leader(leader, one), _leader(leader, other)))
        leader[second] = first
    members: dict[str, list[str]] = defaultdict(list)
    for name in sorted(signatures):
        members[_leader(leader, name)].append(name)
    return sorted(tuple(m) for m in members.values())


def _leader(leader: dict[str, str], name: str) -> str:
    while leader[name] != name:
        leader[name] = leader[leader[name]]
        name = leader[name]
    return name


def shingles(text: str) -> set[str]:
    """What the signature sketches; for tests of the estimate."""
    words = _WORD.findall(text.casefold())
    return {" ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)}


def jaccard(one: Iterable[str], other: Iterable[str]) -> float:
    a, b = set(one), set(other)
    return len(a & b) / len(a | b) if a or b else 0.0
