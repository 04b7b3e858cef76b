"""The duty of people: what is said of an incident's operators is added up, and a claim that spreads is corrected.

Who is blamed is told apart from who has the fault: blame is what people say, a role is what the network shows.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from pipeline.records.clocks import Instant
from pipeline.records.inner.changes import Change
from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.inner.talk import BLAME, CLAIM, POSTS, TalkSum, rumour_id
from pipeline.records.vocabulary import PPM, IncidentState
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.notices.correction import correct
from pipeline.respond.notices.drafting import Claim
from pipeline.respond.people.around import add_steps
from pipeline.respond.people.blaming import wrongly_blamed
from pipeline.respond.people.official_words import hear_officials
from pipeline.respond.people.reacting import cut_short, next_due, write_reactions
from pipeline.respond.people.telling import blame_of, kind_of
from pipeline.respond.remembered.impact import began_at
from pipeline.respond.remembered.people import PeopleMemory
from pipeline.respond.state import IncidentCase

SUBJECTS_MAX: Final = 64
"""Subjects of an incident that are counted: a dozen topics, and some of what is claimed and who is blamed."""


def hear(case: IncidentCase, heard: Change | PlacedCommand, _around: Surroundings) -> DutyAnswer | None:
    """Take in that it was confirmed, closed, or was none: what is told of the operator's messages depends on it.

    Args:
        case: The incident.
        heard: A revision; an order says nothing of it.
        _around: Is not looked at.

    Returns:
        When the half hour after a message is over; None if nothing changes in that.
    """
    if not isinstance(heard, Change) or not case.people.around:
        return None
    if heard.after.state == IncidentState.CLOSED:
        cut_short(case, heard)
    return DutyAnswer(due_at=next_due(case))


def fall_due(case: IncidentCase, at: Instant, _around: Surroundings) -> DutyAnswer:
    """Tell how people took a message of the operator.

    Args:
        case: The incident; that it was told is remembered in it.
        at: The time, ms.
        _around: Is not looked at.
    """
    return DutyAnswer(tuple(write_reactions(case, int(at))), next_due(case))


def hear_talk(case: IncidentCase, heard: PaneTalk, around: Surroundings) -> DutyAnswer | None:
    """Add up what people and operators say, and draft the correction of a claim whose share passes the setting.

    Args:
        case: The incident; what it remembers of people changes in place.
        heard: Its share of a pane's talk.
        around: Settings and wording.
    """
    add_steps(case.people, heard.sums)
    spoken = hear_officials(case, heard.officials, around.rules)
    if spoken and case.incident.operators:
        operator, began = case.incident.operators[0].operator, began_at(case.incident)
        case.people.usual_reactions = around.figures.usual_reactions(operator, began) or 0
    if not heard.sums:
        return DutyAnswer(due_at=next_due(case)) if spoken else None
    _add_up(case.people, heard.sums)
    return DutyAnswer(tuple(_corrections(case, heard.at, around)), next_due(case))


def _add_up(memory: PeopleMemory, sums: Iterable[TalkSum]) -> None:
    for row in sums:
        for subject, number in row.posts.items():
            if subject not in memory.posts and len(memory.posts) >= SUBJECTS_MAX:
                continue
            memory.posts[subject] = memory.posts.get(subject, 0) + number
            memory.people[subject] = memory.people.get(subject, 0) + row.people.get(subject, 0)
            if subject.startswith(CLAIM):
                memory.first_at.setdefault(subject, int(row.ended_at))


def _corrections(case: IncidentCase, at: Instant, around: Surroundings) -> Iterator[object]:
    """Of a claim that spreads now, in the latest half hour, not since the beginning, which would be too late.

    One that the operator has denied in one place is corrected in all, though few make it. So is blame of an operator
    that has no fault.
    """
    memory, config, name = case.people, around.rules.config.replies, case.incident.incident_id
    total = sum(step.posts.get(POSTS, 0) for step in memory.recent)
    for subject in sorted(memory.first_at):
        posts = sum(step.posts.get(subject, 0) for step in memory.recent)
        people = sum(step.people.get(subject, 0) for step in memory.recent)
        share = posts * PPM // max(1, total)
        spreads = people >= config.rumour_people_min and share >= config.rumour_share_percent * PPM // 100
        denied = subject in memory.denied_at and memory.people[subject] >= config.rumour_denied_people_min
        if spreads or denied:
            yield from correct(case, Claim(rumour_id(name, subject), kind_of(subject)), int(at), around.rules)
    for operator in wrongly_blamed(case, config):
        claim = Claim(rumour_id(name, blame_of(operator)), BLAME, operator)
        yield from correct(case, claim, int(at), around.rules)


PEOPLE: Final = Duty(name="people", hear=hear, fall_due=fall_due, hear_talk=hear_talk)
"""The row of RESPOND's duties."""
