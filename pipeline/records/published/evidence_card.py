"""The evidence card of an incident: why it is believed as much as it is, in contributions that add up."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from pipeline.records.vocabulary import SharePpm, SignedCount

WitnessGroup = Literal["network", "care", "public"]
"""Groups of witnesses: figures, those who turn to the operator, those who post."""

Rival = Literal["normal", "chatter", "probe", "load", "campaign", "busy"]
"""What else would explain what is seen: nothing, a scandal, an instrument that lies, a bill, few who write for many."""


class GroupContribution(msgspec.Struct, frozen=True, kw_only=True):
    """What one group of witnesses adds to the belief in an incident.

    Attributes:
        group: `network` for figures, `care` for who turns to the operator, `public` for who posts.
        added_milli: What it added to the log-odds of an outage where it added most, thousandths of a natural log.
        without_ppm: How sure it would be of an outage had the group said nothing.
    """

    group: WitnessGroup
    added_milli: SignedCount
    without_ppm: SharePpm


class EvidenceCard(msgspec.Struct, frozen=True, kw_only=True):
    """Why an incident is believed as much as it is: contributions that add up.

    Attributes:
        log_odds_milli: Log-odds of an outage now, thousandths of a natural log: `base_milli` and all contributions.
        base_milli: What is believed before anybody speaks, what time has changed, and what further places add.
        contributions: By group of witnesses, the greatest first.
        rival: What else would explain it best: `normal`, `chatter`, `probe`, `load`, `campaign` or `busy`.
    """

    log_odds_milli: SignedCount
    base_milli: SignedCount
    contributions: Annotated[tuple[GroupContribution, ...], Meta(max_length=3)] = ()
    rival: Rival | None = None
