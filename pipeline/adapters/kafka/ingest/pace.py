"""The pace of INGEST: work ends in slices, so that nothing else of the process waits for it.

Most posts take a tenth of a millisecond, the worst that anybody can write some
milliseconds. What was fetched may hold thousands of those; so between slices
the event loop has its turn - heartbeats to Kafka's group, probes, transactions -
and after a step's time what is left waits in hand for the next step, so that a
rebalance is not held up. The wall clock decides only when a slice ends, and no
cut changes what comes out.
"""

import asyncio
import time
from typing import Final

SLICE_SECONDS: Final = 0.05
"""Work after which the loop has its turn: a tenth of the shortest time that anything of ours waits for it."""

STEP_SECONDS: Final = 0.5
"""Work of one step: a rebalance waits for its end, as it waits for a fetch."""

TEXTS_A_SLICE: Final = 10
"""Tickets or posts between two looks at the clock: with 5 ms for each hostile one they are a slice."""

READINGS_A_SLICE: Final = 1_000
"""The same for telemetry, of which each takes some microseconds; a whole number of INGEST's stretches."""


def slice_records(source: str) -> int:
    """Records of a source that may be worked on between two looks at the clock."""
    return READINGS_A_SLICE if source == "telemetry" else TEXTS_A_SLICE


class Pace:
    """Times the work of one step."""

    def __init__(self) -> None:
        self._began = self._turned = time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether what is left must wait for the next step."""
        return time.monotonic() - self._began >= STEP_SECONDS

    async def turn(self) -> None:
        """Let the rest of the process go on if a slice's time is over."""
        if time.monotonic() - self._turned >= SLICE_SECONDS:
            await asyncio.sleep(0)
            self._turned = time.monotonic()
