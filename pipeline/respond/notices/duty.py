"""The duty of notices: at each change of an incident, and when a time comes, what is to be told is drafted.

All times are found anew from the case, so nothing is lost with a restart: the next word of each audience,
the end of a hold, the least distance to the last word, the end of drafts that nobody approves.
"""

from collections.abc import Iterator
from typing import Final

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.changes import Change
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.notices import Notice
from pipeline.records.raw.commands import ON_DRAFTS
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.config import RespondRules
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.notices.inheriting import inherit
from pipeline.respond.notices.life import NoticeMove, moved
from pipeline.respond.notices.occasions import OCCASIONS, Occasion
from pipeline.respond.notices.orders import desk_of, obey
from pipeline.respond.notices.situation import Situation
from pipeline.respond.notices.telling import tell
from pipeline.respond.state import IncidentCase


def hear(case: IncidentCase, heard: Change | PlacedCommand, around: Surroundings) -> DutyAnswer | None:
    """What follows from a change of the case, or from an order about its drafts.

    Args:
        case: Its notices change in place.
        heard: The change or the order.
        around: With the rules: to whom, where, in which words, and who may do what; and the other cases.

    Returns:
        Notices and the decisions about them; None for an order about something else.
    """
    if isinstance(heard, Change):
        profile = around.rules.clock_of(case.incident.market).profile
        case.notices.profile, case.notices.graded = profile.profile, list(profile.grade_minutes)
        inherited = tuple(inherit(case, heard, around))
        answer = fall_due(case, heard.at, around)
        return answer._replace(outputs=(*inherited, *answer.outputs))
    rules = around.rules
    if heard.command.kind not in ON_DRAFTS:
        return None
    outputs = obey(desk_of(case), heard, rules)
    return DutyAnswer(outputs, next_due(situation_of(case, int(heard.at), rules), case)) if outputs else None


def situation_of(case: IncidentCase, at: int, rules: RespondRules) -> Situation:
    """The case at a moment.

    Args:
        case: A case.
        at: The moment, ms.
        rules: For its settings.
    """
    incident = case.incident
    return Situation(incident, case.notices.told, at, rules.config, rules.clock_of(incident.market))


def fall_due(case: IncidentCase, at: Instant, around: Surroundings) -> DutyAnswer:
    """Draft what is to be told now, after what no longer holds was taken back.

    Args:
        case: Its notices change in place.
        at: Now, ms.
        around: With the rules: to whom, where, in which words.
    """
    rules = around.rules
    outputs: list[object] = [*_taken_back(case, int(at))]
    asked: set[str] = set()
    while (occasion := _next_occasion(situation_of(case, int(at), rules), asked)) is not None:
        asked.add(occasion.name)
        outputs += tell(case, occasion, int(at), rules)
    return DutyAnswer(tuple(outputs), next_due(situation_of(case, int(at), rules), case))


def _next_occasion(now: Situation, asked: set[str]) -> Occasion | None:
    """The first row that happens, was not asked yet at this moment, and need not wait."""
    happening = (occasion for occasion in OCCASIONS if occasion.name not in asked and occasion.happens(now))
    return next((occasion for occasion in happening if now.at >= _waits_until(now, occasion)), None)


def _waits_until(now: Situation, occasion: Occasion) -> int:
    """Until when an occasion keeps its distance to the last word, ms."""
    return now.told.last_at + now.config.update_minutes * MINUTE_MS if occasion.waits else 0


def _taken_back(case: IncidentCase, at: int) -> Iterator[Notice]:
    """Withdraw the drafts of what is no outage any more, and let those expire that nobody approved in time."""
    book, incident = case.notices, case.incident
    gone = incident.state == IncidentState.DISMISSED or (
        case.is_over and (incident.is_merged or incident.resolved_at is None)
    )
    for notice in [*book.live.values()]:
        if notice.state != "draft":
            continue
        if gone:
            ended = moved(notice, NoticeMove.WITHDRAW, at, None, f"the incident is {incident.state.value}")
        elif notice.expires_at is not None and int(notice.expires_at) <= at:
            ended = moved(notice, NoticeMove.EXPIRE, at, None, "nobody approved it in time")
        else:
            continue
        book.put(ended, lives=False)
        yield ended


def next_due(now: Situation, case: IncidentCase) -> int | None:
    """When the duty is to be asked again, ms: the first time at which something may be told or taken back.

    Args:
        now: The case at this moment.
        case: For its drafts.
    """
    dues = [*_dues(now), *_expiries(case)]
    return min((due for due in dues if due > now.at), default=None)


def _expiries(case: IncidentCase) -> Iterator[int]:
    for notice in case.notices.live.values():
        if notice.state == "draft" and notice.expires_at is not None:
            yield int(notice.expires_at)


def _dues(now: Situation) -> Iterator[int]:
    if now.incident.state in (IncidentState.RESOLVED, IncidentState.CLOSED):
        yield now.cleared_from
    if not now.is_on:
        return
    if now.was_told:
        yield from (now.next_word_at(audience) for audience in now.told.spoken)
        yield now.told.last_at + now.config.update_minutes * MINUTE_MS
        yield now.end_told_from
        yield from now.told.end[1:]
        yield now.told.planned_until
    if now.incident.silence is not None:
        yield int(now.incident.silence.until)
    if now.incident.maintenance is not None:
        yield int(now.incident.maintenance.until)


NOTICES: Final = Duty(name="notices", hear=hear, fall_due=fall_due)
"""The row of RESPOND's duties."""
