"""One request and its answer, bounded in size and time; and the guard at the dial.

Nothing here raises for what a server does: no answer is a `Failure`, an answer cut short is a `Response` that says so.
"""

import asyncio
import errno
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import yarl
from aiohttp import hdrs

from pipeline.settings import Settings

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ENCODINGS = "gzip, deflate, br"
HEADER_BYTES = 65536
CHUNK = 65536


@dataclass(frozen=True, slots=True)
class Response:
    """An answer as it came: `body` with its content encoding, the transfer's chunking undone."""

    url: str
    status: int
    phrase: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    cut: str | None = None
    """Why the body is not whole: `length`, `time` or `disconnect`; null if it is."""
    address: str | None = None
    """The server's IP address; null too where the whole answer came at once."""

    def header(self, name: str) -> str | None:
        """The first header of this name, in any case."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def content_type(self) -> str:
        """Without parameters, lower case; empty if the server didn't say."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer, or none that can be used; `reason` is a fixed word."""

    reason: str
    detail: str


def open_session(settings: Settings) -> aiohttp.ClientSession:
    """A session that dials public addresses only (unless allow_private), keeps no cookies and undoes no encoding."""
    connector = aiohttp.TCPConnector(limit=0, ttl_dns_cache=300, socket_factory=_dialler(settings.allow_private))
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=settings.request_timeout),
        auto_decompress=False,
        max_line_size=HEADER_BYTES,
        max_field_size=HEADER_BYTES,
        max_headers=512,
        headers={"User-Agent": settings.user_agent, "Accept": ACCEPT, "Accept-Encoding": ENCODINGS},
    )


def _dialler(allow_private: bool) -> Callable[[Any], socket.socket]:
    """Makes the socket for one address. Checked here, what a name resolves to and where redirects lead is covered."""

    def dial(info: Any) -> socket.socket:
        family, kind, proto, _, address = info
        if not allow_private and is_forbidden(address[0]):
            raise OSError(errno.EACCES, f"{address[0]} is not a public address")
        return socket.socket(family, kind, proto)

    return dial


def is_forbidden(address: str) -> bool:
    """Is this anything but a public unicast address? IPv4 inside IPv6 counts as what it holds."""
    try:
        ip: Any = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return True
    if ip.version == 6:
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _nat64(ip)
        if inner is not None:
            return is_forbidden(str(inner))
    return not ip.is_global or ip.is_multicast or ip.is_reserved


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in ipaddress.ip_network("64:ff9b::/96") else None


async def exchange(
    session: aiohttp.ClientSession, url: str, longest: Callable[[str], int], headers: dict[str, str] | None = None
) -> Response | Failure:
    """GET one URL, redirects not followed. `longest(content type)` is how many bytes of body to take."""
    try:
        target = yarl.URL(url)
    except ValueError as error:
        return Failure("bad_url", str(error))
    try:
        async with session.get(target, headers=headers, allow_redirects=False) as answer:
            address = _peer(answer)
            limit = longest(answer.content_type if hdrs.CONTENT_TYPE in answer.headers else "")
            body, cut = await _body(answer, limit)
            if cut:
                answer.close()
            return _response(answer, body, cut, address)
    except (aiohttp.ClientError, OSError, UnicodeError) as error:
        return _failure(error)


def _peer(answer: aiohttp.ClientResponse) -> str | None:
    """The server's address; known only while some of the body is still to come."""
    transport = answer.connection.transport if answer.connection else None
    peer = transport.get_extra_info("peername") if transport else None
    return peer[0] if peer else None


async def _body(answer: aiohttp.ClientResponse, limit: int) -> tuple[bytes, str | None]:
    """At most limit bytes, and why the rest is missing."""
    parts: list[bytes] = []
    size = 0
    try:
        async for chunk in answer.content.iter_any():
            parts.append(chunk)
            size += len(chunk)
            if size > limit:
                return b"".join(parts)[:limit], "length"
    except TimeoutError:
        return b"".join(parts), "time"
    except (aiohttp.ClientError, OSError):
        return b"".join(parts), "disconnect"
    return b"".join(parts), None


def _response(answer: aiohttp.ClientResponse, body: bytes, cut: str | None, address: str | None) -> Response:
    headers = tuple((k.decode("latin-1"), v.decode("utf8", "replace")) for k, v in answer.raw_headers)
    return Response(str(answer.url), answer.status, answer.reason or "", headers, body, cut, address)


def _failure(error: Exception) -> Failure:
    """The fixed word for what went wrong before an answer's headers were read."""
    reason = "connection"
    if isinstance(error, asyncio.TimeoutError):
        reason = "timeout"
    elif isinstance(error, aiohttp.ClientConnectorDNSError):
        reason = "dns"
    elif isinstance(error, (aiohttp.ClientSSLError, ssl.SSLError)):
        reason = "tls"
    elif isinstance(error, aiohttp.ClientConnectorError) and error.os_error.errno == errno.EACCES:
        reason = "forbidden_address"
    elif isinstance(error, (aiohttp.InvalidURL, UnicodeError)):
        reason = "bad_url"
    elif isinstance(error, aiohttp.ClientResponseError):
        reason = "bad_response"
    return Failure(reason, f"{type(error).__name__}: {str(error)[:300]}".rstrip(": "))
