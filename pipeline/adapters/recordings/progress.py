"""How far a long job is, in event time: what a progress bar needs."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job is.

    Attributes:
        records: Done so far.
        time_ms: Kafka timestamp of the last of them; None before the first.
        first_ms: Where the whole begins; None if not known.
        last_ms: Where the whole ends; None if not known.
    """

    records: int
    time_ms: int | None
    first_ms: int | None = None
    last_ms: int | None = None

    @property
    def part(self) -> float:
        """How much of it is done, 0 to 1; 0 if that is not known."""
        if self.time_ms is None or self.first_ms is None or self.last_ms is None:
            return 0.0
        return min(1.0, max(0.0, (self.time_ms - self.first_ms) / max(1, self.last_ms - self.first_ms)))


OnProgress = Callable[[Progress], None]


def ignore(_: Progress) -> None:
    """For who does not want to know."""
