"""Regulators' clocks: a threshold crossed is a decision and a report to draft, and a report not given is told.

A clock runs from the moment at which its conditions were known to hold. It warns when most of its time is
over, says when all of it is, asks again as the profile says while the outage lasts, and once when it has ended.
An order `approve` of the draft, or of the incident with the profile as note or reason, says that the report was given.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.changes import Change
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.incidents import Incident
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import DecisionKind, DecisionReason, IncidentState
from pipeline.reference.regulators import ReportingRule
from pipeline.respond.answers import answered
from pipeline.respond.config import RespondRules
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.followups.reports.drafts import decide, draft_report
from pipeline.respond.followups.reports.thresholds import GOES_ON, crossing_at, why_crossed
from pipeline.respond.remembered.followups import ReportMemory
from pipeline.respond.state import IncidentCase


def hear(case: IncidentCase, heard: Change | PlacedCommand, around: Surroundings) -> DutyAnswer | None:
    """Take in a change or an order.

    Args:
        case: The incident; what it remembers of its clocks changes in place.
        heard: A revision, or an order about it.
        around: The profiles.

    Returns:
        Reports and decisions; None if an order says nothing about a report.
    """
    rules = around.rules
    if isinstance(heard, PlacedCommand):
        return _ordered(case, heard, rules)
    at = int(heard.at)
    return DutyAnswer((*_end(case, at, rules), *_advance(case, at, rules)), _next_due(case, at, rules))


def fall_due(case: IncidentCase, at: Instant, around: Surroundings) -> DutyAnswer:
    """Answer the time that was set.

    Args:
        case: The incident; what it remembers of its clocks changes in place.
        at: The time, ms.
        around: The profiles.
    """
    rules = around.rules
    return DutyAnswer(tuple(_advance(case, int(at), rules)), _next_due(case, int(at), rules))


def _ordered(case: IncidentCase, placed: PlacedCommand, rules: RespondRules) -> DutyAnswer | None:
    """Stop the clocks that an order names; None if it names none."""
    command = placed.command
    if command.kind != "approve":
        return None
    named = {command.target, command.note.strip(), command.reason.strip()}
    meant = [clock for profile, clock in sorted(case.followups.reports.items()) if named & _names(profile, clock)]
    if not meant:
        return None
    outputs: list[object] = []
    for clock in meant:
        outputs += _reported(case.incident, clock, placed, rules)
    return DutyAnswer(tuple(outputs), _next_due(case, int(placed.at), rules))


def _names(profile: str, clock: ReportMemory) -> set[str]:
    return {profile} if clock.notice is None else {profile, clock.notice.notice_id}


def _reported(incident: Incident, clock: ReportMemory, placed: PlacedCommand, rules: RespondRules) -> Iterator[object]:
    """A person says that a report was given: the clock stops, and the draft is approved; once."""
    by = placed.command.by
    if not rules.config.may(by, "approve"):
        verdict = (DecisionKind.REFUSED, DecisionReason.NOT_ALLOWED)
        yield answered(placed, verdict, f"{by} may not approve a report: see respond.rights", incident)
        return
    if clock.done_at is None:
        clock.done_at = int(placed.at)
    if clock.notice is not None and clock.notice.state == "draft":
        clock.notice = replace(
            clock.notice,
            state="approved",
            approved_by=clipped(by, 64),
            approved_at=placed.at,
            changed_at=placed.at,
            changed_by=clipped(by, 64),
            notice_revision=clock.notice.notice_revision + 1,
        )
        yield clock.notice
    verdict = (DecisionKind.CHANGED, DecisionReason.COMMAND)
    yield answered(placed, verdict, f"reported, as {by} says: {clock.duty}", incident)


def _advance(case: IncidentCase, at: int, rules: RespondRules) -> Iterator[object]:
    """Start the clocks whose conditions hold, and let those that run speak."""
    incident, memory = case.incident, case.followups
    for rule in rules.reporting:
        if rule.market != incident.market:
            continue
        clock = memory.reports.get(rule.profile)
        if clock is None:
            crossing = crossing_at(rule, incident, memory.impact, at, rules.config.followups.remote_areas)
            if crossing is not None and crossing <= at:
                yield from _start(case, rule, at, rules)
        elif rule is _first_of(rule.profile, rules.reporting):
            yield from _remind(incident, rule.profile, clock, at, rules)
            yield from _report_again(case, rule, clock, at, rules)


def _first_of(profile: str, reporting: Iterable[ReportingRule]) -> ReportingRule:
    return next(rule for rule in reporting if rule.profile == profile)


def _start(case: IncidentCase, rule: ReportingRule, at: int, rules: RespondRules) -> Iterator[object]:
    incident, memory = case.incident, case.followups
    due_at = at + rule.due_minutes * MINUTE_MS
    clock = ReportMemory(duty=rule.duty, started_at=at, due_at=due_at)
    memory.reports[rule.profile] = clock
    notice = draft_report(case, rule, clock, due_at, at, rules)
    if notice is not None:
        yield notice
    clock.again_at = _again_at(rule, clock, at)
    crossed = why_crossed(rule, incident, memory.impact, at, rules.config.followups.remote_areas)
    why = f"{crossed}; report due in {rule.due_minutes} min"
    yield decide(incident, DecisionKind.SENT, DecisionReason.THRESHOLD_CROSSED, at, (rule.profile, why))


def _again_at(rule: ReportingRule, clock: ReportMemory, at: int) -> int | None:
    """When the report after this one is due; None for never."""
    since = at - clock.started_at
    for cadence in rule.again:
        if not cadence.for_minutes or since + cadence.every_minutes * MINUTE_MS <= cadence.for_minutes * MINUTE_MS:
            return at + cadence.every_minutes * MINUTE_MS
    return None


def _remind(incident: Incident, profile: str, clock: ReportMemory, at: int, rules: RespondRules) -> Iterator[object]:
    """Warn, and say when the time is over; each once."""
    if clock.done_at is not None:
        return
    left = f"{max(0, clock.due_at - at) // MINUTE_MS} min left to report"
    if not clock.overdue and at >= clock.due_at:
        clock.overdue = clock.warned = True
        why = "the time to report is over, and nobody said that it was reported"
        yield decide(incident, DecisionKind.CHANGED, DecisionReason.OVERDUE, at, (profile, why))
    elif not clock.warned and at >= _warns_at(clock, rules):
        clock.warned = True
        yield decide(incident, DecisionKind.CHANGED, DecisionReason.DUE_SOON, at, (profile, left))


def _warns_at(clock: ReportMemory, rules: RespondRules) -> int:
    length = clock.due_at - clock.started_at
    return clock.started_at + length * rules.config.followups.report_warning_percent // 100


def _report_again(
    case: IncidentCase, rule: ReportingRule, clock: ReportMemory, at: int, rules: RespondRules
) -> Iterator[object]:
    incident = case.incident
    if incident.state not in GOES_ON or clock.again_at is None or at < clock.again_at:
        return
    notice = draft_report(case, rule, clock, clock.again_at, at, rules)
    clock.again_at = _again_at(rule, clock, clock.again_at)
    if notice is not None:
        yield notice
        why = f"report {clock.reports} drafted, as the profile asks while it lasts"
        yield decide(incident, DecisionKind.SENT, DecisionReason.NEXT_WORD_DUE, at, (rule.profile, why))


def _end(case: IncidentCase, at: int, rules: RespondRules) -> Iterator[object]:
    """The last report of each clock that runs, once the hold is over; one that is reopened speaks again."""
    incident, memory = case.incident, case.followups
    for profile, clock in sorted(memory.reports.items()):
        if incident.state in GOES_ON:
            if clock.ended:
                clock.ended = False
                rule = _first_of(profile, rules.reporting)
                clock.again_at = _again_at(rule, clock, at)
        elif incident.state == IncidentState.RESOLVED and not clock.ended:
            clock.ended = True
            notice = draft_report(case, _first_of(profile, rules.reporting), clock, at, at, rules)
            if notice is not None:
                yield notice
                why = "the outage is over: the last report is drafted"
                yield decide(incident, DecisionKind.SENT, DecisionReason.HOLD, at, (profile, why))


def _next_due(case: IncidentCase, at: int, rules: RespondRules) -> int | None:
    """When a clock starts or speaks next, if nothing changes."""
    incident, memory = case.incident, case.followups
    moments: list[int] = []
    for rule in rules.reporting:
        if rule.market == incident.market and rule.profile not in memory.reports:
            crossing = crossing_at(rule, incident, memory.impact, at, rules.config.followups.remote_areas)
            moments += [] if crossing is None else [crossing]
    for clock in memory.reports.values():
        if clock.done_at is None:
            moments += [] if clock.warned else [_warns_at(clock, rules)]
            moments += [] if clock.overdue else [clock.due_at]
        if clock.again_at is not None and incident.state in GOES_ON:
            moments.append(clock.again_at)
    return min((moment for moment in moments if moment > at), default=None)


REPORTING: Final = Duty(name="reporting", hear=hear, fall_due=fall_due)
"""The row of RESPOND's duties."""
