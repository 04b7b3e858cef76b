"""A lane: one partition number of all raw topics, added up batch by batch.

`take` adds records in the order of the log and stops where the lane would run
too far ahead; `close` hands out the envelopes of what was taken. Between
batches a lane remembers its clocks and nothing else, so any batch cut gives
the same sums, and a lane can move to another process with a few numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from pipeline.ingest.commands import place_command
from pipeline.ingest.complaints import ComplaintSums
from pipeline.ingest.envelopes import Whole, pack
from pipeline.ingest.lateness import NEVER, Times, check_time
from pipeline.ingest.mentions import add_mention, check_mention
from pipeline.ingest.rules import IngestRules
from pipeline.ingest.telemetry import TelemetrySums
from pipeline.ingest.tickets import add_ticket, market_of
from pipeline.records.clocks import PANE_MS, Instant
from pipeline.records.commands import Command
from pipeline.records.errors import RecordError
from pipeline.records.mentions import Mention
from pipeline.records.quarantine import Quarantined
from pipeline.records.raw import RawRecord
from pipeline.records.signals import EmergencyClaim, Envelope, OfficialPost
from pipeline.records.telemetry import Reading
from pipeline.records.tickets import Ticket

UNBOUNDED: Final = 2**62
"""A horizon that nothing reaches."""


def _time_of_heartbeat(outcome: object, timestamp: int) -> int:
    """Event time of what has no content: a heartbeat's is its Kafka timestamp; a refusal has none and is raised."""
    if isinstance(outcome, RecordError):
        raise outcome
    return timestamp


class LaneBatch(msgspec.Struct, frozen=True):
    """What a batch of a lane says.

    Attributes:
        envelopes: At least one for each partition of `signals`.
        quarantined: What could not be used, in the order of reading.
        used: Records that were used, heartbeats among them.
    """

    envelopes: list[Envelope]
    quarantined: list[Quarantined]
    used: int


class Lane:
    """Adds up one lane's records; changes in place.

    Args:
        number: Partition number, 0 or more.
        rules: What is known beforehand.
        clocks: Source to clock in ms, as the last batch left them; a source not heard yet is missing.
    """

    def __init__(self, number: int, rules: IngestRules, clocks: Mapping[str, int]) -> None:
        self.number, self.rules = number, rules
        self.clocks: dict[str, int] = dict(clocks)
        self.count = 0
        self._times = Times()
        self._readings = TelemetrySums(rules)
        self._complaints = ComplaintSums(rules)
        self._whole = Whole()
        self._quarantined: list[Quarantined] = []

    def take(self, source: str, records: Sequence[RawRecord], horizon_ms: int | None) -> int:
        """Add records up in order, up to the first that would move the clock past the horizon.

        Args:
            source: Which raw topic they are from.
            records: Of one partition, in order.
            horizon_ms: Furthest that the clock may go; None is as far as it likes.

        Returns:
            How many were taken, counted from the first.
        """
        outcomes = self.rules.decode(source, records)
        horizon = UNBOUNDED if horizon_ms is None else horizon_ms
        if source == "telemetry":
            taken = self._take_readings(records, outcomes, horizon)
        else:
            taken = self._take_others(source, records, outcomes, horizon)
        self.count += taken
        return taken

    def close(self) -> LaneBatch:
        """Hand out what was taken since the last close, and start anew; the clocks stay."""
        sums = [*self._readings.partials(), *self._complaints.partials()]
        clocks = {source: Instant(clock) for source, clock in sorted(self.clocks.items())}
        envelopes = pack(sums, self._whole, self.number, clocks, self.rules.config)
        batch = LaneBatch(envelopes, self._quarantined, self.count - len(self._quarantined))
        self._whole, self._quarantined, self.count = Whole(), [], 0
        return batch

    def _take_readings(  # noqa: C901 - calls cost more than branches here
        self, records: Sequence[RawRecord], outcomes: Sequence[object], horizon: int
    ) -> int:
        """The loop that most records go through; each step here is paid a hundred thousand times a second."""
        config = self.rules.config
        lateness, future, stale = config.lateness_ms["telemetry"], config.future_ms_max, config.stale_ms_max
        slots, times, open_slot = self._readings.slots, self._times, self._readings.open
        slow = None if "telemetry" in config.slow_sources else config.slow_vendors
        clock = self.clocks.get("telemetry", NEVER)
        taken = len(records)
        for index, reading in enumerate(outcomes):
            record = records[index]
            timestamp = record.timestamp
            try:
                if type(reading) is not Reading:
                    at = _time_of_heartbeat(reading, timestamp)
                else:
                    at = timestamp if slow is None or reading.vendor in slow else times[reading.observed_at]
                    if at < clock or not -future <= timestamp - at <= stale:
                        check_time(at, timestamp, clock, config)
                reached = (at if at < timestamp else timestamp) - lateness
                if reached > horizon:
                    taken = index
                    break
                if type(reading) is Reading:
                    address = (
                        at // PANE_MS,
                        reading.operator,
                        reading.area,
                        reading.element,
                        reading.service,
                        reading.item,
                        reading.metric,
                        reading.unit,
                    )
                    slot = slots.get(address) or open_slot(reading, address)
                    value = reading.value
                    if not -slot.limit <= value <= slot.limit:
                        slot.refuse(value)
                    slot.append(value)
                    if reading.attempts != 1:
                        slot.attempts.append((value, reading.attempts))
                if reached > clock:
                    clock = reached
            except RecordError as error:
                self._refuse(record, error)
        self._set_clock("telemetry", clock)
        return taken

    def _take_others(self, source: str, records: Sequence[RawRecord], outcomes: Sequence[object], horizon: int) -> int:
        lateness = self.rules.config.lateness_ms[source]
        clock = self.clocks.get(source, NEVER)
        taken = len(records)
        for index, (record, outcome) in enumerate(zip(records, outcomes, strict=True)):
            try:
                at = self._time_of(source, outcome, record, clock)
                reached = min(at, record.timestamp) - lateness
                if reached > horizon:
                    taken = index
                    break
                if add := self._add.get(type(outcome)):
                    add(self, outcome, at)
                clock = max(clock, reached)
            except RecordError as error:
                self._refuse(record, error)
        self._set_clock(source, clock)
        return taken

    def _set_clock(self, source: str, clock: int) -> None:
        if clock != NEVER:
            self.clocks[source] = clock

    def _time_of(self, source: str, outcome: object, record: RawRecord, clock: int) -> int:
        """Event time of a record, if it can be used.

        Raises:
            RecordError: Of its time.
        """
        if isinstance(outcome, Command):
            return max(record.timestamp, clock)
        if not isinstance(outcome, (Ticket, Mention)):
            return _time_of_heartbeat(outcome, record.timestamp)
        if source in self.rules.config.slow_sources:
            at = record.timestamp
        else:
            at = self._times[outcome.opened_at if isinstance(outcome, Ticket) else outcome.posted_at]
        check_time(at, record.timestamp, clock, self.rules.config)
        return at

    def _add_ticket(self, ticket: Ticket, at: int) -> None:
        market = market_of(ticket, self.rules)
        if claim := add_ticket(ticket, at, market, self.rules, self._complaints):
            self._whole.claims.append(claim)

    def _add_mention(self, mention: Mention, at: int) -> None:
        check_mention(mention, self.rules)
        for whole in add_mention(mention, at, self.rules, self._complaints):
            if isinstance(whole, OfficialPost):
                self._whole.officials.append((self.rules.market_of[whole.operator], whole))
            elif isinstance(whole, EmergencyClaim):
                self._whole.claims.append(whole)

    def _add_command(self, command: Command, at: int) -> None:
        self._whole.commands.append(place_command(command, at, self.rules, self._times))

    _add: Final[dict[type, Callable[..., None]]] = {Ticket: _add_ticket, Mention: _add_mention, Command: _add_command}

    def _refuse(self, record: RawRecord, error: RecordError) -> None:
        self._quarantined.append(
            Quarantined(
                reason=error.reason,
                stage="ingest",
                message=error.message,
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                timestamp=record.timestamp,
                key=record.key,
                value=record.value,
                headers=tuple((name, value) for name, value in record.headers),
            )
        )
