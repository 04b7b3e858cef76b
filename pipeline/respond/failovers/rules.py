"""The guard rails, as a table: what may stand against the use of a backup, and why.

Each row is asked in turn, and the first that stands against it is the reason that is written. A backup is used
only if none does. They are asked again when people approve, since a proposal may be an hour old.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from pipeline.records.clocks import DAY_MS
from pipeline.records.vocabulary import GRAVITY, DecisionReason, IncidentState
from pipeline.respond.failovers.situation import BackupSituation, fails_emergency, gravity_of

FREE: Final = "free"
"""Name of the guard rail that another incident stands behind: who waits by it is asked again when that one lets go."""


class GuardRail(NamedTuple):
    """One guard rail.

    Attributes:
        name: Its name, which a decision tells.
        reason: Reason of the decision.
        why: What stands against the backup in a situation, in words with the figures; None if nothing does.
    """

    name: str
    reason: DecisionReason
    why: Callable[[BackupSituation], str | None]


def first_against(situation: BackupSituation) -> tuple[GuardRail, str] | None:
    """The first guard rail that stands against a backup, and its words; None if none does."""
    for rail in GUARD_RAILS:
        words = rail.why(situation)
        if words is not None:
            return rail, words
    return None


def _exercise(situation: BackupSituation) -> str | None:
    return "part of an exercise: nothing may be switched" if situation.incident.exercise else None


def _certain(situation: BackupSituation) -> str | None:
    state = situation.incident.state
    return None if state == IncidentState.CONFIRMED else f"the incident is {state.value}, not confirmed"


def _planned(situation: BackupSituation) -> str | None:
    incident = situation.incident
    planned = incident.maintenance is not None and not fails_emergency(incident)
    return "inside a maintenance window that was announced" if planned else None


def _severe(situation: BackupSituation) -> str | None:
    least, severity = situation.backup.severity_min, situation.incident.severity
    low = GRAVITY[severity] < GRAVITY[least]
    return f"severity {severity.value} is below {least}" if low else None


def _sure(situation: BackupSituation) -> str | None:
    least, ppm = situation.backup.confidence_percent_min, situation.incident.confidence_ppm or 0
    return f"confidence {ppm // 10_000} % is below {least} %" if ppm < least * 10_000 else None


def _emergency(situation: BackupSituation) -> str | None:
    fails, asked = fails_emergency(situation.incident), situation.backup.emergency
    if asked == "required" and not fails:
        return "it is for emergency calls that fail, and none are known to"
    return "emergency calls fail, and it is not for that" if asked == "excluded" and fails else None


def _stands_by_itself(situation: BackupSituation) -> str | None:
    down = situation.what_it_needs_is_down()
    return None if down is None else f"it needs {down[0]}, which incident {down[1]} has hit"


def _healthy(situation: BackupSituation) -> str | None:
    health, allowed = situation.health, situation.backup.health_unknown == "allow"
    if health == "down":
        return "the backup is down itself"
    return "the health of the backup is unknown" if health == "unknown" and not allowed else None


def _takes_them(situation: BackupSituation) -> str | None:
    if situation.whom is not None:
        return None
    numbers, most = situation.incident.customers_affected, situation.backup.customers_max
    hit = "nobody knows how many are hit" if numbers is None else f"{numbers.high} may be hit"
    return f"it takes {most} customers, {hit}, and no area of known size fits"


def _calm(situation: BackupSituation) -> str | None:
    target, most = situation.backup.target, situation.backup.switches_per_day_max
    recent = sum(
        moment > situation.at - DAY_MS
        for case in situation.around.cases()
        for known in ([case.failovers.backups[target]] if target in case.failovers.backups else [])
        for moment in known.switches
    )
    return f"{recent} switches in a day, there and back would pass {most}" if recent + 2 > most else None


def _free(situation: BackupSituation) -> str | None:
    target, ours = situation.backup.target, gravity_of(situation.incident)
    for case in situation.around.cases():
        if case.failovers.refused.get(target) == FREE and gravity_of(case.incident) > ours:
            return f"graver incident {case.incident.incident_id} waits for it"
    holder = situation.holder()
    if holder is None:
        return None
    waits = holder.failovers.backups[target].failover.phase == "proposed"
    if waits and ours > gravity_of(holder.incident):
        return None  # a proposal yields to a graver incident; what is active stays where it is
    return f"incident {holder.incident.incident_id} has it"


GUARD_RAILS: Final[tuple[GuardRail, ...]] = (
    GuardRail("exercise", DecisionReason.EXERCISE, _exercise),
    GuardRail("certain", DecisionReason.WEAK_EVIDENCE, _certain),
    GuardRail("planned", DecisionReason.MAINTENANCE, _planned),
    GuardRail("severity", DecisionReason.GUARD_RAIL, _severe),
    GuardRail("confidence", DecisionReason.GUARD_RAIL, _sure),
    GuardRail("emergency", DecisionReason.GUARD_RAIL, _emergency),
    GuardRail("needs", DecisionReason.GUARD_RAIL, _stands_by_itself),
    GuardRail("health", DecisionReason.GUARD_RAIL, _healthy),
    GuardRail("customers", DecisionReason.GUARD_RAIL, _takes_them),
    GuardRail("switches", DecisionReason.FLAPPING, _calm),
    GuardRail(FREE, DecisionReason.OVERTAKEN, _free),
)
"""In the order in which they are asked."""
