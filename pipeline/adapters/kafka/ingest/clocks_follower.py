"""How far ahead may a lane run? No further than five minutes before the least clock.

A lane that is far ahead makes DETECT hold panes open that nothing will close
for long. So each process of INGEST knows the clocks of its own lanes, follows
one partition of `signals` for those of the others, and lets a lane that is
too far ahead wait.

Nobody may wait for ever: the lane that is behind all others - or was never
heard - always moves, by as much as the horizon past the Kafka timestamp of its
next record. An hour in which nothing was recorded is thus crossed by the
slowest lane first, and the others follow.
"""

import asyncio
from collections.abc import Iterable, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

from pipeline.adapters.kafka.options import Connection
from pipeline.adapters.observing.observer import Observer
from pipeline.adapters.stages.contracts import IngestStage
from pipeline.flow import SIGNALS
from pipeline.records.errors import Reason, RecordError, refuse
from pipeline.records.raw.record import RawRecord

FOLLOWED = 0
"""Every partition of `signals` carries all clocks; this one is followed."""


class Horizon:
    """The clocks of all lanes as far as this process knows them, and what follows.

    What it knows of other processes may be old, never too new: it may let a
    lane wait longer than needed, never run further than allowed.

    Args:
        sources: The raw topics, as nouns.
        lanes: Their number.
        span_ms: How far ahead of the least clock a lane may be; None lets all run.
        absent: Sources and lanes that have no partition, with the clock that stands for them.
    """

    def __init__(
        self,
        sources: Iterable[str],
        lanes: int,
        span_ms: int | None,
        absent: Mapping[tuple[str, int], int] | None = None,
    ) -> None:
        self._clocks: dict[tuple[str, int], int] = dict(absent or {})
        self._unheard = {(source, lane) for source in sources for lane in range(lanes)} - self._clocks.keys()
        self._anchor: int | None = None
        self._span_ms = span_ms

    def require_known(self, lane: int, clocks: Mapping[str, int]) -> None:
        """Refuse clocks of a lane or source that does not exist: they would stand still for ever, and hold all others.

        Raises:
            RecordError: If lane or source is unknown.
        """
        for source in clocks:
            if (source, lane) not in self._unheard and (source, lane) not in self._clocks:
                refuse(Reason.OUT_OF_RANGE, f"clock of {source}/{lane}: there is no such lane under these settings")

    def heard(self, source: str, lane: int, clock_ms: int) -> None:
        """Take in a clock; an older one than known changes nothing.

        Args:
            source: Noun of the raw topic.
            lane: Number of its partition.
            clock_ms: Event time, in ms since 1970.
        """
        key = (source, lane)
        known = self._clocks.get(key)
        if known is None:
            self._unheard.discard(key)
            self._anchor = clock_ms if self._anchor is None else min(self._anchor, clock_ms)
        if known is None or known < clock_ms:
            self._clocks[key] = clock_ms

    def least(self) -> int | None:
        """The least clock in ms; while a lane is unheard, the least first clock of those that were heard."""
        if self._unheard or not self._clocks:
            return self._anchor
        return min(self._clocks.values())

    def limit(self, source: str, lane: int, next_timestamp_ms: int) -> int | None:
        """Up to where a lane may read.

        Args:
            source: Which raw topic.
            lane: Which partition of it.
            next_timestamp_ms: Kafka timestamp of the next record in turn.

        Returns:
            Event time in ms, or None for no limit.
        """
        if self._span_ms is None:
            return None
        least = self.least()
        own = self._clocks.get((source, lane))
        if own is None or least is None or own <= least:
            ahead = next_timestamp_ms + self._span_ms
            return ahead if least is None else max(ahead, least + self._span_ms)
        return least + self._span_ms


class ClocksFollower:
    """Reads one partition of `signals`, committed records only, and tells a horizon what it says.

    A record that is none of ours says nothing of any clock: it is told and
    passed over, for DETECT quarantines the same one.

    Args:
        connection: To the brokers.
        stage: Knows how to read a record of `signals`.
        horizon: Is told every clock.
        observer: Hears of records that cannot be read.
    """

    def __init__(self, connection: Connection, stage: IngestStage, horizon: Horizon, observer: Observer) -> None:
        self._connection = connection
        self._stage = stage
        self._horizon = horizon
        self._observer = observer
        self._consumer: AIOKafkaConsumer | None = None

    async def start(self) -> None:
        """Stand at the end of the log; read committed offsets after this, and no clock falls between the two."""
        signals = TopicPartition(self._connection.topic(SIGNALS.noun), FOLLOWED)
        self._consumer = AIOKafkaConsumer(
            **self._connection.client(),
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="none",
        )
        await self._consumer.start()
        self._consumer.assign([signals])
        self._consumer.seek(signals, (await self._consumer.end_offsets([signals]))[signals])

    async def follow(self) -> None:
        """Read on until cancelled."""
        assert self._consumer is not None, "start comes first"
        while True:
            for records in (await self._consumer.getmany(timeout_ms=1_000)).values():
                for record in records:
                    self.hear(record)
                    await asyncio.sleep(0)  # an envelope may be large: lanes get their turn between two

    def hear(self, record: RawRecord) -> None:
        """Tell the horizon what a record of `signals` says of a lane's clocks."""
        try:
            lane, clocks = self._stage.clocks(record)
            self._horizon.require_known(lane, clocks)
        except RecordError as error:
            place = f"{record.topic}/{record.partition}/{record.offset}"
            self._observer.skipped("ingest", place, str(error))
            return
        for source, clock_ms in clocks.items():
            self._horizon.heard(source, lane, clock_ms)

    async def stop(self) -> None:
        """Stop reading."""
        if self._consumer is not None:
            await self._consumer.stop()
