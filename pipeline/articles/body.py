"""The article's own words out of a page: trafilatura's reading, then paragraphs without what is not text."""

import re

import trafilatura.utils
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

_OPTIONS = Extractor(output_format="python", fast=True, comments=False, tables=True, dedup=False)
# Spaces that an author typed stand in the text; trafilatura would fold them. A blank that it takes for a letter holds
# their place meanwhile.
_STANDIN = "\u2800"
_TYPED_SPACES = re.compile(r"(?<=\S) {2,}(?=\S)")
_TITLE_WITHIN = 3
"""The heading is looked for in this many first lines."""
_NOT_WORDS = re.compile(r"\W+")


def parse(html: str) -> HtmlElement | None:
    """The page's tree; null if there is no HTML in it."""
    return trafilatura.utils.load_html(html)


def paragraphs(tree: HtmlElement) -> list[str]:
    """The main text, a paragraph, heading or list item each. Marks typed spaces in the tree: the last use of it."""
    found = bare_extraction(_with_standins(tree), options=_OPTIONS)
    text = getattr(found, "text", None) or ""
    lines = (line.strip() for line in text.replace(_STANDIN, " ").split("\n"))
    return [line for line in lines if line]


def _with_standins(tree: HtmlElement) -> HtmlElement:
    for element in tree.iter():
        if element.text and "  " in element.text:
            element.text = _TYPED_SPACES.sub(_standin, element.text)
        if element.tail and "  " in element.tail:
            element.tail = _TYPED_SPACES.sub(_standin, element.tail)
    return tree


def _standin(spaces: re.Match[str]) -> str:
    return " " + _STANDIN * (len(spaces[0]) - 1)


def without_title(lines: list[str], titles: tuple[str, ...]) -> list[str]:
    """The lines without the heading, which is kept apart as the article's title."""
    names = {_bare(t) for t in titles} - {""}
    return [line for n, line in enumerate(lines) if n >= _TITLE_WITHIN or _bare(line) not in names]


def _bare(text: str) -> str:
    """Letters and digits alone: quotes and dashes differ between a page's names for itself."""
    return _NOT_WORDS.sub("", text.casefold())
