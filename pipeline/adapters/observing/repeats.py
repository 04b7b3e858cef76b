"""Keeps a library from saying the same thing a thousand times: aiokafka does while Kafka is away.

A filter of the standard library's logging, for handlers. What we log ourselves
always passes; of what others log, the same words from the same place pass
once in ten seconds.
"""

import logging
import time
from collections.abc import Callable
from typing import Final

OURS: Final = "tocsin"
REPEAT_SECONDS: Final = 10.0
KNOWN_MAX: Final = 1_000
"""Different words remembered; then all are forgotten."""


class OncePerWhile(logging.Filter):
    """Lets a record pass if its like did not just pass.

    Args:
        now: A clock in seconds that never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._passed: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is to be written."""
        if record.name.partition(".")[0] == OURS:
            return True
        like, now = (record.name, str(record.msg)), self._now()
        last = self._passed.get(like)
        if last is not None and now - last < REPEAT_SECONDS:
            return False
        if len(self._passed) >= KNOWN_MAX:
            self._passed.clear()
        self._passed[like] = now
        return True
