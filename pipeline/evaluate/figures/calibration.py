"""Does "90 % sure" come true nine times in ten?

Each judged incident is one forecast: its confidence when the matter was
decided, and whether it was about something real. Exercises, absorbed
incidents and those that nobody can judge are not forecasts.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

BINS: Final = 10
"""Of equal width: few incidents stand in a run, more bins would be empty."""


class JudgedForecast(NamedTuple):
    """One said probability, 0 to 1, and what came of it."""

    said: float
    real: bool


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the reliability table.

    Attributes:
        low: Forecasts from here ...
        high: ... to below here; the last bin holds 1 as well.
        count: How many.
        said: Mean of what they said; None if there are none.
        came_true: Share that was real; None if there are none.
    """

    low: float
    high: float
    count: int
    said: float | None = None
    came_true: float | None = None


def reliability(forecasts: Sequence[JudgedForecast], bins: int = BINS) -> tuple[Bin, ...]:
    """The reliability table.

    Source:
        A. H. Murphy and R. L. Winkler, Applied Statistics 26 (1977), 41-47.

    >>> table = reliability([JudgedForecast(0.9, True), JudgedForecast(1.0, False)], bins=2)
    >>> [(row.count, row.said, row.came_true) for row in table]
    [(0, None, None), (2, 0.95, 0.5)]
    """
    groups: list[list[JudgedForecast]] = [[] for _ in range(bins)]
    for forecast in forecasts:
        groups[min(int(forecast.said * bins), bins - 1)].append(forecast)
    return tuple(
        Bin(
            low=number / bins,
            high=(number + 1) / bins,
            count=len(group),
            said=sum(forecast.said for forecast in group) / len(group) if group else None,
            came_true=sum(forecast.real for forecast in group) / len(group) if group else None,
        )
        for number, group in enumerate(groups)
    )


def brier(forecasts: Sequence[JudgedForecast]) -> float | None:
    """Mean squared distance of what was said from what came: 0 is perfect, 0.25 is a coin that always says a half.

    Source:
        G. W. Brier, Monthly Weather Review 78 (1950), 1-3, in the form for two outcomes.

    >>> brier([JudgedForecast(1.0, True), JudgedForecast(0.5, False)])
    0.125
    >>> brier([]) is None
    True
    """
    return sum((forecast.said - forecast.real) ** 2 for forecast in forecasts) / len(forecasts) if forecasts else None


def calibration_error(forecasts: Sequence[JudgedForecast], bins: int = BINS) -> float | None:
    """Expected calibration error: mean distance of said and came true in each bin, weighted by its forecasts.

    Source:
        M. P. Naeini, G. F. Cooper and M. Hauskrecht, AAAI 2015, 2901-2907; C. Guo et al., ICML 2017, 1321-1330.

    >>> calibration_error([JudgedForecast(0.75, True), JudgedForecast(0.75, False)], bins=2)
    0.25
    """
    if not forecasts:
        return None
    rows = [row for row in reliability(forecasts, bins) if row.said is not None and row.came_true is not None]
    return sum(row.count * abs((row.said or 0.0) - (row.came_true or 0.0)) for row in rows) / len(forecasts)
