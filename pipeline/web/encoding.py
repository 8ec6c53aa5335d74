"""Undoing a body's content encoding, bounded: a small gzip file can hold gigabytes."""

import zlib

import brotli

from pipeline.web.exchange import Failure

_ROUND = 1 << 16
_PIECE = 1 << 12
"""Bytes given to zlib at once: what a member leaves over is copied, and a body can be half a million empty members."""


def decoded(body: bytes, encoding: str | None, limit: int) -> bytes | Failure:
    """The body with its content encoding undone, or why not: `too_large`, `bad_encoding`.

    A body that does not begin as its header says is taken as it is: servers that forget to compress are commoner than
    damaged streams.
    """
    names = [n.strip().lower() for n in (encoding or "").split(",") if n.strip()]
    for name in reversed(names[:3]):
        result = _undo(body, name, limit)
        if isinstance(result, Failure):
            return result
        body = result
    return body if len(body) <= limit else Failure("too_large", f"more than {limit} bytes")


def _undo(body: bytes, name: str, limit: int) -> bytes | Failure:
    try:
        if name in ("gzip", "x-gzip"):
            return _inflate(body, 31, limit) if body[:2] == b"\x1f\x8b" else body
        if name == "deflate":
            return _inflate(body, 15 if _is_zlib(body) else -15, limit)
        if name == "br":
            return _unbrotli(body, limit)
    except (zlib.error, brotli.error) as error:
        return Failure("bad_encoding", f"{name}: {error}")
    return body if name == "identity" else Failure("bad_encoding", f"unknown content encoding {name[:40]!r}")


def _is_zlib(body: bytes) -> bool:
    """A zlib header: method 8, and the first two bytes divisible by 31 (RFC 1950)."""
    return len(body) >= 2 and body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0


def _inflate(body: bytes, window: int, limit: int) -> bytes | Failure:
    """All members of a gzip file, or one deflate stream."""
    out, at, view = bytearray(), 0, memoryview(body)
    while at < len(body) and (at == 0 or (window == 31 and body[at : at + 2] == b"\x1f\x8b")):
        stream = zlib.decompressobj(window)
        while not stream.eof:
            if at >= len(body):
                return Failure("bad_encoding", "the compressed body ends early")
            out += stream.decompress(view[at : at + _PIECE], limit + 1 - len(out))
            at = min(at + _PIECE, len(body))
            if len(out) > limit:
                return Failure("too_large", f"more than {limit} bytes after decompression")
        at -= len(stream.unused_data)
    return bytes(out)


def _unbrotli(body: bytes, limit: int) -> bytes | Failure:
    stream, out, rest = brotli.Decompressor(), bytearray(), body
    while not stream.is_finished():
        piece = stream.process(rest, output_buffer_limit=_ROUND)
        out += piece
        rest = b""
        if len(out) > limit:
            return Failure("too_large", f"more than {limit} bytes after decompression")
        if not piece and not stream.is_finished() and stream.can_accept_more_data():
            return Failure("bad_encoding", "the compressed body ends early")
    return bytes(out)
