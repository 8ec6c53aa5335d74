"""Which URLs may be asked for, and when two of them name the same page."""

import hashlib
import re
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import yaml

LONGEST = 4096
_PORTS = {"http": 80, "https": 443}
_UNSAFE = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]")
_EDGES = "".join(map(chr, range(0x21)))
_HOST = re.compile(r"[^\s/?#@\[\]\\<>^`{|}%]+|\[[0-9a-fA-F:.]+\]")


def checked_url(url: str | None, base: str = "") -> str | None:
    """An absolute http(s) URL, or null if it names nothing that can be fetched.

    Spaces inside are quoted, as browsers do; credentials, control characters and hosts that cannot be are refused.
    """
    text = (url or "").strip(_EDGES).replace(" ", "%20").replace("\n", "").replace("\t", "").replace("\r", "")
    try:
        parts = urlsplit(urljoin(base, text) if base else text)
        is_good = parts.scheme in _PORTS and _is_host(parts) and parts.port != 0
    except ValueError:
        return None
    whole = urlunsplit(parts)
    return whole if is_good and len(whole) <= LONGEST and not _UNSAFE.search(whole) else None


def _is_host(parts: SplitResult) -> bool:
    host = parts.netloc.rsplit(":", 1)[0] if not parts.netloc.endswith("]") else parts.netloc
    return "@" not in parts.netloc and bool(_HOST.fullmatch(host)) and host.strip(".") != ""


def host_of(url: str) -> str:
    """Host and port in lower case: the unit of politeness."""
    return urlsplit(url).netloc.lower()


def identity(url: str) -> str:
    """The URL without what does not identify the page: scheme, case of the host, default port, tracking, fragment.

    What is no http(s) URL identifies itself.
    """
    scheme, _, rest = url.partition("://")
    scheme = scheme.lower()
    if scheme not in _PORTS:
        return url
    rest = rest.partition("#")[0]
    address, mark, query = rest.partition("?")
    host, slash, path = address.partition("/")
    host = host.lower().removesuffix(f":{_PORTS[scheme]}").rstrip(".")
    kept = "&".join(part for part in query.split("&") if part and not is_tracking(part)) if mark else ""
    return f"{host}{slash or '/'}{path}{'?' if kept else ''}{kept}"


def page_key(url: str) -> int:
    """64 bits of BLAKE2b over the identity: what known pages are looked up by."""
    data = identity(url).encode("utf8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")


@lru_cache(maxsize=4096)
def is_tracking(parameter: str) -> bool:
    """Does `name=value` of a query only tell where the reader came from?"""
    prefixes, names, values = _tracking()
    name, _, value = parameter.lower().partition("=")
    return name.startswith(prefixes) or name in names or value in values.get(name, ())


@cache
def _tracking() -> tuple[tuple[str, ...], frozenset[str], dict[str, list[str]]]:
    words = yaml.safe_load(Path(__file__).with_name("tracking.yml").read_text("utf8"))
    return tuple(words["prefixes"]), frozenset(words["names"]), words["values"]
