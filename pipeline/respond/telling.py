"""What RESPOND adds to an incident's record: clocks that it set off, and what followed from it.

CORRELATE writes what is known of an outage and never hears of RESPOND. A reader of `incidents` must see both in one
record, so what follows is added to each revision on its way out.
"""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from pipeline.records.clocks import Instant
from pipeline.records.published.followups import Followup
from pipeline.records.published.incident_parts import EmergencyImpact, ReportingClock
from pipeline.records.published.incidents import REPORTING_MAX, Incident
from pipeline.records.published.people import FAILOVERS_SHOWN_MAX, Aftermath, Compensation, References
from pipeline.respond.failovers.offered import alternatives_of, backup_ids_of
from pipeline.respond.people.causing import with_stated_cause
from pipeline.respond.people.telling import (
    blamed,
    posts_of,
    rumours_of,
    rumours_omitted,
    sentiment_of,
    sentiment_omitted,
    topics_of,
)
from pipeline.respond.remembered.impact import customer_minutes
from pipeline.respond.replies.rate import communication_of
from pipeline.respond.state import IncidentCase

NOTICE_IDS_MAX: Final = 32
"""Notices that an incident names, the latest that live; more, and those that ended, are counted."""

FOLLOWUP_IDS_MAX: Final = 16
"""Follow-ups that an incident names; more are counted."""


def told(case: IncidentCase, incident: Incident) -> Incident:
    """A revision with what followed from the incident so far.

    Args:
        case: What RESPOND remembers of it.
        incident: The revision as CORRELATE wrote it.
    """
    followups = list(case.followups.written.values())
    ids = tuple(followup.followup_id for followup in followups[:FOLLOWUP_IDS_MAX])
    backups, live = backup_ids_of(case), [*case.notices.live]
    references = References(
        notice_ids=tuple(live[-NOTICE_IDS_MAX:]),
        notice_ids_omitted=max(0, len(live) - NOTICE_IDS_MAX) + len(case.notices.ended),
        failover_ids=backups[:FAILOVERS_SHOWN_MAX],
        failover_ids_omitted=max(0, len(backups) - FAILOVERS_SHOWN_MAX),
        followup_ids=ids,
        followup_ids_omitted=max(0, len(followups) - FOLLOWUP_IDS_MAX),
    )
    return replace(
        with_stated_cause(incident, case.people),
        communication=communication_of(case, incident),
        emergency=_emergency_of(case, incident),
        operators=blamed(case, incident),
        customer_minutes=customer_minutes(case.followups.impact, incident, int(incident.updated_at)),
        topics=topics_of(case),
        posts=posts_of(case, incident),
        sentiment=sentiment_of(case),
        sentiment_omitted=sentiment_omitted(case),
        rumours=rumours_of(case),
        rumours_omitted=rumours_omitted(case),
        reporting_clocks=_clocks_of(case) or None,
        compensation=_compensation_of(followups),
        references=references if followups or backups or case.notices.told.texts else None,
        alternatives=alternatives_of(case) or incident.alternatives,
        aftermath=_aftermath_of(case),
    )


def _emergency_of(case: IncidentCase, incident: Incident) -> EmergencyImpact | None:
    """Whether people can call for help, with when authorities were told of it, as far as we know."""
    at = case.notices.authorities_at
    if incident.emergency is None or not at:
        return incident.emergency
    return replace(incident.emergency, authorities_told_at=Instant(at))


def _aftermath_of(case: IncidentCase) -> Aftermath | None:
    points = case.followups.aftermath
    if not points:
        return None
    return Aftermath(one_day=points.get("one_day"), one_week=points.get("one_week"), before=case.followups.felt_before)


def _compensation_of(followups: Iterable[Followup]) -> Compensation | None:
    """The estimate that weighs most: what is owed by law before what is given, then the largest."""
    estimates = [
        (followup.compensation.kind == "owed", followup.compensation.amount_minor.high, followup)
        for followup in followups
        if followup.compensation is not None and followup.state in ("open", "done")
    ]
    if not estimates:
        return None
    *_, followup = max(estimates, key=lambda row: (row[0], row[1], row[2].followup_id))
    estimate = followup.compensation
    assert estimate is not None, "only those with an estimate were chosen"
    return Compensation(
        rule=estimate.rule,
        currency=estimate.currency,
        amount_minor=estimate.amount_minor,
        customers=estimate.customers,
        text="by law or code" if estimate.kind == "owed" else "goodwill: nothing is owed by law",
        followup_id=followup.followup_id,
    )


def _clocks_of(case: IncidentCase) -> tuple[ReportingClock, ...]:
    """Duties to regulators that it set off, those first that are due first."""
    rows = [
        ReportingClock(
            profile=profile,
            duty=clock.duty,
            started_at=Instant(clock.started_at),
            due_at=Instant(clock.due_at),
            done_at=None if clock.done_at is None else Instant(clock.done_at),
        )
        for profile, clock in case.followups.reports.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.due_at, row.profile))[:REPORTING_MAX])
