"""Faults of the monitoring itself: probes that break, feeds that stop, clocks that are wrong.

A fault changes what is sent and never what is measured: it takes the records
of a collection as they would have gone out, so that everything outside it is
the same, to the byte, as in a world without it. A backlog is sent beside the
new readings, not before them, as collectors with a second line do: whoever
reads must bear two hours of old records among fresh ones.
"""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from pipeline.records.clocks import format_instant
from pipeline.simulate.network.gauges import Gauge
from pipeline.simulate.seeds import generator_for
from pipeline.simulate.spec.events import FeedFault
from pipeline.simulate.spec.scenario import FeedIn
from pipeline.simulate.world.surges import lies_in
from pipeline.simulate.world.world import Sent, World

DRAIN_MS = 180_000
"""A backlog, however long, is sent within this time after its end."""


class Taken(NamedTuple):
    """A record that is about to be sent.

    Attributes:
        at: When it was measured, in milliseconds, by a clock that is right.
        shown: The same by the collector's clock.
        gauge: What measured it.
        number: Place of the gauge in its collection.
    """

    at: int
    shown: int
    gauge: Gauge
    number: int


class Fault:
    """A fault as one target of a feed has it.

    Args:
        spec: The fault.
        started_at: Event time of its beginning, in milliseconds.
        ended_at: In milliseconds; readings from then on are whole again.
        chance: Generator of this fault at this target and of nothing else.
    """

    def __init__(self, spec: FeedFault, started_at: int, ended_at: int, chance: Random) -> None:
        self.spec, self.started_at, self.ended_at = spec, started_at, ended_at
        self._chance = chance
        self._last: dict[int, dict[str, object]] = {}
        self._bend = {
            "broken": self._broken,
            "stuck": self._stuck,
            "dead": self._dead,
            "backlog": self._held_back,
            "ahead": self._ahead,
        }[spec.kind]

    def bend(self, taken: Taken, sent: Sent) -> Sent | None:
        """Make of a record what the fault makes of it; None if it is never sent. Calls must come in order of time."""
        if self.spec.metric is not None and self.spec.metric != taken.gauge.metric.name:
            return sent
        if self.started_at <= taken.at < self.ended_at:
            return self._bend(taken, sent)
        if self.spec.kind == "stuck" and taken.at < self.started_at:
            self._keep(taken, sent)
        return sent

    def _broken(self, taken: Taken, sent: Sent) -> Sent | None:
        gauge = taken.gauge
        noise = self._chance.gauss(0, 1) * gauge.metric.noise * abs(gauge.usual)
        return sent._replace(body=sent.body | {"value": gauge.rounded(self.spec.value + noise)})

    def _keep(self, taken: Taken, sent: Sent) -> None:
        self._last[taken.number] = {key: sent.body[key] for key in ("attempts", "value") if key in sent.body}

    def _stuck(self, taken: Taken, sent: Sent) -> Sent | None:
        """The last values again, under new times; the first ones of the fault, if there were none before."""
        if taken.number not in self._last:
            self._keep(taken, sent)
        return sent._replace(body=sent.body | self._last[taken.number])

    def _dead(self, taken: Taken, sent: Sent) -> Sent | None:  # noqa: ARG002 - one form for all kinds
        return None

    def _held_back(self, taken: Taken, sent: Sent) -> Sent | None:
        part = (taken.at - self.started_at) / (self.ended_at - self.started_at)
        return sent._replace(arrival_ms=self.ended_at + round(part * DRAIN_MS))

    def _ahead(self, taken: Taken, sent: Sent) -> Sent | None:
        shown = format_instant(taken.shown + self.spec.ahead_seconds * 1_000)
        return sent._replace(body=sent.body | {"observed_at": shown})


def faults_of(world: World, feed: FeedIn, operator: str, target: str) -> tuple[Fault, ...]:
    """Faults that one target of a feed has, in the order of the scenario.

    Args:
        world: The world.
        feed: The collector.
        operator: Id of the operator whose network is measured.
        target: Area or element; a fault of an area is one of all areas below it, of all operators measured there.
    """
    return tuple(
        Fault(
            spec,
            world.clock.instant_of(spec.starts_at),
            world.clock.instant_of(spec.ends_at),
            generator_for(world.seed, "fault", spec.id, operator, target),
        )
        for spec in world.file.faults
        if spec.feed == feed.name and (not spec.targets or lies_in(target, spec.targets))
    )


def bent(faults: Sequence[Fault], at: int, shown: int, collected: Sequence[tuple[Gauge, Sent]]) -> list[Sent]:
    """Records of one collection after all faults of its target.

    Args:
        faults: Faults of the target; the first is applied first.
        at: When it was measured, in milliseconds, by a clock that is right.
        shown: The same by the collector's clock.
        collected: Each gauge and the record that it would send.
    """
    records = []
    for number, (gauge, sent) in enumerate(collected):
        taken, left = Taken(at, shown, gauge, number), sent
        for fault in faults:
            after = fault.bend(taken, left)
            if after is None:
                break
            left = after
        else:
            records.append(left)
    return records
