"""Feeds: one operator's part of a source, by metric, intake or platform; and what became of its records.

A refused record is in quarantine with its reason, but a line a record tells nobody that
a whole feed is not heard. So what is used and what is refused is counted by
feed, and whoever shows a result shows it beside.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from pipeline.records.raw.commands import Command
from pipeline.records.raw.mentions import Mention
from pipeline.records.raw.telemetry import Reading
from pipeline.records.raw.tickets import Ticket

FEEDS_MAX: Final = 2_000
"""Feeds counted by name; the records of all others are counted together, under their source."""

_LOOKED_INTO_BYTES_MAX: Final = 65_536
"""A refused record beyond it is not searched for names; the longest honest one is half as long."""

_PREFIX_BYTES: Final = 5
"""A schema registry's: a zero byte and the id of a schema."""

_KINDS: Final = {"telemetry": "metric", "tickets": "intake", "mentions": "platform", "commands": "kind"}
"""The field that tells a source's feeds of one operator apart."""

_NAME_CHARS_MAX: Final = 64


class FeedName(NamedTuple):
    """One operator's part of a source.

    Attributes:
        source: The raw topic.
        operator: Id of the operator, as its records say it; empty if they do not.
        kind: Metric, intake, platform, or kind of command; empty if it is not known.
    """

    source: str
    operator: str = ""
    kind: str = ""

    def __str__(self) -> str:
        """As people read it.

        >>> str(FeedName("telemetry", "sfr", "latency_ms"))
        'telemetry sfr latency_ms'
        """
        return " ".join(part for part in self if part)


class FeedCount(msgspec.Struct):
    """What became of a feed's records.

    Attributes:
        used: Records that count for something.
        refused: Reason to how many were refused for it.
        said: Reason to one of its messages: the first in alphabetical order, so that no order of work matters.
        moved_ms: By how much its times are moved, as it is steadily late; 0 = not.
        unit: Unit from which the meaning of a metric was guessed, as the reference does not describe it; else empty.
    """

    used: int = 0
    refused: dict[str, int] = {}
    said: dict[str, str] = {}
    moved_ms: int = 0
    unit: str = ""

    def add(self, other: "FeedCount") -> None:
        """Add what another part of the log says of the same feed."""
        self.used += other.used
        for reason, count in other.refused.items():
            self.refused[reason] = self.refused.get(reason, 0) + count
        for reason, words in other.said.items():
            self.said[reason] = min(words, self.said.get(reason, words))
        self.moved_ms = max(self.moved_ms, other.moved_ms)
        self.unit = self.unit or other.unit


class FeedCounts(dict[FeedName, FeedCount]):
    """Counts by feed, of which there is a bounded number."""

    __slots__ = ()

    def of(self, feed: FeedName) -> FeedCount:
        """The count of a feed; of its source, if there are too many."""
        count = self.get(feed)
        if count is None:
            feed = feed if len(self) < FEEDS_MAX else FeedName(feed.source)
            count = self.setdefault(feed, FeedCount())
        return count

    def merge(self, others: Mapping[FeedName, FeedCount]) -> None:
        """Add the counts of another part of the log."""
        for feed, count in sorted(others.items()):
            self.of(feed).add(count)


def feed_of_record(source: str, record: object) -> FeedName:
    """The feed that a record is of.

    Args:
        source: The raw topic.
        record: Its type, or anything else for a record that could not be read.
    """
    if isinstance(record, Reading):
        return FeedName(source, record.operator, record.metric)
    if isinstance(record, Ticket):
        return FeedName(source, record.operator, record.intake)
    if isinstance(record, Mention):
        return FeedName(source, record.operator or "", record.platform)
    return FeedName(source, "", record.kind) if isinstance(record, Command) else FeedName(source)


def feed_of_value(source: str, value: bytes | None) -> FeedName:
    """The feed of a record that could not be read, as far as its bytes tell.

    >>> feed_of_value("telemetry", b'{"operator": "sfr", "metric": "latency_ms", "value": "high"}')
    FeedName(source='telemetry', operator='sfr', kind='latency_ms')
    >>> feed_of_value("tickets", b"not JSON")
    FeedName(source='tickets', operator='', kind='')
    """
    if not value or len(value) > _LOOKED_INTO_BYTES_MAX:
        return FeedName(source)
    try:
        said = json.loads(value[_PREFIX_BYTES:] if value[0] == 0 else value)
    except (ValueError, RecursionError):
        return FeedName(source)
    if isinstance(said, dict) and "specversion" in said:
        said = said.get("data")
    if not isinstance(said, dict):
        return FeedName(source)
    return FeedName(source, _name(said.get("operator")), _name(said.get(_KINDS.get(source, ""))))


def counted(refusals: Iterable[tuple[FeedName, str, str]]) -> FeedCounts:
    """Counts of refusals alone: feed, reason and message of each."""
    counts = FeedCounts()
    for feed, reason, words in refusals:
        counts.of(feed).add(FeedCount(refused={reason: 1}, said={reason: words}))
    return counts


def _name(said: Any) -> str:
    return said[:_NAME_CHARS_MAX] if isinstance(said, str) and said.isprintable() else ""
