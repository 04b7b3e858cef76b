"""Settings of CORRELATE: every number with its unit, its reason and its source.

They are documented constants, not fitted ones: where a number comes from a study,
a law or an outage on record, its sentence says so; where it is a judgement, too.
`tocsin config example` prints these sentences beside the defaults.
"""

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, Final

from pipeline.records.errors import ConfigError
from pipeline.reference.belief import NAMED

ACCEPTED_MIN: Final = 0.0001
ACCEPTED_MAX: Final = 100.0
"""False incidents of a service in 30 days: one in eight hundred years, and three a day."""


def _positive(part: object, section: str) -> None:
    """Every number of a section must be above 0, which also refuses nan."""
    wrong = [
        f"correlate.{section}.{setting.name} = {value!r}: must be a number above 0; the default is {setting.default!r}"
        for setting, value in _numbers(part)
        if not value > 0
    ]
    if wrong:
        raise ConfigError("\n".join(wrong))


def _numbers(part: object) -> Iterator[tuple[Field[Any], float]]:
    for setting in fields(part):  # type: ignore[arg-type]  # a settings dataclass, as its callers are
        value = getattr(part, setting.name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield setting, value


def _acceptable(per_month: Mapping[str, float], by_night: float) -> None:
    """False incidents that are accepted are of services that there are, and neither none nor many."""
    name = "correlate.confirm.false_incidents_per_month"
    wrong = [f"{name}.{word}: must be one of {', '.join(NAMED)}" for word in sorted(per_month) if word not in NAMED]
    wrong += [
        f"{name}.{word} = {given!r}: must be {ACCEPTED_MIN} to {ACCEPTED_MAX} in 30 days; nobody can promise none"
        for word, given in sorted(per_month.items())
        if not ACCEPTED_MIN <= given <= ACCEPTED_MAX
    ]
    if not 0.01 <= by_night <= 100.0:
        wrong.append(f"correlate.confirm.night_accepts = {by_night!r}: must be 0.01 to 100; the default is 1.0")
    if wrong:
        raise ConfigError("\n".join(wrong))


@dataclass(frozen=True, slots=True, kw_only=True)
class BordersConfig:
    """When do two anomalies belong to one outage?

    Attributes:
        radius_km: An area is near another if their centres are at most so many km apart. 65 km joins the five
            cities of NetCologne's outage of 2025-02-12; Aachen, 64 km from Cologne, sets it.
        growth_minutes: An incident may take in new places for so many minutes after it opened. The reports on
            NetCologne spread within half an hour; three hours leave room for slow feeds, and yet an incident of
            yesterday swallows nothing of today.
        onset_minutes: Places wherever they lie belong together if the same service of the same operator began to fail
            there within so many minutes. Ten is a judgement: two outages a year each meet so once in 50,000 years.
        merge_minutes: Two incidents may merge only if they opened within so many minutes of each other. The limit
            is a judgement: it keeps a chain of merges from sliding on for ever.
        region_children_min: A whole region counts as hit if at least so many of its places are. The number is a
            judgement: one place is only itself.
        nation_children_min: A whole nation counts as hit if at least so many of its regions are. The number is a
            judgement: two regions may be chance, three are not.
        bound_children_min: Incidents of places far apart are one if an area above them stands out and at least so
            many of its parts are hit. DETECT's sums stand out whenever a part does, so two say nothing.
        named_share_ppm: An incident of which only the nation's sum stands out is in the place that this share of the
            people names, in millionths. Nine in ten is a judgement: some name none, and a rumour names several.
        named_people_min: It takes so many people who name the place. Four is where DETECT hears people at all.
        channels_min: From so many TV channels on the outage is one of TV and not of a channel. The number is a
            judgement.
    """

    radius_km: float = 65.0
    growth_minutes: int = 180
    onset_minutes: int = 10
    merge_minutes: int = 60
    region_children_min: int = 2
    nation_children_min: int = 3
    bound_children_min: int = 3
    named_share_ppm: int = 900_000
    named_people_min: int = 4
    channels_min: int = 3

    def __post_init__(self) -> None:
        """Refuse numbers that are not above 0."""
        _positive(self, "borders")


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleConfig:
    """How long must evidence last or be missing before an incident changes its state?

    Opening and closing have conditions of their own, so that nothing flaps. Where no source is named, the
    default is a judgement.

    Attributes:
        quiet_minutes: A confirmed incident is recovering after so many minutes without evidence. 15 is longer than
            the longest gap between posts of one wave in the study of 2012.
        suspected_quiet_minutes: A suspected incident is dismissed after so many minutes without evidence. It gets
            twice the patience of a confirmed one, since three posts at night come slowly.
        suspected_hours: A suspected incident is dismissed after so many hours if nothing has confirmed it by then. Six
            is a judgement: a suspicion that lives for days meets a second witness by chance, and takes in what comes.
        emergency_quiet_minutes: An incident with emergency claims counts as quiet after so many minutes without
            evidence. Claims are few, so a short silence says little.
        people_quiet_minutes: A confirmed incident that no figure showed, with claims or without, counts as quiet after
            so many minutes without evidence, unless its operator said that it is over: people tire of complaining,
            and who cannot call for help says so once. Three hours is a judgement.
        people_back_minutes: The same where at least `people_back_min` people of its places have said since the latest
            evidence that all is well again, and no figure tells. 45 is a judgement: three times as long as where
            figures tell, as some are back before others.
        people_back_min: So many people must say it, or as many as it has places, if these are more; one or two may have
            restarted a router.
        official_minutes: Where no figure showed the outage, an operator's word that it is down holds the all-clear
            back for so many minutes, or until it says that it is over. As long as people's word: operators speak anew
            every hour or two while it lasts.
        hold_minutes: A recovering incident is resolved after so many minutes without a relapse.
        reopen_minutes: Evidence within so many minutes after the resolution reopens the same incident.
        blind_hours: A silent feed that gave evidence holds the all-clear back for at most so many hours.
        age_days: An incident older than so many days is closed; what goes on opens a new one.
        dismissed_hours: After a person dismissed an incident, the same evidence opens nothing for so many hours.
    """

    quiet_minutes: int = 15
    suspected_quiet_minutes: int = 30
    suspected_hours: int = 6
    emergency_quiet_minutes: int = 30
    people_quiet_minutes: int = 180
    people_back_minutes: int = 45
    people_back_min: int = 3
    official_minutes: int = 180
    hold_minutes: int = 15
    reopen_minutes: int = 60
    blind_hours: int = 24
    age_days: int = 7
    dismissed_hours: int = 6

    def __post_init__(self) -> None:
        """Refuse numbers that are not above 0."""
        _positive(self, "lifecycle")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmConfig:
    """How sure must it be that there is an outage?

    Both are probabilities of one account of evidence, in which figures of the network, those who turn to the
    operator and those who speak in public add up against every other explanation.

    Attributes:
        suspect_from: An incident opens from this probability on. One in two is a judgement: a suspicion wakes nobody.
        suspect_measured_from: The same where figures of the network speak for it. Three in ten is a judgement: it wins
            a minute in every second outage; of what people alone say so unsurely hardly anything comes true.
        confirm_from: A suspicion becomes a fact from this probability on. Nine in ten is a judgement: what is
            confirmed is told to customers.
        confirm_unmeasured_from: The same where people alone speak for it, if that is more. On tuning worlds what
            stayed between nine in ten and this was a second incident about one outage, or an operator that was only
            blamed; real ones went beyond it.
        false_incidents_per_month: How many confirmed incidents about nothing are accepted of a service, in 30 days of
            one operator, such as `{ emergency=0.02, tv=0.001 }`; `other` is what names no service. It moves all four
            bars: twice as many as belief.toml of the reference lets expect mean bars at half the odds. A service that
            is not named keeps the bars as they are set.
        night_accepts: From 22 to 6 o'clock, by the market's clock, this part of it is accepted, 0.01 to 100; 0.5 is
            half as many in an hour of the night as in one of the day. 1 is a judgement: outages do not sleep.
    """

    suspect_from: float = 0.5
    suspect_measured_from: float = 0.3
    confirm_from: float = 0.9
    confirm_unmeasured_from: float = 0.93
    false_incidents_per_month: Mapping[str, float] = field(default_factory=dict)
    night_accepts: float = 1.0

    def __post_init__(self) -> None:
        """Refuse bars that are no probabilities or in the wrong order, and what nobody can accept."""
        _positive(self, "confirm")
        _acceptable(self.false_incidents_per_month, self.night_accepts)
        if not self.suspect_from <= self.confirm_from < 1.0:
            name = "correlate.confirm.confirm_from"
            raise ConfigError(f"{name} = {self.confirm_from!r}: must be suspect_from to below 1; the default is 0.9")
        if not self.confirm_unmeasured_from < 1.0:
            name, given = "correlate.confirm.confirm_unmeasured_from", self.confirm_unmeasured_from
            raise ConfigError(f"{name} = {given!r}: must be below 1; the default is 0.93")
        if not self.suspect_measured_from <= self.suspect_from:
            name = "correlate.confirm.suspect_measured_from"
            raise ConfigError(
                f"{name} = {self.suspect_measured_from!r}: must be at most suspect_from; the default is 0.3"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyConfig:
    """How many people must say that emergency calls fail?

    One ticket is enough (Optus, 18 September 2025: the first caller was not heard).

    Attributes:
        window_minutes: Claims count together within so many minutes. Half an hour is a judgement.
        people_min: Claims in public are believed from so many different people on. Two is the least that is no
            single joker, if their texts are nine in ten sure each, or as sure together; a ticket needs no second. Those
            in doubt that are likelier true than not add to a sure one as much as they are probable, and with them, or
            of people who are less sure, it takes the weight of one person more.
        doubts_per_misread: For so many texts in doubt that are no claims, one more is taken for a sure claim. The more
            are in doubt within the window, the more people in public it takes: three from ten doubts on, ten from
            seventy. 20 is what made-up days of warnings say (docs/lifecycle.md).
        question_hours: A question about claims that make no alarm ends after so many hours if nobody answers it. A day
            is a judgement: every shift has seen it.
    """

    window_minutes: int = 30
    people_min: int = 2
    doubts_per_misread: int = 20
    question_hours: int = 24

    def __post_init__(self) -> None:
        """Refuse numbers that are not above 0."""
        _positive(self, "emergency")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityConfig:
    """How bad is an outage, by the customers affected?

    Attributes:
        critical_customers: An outage that is general or not geographic is critical from so many customers on. 100,000
            services are "major" in Australia's law; that they are some towns' alone is not yet our word critical.
        critical_customer_hours: Any outage is critical from so many hours of customers without service on. One million
            is, to our knowledge, from where on ENISA's guideline on reporting counts an incident in a country of any
            size; we take it as a judgement.
        major_customers: An outage is major from so many customers on. 10,000 is a town.
        minor_customers: An outage is minor from so many customers on. 1,000 is Australia's bar for a significant
            local outage.
        general_share_ppm: An outage is general, and so major, if this share of an operator's customers is hit, in
            millionths. Half of them is a judgement.
        general_regions: It is general as well if it shows in so many regions. Five is a judgement: three cities of
            three regions hang on one cable.
        isolated_people: An outage of one place is isolated up to so many complaints. Ten is a judgement: a street
            or a house.
    """

    critical_customers: int = 100_000
    critical_customer_hours: int = 1_000_000
    major_customers: int = 10_000
    minor_customers: int = 1_000
    general_share_ppm: int = 500_000
    general_regions: int = 5
    isolated_people: int = 10

    def __post_init__(self) -> None:
        """Refuse numbers that are not above 0."""
        _positive(self, "severity")


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateConfig:
    """How long will an outage take, before anything better is known?

    The prior is log-normal, from a provider's own record of past incidents (Shaw): half were over after 178
    minutes, 10 % after 64, 90 % after 594. It knows nothing of cause, operator or hour, and stands in where the
    reference has no table of lengths (durations.toml).

    Attributes:
        median_minutes: Half of all outages are over after so many minutes (Shaw).
        spread: The logarithm of an outage's length has this standard deviation, without a unit. It is the mean of
            both sides of Shaw's record: (ln(594/178) + ln(178/64)) / 2 / 1.2816.
        prolonged_minutes: An outage that lasts longer than so many minutes is prolonged. Four hours is where
            StatusGator's grade F begins.
        start_minutes_max: The start of an outage is never guessed further back from its first anomaly than so many
            minutes. An hour is a judgement: a slow decline further back is not this outage.
        moved_minutes: A new estimate of the end is published if it is later by more than so many minutes. Half an
            hour is a judgement: less changes nobody's plans.
    """

    median_minutes: float = 178.0
    spread: float = 0.869
    prolonged_minutes: int = 240
    start_minutes_max: int = 60
    moved_minutes: int = 30

    def __post_init__(self) -> None:
        """Refuse numbers that are not above 0."""
        _positive(self, "estimate")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelateConfig:
    """All settings of CORRELATE.

    Attributes:
        borders: When do two anomalies belong to one outage?
        lifecycle: How long must evidence last or be missing before an incident changes its state?
        confirm: What makes a suspicion a fact?
        emergency: How many people must say that emergency calls fail?
        severity: How bad is an outage, by the customers affected?
        estimate: How long will an outage take, before anything better is known?
        publish_seconds: Changes of less weight (one more area, twice the evidence) are published at most once in so
            many seconds. A minute is a judgement: a page that changes faster is not read.
        area_back_minutes: An area without evidence for so many minutes is back while others are not. It is as long
            as `lifecycle.quiet_minutes`: an area is treated as an incident of its own would be.
        content_symptoms: These symptoms of a TV channel point at rights or schedule, not at the network.
    """

    borders: BordersConfig = field(default_factory=BordersConfig)
    lifecycle: LifecycleConfig = field(default_factory=LifecycleConfig)
    confirm: ConfirmConfig = field(default_factory=ConfirmConfig)
    emergency: EmergencyConfig = field(default_factory=EmergencyConfig)
    severity: SeverityConfig = field(default_factory=SeverityConfig)
    estimate: EstimateConfig = field(default_factory=EstimateConfig)
    publish_seconds: int = 60
    area_back_minutes: int = 15
    content_symptoms: tuple[str, ...] = ("rights", "wrong_programme")

    def __post_init__(self) -> None:
        """Refuse numbers that are not above 0."""
        _positive(self, "publish")


# What bounds the memory of a market, and why.
INCIDENTS_MAX: Final = 128
"""Open at once: the worst day on record (a storm over a nation) had some dozens per operator."""
EVIDENCE_MAX: Final = 96
"""Series kept of an incident; the weakest goes, and is counted."""
ELEMENTS_MAX: Final = 4
"""So many network elements may stand out together for one of them to be suspected: a pair, and the pair that it feeds.
A judgement."""
AREAS_KEPT_MAX: Final = 160
"""Areas kept of an incident: more than any nation has districts of one operator's outage worth naming."""
ANOMALIES_MAX: Final = 2_000
"""Anomalies worked of one pane; the least surprising go, with a decision."""
MEASURED_MAX: Final = 2_048
"""Places with figures remembered of a market, all operators together: more than a nation has districts of four of them.
The first stay."""
RELAPSES_MAX: Final = 3
"""Each relapse makes the next quiet longer by its own length, up to four times: flapping dies out."""
CLAIMS_MAX: Final = 512
"""Emergency claims remembered, the latest."""
QUESTIONS_MAX: Final = 64
"""Questions that wait for a person's word, and answers remembered: nobody reads more in a day."""
VOICES_MAX: Final = 64
"""Writers and texts remembered of a question, the latest: a repeat of one is not counted."""
OFFICIALS_MAX: Final = 64
"""Official posts remembered, the latest: an incident opened later finds the operator's first word."""
WINDOWS_MAX: Final = 256
"""Standing silences and maintenance windows, those aside that are to change what is usual (`LEVEL_WORKS_MAX`)."""
WEIGHINGS_MAX: Final = 4_096
"""Hot places and services kept of a market."""
SILENT_MAX: Final = 512
"""Silent feeds remembered."""
PEOPLE_MAX: Final = 64
"""People remembered who claim that emergency numbers are dead; more change nothing."""
