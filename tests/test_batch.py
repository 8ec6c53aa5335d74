"""A batch's files are written whole or not at all, and read back as they were."""

import os
import subprocess

import pyarrow.parquet as pq
import pytest

from pipeline.batch import Batch, batch_ids
from pipeline.errors import InputError, StorageError
from tests import records as make
from tests.conftest import missing


def test_records_come_back_as_they_were(tmp_path):
    source = make.item("https://news.example/1", title="Überschwemmung \u200b\x00", published_at=None)
    story = make.article(source, "Flood kills 7.", similarity=(1, 2**32 - 1))
    batch, info = make.batch(str(tmp_path), "a", items=[source], articles=[story], facts=[make.fact(story, "7")])
    assert (batch.read("items"), batch.read("articles")) == ([source], [story])
    assert batch.read("facts") == [make.fact(story, "7")]
    assert Batch(str(tmp_path), "a").info() == info
    assert batch_ids(str(tmp_path)) == ["a"]


def test_half_a_character_is_replaced_and_costs_no_other_row(tmp_path):
    batch = Batch(str(tmp_path), "a")
    batch.write(
        "items", [make.item("https://news.example/1", title="Half \ud83d"), make.item("https://news.example/2")]
    )
    assert [i.title[:6] for i in batch.read("items")] == ["Half \N{REPLACEMENT CHARACTER}", make.item("").title[:6]]


@pytest.mark.parametrize("name", ["", ".", "..", "../a", "a/b", ".a", "/a"])
def test_a_batch_id_that_leads_elsewhere_is_refused(tmp_path, name):
    with pytest.raises(InputError, match="no batch's id"):
        Batch(str(tmp_path), name)


def test_parts_are_read_in_order_and_half_written_files_are_not_parts(tmp_path):
    batch = Batch(str(tmp_path), "a")
    for part in ("1", "0"):
        batch.write("items", [make.item(f"https://news.example/{part}")], part)
    (tmp_path / "batches/a/items/.2.parquet.abc.part").write_bytes(b"half")
    assert batch.parts("items") == ["0", "1"]
    assert [i.url[-1] for i in batch.read("items")] == ["0", "1"]


def test_a_column_that_an_older_version_did_not_write_is_null(tmp_path):
    batch = Batch(str(tmp_path), "a")
    batch.write("items", [make.item("https://news.example/1")])
    path = tmp_path / "batches/a/items/0.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["body"]), path)
    assert [(i.url, i.body) for i in batch.read("items")] == [("https://news.example/1", None)]


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 256 kB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if (
        os.geteuid()
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], check=False).returncode
    ):
        missing("no right to mount a small file system")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_an_error_that_names_the_file_and_leaves_the_old_one(small_disk):
    batch = Batch(str(small_disk), "a")
    batch.write("items", [make.item("https://news.example/1")])
    with pytest.raises(StorageError, match=r"items/0\.parquet: cannot be written \(No space left on device\)"):
        batch.write_bytes(batch.path("items"), os.urandom(1_000_000))
    assert [i.url for i in batch.read("items")] == ["https://news.example/1"]
    assert os.listdir(small_disk / "batches/a/items") == ["0.parquet"]


def test_a_read_only_folder_is_an_error_that_names_the_file(small_disk):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(StorageError, match="Read-only file system"):
        Batch(str(small_disk), "a").write("items", [])
