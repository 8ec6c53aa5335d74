"""The article's own words out of a page: trafilatura's reading, then paragraphs without what is not text."""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import trafilatura.utils
import yaml
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

# `fast` leaves out two further extractors, asked when trafilatura's own finds little: on real news pages they lose
# more than they find.
_OPTIONS = Extractor(output_format="python", fast=True, comments=False, tables=True, dedup=False)
# Characters; trafilatura's own 250 takes a short brief for a failure and pours in the whole page.
_OPTIONS.min_extracted_size = 150
# Spaces that an author typed stand in the text; trafilatura would fold them. A blank that it takes for a letter holds
# their place meanwhile.
_STANDIN = "\u2800"
_TYPED_SPACES = re.compile(r"(?<=\S) {2,}(?=\S)")
_LINK_LINES = frozenset({"p", "li", "h2", "h3", "h4", "h5", "h6"})
_LINK_SHARE = 0.9
_LONGEST_LINK = 220
_TITLE_WITHIN = 3
"""The heading is looked for in this many first lines."""
_NOT_WORDS = re.compile(r"\W+")
_TABLE_RULE = re.compile(r"^[|\s:-]+$")
_LONG_CELL = 80
_BULLET = re.compile(r"^[-•*] (?=\S)")


class _Teasers(NamedTuple):
    longest: int
    any_case: tuple[str, ...]
    as_written: tuple[str, ...]
    whole: frozenset[str]


def parse(html: str) -> HtmlElement | None:
    """The page's tree; null if there is no HTML in it."""
    return trafilatura.utils.load_html(html)


def paragraphs(tree: HtmlElement) -> list[str]:
    """The main text, a paragraph, heading, list item or table row each. Uses the tree up."""
    _drop_link_lines(tree)
    _mark_typed_spaces(tree)
    found = bare_extraction(tree, options=_OPTIONS)
    text = (getattr(found, "text", None) or "").replace(_STANDIN, " ")
    lines = (line.strip() for raw in text.split("\n") for line in _untabled(raw.strip()))
    return [line for line in lines if line and not _is_teaser(line)]


def _drop_link_lines(tree: HtmlElement) -> None:
    """Paragraphs and items that are one link each point to other stories, whose figures are not this one's."""
    lines = {line for link in tree.iter("a") if (line := _line_of(link)) is not None}
    for line in lines:
        if line.getparent() is not None and _is_link(line):
            line.drop_tree()


def _line_of(link: HtmlElement) -> HtmlElement | None:
    parent = link.getparent()
    while parent is not None and parent.tag in ("strong", "b", "em", "i", "span", "u", "font"):
        parent = parent.getparent()
    return parent if parent is not None and parent.tag in _LINK_LINES else None


def _is_link(line: HtmlElement) -> bool:
    text = len("".join(line.text_content().split()))
    linked = sum(len("".join(a.text_content().split())) for a in line.iter("a") if a.get("href"))
    return 0 < text <= _LONGEST_LINK and linked >= _LINK_SHARE * text


def _mark_typed_spaces(tree: HtmlElement) -> None:
    for element in tree.iter():
        if element.text and "  " in element.text:
            element.text = _TYPED_SPACES.sub(_standin, element.text)
        if element.tail and "  " in element.tail:
            element.tail = _TYPED_SPACES.sub(_standin, element.tail)


def _standin(spaces: re.Match[str]) -> str:
    return " " + _STANDIN * (len(spaces[0]) - 1)


def _untabled(line: str) -> list[str]:
    """A line without the Markdown signs of tables and lists; cells that are paragraphs become lines of their own."""
    if not (line.startswith("|") and line.endswith("|") and len(line) > 1):
        return [_BULLET.sub("", line)]
    if _TABLE_RULE.match(line):
        return []
    cells = [c.strip() for c in line.strip("|").split("|") if c.strip()]
    return cells if any(len(c) > _LONG_CELL for c in cells) else [", ".join(cells)]


def _is_teaser(line: str) -> bool:
    teasers = _teasers()
    if len(line) > teasers.longest:
        return False
    lower = line.casefold()
    return lower in teasers.whole or lower.startswith(teasers.any_case) or line.startswith(teasers.as_written)


@cache
def _teasers() -> _Teasers:
    lists = yaml.safe_load(files("pipeline.articles").joinpath("teasers.yml").read_text("utf8"))
    any_case, as_written = tuple(lists["any_case"]), tuple(lists["as_written"])
    return _Teasers(int(lists["longest"]), any_case, as_written, frozenset(lists["whole"]))


def without_title(lines: list[str], titles: tuple[str, ...]) -> list[str]:
    """The lines without the heading, which is kept apart as the article's title."""
    names = {_bare(t) for t in titles} - {""}
    return [line for n, line in enumerate(lines) if n >= _TITLE_WITHIN or _bare(line) not in names]


def _bare(text: str) -> str:
    """Letters and digits alone: quotes and dashes differ between a page's names for itself."""
    return _NOT_WORDS.sub("", text.casefold())
