"""The words of a report to authorities: scale, cause, areas, services, estimated end.

It holds what regulators ask for and nothing that we do not know: what is not known is said to be so.
Times have their date, since a report is read on another day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from pipeline.records.published.incident_parts import Interval
from pipeline.records.published.incidents import Incident
from pipeline.records.texts import clipped
from pipeline.wording.sentences import Sentences
from pipeline.wording.summary import joined

AREAS_NAMED_MAX: Final = 20
"""Areas that a report names; more are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """What a report says beside what the incident says.

    Attributes:
        number: 1 for the first report, 2 for the one after it.
        duty: What must be told, in the regulator's words.
        to_check: What a person must check before it is sent; '' for nothing.
        at: Event time of the report, ms.
        user_minutes: Customers times minutes, where the duty counts them.
        doubt: Threshold that the least number does not reach while the likely one does, and that least number.
    """

    number: int
    duty: str
    to_check: str
    at: int
    user_minutes: Interval | None = None
    doubt: tuple[int, int] | None = None


def report_subject(incident: Incident, language: str, sentences: Sentences) -> str:
    """The headline of a report.

    Args:
        incident: What it is about.
        language: Language of the report.
        sentences: The sentences in that language.

    Returns:
        At most 200 characters.
    """
    headline = incident.summary.headline.said(language) if incident.summary else incident.incident_id
    return clipped(sentences.say("report.subject", headline=headline))


def report_body(incident: Incident, facts: ReportFacts, sentences: Sentences) -> str:
    """The text of a report, a line for each thing that is asked for.

    Args:
        incident: What it is about.
        facts: What the report says beside.
        sentences: The sentences in its language.

    Returns:
        At most 8,000 characters.
    """
    zone = incident.time_zone or "UTC"
    lines = [
        sentences.say(
            "report.reference", incident=incident.incident_id, number=facts.number, time=dated(facts.at, zone)
        ),
        sentences.say("report.duty", duty=facts.duty),
        sentences.say("report.began", time=dated(int(incident.started_at or incident.opened_at), zone)),
        _scale(incident, sentences),
        _services(incident, sentences),
        _areas(incident, sentences),
        _cause(incident, sentences),
        _end(incident, zone, sentences),
    ]
    if incident.emergency is not None and incident.emergency.affected:
        numbers = ", ".join(incident.emergency.numbers) or "112"
        lines.insert(1, sentences.say("report.emergency", numbers=numbers))
    if facts.user_minutes is not None:
        low, high = grouped(facts.user_minutes.low), grouped(facts.user_minutes.high)
        lines.append(sentences.say("report.user_minutes", low=low, high=high))
    if facts.doubt is not None:
        asked, least = facts.doubt
        lines.append(sentences.say("report.uncertain", asked=grouped(asked), low=grouped(least)))
    if facts.to_check:
        lines.append(sentences.say("report.check", check=facts.to_check))
    if incident.exercise:
        lines.insert(0, sentences.say("summary.exercise"))
    return "\n".join(lines)[:8_000]


def dated(moment_ms: int, time_zone: str) -> str:
    """Local date and time, as ISO 8601 writes them: no language reads the day for the month.

    >>> dated(1739347200000, "Europe/Berlin")
    '2025-02-12 09:00'
    """
    return f"{datetime.fromtimestamp(moment_ms // 1_000, UTC).astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M}"


def grouped(number: int) -> str:
    """A number in groups of three with narrow spaces, which all languages read alike (ISO 80000-1).

    >>> grouped(470000).split()
    ['470', '000']
    """
    return f"{number:,}".replace(",", "\u202f")


def _scale(incident: Incident, sentences: Sentences) -> str:
    numbers = incident.customers_affected
    if numbers is None:
        return sentences.say("report.scale_unknown")
    return sentences.say("report.scale", low=grouped(numbers.low), high=grouped(numbers.high))


def _services(incident: Incident, sentences: Sentences) -> str:
    services = [sentences.service(service) for service in incident.services]
    listed = joined(services, sentences.say("list.and")) or sentences.say("list.all_services")
    return sentences.say("report.services", services=listed)


def _areas(incident: Incident, sentences: Sentences) -> str:
    names: Sequence[str] = [area.name or area.area for area in incident.areas if area.back_at is None]
    more = max(0, len(names) - AREAS_NAMED_MAX) + incident.areas_omitted
    named = [*names[:AREAS_NAMED_MAX], *([sentences.say("list.more_places", number=more)] if more else [])]
    return sentences.say("report.areas", areas=joined(named, sentences.say("list.and")) or "-")


def _cause(incident: Incident, sentences: Sentences) -> str:
    cause = next((cause for cause in incident.causes or () if cause.kind != "unknown"), None)
    if cause is None:
        return sentences.say("report.cause_unknown")
    return sentences.say("report.cause", cause=cause.text or cause.kind.replace("_", " "))


def _end(incident: Incident, zone: str, sentences: Sentences) -> str:
    if incident.ended_at is not None:
        return sentences.say("report.ended", time=dated(int(incident.ended_at), zone))
    estimate = incident.estimated_end
    if estimate is None:
        return sentences.say("report.end_unknown")
    early, late = dated(int(estimate.earliest), zone), dated(int(estimate.latest), zone)
    return sentences.say("report.end", early=early, late=late)
