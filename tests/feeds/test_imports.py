"""A file of articles becomes items; a row that can't be used is rejected with its line."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from pipeline.errors import InputError
from pipeline.feeds.imports import file_id, parse_published, read_articles

NOW = datetime(2026, 3, 7, tzinfo=UTC)
GOOD = {
    "url": "https://a.example/1",
    "publisher": "A",
    "published": "2026-03-02",
    "title": "T",
    "text": "Flood kills 7.",
}


def write(path, *rows):
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows), encoding="utf8")
    return path


def test_a_row_becomes_an_item_with_its_body(tmp_path):
    found = read_articles(write(tmp_path / "a.jsonl", GOOD), NOW)
    assert found.rejected == []
    item = found.items[0]
    assert (item.url, item.publisher, item.body, item.reason) == (GOOD["url"], "A", GOOD["text"], "import")
    assert item.published_at == datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "reason", "detail"),
    [
        ('{"url": ', "import_row", "a.jsonl:2: no JSON"),
        ("[1, 2]", "import_row", "a.jsonl:2: no JSON object"),
        ({**GOOD, "text": " "}, "import_row", "a.jsonl:2: text is missing or empty"),
        ({**GOOD, "published": "last week"}, "import_row", "a.jsonl:2: published is no ISO date: 'last week'"),
        ({**GOOD, "publisher": "", "url": ""}, "import_row", "a.jsonl:2: publisher is missing"),
        (GOOD, "import_duplicate", "a.jsonl:2: the same URL again"),
        ('{"n": ' + "9" * 5000 + "}", "import_row", "a.jsonl:2: no JSON"),
        ({**GOOD, "published": "0001-01-01T00:00:00+14:00"}, "import_row", "a.jsonl:2: published is no date"),
        ({**GOOD, "published": "2026-03-09"}, "import_row", "a.jsonl:2: published lies in the future: 2026-03-09"),
        ({**GOOD, "publisher": "", "url": "http://[::1/a"}, "import_row", "a.jsonl:2: publisher is missing"),
    ],
)
def test_a_bad_row_is_rejected_with_file_and_line_and_the_rest_goes_on(tmp_path, row, reason, detail):
    after = {**GOOD, "url": "https://a.example/3"}
    found = read_articles(write(tmp_path / "a.jsonl", GOOD, row, after), NOW)
    assert [i.url for i in found.items] == [GOOD["url"], after["url"]]
    assert [r.reason for r in found.rejected] == [reason]
    assert found.rejected[0].detail.startswith(detail)


def test_csv_and_gzip_give_the_same_items_as_jsonl(tmp_path):
    plain = read_articles(write(tmp_path / "a.jsonl", GOOD), NOW).items
    table = tmp_path / "a.csv"
    table.write_text("url,publisher,published,title,text\n" + ",".join(GOOD.values()) + "\n", encoding="utf-8-sig")
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(json.dumps(GOOD).encode()))
    assert read_articles(table, NOW).items == plain
    assert read_articles(packed, NOW).items == plain


@pytest.mark.parametrize("wrong", ['"never closed', '"closed" too early', '"a""b" c'])
def test_a_csv_row_with_a_wrong_quote_swallows_no_other(tmp_path, wrong):
    rows = [f"https://a.example/{n},A,2026-03-02,T,Flood kills {n}." for n in range(1, 5)]
    rows[1] = f"https://a.example/2,A,2026-03-02,T,{wrong}"
    (tmp_path / "a.csv").write_text("\n".join(["url,publisher,published,title,text", *rows]))
    found = read_articles(tmp_path / "a.csv", NOW)
    assert all("\n" not in (item.body or "") for item in found.items)
    assert [r.detail[:30] for r in found.rejected] == ["a.csv:3: no CSV up to line " + found.rejected[0].detail[27:30]]
    assert len(found.items) == (1 if "never" in wrong else 3)


def test_a_url_is_made_up_from_the_document_id_or_the_text(tmp_path):
    rows = {**GOOD, "url": "", "doc_id": "seed-0"}, {**GOOD, "url": None}
    urls = [i.url for i in read_articles(write(tmp_path / "a.jsonl", *rows), NOW).items]
    assert urls[0] == "import:seed-0"
    assert urls[1].startswith("import:")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", r"must end in \.jsonl or \.csv"),
        ("a.csv", b"url,title\n", "the header lacks published, text"),
        ("a.jsonl.gz", b"not gzip", "cannot be read to its end"),
        ("a.jsonl.gz", gzip.compress(b"{}\n" * 9, mtime=0)[:10] + b"\xff" * 30, "cannot be read to its end"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_says_so(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_articles(tmp_path / name, NOW)


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        file_id(tmp_path / "none.jsonl")


def test_moments_are_read_as_utc():
    assert parse_published("2026-03-02T01:00:00+03:00") == datetime(2026, 3, 1, 22, tzinfo=UTC)
    assert parse_published("2026-03-02T01:00:00") == datetime(2026, 3, 2, 1, tzinfo=UTC)
