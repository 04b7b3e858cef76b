"""Settings of RESPOND: to whom, where, and who answers for the words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pipeline.records.errors import ConfigError
from pipeline.records.published.people import SUMMARY_LANGUAGES
from pipeline.records.vocabulary import Audience, Language, NoticeKind, Outlet
from pipeline.reference.communication import CommunicationClock, CommunicationProfile, profile_for
from pipeline.reference.compensation import CompensationScheme
from pipeline.reference.regulators import ReportingRule
from pipeline.respond.failovers_config import FailoverConfig
from pipeline.respond.followups_config import FollowupConfig
from pipeline.respond.official_terms import OfficialTerms
from pipeline.respond.replies_config import ReplyConfig
from pipeline.wording.notices.warning import FindGround, nowhere
from pipeline.wording.sentences import Wording

_LEAST: Final[Mapping[str, tuple[int, int]]] = {
    "update_minutes": (1, 5),
    "moved_minutes": (1, 30),
    "all_clear_minutes": (0, 0),
    "draft_hours": (1, 24),
    "texts_max": (1, 4096),
}
"""Name of a setting to its least value and its default."""

_OF_PROFILE: Final[Mapping[str, int]] = {
    "acknowledge_minutes": 1,
    "end_after_minutes": 0,
    "apology_minutes": 1,
    "closing_minutes": 0,
}
"""Name of a setting that stands above the profiles to its least value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondConfig:
    """What a confirmed incident sets off.

    Attributes:
        acknowledge_minutes: A first word is due so many minutes after confirmation, in every market; without it as the
            market's profile says (`profiles/communication.toml`). Below 15 minutes is StatusGator's grade A, and the
            incident was found some minutes before it was confirmed.
        update_minutes: Between two words there are so many minutes at least, so that three changes in a row are one
            update. An emergency, an all-clear and a relapse after one do not wait. Five is a judgement.
        cadence_minutes: An audience hears from us so often at least, in minutes, even if nothing changed; each text
            promises the next one. An audience that is not named is told as the market's profile says. Slower than a
            rule of the market asks is refused.
        end_after_minutes: An estimated end is told so many minutes after confirmation at the earliest, unless a person
            or a planned window says it: who promises one in the first quarter of an hour has to take it back. Without
            it as the market's profile says.
        moved_minutes: An estimated end is told anew if it moved by so many minutes; less changes nobody's plans.
        all_clear_minutes: An all-clear is drafted so many minutes after the resolution, whose own hold is over by then.
        apology_minutes: An outage of so many minutes is apologised for in a text of its own once it is over; without it
            as the market's profile says.
        closing_minutes: An all-clear is due so many minutes after it was drafted; without it as the market's profile
            says.
        draft_hours: A draft that nobody has approved after so many hours expires.
        texts_max: No more than so many texts are drafted for one incident; after them only an emergency, an all-clear
            and a relapse are told. It is a week of updates on every outlet, and bounds what a flapping incident can ask
            of people.
        sent_by_rule: A text of this kind (`*` for all) on this outlet counts as sent without a person; the third word
            owns the rule. Nothing is, unless it stands here.
        warning_sender: Who a public warning (CAP) is from: a name at a domain, without a space, comma, `<` or `&`. The
            default is nobody's.
        writer: This team or person is responsible for the words of a draft.
        approver: This team or person may approve a draft; nothing goes out by itself.
        roles: Names of people by role: `{ duty-manager: [ina, omar] }`; who gives an order as the role itself has it,
            too.
        rights: Roles that may do a thing, by its name (`approve`, `edit`, `reject`); what is not named anybody may who
            has the right to write to `commands`.
        places: A draft is written for each of these pairs of audience and outlet, as far as the occasion concerns them:
            authorities hear of emergencies, a content provider of what is its own.
        failovers: Backups, and when they are switched to.
        followups: What follows while an outage lasts, and after it.
        replies: How soon who complained is answered.
    """

    acknowledge_minutes: int | None = None
    update_minutes: int = 5
    cadence_minutes: Mapping[Audience, int] = field(default_factory=dict)
    end_after_minutes: int | None = None
    moved_minutes: int = 30
    all_clear_minutes: int = 0
    apology_minutes: int | None = None
    closing_minutes: int | None = None
    draft_hours: int = 24
    texts_max: int = 4096
    sent_by_rule: tuple[tuple[str, Outlet, str], ...] = ()
    warning_sender: str = "tocsin@example.invalid"
    writer: str = "care-communication"
    approver: str = "duty-manager"
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rights: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: tuple[tuple[Audience, Outlet], ...] = (
        ("customers", "push"),
        ("customers", "web"),
        ("customers", "sms"),
        ("customers", "email"),
        ("customers", "x"),
        ("customers", "facebook"),
        ("customers", "hotline"),
        ("customers", "chat"),
        ("customers", "status_page"),
        ("business_customers", "email"),
        ("care_agents", "internal"),
        ("field_technicians", "internal"),
        ("authorities", "email"),
        ("authorities", "cap"),
        ("content_provider", "email"),
    )
    failovers: FailoverConfig = field(default_factory=FailoverConfig)
    followups: FollowupConfig = field(default_factory=FollowupConfig)
    replies: ReplyConfig = field(default_factory=ReplyConfig)

    def __post_init__(self) -> None:
        """Check."""
        problems = [
            *_too_small(self),
            *_of_profiles(self),
            *_of_cadence(self.cadence_minutes),
            *_of_sending(self.sent_by_rule),
        ]
        if not self.warning_sender or set(self.warning_sender) & set(" ,<&"):
            problems.append(
                f"warning_sender = {self.warning_sender!r}: must have no space, comma, < or &, as CAP wants it"
            )
        if problems:
            raise ConfigError("\n".join(f"respond.{problem}" for problem in problems))
        if not self.writer or not self.approver:
            raise ConfigError("respond.writer, respond.approver: must name somebody; the default is a team")
        for right, roles in sorted(self.rights.items()):
            if not roles:
                words = "must name a role, or nobody may; take the row out, and anybody may"
                raise ConfigError(f"respond.rights: {right} = []: {words}")

    def may(self, person: str, right: str) -> bool:
        """May a person do a thing?

        Args:
            person: Who gives the order, as it says.
            right: What is to be done: `approve`, `edit`, `reject`.

        >>> guarded = RespondConfig(roles={"press": ("ina",)}, rights={"approve": ("press",)})
        >>> guarded.may("ina", "approve"), guarded.may("omar", "approve"), guarded.may("omar", "edit")
        (True, False, True)
        """
        roles = self.rights.get(right)
        return roles is None or any(person == role or person in self.roles.get(role, ()) for role in roles)


def _too_small(config: RespondConfig) -> list[str]:
    return [
        f"{name} = {getattr(config, name)!r}: must be {least} or more; the default is {default}"
        for name, (least, default) in _LEAST.items()
        if not getattr(config, name) >= least
    ]


def _above_profiles(config: RespondConfig) -> dict[str, int]:
    """Settings that stand above the profiles, of those that are set."""
    given = ((name, getattr(config, name)) for name in _OF_PROFILE)
    return {name: value for name, value in given if value is not None}


def _of_profiles(config: RespondConfig) -> list[str]:
    return [
        f"{name} = {value!r}: must be {_OF_PROFILE[name]} or more; without it the market's profile says it"
        for name, value in _above_profiles(config).items()
        if not value >= _OF_PROFILE[name]
    ]


def _of_cadence(minutes: Mapping[Audience, int]) -> list[str]:
    return [
        f"cadence_minutes: {audience} = {often!r}: must be 5 or more, or people stop reading; usual is 60"
        for audience, often in sorted(minutes.items())
        if not often >= 5
    ]


def _of_sending(rows: tuple[tuple[str, Outlet, str], ...]) -> list[str]:
    kinds = {"*", *(kind.value for kind in NoticeKind)}
    problems = [
        f"sent_by_rule: kind {kind!r} must be one of {', '.join(sorted(kinds))}"
        for kind, _, _ in rows
        if kind not in kinds
    ]
    unowned = [f"{kind}, {outlet}" for kind, outlet, owner in rows if not owner]
    return problems + [f"sent_by_rule: {row}: must name an owner, who answers for what goes out" for row in unowned]


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondRules:
    """What RESPOND knows beforehand.

    Attributes:
        config: Its settings.
        wording: The sentences that people read.
        languages: By market, those of its customers.
        reporting: Clocks that regulators set.
        communication: How people are told, by market.
        operator_name: An operator's name as the brand writes it, by its id.
        schemes: Who is owed what after an outage.
        ground: Where an area lies, for public warnings.
        official: By language, the words by which operators deny and promise.
    """

    config: RespondConfig
    wording: Wording
    languages: Mapping[str, tuple[Language, ...]] = field(default_factory=dict)
    reporting: tuple[ReportingRule, ...] = ()
    communication: tuple[CommunicationProfile, ...] = ()
    operator_name: Callable[[str], str] = str.capitalize
    schemes: tuple[CompensationScheme, ...] = ()
    ground: FindGround = nowhere
    official: Mapping[str, OfficialTerms] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the settings against what rules of each market ask."""
        clocks = [self.clock_of(market) for profile in self.communication for market in profile.markets or ("",)]
        problems = list(dict.fromkeys(problem for clock in clocks for problem in clock.problems()))
        if problems:
            raise ConfigError("\n".join(problems))

    def clock_of(self, market: str) -> CommunicationClock:
        """The communication clock of a market: its profile, with what settings put in its place."""
        return CommunicationClock(
            profile=profile_for(market, self.communication),
            cadence={str(audience): often for audience, often in self.config.cadence_minutes.items()},
            others=_above_profiles(self.config),
        )

    def languages_of(self, market: str) -> tuple[Language, ...]:
        """In which languages a market's customers are told: theirs, the most usual first; if unknown, a summary's."""
        spoken = tuple(language for language in self.languages.get(market, ()) if language in self.wording)
        usual = tuple(language for language in SUMMARY_LANGUAGES if language in self.wording)
        return spoken or usual or tuple(self.wording)
