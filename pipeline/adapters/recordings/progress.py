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


OnProgress = Callable[[Progress], None]


def ignore(_: Progress) -> None:
    """For who does not want to know."""
