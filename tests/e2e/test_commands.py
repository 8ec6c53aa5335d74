"""The commands as a user types them, on one small import."""

import importlib
import json
import sys
from contextlib import nullcontext

import pytest
import typer

from pipeline import work
from pipeline.cli.main import report
from pipeline.errors import InputError
from pipeline.settings import Settings
from pipeline.work import Ran
from tests.e2e.worlds import environment, tollwire
from tests.web.site import running

main_module = importlib.import_module("pipeline.cli.main")  # the package names its function so
pytestmark = pytest.mark.e2e
ARTICLES = [
    {
        "url": "https://one.example/flood",
        "publisher": "One",
        "published": "2025-08-04",
        "title": "Flood toll rises in Peru",
        "text": "The death toll from floods in Peru has risen to 41, the health ministry said on Monday.",
    },
    {
        "url": "https://two.example/flood",
        "publisher": "Two",
        "published": "2025-08-04",
        "title": "=cmd|' /C calc'!A0",
        "text": "At least 41 people have been killed by the floods in Peru so far, including nine children, \x1b[31mofficials say.",
    },
]


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    folder = tmp_path_factory.mktemp("commands")
    lines = [json.dumps(a) for a in ARTICLES] + ['{"text": "no date"}']
    (folder / "articles.jsonl").write_text("\n".join(lines))
    ready = environment(folder / "data", folder / "feeds.yml", TOLLWIRE_REJECTED_SHARE="0.2")
    ran = tollwire(ready, "import", str(folder / "articles.jsonl"), "--json", code=1)
    assert "33% of what came in was rejected" in " ".join(ran.stderr.split())
    report = json.loads(ran.stdout)
    assert (report["outcomes"]["new_article"], report["outcomes"]["rejected"]) == (2, 0)
    assert report["unread"] == {"import_row": 1}
    return ready


def answers(env, *arguments):
    return [json.loads(line) for line in tollwire(env, *arguments, "--json").stdout.splitlines()]


def test_a_total_is_shown_and_traced_to_its_sentences_and_archive(env):
    [total] = [
        t for t in answers(env, "totals", "--metric", "killed", "--day", "2025-08-04") if t["population"] == "all"
    ]
    assert (total["country"], total["best"], total["method"]) == ("PE", 41, "reported")
    sentences = answers(env, "trace", total["series_id"])
    assert {s["publisher"] for s in sentences} == {"One", "Two"}
    assert all(s["evidence"] in f"{ARTICLES[0]['text']} {ARTICLES[1]['text']}" for s in sentences)
    assert all(s["warc_file"].endswith(".warc.gz") and s["warc_length"] > 0 for s in sentences)


def test_what_steers_a_terminal_does_not_reach_it(env):
    [total] = [t for t in answers(env, "totals", "--metric", "killed") if t["population"] == "all"]
    shown = tollwire(env, "trace", total["series_id"]).stdout
    assert "\ufffd[31mofficials" in shown
    assert "\x1b" not in shown + tollwire(env, "explain", ARTICLES[1]["text"]).stdout


def test_a_part_is_a_series_of_its_own(env):
    parts = [t for t in answers(env, "totals", "--metric", "killed") if t["population"] == "children"]
    assert {t["best"] for t in parts} == {9}


def test_status_shows_the_books_and_what_was_rejected(env):
    [status] = answers(env, "status")
    [batch] = status["batches"]
    assert (batch["items"], batch["is_balanced"]) == (2, True)
    assert [(r["stage"], r["reason"]) for r in status["rejections"]] == [("poll", "import_row")]


def test_a_query_is_answered_and_a_wrong_one_explained(env):
    assert answers(env, "sql", "select count(*) as n from raw.articles") == [{"n": 2}]
    assert "wrong_table" in tollwire(env, "sql", "select * from wrong_table", code=2).stderr


def test_cells_that_a_spreadsheet_would_run_are_made_text(env):
    found = tollwire(env, "sql", "select title from raw.articles order by 1 limit 1", "--csv").stdout
    assert found.splitlines()[1].strip('"') == "'=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "--now", "soon"], "not an ISO date"),
        (["load", "poll-never"], "was never begun"),
        (["fetch", "poll-never"], "was never begun"),
        (["clean", "poll-never"], "was never begun"),
        (["extract", "poll-never"], "was never begun"),
        (["fetch", "../../elsewhere"], "is no batch's id"),
        (["import", "none.jsonl"], "No such file"),
        (["backfill", "--from", "2026-03-02", "--to", "2026-03-01"], "lies after"),
        (["trace", "nothing"], "no series, incident or fact has this id"),
        (["feeds", "check"], "feeds.yml"),
        (["backfill", "--from", "2026-03-02", "--to", "2999-01-01"], "lies in the future"),
        (["totals", "--metric", "deaths"], "is none of killed, injured"),
        (["totals", "--image", "/nowhere/toll.png"], "cannot be drawn"),
        (["totals", "--image", "toll.doc"], "cannot be drawn"),
        (["sql", "/* nothing */"], "there is no query in it"),
        (["fetch", "poll-never", "--shard", "-1"], "--shard"),
        (["status", "--limit", "-1"], "--limit"),
        (["retention", "--days", "0"], "--days"),
    ],
)
def test_what_cannot_run_says_why_and_exits_with_two(env, arguments, message):
    ran = tollwire(env, *arguments, code=2)
    assert message in " ".join(ran.stderr.split())
    assert "Traceback" not in ran.stderr


def test_a_wrong_line_of_documents_exits_with_one_and_costs_no_other(env):
    good = {
        "doc_id": "a",
        "published": "2026-03-02",
        "text": "A blast killed 12 people in Kabul, police said on Monday.",
    }
    ran = tollwire(env, "extract", code=1, stdin=f"no json\n{json.dumps(good)}\n")
    assert [json.loads(line)["low"] for line in ran.stdout.splitlines()] == [12]
    assert "line 1" in ran.stderr


def test_a_stage_out_of_turn_names_the_one_that_comes_first(tmp_path):
    with running() as site:
        page = "<p>" + "At least twelve people were killed by the flood in Lima on Monday, officials said. " * 3
        site.serve("/a", f"<html><body><article><h1>Flood kills twelve</h1>{page}</article></body></html>")
        item = f"<item><title>T</title><link>{site.base}/a</link></item>"
        url = site.serve("/feed", f'<rss version="2.0"><channel><title>x</title>{item}</channel></rss>')
        (tmp_path / "feeds.yml").write_text(json.dumps([{"feed_id": "f", "url": url, "publisher": "P"}]))
        settings = Settings(data=str(tmp_path / "data"), feeds=tmp_path / "feeds.yml", allow_private=True, host_delay=0)
        batch = work.begin_poll()
        work.poll(settings, batch)
        for first, refused, made in [
            ("fetch", work.clean, work.fetch), ("clean", work.extract, work.clean), ("extract", work.load, work.extract)
        ]:  # fmt: skip
            with pytest.raises(InputError, match=f"tollwire {first} {batch}` comes first"):
                refused(settings, batch)
            made(settings, batch)
        with pytest.raises(InputError, match="has no shard 1"):
            work.fetch(settings, batch, 1)
        accounts, _ = work.load(settings, batch)
    assert (accounts.taken, accounts.made > 0) == (1, True)


def test_a_misspelt_setting_is_told(env):
    assert "TOLLWIRE_WORKERS is one" in tollwire({**env, "TOLLWIRE_WORKER": "3"}, "version").stderr


@pytest.mark.parametrize(("name", "value"), [("TOLLWIRE_WORKERS", "none"), ("TOLLWIRE_MEMORY_LIMIT", "much")])
def test_a_wrong_setting_names_its_variable(env, name, value):
    ran = tollwire({**env, name: value}, "status", code=2)
    assert name in ran.stderr
    assert "Traceback" not in ran.stderr


def test_output_is_json_and_nothing_else_even_for_numbers_that_json_lacks(env):
    assert answers(env, "sql", "select 'nan'::double as x, 'inf'::double as y") == [{"x": None, "y": None}]
    assert [list(a) for a in answers(env, "publish")] == [["snapshot"]]
    assert answers(env, "build") == [[]]


def test_a_table_in_a_file_breaks_no_word(env):
    shown = tollwire(env, "totals", "--metric", "killed").stdout
    assert {"series", "best", "series_id", "children"} <= set(shown.split())


def test_a_bug_exits_with_two_and_its_traceback(monkeypatch, capfd):
    def bug() -> None:
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr(sys, "argv", ["tollwire", "version"])
    monkeypatch.setattr(main_module, "app", bug)
    with pytest.raises(SystemExit) as stopped:
        main_module.main()
    assert stopped.value.code == 2
    assert "a bug of ours" in capfd.readouterr().err


def every_command(group=None, name=()):
    for part, command in (group or typer.main.get_command(main_module.app)).commands.items():
        if hasattr(command, "commands"):
            yield from every_command(command, (*name, part))
        else:
            yield " ".join((*name, part)), command


@pytest.mark.parametrize(("name", "command"), list(every_command()), ids=lambda value: str(value)[:20])
def test_help_explains_every_option_and_shows_an_example(name, command):
    assert f"tollwire {name}" in command.help or f"tollwire -q {name}" in command.help
    assert "xample" in command.help
    assert [p.name for p in command.params if not p.help] == []


@pytest.mark.parametrize(("refused", "code"), [(2, 0), (3, 1)])
def test_more_rejected_than_allowed_exits_with_one(monkeypatch, refused, code):
    monkeypatch.setenv("TOLLWIRE_REJECTED_SHARE", "0.2")
    outcomes = {"new_article": 10 - refused, "new_version": 0, "unchanged": 0, "duplicate": 0, "rejected": refused}
    with pytest.raises(typer.Exit) if code else nullcontext() as stopped:
        report(Ran(outcomes=outcomes), json=False)
    assert not code or stopped.value.exit_code == code


@pytest.mark.parametrize(("silent", "code"), [(1, 0), (4, 1)])
def test_a_feed_that_is_down_counts_among_the_feeds_and_not_among_the_items(monkeypatch, silent, code):
    monkeypatch.setenv("TOLLWIRE_REJECTED_SHARE", "0.2")
    with pytest.raises(typer.Exit) if code else nullcontext() as stopped:
        report(Ran(feeds=10, silent={"timeout": silent}), json=False)
    assert not code or stopped.value.exit_code == code


def test_a_quiet_hour_with_one_feed_down_is_no_failure(tmp_path):
    feed = '<rss version="2.0"><channel><title>x</title></channel></rss>'
    with running() as site:
        urls = [site.serve(f"/{n}", feed) for n in range(5)] + [f"{site.base}/gone"]
        listed = [{"feed_id": f"f{n}", "url": url, "publisher": "P"} for n, url in enumerate(urls)]
        (tmp_path / "feeds.yml").write_text(json.dumps({"feeds": listed}))
        env = environment(tmp_path / "data", tmp_path / "feeds.yml", TOLLWIRE_REJECTED_SHARE="0.2")
        [report] = answers(env, "run")
        [status] = answers(env, "status")
    assert (report["feeds"], report["not_due"], report["silent"], report["unread"]) == (6, 0, {"http_404": 1}, {})
    due = {
        feed["feed_id"]: (feed["due_at"] == feed["polled_at"] + "+00:00", feed["due_by"]) for feed in status["feeds"]
    }
    assert due.pop("f5")[1].startswith("failing since")
    assert due == {f"f{n}": (True, "each poll") for n in range(5)}


@pytest.mark.parametrize("name", ["nofile.html", "no/such/file", "articles.jsonl", "C:\\\\news.txt"])
def test_explain_of_a_file_that_is_not_there_says_so(env, name):
    ran = tollwire(env, "explain", name, code=2)
    assert "no such file" in ran.stderr


def test_explain_reads_a_saved_page_as_the_pipeline_does(env, tmp_path):
    page = tmp_path / "page.html"
    text = (
        "Blast kills 12 in Kabul. A bomb went off at a market in Kabul on Monday, killing 12 people, police said. " * 3
    )
    page.write_text(
        f"<html><head><title>Blast</title><style>p {{top: 9}}</style></head><body><article><p>{text}</p></article></body></html>"
    )
    shown = tollwire(env, "explain", str(page), "--published", "2026-03-04").stdout
    assert "12" in shown
    assert "<p>" not in shown


def test_explain_shows_the_rule_behind_each_field(env):
    shown = tollwire(env, "explain", "Blast kills 12 in Kabul", "--published", "2026-03-02").stdout
    assert "12" in shown
    assert "killed" in shown


def test_totals_are_drawn_to_the_formats_that_are_drawn(env, tmp_path):
    refused = tollwire(env, "totals", "--image", str(tmp_path / "x.gif"), code=2)
    assert ".png or .svg" in " ".join(refused.stderr.split())
    empty = tollwire(env, "totals", "--country", "ZZ", "--image", str(tmp_path / "x.png"), code=2)
    assert "nothing to draw" in " ".join(empty.stderr.split())
    assert list(tmp_path.iterdir()) == []
    tollwire(env, "totals", "--metric", "killed", "--image", str(tmp_path / "x.svg"))
    assert "<svg" in (tmp_path / "x.svg").read_text()


def test_totals_fit_eighty_columns_with_their_ids_whole(env):
    said = tollwire(env, "totals", "--metric", "killed").stdout
    assert max(map(len, said.splitlines())) <= 80
    assert all(total["series_id"] in said for total in answers(env, "totals", "--metric", "killed"))
