"""What an incident's record tells of people: topics with shares, claims that spread, and blame beside the roles."""

from collections.abc import Container, Mapping
from typing import Final, get_args

from msgspec.structs import replace

from pipeline.records.clocks import Instant
from pipeline.records.inner.talk import BLAME, POSTS, REPOSTED, rumour_id
from pipeline.records.published.incident_parts import Blame, OperatorRole
from pipeline.records.published.incidents import OPERATORS_MAX, RUMOURS_MAX, SENTIMENT_MAX, Incident
from pipeline.records.published.people import AROUND_TOPICS_MAX, Posts, Rumour, SentimentAround, TalkedOf, TopicShare
from pipeline.records.vocabulary import PPM, Talk
from pipeline.respond.people.blaming import at_fault
from pipeline.respond.people.mood import mood_of, share_margin_ppm
from pipeline.respond.remembered.people import TalkAround
from pipeline.respond.state import IncidentCase

CLAIMS: Final = {
    "attack": "It was an attack (cyber attack, hackers, sabotage).",
    "cable": "Somebody has cut a cable.",
    "data": "Customers' data has been stolen.",
    "days": "It will last for days.",
    "fire": "A building of the network is on fire.",
    "unpaid": "The operator has not paid its bills and was cut off.",
}
"""Kind of a claim to the claim in words, as the incident's record tells it; notices say it in their own language."""


def claim_words(subject: str) -> str:
    """A claim in words; one that the lexicon of an operator adds is called by its kind."""
    kind = kind_of(subject)
    return CLAIMS.get(kind, kind)


def kind_of(subject: str) -> str:
    """The kind of a claim, `attack` of `claim:attack`, and whom blame names, `o2` of `blame:o2`."""
    return subject.partition(":")[2]


def blame_of(operator: str) -> str:
    """The subject under which blame of an operator is counted."""
    return f"{BLAME}:{operator}"


def topics_of(case: IncidentCase) -> tuple[TopicShare, ...] | None:
    """Topics, the most talked of first; None if no post was heard."""
    memory = case.people
    return _shares(memory.posts, memory.people) if memory.posts else None


def sentiment_of(case: IncidentCase) -> tuple[SentimentAround, ...] | None:
    """What people said before and after the latest official messages; None if the operator said nothing to everybody.

    The mood is told if posts come with a class; the share of each topic is told anyway. Each message has a record of
    its own as well, so none is lost.
    """
    return tuple(around_of(words) for words in case.people.around[-SENTIMENT_MAX:]) or None


def sentiment_omitted(case: IncidentCase) -> int:
    """How many official messages more there were than the record has room for."""
    return case.people.around_omitted + max(0, len(case.people.around) - SENTIMENT_MAX)


def posts_of(case: IncidentCase, incident: Incident) -> Posts | None:
    """How much is said, with what people did about the operator's messages, where that was counted.

    Args:
        case: What RESPOND remembers of it.
        incident: The revision as CORRELATE wrote it.
    """
    counted = [[*words.counts, 1] for words in case.people.around if words.counts]
    counted += [case.people.gone_counts] if case.people.gone_counts else []
    if incident.posts is None or not counted:
        return incident.posts
    likes, reposts, replies, quotes, views, messages = (sum(totals) for totals in zip(*counted, strict=True))
    reactions, usual = likes + reposts + replies + quotes, case.people.usual_reactions
    return replace(
        incident.posts,
        reactions=reactions,
        likes=likes,
        reposts=reposts,
        replies=replies,
        quotes=quotes,
        views=views or None,
        engagement_ratio_ppm=reactions * PPM // (messages * usual) if usual else None,
    )


def around_of(words: TalkAround) -> SentimentAround:
    """What people said before and after one official message, and did about it.

    Args:
        words: What is remembered of it.
    """
    before, after = mood_of(words.before), mood_of(words.after)
    return SentimentAround(
        official_post_id=words.post_id.partition("|")[2],
        at=Instant(words.at),
        before_ppm=before.balance_ppm,
        after_ppm=after.balance_ppm,
        posts_before=before.posts,
        posts_after=after.posts,
        before_margin_ppm=before.margin_ppm,
        after_margin_ppm=after.margin_ppm,
        talk_before=words.before.get(POSTS, 0),
        talk_after=words.after.get(POSTS, 0),
        topics_before=_talked_of(words.before),
        topics_after=_talked_of(words.after),
        neutral_before=before.neutral,
        neutral_after=after.neutral,
        reactions=sum(words.counts[:4]) if words.counts else None,
    )


def _talked_of(posts: Mapping[str, int]) -> tuple[TalkedOf, ...]:
    rows = _shares(posts, {})[:AROUND_TOPICS_MAX]
    total = posts.get(POSTS, 0)
    return tuple(
        TalkedOf(topic=row.topic, share_ppm=row.share_ppm or 0, margin_ppm=share_margin_ppm(row.posts, total))
        for row in rows
    )


def _shares(posts: Mapping[str, int], people: Mapping[str, int]) -> tuple[TopicShare, ...]:
    rows = [
        TopicShare(
            topic=topic,
            posts=posts[topic],
            people=people.get(topic),
            share_ppm=_share(posts[topic], posts.get(POSTS, 0)),
        )
        for topic in get_args(Talk)
        if topic in posts
    ]
    return tuple(sorted(rows, key=lambda row: (-row.posts, row.topic)))


def rumours_of(case: IncidentCase) -> tuple[Rumour, ...] | None:
    """Claims, the one that was heard first before others; None if no post was heard."""
    memory = case.people
    if not memory.posts:
        return None
    rows = []
    for subject, first_at in sorted(memory.first_at.items(), key=lambda named: (named[1], named[0])):
        name = rumour_id(case.incident.incident_id, subject)
        rows.append(
            Rumour(
                rumour_id=name,
                claim=claim_words(subject),
                first_at=Instant(first_at),
                posts=memory.posts[subject],
                reposts=memory.posts.get(f"{REPOSTED}{subject}", 0),
                people=memory.people[subject],
                share_ppm=_share(memory.posts[subject], memory.posts.get(POSTS, 0)) if POSTS in memory.posts else None,
                denied_at=_denied_at(case, subject),
                notice_id=_correction_of(case, name),
            )
        )
    return tuple(rows[:RUMOURS_MAX])


def _correction_of(case: IncidentCase, name: str) -> str | None:
    """The correction of a claim that waits or was approved; of the texts of one occasion the first by id."""
    return min((text.notice_id for text in case.notices.live.values() if text.rumour_id == name), default=None)


def rumours_omitted(case: IncidentCase) -> int:
    """How many claims more were heard than the record has room for."""
    return max(0, len(case.people.first_at) - RUMOURS_MAX)


def blamed(case: IncidentCase, incident: Incident) -> tuple[OperatorRole, ...]:
    """The operators with what people blame them for; one that is only blamed has no role.

    Args:
        case: What RESPOND remembers of it.
        incident: The revision as CORRELATE wrote it.
    """
    memory = case.people
    total = memory.posts.get(BLAME, 0)
    down = at_fault(incident)
    blame = {
        kind_of(subject): Blame(
            share_ppm=_share(number, total),
            posts=number,
            denied_at=_denial_of(case, kind_of(subject), down),
            notice_id=_correction_of(case, rumour_id(case.incident.incident_id, subject)),
        )
        for subject, number in sorted(memory.posts.items())
        if subject.startswith(f"{BLAME}:") and total
    }
    rows = [replace(row, blame=blame.pop(row.operator, None)) for row in incident.operators]
    rows += [OperatorRole(operator=operator, role=None, blame=part) for operator, part in blame.items()]
    return tuple(rows[:OPERATORS_MAX])


def _denied_at(case: IncidentCase, subject: str) -> Instant | None:
    moment = case.people.denied_at.get(subject)
    return None if moment is None else Instant(moment)


def _denial_of(case: IncidentCase, operator: str, down: Container[str]) -> Instant | None:
    """Who has the fault cannot deny it for itself: only others are cleared."""
    return None if operator in down else _denied_at(case, BLAME)


def _share(part: int, whole: int) -> int:
    return min(PPM, part * PPM // whole) if whole else 0
