"""Settings of RESPOND: to whom, where, and who answers for the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.records.errors import ConfigError
from pipeline.records.published.people import SUMMARY_LANGUAGES
from pipeline.records.vocabulary import Audience, Language, Outlet
from pipeline.reference.regulators import ReportingRule
from pipeline.respond.followups_config import FollowupConfig
from pipeline.wording.sentences import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondConfig:
    """What a confirmed incident sets off.

    Attributes:
        acknowledge_minutes: A first word to customers is due so many minutes after confirmation. Below 15 minutes
            is StatusGator's grade A, and the incident was found some minutes before it was confirmed.
        writer: This team or person is responsible for the words of a draft.
        approver: This team or person may approve a draft; nothing goes out by itself.
        roles: Names of people by role, such as `duty-manager = ["ina", "omar"]`; who gives an order as the role itself
            has it, too.
        rights: Roles that may do a thing, by its name (`approve`, `edit`, `reject`); what is not named anybody may who
            has the right to write to `commands`.
        places: A draft is written for each of these pairs of audience and outlet.
        followups: What follows while an outage lasts, and after it.
    """

    acknowledge_minutes: int = 10
    writer: str = "care-communication"
    approver: str = "duty-manager"
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rights: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: tuple[tuple[Audience, Outlet], ...] = (
        ("customers", "push"),
        ("customers", "web"),
        ("customers", "x"),
        ("customers", "facebook"),
        ("customers", "hotline"),
        ("customers", "chat"),
        ("business_customers", "email"),
        ("care_agents", "internal"),
    )
    followups: FollowupConfig = field(default_factory=FollowupConfig)

    def __post_init__(self) -> None:
        """Check."""
        if not self.acknowledge_minutes > 0:
            words = f"respond.acknowledge_minutes = {self.acknowledge_minutes!r}: must be above 0; the default is 10"
            raise ConfigError(words)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondRules:
    """What RESPOND knows beforehand.

    Attributes:
        config: Its settings.
        wording: The sentences that people read.
        languages: By market, those of its customers.
        reporting: Clocks that regulators set.
    """

    config: RespondConfig
    wording: Wording
    languages: Mapping[str, tuple[Language, ...]] = field(default_factory=dict)
    reporting: tuple[ReportingRule, ...] = ()

    def languages_of(self, market: str) -> tuple[Language, ...]:
        """In which languages a market's customers are told: theirs, the most usual first; if unknown, a summary's."""
        spoken = tuple(language for language in self.languages.get(market, ()) if language in self.wording)
        usual = tuple(language for language in SUMMARY_LANGUAGES if language in self.wording)
        return spoken or usual or tuple(self.wording)
