"""A lane: at most one partition of each source, added up batch by batch.

`take` adds records in the order of the log and stops where the lane would run
too far ahead; `close` hands out the envelopes of what was taken. Between
batches a lane remembers its clocks, and which feeds are steadily late by how much; nothing else.
So any batch cut gives the same sums, and a lane can move to another process with a few numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, cast

import msgspec

from pipeline.ingest.commands import place_command
from pipeline.ingest.complaints import ComplaintSums
from pipeline.ingest.envelopes import Whole, pack
from pipeline.ingest.late.lags import Lags, feed_of
from pipeline.ingest.late.lateness import NEVER, Times, check_time, late_habit
from pipeline.ingest.mentions import add_mention, check_mention
from pipeline.ingest.rules import IngestRules
from pipeline.ingest.telemetry import ReadingGroup, TelemetrySums, are_in_range, note_times
from pipeline.ingest.text.refused import spare_people
from pipeline.ingest.tickets import add_ticket, market_of
from pipeline.records.clocks import INSTANT_MAX_MS, PANE_MS, SOURCES, Instant
from pipeline.records.errors import Reason, RecordError
from pipeline.records.inner.signals import Envelope, LooseReply, OfficialPost
from pipeline.records.published.quarantine import Quarantined
from pipeline.records.raw.commands import Command
from pipeline.records.raw.feeds import FeedCount, FeedCounts, feed_of_record, feed_of_value
from pipeline.records.raw.mentions import Mention
from pipeline.records.raw.record import RawRecord
from pipeline.records.raw.telemetry import Reading
from pipeline.records.raw.tickets import Ticket

UNBOUNDED: Final = 2**62
"""A horizon that nothing reaches."""

STRETCH_RECORDS: Final = 250
"""Readings that are checked together; one that is refused sends so many the careful way, at twice the cost."""

_ALL_READINGS: Final = {Reading}
_ONE_ATTEMPT: Final = {1}


def _time_of_log(timestamp: int) -> int:
    """Event time of what has none of its own: its Kafka timestamp, which a recording may have wrong."""
    if not 0 <= timestamp <= INSTANT_MAX_MS:
        raise RecordError(Reason.BAD_TIME, f"Kafka timestamp {timestamp} ms lies outside the years 1970 to 9998")
    return timestamp


def _time_of_heartbeat(outcome: object, timestamp: int) -> int:
    """Event time of what has no content: a heartbeat's is its Kafka timestamp; a refusal has none and is raised."""
    if isinstance(outcome, RecordError):
        raise outcome
    return _time_of_log(timestamp)


def _time_said(outcome: object) -> str | None:
    """Event time as a record says it; None for what says none."""
    if isinstance(outcome, Reading):
        return outcome.observed_at
    if isinstance(outcome, Ticket):
        return outcome.opened_at
    return outcome.posted_at if isinstance(outcome, Mention) else None


def _append(groups: Sequence[ReadingGroup], readings: Sequence[Reading], values: Sequence[float]) -> None:
    """Add readings to the groups that were found for them."""
    for group, value in zip(groups, values, strict=True):
        group.append(value)
    if {reading.attempts for reading in readings} != _ONE_ATTEMPT:
        for group, reading in zip(groups, readings, strict=True):
            if reading.attempts != 1:
                group.attempts.append((reading.value, reading.attempts))


class LaneBatch(msgspec.Struct, frozen=True):
    """What a batch of a lane says.

    Attributes:
        envelopes: At least one for each partition of `signals`.
        quarantined: What could not be used, in the order of reading.
        used: Records that were used, heartbeats among them.
        feeds: What became of the records of each feed; no heartbeats.
    """

    envelopes: list[Envelope]
    quarantined: list[Quarantined]
    used: int
    feeds: FeedCounts


class Lane:
    """Adds up one lane's records; changes in place.

    Args:
        number: Place in the row of each source's partitions, 0 or more.
        rules: What is known beforehand.
        clocks: Source to clock in ms, as the last batch left them; a source not heard yet is missing.
        habits: Source to what is known of its steadily late feeds, as `habits` gave it; a missing one has none.
    """

    def __init__(
        self,
        number: int,
        rules: IngestRules,
        clocks: Mapping[str, int],
        habits: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.number, self.rules = number, rules
        self.clocks: dict[str, int] = dict(clocks)
        longest_ms = rules.config.steady_lag_ms_max
        self._lags = {source: Lags(habits.get(source, ""), longest_ms) for source in SOURCES}
        self.count = 0
        self._times = Times()
        self._readings = TelemetrySums(rules)
        self._complaints = ComplaintSums(rules)
        self._whole = Whole()
        self._quarantined: list[Quarantined] = []
        self._feeds = FeedCounts()

    @property
    def habits(self) -> dict[str, str]:
        """Source to what is known of its steadily late feeds, as text without a space; they outlive `close`."""
        return {source: lags.text() for source, lags in self._lags.items() if lags}

    def take(self, source: str, records: Sequence[RawRecord], horizon_ms: int | None) -> int:
        """Add records up in order, up to the first that would move the clock past the horizon.

        Args:
            source: Which raw topic they are from.
            records: The records of one partition, in order of offset.
            horizon_ms: Furthest that the clock may go; None is as far as it likes.

        Returns:
            How many were taken, counted from the first.
        """
        outcomes = self.rules.decode(source, records)
        horizon = UNBOUNDED if horizon_ms is None else horizon_ms
        if source == "telemetry":
            taken = self._take_readings(records, outcomes, horizon)
        else:
            taken = self._take_with_care(source, records, outcomes, horizon)
        self.count += taken
        return taken

    def close(self) -> LaneBatch:
        """Hand out what was taken since the last close, and start anew; the clocks stay."""
        self._readings.count_by_feed(self._feeds)
        sums = [*self._readings.partials(), *self._complaints.partials()]
        clocks = {source: Instant(clock) for source, clock in sorted(self.clocks.items())}
        envelopes = pack(sums, self._whole, self.number, clocks, self.rules.config)
        batch = LaneBatch(envelopes, self._quarantined, self.count - len(self._quarantined), self._feeds)
        self._whole, self._quarantined, self.count, self._feeds = Whole(), [], 0, FeedCounts()
        return batch

    def _take_readings(self, records: Sequence[RawRecord], outcomes: Sequence[object], horizon: int) -> int:
        """Take a stretch at a time: at once if all of it is usable, else record by record."""
        for start in range(0, len(records), STRETCH_RECORDS):
            some, decoded = records[start : start + STRETCH_RECORDS], outcomes[start : start + STRETCH_RECORDS]
            if not self._take_usable(some, decoded, horizon):
                taken = self._take_with_care("telemetry", some, decoded, horizon)
                if taken < len(some):
                    return start + taken
        return len(records)

    def _take_usable(self, records: Sequence[RawRecord], outcomes: Sequence[object], horizon: int) -> bool:
        """Take readings of which none is to be refused, or take nothing and say so.

        The loops that most records go through; each step in them is paid a hundred
        thousand times a second. So what `_take_with_care` asks of each record is
        asked of the extremes of all, at the price of a false no now and then.
        """
        if not self._are_plain(outcomes):
            return False
        readings = cast("Sequence[Reading]", outcomes)
        times, groups, open_group = self._times, self._readings.groups, self._readings.open
        timestamps = [record.timestamp for record in records]
        values = [reading.value for reading in readings]
        try:
            ats = [times[reading.observed_at] for reading in readings]
            clock = self._clock_past(ats, timestamps, horizon)
            if clock is None:
                return False
            found = [
                groups.get(
                    address := (at // PANE_MS, r.operator, r.area, r.element, r.service, r.item, r.metric, r.unit)
                )
                or open_group(r, address)
                for r, at in zip(readings, ats, strict=True)
            ]
        except RecordError:
            return False
        if not are_in_range(found, values):
            return False
        _append(found, readings, values)
        if self._readings.has_counters:
            note_times(found, ats)
        self.clocks["telemetry"] = clock
        return True

    def _are_plain(self, outcomes: Sequence[object]) -> bool:
        """Whether all are readings whose own times count: of no slow feed, and of none that is steadily late."""
        config, lags = self.rules.config, self._lags["telemetry"]
        if set(map(type, outcomes)) != _ALL_READINGS or config.slow_vendors or "telemetry" in config.slow_sources:
            return False
        return not lags or not any(feed_of(reading) in lags for reading in outcomes)

    def _clock_past(self, ats: list[int], timestamps: list[int], horizon: int) -> int | None:
        """The clock of telemetry after these times; None if one of them might be late, ahead, stale or too far."""
        config = self.rules.config
        earliest, latest, first, last = min(ats), max(ats), min(timestamps), max(timestamps)
        newest = latest if latest <= first else max(map(min, ats, timestamps))
        clock = max(newest - config.lateness_ms["telemetry"], self.clocks.get("telemetry", 0))
        usable = clock <= min(earliest, horizon) and latest - first <= config.future_ms_max
        return clock if usable and last - earliest <= config.stale_ms_max else None

    def _take_with_care(
        self, source: str, records: Sequence[RawRecord], outcomes: Sequence[object], horizon: int
    ) -> int:
        """Take one by one, refuse what must be, and stop before the first past the horizon; returns how many."""
        lateness, lags = self.rules.config.lateness_ms[source], self._lags[source]
        clock = self.clocks.get(source, NEVER)
        taken = len(records)
        for index, (record, outcome) in enumerate(zip(records, outcomes, strict=True)):
            try:
                own, at = self._times_of(source, outcome, record, clock)
                reached = max(min(at, record.timestamp) - lateness, 0)
                if reached > horizon:
                    taken = index
                    break
                self._use(source, outcome, at)
                clock = max(clock, reached)
                if lags:
                    lags.taken(feed_of(outcome), record.timestamp, punctual=at == own)
            except RecordError as error:
                self._refuse(source, record, outcome, self._with_habit(error, source, outcome, record))
        if clock != NEVER:
            self.clocks[source] = clock
        return taken

    def _use(self, source: str, outcome: object, at: int) -> None:
        """Add a record up; a heartbeat adds nothing."""
        if add := self._add.get(type(outcome)):
            add(self, outcome, at)
            if source != "telemetry":  # whose readings are counted with their series
                self._feeds.of(feed_of_record(source, outcome)).used += 1

    def _times_of(self, source: str, outcome: object, record: RawRecord, clock: int) -> tuple[int, int]:
        """Event time of a record that can be used, as it is meant and where it counts.

        Raises:
            RecordError: If the record's time cannot be used.
        """
        if isinstance(outcome, Command):
            at = max(_time_of_log(record.timestamp), clock)
            return at, at
        text = _time_said(outcome)
        if text is None:
            at = _time_of_heartbeat(outcome, record.timestamp)
            return at, at
        config, lags = self.rules.config, self._lags[source]
        own = at = _time_of_log(record.timestamp) if self._is_slow(source, outcome) else self._times[text]
        if own < clock and lags:
            at = lags.moved(feed_of(outcome), own, record.timestamp)
        check_time(at, record.timestamp, clock, config)
        return own, at

    def _with_habit(self, error: RecordError, source: str, outcome: object, record: RawRecord) -> RecordError:
        """A refusal; one for being late says what its feed's habit is, and may be what makes it one."""
        text = _time_said(outcome)
        if error.reason is not Reason.LATE or text is None or not self._is_known(outcome):
            return error
        if self._is_slow(source, outcome):  # its own time is not used, so nobody has checked that it is one
            return error
        own, names = self._times[text], feed_of(outcome)
        learnt = self._lags[source].late(names, own, record.timestamp)
        if learnt:
            count = self._feeds.of(feed_of_record(source, outcome))
            count.moved_ms = max(count.moved_ms, learnt)
        return late_habit(error, names[0], (record.timestamp - own, learnt), source, self.rules.config)

    def _is_slow(self, source: str, outcome: object) -> bool:
        """Whether a record counts when the log had it, since its source or vendor is known to send late."""
        config = self.rules.config
        return source in config.slow_sources or (isinstance(outcome, Reading) and outcome.vendor in config.slow_vendors)

    def _is_known(self, outcome: object) -> bool:
        """Whether a record's operator is one of the reference's: names that nobody knows are not remembered."""
        operator = getattr(outcome, "operator", None)
        return operator is None or operator in self.rules.market_of

    def _add_reading(self, reading: Reading, at: int) -> None:
        self._readings.add(reading, at)

    def _add_ticket(self, ticket: Ticket, at: int) -> None:
        market = market_of(ticket, self.rules)
        if claim := add_ticket(ticket, at, market, self.rules, self._complaints):
            self._whole.claims.append(claim)

    def _add_mention(self, mention: Mention, at: int) -> None:
        check_mention(mention, self.rules)
        for whole in add_mention(mention, at, self.rules, self._complaints):
            if isinstance(whole, OfficialPost):
                self._whole.officials.append((self.rules.market_of[whole.operator], whole))
            elif isinstance(whole, LooseReply):
                self._whole.replies.append(whole)
            else:
                self._whole.claims.append(whole)

    def _add_command(self, command: Command, at: int) -> None:
        self._whole.commands.append(place_command(command, at, self.rules, self._times))

    _add: Final[dict[type, Callable[..., None]]] = {
        Reading: _add_reading,
        Ticket: _add_ticket,
        Mention: _add_mention,
        Command: _add_command,
    }

    def _refuse(self, source: str, record: RawRecord, outcome: object, error: RecordError) -> None:
        refused = Quarantined(
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
        spared = spare_people(refused, self.rules.config.quarantine, self.rules)
        self._quarantined.append(spared)
        unread = isinstance(outcome, RecordError)
        feed = feed_of_value(source, spared.value) if unread else feed_of_record(source, outcome)
        self._feeds.of(feed).add(FeedCount(refused={error.reason: 1}, said={error.reason: spared.message}))
