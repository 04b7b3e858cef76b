"""What is late, what is from the future, what is stale: decided here, once, from the log alone.

The clock of a raw partition is the greatest min(event time, Kafka timestamp)
of the records used so far, less its source's lateness. A record is late if
its event time is before the clock as it stood when the record's turn came. So
no batch cut, crash or speed changes a verdict. Of a feed that is steadily late the time is
moved before it is judged (`lags.py`). Refused records move no clock: a
collector a day ahead or a mad probe says nothing about time.
"""

from pipeline.ingest.config import IngestConfig
from pipeline.records.clocks import MINUTE_MS, format_instant, parse_instant
from pipeline.records.errors import Reason, RecordError

NEVER = -(2**62)
"""A clock that was not heard yet."""

_TIMES_MAX = 20_000
"""Times remembered as text, 4 MB a lane: many records share a time, and within lateness there are few."""


class Times(dict[str, int]):
    """Event times from text, with a memory: parsing costs ten times a look-up.

    >>> Times()["2025-02-12T08:00:00Z"]
    1739347200000
    """

    __slots__ = ()

    def __missing__(self, text: str) -> int:
        """Milliseconds of an RFC 3339 text that is not remembered.

        Raises:
            RecordError: Reason `bad_time`, if the text is no time.
        """
        at = parse_instant(text)
        if len(self) >= _TIMES_MAX:
            self.clear()
        self[text] = at
        return at


def check_time(at: int, timestamp: int, clock: int, config: IngestConfig) -> None:
    """Refuse a record whose time cannot be used.

    Args:
        at: Event time, ms.
        timestamp: Kafka timestamp, ms.
        clock: The partition's clock before this record, ms.
        config: Settings with the limits.

    Raises:
        RecordError: `future_timestamp`, `stale` or `late`, looked for in this order.
    """
    if at - timestamp > config.future_ms_max:
        words = f"event time {format_instant(at)} is {at - timestamp} ms ahead of Kafka's: check the sender's clock"
        raise RecordError(Reason.FUTURE_TIMESTAMP, words)
    if timestamp - at > config.stale_ms_max:
        words = f"event time {format_instant(at)} is {timestamp - at} ms behind Kafka's: import history as a recording"
        raise RecordError(Reason.STALE, words)
    if at < clock:
        words = f"event time {format_instant(at)} is {clock - at} ms behind the clock"
        raise RecordError(Reason.LATE, words)


def late_habit(
    error: RecordError, feed: str, behind: tuple[int, int], source: str, config: IngestConfig
) -> RecordError:
    """Say of a late record what is known of its feed's habit, and what to do about it.

    Args:
        error: The refusal.
        feed: Name of its feed.
        behind: By how much its event time is behind Kafka's, and by how much the feed's records are moved from
            now on (0 = not), in ms.
        source: Which raw topic it is of.
        config: Settings with the limits.

    Returns:
        The refusal, with words of its feed.
    """
    lag_ms, learnt_ms = behind
    words = f"{error.message}; {source} {feed!r} came {lag_ms} ms after its time"
    if learnt_ms:
        words = f"{words}, steadily: from here on its times are moved by {learnt_ms} ms"
    elif lag_ms > config.steady_lag_ms_max:
        words = (
            f"{words}, more than ingest.steady_lag_ms_max = {config.steady_lag_ms_max} covers:"
            f" set it to {-(-lag_ms // MINUTE_MS) * MINUTE_MS} if that is usual"
        )
    return RecordError(error.reason, words)
