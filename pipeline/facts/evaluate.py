"""Facts against a gold set, mention by mention: what `tollwire evaluate DOCS GOLD` prints.

A predicted fact meets a gold fact where their number spans overlap in the same document and metric and unit agree;
each fact is in one pair at most, the pairs that agree best first. Levels: `found` is that meeting; `core` also needs
low, high and quantifier; `dated` also measure and both dates; `full` also country, victim_type, background, being a
part of another fact, and attribution. Single people (implicit) are left out of the levels: meeting one neither helps nor
hurts; how many are met is a figure of its own.
"""

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from pipeline.errors import InputError

Row = dict[str, Any]
CORE = ("low", "high", "quantifier")
DATED = (*CORE, "measure", "start_date", "end_date")
FULL = (*DATED, "country", "victim_type", "background", "subset_of", "attribution")
LEVELS: dict[str, tuple[str, ...]] = {"found": (), "core": CORE, "dated": DATED, "full": FULL}
FIELDS = (*FULL, "place", "cause")
SAMPLES = 300
"""Bootstrap samples over documents; the interval leaves out the 7 lowest and the 7 highest."""
_NO_WORDS = frozenset(("the", "a", "an", "of", "in", "and", "to", "for", "on", "at", "by", "s"))


@dataclass(slots=True)
class Count:
    """Facts in gold, predicted, and right, of some documents."""

    gold: int = 0
    predicted: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        both = self.gold + self.predicted
        return 2 * self.right / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Error:
    """`missed`, `spurious`, or the name of the field that is wrong."""

    kind: str
    doc_id: str
    gold: Row | None
    predicted: Row | None


@dataclass(slots=True)
class Evaluation:
    documents: int
    per_document: dict[str, dict[str, Count]] = field(default_factory=dict)
    """doc_id -> level -> Count."""
    fields: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of the facts found: how many agree in the field, of how many."""
    implicit: tuple[int, int] = (0, 0)
    """Single people met, of how many in gold."""
    errors: list[Error] = field(default_factory=list)
    groups: dict[tuple[str, str], dict[str, Count]] = field(default_factory=dict)
    """(`metric` or `cause`, its value) -> level -> Count."""
    pairs: list[tuple[Row, Row]] = field(default_factory=list)
    """(gold, predicted) that met, single people included."""

    def level(self, name: str, sample: Sequence[str] | None = None) -> Count:
        """The level's count over all documents, or over a sample of them (with repeats)."""
        total = Count()
        for doc in self.per_document if sample is None else sample:
            count = self.per_document[doc][name]
            total.gold += count.gold
            total.predicted += count.predicted
            total.right += count.right
        return total

    def intervals(self, seed: int = 1) -> dict[str, tuple[float, float]]:
        """95 % bootstrap interval of every level's F1, over documents."""
        rng, names = random.Random(seed), list(self.per_document)
        found = {}
        for name in LEVELS:
            scores = (
                sorted(self.level(name, [rng.choice(names) for _ in names]).f1 for _ in range(SAMPLES)) if names else []
            )
            found[name] = (scores[7], scores[-8]) if scores else (0.0, 0.0)
        return found

    def as_json(self) -> Row:
        """The figures as plain data, rounded to four places."""
        levels = {name: self.level(name) for name in LEVELS}
        intervals = self.intervals()
        out: Row = {"documents": self.documents, "gold": levels["found"].gold, "predicted": levels["found"].predicted}
        for name, count in levels.items():
            low, high = intervals[name]
            figures = {"precision": count.precision, "recall": count.recall, "f1": count.f1, "low": low, "high": high}
            out[name] = {key: round(value, 4) for key, value in figures.items()}
        out["fields"] = {name: round(ok / of, 4) if of else None for name, (ok, of) in self.fields.items()}
        met, of = self.implicit
        out["implicit_recall"] = round(met / of, 4) if of else None
        for by in ("metric", "cause"):
            out[f"by_{by}"] = {
                value: {"gold": counts["found"].gold} | {name: round(counts[name].f1, 4) for name in LEVELS}
                for (group, value), counts in sorted(self.groups.items()) if group == by
            }  # fmt: skip
        return out


# Reading


def read_rows(path: Path | str) -> list[Row]:
    """A JSON object a line; InputError with the line's number otherwise."""
    try:
        lines = Path(path).read_text("utf8").splitlines()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            rows += [json.loads(line)] if line.strip() else []
        except ValueError as error:
            raise InputError(f"{path}, line {number}: not JSON ({error})") from error
    return rows


def locate(gold: Iterable[Row], texts: Mapping[str, str]) -> list[Row]:
    """Copies of the gold facts with number_start and number_end; quotes stand in text order, so each search goes on."""
    at: dict[str, int] = defaultdict(int)
    used: dict[str, set[tuple[tuple[int, int], str]]] = defaultdict(set)
    located = []
    for fact in gold:
        doc, quote = fact["doc_id"], fact["quote"]
        start = texts[doc].find(quote, at[doc])
        start = start if start >= 0 else texts[doc].find(quote)
        if start < 0:
            raise InputError(f"gold quote is not in {doc}: {quote[:80]}")
        at[doc] = start
        spans = list(_spans(quote, fact["number_text"], start))
        span = next((s for s in spans if (s, fact["metric"]) not in used[doc]), spans[-1])
        used[doc].add((span, fact["metric"]))
        located.append({**fact, "number_start": span[0], "number_end": span[1]})
    return located


def _spans(quote: str, number: str, base: int) -> Iterator[tuple[int, int]]:
    """Where the number stands in the quote as whole words; else where it stands at all."""
    whole = [(base + m.start(), base + m.end()) for m in re.finditer(rf"(?<!\w){re.escape(number)}(?!\w)", quote)]
    inside = base + quote.find(number)
    yield from whole or [(inside, inside + len(number))]


# Comparing


def _words(text: str | None) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", (text or "").lower())) - _NO_WORDS


def _share_words(a: str | None, b: str | None) -> bool:
    """Both null, or sharing half of the words of the shorter."""
    if not a or not b:
        return not a and not b
    x, y = _words(a), _words(b)
    return bool(x and y) and len(x & y) * 2 >= min(len(x), len(y))


_AGREE: dict[str, Callable[[Any, Any], bool]] = {
    "subset_of": lambda a, b: (a is None) == (b is None),
    "attribution": _share_words,
    "place": _share_words,
    "background": lambda a, b: bool(a) == bool(b),
}


def agree(name: str, gold: Row, predicted: Row) -> bool:
    """Do two facts agree in a field?"""
    a, b = gold.get(name), predicted.get(name)
    return _AGREE[name](a, b) if name in _AGREE else a == b


def _meet(gold: Row, predicted: Row) -> bool:
    overlap = gold["number_start"] < predicted["number_end"] and predicted["number_start"] < gold["number_end"]
    return overlap and gold["metric"] == predicted["metric"] and gold["unit"] == predicted.get("unit", "person")


def pair(gold: Sequence[Row], predicted: Sequence[Row]) -> list[tuple[int, int]]:
    """Indexes of one document's facts that meet, best agreement first, each in one pair at most."""
    meetings = [
        (-sum(agree(name, g, p) for name in FIELDS), i, j)
        for (i, g), (j, p) in product(enumerate(gold), enumerate(predicted)) if _meet(g, p)
    ]  # fmt: skip
    left: set[int] = set()
    right: set[int] = set()
    pairs = []
    for _, i, j in sorted(meetings):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((i, j))
    return pairs


def evaluate(documents: Iterable[Row], gold: Iterable[Row], predicted: Iterable[Row]) -> Evaluation:
    """Compare facts of the documents; facts of other documents are left out. Gold facts need no offsets, predicted do."""
    texts = {d["doc_id"]: d["text"] for d in documents}
    marked = locate((f for f in gold if f["doc_id"] in texts), texts)
    by_gold, by_predicted = _by_document(marked), _by_document(f for f in predicted if f["doc_id"] in texts)
    found = Evaluation(len(texts))
    agreed: dict[str, Counter[bool]] = {name: Counter() for name in FIELDS}
    for doc in texts:
        _document(found, doc, by_gold[doc], by_predicted[doc], agreed)
    found.fields = {name: (count[True], count.total()) for name, count in agreed.items()}
    return found


def _by_document(facts: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for fact in facts:
        found[fact["doc_id"]].append(fact)
    return found


def _document(
    found: Evaluation, doc: str, gold: list[Row], predicted: list[Row], agreed: dict[str, Counter[bool]]
) -> None:
    """Add one document's counts and errors."""
    pairs = pair(gold, predicted)
    found.pairs += [(gold[i], predicted[j]) for i, j in pairs]
    soft = {j for i, j in pairs if gold[i].get("implicit")}
    hard = {i: j for i, j in pairs if not gold[i].get("implicit")}
    single = sum(bool(g.get("implicit")) for g in gold)
    found.implicit = found.implicit[0] + len(soft), found.implicit[1] + single
    counts = found.per_document.setdefault(doc, {name: Count() for name in LEVELS})
    for i, g in enumerate(gold):
        if not g.get("implicit"):
            met = predicted[hard[i]] if i in hard else None
            _gold_fact(found, counts, doc, g, met, agreed)
    met_too = set(hard.values())
    for j, p in enumerate(predicted):
        if j not in soft:
            _add(found, counts, p if j not in met_too else _of(gold, hard, j), predicted=1)
            if j not in met_too:
                found.errors.append(Error("spurious", doc, None, p))


def _of(gold: list[Row], hard: dict[int, int], j: int) -> Row:
    return next(gold[i] for i, k in hard.items() if k == j)


def _gold_fact(
    found: Evaluation, counts: dict[str, Count], doc: str, gold: Row, met: Row | None, agreed: dict[str, Counter[bool]]
) -> None:
    """Count a gold fact: missed, or met and agreeing in so many fields."""
    _add(found, counts, gold, gold=1)
    if met is None:
        found.errors.append(Error("missed", doc, gold, None))
        return
    for level, needed in LEVELS.items():
        if all(agree(name, gold, met) for name in needed):
            _add(found, counts, gold, right=1, only=level)
    for name in FIELDS:
        same = agree(name, gold, met)
        agreed[name][same] += 1
        if not same:
            found.errors.append(Error(name, doc, gold, met))


def _add(
    found: Evaluation,
    counts: dict[str, Count],
    fact: Row,
    gold: int = 0,
    predicted: int = 0,
    right: int = 0,
    only: str = "",
) -> None:
    """Add to the document's counts and to those of the fact's metric and cause (gold's where the two met)."""
    groups = [(by, str(fact.get(by))) for by in ("metric", "cause")]
    tables = [counts, *(found.groups.setdefault(g, {name: Count() for name in LEVELS}) for g in groups)]
    for table, level in product(tables, [only] if only else LEVELS):
        table[level].gold += gold
        table[level].predicted += predicted
        table[level].right += right


# Showing


def render(found: Evaluation, documents: Iterable[Row], errors: int = 0) -> Group:
    """The table of levels, fields, metrics and causes; then so many errors of each kind in their context."""
    texts = {d["doc_id"]: d for d in documents}
    count = found.level("found")
    head = Text(f"{found.documents} documents, {count.gold} gold facts, {count.predicted} predicted")
    met, of = found.implicit
    single = Text(f"single people (implicit): {met} of {of} met" + (f", recall {met / of:.3f}" if of else ""))
    return Group(
        head, _level_table(found), _field_table(found), single, _group_table(found), *_errors(found, texts, errors)
    )


def _level_table(found: Evaluation) -> Table:
    table = Table("level", "precision", "recall", "F1", "95 % interval", title="facts")
    for name, (low, high) in found.intervals().items():
        c = found.level(name)
        table.add_row(name, f"{c.precision:.3f}", f"{c.recall:.3f}", f"{c.f1:.3f}", f"{low:.3f} to {high:.3f}")
    return table


def _field_table(found: Evaluation) -> Table:
    table = Table("field", "agree", "of", "share", title="fields of the facts found")
    for name, (ok, of) in found.fields.items():
        table.add_row(name, str(ok), str(of), f"{ok / of:.3f}" if of else "")
    return table


def _group_table(found: Evaluation) -> Table:
    table = Table("", "gold", "predicted", *(f"{name} F1" for name in LEVELS), title="by metric and cause")
    for (by, value), counts in sorted(found.groups.items(), reverse=True):
        c = counts["found"]
        table.add_row(f"{by} {value}", str(c.gold), str(c.predicted), *(f"{counts[n].f1:.3f}" for n in LEVELS))
    return table


def _errors(found: Evaluation, documents: Mapping[str, Row], limit: int) -> Iterator[Text]:
    """Of each kind the first few: where, the number in its context, gold and predicted value."""
    kinds = Counter(error.kind for error in found.errors)
    shown: Counter[str] = Counter()
    for error in sorted(found.errors, key=lambda e: list(kinds).index(e.kind)) if limit else ():
        shown[error.kind] += 1
        if shown[error.kind] <= limit:
            yield _in_context(error, documents[error.doc_id], kinds[error.kind])


def _in_context(error: Error, document: Row, of_kind: int) -> Text:
    at = error.gold or error.predicted or {}
    start, end, text = at["number_start"], at["number_end"], document["text"]
    out = Text(f"\n{error.kind} ({of_kind}) ", style="bold")
    out.append(f"{error.doc_id} {document['published']}: ", style="dim")
    out.append(text[max(0, start - 110) : start].replace("\n", " "), style="not bold")
    out.append(text[start:end], style="bold reverse")
    out.append(text[end : end + 110].replace("\n", " "), style="not bold")
    for name, fact in (("gold", error.gold), ("predicted", error.predicted)):
        if fact is not None:
            value = (
                fact.get(error.kind) if error.kind in FIELDS else f"{fact['metric']} {fact['low']} to {fact['high']}"
            )
            out.append(f"\n    {name}: {value!r}", style="not bold")
    return out
