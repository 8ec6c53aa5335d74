"""Days of ten real newsrooms, a run a day, without and with faults: nothing lost, nothing twice, texts whole."""

import difflib
import json

import duckdb
import pytest

from tests.e2e.worlds import environment, newsworld, tollwire

DAYS = [f"2022-03-0{n}" for n in range(1, 9)]
pytestmark = [pytest.mark.e2e, pytest.mark.shared]


# The plain world shows nothing that the faulty one doesn't hold too, so four days of it are enough.
@pytest.fixture(scope="module", params=[DAYS[:4], DAYS], ids=["plain", "faults"])
def ran(request, shared, tmp_path_factory):
    """What the world offered over eight days, and the data folder after a run each day (the last one twice)."""
    folder = tmp_path_factory.mktemp("newsworld")
    with newsworld(shared, faults=request.param is DAYS) as world:
        env = environment(folder / "data", world.write_feeds(folder / "feeds.yml"))
        offered, reports = {}, []
        for day in [*request.param, request.param[-1]]:
            world.set_day(day)
            offered.update(world.offered())
            reports.append(json.loads(tollwire(env, "run", "--all", "--json").stdout.splitlines()[-1]))
        yield world, offered, reports, folder / "data"


@pytest.fixture
def snapshot(ran):
    with duckdb.connect(str(ran[3] / "snapshot" / "tollwire.duckdb"), read_only=True) as connection:
        yield connection


def path_of(url: str) -> str:
    return url.split("?")[0]


def test_everything_offered_is_an_article_or_rejected_with_a_reason(ran, snapshot):
    outcomes = snapshot.sql(
        "select items.url, outcomes.outcome, outcomes.rejected_reason from raw.items"
        " inner join raw.item_outcomes as outcomes using (batch_id, item_id)"
    ).fetchall()
    seen = {path_of(url) for url, _, _ in outcomes}
    _, offered, _, _ = ran
    assert set(offered) - seen == set()
    reasons = {(outcome, reason) for _, outcome, reason in outcomes if outcome == "rejected"}
    assert reasons <= {("rejected", "http_404")}


def test_only_pages_that_are_gone_are_rejected(ran, snapshot):
    world, offered, _, _ = ran
    refused = {path_of(u) for (u,) in snapshot.sql("select url from raw.rejected where stage = 'fetch'").fetchall()}
    gone = {u for u, a in offered.items() if world.world.faults and world.code.dice("gone" + a["path"], 100) == 0}
    assert {u.replace("/moved/", "/") for u in refused} == gone


def test_no_article_stands_twice_and_edited_ones_have_two_versions(ran, snapshot):
    world, offered, _, _ = ran
    versions = dict(snapshot.sql("select url, count(distinct version_id) from raw.articles group by url").fetchall())
    ids = snapshot.sql("select count(distinct article_id), count(distinct url) from raw.articles").fetchall()[0]
    assert ids[0] == ids[1] == len(versions)
    # Older articles were edited before the first run; the last day's will be edited after the last.
    seen_both = {u: a for u, a in offered.items() if DAYS[0] <= a["published"] < str(world.world.day) and u in versions}
    expected = {u: 2 if world.world.changed(a) else 1 for u, a in seen_both.items()}
    assert {u: versions[u] for u in expected} == expected
    assert (2 in expected.values()) == world.world.faults


def test_the_second_run_of_a_day_adds_nothing(ran):
    _, _, reports, _ = ran
    assert reports[-1]["outcomes"]["new_article"] == reports[-1]["outcomes"]["new_version"] == 0
    assert reports[-1]["facts"] == 0


def test_the_books_balance(snapshot):
    rows = snapshot.sql(
        "select items, new_articles + new_versions + unchanged + duplicates + rejected from raw.loads"
    ).fetchall()
    assert rows
    assert all(items == sum_of_outcomes for items, sum_of_outcomes in rows)


def test_texts_are_the_worlds_paragraphs(ran, snapshot):
    _, offered, _, _ = ran
    texts = snapshot.sql("select url, text from raw.articles where copy_of_url is null").fetchall()
    compared = [(text, paragraphs(offered[url]["text"])) for url, text in texts if url in offered]
    exact = [a.removesuffix(EDIT) == b for a, b in compared]
    assert sum(exact) / len(exact) >= 0.97
    assert [b[:80] for a, b in compared if words_apart(a.removesuffix(EDIT), b) >= 0.1] == []


EDIT = "\nThis article was updated with new information a day after publication."


def paragraphs(text: str) -> str:
    return "\n".join(p.strip() for p in text.split("\n") if p.strip())


def words_apart(a: str, b: str) -> float:
    """Share of words that differ."""
    if a == b:
        return 0.0
    return 1 - difflib.SequenceMatcher(None, a.split(), b.split(), autojunk=False).ratio()
