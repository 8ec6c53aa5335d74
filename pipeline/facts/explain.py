"""Facts shown in their text, and why each field was read so: what `tollwire explain` prints."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pipeline.facts.extract import Extraction, Extractor, Source
from pipeline.facts.model import Reading
from pipeline.records import Fact

COLOURS = {"killed": "red", "injured": "yellow", "casualties": "magenta", "missing": "cyan", "displaced": "green"}
UNREAD = {"language": "The text is not English: no facts are read from it."}
# Fields of the table, in the order of the questions; a field and its Reading go by one name, save where a reading
# answers several.
FIELDS = (
    "metric", "unit", "low", "high", "quantifier", "measure", "start_date", "end_date", "place", "place_name",
    "country", "victims", "victim_type", "population", "side", "displacement", "attribution", "subset_of", "background",
    "implicit", "cause", "confidence",
)  # fmt: skip
ANSWERED_BY = {
    "start_date": "dates", "end_date": "dates", "place_name": "place", "country": "place", "low": "number",
    "high": "number", "quantifier": "number", "unit": "victims", "population": "victims",
    "displacement": "victims",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Why:
    """A row of a fact's table."""

    field: str
    value: str
    words: str
    """The words that decided, verbatim; empty if there are none."""
    rule: str


def explain(
    text: str, published: date, publisher: str = "", title: str = "", extractor: Extractor | None = None
) -> RenderableType:
    """The text with its facts marked, then a table a fact. For a terminal, by rich."""
    extraction = (extractor or Extractor()).read(text, published, publisher, title)
    return render(Source(text, published, publisher, title), extraction)


def render(source: Source, extraction: Extraction) -> RenderableType:
    """The same from facts that were read already."""
    if extraction.rejected_reason is not None:
        return Text(UNREAD.get(extraction.rejected_reason, extraction.rejected_reason), style="bold red")
    facts = extraction.facts
    head = Text(f"{len(facts)} facts · published {source.published} · ").append_text(_legend())
    if not facts:
        head = Text(f"No facts · published {source.published}")
    shown = Panel(marked(source.text, facts), title=source.title or None, border_style="dim")
    readings: Sequence[Mapping[str, Reading[Any]]] = extraction.readings or [{}] * len(facts)
    tables = (
        _table(number, fact, source.text, given, facts)
        for number, (fact, given) in enumerate(zip(facts, readings, strict=True), 1)
    )
    return Group(head, shown, *tables)


def _legend() -> Text:
    return Text(" ").join(Text(metric, style=f"bold {colour}") for metric, colour in COLOURS.items())


def marked(text: str, facts: Sequence[Fact]) -> Text:
    """The text, each fact's number in its metric's colour with the fact's own number behind it, victims underlined."""
    out, at = Text(), 0
    for number, fact in sorted(enumerate(facts, 1), key=lambda pair: (pair[1].number_start, pair[0])):
        start = max(fact.number_start, at)
        out.append(clean(text[at:start]))
        out.append(clean(text[start : fact.number_end]), style=f"bold reverse {COLOURS[fact.metric]}")
        out.append(f"[{number}]", style=f"bold {COLOURS[fact.metric]}")
        at = max(fact.number_end, at)
    return out.append(clean(text[at:]))


def clean(text: str) -> str:
    """Control characters made visible, so that a scraped page cannot drive the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "·" if c != "\t" else " " for c in text)


def _table(
    number: int, fact: Fact, text: str, readings: Mapping[str, Reading[Any]], facts: Sequence[Fact]
) -> RenderableType:
    title = Text(f"[{number}] ", style=f"bold {COLOURS[fact.metric]}").append(clean(fact.number_text), style="bold")
    title.append(f"  {fact.metric}, characters {fact.number_start} to {fact.number_end}", style="not bold")
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for name in ("field", "value", "deciding words", "rule"):
        table.add_column(name, overflow="fold")
    for why in reasons(fact, text, readings, facts):
        table.add_row(why.field, why.value, why.words, Text(why.rule, style="dim"))
    return Group(Text(), Text(clean(fact.evidence), style="italic"), table)


def reasons(fact: Fact, text: str, readings: Mapping[str, Reading[Any]], facts: Sequence[Fact] = ()) -> Iterator[Why]:
    """Each field of a fact that has a value or a reading, with the words and the rule that decided."""
    wholes = {other.fact_id: other.number_text for other in facts}
    for name in FIELDS:
        value = getattr(fact, name)
        reading = readings.get(name) or readings.get(ANSWERED_BY.get(name, ""))
        if value is None and reading is None:
            continue
        if name == "subset_of":
            value = wholes.get(value, value)
        words, rule = _decided(name, fact, text, reading)
        yield Why(name, _shown(value), words, rule)


def _decided(name: str, fact: Fact, text: str, reading: Reading[Any] | None) -> tuple[str, str]:
    """The deciding words and the rule: the reading's, else the number's own words for what is read from the number."""
    if reading is not None:
        words = "" if reading.start is None else text[reading.start : reading.end]
        return clean(words), reading.rule
    if ANSWERED_BY.get(name) == "number":
        return clean(fact.number_text), "the number as written"
    return "", ""


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else clean(str(value))
