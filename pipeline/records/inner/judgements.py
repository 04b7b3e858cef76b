"""Judgements: what a detector thought of a step, whether it stood out or not.

They draw the curves of a report and are never written to a topic.
"""

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.series import Series


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """One step of one series against its expectation.

    Attributes:
        ended_at: End of the step.
        observed: In the series' unit; None if nothing was measured.
        expected: None while there is no verdict.
        surprise: -log10 p; None is "no verdict", which is not 0.
    """

    series: Series
    ended_at: Instant
    observed: float | None
    expected: float | None
    surprise: float | None
