"""The sample newsroom's articles, read from newsroom/: a Markdown file each, headed by lines of `name: value`.

published     when it appeared; `edited` instead, in NAME.edited.md: from then on NAME reads like this
copy_of       an agency's article that this outlet carries; without_last: how many of its last paragraphs it cut
gone: true    listed in the feed, but its page answers 404
"""

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

FOLDER = Path(__file__).parent / "newsroom"
FEED_DAYS = 3


@dataclass(frozen=True, slots=True)
class Story:
    """An article as one outlet carries it at one time."""

    name: str
    """`OUTLET/DAY-SLUG`."""
    title: str
    paragraphs: tuple[str, ...]
    published: datetime
    edited: datetime | None = None
    language: str = "en"
    is_gone: bool = False
    copy_of: str | None = None

    @property
    def path(self) -> str:
        """`/2024/03/04/chaco-border-fire`."""
        slug = self.name.split("/")[1]
        return f"/{slug[:10].replace('-', '/')}/{slug[11:]}"

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Outlet:
    outlet: str
    name: str
    kind: str
    region: str
    feed: str
    """`rss` or `atom`."""
    dates: str
    """Where its pages state when they were published: `json-ld`, `meta` or `none`."""
    stories: dict[str, Story] = field(default_factory=dict)
    """First versions by name."""
    edits: dict[str, Story] = field(default_factory=dict)
    """Later versions by the same names."""

    def on(self, day: date) -> list[Story]:
        """What the outlet has published by the end of a day, each as it then reads, newest first."""
        shown = [self._as_of(story, day) for story in self.stories.values() if story.published.date() <= day]
        return sorted(shown, key=lambda story: (story.published, story.name), reverse=True)

    def _as_of(self, story: Story, day: date) -> Story:
        edit = self.edits.get(story.name)
        return edit if edit and edit.edited and edit.edited.date() <= day else story


def days(outlets: list[Outlet]) -> list[date]:
    return sorted({story.published.date() for outlet in outlets for story in outlet.stories.values()})


def read_newsroom(folder: Path = FOLDER) -> list[Outlet]:
    outlets = [Outlet(**values) for values in json.loads((folder / "outlets.json").read_text("utf8"))]
    heads, bodies = {}, {}
    for file in sorted(folder.glob("*/*.md")):
        name = f"{file.parent.name}/{file.stem}"
        heads[name], bodies[name] = _parted(file.read_text("utf8"))
    for outlet in outlets:
        for name in heads:
            if name.startswith(f"{outlet.outlet}/") and not name.endswith(".edited"):
                outlet.stories[name] = _story(name, heads, bodies)
        for name, story in outlet.stories.items():
            if f"{name}.edited" in heads:
                outlet.edits[name] = _edit(story, heads[f"{name}.edited"], bodies[f"{name}.edited"])
    return outlets


def _parted(source: str) -> tuple[dict[str, str], tuple[str, ...]]:
    _, head, body = source.split("---\n", 2)
    values = dict(line.split(": ", 1) for line in head.splitlines())
    return values, tuple(p.strip() for p in body.split("\n\n") if p.strip())


def _story(name: str, heads: dict[str, dict[str, str]], bodies: dict[str, tuple[str, ...]]) -> Story:
    head, body = heads[name], bodies[name]
    original = head.get("copy_of")
    if original:
        carried = bodies[original]
        body = carried[: len(carried) - int(head.get("without_last", "0"))] + body
    return Story(
        name=name,
        title=head["title"],
        paragraphs=body,
        published=datetime.fromisoformat(head["published"]),
        language=head.get("language", "en"),
        is_gone=head.get("gone") == "true",
        copy_of=original,
    )


def _edit(story: Story, head: dict[str, str], body: tuple[str, ...]) -> Story:
    return replace(story, title=head["title"], paragraphs=body, edited=datetime.fromisoformat(head["edited"]))
