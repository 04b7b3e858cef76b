"""A call centre as a queue: what is offered, answered and given up, minute by minute.

A fluid model of expected values: waiting callers are answered as fast as the
staff can and give up at a steady rate. It is enough to make the figures hang
together - more calls than answers fill the lines, waiting grows, callers give
up - and it is the same for every stream that asks, so the tickets that agents
write follow the calls that they answered. A crowd that has no outage calls as
well, and waits in the same queue. Figures are published at the end of their
interval, with Poisson noise.
"""

import math
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

from pipeline.records.clocks import HOUR_MS, MINUTE_MS, format_instant
from pipeline.simulate.seeds import delay_ms, generator_for, poisson
from pipeline.simulate.spec.scenario import AreaIn, CareIn
from pipeline.simulate.world.outage import Outage
from pipeline.simulate.world.world import Moment, Sent, World

USUAL_WAIT_SECONDS = 18.0
"""Until an agent picks up, when nobody waits: greeting and routing."""

SATISFIED_SHARE = 0.84
"""Of callers who had hardly to wait and a question that could be answered, so many say that they are satisfied."""

WAIT_HALVES_SECONDS = 900.0
"""Who waited so long is half as likely to be."""

TOLD_OF_AN_OUTAGE = 0.45
"""And whose call is about an outage, of which an agent knows no more than they do, is so likely in proportion."""

SURVEYED_SHARE = 0.15
"""Of those who were answered, so many answer the question after the call."""


class Calls(NamedTuple):
    """One minute of a call centre.

    Attributes:
        waiting: Callers in the queue at the end of the minute.
        wait_seconds: What a caller who joins now would wait.
        about_outage: Share of the calls that are about an outage, 0 to 1.
    """

    offered: float
    answered: float
    given_up: float
    waiting: float
    wait_seconds: float
    about_outage: float


class CallCentre:
    """The queue; call `minute` for every minute in turn."""

    def __init__(self, world: World, care: CareIn) -> None:
        self._world, self._care = world, care
        served = served_by(care.operator, world)
        hit = [
            (outage, [area for area in world.file.areas if _reaches(outage, area, served)]) for outage in world.outages
        ]
        self._hits = [(outage, areas) for outage, areas in hit if areas and outage.spec.reaction > 0]
        self._waiting = 0.0
        self._upset = 0.0

    def minute(self, minute_ms: int) -> Calls:
        """Expected figures of the minute that begins at `minute_ms`."""
        care, busy = self._care, self._world.busy(self._care.rhythm, minute_ms)
        usual = care.calls_per_hour * busy / 60 * self._world.calls(care.operator, minute_ms)
        upset = self._upset_calls(minute_ms) * min(1.0, busy)
        offered = usual + upset
        share = upset / offered if offered > 0 else 0.0
        capacity = care.answers_per_hour * busy / 60
        admitted = min(offered, max(0.0, care.lines - self._waiting))
        self._waiting += admitted
        self._upset += (share - self._upset) * min(1.0, admitted / self._waiting if self._waiting > 0 else 1.0)
        answered = min(self._waiting, capacity)
        leaving = (self._waiting - answered) * (1 - math.exp(-1 / care.patience_minutes))
        self._waiting -= answered + leaving
        flow = capacity + leaving
        wait = USUAL_WAIT_SECONDS * (0.6 + offered / (capacity + offered) if offered > 0 else 0.6)
        wait += 60 * self._waiting / flow if flow > 0 else 0.0
        return Calls(offered, answered, offered - admitted + leaving, self._waiting, wait, self._upset)

    def _upset_calls(self, minute_ms: int) -> float:
        care, calls = self._care, 0.0
        for outage, areas in self._hits:
            if outage.started_at < minute_ms < outage.ended_at:
                hit = math.fsum(outage.people_hit(area, minute_ms) for area in areas)
                hours = (minute_ms - outage.started_at) / HOUR_MS
                fading = math.exp(-hours / care.fade_hours)
                calls += hit * outage.spec.reaction * care.calls_per_hit_hour / 60 * fading
        return calls


def served_by(operator: str, world: World) -> frozenset[str]:
    """Whose customers call an operator's hotline: its own, and those of the brands hosted on its network.

    Guests of a roaming partner call their own operator at home.
    """
    hosted = (operator for operator in world.file.operators if operator.role == "hosted")
    return frozenset({operator, *(brand.id for brand in hosted if (brand.host or world.primary) == operator)})


def _reaches(outage: Outage, area: AreaIn, served: frozenset[str]) -> bool:
    return area.operator in served and (area.operator, area.id) in outage.footprints


def care_stream(world: World, care: CareIn) -> Iterator[Moment]:
    """The figures of a call centre, as telemetry."""
    chance = generator_for(world.seed, "telemetry", "care", care.queue)
    asked = generator_for(world.seed, "telemetry", "satisfaction", care.queue)
    centre = CallCentre(world, care)
    interval_ms = care.interval_seconds * 1_000
    offered = answered = given_up = 0.0
    for minute in world.minutes():
        calls = centre.minute(minute)
        offered, answered, given_up = offered + calls.offered, answered + calls.answered, given_up + calls.given_up
        end = minute + MINUTE_MS
        if end % interval_ms:
            continue
        came, lost = poisson(chance, offered), poisson(chance, given_up + 0.015 * offered)
        wait = calls.wait_seconds * math.exp(0.12 * chance.gauss(0, 1))
        figures: tuple[tuple[str, str, float], ...] = (
            ("calls_offered", "count", came),
            ("calls_answered", "count", poisson(chance, answered)),
            ("calls_abandoned", "count", min(came, lost)),
            ("calls_waiting", "count", poisson(chance, calls.waiting + 0.3 * calls.offered)),
            ("avg_speed_of_answer_seconds", "s", round(wait)),
            ("abandonment_ratio", "ratio", round(min(came, lost) / came, 3) if came else 0.0),
        )
        satisfied = _satisfied(calls, answered, asked)
        arrival = end + delay_ms(chance, care.delay.median_ms, care.delay.spread, care.delay.max_ms)
        told = (*figures, *satisfied)
        records = [Sent(arrival, "telemetry", care.queue, _figure(care, end, *figure)) for figure in told]
        yield Moment(end, records)
        offered = answered = given_up = 0.0


def _satisfied(calls: Calls, answered: float, chance: Random) -> tuple[tuple[str, str, float], ...]:
    """The share of satisfied callers among those who said so, 0 to 1; no figure where nobody did."""
    voices = poisson(chance, SURVEYED_SHARE * answered)
    if not voices:
        return ()
    patient = 0.5 ** (max(0.0, calls.wait_seconds - USUAL_WAIT_SECONDS) / WAIT_HALVES_SECONDS)
    share = SATISFIED_SHARE * patient * (1.0 - (1.0 - TOLD_OF_AN_OUTAGE) * calls.about_outage)
    happy = sum(chance.random() < share for _ in range(voices))
    return (("csat_score", "score", round(happy / voices, 3)),)


def _figure(care: CareIn, at: int, metric: str, unit: str, value: float) -> dict[str, Any]:
    return {
        "area": care.area,
        "interval_seconds": care.interval_seconds,
        "metric": metric,
        "observed_at": format_instant(at),
        "operator": care.operator,
        "queue": care.queue,
        "unit": unit,
        "value": value,
        "vendor": "care",
    }
