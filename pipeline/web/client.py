"""Asking politely and stubbornly: turns per host, redirects, retries with back-off, and giving up on a dead host.

One `Client` serves one run. Its decisions about waiting are functions of the answer, the number of tries and the clock.
"""

import asyncio
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Literal

import aiohttp

from pipeline.settings import Settings
from pipeline.web.exchange import Failure, Response, exchange, open_session
from pipeline.web.urls import checked_url, host_of

LONGEST_WAIT = 60.0
"""Seconds. A host that asks for a longer pause is left alone for this run."""
HOPS = 10
TRANSIENT = r"http_(408|425|429|5\d\d)|timeout|connection|disconnected|dns|tls|bad_response|bad_encoding|rate_limited|host_down|robots_unreachable"
"""Reasons that may pass by themselves, as a regular expression: such an item is tried again by later batches."""
_REDIRECTS = {301, 302, 303, 307, 308}
_WORTH_RETRYING = re.compile(r"http_(408|425|429|5\d\d)|timeout|connection|disconnected|dns|bad_response")

Role = Literal["redirect", "retry", "final"]
"""What an answer led to."""


def is_transient(reason: str) -> bool:
    return re.fullmatch(TRANSIENT, reason) is not None


@dataclass(frozen=True, slots=True)
class Visit:
    """Where asking for a URL ended."""

    answer: Response | Failure
    url: str
    """The last URL asked."""
    moved_to: str | None
    """Where permanent redirects lead, if the first hop was one."""


@dataclass(slots=True)
class _Host:
    """What one run knows of a host; times are the event loop's seconds."""

    slots: asyncio.Semaphore
    delay: float
    next_start: float = 0.0
    paused_until: float = 0.0
    strikes: int = 0
    """Answers in a row that were none, or a 5xx."""


@dataclass(slots=True)
class Client:
    """Use as `async with Client(settings) as client`."""

    settings: Settings
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _slots: asyncio.Semaphore = field(init=False)
    """Requests in flight over all hosts. Taken last and outside the request's own time: nobody times out in a queue."""
    _session: aiohttp.ClientSession | None = None

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.settings.fetch_concurrency)

    async def __aenter__(self) -> "Client":
        self._session = open_session(self.settings)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    def slow_down(self, host: str, delay: float) -> None:
        """Leave at least this many seconds between two requests to the host."""
        state = self._host(host)
        state.delay = max(state.delay, delay)

    async def visit(
        self,
        url: str,
        longest: Callable[[str], int],
        headers: dict[str, str] | None = None,
        allowed: Callable[[str], Awaitable[Failure | None]] | None = None,
        seen: Callable[[Response, Role], None] | None = None,
        retries: int | None = None,
    ) -> Visit:
        """Ask until there is a final answer. `allowed` is asked before each hop, `seen` is told each answer."""
        tries, hops, moved_to, only_permanent = 0, 0, None, True
        tries_left = self.settings.retries if retries is None else retries
        while True:
            refusal = await allowed(url) if allowed else None
            answer = refusal or await self._ask(url, longest, headers)
            target = location(answer)
            wait = retry_wait(answer, tries, random.random()) if target is None and tries < tries_left else None
            role: Role = "redirect" if target else "retry" if wait is not None else "final"
            if seen and isinstance(answer, Response):
                seen(answer, role)
            if target and isinstance(answer, Response):
                hops += 1
                if hops > HOPS:
                    return Visit(Failure("too_many_redirects", f"more than {HOPS}, at last to {target}"), url, None)
                only_permanent = only_permanent and answer.status in (301, 308)
                moved_to = target if only_permanent else moved_to
                url = target
            elif wait is not None:
                tries += 1
                await asyncio.sleep(wait)
            else:
                return Visit(answer, url, moved_to)

    async def _ask(self, url: str, longest: Callable[[str], int], headers: dict[str, str] | None) -> Response | Failure:
        """One exchange in the host's turn."""
        if self._session is None:
            raise RuntimeError("a Client must be entered before it is used")
        host = self._host(host_of(url))
        async with host.slots:
            await self._wait(host)
            async with self._slots:
                if failure := self._out_of_reach(host):
                    return failure
                answer = await exchange(self._session, url, longest, headers)
            self._note(host, answer)
        return answer

    def _host(self, name: str) -> _Host:
        if name not in self._hosts:
            self._hosts[name] = _Host(asyncio.Semaphore(self.settings.host_concurrency), self.settings.host_delay)
        return self._hosts[name]

    async def _wait(self, host: _Host) -> None:
        """Until the host's delay and pause are over, unless it is given up."""
        now = asyncio.get_running_loop().time
        start = max(now(), host.next_start)
        host.next_start = start + host.delay
        while (pause := max(start, host.paused_until) - now()) > 0 and not self._out_of_reach(host):
            await asyncio.sleep(pause)

    def _out_of_reach(self, host: _Host) -> Failure | None:
        """Why a host isn't asked any more in this run."""
        if host.paused_until - asyncio.get_running_loop().time() > LONGEST_WAIT:
            return Failure("rate_limited", f"the host asked for a pause of more than {LONGEST_WAIT:.0f} s")
        if host.strikes >= max(8, 3 * self.settings.host_concurrency):
            return Failure("host_down", "many requests in a row had no answer or a 5xx")
        return None

    def _note(self, host: _Host, answer: Response | Failure) -> None:
        is_bad = isinstance(answer, Failure) or answer.status >= 500 or answer.cut in ("time", "disconnect")
        host.strikes = host.strikes + 1 if is_bad else 0
        if isinstance(answer, Response) and answer.status == 429:
            pause = retry_after(answer, datetime.now(UTC))
            host.paused_until = asyncio.get_running_loop().time() + (1.0 if pause is None else pause)


def outcome(answer: Response | Failure) -> str:
    """`ok`, or the fixed word for why the answer is of no use."""
    if isinstance(answer, Failure):
        return answer.reason
    if answer.status >= 400 or answer.status in _REDIRECTS:
        return f"http_{answer.status}"
    return {"time": "timeout", "disconnect": "disconnected", "length": "too_large", None: "ok"}[answer.cut]


def retry_wait(answer: Response | Failure, tries: int, chance: float) -> float | None:
    """Seconds before the next try: 0.5, 1, 2, ... give or take half, or what the server asks for; null: no further try.

    `chance` is a random number below 1: tasks that failed together should not come back together. A host that hangs is
    tried twice at most: it costs the whole time-out each time.
    """
    reason = outcome(answer)
    if not _WORTH_RETRYING.fullmatch(reason) or (reason == "timeout" and tries > 0):
        return None
    asked = retry_after(answer, datetime.now(UTC)) if isinstance(answer, Response) else None
    wait = min(0.5 * 2**tries * (0.5 + chance), LONGEST_WAIT) if asked is None else asked
    return wait if wait <= LONGEST_WAIT else None


def retry_after(answer: Response, now: datetime) -> float | None:
    """Seconds that Retry-After asks for, given in seconds or as a date; null if it is absent or unreadable."""
    value = (answer.header("retry-after") or "").strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
    except (ValueError, OverflowError):
        return None


def fresh_for(answer: Response) -> float | None:
    """Seconds for which an answer stays good: Cache-Control's max-age less Age; null if it says neither that nor how long.

    https://www.rfc-editor.org/rfc/rfc9111.html#section-4.2
    """
    told = (answer.header("cache-control") or "").lower()
    found = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", told)
    if not found or re.search(r"(?:^|[\s,])no-(?:cache|store)\b", told):
        return None
    age = (answer.header("age") or "").strip()
    return max(0.0, float(found[1]) - (float(age[:9]) if age.isdecimal() else 0.0))


def location(answer: Response | Failure) -> str | None:
    """Where a redirect leads, absolute; null for any other answer, or if it leads nowhere."""
    if isinstance(answer, Failure) or answer.status not in _REDIRECTS:
        return None
    return checked_url(answer.header("location"), base=answer.url) if answer.header("location") else None
