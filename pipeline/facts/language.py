"""Is a text English? By its commonest words: fast, and sure enough for texts of more than a few sentences."""

import re
from collections.abc import Sequence

_WORDS = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "that",
        "was",
        "were",
        "is",
        "are",
        "with",
        "by",
        "from",
        "have",
        "has",
        "had",
        "said",
        "it",
        "its",
        "at",
        "their",
        "this",
        "they",
        "been",
        "who",
        "which",
        "for",
        "after",
        "on",
        "in",
        "as",
        "be",
        "he",
        "she",
        "his",
        "her",
        "not",
        "but",
        "we",
        "will",
        "more",
        "about",
        "people",
        "killed",
        "over",
        "when",
        "also",
        "an",
        "or",
        "than",
        "i",
        "you",
    ]
)
_SAMPLE = 400
"""Words that decide."""


def is_english(sentences: Sequence[str]) -> bool:
    """True where enough of the words are common English ones (advertising and lists hold few); of short texts less is asked."""
    listed: list[str] = []
    for sentence in sentences:
        listed.extend(_WORDS.findall(sentence.lower())[: _SAMPLE - len(listed)])
        if len(listed) >= _SAMPLE:
            break
    if not listed:
        return True
    latin = sum(w.isascii() for w in listed) / len(listed)
    common = sum(w in _ENGLISH for w in listed) / len(listed)
    if len(listed) < 25:
        return latin > 0.5
    return latin > 0.7 and common > 0.07
