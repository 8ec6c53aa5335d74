"""Quotations: is an offset inside one, and who speaks it.

Marks are read one by one, not counted, for articles lose some: a mark opens or closes by what stands around it. A
quotation ends with its paragraph at the latest.
"""

import re
from collections.abc import Iterator

from pipeline.facts.speakers import Speech, speeches

REACH = 1500
"""Characters that a quotation may run in either direction."""
SCARE = 45
"""A quotation of at most so many characters without a full stop is a word in quotes, not speech."""
MARKS = re.compile(r"[\"“”«»„]")


def _opens(text: str, at: int) -> bool:
    if text[at] in "“«„":
        return True
    if text[at] in "”»":
        return False
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return (before.isspace() or before in "([—–-:,") and not after.isspace()


def quotation_around(text: str, at: int) -> tuple[int, int] | None:
    """Offsets of the marks around an offset; where the closing one is lost, the paragraph's end."""
    floor = max(text.rfind("\n", 0, at) + 1, at - REACH)
    opened = _opening_before(text, at, floor)
    if opened is None:
        return None
    newline = text.find("\n", at)
    limit = min(newline if newline >= 0 else len(text), at + REACH)
    inner: int | None = None
    for mark in MARKS.finditer(text, at, limit):
        if _opens(text, mark.start()):
            if inner is not None:
                return opened, inner
            inner = mark.start()
        elif inner is not None and _is_scare(text, inner, mark.start()):
            inner = None
        else:
            return opened, mark.start()
    return opened, limit


def _is_scare(text: str, start: int, end: int) -> bool:
    return end - start <= SCARE and not re.search(r"[.!?,]\W?$", text[start:end])


def _opening_before(text: str, at: int, floor: int) -> int | None:
    """The mark that opens the quotation around `at`; words in scare quotes are passed over."""
    closing: int | None = None
    for mark in reversed(list(MARKS.finditer(text, floor, at))):
        if not _opens(text, mark.start()):
            if closing is not None:
                return None
            closing = mark.start()
        elif closing is None:
            return mark.start()
        elif _is_scare(text, mark.start(), closing):
            closing = None
        else:
            return None
    return None


def voices(text: str, opened: int, closed: int) -> Iterator[tuple[Speech, int]]:
    """Who may speak a quotation, likeliest first, each with the offset that its own count from: after it, before it."""
    if (closed < len(text) and text[closed - 1] in ",?!-—–”") or text[closed : closed + 2] in {'",', "”,", '" ', "” "}:
        tail_end = _sentence_end(text, closed + 1)
        tail = [s for s in speeches(text[closed:tail_end]) if s.start < 60]
        if tail and not (text[closed - 1] == "." and tail[0].before):
            yield tail[0], closed
    lead_start = max(text.rfind("\n", 0, opened) + 1, opened - 300)
    lead = speeches(text[lead_start:opened])
    if lead:
        yield lead[-1], lead_start


def _sentence_end(text: str, at: int) -> int:
    found = re.compile(r"[.!?](?=\s)|\n").search(text, at, at + 300)
    return found.end() if found else min(len(text), at + 300)
