"""Settings of INGEST, each with its unit, its limit and where the default comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pipeline.ingest.text.refused import QuarantineKeeps
from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS
from pipeline.records.errors import ConfigError

LATENESS_MS: Mapping[str, int] = {"telemetry": 30_000, "tickets": 30_000, "mentions": 30_000, "commands": 0}


_WHOLE_NUMBERS: Final = (
    ("lanes", 1, 1_000),
    ("signals_partitions", 1, 1_000),
    ("epoch", 1, 10**6),
    ("steady_lag_ms_max", 0, DAY_MS),
)
"""Name, least and greatest value of settings that are whole numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestConfig:
    """How raw records are taken in.

    Attributes:
        lanes: Partitions of the source with the most; fixed for a layout of them.
        layout: Number of the layout, from 1.
        signals_partitions: Partitions of `signals`; fixed for an epoch.
        epoch: Of the topics, 1 or more; a recreated topic needs a new one.
        lateness_ms: Per source, how long a record may be on its way behind the
            newest of its partition. 30 s covers collectors that poll every 10 s.
        future_ms_max: An event this far ahead of its Kafka timestamp is refused: no
            honest clock in the field is 5 minutes off.
        stale_ms_max: An event this far behind its Kafka timestamp is refused: after a day it is history.
        steady_lag_ms_max: A feed that is steadily late by at most this much is heard: its times are moved by its lag.
            Half an hour is two intervals of the slowest figures of the trade, which come every 15 minutes. 0: no
            feed is, and what is late is refused.
        slow_sources: Sources whose records take their Kafka timestamp as event time (15-minute figures).
        slow_vendors: Telemetry vendors with the same habit.
        hash_key: Secret for the hashes of people and ids, 16 to 64 bytes.
        quarantine: What is kept of a refused record.
    """

    lanes: int = 4
    signals_partitions: int = 4
    epoch: int = 1
    layout: int = 1
    lateness_ms: Mapping[str, int] = field(default_factory=lambda: dict(LATENESS_MS))
    future_ms_max: int = 300_000
    stale_ms_max: int = DAY_MS
    steady_lag_ms_max: int = 30 * MINUTE_MS
    slow_sources: frozenset[str] = frozenset()
    slow_vendors: frozenset[str] = frozenset()
    hash_key: bytes = b"tocsin-development-key"
    quarantine: QuarantineKeeps = QuarantineKeeps.MASKED

    def __post_init__(self) -> None:
        wrong = []
        for name, low, high in _WHOLE_NUMBERS:
            value = getattr(self, name)
            if not low <= value <= high:
                wrong.append(f"ingest.{name} = {value}: must be {low} to {high}")
        if set(self.lateness_ms) != set(LATENESS_MS):
            wrong.append(f"ingest.lateness_ms: must name exactly {', '.join(sorted(LATENESS_MS))}")
        wrong += [
            f"ingest.lateness_ms.{source} = {value}: must be 0 to 3600000 ms; the default is {LATENESS_MS.get(source)}"
            for source, value in self.lateness_ms.items()
            if not 0 <= value <= HOUR_MS
        ]
        if not 1_000 <= self.future_ms_max <= HOUR_MS:
            wrong.append(
                f"ingest.future_ms_max = {self.future_ms_max}: must be 1000 to 3600000 ms; the default is 300000"
            )
        if not MINUTE_MS <= self.stale_ms_max <= 30 * DAY_MS:
            wrong.append(f"ingest.stale_ms_max = {self.stale_ms_max}: must be one minute to 30 days, in ms")
        if not 16 <= len(self.hash_key) <= 64:
            wrong.append("ingest.hash_key: must have 16 to 64 bytes; make one with: openssl rand -hex 24")
        if wrong:
            raise ConfigError("\n".join(wrong))
