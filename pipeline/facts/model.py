"""What the modules of pipeline/facts pass to one another: a document, its sentences, and mentions of people harmed.

All offsets count characters in Document.text, which is the version's document, unchanged.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from pipeline.facts.tree import Doc, Token
from pipeline.records import Metric, Quantifier, Unit

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Sentence:
    """A sentence, bullet or heading. Only sentences that may hold a fact are parsed."""

    index: int
    paragraph: int
    """Number of the paragraph in the document; 0 is the title."""
    start: int
    end: int
    text: str
    """The document's characters start..end, with curly quotes, odd spaces, NUL and the like replaced one for one."""
    parsed: Doc | None = None
    """the parse of `text`; null where the sentence was not parsed."""

    def token_at(self, offset: int) -> Token | None:
        """The parsed token that covers a document offset."""
        return None if self.parsed is None else self.parsed.at(offset - self.start)


@dataclass(slots=True, eq=False)
class Document:
    text: str
    published: date
    publisher: str
    sentences: list[Sentence] = field(default_factory=list)
    title: str = ""
    """Context where the title is not part of the text; else empty."""
    mentions: list["Mention"] = field(default_factory=list)
    """All mentions, in text order, once they are found."""
    notes: dict[str, Any] = field(default_factory=dict)
    """What a module worked out about the whole document, once, under the module's name."""


@dataclass(frozen=True, slots=True)
class Harm:
    """The metric, the word that says it, and the rule that found it."""

    metric: Metric
    token: Token
    rule: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A count of people harmed, found in a sentence; the other questions (when, where, who says so) are asked of it."""

    sentence: Sentence
    number_start: int
    number_end: int
    low: int | None
    high: int | None
    quantifier: Quantifier
    metric: Metric
    unit: Unit
    harm_start: int | None = None
    """Where the word stands that says the harm (`killed`, `dead`, `toll`, `fled`, `refugees`); null if it is elided."""
    harm_end: int | None = None
    victims_start: int | None = None
    """The noun phrase of who was harmed, number and modifiers left out."""
    victims_end: int | None = None
    implicit: bool = False
    whole: int | None = None
    """Index in the document's list of mentions of the whole that this is a part of."""
    rules: tuple[str, ...] = ()
    """Names of the rules that found it, for `tollwire explain`."""

    def victims(self, document: Document) -> str | None:
        if self.victims_start is None:
            return None
        return document.text[self.victims_start : self.victims_end]


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """An answer to one question about a mention, with the words and the rule that decided."""

    value: T
    rule: str
    start: int | None = None
    """Offsets of the deciding words, if there are any."""
    end: int | None = None
