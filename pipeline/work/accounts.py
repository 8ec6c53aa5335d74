"""What a stage did with a batch, in numbers: the line that ends each task's log."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.records import Rejected

log = logging.getLogger("tollwire")


@dataclass(frozen=True, slots=True)
class Accounts:
    stage: str
    batch_id: str
    taken: int
    """Records that came in."""
    made: int
    """Records that came out."""
    rejected: Mapping[str, int] = field(default_factory=dict)
    """Rejected records by reason."""
    seconds: float = 0.0
    is_reused: bool = False
    """The stage's output was there already; nothing was done."""

    def line(self) -> str:
        reasons = ", ".join(f"{reason} {n}" for reason, n in sorted(self.rejected.items()))
        lost = f"{sum(self.rejected.values())} rejected" + (f" ({reasons})" if reasons else "")
        done = "done before" if self.is_reused else f"{self.seconds:.1f} s"
        return f"{self.stage} {self.batch_id}: {self.taken} in, {self.made} out, {lost}, {done}"


def by_reason(rejected: Iterable[Rejected]) -> dict[str, int]:
    return dict(Counter(r.reason for r in rejected))


def told(accounts: Accounts) -> Accounts:
    """Log the accounts and hand them on."""
    log.info(accounts.line())
    return accounts
