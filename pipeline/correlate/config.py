"""Settings of CORRELATE: every number with its unit, its reason and its source.

They are documented constants, not fitted ones: the back-test of a later issue
may move them, and then says so here.
"""

from collections.abc import Iterator
from dataclasses import Field, dataclass, field, fields
from typing import Any, Final

from pipeline.records.errors import ConfigError


def _positive(part: object, section: str) -> None:
    """Every number of a section must be above 0, which also refuses nan."""
    wrong = [
        f"correlate.{section}.{one.name} = {value!r}: must be a number above 0; the default is {one.default!r}"
        for one, value in _numbers(part)
        if not value > 0
    ]
    if wrong:
        raise ConfigError("\n".join(wrong))


def _numbers(part: object) -> Iterator[tuple[Field[Any], float]]:
    for one in fields(part):  # type: ignore[arg-type]  # a settings dataclass, as its callers are
        value = getattr(part, one.name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield one, value


@dataclass(frozen=True, slots=True, kw_only=True)
class BordersConfig:
    """When do two anomalies belong to one outage?

    Attributes:
        radius_km: Largest distance from an area to its nearest neighbour. 65 km joins the
            five cities of NetCologne's outage of 2025-02-12; Aachen, 64 km from Cologne, sets it.
        growth_minutes: How long after its start an incident may take in new places. The NetCologne
            reports spread within half an hour; three hours leave room for slow feeds, and yet an
            incident of yesterday swallows nothing of today.
        merge_minutes: Two incidents merge only if they began within this time of each other,
            so that a chain of merges cannot slide on for ever.
        region_children_min: A region is part of an incident if this many of its places are: climb only then.
        nation_children_min: Likewise for a nation: two regions may be chance, three are not.
        bound_children_min: Incidents of places far apart are one if an area above them stands out and has this
            many of them. DETECT's sums stand out whenever a part does, so two say nothing.
        channels_min: From this many TV channels on it is TV, not a channel.
    """

    radius_km: float = 65.0
    growth_minutes: int = 180
    merge_minutes: int = 60
    region_children_min: int = 2
    nation_children_min: int = 3
    bound_children_min: int = 3
    channels_min: int = 3

    def __post_init__(self) -> None:
        """Check."""
        _positive(self, "borders")


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleConfig:
    """Opening and closing have conditions of their own, so that nothing flaps.

    Attributes:
        quiet_minutes: Without evidence for this long, a confirmed incident is recovering. Longer than
            the longest gap between posts of one wave in the study of 2012.
        suspected_quiet_minutes: And a suspected one is dismissed: three posts at night deserve patience.
        emergency_quiet_minutes: Where emergency calls are concerned: claims are few, so silence says little.
        hold_minutes: Recovering this long before it counts as resolved.
        reopen_minutes: A relapse within this time after resolution is the same incident.
        blind_hours: A silent feed holds the all-clear back, but no longer than this.
        age_days: An incident older than this is closed; what goes on opens a new one, linked.
        dismissed_hours: A person's dismissal silences the same evidence for this long.
    """

    quiet_minutes: int = 15
    suspected_quiet_minutes: int = 30
    emergency_quiet_minutes: int = 30
    hold_minutes: int = 15
    reopen_minutes: int = 60
    blind_hours: int = 24
    age_days: int = 7
    dismissed_hours: int = 6

    def __post_init__(self) -> None:
        """Check."""
        _positive(self, "lifecycle")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmConfig:
    """What makes a suspicion a fact.

    Attributes:
        corroboration_minutes: Two kinds of sources count together if both spoke within this time.
        telemetry_surprise: Telemetry alone confirms from this -log10 p on: one in 10^6 steps, that is
            one in 116 days of panes, if two figures or `telemetry_areas` places show it, sustained for
        telemetry_seconds: so long, three steps of DETECT, by series that were
        learnt_hours: listened to for so long. Three days: before, a Saturday or a holiday may be all there is to it.
        telemetry_areas: Places, none of which holds another.
        tickets_people: Customers who complained to the operator itself, without any post or reading.
        tickets_minutes: Over at least this time.
        posts_people: Authors of posts alone. Fifty posts of one source are a rumour or a joke as often as
            an outage (NTT found 94 false alarms for 6 outages by keywords), so they must also last
        posts_minutes: this long and come from
        posts_areas: this many places; or, where no post names a place, be
        unplaced_people: this many authors, who last
        unplaced_minutes: this long.
        official_words: Stems by which an operator's own post admits a fault, in three languages.
    """

    corroboration_minutes: int = 30
    telemetry_surprise: float = 6.0
    telemetry_seconds: int = 180
    learnt_hours: int = 72
    telemetry_areas: int = 2
    tickets_people: int = 20
    tickets_minutes: int = 5
    posts_people: int = 50
    posts_minutes: int = 15
    posts_areas: int = 2
    unplaced_people: int = 200
    unplaced_minutes: int = 30
    official_words: tuple[str, ...] = (
        "störung", "stoerung", "ausfall", "beeinträchtig", "einschränkung", "gestört", "entstör",
        "panne", "incident", "perturb", "coupure", "dysfonctionnement", "interruption", "rétabli",
        "outage", "disruption", "issue", "problem", "fault", "difficult", "restored", "service is back",
    )  # fmt: skip

    def __post_init__(self) -> None:
        """Check."""
        _positive(self, "confirm")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyConfig:
    """One ticket or two independent people are enough (Optus, 18 September 2025).

    Attributes:
        window_minutes: Claims count together within this time.
        people_min: Distinct people among posts; a ticket needs no second.
    """

    window_minutes: int = 30
    people_min: int = 2

    def __post_init__(self) -> None:
        """Check."""
        _positive(self, "emergency")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityConfig:
    """Severity from customers affected.

    Attributes:
        critical_customers: 100,000 services are "major" in Australia's law, our word for it is critical.
        major_customers: A town.
        minor_customers: 1,000, Australia's bar for a significant local outage.
        general_share_ppm: Where this part of an operator's customers is hit, it is general and major.
        isolated_people: Up to so many complaints in one place are isolated.
    """

    critical_customers: int = 100_000
    major_customers: int = 10_000
    minor_customers: int = 1_000
    general_share_ppm: int = 500_000
    isolated_people: int = 10

    def __post_init__(self) -> None:
        """Check."""
        _positive(self, "severity")


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateConfig:
    """How long it will take, before anything better is known.

    A log-normal prior from a provider's own record of past incidents (Shaw): half were over
    after 178 minutes, 10 % after 64, 90 % after 594. Its spread is the mean of both
    sides'. Plain: it knows nothing of cause, operator or hour.

    Attributes:
        median_minutes: Half of all outages are shorter.
        spread: Standard deviation of the logarithm: (ln(594/178) + ln(178/64)) / 2 / 1.2816.
        prolonged_minutes: Longer is "prolonged": four hours, where StatusGator's grade F begins.
        start_minutes_max: The start is never guessed further back from the first anomaly than this.
        moved_minutes: An estimate is told anew if it moved by more than this.
    """

    median_minutes: float = 178.0
    spread: float = 0.869
    prolonged_minutes: int = 240
    start_minutes_max: int = 60
    moved_minutes: int = 30

    def __post_init__(self) -> None:
        """Check."""
        _positive(self, "estimate")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelateConfig:
    """All settings of CORRELATE.

    Attributes:
        publish_seconds: What matters less (one more area, twice the evidence) is published at most this often.
        area_back_minutes: An area without evidence for this long is back, while others are not.
        content_symptoms: Symptoms that point at rights or schedule, not at the network.
    """

    borders: BordersConfig = field(default_factory=BordersConfig)
    lifecycle: LifecycleConfig = field(default_factory=LifecycleConfig)
    confirm: ConfirmConfig = field(default_factory=ConfirmConfig)
    emergency: EmergencyConfig = field(default_factory=EmergencyConfig)
    severity: SeverityConfig = field(default_factory=SeverityConfig)
    estimate: EstimateConfig = field(default_factory=EstimateConfig)
    publish_seconds: int = 60
    area_back_minutes: int = 15
    content_symptoms: tuple[str, ...] = ("rights", "wrong_programme", "schedule", "blackout_rights")

    def __post_init__(self) -> None:
        """Check."""
        _positive(self, "publish")


# What bounds the memory of a market, and why.
INCIDENTS_MAX: Final = 128
"""Open at once: the worst day on record (a storm over a nation) had some dozens per operator."""
EVIDENCE_MAX: Final = 96
"""Series kept of an incident; the weakest goes, and is counted."""
AREAS_KEPT_MAX: Final = 160
"""Areas kept of an incident: more than any nation has districts of one operator's outage worth naming."""
ANOMALIES_MAX: Final = 2_000
"""Anomalies worked of one pane; the least surprising go, with a decision."""
RELAPSES_MAX: Final = 3
"""Each relapse makes the next quiet longer by its own length, up to four times: flapping dies out."""
CLAIMS_MAX: Final = 512
"""Emergency claims remembered, the latest."""
OFFICIALS_MAX: Final = 64
"""Official posts remembered, the latest: an incident opened later finds the operator's first word."""
WINDOWS_MAX: Final = 256
"""Standing silences and maintenance windows."""
SILENT_MAX: Final = 512
"""Silent feeds remembered."""
COMMANDS_MAX: Final = 4_096
"""Command ids remembered, the latest: a repeat changes nothing."""
PEOPLE_MAX: Final = 64
"""People remembered who claim that emergency numbers are dead; more change nothing."""
