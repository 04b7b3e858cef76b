"""Chance by name: every stream of a world has a generator of its own.

The generator of Cologne's tickets is seeded by the world's seed and by the
words "tickets" and "DE/NW/koeln", so that a change of one area, or of one
source, leaves every other stream as it was, to the byte. Seeds go through
BLAKE2b, never through `hash`, which differs from process to process.
"""

import math
from hashlib import blake2b
from random import Random


def generator_for(seed: int, *names: str) -> Random:
    """Make the generator of one stream.

    Args:
        seed: The world's seed.
        names: What the stream is, from the general to the particular.

    Returns:
        A generator that shares nothing with any other stream's.

    >>> generator_for(1, "tickets", "koeln").random() == generator_for(1, "tickets", "koeln").random()
    True
    >>> generator_for(1, "tickets", "koeln").random() == generator_for(1, "tickets", "bonn").random()
    False
    """
    text = "\x1f".join((str(seed), *names))
    return Random(int.from_bytes(blake2b(text.encode(), digest_size=16).digest(), "big"))


def poisson(chance: Random, mean: float) -> int:
    """Draw a Poisson count.

    Args:
        chance: The stream's generator.
        mean: 0 or more. Above 60 a rounded normal is drawn, with a skew
            error below half a percent of the mean.

    Source:
        D. E. Knuth, The Art of Computer Programming 2, section 3.4.1 (multiplication of uniforms).
    """
    if mean <= 0:
        return 0
    if mean > 60:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    floor, product, count = math.exp(-mean), chance.random(), 0
    while product > floor:
        product *= chance.random()
        count += 1
    return count


def burst_factor(chance: Random, dispersion: float) -> float:
    """Draw the factor that makes Poisson counts negative binomial.

    Args:
        chance: The stream's generator.
        dispersion: The size k of the negative binomial; a count of mean m then has
            variance m + m^2 / k. Small is bursty.

    Returns:
        A gamma variate of mean 1 and variance 1 / k.
    """
    return chance.gammavariate(dispersion, 1 / dispersion)


def delay_ms(chance: Random, median_ms: float, spread: float, max_ms: int) -> int:
    """Draw how long a record is on its way: log-normal, cut at a maximum.

    Args:
        chance: The stream's generator.
        median_ms: Half of the records are faster.
        spread: Standard deviation of the logarithm; 0 is always the median.
        max_ms: Slowest.
    """
    return min(max_ms, round(median_ms * math.exp(spread * chance.gauss(0, 1))))


def pick(chance: Random, weighted: tuple[tuple[str, float], ...]) -> str:
    """Choose a name by weight; the weights need not add up to 1."""
    at = chance.random() * sum(weight for _, weight in weighted)
    for name, weight in weighted:
        at -= weight
        if at < 0:
            return name
    return weighted[-1][0]
