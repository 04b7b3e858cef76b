"""The catalogue of backups: what an operator can switch to, when it may, and who must say yes.

It is empty until an operator writes it: nobody else knows which lines, bots and streams there are.
"""

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.errors import ConfigError
from pipeline.records.fixed_point import SCALES
from pipeline.records.vocabulary import FailoverKind, Service

Mode = Literal["propose", "act"]
Emergency = Literal["any", "required", "excluded"]
WhenUnknown = Literal["refuse", "allow"]
GraveEnough = Literal["critical", "major", "minor", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup of the catalogue.

    Attributes:
        target: It is called so, by whoever switches it: 1 to 128 characters, each backup differently.
        operator: Id of the operator whose backup it is.
        kind: It is one of mobile_forwarding, phone_bot, hotline_text, replay_offer, video_on_demand_offer, web_stream,
            status_page and guest_roaming.
        text: Customers are told of it in these words, where it is offered to them; empty tells them nothing.
        services: It may be used if one of these services is hit; empty is any.
        areas: It may be used for incidents in these areas, paths of the place tree; empty is anywhere.
        severity_min: It may be used from this severity on: critical, major, minor or warning.
        confidence_percent_min: It may be used if the incident is at least so sure, 0 to 100. At 90 one proposal in ten
            is for nothing, which a person sees before anything is switched.
        emergency: required: only if emergency calls fail; excluded: only if they do not; any: either way.
        emergency_line: Emergency calls go over it, so two different people must approve it, whatever the mode.
        needs: It works only while these services of the operator do, such as mobile_voice for mobile lines.
        capacity: It carries so many calls or viewers at a time; 0 says nothing.
        customers_max: It takes so many customers; if more are hit, only areas that fit are switched. 0 says nothing.
        health_metric: Its own health is read from this metric of telemetry, which metrics.toml must follow; empty: its
            health is unknown.
        health_unit: The metric is kept in this unit, one of those of metrics.toml.
        health_element: The metric's element is this; empty is all elements of the operator.
        health_working_from: It works if the metric's mean is at least so much, in its unit.
        health_down_below: It is down if the mean is below this, in its unit; between the two it is degraded, and may be
            used.
        health_minutes: The mean is taken over so many minutes, 5 to 240; without a figure in them its health is
            unknown.
        health_unknown: refuse: it is not used while its health is unknown; allow: it may be proposed all the same.
        mode: propose: a person approves each use; act: it is switched by itself; empty: as respond.failovers.mode.
        approver: This team or person approves its use. If `respond.roles` names the team, only its people may.
        active_minutes_max: It goes back to standby after so many minutes, 1 to 10080, whatever happens.
        switches_per_day_max: It changes its state at most so often a day, 2 to 1000; there and back are two.
        parameters: For whoever switches it, such as the numbers to forward to; names and values are text.
    """

    target: str
    operator: str
    kind: FailoverKind
    text: str = ""
    services: tuple[Service, ...] = ()
    areas: tuple[str, ...] = ()
    severity_min: GraveEnough = "major"
    confidence_percent_min: int = 90
    emergency: Emergency = "any"
    emergency_line: bool = False
    needs: tuple[Service, ...] = ()
    capacity: int = 0
    customers_max: int = 0
    health_metric: str = ""
    health_unit: str = "ratio"
    health_element: str = ""
    health_working_from: float = 0.95
    health_down_below: float = 0.5
    health_minutes: int = 15
    health_unknown: WhenUnknown = "refuse"
    mode: Mode | Literal[""] = ""
    approver: str = "duty-manager"
    active_minutes_max: int = 240
    switches_per_day_max: int = 6
    parameters: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check.

        Raises:
            ConfigError: Lists every mistake of the backup.
        """
        at = f"respond.failovers.backups, target {self.target!r}"
        limits = (
            ("confidence_percent_min", 0, 100, "90"),
            ("health_minutes", 5, 240, "15"),
            ("active_minutes_max", 1, 10_080, "240"),
            ("switches_per_day_max", 2, 1_000, "6"),
            ("capacity", 0, 1_000_000_000, "0"),
            ("customers_max", 0, 1_000_000_000, "0"),
        )
        wrong = [
            f"{at}: {name} = {getattr(self, name)!r}: must be {low} to {high}; the default is {usual}"
            for name, low, high, usual in limits
            if not low <= getattr(self, name) <= high
        ]
        wrong += [
            f"{at}: {name} = '': must name {what}"
            for name, what in (("target", "the backup"), ("operator", "whose it is"), ("approver", "who approves it"))
            if not getattr(self, name)
        ]
        if len(self.target) > 128 or len(self.text) > 200:
            wrong.append(f"{at}: target and text: must be at most 128 and 200 characters")
        if self.health_unit not in SCALES:
            wrong.append(f"{at}: health_unit = {self.health_unit!r}: must be one of {', '.join(sorted(SCALES))}")
        if not self.health_down_below <= self.health_working_from:
            words = f"health_down_below = {self.health_down_below:g}: must be at most health_working_from"
            wrong.append(f"{at}: {words} = {self.health_working_from:g}")
        if len(self.parameters) > 32 or any(len(value) > 240 for value in self.parameters.values()):
            wrong.append(f"{at}: parameters: must be at most 32, of at most 240 characters")
        if wrong:
            raise ConfigError("\n".join(wrong))

    @property
    def people_needed(self) -> int:
        """How many different people must approve its use, where people must."""
        return 2 if self.emergency_line else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FailoverConfig:
    """Backups, and when they are switched to.

    Attributes:
        mode: propose: nothing is switched before people have approved it; act: backups are switched by themselves,
            except those that carry emergency calls. A backup may say otherwise.
        proposal_minutes: A proposal that nobody decides upon lapses after so many minutes, 5 to 1440. After an hour the
            outage is another one than people were shown.
        backups: The catalogue, a table [[respond.failovers.backups]] each; docs/failovers.md shows one of each kind.
    """

    mode: Mode = "propose"
    proposal_minutes: int = 60
    backups: tuple[Backup, ...] = ()

    def __post_init__(self) -> None:
        """Check.

        Raises:
            ConfigError: Lists every mistake.
        """
        wrong = []
        if not 5 <= self.proposal_minutes <= 1_440:
            words = f"respond.failovers.proposal_minutes = {self.proposal_minutes!r}: must be 5 to 1440 minutes"
            wrong.append(f"{words}; the default is 60")
        targets = [backup.target for backup in self.backups]
        wrong += [
            f"respond.failovers.backups: target {target!r} is there twice; each is one row"
            for target in sorted({target for target in targets if targets.count(target) > 1})
        ]
        if wrong:
            raise ConfigError("\n".join(wrong))

    def acts(self, backup: Backup) -> bool:
        """Is a backup switched to without asking anybody?"""
        return (backup.mode or self.mode) == "act" and not backup.emergency_line

    @property
    def proposal_ms(self) -> int:
        """How long a proposal waits, ms."""
        return self.proposal_minutes * MINUTE_MS


KINDS: Final[tuple[str, ...]] = get_args(FailoverKind)
"""All kinds of backups."""
