"""A run's folder: what a replay published, in files that sort and diff.

One line a record: key, headers, value. What may differ between two runs of the
same recording - origin, time of recording, tracing - is left out, so two runs
agree if their files do.
"""

import base64
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import msgspec

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.wire import decoder, encode
from pipeline.adapters.runs.locking import made
from pipeline.flow import QUARANTINE, RESULT_NOUNS, RESULTS
from pipeline.kinds import Order

VARYING: Final = frozenset(
    {
        "origin",
        "ce_recordedtime",
        "ce_traceparent",
        "traceparent",
        "tocsin.errors.topic",
        "tocsin.errors.partition",
        "tocsin.errors.offset",
        "tocsin.errors.timestamp",
    }
)
"""Headers that tell where and when a record was written, not what it says."""

_ORDERED: Final = frozenset(topic.noun for topic in RESULTS if topic.order is Order.HISTORY)
"""Topics whose order within a key is part of the result; the others are sorted sets."""


def truth_beside(recording: Path) -> Path:
    """Where a simulated recording's truth lies, if there is one.

    >>> truth_beside(Path("may.000.jsonl.zst")).name
    'may.truth.json'
    """
    name = recording.name.removesuffix(".jsonl.zst")
    base, _, part = name.rpartition(".")
    return recording.with_name(f"{base if base and part.isdigit() else name}.truth.json")


def _text(value: bytes | None) -> str | None:
    """A header's value; Kafka allows one to be null, and senders make use of it."""
    return None if value is None else value.decode("utf-8", "replace")


def line_of(message: Message) -> bytes:
    """One line of JSON for a message: the same content, the same bytes."""
    headers = [[name, _text(value)] for name, value in message.headers if name not in VARYING]
    if message.topic == QUARANTINE.noun:
        value: object = None if message.value is None else base64.b64encode(message.value).decode()
        key: object = None if message.key is None else base64.b64encode(message.key).decode()
    else:
        value, key = msgspec.Raw(message.value or b"null"), (message.key or b"").decode()
    return encode({"key": key, "headers": headers, "value": value})


def canonical(topic: str, messages: Iterable[Message]) -> list[bytes]:
    """Lines of a topic in an order that does not depend on how the run was cut.

    Args:
        topic: One of `pipeline.flow.RESULT_NOUNS`.
        messages: In the order in which they were read.

    Returns:
        By key, and within a key as written, for records that carry a history;
        sorted for the others.
    """
    if topic in _ORDERED:
        return [line_of(message) for message in sorted(messages, key=lambda message: message.key or b"")]
    return sorted(map(line_of, messages))


class RunFolder:
    """Writes results as they come; closing it leaves the files in canonical order.

    Args:
        path: Made if it does not exist; files of an earlier run are replaced.

    Raises:
        ConfigError: If it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = made(path)
        self.counts = dict.fromkeys(RESULT_NOUNS, 0)
        self._files: dict[str, BinaryIO] = {topic: (path / f"{topic}.jsonl").open("wb") for topic in RESULT_NOUNS}

    def write(self, message: Message) -> None:
        """Append a record to its topic's file."""
        self.counts[message.topic] += 1
        self._files[message.topic].write(line_of(message) + b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for topic, file in self._files.items():
            file.close()
            _put_in_order(self.path / f"{topic}.jsonl", topic)


class _Keyed(msgspec.Struct):
    key: str | None


def _put_in_order(path: Path, topic: str) -> None:
    """Sort a file of lines: by key for histories, whole otherwise. Results are few: they fit in memory."""
    lines = path.read_bytes().splitlines()
    if topic in _ORDERED:
        key_of = decoder(_Keyed).decode
        lines.sort(key=lambda line: key_of(line).key or "")
    else:
        lines.sort()
    path.write_bytes(b"".join(line + b"\n" for line in lines))
