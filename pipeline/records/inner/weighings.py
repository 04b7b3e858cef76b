"""Weighings: what DETECT believes of a place and service in a step, and by whose words.

Quiet places send none. A place that is hot sends one each step, and one last when it has cooled.
"""

from typing import Final

import msgspec

from pipeline.records.clocks import Instant

RIVAL_MIN_PPM: Final = 10
"""Of another explanation that is less likely no number is told, millionths."""


class Weighing(msgspec.Struct, frozen=True, kw_only=True):
    """What is believed of one place and service after a step.

    Attributes:
        service: Whose figures were weighed; '' for a service that has none.
        ended_at: End of the step.
        since: Start of the first step in which anything remarkable was seen.
        down_at: End of the last step in which its figures spoke for an outage; of a place without figures, in which an
            outage was all but sure; 0 for none.
        odds_milli: Log-odds of an outage against all else, thousandths of a natural log.
        disturbed_milli: Log-odds of an outage or a lying probe against all else, likewise.
        share_low_ppm: Share of the customers who are hit, if it is one: its tenth hundredth, in millionths.
        share_ppm: Its mean.
        share_high_ppm: Its ninetieth hundredth.
        added_milli: Group of witnesses to what it added to the log-odds since then, thousandths of a natural log.
        rival: The likeliest other explanation: `normal`, `chatter`, `probe`, `load`, `campaign` or `busy`.
        rivals_ppm: Probability of each of these, in millionths; without those below one in a hundred thousand.
        alone_milli: `tickets` and `calls` to what each would have added to the log-odds had the other not been heard,
            thousandths of a natural log. Both are of the same people: `care` is what they say together.
    """

    operator: str
    scope_area: str
    area: str
    service: str
    ended_at: Instant
    since: Instant
    down_at: Instant
    odds_milli: int
    disturbed_milli: int
    share_low_ppm: int
    share_ppm: int
    share_high_ppm: int
    added_milli: dict[str, int]
    rival: str
    rivals_ppm: dict[str, int] = {}
    alone_milli: dict[str, int] = {}
