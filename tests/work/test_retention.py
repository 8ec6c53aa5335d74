import importlib
import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import work
from pipeline.batch import Batch, BatchInfo
from pipeline.work.stages import utc_now
from tests.airflow.rows import differences, rows
from tests.e2e.worlds import environment, tollwire
from tests.web.site import running
from tests.work.newsroom import Newsroom, moment, poll

DAY = timedelta(days=1)
retention_module = importlib.import_module("pipeline.work.retention")  # the package names its function so


@pytest.fixture
def newsroom(tmp_path):
    """A batch of two stories, loaded."""
    with running() as site:
        made = Newsroom(site, tmp_path)
        made.story("one", 12)
        made.story("two", 34)
        made.feed("feed", "one", "two")
        poll(made.settings(tmp_path / "data"), moment(2))
        yield made


def aged(folder: Path, days: float = 100) -> None:
    """Make all files of a folder that old."""
    then = (utc_now() - days * DAY).timestamp()
    for file in folder.rglob("*"):
        os.utime(file, (then, then))


def files(folder: Path) -> set[str]:
    return {str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file()}


def work_files(data: Path) -> set[str]:
    return {name for name in files(data) if "/articles/" in name or "/facts/" in name}


def test_without_a_setting_nothing_goes_but_half_written_files(newsroom, tmp_path):
    data = tmp_path / "data"
    (data / "snapshot" / "marts").mkdir(parents=True)
    for name in ("snapshot/.tollwire.duckdb.0a1b.part", "snapshot/marts/old.csv", "dbt.log.1"):
        (data / name).write_text("x")
    aged(data)
    (data / ".new.part").write_text("x")
    before = files(data)
    [freed] = work.retention(newsroom.settings(data))
    assert (freed.what, freed.files, freed.bytes) == ("half-written files", 1, 1)
    assert before - files(data) == {"snapshot/.tollwire.duckdb.0a1b.part"}


def test_with_a_setting_what_can_be_made_again_goes_when_it_is_old(newsroom, tmp_path):
    data, logs = tmp_path / "data", tmp_path / "logs"
    made = [
        "dbt/dbt.log",
        "dbt/dbt.log.1",
        "snapshot/marts/former.csv",
        "snapshot/tollwire.duckdb",
        "reports/2026-03-02.md",
    ]
    for file in [
        *(data / name for name in made),
        logs / "dag_id=ingest" / "attempt=1.log",
        logs / "dag_id=new" / "a.log",
    ]:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("text")
    aged(data)
    aged(logs / "dag_id=ingest")
    for name in ("snapshot/tollwire.duckdb", "snapshot/marts/killed.csv"):
        (data / name).write_text("new")
    os.utime(data / "snapshot" / "tollwire.duckdb", ((utc_now() - 50 * DAY).timestamp(),) * 2)
    before, gone = files(data), work_files(data)
    assert len(gone) == 2
    settings = newsroom.settings(data, retention_days=90, airflow_logs=logs)
    freed = {f.what: f.files for f in work.retention(settings)}
    assert freed == {
        "half-written files": 0, "articles and facts of loaded batches": 2, "exports of former marts": 1, "dbt's logs": 2,
        "Airflow's logs": 1,
    }  # fmt: skip
    assert before - files(data) == gone | {"dbt/dbt.log", "dbt/dbt.log.1", "snapshot/marts/former.csv"}
    assert files(logs) == {"dag_id=new/a.log"}
    (logs / "dag_id=next").mkdir()
    os.utime(logs / "dag_id=ingest", ((utc_now() - 100 * DAY).timestamp(),) * 2)
    assert {f.what for f in work.retention(settings) if f.files} == set()
    assert {folder.name for folder in logs.iterdir()} == {"dag_id=new", "dag_id=next"}


def test_a_file_that_gets_its_own_name_meanwhile_is_nobodys_fault(newsroom, tmp_path, monkeypatch):
    monkeypatch.setattr(retention_module, "_leftovers", lambda settings: [tmp_path / "feeds.yml"])
    monkeypatch.setattr(retention_module.LocalFileSystem, "modified", missing)
    assert [f.files for f in work.retention(newsroom.settings(tmp_path / "data"))] == [0]


def missing(fs, path):
    raise FileNotFoundError(path)


def test_what_is_not_loaded_or_has_no_archive_stays(newsroom, tmp_path):
    data = tmp_path / "data"
    [name] = [folder.name for folder in (data / "batches").iterdir()]
    loaded, other = Batch(str(data), name), Batch(str(data), "poll-20260303T120000Z")
    for kind in ("items", "articles", "facts"):
        other.write(kind, loaded.read(kind))
    other.write_info(BatchInfo(other.batch_id, "poll", moment(3), moment(3)))
    Path(loaded.path("pages", "0", "warc.gz")).rename(tmp_path / "elsewhere.warc.gz")
    aged(data)
    before = work_files(data)
    assert len(before) == 4
    work.retention(newsroom.settings(data, retention_days=90))
    assert work_files(data) == before


def test_after_retention_the_archive_is_read_again_with_the_same_rows(newsroom, tmp_path):
    data = tmp_path / "data"
    settings = newsroom.settings(data, retention_days=90)
    [name] = [folder.name for folder in (data / "batches").iterdir()]
    before = rows(settings.warehouse_file)
    assert len(before["raw.facts"]) == 2
    aged(data)
    work.retention(settings)
    assert work_files(data) == set()
    found = work.reprocess_batch(settings, name)
    assert (found.same, found.added, found.removed) == (2, 0, 0)
    assert differences(before, rows(settings.warehouse_file)) == {}
    aged(data)
    work.retention(settings)
    settings.warehouse_file.unlink()
    assert work.unfinished(settings) == [name]
    work.finish(settings, name)
    assert differences(before, rows(settings.warehouse_file)) == {}


def test_reprocessing_counts_what_changed_in_the_warehouse(newsroom, tmp_path):
    """Also where the files of the older reading are gone, or are those of a run that was killed before it loaded."""
    data = tmp_path / "data"
    settings = newsroom.settings(data, retention_days=90)
    [name] = [folder.name for folder in (data / "batches").iterdir()]
    batch = Batch(str(data), name)
    one, _ = batch.read("facts")
    before = rows(settings.warehouse_file)
    batch.write("facts", [replace(one, low=1, high=1, extractor="older 0")])
    work.load(settings, name)
    aged(data)
    work.retention(settings)
    batch.write("articles", [])
    batch.write("facts", [])
    found = work.reprocess_batch(settings, name)
    assert (found.same, found.added, found.removed) == (0, 2, 1)
    assert rows(settings.warehouse_file)["raw.facts"] == before["raw.facts"]
    found = work.reprocess_batch(settings, name)
    assert (found.same, found.added, found.removed) == (2, 0, 0)


def test_status_says_what_was_freed(newsroom, tmp_path):
    data = tmp_path / "data"
    aged(data)
    env = environment(data, tmp_path / "feeds.yml", TOLLWIRE_RETENTION_DAYS="90")
    [first, second, *_] = json.loads(tollwire(env, "retention", "--json").stdout)
    assert (first["files"], second["what"], second["files"]) == (0, "articles and facts of loaded batches", 2)
    status = json.loads(tollwire(env, "status", "--json").stdout)["retention"]
    assert (status["retention_days"], status["freed"][1]) == (90, second)
    shown = " ".join(tollwire(env, "status").stdout.split())
    assert "keeps 90 days; removed: articles and facts of loaded batches 2" in shown
