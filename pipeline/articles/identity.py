"""What makes two pages the same article, and two texts the same version. Pure functions of URLs and texts."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from tld import get_fld

from pipeline.records import document, hash_id
from pipeline.web.urls import LONGEST, is_tracking

_PORTS = {"http": 80, "https": 443}
_UNRESERVED = "-._~!$&'()*+,;=:@/"
_RENDERINGS = frozenset({"amp", "outputtype", "print"})
"""Query parameters that ask for another rendering of the same article."""
_LONG_NUMBER = re.compile(r"\d{5,}")
_SPACE = re.compile(r"\s+")
_AMP_PATH = re.compile(r"(?<=[^/])(?:/amp/?|\.amp(?=$|\.html?$))$|\.amp(?=\.html?$)")


@dataclass(frozen=True, slots=True)
class Identity:
    """Which article a page is."""

    article_id: str
    url: str
    copy_of_url: str | None


def identify(page_url: str, canonical: str | None) -> Identity:
    """The article's identity from the page's address (after redirects) and its canonical link (as written, or null).

    The canonical link is believed on the same site only. Across sites it is a claim that this is a copy: the page keeps
    its own identity and the claim is kept beside it. A canonical link to a site's front page, or to the section that the story
    lies in, is a template's mistake: all its stories would be versions of one article.
    """
    own, claimed = canonical_url(page_url), _absolute(page_url, canonical)
    if claimed is None or own is None or _is_front(claimed) or _is_section_of(claimed, own):
        url, copy_of = own or page_url, None
    elif same_site(own, claimed):
        url, copy_of = claimed, None
    else:
        url, copy_of = own, claimed
    return Identity(hash_id(url), url, copy_of)


def _absolute(page_url: str, link: str | None) -> str | None:
    """A link's canonical form, as seen from the page; null for none, or one that can't be read."""
    if not link or not link.strip() or len(link) > LONGEST:
        return None
    try:
        return canonical_url(urljoin(page_url, link.strip()))
    except ValueError:
        return None


def version_id(article_id: str, title: str, text: str) -> str:
    """Of one state of an article. Differences in white space and Unicode form alone do not make a new version."""
    return hash_id(article_id, normal_text(document(title, text)))


def normal_text(text: str) -> str:
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def canonical_url(url: str) -> str | None:
    """The address without what does not identify the article: fragment, default port, tracking parameters, AMP and
    print renderings, case of the host, needless percent escapes. Null if it is no http(s) address."""
    try:
        parts = urlsplit(url.strip())
        host, port = _host(parts), parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host:
        return None
    place = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    path = _AMP_PATH.sub("", _escaped(parts.path)) or "/"
    return urlunsplit((parts.scheme, place, path, _query(parts.query), ""))


def _host(parts: SplitResult) -> str:
    """Lower case, in ASCII, without user and final dot; brackets kept around IPv6."""
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{host}]"
    try:
        return host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return host


def _escaped(path: str) -> str:
    """Percent escapes for the same bytes written one way."""
    if path.isascii() and "%" not in path:
        return quote(path, safe=_UNRESERVED)
    pieces = re.split(r"(%2[fF]|%25)", path)  # an escaped slash or percent sign must stay escaped
    return "".join(p.upper() if i % 2 else quote(unquote_to_bytes(p), safe=_UNRESERVED) for i, p in enumerate(pieces))


def _query(query: str) -> str:
    """Without tracking and rendering parameters; the rest in its order, as written."""
    kept = [p for p in query.split("&") if p and not _is_noise(p)]
    return "&".join(kept)


def _is_noise(parameter: str) -> bool:
    return is_tracking(parameter) or parameter.partition("=")[0].lower() in _RENDERINGS


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path == "/" and not parts.query


def _is_section_of(folder: str, story: str) -> bool:
    """Is it a folder above an address whose last part names a story (three words, or a long number)?

    What lies under a story (/amp, /2, /print, /photos) is named otherwise.
    """
    above, below = urlsplit(folder), urlsplit(story)
    if above.query or not below.path.startswith(above.path.rstrip("/") + "/"):
        return False
    name = below.path.rstrip("/").rpartition("/")[2]
    words = [word for word in re.split("[-_]", name) if any(map(str.isalpha, word))]
    return below.path.strip("/") != above.path.strip("/") and (len(words) >= 3 or bool(_LONG_NUMBER.search(name)))


def same_site(one: str, other: str) -> bool:
    return site(one) == site(other)


@cache
def _registrable(host: str) -> str:
    return get_fld(host, fail_silently=True, fix_protocol=True) or host


def site(url: str) -> str:
    """The registrable domain (`news.example.co.uk` -> `example.co.uk`); an IP address stands for itself."""
    host = urlsplit(url).hostname or ""
    try:
        return str(ip_address(host))
    except ValueError:
        return _registrable(host)
