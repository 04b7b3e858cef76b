"""How a process of ours ends when it must not go on.

`os._exit` and not an exception: aiokafka swallows what a listener raises,
Faust acknowledges a record whose agent failed, and a tidy shutdown of either
commits offsets on its way out. A process that is gone at once can do none of
that; the supervisor starts it again.
"""

import json
import os
from enum import StrEnum
from typing import NoReturn

EXIT_SETTINGS = 2
EXIT_CONNECTION = 3
"""No Kafka at the first word; one that goes away later is an infrastructure failure."""

EXIT_INFRASTRUCTURE = 70


class Word(StrEnum):
    """Why a process left: a closed list, the first thing an operator reads."""

    CONNECTION = "connection"
    FENCED = "fenced"
    LANE_MISSING = "lane_missing"
    LANE_SPLIT = "lane_split"
    LISTENER = "listener"
    LOAD_DEADLINE = "load_deadline"
    OFFSET_MISSING = "offset_missing"
    OFFSET_OUTSIDE_LOG = "offset_outside_log"
    OUT_OF_TURN = "out_of_turn"
    PARTITION_COUNT = "partition_count"
    RECORD_LOST = "record_lost"
    REBUILD_REFUSED = "rebuild_refused"
    RULE_BROKEN = "rule_broken"
    SETTINGS = "settings"
    STALLED = "stalled"
    STATE_BROKEN = "state_broken"
    STATE_MISSING = "state_missing"
    STOP_DEADLINE = "stop_deadline"
    UNEXPECTED = "unexpected"


def leave(word: Word, detail: str, *, code: int = EXIT_INFRASTRUCTURE) -> NoReturn:
    """End this process now, with one line on standard error.

    Args:
        word: Why.
        detail: Which thing, what it was, what it must be, what to do.
        code: 70 and 3 ask the supervisor for a new start, 2 for none.
    """
    line = json.dumps(
        {"event": "leaving", "word": word, "detail": detail[:2_000], "exit_code": code, "pid": os.getpid()}
    )
    os.write(2, line.encode() + b"\n")
    os._exit(code)


def word_for(error: BaseException) -> Word:
    """The word for an exception that nothing else explains."""
    name = type(error).__name__
    if "Fenced" in name or name in {"InvalidProducerEpoch", "InvalidProducerIdMapping"}:
        return Word.FENCED
    if name == "StateError":
        return Word.STATE_BROKEN
    if name == "OffsetOutOfRangeError":
        return Word.OFFSET_OUTSIDE_LOG
    if name == "NoOffsetForPartitionError":
        return Word.OFFSET_MISSING
    if isinstance(error, OSError | TimeoutError) or "Connection" in name or "NotAvailable" in name:
        return Word.CONNECTION
    return Word.UNEXPECTED


def leave_for(error: BaseException, doing: str) -> NoReturn:
    """End this process because of an exception that arose while it did something."""
    leave(word_for(error), f"{doing}: {type(error).__name__}: {error}")
