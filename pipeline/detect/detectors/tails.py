"""Likelihood ratios and tail probabilities, in closed form: a detector asks for them at every step.

`scipy.stats` would cost twenty times the rest of the step.
"""

import math

from pipeline.detect.detectors.count_rules import CLIP

_SQRT2 = math.sqrt(2.0)


def likelihood_ratios(
    alternatives: tuple[tuple[float, float, float], ...], value: float, mean: float, r: float
) -> tuple[list[float], float]:
    """How much likelier a count is under each of some alternatives than if all is well.

    Written for speed: it is half of a step.

    Args:
        alternatives: How many times as many, but at least so many per step, and the log of the first.
        value: The count, 0 or more.
        mean: Expected, above 0.
        r: Size of the negative binomial, above 0.

    Returns:
        Likelihood ratios in the order of the alternatives, and the log-likelihood ratio of the second one.
    """
    base, both, middling = r + mean, value + r, 0.0
    log, exp = math.log, math.exp
    ratios = []
    for number, (times, floor, log_times) in enumerate(alternatives):
        other = times * mean
        if other < floor:
            other, log_times = floor, log(floor / mean)
        gain = both * log(base / (r + other)) + value * log_times
        ratios.append(exp(gain if gain < CLIP else CLIP))
        if number == 1:
            middling = gain
    return ratios, middling


def log_tail(value: float, mean: float, r: float, *, above: bool) -> float:
    """Natural log of the chance of a count as high (or as low) as this, or more so.

    Args:
        value: The count, 0 or more; need not be whole.
        mean: Above 0.
        r: Size of the negative binomial, above 0: the variance is mean + mean^2 / r.
        above: Upper tail, else lower.

    Returns:
        At most 0. Exact to a few percent where it matters (p < 0.01): first term times a
        geometric series that bounds the rest; a normal tail nearer to the mean.

    >>> round(math.exp(log_tail(10, 2.0, 1e9, above=True)) / 4.65e-5, 2)  # Poisson
    1.0
    """
    deviation = (value - mean) / math.sqrt(mean + mean * mean / r)
    towards = deviation if above else -deviation
    if towards < 1.0:
        return math.log(0.5 * math.erfc(towards / _SQRT2))
    total = r + mean
    first = (
        math.lgamma(value + r)
        - math.lgamma(r)
        - math.lgamma(value + 1.0)
        - r * math.log1p(mean / r)
        + (value * math.log(mean / total) if value else 0.0)
    )
    if above:
        ratio = mean / total * (value + r) / (value + 1.0)
    else:
        ratio = value * total / (mean * (value - 1.0 + r)) if value else 0.0
    rest = -math.log1p(-ratio) if ratio < 0.999 else 6.9
    return min(math.log(0.5), first + rest)


def log_tail_t4(deviation: float) -> float:
    """Natural log of the upper tail of Student's t with 4 degrees of freedom.

    Heavy tails, since measured values have outliers; 4 is the least at which the tail has a short closed form
    and a finite kurtosis is not claimed.

    >>> round(math.exp(log_tail_t4(2.776)), 4)
    0.025
    """
    if deviation > 20.0:
        return math.log(3.0) - 4.0 * math.log(deviation)
    square = 1.0 + deviation * deviation / 4.0
    tail = 0.5 - 0.375 * deviation / math.sqrt(square) * (1.0 - deviation * deviation / (12.0 * square))
    return math.log(max(tail, 1e-12))
