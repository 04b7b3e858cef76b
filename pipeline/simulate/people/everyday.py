"""Normal life: when somebody writes although nothing is wrong.

Counts are negative binomial, with a factor drawn each hour: quiet weeks have
bursts of their own. An hour is drawn at once and its messages are spread over
its quarters as the rhythm goes, which is the same law as one draw a minute
and costs an empty hour next to nothing.
"""

from collections.abc import Iterator
from random import Random

from pipeline.records.clocks import HOUR_MS
from pipeline.simulate.seeds import burst_factor, poisson
from pipeline.simulate.world.rhythm import QUARTER_MS
from pipeline.simulate.world.world import World


def everyday_times(
    world: World, chance: Random, rhythm: str, per_hour: float, burst_k: float
) -> Iterator[tuple[int, list[int]]]:
    """Draw the times of a stream's everyday messages.

    Args:
        world: The world in which they are written.
        chance: The stream's generator.
        rhythm: When people write, by its name.
        per_hour: Mean over a week.
        burst_k: Size of the negative binomial.

    Yields:
        Start of an hour in which something is written, and the times, in order; all in milliseconds.
    """
    if per_hour <= 0:
        return
    for hour in range(world.started_at - world.started_at % HOUR_MS, world.ended_at, HOUR_MS):
        quarters = [
            (max(quarter, world.started_at), min(quarter + QUARTER_MS, world.ended_at))
            for quarter in range(hour, hour + HOUR_MS, QUARTER_MS)
        ]
        parts = [world.busy(rhythm, start) * max(0, end - start) / HOUR_MS for start, end in quarters]
        count = poisson(chance, per_hour * sum(parts) * burst_factor(chance, burst_k))
        if count:
            drawn = chance.choices(quarters, parts, k=count)
            yield hour, sorted(start + chance.randrange(end - start) for start, end in drawn)
