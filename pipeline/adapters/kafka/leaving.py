"""How a process of ours ends when it must not go on.

`os._exit` and not an exception: aiokafka swallows what a listener raises,
Faust acknowledges a record whose agent failed, and a tidy shutdown of either
commits offsets on its way out. A process that is gone at once can do none of
that; the supervisor starts it again.
"""

import json
import os
import threading
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NoReturn

EXIT_SETTINGS = 2
EXIT_CONNECTION = 3
"""No Kafka at the first word; one that goes away later is an infrastructure failure."""

EXIT_INFRASTRUCTURE = 70

DETAIL_CHARS_MAX = 3_500
"""All missing rights of a stage fit, and a pipe takes the line in one piece (4,096 bytes)."""


class Word(StrEnum):
    """Why a process left: a closed list, the first thing an operator reads."""

    CONNECTION = "connection"
    FENCED = "fenced"
    LANE_MISSING = "lane_missing"
    LANE_SPLIT = "lane_split"
    LISTENER = "listener"
    LOGIN = "login"
    LOAD_DEADLINE = "load_deadline"
    OFFSET_MISSING = "offset_missing"
    OFFSET_OUTSIDE_LOG = "offset_outside_log"
    OUT_OF_TURN = "out_of_turn"
    PARTITIONS_CHANGED = "partitions_changed"
    RECORD_LOST = "record_lost"
    REBUILD_REFUSED = "rebuild_refused"
    RIGHTS = "rights"
    SETTINGS = "settings"
    STALLED = "stalled"
    STATE_BROKEN = "state_broken"
    STATE_MISSING = "state_missing"
    STOP_DEADLINE = "stop_deadline"
    UNEXPECTED = "unexpected"


GAP_FIX = "`tocsin offsets show` says what was lost, `tocsin offsets skip-lost` goes on, with the gap on `decisions`"

_PERMANENT: Mapping[Word, str] = {
    Word.LOGIN: "correct how Tocsin logs in, then start again",
    Word.RIGHTS: "`tocsin topics acl` prints the rights that each stage needs",
    Word.OFFSET_OUTSIDE_LOG: GAP_FIX,
    Word.STATE_BROKEN: "update Tocsin if the state is a newer one's; else make it again from the log with --rebuild",
    Word.SETTINGS: "correct the settings of Tocsin or of Kafka, then start again",
}
"""What the next start would meet, too, and what mends it. Whoever restarts processes must stop at these."""

_REFUSED: Mapping[str, str] = {
    "MessageSizeTooLargeError": "raise max.message.bytes of the topic",
    "RecordListTooLargeError": "raise max.message.bytes of the topic",
    "InvalidSessionTimeoutError": "kafka.session_seconds is outside of what the broker allows for a group",
    "InvalidTransactionTimeout": "raise the broker's transaction.max.timeout.ms to half of kafka.session_seconds",
    "InconsistentGroupProtocolError": "another program is in this consumer group: give Tocsin another kafka.prefix",
    "UnsupportedVersionError": "the broker is too old or too new for this program",
    "IncompatibleBrokerVersion": "the broker is too old or too new for this program",
    "UnsupportedForMessageFormatError": "the broker keeps an old message format, which knows no transactions",
    "InvalidTopicError": "kafka.prefix makes a name that Kafka does not allow",
    "RecordTooLargeError": "a record is larger than a fetch takes: lower max.message.bytes of the topic",
    "PolicyViolationError": "a policy of the cluster forbids it: ask who runs Kafka",
    "UnsupportedCodecError": "this installation cannot unpack that codec: install the package cramjam",
    "OffsetMetadataTooLargeError": "raise the broker's offset.metadata.max.bytes",
}
"""Errors of Kafka that say no for good, by their names in aiokafka."""

_what_is_missing: list[Callable[[], str]] = []
"""Asks Kafka once more which rights are missing; set by the process that runs a stage."""


_note: list[Callable[[Word], None]] = []
"""Is told the word before the process is gone; set by the process that runs a stage."""

_telling = threading.Lock()


def explain_with(what_is_missing: Callable[[], str]) -> None:
    """Let `leave_for` ask which rights are missing, for the errors of Kafka rarely say it.

    Args:
        what_is_missing: Answers with lines for an operator, or nothing.
    """
    _what_is_missing[:] = [what_is_missing]


def remember_with(note: Callable[[Word], None]) -> None:
    """Let somebody note the word with which this process leaves.

    Args:
        note: Takes the word; must neither raise nor wait.
    """
    _note[:] = [note]


def leave(word: Word, detail: str, *, code: int = EXIT_INFRASTRUCTURE) -> NoReturn:
    """End this process now, with one line on standard error.

    Args:
        word: Reason in one word.
        detail: Which thing, what it was, what it must be, what to do.
        code: 70 and 3 ask the supervisor for a new start, 2 for none.
    """
    line = json.dumps(
        {"event": "leaving", "word": word, "detail": detail[:DETAIL_CHARS_MAX], "exit_code": code, "pid": os.getpid()}
    )
    os.write(2, line.encode() + b"\n")
    for note in _note:
        note(word)
    os._exit(code)


def word_for(error: BaseException) -> Word:
    """The word for an exception that nothing else explains."""
    name = type(error).__name__
    if "Fenced" in name or name in {"InvalidProducerEpoch", "InvalidProducerIdMapping"}:
        return Word.FENCED
    if "Authorization" in name:
        return Word.RIGHTS
    if "Authentication" in name or "Sasl" in name:
        return Word.LOGIN
    if name in _REFUSED:
        return Word.SETTINGS
    if isinstance(error, OSError | TimeoutError) or "Connection" in name or "NotAvailable" in name:
        return Word.CONNECTION
    return _OURS.get(name, Word.UNEXPECTED)


_OURS = {
    "StateError": Word.STATE_BROKEN,
    "OffsetOutOfRangeError": Word.OFFSET_OUTSIDE_LOG,
    "NoOffsetForPartitionError": Word.OFFSET_MISSING,
}


def leave_for(error: BaseException, doing: str, *, unexpected: Word = Word.UNEXPECTED) -> NoReturn:
    """End this process because of an exception that arose while it did something.

    The code is 2 if the next start would meet the same, else 70.

    Args:
        error: What arose.
        doing: The stage and what it did, for the message.
        unexpected: The word for an exception that is not known.
    """
    word = word_for(error)
    detail = ": ".join([doing, type(error).__name__, str(error), *getattr(error, "__notes__", ())])
    may_lack_rights = word in (Word.RIGHTS, Word.LOGIN) or (word is Word.UNEXPECTED and _is_of_kafka(error))
    if may_lack_rights and _what_is_missing:
        _telling.acquire()  # never given back: the threads of a process may all be refused at once, one tells it
        if told := _what_is_missing[0]():
            leave(Word.RIGHTS if word is Word.UNEXPECTED else word, f"{doing}: {told}", code=EXIT_SETTINGS)
    if word in _PERMANENT:
        fix = _REFUSED.get(type(error).__name__, _PERMANENT[word])
        leave(word, f"{detail}: {fix}", code=EXIT_SETTINGS)
    leave(unexpected if word is Word.UNEXPECTED else word, detail)


def _is_of_kafka(error: BaseException) -> bool:
    """Whether Kafka said it: a transaction that lost a right ends with an error of transactions, not of rights."""
    return any(kind.__name__ == "KafkaError" for kind in type(error).__mro__)
