"""The evidence card of an incident: why it is believed as much as it is, in contributions that add up."""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from pipeline.records.vocabulary import SharePpm, SignedCount

WitnessGroup = Literal["network", "care", "public"]
"""Groups of witnesses: figures, those who turn to the operator, those who post."""

Rival = Literal["normal", "chatter", "probe", "load", "campaign", "busy"]
"""What else would explain what is seen: nothing, a scandal, an instrument that lies, a bill, few who write for many."""


ExplanationKind = Literal[
    "fault",
    "degradation",
    "content",
    "planned",
    "normal",
    "chatter",
    "rumour",
    "other_company",
    "load",
    "campaign",
    "busy",
    "probe",
    "feed",
]
"""Everything that would explain what is seen. Four kinds of outage: a fault, service that gets worse, a dispute about
content, work that was planned. The rest is none: beside rivals something untrue that goes round, what fails of another
company, and a feed that says something wrong as it dies."""

WitnessSource = Literal["telemetry", "tickets", "calls", "mentions", "official", "commands"]
"""Sources of what is known of an incident: figures, who turns to the operator, who posts; and two whose word settles it
whatever the account says, the operator's own and that of a person who gave an order."""

BaseName = Literal["prior", "places", "table", "rest"]
"""What belief is made of beside the sources."""


EXPLANATIONS_MAX: Final = 8
"""The likeliest of thirteen, for the room: beyond these hardly anything is left."""


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


class SourceContribution(msgspec.Struct, frozen=True, kw_only=True):
    """What one source adds to the belief in an incident.

    Attributes:
        source: `tickets` and `calls` are the group `care`; `official` and `commands` settle and add nothing.
        added_milli: Its part of what its group added: tickets and calls are of the same people, so their mean counts.
        without_ppm: How sure it would be of an outage had the source said nothing: all places are weighed anew.
    """

    source: WitnessSource
    added_milli: SignedCount
    without_ppm: SharePpm


class BasePart(msgspec.Struct, frozen=True, kw_only=True):
    """What belief is made of beside the sources.

    Attributes:
        name: `prior`, before anybody speaks; `places`, what further places and services add; `table`, how often what
            the account says came true; `rest`, what time has taken back, what is explained otherwise, and what several
            places said alike.
        added_milli: Its part of the log-odds, thousandths of a natural log.
    """

    name: BaseName
    added_milli: SignedCount


class RivalShare(msgspec.Struct, frozen=True, kw_only=True):
    """Another explanation, and how likely it is.

    Attributes:
        rival: What else would explain what is seen.
        share_ppm: Its probability, of all explanations.
    """

    rival: Rival
    share_ppm: SharePpm


class ExplanationShare(msgspec.Struct, frozen=True, kw_only=True):
    """One explanation of what is seen, and how likely it is.

    Attributes:
        kind: What it would be.
        share_ppm: Its probability; all explanations together are one.
    """

    kind: ExplanationKind
    share_ppm: SharePpm


class EvidenceCard(msgspec.Struct, frozen=True, kw_only=True):
    """Why an incident is believed as much as it is: contributions that add up.

    `log_odds_milli` is `base_milli` and all `contributions`; it is all parts of `base` and all `sources` as well.

    Attributes:
        log_odds_milli: Log-odds of an outage now, thousandths of a natural log.
        base_milli: What is believed before anybody speaks, what time has changed, and what further places add.
        contributions: By group of witnesses, the greatest first.
        rival: What else would explain it best: `normal`, `chatter`, `probe`, `load`, `campaign` or `busy`.
        outage_ppm: Probability of an outage now: the log-odds as a share; None in records of earlier versions, as are
            no parts, sources and rivals.
        base: The parts of `base_milli`.
        sources: By source, the greatest first; who has said nothing is left out.
        rivals: Other explanations of one in a thousand or more, the likeliest first.
        explanations: The likeliest of one in a thousand or more, the likeliest first: kinds of outage and all else,
            by what CORRELATE knows beside the account as well. Together they are one; empty in records of before.
    """

    log_odds_milli: SignedCount
    base_milli: SignedCount
    contributions: Annotated[tuple[GroupContribution, ...], Meta(max_length=3)] = ()
    rival: Rival | None = None
    outage_ppm: SharePpm | None = None
    base: Annotated[tuple[BasePart, ...], Meta(max_length=4)] = ()
    sources: Annotated[tuple[SourceContribution, ...], Meta(max_length=6)] = ()
    rivals: Annotated[tuple[RivalShare, ...], Meta(max_length=6)] = ()
    explanations: Annotated[tuple[ExplanationShare, ...], Meta(max_length=EXPLANATIONS_MAX)] = ()
