"""The shapes of figures: what each world gives to one, and how worlds are added up.

Three shapes are enough. A *ratio* is a sum over a sum, so that a world with
ten outages weighs ten times as much as a world with one. A *quantile* pools
the values of all worlds. *Calibration* pools forecasts. A ratio over nothing
and a quantile of nothing are None: "no figure", not 0 and not 1.
"""

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

from pipeline.evaluate.figures.bootstrap import quantile
from pipeline.evaluate.figures.calibration import JudgedForecast
from pipeline.evaluate.judging.facts import WorldScore

Unit = Literal["share", "seconds", "per_operator_month", "count", "steps", "score"]
Group = Literal["found", "false", "delay", "lead", "place", "what", "emergency", "times", "severity", "calibration"]

PPM: Final = 1_000_000

Value = Callable[[Sequence[int]], float | None]
"""A figure of some worlds, by their indexes."""


class Ratio(NamedTuple):
    """Sum of the first over sum of the second."""

    parts: Callable[[WorldScore], tuple[float, float]]

    def over(self, worlds: Sequence[WorldScore]) -> tuple[Value, Sequence[float]]:
        """The figure, and how many things each world gives to it."""
        pairs = [self.parts(world) for world in worlds]

        def value(chosen: Sequence[int]) -> float | None:
            below = sum(pairs[number][1] for number in chosen)
            return sum(pairs[number][0] for number in chosen) / below if below else None

        return value, [below for _, below in pairs]


class Quantile(NamedTuple):
    """A quantile of values pooled over worlds."""

    values: Callable[[WorldScore], list[float]]
    part: float

    def over(self, worlds: Sequence[WorldScore]) -> tuple[Value, Sequence[float]]:
        """The figure, and how many things each world gives to it."""
        rows = [self.values(world) for world in worlds]

        def value(chosen: Sequence[int]) -> float | None:
            return quantile([value for number in chosen for value in rows[number]], self.part)

        return value, [len(row) for row in rows]


class Total(NamedTuple):
    """A plain number of things; it has no interval, since it grows with the worlds.

    Attributes:
        count: What is counted.
        among: How many it could have been: if that is 0 there is no figure.
    """

    count: Callable[[WorldScore], int]
    among: Callable[[WorldScore], int]

    def over(self, worlds: Sequence[WorldScore]) -> tuple[Value, Sequence[float]]:
        """The figure, and of how many things each world tells."""
        counts, bases = [self.count(world) for world in worlds], [self.among(world) for world in worlds]

        def value(chosen: Sequence[int]) -> float | None:
            return sum(counts[number] for number in chosen) if any(bases[number] for number in chosen) else None

        return value, bases


class Pooled(NamedTuple):
    """A function of all forecasts together."""

    function: Callable[[Sequence[JudgedForecast]], float | None]

    def over(self, worlds: Sequence[WorldScore]) -> tuple[Value, Sequence[float]]:
        """The figure, and how many things each world gives to it."""
        rows = [forecasts_of(world) for world in worlds]

        def value(chosen: Sequence[int]) -> float | None:
            return self.function([value for number in chosen for value in rows[number]])

        return value, [len(row) for row in rows]


class Definition(NamedTuple):
    """One figure: what it is called, in what it is counted, how it is made."""

    name: str
    group: Group
    title: str
    unit: Unit
    how: Ratio | Quantile | Total | Pooled


def forecasts_of(world: WorldScore) -> list[JudgedForecast]:
    """Of each judged incident with a confidence: what it said, and whether it was real."""
    return [
        JudgedForecast(incident.confidence_ppm / PPM, incident.real)
        for incident in world.incidents
        if incident.confidence_ppm is not None and incident.real is not None
    ]
