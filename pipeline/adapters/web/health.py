"""Is this process alive, and is it ready? Judged by what its loop does, not by what it says.

The judge sits in another thread than the loop it judges: a loop that is stuck
cannot answer for itself. A take-over may be long, so while no state is loaded
yet only readiness is missing, not life: killing a process in the middle of a
rebalance makes the next one longer.
"""

import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.observing.observer import Observer

LOOP_SECONDS_MAX: Final = 15.0
"""Between two rounds of the loop; a flush waits at most 10 s for Kafka."""

START_SECONDS_MAX: Final = 300.0
"""Until the first round: Faust gives a take-over so long."""


class Verdict(NamedTuple):
    """An answer of a probe."""

    is_ok: bool
    why: str


class Health(Observer):
    """Hears the shell and answers the probes.

    Args:
        now: A clock in seconds that never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._started_at = now()
        self._alive_at: float | None = None
        self._assigned: int | None = None
        self._is_loading = False
        self._committed_at: float | None = None

    def alive(self, stage: str) -> None:
        """The loop came round."""
        del stage
        self._alive_at = self._now()

    def taking_over(self, stage: str, partitions: int) -> None:
        """States are about to be read: no work until then."""
        del stage, partitions
        self._is_loading = True
        self._alive_at = self._now()

    def assigned(self, stage: str, partitions: int) -> None:
        """A rebalance ended: all states of it are loaded by now."""
        del stage
        self._assigned, self._is_loading = partitions, False
        self._alive_at = self._now()

    def state_loaded(self, stage: str, slots: int, seconds: float) -> None:
        """A take-over makes progress."""
        del stage, slots, seconds
        self._alive_at = self._now()

    def committed(self, stage: str, messages: Sequence[Message], seconds: float) -> None:
        """The brokers answered."""
        del stage, messages, seconds
        self._committed_at = self._now()

    def live(self) -> Verdict:
        """Whether the loop goes round."""
        now = self._now()
        if self._alive_at is None:
            waited = now - self._started_at
            return Verdict(waited <= START_SECONDS_MAX, f"starting for {waited:.1f} s")
        age = now - self._alive_at
        return Verdict(age <= LOOP_SECONDS_MAX, f"the loop came round {age:.1f} s ago; at most {LOOP_SECONDS_MAX:g} s")

    def ready(self) -> Verdict:
        """Whether it works on what it owns."""
        if self._is_loading:
            return Verdict(False, "states are being loaded")
        if self._assigned is None:
            return Verdict(False, "no assignment yet")
        live = self.live()
        return live if not live.is_ok else Verdict(True, f"owns {self._assigned} partitions")
