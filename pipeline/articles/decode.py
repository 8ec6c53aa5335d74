"""Bytes to text. What the bytes themselves say (BOM, valid UTF-8) goes before what anybody declares about them."""

import codecs
import re

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_META = re.compile(rb"""<(?:meta\b[^>]*?charset|\?xml\b[^>]*?encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_META_WITHIN = 4096
"""Browsers look at the first 1,024 bytes; some news pages put scripts before the declaration."""
# What servers say when nobody told them otherwise; also, these two read any bytes at all, so they prove nothing.
_DEFAULTS = frozenset({"iso8859-1", "cp1252"})
_BROKEN_SHARE = 0.05
"""UTF-8 with at most this share of broken sequences is UTF-8 with stray bytes, not another encoding."""
_GUESS_BYTES = 20_000
_GUESSES = [
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "iso8859_2", "iso8859_5",
    "iso8859_7", "iso8859_9", "iso8859_15", "koi8_r", "koi8_u", "cp874", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr",
]  # fmt: skip
"""What news pages are found in; without this list Russian comes out as Mac Cyrillic."""
_GUESS_LEAST = 30
"""Fewer bytes beyond ASCII tell nothing about the language they are in."""


def decode(body: bytes, content_type: str | None = None) -> str:
    """The page as text; never raises.

    content_type is the HTTP header's value, or a bare charset name. Order: BOM, valid UTF-8, UTF-8 with stray bytes,
    the page's own declaration, the header's, a guess from the bytes, Windows-1252. A header or declaration that only
    names the usual default (ISO-8859-1) comes after every other sign.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    declared = [c for c in (_codec(_meta_charset(body)), _codec(_header_charset(content_type))) if c]
    shifted = next((c for c in declared if c.startswith(("iso2022", "hz", "utf-7"))), None)
    if shifted and body.isascii():
        return body.decode(shifted, "replace")
    wide = _without_mark(body)
    if wide:
        return body.decode(wide, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    patched = _patched_utf8(body, lenient="utf-8" in declared and set(declared) <= {"utf-8", *_DEFAULTS})
    return patched if patched is not None else _legacy(body, declared)


def _legacy(body: bytes, declared: list[str]) -> str:
    """An 8-bit or East Asian encoding: as declared if the bytes allow it, else as guessed."""
    for name in [c for c in declared if c not in _DEFAULTS and c != "utf-8"]:
        text = _strictly(body, name)
        if text is not None:
            return text
    if not _DEFAULTS.intersection(declared) and sum(byte > 0x7F for byte in body) >= _GUESS_LEAST:
        guess = from_bytes(body[:_GUESS_BYTES], cp_isolation=_GUESSES).best()
        text = _strictly(body, guess.encoding) if guess else None
        if text is not None:
            return text
    return body.decode("cp1252", "replace")


def _patched_utf8(body: bytes, lenient: bool) -> str | None:
    """UTF-8 whose stray bytes are read as Windows-1252 (pasted quotes, a page cut off in mid-character)."""
    text = body.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= c <= "\udcff" for c in text)
    sound = sum(c > "\x7f" for c in text) - broken
    if not lenient and broken > _BROKEN_SHARE * max(sound, 1):
        return None
    if lenient and broken > sound and broken > 3:
        return None
    return re.sub("[\udc80-\udcff]", lambda m: bytes([ord(m[0]) - 0xDC00]).decode("cp1252", "replace"), text)


def _without_mark(body: bytes) -> str | None:
    """UTF-16 that forgot its mark: every second byte of markup is NUL."""
    head = body[:400]
    if head.count(0) < len(head) * 0.3:
        return None
    return "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeError, LookupError):
        return None


def _meta_charset(body: bytes) -> str | None:
    found = _META.search(body[:_META_WITHIN])
    return found[1].decode("ascii", "replace") if found else None


def _header_charset(content_type: str | None) -> str | None:
    if not content_type:
        return None
    found = _CHARSET.search(content_type)
    if found:
        return found[1]
    return None if "/" in content_type else content_type.strip()


def _codec(name: str | None) -> str | None:
    """Python's name of a text encoding; null for one it does not know. ISO-8859-1 means Windows-1252 on the web."""
    try:
        info = codecs.lookup(name or "")
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", True):
        return None
    return "cp1252" if info.name == "iso8859-1" else info.name
