"""How people are told by market: first word, cadence, promised end, apology, closing.

A profile is a row of a file, since what a regulator or a code of practice asks differs by country. Its paces are
rows, too: the first that holds for an audience and a severity counts. What a rule asks stands beside them, so
that neither a profile nor a setting can be slower than the rule unnoticed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Annotated, Final, get_args

import msgspec

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.errors import ConfigError
from pipeline.records.vocabulary import Audience, Key, Market, Severity, Words

PACES_MAX: Final = 16

Minutes = Annotated[int, msgspec.Meta(ge=0, le=10_080)]
"""0 to a week."""

AUDIENCES: Final[tuple[Audience, ...]] = get_args(Audience)
SEVERITIES: Final = (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR, Severity.WARNING)


class Pace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Minutes for some audiences and severities.

    Attributes:
        minutes: How many.
        audiences: To whom; empty means all.
        severities: The incident is one of these; empty means any.
    """

    minutes: Annotated[int, msgspec.Meta(ge=5, le=10_080)]
    audiences: tuple[Audience, ...] = ()
    severities: tuple[Severity, ...] = ()

    def holds(self, audience: str, severity: str) -> bool:
        """Is it about this audience and severity?"""
        return (not self.audiences or audience in self.audiences) and (
            not self.severities or severity in self.severities
        )


class Ahead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long before planned work some audiences are told.

    Attributes:
        minutes: How many minutes before it begins.
        audiences: To whom; empty means all.
    """

    minutes: Annotated[int, msgspec.Meta(ge=60, le=43_200)]
    audiences: tuple[Audience, ...] = ()


Paces = Annotated[tuple[Pace, ...], msgspec.Meta(max_length=PACES_MAX)]


class CommunicationProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How people of a market are told. What a row leaves out is as in the default.

    Attributes:
        profile: Names it.
        source: Where its numbers stand.
        markets: Countries of its incidents; empty means all that no other profile names.
        first_word: A first word is due so long after confirmation.
        cadence: An audience hears from us so often at least.
        asked: What a rule asks: no pace of `cadence`, and no setting, may be slower.
        end_after_minutes: An estimated end is told so long after confirmation at the earliest.
        apology_minutes: An outage of so many minutes is apologised for in a text of its own.
        closing_minutes: The all-clear is due so long after it was drafted.
        planned_ahead: Planned work is announced so long before it begins; at once if it is nearer.
        grade_minutes: Below so many minutes from the start a first word has grade A, B, C and D; else F.
    """

    profile: Key
    source: Words
    markets: tuple[Market, ...] = ()
    first_word: Paces = (Pace(minutes=10),)
    cadence: Paces = (Pace(minutes=240, audiences=("content_provider",)), Pace(minutes=60))
    asked: Paces = ()
    end_after_minutes: Minutes = 15
    apology_minutes: Annotated[int, msgspec.Meta(ge=1, le=10_080)] = 30
    closing_minutes: Minutes = 10
    planned_ahead: Annotated[tuple[Ahead, ...], msgspec.Meta(max_length=PACES_MAX)] = (
        Ahead(minutes=10_080, audiences=("business_customers",)),
        Ahead(minutes=2_880),
    )
    grade_minutes: tuple[Minutes, Minutes, Minutes, Minutes] = (15, 30, 120, 240)


DEFAULT_PROFILE: Final = CommunicationProfile(
    profile="default", source="Six in ten customers expect help within the hour; the others are judgements."
)
"""Holds in each market that no profile names."""


def pace_of(paces: Iterable[Pace], audience: str, severity: str) -> int | None:
    """Minutes of the first pace that holds for an audience and a severity; None if none does.

    Args:
        paces: Rows in their order.
        audience: To whom.
        severity: How grave the incident is.

    >>> pace_of(DEFAULT_PROFILE.cadence, "content_provider", "minor"), pace_of((), "customers", "minor")
    (240, None)
    """
    return next((pace.minutes for pace in paces if pace.holds(audience, severity)), None)


def profiles_of(rows: Iterable[CommunicationProfile]) -> tuple[CommunicationProfile, ...]:
    """Check the rows, each by itself and against each other.

    Raises:
        ConfigError: Lists every mistake.
    """
    profiles = tuple(rows)
    problems = [*_stated_twice(profiles)]
    for profile in profiles:
        problems += [f"profile {profile.profile!r}: {problem}" for problem in _problems_of(profile)]
    if problems:
        raise ConfigError("\n".join(problems))
    return profiles


def profile_for(market: str, profiles: Iterable[CommunicationProfile]) -> CommunicationProfile:
    """The profile that holds in a market: that which names it, else the one that names none, else the default.

    >>> profile_for("AT", ()).profile
    'default'
    """
    known = tuple(profiles)
    named = next((profile for profile in known if market in profile.markets), None)
    return named or next((profile for profile in known if not profile.markets), DEFAULT_PROFILE)


def _stated_twice(profiles: tuple[CommunicationProfile, ...]) -> Iterator[str]:
    names = Counter(profile.profile for profile in profiles)
    yield from (f"profile {name!r}: stated twice; must be stated once" for name in sorted(names) if names[name] > 1)
    markets = Counter(market for profile in profiles for market in profile.markets or ("",))
    for market in sorted(market for market, count in markets.items() if count > 1):
        holders = [repr(profile.profile) for profile in profiles if market in (profile.markets or ("",))]
        words = f"market {market}" if market else "all other markets"
        yield f"profiles {', '.join(holders)}: all hold for {words}; one must"


def _problems_of(profile: CommunicationProfile) -> Iterator[str]:
    for name, paces in (("first_word", profile.first_word), ("cadence", profile.cadence)):
        if not paces or paces[-1].audiences or paces[-1].severities:
            yield f"{name}: its last pace must hold for every audience and severity, so name neither in it"
        for number, pace in enumerate(paces[:-1], start=1):
            if not (pace.audiences or pace.severities):
                yield f"{name}: pace {number} holds for all, so nothing after it counts; put it last"
    yield from _problems_of_ahead(profile.planned_ahead)
    if list(profile.grade_minutes) != sorted(set(profile.grade_minutes)):
        yield f"grade_minutes = {list(profile.grade_minutes)}: must rise"
    yield from slower_than_asked(profile, {})


def _problems_of_ahead(rows: tuple[Ahead, ...]) -> Iterator[str]:
    if not rows or rows[-1].audiences:
        yield "planned_ahead: its last row must hold for every audience, so name none in it"
    for number, row in enumerate(rows[:-1], start=1):
        if not row.audiences:
            yield f"planned_ahead: row {number} holds for all, so nothing after it counts; put it last"


def slower_than_asked(profile: CommunicationProfile, settings: dict[str, int]) -> Iterator[str]:
    """Where an audience hears less often than a rule asks; each pace is told once.

    Args:
        profile: Its cadence and what is asked.
        settings: By audience, the minutes that a setting puts in place of the profile's.
    """
    told: set[tuple[str, int]] = set()
    for audience, severity in product(AUDIENCES, SEVERITIES):
        asked = pace_of(profile.asked, audience, severity)
        often = settings.get(audience) or pace_of(profile.cadence, audience, severity)
        if asked is not None and often is not None and often > asked and (audience, often) not in told:
            told.add((audience, often))
            yield f"{audience} hear every {often} min, and the rule asks for {asked}: must be {asked} or less"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunicationClock:
    """How soon and how often people of a market are told.

    Attributes:
        profile: What holds in the market.
        cadence: By audience, minutes that a setting puts in place of the profile's.
        others: By name of a setting, minutes likewise.
    """

    profile: CommunicationProfile = DEFAULT_PROFILE
    cadence: Mapping[str, int] = field(default_factory=dict)
    others: Mapping[str, int] = field(default_factory=dict)

    def cadence_ms(self, audience: str, severity: str) -> int:
        """How often an audience hears from us, ms.

        Args:
            audience: To whom.
            severity: How grave the incident is.
        """
        minutes = self.cadence.get(audience) or pace_of(self.profile.cadence, audience, severity)
        return (minutes or 60) * MINUTE_MS

    def first_word_ms(self, audience: str, severity: str) -> int:
        """So long after confirmation a first word is due, ms.

        Args:
            audience: To whom.
            severity: How grave the incident is.
        """
        minutes = self.others.get("acknowledge_minutes") or pace_of(self.profile.first_word, audience, severity)
        return (minutes or 10) * MINUTE_MS

    def ahead_ms(self, audience: str) -> int:
        """So long before planned work begins an audience is told, ms.

        Args:
            audience: To whom.
        """
        rows = self.profile.planned_ahead
        return next(row.minutes for row in rows if not row.audiences or audience in row.audiences) * MINUTE_MS

    @property
    def end_after_ms(self) -> int:
        """So long after confirmation an estimated end is told at the earliest, ms."""
        return self.others.get("end_after_minutes", self.profile.end_after_minutes) * MINUTE_MS

    @property
    def apology_ms(self) -> int:
        """An outage of this length is apologised for, ms."""
        return self.others.get("apology_minutes", self.profile.apology_minutes) * MINUTE_MS

    @property
    def closing_ms(self) -> int:
        """So long after it was drafted an all-clear is due, ms."""
        return self.others.get("closing_minutes", self.profile.closing_minutes) * MINUTE_MS

    def problems(self) -> list[str]:
        """Where a setting is slower than what a rule asks."""
        where = f"respond.cadence_minutes, profile {self.profile.profile!r}"
        return [f"{where}: {problem}" for problem in slower_than_asked(self.profile, dict(self.cadence))]
