"""How a figure is made of facts about outages: a share of them, a sum over a sum, a quantile of one fact.

What a fact does not answer is None and counts nowhere, neither above nor below.
"""

from collections.abc import Callable, Iterator

from pipeline.evaluate.figures.shapes import Definition, Group, Quantile, Ratio
from pipeline.evaluate.judging.facts import OutageScore, WorldScore


def share(judged: Callable[[OutageScore], bool], good: Callable[[OutageScore], bool | None]) -> Ratio:
    """Outages that are good, of those that are judged."""

    def parts(world: WorldScore) -> tuple[float, float]:
        kept = [outage for outage in world.outages if judged(outage)]
        return sum(bool(good(outage)) for outage in kept), len(kept)

    return Ratio(parts)


def sums(right: str, of: str) -> Ratio:
    """Sum of one field over sum of another, of outages that have an incident."""

    def parts(world: WorldScore) -> tuple[float, float]:
        kept = [outage for outage in world.outages if outage.found]
        return sum(getattr(outage, right) for outage in kept), sum(getattr(outage, of) for outage in kept)

    return Ratio(parts)


def known(field: str, part: float, *, absolute: bool = False) -> Quantile:
    """A quantile of one field, of simulated worlds only: a log does not know when an outage began.

    Args:
        field: A number of each outage, or None.
        part: 0 to 1; 0.5 is the median.
        absolute: Either way, without the sign.
    """

    def values(world: WorldScore) -> list[float]:
        found = [getattr(outage, field) for outage in of_truth(world)]
        return [abs(seconds) if absolute else seconds for seconds in found if seconds is not None]

    return Quantile(values, part)


def pooled(field: str, part: float) -> Quantile:
    """A quantile of a field that holds several numbers of each outage; each of them counts the same."""
    return Quantile(lambda world: [value for outage in of_truth(world) for value in getattr(outage, field)], part)


def of_truth(world: WorldScore) -> tuple[OutageScore, ...]:
    """Outages of a simulated world; none of a log."""
    return world.outages if world.known == "truth" else ()


def found_with(field: str) -> Callable[[OutageScore], bool]:
    """Has an outage an incident of its own, and is this known of it?"""
    return lambda outage: outage.found and getattr(outage, field) is not None


def flag(field: str) -> Callable[[OutageScore], bool | None]:
    """A field as yes or no."""
    return lambda outage: bool(getattr(outage, field))


def pair(field: str, group: Group, title: str, *, absolute: bool = False) -> Iterator[Definition]:
    """Median and 90th percentile of a field.

    Args:
        field: Seconds of each outage, or None; its name ends in `_seconds`.
        group: Where the figures are shown.
        title: What they are, before "median".
        absolute: Either way, without the sign.
    """
    name = field.removesuffix("_seconds")
    for part, word in ((0.5, "median"), (0.9, "90th percentile")):
        how = known(field, part, absolute=absolute)
        yield Definition(f"{name}_p{round(part * 100)}", group, f"{title}, {word}", "seconds", how)
