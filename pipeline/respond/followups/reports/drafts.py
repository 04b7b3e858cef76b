"""Drafts of reports to authorities, and the decisions about a regulator's clock."""

from msgspec.structs import replace

from pipeline.records.clocks import Instant
from pipeline.records.ids import content_id
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import DecisionKind, DecisionReason, NoticeKind
from pipeline.reference.regulators import ReportingRule
from pipeline.respond.answers import decided
from pipeline.respond.config import RespondRules
from pipeline.respond.followups.reports.thresholds import doubt_of
from pipeline.respond.remembered.followups import ReportMemory
from pipeline.respond.remembered.impact import customer_minutes
from pipeline.respond.state import IncidentCase
from pipeline.wording.report import ReportFacts, report_body, report_subject


def draft_report(
    case: IncidentCase, rule: ReportingRule, clock: ReportMemory, due_at: int, at: int, rules: RespondRules
) -> Notice | None:
    """Draft the next report of a clock.

    Args:
        case: The incident, and who was without service so far.
        rule: Whom to tell what.
        clock: Counts the report; changes in place.
        due_at: Until when it must be out, ms.
        at: Event time of the draft, ms.
        rules: The sentences, and who answers for them.

    Returns:
        The draft, in the first language of the market; None if no operator is known in whose name to speak.
    """
    incident, impact = case.incident, case.followups.impact
    if not incident.operators:
        return None
    clock.reports += 1
    language = rules.languages_of(incident.market)[0]
    sentences, config = rules.wording[language], rules.config.followups
    facts = ReportFacts(
        number=clock.reports,
        duty=rule.duty,
        to_check=rule.to_check,
        at=at,
        user_minutes=customer_minutes(impact, incident, at) if rule.user_minutes_min else None,
        doubt=doubt_of(rule, incident, impact, at, config.remote_areas),
    )
    notice = Notice(
        notice_id=content_id(incident.incident_id, "report", rule.profile, clock.reports),
        incident_id=incident.incident_id,
        revision=incident.revision,
        market=incident.market,
        operator=incident.operators[0].operator,
        kind=NoticeKind.ALL_CLEAR if clock.ended else NoticeKind.UPDATE,
        audience=rule.audience,
        outlet="email",
        language=language,
        subject=report_subject(incident, language, sentences),
        body=report_body(incident, facts, sentences),
        drafted_at=Instant(at),
        tone="plain",
        due_at=Instant(due_at),
        estimated_end_at=None if incident.estimated_end is None else incident.estimated_end.latest,
        supersedes=None if clock.notice is None else clock.notice.notice_id,
        writer=config.report_writer,
        approver=config.report_approver,
        exercise=incident.exercise,
    )
    clock.notice = notice
    return notice


def decide(incident: Incident, kind: DecisionKind, reason: DecisionReason, at: int, words: tuple[str, str]) -> Decision:
    """A decision about something that follows an outage.

    Args:
        incident: Its latest revision.
        kind: What was done.
        reason: Why, of the closed list.
        at: Event time, ms.
        words: What it is about - the profile of a clock, a kind of follow-up -, and why, in words.
    """
    about, why = words
    decision = decided(incident, Instant(at), (kind, reason), f"{about}: {why}", extra=about)
    return replace(decision, details={"about": about})
