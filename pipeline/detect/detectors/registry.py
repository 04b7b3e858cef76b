"""Which detectors there are: one row each, and nothing else in DETECT names one.

Judging, the state of a scope, its snapshots, the laws in tests/detect and the
benchmarks read these rows. So a detector is a file and a row: the file says how it judges,
the row which kinds of series it is asked about.

Where two rows judge the same kind of series, both find anomalies, each under its own
name. The first of them *leads*: what it expects is what charts, silent feeds and
ratios of activity are told.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple, get_args

from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors import counts, levels
from pipeline.detect.detectors.detector import Family, Make, SeriesKind
from pipeline.detect.detectors.remembered import SeriesState

DETECTORS: Final[tuple[Family, ...]] = (counts.FAMILY, levels.FAMILY)
"""The detectors that run. The first row of a kind of series leads it."""


class Ready(NamedTuple):
    """A detector made ready for some settings.

    Attributes:
        name: As in its row.
        state: What it remembers of one series.
        make: Makes it around a state.
    """

    name: str
    state: type[SeriesState]
    make: Make[SeriesState]


Jury = Mapping[SeriesKind, tuple[Ready, ...]]
"""Who judges which kind of series; every kind has an entry."""


@lru_cache(maxsize=8)
def jury_of(detectors: tuple[Family, ...], config: DetectConfig) -> Jury:
    """Make detectors ready for some settings, once.

    Args:
        detectors: Rows of the registry.
        config: Settings.

    Raises:
        ValueError: If two rows have one name: their states would be one.
    """
    names = [row.name for row in detectors]
    if len(set(names)) != len(names):
        raise ValueError(f"detectors {', '.join(names)}: must have a name each, as their states are kept by name")
    ready = {row.name: Ready(row.name, row.state, row.prepare(config)) for row in detectors}
    return {kind: tuple(ready[row.name] for row in detectors if kind in row.judges) for kind in get_args(SeriesKind)}
