"""What an incident's record tells of people: topics with shares, claims that spread, and blame beside the roles."""

from typing import Final, get_args

from msgspec.structs import replace

from pipeline.records.clocks import Instant
from pipeline.records.ids import content_id
from pipeline.records.inner.talk import BLAME, POSTS
from pipeline.records.published.incident_parts import Blame, OperatorRole
from pipeline.records.published.incidents import OPERATORS_MAX, RUMOURS_MAX, Incident
from pipeline.records.published.people import Rumour, TopicShare
from pipeline.records.vocabulary import PPM, Talk
from pipeline.respond.state import IncidentCase

CLAIMS: Final = {"claim:attack": "It was an attack (cyber attack, hackers, sabotage)."}
"""Subject of a claim to the claim in words."""


def claim_words(subject: str) -> str:
    """A claim in words."""
    return CLAIMS.get(subject, subject.partition(":")[2])


def rumour_id(case: IncidentCase, subject: str) -> str:
    """Id of a claim within an incident."""
    return content_id(case.incident.incident_id, "rumour", subject)


def topics_of(case: IncidentCase) -> tuple[TopicShare, ...] | None:
    """Topics, the most talked of first; None if no post was heard."""
    memory = case.people
    if not memory.posts:
        return None
    rows = [
        TopicShare(
            topic=topic,
            posts=memory.posts[topic],
            people=memory.people[topic],
            share_ppm=_share(memory.posts[topic], memory.posts.get(POSTS, 0)),
        )
        for topic in get_args(Talk)
        if topic in memory.posts
    ]
    return tuple(sorted(rows, key=lambda row: (-row.posts, row.topic)))


def rumours_of(case: IncidentCase) -> tuple[Rumour, ...] | None:
    """Claims, the one that was heard first before others; None if no post was heard."""
    memory = case.people
    if not memory.posts:
        return None
    rows = []
    for subject, first_at in sorted(memory.first_at.items(), key=lambda named: (named[1], named[0])):
        name = rumour_id(case, subject)
        drafted = [notice.notice_id for notice in case.notices.live.values() if notice.rumour_id == name]
        rows.append(
            Rumour(
                rumour_id=name,
                claim=claim_words(subject),
                first_at=Instant(first_at),
                posts=memory.posts[subject],
                people=memory.people[subject],
                notice_id=min(drafted, default=None),
            )
        )
    return tuple(rows[:RUMOURS_MAX])


def blamed(case: IncidentCase, incident: Incident) -> tuple[OperatorRole, ...]:
    """The operators with what people blame them for; one that is only blamed has no role.

    Args:
        case: What RESPOND remembers of it.
        incident: The revision as CORRELATE wrote it.
    """
    memory = case.people
    total = memory.posts.get(BLAME, 0)
    blame = {
        subject.partition(":")[2]: Blame(share_ppm=_share(number, total), posts=number)
        for subject, number in sorted(memory.posts.items())
        if subject.startswith(f"{BLAME}:") and total
    }
    rows = [replace(row, blame=blame.pop(row.operator, None)) for row in incident.operators]
    rows += [OperatorRole(operator=operator, role=None, blame=part) for operator, part in blame.items()]
    return tuple(rows[:OPERATORS_MAX])


def _share(part: int, whole: int) -> int:
    return min(PPM, part * PPM // whole) if whole else 0
