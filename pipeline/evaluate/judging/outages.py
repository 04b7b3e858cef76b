"""One outage beside the incident that found it: delays, place, services, roles, severity.

Everything is read off two records; nothing here is an average. A question
that the truth does not answer (a log knows no roles) gives None.
"""

from typing import Any, Final

from pipeline.evaluate.judging.ends import end_estimates
from pipeline.evaluate.judging.facts import Fate, OutageScore
from pipeline.evaluate.sides.lives import Life
from pipeline.evaluate.sides.place import PlaceScore, place_score, related
from pipeline.evaluate.sides.worlds import KnownOutage, KnownWorld
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.truth import STILL_DOWN
from pipeline.records.vocabulary import Severity

_RANKS: Final = {severity: -number for number, severity in enumerate(Severity)}


def judge(
    outage: KnownOutage, life: Life | None, world: KnownWorld, splits: int = 0, merged_into: str | None = None
) -> OutageScore:
    """Lay an incident beside its outage.

    Args:
        outage: What was true.
        life: The incident that found it, if one did.
        world: Knows the tolerance of times.
        splits: How many more incidents are about it.
        merged_into: Incident of another outage that covers this one.
    """
    fate: Fate = "merged" if merged_into else "missed"
    if life is not None:
        fate = "suspected" if _confirmed_at(outage, life, world) is None else "confirmed"
    told = {} if life is None else _told(outage, life, world)
    missed_emergency = False if outage.emergency else None
    return OutageScore(
        outage_id=outage.outage_id,
        kind=outage.kind,
        severity=outage.severity,
        severe=outage.severe,
        started_at=outage.started_at,
        ended_at=outage.ended_at,
        visible_at=outage.visible_at,
        operators=tuple(sorted(outage.roles)),
        areas=outage.areas,
        fate=fate,
        incident_id=merged_into if life is None else life.incident_id,
        splits=splits,
        **({"emergency_found": missed_emergency} | told),
    )


def _told(outage: KnownOutage, life: Life, world: KnownWorld) -> dict[str, Any]:
    return {
        **_delays(outage, life, world),
        **_leads(outage, life, world),
        **_place(place_score(life.areas, outage.hits)),
        **_services(outage, life),
        **_details(outage, life),
        **_operators(outage, life, world),
        **_emergency(outage, life),
        **_course(outage, life),
        **(end_estimates(outage, life) if world.known == "truth" else {}),
        "extent_right": None if outage.extent is None else life.now.extent == outage.extent,
        "nature_right": None if outage.nature is None else life.now.nature == outage.nature,
        "start_error_seconds": _seconds(outage.started_at, life.now.started_at),
        "end_error_seconds": _seconds(outage.ended_at, life.now.ended_at),
        "severity_steps": None if outage.severity is None else _RANKS[life.severity] - _RANKS[outage.severity],
    }


def _seconds(since: int | None, at: int | None) -> float | None:
    return None if since is None or at is None else (int(at) - int(since)) / 1_000


def _confirmed_at(outage: KnownOutage, life: Life, world: KnownWorld) -> int | None:
    """By the end of the tolerance: what is confirmed hours after an outage was confirmed by something else."""
    at = life.confirmed_since(outage.started_at - world.tolerance.early_seconds * 1_000)
    return at if at is not None and at <= outage.ended_at + world.tolerance.late_seconds * 1_000 else None


def _delays(outage: KnownOutage, life: Life, world: KnownWorld) -> dict[str, float | None]:
    early = outage.started_at - world.tolerance.early_seconds * 1_000
    begun = life.begun_at(early, outage.ended_at + world.tolerance.late_seconds * 1_000)
    confirmed = _confirmed_at(outage, life, world)
    return {
        "suspected_seconds": _seconds(outage.started_at, begun),
        "confirmed_seconds": _seconds(outage.started_at, confirmed),
        "suspected_visible_seconds": _seconds(outage.visible_at, begun),
        "confirmed_visible_seconds": _seconds(outage.visible_at, confirmed),
        "lead_over_operator_seconds": _seconds(confirmed, outage.first_word_at),
    }


def _leads(outage: KnownOutage, life: Life, world: KnownWorld) -> dict[str, dict[str, float]]:
    """What is older than the outage cannot be of it: it is no lead, or noise of an hour ago would be an hour's lead.

    A log begins when somebody noticed, so there evidence may be as much older as an incident may be.
    """
    firsts = {str(lead.source): int(lead.first_evidence_at) for lead in life.now.leads}
    noticed_late = 0 if world.known == "truth" else world.tolerance.early_seconds * 1_000
    earliest = outage.started_at - noticed_late
    since = {name: max(at, earliest) for name, at in firsts.items()}
    ticket = since.get("tickets")
    leads = {} if ticket is None else {name: (ticket - at) / 1_000 for name, at in since.items() if name != "tickets"}
    return {
        "evidence_seconds": {name: (at - outage.started_at) / 1_000 for name, at in sorted(firsts.items())},
        "lead_over_tickets_seconds": dict(sorted(leads.items())),
    }


def _place(score: PlaceScore | None) -> dict[str, Any]:
    if score is None:
        return {}
    return {
        "place": score.relation,
        "smallest_right": score.smallest_right,
        "areas_right": score.areas_right,
        "areas_named": score.areas_named,
        "customers_covered": score.weight_covered,
        "customers_hit": score.weight_hit,
    }


def _services(outage: KnownOutage, life: Life) -> dict[str, int]:
    if outage.services is None:
        return {}
    true, named = set(outage.services), set(life.services)
    return {"services_right": len(true & named), "services_named": len(named), "services_true": len(true)}


def _details(outage: KnownOutage, life: Life) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if outage.items is not None:
        true, named = ({name.casefold() for name in names} for names in (outage.items, _items(life)))
        told |= {"items_right": len(true & named), "items_named": len(named), "items_true": len(true)}
    if outage.cause is not None:
        told["cause_right"] = [cause.kind for cause in life.now.causes or ()][:1] == [outage.cause]
    if outage.customers is not None and life.customers is not None:
        told["customers_held"] = life.customers.low <= outage.customers <= life.customers.high
    return told


def _course(outage: KnownOutage, life: Life) -> dict[str, Any]:
    """How it told the outage as it went on: how many, who is back, and whether it is over."""
    if outage.hit_per_minute is None or not outage.customers:
        return {}
    still_down = outage.customers // STILL_DOWN
    said = [
        (life.customers_at(at), outage.hit_at(at) or 0)
        for at in range(max(outage.started_at, life.confirmed_at or outage.ended_at), outage.ended_at, MINUTE_MS)
    ]
    told = [(interval, true) for interval, true in said if interval is not None]
    areas = {area for area, _ in life.backs}
    early = {area for area, at in life.backs if at >= outage.started_at and _is_down(outage, area, at)}
    return {
        "course_told": len(told),
        "course_held": sum(low <= true <= high for (low, high), true in told),
        "cleared_early": any((outage.hit_at(at) or 0) > still_down for at in life.cleared_at),
        "backs_said": len(areas),
        "backs_early": len(early),
    }


def _is_down(outage: KnownOutage, area: str, at: int) -> bool:
    """Are more than a twentieth of those who were hit in an area, or around it, still to come back at a moment, ms?

    An area of which the truth knows nothing was never down. Where nobody knows when each was back, none is before
    the first customers are.
    """
    if outage.returns is None:
        return at < (outage.first_back_at or outage.ended_at)
    here = [row for row in outage.returns if related(row.area, area)]
    down = sum(max(1, row.customers) for row in here if row.is_down(at))
    return down * STILL_DOWN > sum(max(1, row.customers) for row in here)


def _items(life: Life) -> tuple[str, ...]:
    return tuple(item.name for item in life.now.items or ())


def _operators(outage: KnownOutage, life: Life, world: KnownWorld) -> dict[str, Any]:
    known = {operator: role for operator, role in outage.roles.items() if role is not None}
    named = [(role, life.roles[operator]) for operator, role in known.items() if operator in life.roles]
    right = sum(true == told for true, told in named)
    return {
        "roles_right": right,
        "roles_mixed": len(named) - right,
        "roles_true": len(known),
        "healthy_named": tuple(sorted(life.roles.keys() - outage.roles.keys())) if world.known == "truth" else (),
    }


def _emergency(outage: KnownOutage, life: Life) -> dict[str, Any]:
    if outage.emergency is None:
        return {}
    said_at = life.emergency_said_at
    if not outage.emergency:
        return {"emergency_found": None, "emergency_false": said_at is not None}
    claims = life.now.emergency
    enough = claims and (claims.sufficed_at or claims.first_claim_at)
    return {"emergency_found": said_at is not None, "emergency_seconds": _seconds(enough or None, said_at)}
