from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.feeds.config import append_feed, read_feeds
from pipeline.records import Feed

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = """\
# Our feeds.
feeds:
  # The first.
  - feed_id: one
    url: https://one.example/feed
    publisher: One   # a remark

  - feed_id: two
    url: https://two.example/feed
    publisher: "Two: the paper"
    language: no
    every: 6h
    sitemap: https://two.example/sitemap.xml
    is_active: false
# The end.
"""
NEW = Feed("three", "https://three.example/feed", "Three", "world", "agency", every="1d")


@pytest.fixture
def write(tmp_path):
    def to_file(text: str) -> Path:
        path = tmp_path / "feeds.yml"
        path.write_text(text, "utf8")
        return path

    return to_file


def wrong(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read_feeds(path)
    return [line.replace(f"{path}:", "") for line in str(caught.value).splitlines()]


def test_feeds_are_read_in_order_as_written(write):
    one, two = read_feeds(write(GOOD))
    assert one == Feed("one", "https://one.example/feed", "One")
    assert two == Feed("two", "https://two.example/feed", "Two: the paper", language="no", is_active=False,
                       sitemap="https://two.example/sitemap.xml", every="6h")  # fmt: skip


@pytest.mark.parametrize("text", ["", "feeds:\n", "feeds: []\n", "# nothing\n", "[]\n"])
def test_no_feeds_are_no_error(write, text):
    assert read_feeds(write(text)) == []


def test_a_bare_list_is_taken_too(write):
    path = write("- feed_id: a\n  url: http://a.example/\n  publisher: A\n")
    assert [feed.feed_id for feed in read_feeds(path)] == ["a"]


def test_every_mistake_is_told_at_once_with_its_line_and_field(write):
    path = write(
        """\
feeds:
  - feed_id: One!
    url: ftp://one.example/feed
    publisher: One
  - feed_id: two
    publisher: Two
    every: 15 minutes
    colour: red
  - feed_id: three
    url: https://three.example/feed
    publisher:
    language: english please
  - feed_id: three
    url: http://three.example/feed?utm_source=x
    publisher: [a, b]
    is_active: perhaps
  - just a text
"""
    )
    assert [": ".join(line.split(": ")[:2]) for line in wrong(path)] == [
        "2: feed_id", "3: url", "8: colour", "7: every", "11: publisher", "12: language", "15: publisher", "13: feed_id",
        "14: url", "16: is_active", "17: feeds",
    ]  # fmt: skip


def test_a_missing_field_names_the_feed(write):
    assert wrong(write("feeds:\n  - feed_id: two\n    publisher: Two\n")) == ["2: url: is missing (feed two)"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("feeds: [\n", "2: yaml"), ("feeds: {a: 1}\n", "1: feeds"), ("feeds: 3\n", "1: feeds"), ("a: 1\n", "1: a"),
        ("feeds:\n  - feed_id: a\n    feed_id: b\n    url: http://a.example/\n    publisher: A\n", "3: feed_id"),
        ("feeds: []\nfeeds: []\n", "2: feeds"), ("feeds:\n\t- a\n", "2: yaml"), ("a: \x01\n", "1: yaml"),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_by_its_line(write, text, place):
    assert wrong(write(text))[0].startswith(place + ":")


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_feeds(tmp_path / "none.yml")
    (tmp_path / "latin.yml").write_bytes(b"feeds: \xff\n")
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_feeds(tmp_path / "latin.yml")


def test_a_feed_is_added_after_the_last_and_comments_stay(write):
    path = write(GOOD)
    before = read_feeds(path)
    append_feed(path, NEW)
    text = path.read_text()
    assert read_feeds(path) == [*before, NEW]
    added = [line for line in text.splitlines() if line not in GOOD.splitlines()]
    assert added[0] == "  - feed_id: three"
    assert [line for line in text.splitlines() if line not in added] == GOOD.splitlines()


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "feeds:\n",
        "feeds: []\n",
        "# Ours.\nfeeds:\n",
        "- feed_id: a\n  url: http://a.example/\n  publisher: A",
    ],
)
def test_a_feed_is_added_to_any_file(write, tmp_path, text):
    path = write(text) if text is not None else tmp_path / "feeds.yml"
    count = len(read_feeds(path)) if text else 0
    append_feed(path, NEW)
    assert read_feeds(path)[count:] == [NEW]
    assert not text or "#" not in text or "# Ours." in path.read_text()


@pytest.mark.parametrize(
    "feed", [Feed("one", "https://x.example/", "X"), Feed("x", "https://one.example/feed", "X"),
             Feed("x", "x", "X"), Feed("", "https://x.example/", "X"), Feed("x", "https://x.example/", "")],
)  # fmt: skip
def test_a_feed_that_would_break_the_file_is_not_added(write, feed):
    path = write(GOOD)
    with pytest.raises(ConfigError):
        append_feed(path, feed)
    assert path.read_text() == GOOD


def test_the_feeds_that_ship_are_valid_and_many():
    feeds = read_feeds(ROOT / "feeds.yml")
    assert len(feeds) >= 20
    assert len({feed.region for feed in feeds}) >= 6
    assert {"agency", "humanitarian"} <= {feed.kind for feed in feeds}
    assert all(feed.region and feed.kind for feed in feeds)
