"""What a score says of one outage, one incident, one trap and one world: plain facts, no averages.

They are kept, not only their sums: a mean cannot be resampled, drawn or
argued with. All lengths are in seconds; None means that the question does not
arise or cannot be answered, which is never the same as 0.
"""

from typing import Final, Literal

import msgspec

from pipeline.evaluate.judging.matching import Verdict
from pipeline.evaluate.sides.place import Relation
from pipeline.evaluate.sides.worlds import WorldFrame
from pipeline.records.vocabulary import Severity

Fate = Literal["confirmed", "suspected", "merged", "missed"]

FAINT_BELOW_PPM: Final = 50_000
"""Below one in twenty nobody takes a suspicion for an incident: the record itself tells no change down there."""


class OutageScore(msgspec.Struct, frozen=True, kw_only=True):
    """One outage, and how well it was told.

    Attributes:
        fate: `confirmed` or only `suspected` by an incident of its own, `merged` into another's, or `missed`.
        incident_id: Its own incident, or the one that it was merged into.
        splits: Further incidents about it.
        suspected_seconds: From its start to the incident's opening; negative is earlier. Of an older suspicion
            that was confirmed during the outage: to the confirmation.
        confirmed_seconds: From its start to the first confirmation.
        suspected_visible_seconds: From the first moment at which anybody could see it to the opening.
        confirmed_visible_seconds: From the first moment at which anybody could see it to the confirmation.
        evidence_seconds: From the start to the first evidence, by source.
        lead_over_tickets_seconds: How much earlier than the first ticket each other source was; of a simulated world
            both count from the true start at the earliest, of a log from two hours before the row.
        lead_over_operator_seconds: From our confirmation to the operator's own first message.
        customers_covered: Customers hit in named areas (areas, if customers are not known), of `customers_hit`.
        services_right: Named services that were down, of `services_named` and of `services_true`.
        items_right: Named TV channels and technologies that were down.
        cause_right: Is its likeliest cause the true one?
        customers_held: Does the interval of its greatest estimate hold the true number? None if it gave none.
        course_held: Minutes from the confirmation to the end in which its interval of customers held the truth, of
            `course_told`, those in which it gave one.
        eta_held: Minutes of the outage in which its interval of the estimated end held the true one, of `eta_told`,
            those in which it told one.
        eta_plain_held: The same minutes, had the interval been that of all lengths since the true start, in which
            four of five outages end, whatever has passed already.
        eta_errors: How far the likely end was from the true one, either way, in seconds; asked every ten minutes from
            three hours after the start to the end, where it told one.
        eta_plain_errors: The same, had the likely end been the length that half of all outages have; not in the past.
        cleared_early: Did it ever say that all is over while more than a twentieth of those hit at the worst were
            without service? None if nobody knows how many were.
        backs_early: Areas that it said were back while more than a twentieth of those hit there at the worst were
            without service, of `backs_said`; of older truths: before anybody was back.
        roles_right: Operators that were down and are named with the right role, of `roles_true`; a log knows no roles.
        roles_mixed: ... named, but hosted taken for primary or the other way round.
        healthy_named: Healthy operators that the incident says are down.
        emergency_found: Did the incident say that emergency calls fail? None if they did not.
        emergency_false: Did it say so wrongly? None if they did fail.
        emergency_seconds: From the claim that sufficed to the revision that says so.
        start_error_seconds: Estimated start less true start.
        end_error_seconds: Estimated end less true end.
        severity_steps: Steps of the peak above the true severity; negative is too mild.
    """

    outage_id: str
    kind: str
    severity: Severity | None
    severe: bool
    started_at: int
    ended_at: int
    visible_at: int | None
    operators: tuple[str, ...]
    areas: tuple[str, ...]
    fate: Fate
    incident_id: str | None = None
    splits: int = 0
    suspected_seconds: float | None = None
    confirmed_seconds: float | None = None
    suspected_visible_seconds: float | None = None
    confirmed_visible_seconds: float | None = None
    evidence_seconds: dict[str, float] = {}
    lead_over_tickets_seconds: dict[str, float] = {}
    lead_over_operator_seconds: float | None = None
    place: Relation | None = None
    smallest_right: bool | None = None
    areas_right: int = 0
    areas_named: int = 0
    customers_covered: int = 0
    customers_hit: int = 0
    extent_right: bool | None = None
    nature_right: bool | None = None
    services_right: int = 0
    services_named: int = 0
    services_true: int = 0
    items_right: int = 0
    items_named: int = 0
    items_true: int = 0
    cause_right: bool | None = None
    customers_held: bool | None = None
    course_held: int = 0
    course_told: int = 0
    eta_held: int = 0
    eta_told: int = 0
    eta_plain_held: int = 0
    eta_errors: tuple[float, ...] = ()
    eta_plain_errors: tuple[float, ...] = ()
    cleared_early: bool | None = None
    backs_early: int = 0
    backs_said: int = 0
    roles_right: int = 0
    roles_mixed: int = 0
    roles_true: int = 0
    healthy_named: tuple[str, ...] = ()
    emergency_found: bool | None = None
    emergency_false: bool | None = None
    emergency_seconds: float | None = None
    start_error_seconds: float | None = None
    end_error_seconds: float | None = None
    severity_steps: int | None = None

    @property
    def found(self) -> bool:
        """Has it an incident of its own?"""
        return self.fate in ("confirmed", "suspected")


class IncidentScore(msgspec.Struct, frozen=True, kw_only=True):
    """One incident, and what it was about.

    Attributes:
        confirmed: Was it ever confirmed?
        real: Was it about an outage? None for what is not judged.
        merged: Outages that it covers beside its own.
        confidence_ppm: When it was decided: at the first confirmation, or just before it was dropped.
        peak_ppm: The greatest that it ever said.
        says_emergency: Does it say that emergency calls fail?
    """

    incident_id: str
    verdict: Verdict
    confirmed: bool
    dismissed: bool
    real: bool | None
    opened_at: int
    confirmed_at: int | None
    over_at: int
    operators: tuple[str, ...]
    areas: tuple[str, ...]
    severity: Severity
    confidence_ppm: int | None
    says_emergency: bool
    peak_ppm: int | None = None
    outage_id: str | None = None
    merged: tuple[str, ...] = ()
    trap_id: str | None = None
    trap_kind: str | None = None

    @property
    def faint(self) -> bool:
        """Was it never more than a question: not confirmed, never as sure as one in twenty, no word of emergency?"""
        never_sure = self.peak_ppm is not None and self.peak_ppm < FAINT_BELOW_PPM
        return never_sure and not self.confirmed and not self.says_emergency


class TrapScore(msgspec.Struct, frozen=True, kw_only=True):
    """One trap, and who fell for it: incidents that were confirmed, and those only suspected."""

    trap_id: str
    kind: str
    started_at: int
    ended_at: int
    operators: tuple[str, ...]
    confirmed: int = 0
    suspected: int = 0


class WorldScore(WorldFrame, frozen=True, kw_only=True):
    """One run against what was true; the unit that is resampled.

    Attributes:
        operators: How many are judged.
        days: Length of the run.
    """

    operators: int
    days: float
    outages: tuple[OutageScore, ...]
    incidents: tuple[IncidentScore, ...]
    traps: tuple[TrapScore, ...]
