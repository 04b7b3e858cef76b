"""The lead-time ledger and the communication clock: who knew first, and when the operator spoke."""

from typing import Final

from pipeline.correlate.belief.estimate import started_at
from pipeline.correlate.evidence.testimony import NETWORK
from pipeline.correlate.state import OpenIncident
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.published.incident_parts import Lead
from pipeline.records.published.people import Communication
from pipeline.records.vocabulary import Grade

GRADES: Final[tuple[tuple[int, Grade], ...]] = ((15, "A"), (30, "B"), (120, "C"), (240, "D"))
"""StatusGator's grades of the first word: minutes below which, and the grade; else F."""


def leads_of(incident: OpenIncident) -> tuple[Lead, ...]:
    """First evidence per source, the earliest first, each with its lead over the next."""
    rows = sorted((began, found, source) for source, (began, found) in incident.dossier.found.items())
    leads = []
    for number, (began, found, source) in enumerate(rows):
        lead = (rows[number + 1][0] - began) // 1_000 if number + 1 < len(rows) else None
        leads.append(
            Lead(
                source=source,  # type: ignore[arg-type]  # DETECT writes raw topics only
                first_evidence_at=Instant(began),
                found_at=Instant(found),
                lead_seconds=lead,
            )
        )
    return tuple(leads)


def communication_of(incident: OpenIncident, now: int) -> Communication:
    """What the operator has said so far; a silence of four hours is graded F before it ends."""
    promised = incident.officials.promised_end_at
    waited_ms = (incident.officials.first_at or now) - started_at(incident)
    complaints = sum(said.records for kind, said in sorted(incident.dossier.witnesses.items()) if kind != NETWORK)
    if not incident.officials.first_at:
        late = waited_ms >= GRADES[-1][0] * MINUTE_MS
        return Communication(grade="F" if late else None, complaints=complaints)
    return Communication(
        first_official_at=Instant(incident.officials.first_at),
        last_official_at=Instant(incident.officials.last_at),
        official_posts=incident.officials.count,
        first_word_after_seconds=max(0, waited_ms) // 1_000,
        grade=next((grade for minutes, grade in GRADES if waited_ms < minutes * MINUTE_MS), "F"),
        promised_end_at=Instant(promised) if promised else None,
        complaints=complaints,
    )
