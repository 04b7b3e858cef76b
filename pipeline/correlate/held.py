"""What the account of evidence says of an incident, as it is kept from pane to pane.

The odds are what rules ask for. The rest is there to be told: of what they are made, and what else would explain it.
"""

from typing import Final

import msgspec

NEVER_MILLI: Final = -14_000
"""Log-odds of what was not weighed: one to a million."""


class AccountHeld(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the account of evidence says of the incident as a whole.

    Attributes:
        odds_milli: Log-odds of an outage at the latest pane, thousandths of a natural log.
        peak_milli: The greatest they have been.
        disturbed_milli: Log-odds that something falls, an outage or a lying probe, at the latest pane.
        added_milli: Group of witnesses to what it added where it added most.
        alone_milli: `tickets` and `calls` to what each would have added had the other not been heard.
        places_milli: What further places and services add to the likeliest place's own odds.
        table_milli: What the table of what came true adds.
        rival: The likeliest other explanation.
        rivals_ppm: Probability of each other explanation, in millionths; empty if nobody told.
        hot_at: End of the last pane in which an outage was not ruled out, ms.
        is_alone: Do figures show a fall of one place and service, and of no other whose fall makes a lie less likely?
            False where no figure falls, as where only people tell.
        step_at: End of the step that was weighed last, ms.
        before_milli: The odds as they were after the step before it; at one to a million before the first.
    """

    odds_milli: int
    peak_milli: int
    disturbed_milli: int
    added_milli: dict[str, int] = {}
    alone_milli: dict[str, int] = {}
    places_milli: int = 0
    table_milli: int = 0
    rival: str = ""
    rivals_ppm: dict[str, int] = {}
    hot_at: int = 0
    is_alone: bool = False
    step_at: int = 0
    before_milli: int = NEVER_MILLI
