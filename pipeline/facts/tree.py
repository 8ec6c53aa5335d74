"""A parsed sentence as plain objects: what the rules ask of spaCy's Doc and Token, by the same names, many times faster.

Every look at a spaCy token makes the token anew and looks its strings up; the rules look some thousand times at each.
"""

from bisect import bisect_right
from collections.abc import Iterator
from sys import intern
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc as Parse


class Token:
    """A token of a parsed sentence; attributes as spaCy has them."""

    __slots__ = (
        "children", "dep_", "doc", "head", "i", "idx", "is_punct", "lower_", "pos_", "tag_", "text", "whitespace_",
    )  # fmt: skip
    doc: "Doc"
    i: int
    """Its number in the sentence."""
    idx: int
    """Offset in the sentence's text."""
    text: str
    lower_: str
    whitespace_: str
    tag_: str
    pos_: str
    dep_: str
    is_punct: bool
    head: "Token"
    """The token that it hangs from; the root's is itself."""
    children: "tuple[Token, ...]"
    """What hangs from it, in text order."""

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return self.text

    @property
    def lefts(self) -> "list[Token]":
        return [t for t in self.children if t.i < self.i]

    @property
    def rights(self) -> "list[Token]":
        return [t for t in self.children if t.i > self.i]

    @property
    def end(self) -> int:
        """Offset in the sentence's text of the character after it."""
        return self.idx + len(self.text)

    @property
    def subtree(self) -> "Iterator[Token]":
        """Itself and all that hangs from it, in text order."""
        for child in self.lefts:
            yield from child.subtree
        yield self
        for child in self.rights:
            yield from child.subtree

    @property
    def left_edge(self) -> "Token":
        return min(self.subtree, key=lambda t: t.i)

    @property
    def ancestors(self) -> "Iterator[Token]":
        """The heads above, nearest first."""
        token = self
        while token.head is not token:
            token = token.head
            yield token

    def nbor(self, steps: int = 1) -> "Token":
        at = self.i + steps
        if at < 0:
            raise IndexError(at)
        return self.doc[at]


class Doc(list[Token]):
    """The tokens of a parsed sentence, in text order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self._starts: list[int] = []

    def at(self, offset: int) -> Token | None:
        """The token that covers an offset in the sentence's text."""
        if not self._starts:
            self._starts = [t.idx for t in self]
        token = self[max(0, bisect_right(self._starts, offset) - 1)] if self else None
        return token if token is not None and token.idx <= offset < token.end else None


# Coarse tags by table: spaCy's attribute ruler costs half as much as its parser.
_POS = {
    "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "JJ": "ADJ", "JJR": "ADJ", "JJS": "ADJ", "AFX": "ADJ", "RB": "ADV", "RBR": "ADV",
    "RBS": "ADV", "WRB": "ADV", "VB": "VERB", "VBD": "VERB", "VBG": "VERB", "VBN": "VERB", "VBP": "VERB", "VBZ": "VERB", "MD": "AUX", "IN": "ADP",
    "RP": "ADP", "TO": "PART", "POS": "PART", "DT": "DET", "PDT": "DET", "WDT": "PRON", "PRP": "PRON", "PRP$": "PRON", "WP": "PRON", "WP$": "PRON",
    "EX": "PRON", "CD": "NUM", "CC": "CCONJ", "UH": "INTJ", "FW": "X", "ADD": "X", "LS": "X", "XX": "X", "$": "SYM", "SYM": "SYM",
}  # fmt: skip
_BE = frozenset(("be", "am", "is", "are", "was", "were", "been", "being", "'s", "'re"))


def tree(parse: "Parse") -> Doc:
    """The sentence that spaCy has tagged and parsed."""
    doc, strings, idx = Doc(parse.text), parse.vocab.strings, 0
    columns = parse.to_array(_COLUMNS)
    heads = columns[:, 0].astype("int64").tolist()
    for i, (_, orth, lower, tag, dep, spaced, punctuation) in enumerate(columns.tolist()):
        token = Token()
        token.doc, token.i, token.idx = doc, i, idx
        token.text, token.lower_, token.whitespace_ = strings[orth], strings[lower], " " if spaced else ""
        token.tag_, token.dep_, token.is_punct = intern(strings[tag]), intern(strings[dep]), bool(punctuation)
        token.pos_ = _coarse(token)
        token.children = ()
        idx += len(token.text) + spaced
        doc.append(token)
    hanging: dict[int, list[Token]] = {}
    for i, (token, steps) in enumerate(zip(doc, heads, strict=True)):
        token.head = doc[i + steps]
        if steps:
            hanging.setdefault(i + steps, []).append(token)
    for i, children in hanging.items():
        doc[i].children = tuple(children)
    return doc


_COLUMNS: list[int | str] = ["HEAD", "ORTH", "LOWER", "TAG", "DEP", "SPACY", "IS_PUNCT"]


def _coarse(token: Token) -> str:
    verbal = token.dep_ in ("aux", "auxpass") or token.lower_ in _BE
    return "AUX" if verbal and token.tag_.startswith("VB") else _POS.get(token.tag_, "PUNCT")
