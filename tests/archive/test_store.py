import gzip
import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import fsspec
import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from pipeline.archive.store import PAGE, PageFile, members, read_page, read_pages
from pipeline.batch import Batch
from pipeline.errors import LockedError, StorageError
from pipeline.records import Page, hash_id
from pipeline.web.exchange import Response
from tests.conftest import ROOT

AT = datetime(2022, 3, 8, 12, 30, 15, 123456, tzinfo=UTC)
HTML = (("Content-Type", "text/html"),)


@pytest.fixture
def batch(tmp_path):
    return Batch(str(tmp_path), "b")


def answer(name="a", body=b"<p>words</p>", headers=HTML, **changed):
    return Response(f"http://x.example/{name}", 200, "OK", headers, body, **changed)


def page_of(stored, body):
    url = stored.response.url
    place = (stored.warc_file, stored.offset, stored.length)
    return Page(hash_id(url, body), "i", "f", "p", url, url, 200, AT, None, len(body), *place)


def write(batch, *answers, part="0"):
    with PageFile(batch, part, "Tollwire/1") as file:
        list(file.recover())
        stored = [file.add(a, f"ask {a.url}", PAGE, AT) for a in answers]
        file.finish()
    return stored


def test_what_is_stored_comes_back(batch, tmp_path):
    bodies = [b"<p>one</p>", "<p>zwölf</p>".encode() * 5000, bytes(range(256)), b""]
    stored = write(batch, *(answer(str(n), body) for n, body in enumerate(bodies)))
    pages = [page_of(s, body) for s, body in zip(stored, bodies, strict=True)]
    assert [read_page(str(tmp_path), p) for p in pages] == bodies
    assert [body for _, body in read_pages(f"file://{tmp_path}", reversed(pages))] == bodies
    assert stored[0].warc_file == "batches/b/pages/0.warc.gz"
    assert [f.name for f in (tmp_path / "batches/b/pages").iterdir()] == ["0.warc.gz"]


def test_a_body_lies_there_as_it_came_and_is_read_unpacked(batch, tmp_path):
    text = b"<p>words</p>" * 100
    [stored] = write(batch, answer("a", gzip.compress(text), (*HTML, ("Content-Encoding", "gzip"))))
    with open(tmp_path / stored.warc_file, "rb") as file:
        bodies = [r.reader.read() for r in ArchiveIterator(file)]
    assert gzip.decompress(bodies[1]) == text
    assert read_page(str(tmp_path), page_of(stored, text)) == text


def test_two_other_readers_agree_on_the_file(batch, tmp_path):
    chunked = (*HTML, ("Transfer-Encoding", "chunked"), ("X-Odd", "ü; é"), ("Trailer", "x"))
    torn = answer("b", b"<p>2", (("Content-Length", "99"),), cut="disconnect")
    stored = write(batch, answer("a", b"<p>1</p>", chunked), torn)
    path = tmp_path / stored[0].warc_file
    with open(path, "rb") as file:
        records = WarcioIterator(file, check_digests="raise")
        found = [(r.rec_type, r.rec_headers, r.http_headers, r.content_stream().read()) for r in records]
    assert [kind for kind, *_ in found] == ["warcinfo", "response", "response"]
    _, headers, http, body = found[1]
    assert (headers["WARC-Target-URI"], headers["WARC-Date"]) == ("http://x.example/a", "2022-03-08T12:30:15.123456Z")
    assert (body, http["X-Crawler-Transfer-Encoding"], http["Transfer-Encoding"]) == (b"<p>1</p>", "chunked", None)
    assert found[2][1]["WARC-Truncated"] == "disconnect"
    assert (found[2][2]["X-Crawler-Content-Length"], found[2][2]["Content-Length"]) == ("99", "4")
    with open(path, "rb") as file:
        assert sum(r.verify_block_digest() for r in ArchiveIterator(file, parse_http=False)) == 3
    offsets = [offset for offset, _, _ in members(io.BytesIO(path.read_bytes()))]
    assert offsets[1:] == [s.offset for s in stored]


def test_a_text_that_was_brought_along_is_a_resource(batch, tmp_path):
    with PageFile(batch, "0", "Tollwire/1") as file:
        stored = file.add_text("https://x.example/ä\r\nInjected: yes", "Zwölf Tote.\n", "item-1", AT)
        file.finish()
    assert stored.response.url == "https://x.example/%C3%A4%0D%0AInjected: yes"
    assert read_page(str(tmp_path), page_of(stored, "Zwölf Tote.\n".encode())) == "Zwölf Tote.\n".encode()
    with PageFile(batch, "0", "Tollwire/1") as file:
        [again] = file.recover()
    assert replace(again, response=stored.response) == stored


@pytest.mark.parametrize("name", ["a\nb: c", "ü", "a b", "", "a:b"])
@pytest.mark.parametrize("value", ["x\r\nSet-Cookie: y", "\x00\x01", "ü\ud800", "", "a" * 100_000])
def test_no_header_breaks_the_record(batch, tmp_path, name, value):
    [stored] = write(batch, answer("a", b"<p>1</p>", (*HTML, (name, value))))
    assert read_page(str(tmp_path), page_of(stored, b"<p>1</p>")) == b"<p>1</p>"
    with PageFile(batch, "0", "x") as file:
        [again] = file.recover()
    assert "set-cookie" not in {n.lower() for n, _ in again.response.headers}
    assert again.response.content_type == "text/html"


def interrupted(batch, *answers):
    with PageFile(batch, "0", "Tollwire/1") as file:
        list(file.recover())
        stored = [file.add(a, f"ask {a.url}", PAGE, AT) for a in answers]
    return stored, batch.path("pages", "0", "warc.gz") + ".part"


def test_an_interrupted_file_is_gone_on_with(batch, tmp_path):
    first, path = interrupted(batch, answer("a"), answer("b", b"<p>b</p>", cut="length", address="1.2.3.4"))
    assert os.path.exists(path)
    with PageFile(batch, "0", "Tollwire/1") as file:
        assert [(s.request, s.outcome, s.fetched_at, s.offset, s.length) for s in file.recover()] == [
            (s.request, s.outcome, s.fetched_at, s.offset, s.length) for s in first
        ]
        third = file.add(answer("c"), "ask c", PAGE, AT)
        file.finish()
    assert not os.path.exists(path)
    pages = [page_of(s, s.response.body) for s in [*first, third]]
    assert [body for _, body in read_pages(str(tmp_path), pages)] == [b"<p>words</p>", b"<p>b</p>", b"<p>words</p>"]


@pytest.mark.parametrize("lost", [1, 5, 40, 150])
def test_a_torn_last_record_is_cut_off(batch, lost):
    _, path = interrupted(batch, answer("a"), answer("b"), answer("c"))
    os.truncate(path, os.path.getsize(path) - lost)
    with PageFile(batch, "0", "Tollwire/1") as file:
        assert [s.request[-1] for s in file.recover()] == ["a", "b"]
        file.add(answer("d"), "ask d", PAGE, AT)
        file.finish()
    with open(path.removesuffix(".part"), "rb") as file:
        assert sum(1 for _ in WarcioIterator(file, check_digests="raise")) == 4


def test_nonsense_after_the_last_record_is_cut_off(batch):
    _, path = interrupted(batch, answer("a"))
    with open(path, "ab") as file:
        file.write(bytes(5000) + b"\x1f\x8bnonsense")
    with PageFile(batch, "0", "Tollwire/1") as file:
        assert len(list(file.recover())) == 1
        file.finish()
    with open(path.removesuffix(".part"), "rb") as file:
        assert sum(1 for _ in WarcioIterator(file)) == 2


@given(st.lists(st.binary(max_size=50), max_size=6), st.integers(0, 400), st.integers(1, 70))
def test_members_of_any_beginning_are_those_that_are_whole(contents, end, chunk):
    parts = [gzip.compress(content) for content in contents]
    whole = b"".join(parts)[:end]

    class Slow(io.BytesIO):
        def read(self, size=-1):
            return super().read(chunk)

    found = list(members(Slow(whole)))
    ends = [sum(map(len, parts[: n + 1])) for n in range(len(parts))]
    assert [data for _, _, data in found] == [c for c, e in zip(contents, ends, strict=True) if e <= len(whole)]
    assert all(gzip.decompress(whole[o : o + n]) == data for o, n, data in found)


def test_a_file_finished_before_its_pages_were_listed_is_gone_on_with(batch):
    write(batch, answer("a"))
    with PageFile(batch, "0", "Tollwire/1") as file:
        assert len(list(file.recover())) == 1
        file.finish()
    assert batch.has("pages", "0", "warc.gz")


def test_nothing_stored_is_no_file(batch):
    write(batch)
    assert not batch.has("pages", "0", "warc.gz")


def test_two_at_once_are_told(batch):
    with PageFile(batch, "0", "Tollwire/1") as file:
        file.add(answer(), "ask", PAGE, AT)
        with pytest.raises(LockedError, match="another process"), PageFile(batch, "0", "Tollwire/1") as other:
            list(other.recover())


def test_an_object_store_gets_the_whole_file(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    batch = Batch("memory://archive", "b")
    [stored] = write(batch, answer())
    assert read_page("memory://archive", page_of(stored, b"<p>words</p>")) == b"<p>words</p>"
    assert list((tmp_path / "tollwire-archive").iterdir()) == []
    with PageFile(batch, "0", "Tollwire/1") as file:
        assert len(list(file.recover())) == 1
        file.finish()
    fsspec.filesystem("memory").rm("/archive", recursive=True)


def test_what_cannot_be_read_is_told_by_file_and_place(batch, tmp_path):
    [stored] = write(batch, answer())
    page = page_of(stored, b"<p>words</p>")
    for wrong in (replace(page, page_id="0" * 16), replace(page, warc_offset=3), replace(page, warc_file="none.warc.gz"),
                  replace(page, body_length=3), replace(page, warc_length=20)):  # fmt: skip
        with pytest.raises(StorageError, match=r"\.warc\.gz"):
            read_page(str(tmp_path), wrong)


SCRIPT = """
import resource, sys
from pipeline.archive.store import PAGE, PageFile
from pipeline.batch import Batch
from pipeline.errors import StorageError
from tests.archive.test_store import AT, answer
import os
limit = int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    with PageFile(Batch(sys.argv[1], "b"), "0", "x") as file:
        list(file.recover())
        for n in range(1000):
            file.add(answer(str(n), os.urandom(2000)), str(n), PAGE, AT)
        file.finish()
except StorageError as error:
    print(error)
"""


def test_a_full_disk_is_a_clear_error_and_nothing_stored_is_lost(batch, tmp_path):
    def run(limit):
        command = [sys.executable, "-c", SCRIPT, str(tmp_path), limit]
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout

    said = run("100000")
    assert "0.warc.gz.part: cannot be written (File too large)" in said
    with PageFile(batch, "0", "x") as file:
        kept = len(list(file.recover()))
    assert 20 < kept < 60
    assert run("0") == ""


def test_a_read_only_folder_is_a_clear_error(tmp_path):
    (tmp_path / "batches").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match=r"cannot be written"), PageFile(Batch(str(tmp_path), "b"), "0", "x"):
        pass
