"""The estimated end as people are told it: in quarters of an hour, and never one that has passed.

One rule for notices, the status page, replies and the phone bot: who reads 12:10 here and hears 12:15 there trusts
neither.
"""

from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.published.incident_parts import EtaEstimate

QUARTER_MS: Final = 15 * MINUTE_MS
"""An estimated end is told in quarters of an hour: minutes would look like knowledge."""


def end_for_people(estimate: EtaEstimate | None, now: int) -> tuple[int, int] | None:
    """Earliest and latest end, ms, rounded outwards; None if none is estimated, or it would be past.

    Args:
        estimate: As it is known.
        now: When it is told, ms.
    """
    if estimate is None or int(estimate.latest) <= now:
        return None
    early, late = int(estimate.earliest) // QUARTER_MS, -(-int(estimate.latest) // QUARTER_MS)
    return early * QUARTER_MS, late * QUARTER_MS
