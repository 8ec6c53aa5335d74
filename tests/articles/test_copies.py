"""Near-duplicates: copies are found, stories that merely share an event are not."""

import random
import time
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.stories import read_newsroom
from pipeline.articles.copies import BANDS, THRESHOLD, bands, groups, jaccard, pairs, shingles, signature, similarity


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The sample newsroom's own texts, copies left out."""
    return {s.name: s.text for o in read_newsroom() for s in o.stories.values() if not s.copy_of and not s.is_gone}


def as_carried(text: str, dice: random.Random) -> str:
    """What a newsroom does to an agency's text: another dateline, a sentence cut, a few words changed, a line added."""
    paragraphs = text.split("\n")
    paragraphs[0] = "OUR CITY, by a correspondent: " + paragraphs[0].split(" - ", 1)[-1]
    words = " ".join(paragraphs[: max(2, len(paragraphs) - 1)]).split()
    for at in dice.sample(range(len(words)), len(words) // 80):
        words[at] = dice.choice(["however", "reportedly", "local", "about"])
    return " ".join(words) + "\nAdditional reporting by our staff in the region."


def test_copies_are_found_and_nothing_else(texts):
    dice = random.Random(7)
    mixed = texts | {f"copy of {name}": as_carried(text, dice) for name, text in texts.items()}
    found = {frozenset(pair) for pair in pairs({name: signature(text) for name, text in mixed.items()})}
    wanted = {frozenset((f"copy of {name}", name)) for name in texts}
    assert len(found & wanted) / len(wanted) >= 0.95
    assert found - wanted == set()


def test_stories_on_one_event_are_far_from_the_threshold(texts):
    exact = [jaccard(shingles(a), shingles(b)) for a, b in combinations(texts.values(), 2)]
    assert max(exact) < THRESHOLD / 3


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["market", "bomb", "town", "border"]), min_size=60, max_size=90), st.integers(1, 50))
def test_the_estimate_is_near_the_truth(words, changed):
    one = " ".join(f"{w}{i}" for i, w in enumerate(words))
    other = " ".join(f"{w}{i + (1000 if i < changed else 0)}" for i, w in enumerate(words))
    estimate = similarity(signature(one), signature(other))
    assert abs(estimate - jaccard(shingles(one), shingles(other))) < 0.27  # over four standard errors


def test_a_signature_is_the_same_for_ever(texts):
    """Signatures are stored: if this fails, the sketching changed and what is stored must be reprocessed."""
    signed = signature("the quick brown fox jumps over the lazy dog " * 3)
    assert signed[:4] == (3263162617, 3434748423, 846676727, 1333307086)
    assert len(signed) == 64
    assert all(0 <= n < 2**32 for n in signed)


def test_case_and_punctuation_do_not_count(texts):
    text = next(iter(texts.values()))
    assert signature(text) == signature(text.upper().replace(",", " ;"))


def test_very_short_texts_have_no_signature_and_no_copies():
    assert signature("Nine people died, officials said.") == ()
    assert similarity((), ()) == 0.0
    assert groups({"a": (), "b": ()}) == [("a",), ("b",)]


def test_groups_hold_every_text_once(texts):
    names = sorted(texts)[:6]
    signed = {name: signature(texts[name]) for name in names}
    signed |= {f"{names[0]} again": signed[names[0]], f"{names[0]} thrice": signed[names[0]]}
    found = groups(signed)
    assert (names[0], f"{names[0]} again", f"{names[0]} thrice") in found
    assert sorted(n for group in found for n in group) == sorted(signed)


def test_bands_cover_the_signature():
    signed = tuple(range(64))
    cut = bands(signed)
    assert len(cut) == BANDS
    assert [n for band in cut for n in band[1:]] == list(signed)


def test_a_signature_takes_less_than_a_millisecond(texts):
    some = list(texts.values()) * 5
    started = time.perf_counter()
    for text in some:
        signature(text)
    assert (time.perf_counter() - started) / len(some) < 0.005  # ten times what was measured, for busy machines
