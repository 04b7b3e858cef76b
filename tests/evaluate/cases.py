"""Outages and incidents made by hand, in minutes after noon of a made-up day."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pipeline.records.clocks import Instant, parse_instant
from pipeline.records.published.incident_parts import AreaShare, Blame, EmergencyImpact, Lead, OperatorRole, StateChange
from pipeline.records.published.incidents import Incident
from pipeline.records.truth import TrueArea, TrueMessage, TrueOperator, TrueOutage, TrueTrap, Truth
from pipeline.records.vocabulary import IncidentState, Role, Severity

NOON: Final = int(parse_instant("2026-03-02T12:00:00Z"))
KOELN: Final = "DE/NW/koeln"
BONN: Final = "DE/NW/bonn"
HISTORY = tuple[Incident, ...]


def at(minute: float) -> Instant:
    """So many minutes after noon."""
    return Instant(NOON + round(minute * 60_000))


def outage(name: str = "o1", start: float = 0, end: float = 60, **more: Any) -> TrueOutage:
    """One outage: broadband of `acme` in Cologne unless told otherwise; `areas` maps paths to customers."""
    roles: Mapping[str, Role] = more.pop("roles", {"acme": "primary"})
    areas: Mapping[str, int] = more.pop("areas", {KOELN: 1_000})
    first_word: float | None = more.pop("first_word", None)
    visible: float | None = more.pop("visible", None)
    words = () if first_word is None else (first_word,)
    given: dict[str, Any] = {
        "services": ("broadband",),
        "cause": "cable_cut",
        "nature": "technical",
        "extent": "localised",
        "severity": Severity.MAJOR,
        "hit_per_minute": (0,),
        "full_at": at(start),
        "first_back_at": at(end),
        "visible_at": None if visible is None else at(visible),
        **more,
    }
    return TrueOutage(
        outage_id=name,
        started_at=at(start),
        ended_at=at(end),
        operators=tuple(TrueOperator(operator=one, role=role) for one, role in roles.items()),
        areas=tuple(
            TrueArea(area=area, operator=next(iter(roles)), customers=number, share_ppm=1_000_000)
            for area, number in areas.items()
        ),
        customers=sum(areas.values()),
        messages=tuple(
            TrueMessage(post_id="p", operator="acme", platform="x", posted_at=at(one), kind="update", text="sorry")
            for one in words
        ),
        **given,
    )


def trap(name: str = "t1", kind: str = "rumour", start: float = 0, end: float = 60, *who: str) -> TrueTrap:
    """One trap, of `acme` unless told otherwise."""
    return TrueTrap(trap_id=name, kind=kind, started_at=at(start), ended_at=at(end), operators=who or ("acme",))


def truth(
    *outages: TrueOutage, traps: Sequence[TrueTrap] = (), days: float = 30, operators: Sequence[str] = ("acme",)
) -> Truth:
    """A world of 30 days and one operator that begins a day before noon."""
    start = -24 * 60
    return Truth(
        scenario="made-up",
        title="Made up",
        seed=1,
        market="DE",
        time_zone="Europe/Berlin",
        started_at=at(start),
        ended_at=at(start + days * 24 * 60),
        shares_ppm={},
        operators=tuple(operators),
        outages=outages,
        traps=tuple(traps),
    )


def incident(
    name: str = "i1", opened: float = 2, confirmed: float | None = 4, over: float = 60, **more: Any
) -> HISTORY:
    """An incident's revisions: suspected, perhaps confirmed, then resolved or dismissed."""
    roles: Mapping[str, Role | None] = more.pop("roles", {"acme": "primary"})
    leads: Mapping[str, float] = more.pop("leads", {})
    confidence: Sequence[int] = more.pop("confidence", (600_000, 900_000, 900_000))
    emergency_at: float | None = more.pop("emergency_at", None)
    claim_at: float = more.pop("claim_at", 0)
    steps = [(opened, IncidentState.SUSPECTED, confidence[0])]
    if confirmed is not None:
        steps.append((confirmed, IncidentState.CONFIRMED, confidence[1]))
    steps.append((over, IncidentState.DISMISSED if confirmed is None else IncidentState.RESOLVED, confidence[-1]))
    given: dict[str, Any] = {
        "services": ("broadband",),
        "areas": (KOELN,),
        "extent": "localised",
        "nature": "technical",
        "severity_peak": Severity.MAJOR,
        **more,
    }
    areas = tuple(AreaShare(area=area) for area in given.pop("areas"))
    rows = []
    for number, (minute, state, said) in enumerate(steps, start=1):
        claimed = emergency_at is not None and minute >= emergency_at
        row = Incident(
            incident_id=name,
            revision=number,
            updated_at=at(minute),
            market="DE",
            state=state,
            severity=Severity.MINOR,
            opened_at=at(opened),
            confirmed_at=None if confirmed is None or minute < confirmed else at(confirmed),
            state_history=tuple(StateChange(state=s, at=at(m), reason="anomaly") for m, s, _ in steps[:number]),
            confidence_ppm=said,
            operators=tuple(
                OperatorRole(operator=one, role=role, blame=None if role else Blame(share_ppm=1))
                for one, role in roles.items()
            ),
            leads=tuple(Lead(source=source, first_evidence_at=at(first)) for source, first in leads.items()),  # type: ignore[arg-type]
            emergency=EmergencyImpact(affected=claimed, first_claim_at=at(claim_at)) if claimed else None,
            areas=areas,
            **given,
        )
        rows.append(row)
    return tuple(rows)
