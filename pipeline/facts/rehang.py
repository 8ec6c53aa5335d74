"""Puts right what a number's own words confuse in a parse: `lost between 30 and 40 men`, `cost upwards of 300 lives`."""

from pipeline.facts.numbers import Number
from pipeline.facts.tree import Doc, Token

_LONGEST = len("between ")


def rehang(number: Number, doc: Doc) -> None:
    """What a number counts hangs from the verb, where the parser took a word of the number for a preposition."""
    inside = [t for t in doc if t.idx < number.core_end and t.idx >= number.core_start]
    top = next((t for t in inside if not number.core_start <= t.head.idx < number.core_end), None)
    while top is not None and top.dep_ in ("nummod", "quantmod", "compound", "amod") and top.head.i > top.i:
        top = top.head
    if top is None or top.dep_ != "pobj" or not _is_of(top.head, number):
        return
    prep = top.head
    word = prep
    while word.head is not word and _is_of(word.head, number):  # `in excess of 300`
        word = word.head
    verb = word.head
    if word.dep_ == "prep" and not (verb.tag_.startswith("VB") and verb.i < word.i):
        return
    prep.children = tuple(k for k in prep.children if k is not top)
    top.head, top.dep_ = verb, "dobj" if word.dep_ == "prep" else word.dep_
    verb.children = tuple(sorted((*(k for k in verb.children if k is not word), top), key=_place))


def _place(token: Token) -> int:
    return token.i


def _is_of(token: Token, number: Number) -> bool:
    """Is it a word of the number's modifier, or the `between` before a range?"""
    if number.start <= token.idx < number.core_start:
        return True
    return number.kind == "range" and token.lower_ == "between" and number.start - token.idx <= _LONGEST
