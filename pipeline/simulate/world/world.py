"""A world: a scenario and a seed, and what all its streams share.

Each stream is a generator of moments: a time before which it will write
nothing more, and the records of that moment with their arrival. Records
overtake each other on the way, so a stream is put in order of arrival before
all of them are merged; what waits there is bounded by the longest delay.
"""

import heapq
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any, NamedTuple

from pipeline.records.clocks import DAY_MS, MINUTE_MS
from pipeline.records.errors import ConfigError
from pipeline.simulate.spec.events import Planted
from pipeline.simulate.spec.parse import Scenario
from pipeline.simulate.spec.scenario import AreaIn
from pipeline.simulate.world.outage import Outage
from pipeline.simulate.world.rhythm import Growth, LocalClock, Rhythm
from pipeline.simulate.world.speakers import Speakers
from pipeline.simulate.world.surges import SurgeInTime, lies_in


class Sent(NamedTuple):
    """A record on its way: when it reaches Kafka, and what it says."""

    arrival_ms: int
    topic: str
    key: str
    body: dict[str, Any]


class Moment(NamedTuple):
    """Records of one moment of a stream; every later one is sent at `from_ms` or after."""

    from_ms: int
    records: list[Sent]


class World:
    """What all streams of one world share; nothing here changes while it runs."""

    def __init__(self, scenario: Scenario, seed: int, days: float | None) -> None:
        file = self.file = scenario.file
        self.wording = scenario.wording
        self.seed = seed
        self.clock = LocalClock(file.time_zone)
        self.rhythms = {
            name: Rhythm(self.clock, hours=weights.hours, weekdays=weights.weekdays, holidays=file.holidays)
            for name, weights in file.rhythms.items()
        }
        self.growth = Growth(file.growth_per_week, self.clock.instant_of(file.starts_at))
        self.primary = next(operator.id for operator in file.operators if operator.role == "primary")
        self.outages = tuple(Outage(spec, self.clock, file) for spec in file.outages)
        self.surges = tuple(SurgeInTime(spec, self.clock, self.primary) for spec in file.surges)
        self.ended_at = self.clock.instant_of(file.ends_at)
        self.started_at = self._begin(days)
        self.speakers = Speakers(file, self.clock)
        self.people = sum(area.people for area in file.areas)
        self.spellings = {operator.id: operator.spellings for operator in file.operators}

    def _begin(self, days: float | None) -> int:
        if days is None:
            return self.clock.instant_of(self.file.starts_at)
        begin = self.ended_at - round(days * DAY_MS)
        first = min((outage.started_at for outage in self.outages), default=self.ended_at)
        if not begin < first:
            at_least = (self.ended_at - first) / DAY_MS
            raise ConfigError(f"days = {days!r}: must be above {at_least:.2f}, or the world begins after its outage")
        return begin - begin % MINUTE_MS

    def busy(self, rhythm: str, time_ms: int) -> float:
        """How busy a time is by a rhythm, grown: about 1 on the average of a usual first week, 0 or more."""
        return self.rhythms[rhythm].at(time_ms) * self.growth.at(time_ms)

    def load(self, operator: str, area: str, time_ms: int) -> float:
        """Tell how much more customers use the network because of surges.

        Args:
            operator: Id of the operator whose customers are asked for.
            area: Where they live.
            time_ms: When, in milliseconds.

        Returns:
            A factor on usual use, above 0; 1 if there is no surge.
        """
        factor = 1.0
        for surge in self.surges:
            if surge.started_at <= time_ms < surge.ended_at and surge.reaches(operator, area):
                factor *= 1 + (surge.spec.load - 1) * surge.level(time_ms)
        return factor

    def calls(self, operator: str, time_ms: int) -> float:
        """Factor that surges put on usual calls to an operator; 1 if there is none."""
        factor = 1.0
        for surge in self.surges:
            if surge.operator == operator:
                factor *= 1 + (surge.spec.calls - 1) * surge.level(time_ms)
        return factor

    def minutes(self) -> range:
        """Starts of all minutes of the world, in milliseconds."""
        return range(self.started_at, self.ended_at, MINUTE_MS)

    def within(self, minutes: range) -> range:
        """Those of some minutes that lie in the world; none is left out before its first."""
        return range(minutes.start, min(minutes.stop, self.ended_at), MINUTE_MS)

    def hit_by(self, outage: Outage) -> list[AreaIn]:
        """Footprints that an outage hits at all, in the order of the file."""
        return [area for area in self.file.areas if (area.operator, area.id) in outage.footprints]

    def customers_of(self, operator: str, where: tuple[str, ...] = ()) -> tuple[list[AreaIn], list[int]]:
        """An operator's footprints at or below some places, everywhere if empty; and how many people they have."""
        areas = [a for a in self.file.areas if a.operator == operator and (not where or lies_in(a.id, where))]
        return areas, [area.people for area in areas]

    def planted(self, chance: Random, outage: Outage, planted: Planted) -> list[tuple[int, AreaIn]]:
        """Draw when and where an exact number of messages is written.

        Args:
            chance: The stream's generator.
            outage: What the messages are about.
            planted: How many, from when to when, and where; everywhere that the outage hits, if it names no areas.

        Returns:
            Milliseconds and footprint of each message, in order of time.
        """
        hit = self.hit_by(outage)
        down = set(outage.spec.operators) or {area.operator for area in hit} or {self.primary}
        areas = [a for a in self.file.areas if a.operator in down and lies_in(a.id, planted.areas)]
        areas = areas or hit or self.customers_of(self.primary)[0]
        start, end = self.clock.instant_of(planted.starts_at), self.clock.instant_of(planted.ends_at)
        times = sorted(start + int(chance.random() * (end - start)) for _ in range(planted.count))
        return [(at, chance.choices(areas, [area.people for area in areas])[0]) for at in times]


def by_arrival(moments: Iterable[Moment]) -> Iterator[Sent]:
    """Put a stream's records in order of arrival; ties in the order in which they were sent."""
    waiting: list[tuple[int, int, Sent]] = []
    number = 0
    for moment in moments:
        while waiting and waiting[0][0] < moment.from_ms:
            yield heapq.heappop(waiting)[2]
        for record in moment.records:
            heapq.heappush(waiting, (record.arrival_ms, number, record))
            number += 1
    while waiting:
        yield heapq.heappop(waiting)[2]
