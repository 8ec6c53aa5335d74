"""What a host allows: robots.txt (RFC 9309), read once a run, and the pause it asks for between requests."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from pipeline.settings import Settings
from pipeline.web.client import Client, Visit, outcome
from pipeline.web.encoding import decoded
from pipeline.web.exchange import Failure, Response
from pipeline.web.urls import host_of

ROBOTS_BYTES = 512_000
"""RFC 9309 asks for at least 500 KiB; the rest is ignored."""
LONGEST_DELAY = 30.0
"""Seconds. A longer crawl delay would mean not reading the site at all."""

Rules = Protego | Failure


@dataclass(slots=True)
class Robots:
    """robots.txt of all hosts that a run meets."""

    client: Client
    settings: Settings
    _rules: dict[str, asyncio.Task[Rules]] = field(default_factory=dict)

    async def refusal(self, url: str) -> Failure | None:
        """Why the URL may not be fetched; null if it may."""
        rules = await self.rules(url)
        if isinstance(rules, Failure):
            return rules
        if rules.can_fetch(url, self.settings.user_agent):
            return None
        return Failure("robots", "robots.txt disallows it")

    async def rules(self, url: str) -> Rules:
        """The host's rules; a Failure if its robots.txt can't be reached: then nothing on it may be fetched for now."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.lower()}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.create_task(self._read(origin))
        return await asyncio.shield(self._rules[origin])

    async def _read(self, origin: str) -> Rules:
        visit = await self.client.visit(f"{origin}/robots.txt", lambda kind: ROBOTS_BYTES)
        rules = rules_of(visit)
        if isinstance(rules, Protego):
            delay = rules.crawl_delay(self.settings.user_agent)
            self.client.slow_down(host_of(origin), min(float(delay or 0), LONGEST_DELAY))
        return rules


def rules_of(visit: Visit) -> Rules:
    """RFC 9309, 2.3.1: 4xx means no rules; no answer, 429 or 5xx means hands off; a file too long is read as far as it
    goes."""
    answer = visit.answer
    if isinstance(answer, Failure) and answer.reason in ("too_many_redirects", "bad_url"):
        return Protego.parse("")
    if isinstance(answer, Failure):
        return Failure(_unreachable(answer.reason), f"robots.txt: {answer.detail}")
    if answer.status == 429 or answer.status >= 500 or answer.cut in ("time", "disconnect"):
        return Failure("robots_unreachable", f"robots.txt: {outcome(answer)}")
    if answer.status != 200:
        return Protego.parse("")
    return Protego.parse(_text(answer))


def _unreachable(reason: str) -> str:
    """A host that may never be asked, or isn't there at all, is better told by that than by its robots.txt."""
    return reason if reason in ("forbidden_address", "dns", "host_down", "rate_limited") else "robots_unreachable"


def _text(answer: Response) -> str:
    body = decoded(answer.body, answer.header("content-encoding"), 4 * ROBOTS_BYTES)
    return "" if isinstance(body, Failure) else body.decode("utf-8-sig", "replace").replace("\x00", "")
