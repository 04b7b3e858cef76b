"""What people say before and after each official message: half an hour each, by subject.

A step of a minute counts to the side on which it ends, so the minute of the message counts after it. Messages and
steps may come in any order; each is counted once for each message.

An operator's last words often come when the incident is closed: Orange's anger of 2012 fell only after the fifth.
Nobody passes talk on by then. So words of the day after the end are remembered, and the mood around them is taken
from the figures of five minutes when the day is over, with no topic but leaving.
"""

from collections.abc import Iterable
from typing import Final

from pipeline.records.clocks import DAY_MS
from pipeline.records.fixed_point import SCALES
from pipeline.records.inner.figures import FigureName
from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.inner.talk import BLAME, CLAIM, LEAVING, MOODS, POSTS, TalkSum
from pipeline.records.published.people import AROUND_MS
from pipeline.records.vocabulary import TELL_OF_A_STATE, IncidentState, OfficialKind
from pipeline.respond.figures import KnownFigures
from pipeline.respond.remembered.people import PeopleMemory, TalkAround, TalkStep
from pipeline.respond.state import IncidentCase

LATE_MS: Final = DAY_MS - AROUND_MS
"""Words of so long after the end are still about it: the half hour after them is over when the first aftermath is
measured."""

LATE_KINDS: Final[tuple[OfficialKind, ...]] = (*TELL_OF_A_STATE, "apology_other")
"""Kinds of words that are about it; a greeting in the morning is not."""

AROUND_MAX: Final = 48
"""Messages to everybody that an incident remembers: more than one in forty seconds would have to come before one
whose half hour is not over is forgotten; operators say some ten things in a day of outage."""

_COUNTED: Final = {
    POSTS: FigureName("activity", "mentions"),
    **{subject: FigureName.of_talk(subject) for subject in (*MOODS, LEAVING)},
}
"""What is known of the talk around a late word: a subject, and the figure that counts it."""


def add_late_messages(cases: Iterable[IncidentCase], heard: PaneTalk) -> list[IncidentCase]:
    """Remember what an operator says of an incident that is closed, if nothing else of it is going on.

    Args:
        cases: All of the market; their memories of people change in place.
        heard: What was said in a pane.

    Returns:
        Those that remember a word more.
    """
    known = list(cases)
    busy = {row.operator for case in known if not case.is_over for row in case.incident.operators}
    changed = []
    for case in known:
        incident, own = case.incident, {row.operator for row in case.incident.operators if row.role is not None}
        ended_at = int(incident.ended_at or incident.updated_at)
        if incident.state != IncidentState.CLOSED or incident.confirmed_at is None or incident.exercise or own & busy:
            continue
        words = [
            post
            for post in heard.officials
            if post.operator in own and post.is_for_all and post.kind in LATE_KINDS and post.at <= ended_at + LATE_MS
        ]
        for post in words:
            add_message(case.people, post, is_late=True)
        changed += [case] if words else []
    return changed


def add_late_counts(cases: Iterable[IncidentCase], heard: PaneTalk) -> list[IncidentCase]:
    """Remember what people did about messages of incidents that are closed.

    Args:
        cases: All of the market; their memories of people change in place.
        heard: What was said in a pane.

    Returns:
        Those whose messages were counted.
    """
    counts = [post for post in heard.officials if post.counts]
    closed = [case for case in cases if counts and case.incident.state == IncidentState.CLOSED]
    return [case for case in closed if sum(add_counts(case.people, post) for post in counts)]


def count_late(memory: PeopleMemory, operator: str, figures: KnownFigures) -> None:
    """Count what people said around the words of the day after the end.

    Args:
        memory: Changes in place.
        operator: Whose words.
        figures: Figures of the market.
    """
    for words in memory.around:
        if words.is_late and not (words.before or words.after):  # of a week ago only hours are known
            words.before = _counts(figures, operator, words.at - AROUND_MS, words.at)
            words.after = _counts(figures, operator, words.at, words.at + AROUND_MS)


def _counts(figures: KnownFigures, operator: str, begin: int, end: int) -> dict[str, int]:
    sums = {subject: figures.total(operator, name, begin, end) for subject, name in _COUNTED.items()}
    return {subject: total // SCALES["count"] for subject, total in sums.items() if total}


def add_steps(memory: PeopleMemory, sums: Iterable[TalkSum]) -> None:
    """Remember what was said lately, and count it after the messages that it follows.

    Args:
        memory: Changes in place.
        sums: What was said of the operators of the incident.
    """
    known = {step.ended_at: step for step in memory.recent}
    for row in sums:
        step = known.setdefault(int(row.ended_at), TalkStep(ended_at=int(row.ended_at)))
        _add(step.posts, row.posts)
        _add(step.people, {subject: number for subject, number in row.people.items() if subject.startswith(CLAIM)})
        _add_blamers(step.people, row.people)
        for words in memory.around:
            _count(words, int(row.ended_at), row.posts)
    newest = max(known, default=0)
    memory.recent = [step for at, step in sorted(known.items()) if at > newest - AROUND_MS]


def add_message(memory: PeopleMemory, post: OfficialPost, *, is_late: bool = False) -> None:
    """Remember an official message to everybody, with what was said before it and since.

    Args:
        memory: Changes in place.
        post: The message; one that is known changes nothing.
        is_late: Was it said when the incident was closed?
    """
    at, name = int(post.at), post.name
    if any(words.post_id == name for words in memory.around):
        return
    words = TalkAround(post_id=name, at=at, is_late=is_late, operator=post.operator)
    for step in () if is_late else memory.recent:
        _count(words, step.ended_at, step.posts)
    memory.around.append(words)
    gone = memory.around[:-AROUND_MAX]
    memory.around_omitted += len(gone)
    for row in (row for row in gone if row.counts):
        known = memory.gone_counts or [0] * (len(row.counts) + 1)
        memory.gone_counts = [old + new for old, new in zip(known, [*row.counts, 1], strict=True)]
    del memory.around[:-AROUND_MAX]


def add_counts(memory: PeopleMemory, post: OfficialPost) -> bool:
    """Remember what people did about a message so far; totals never fall, so the greatest stands in any order.

    Args:
        memory: Changes in place.
        post: A later count.

    Returns:
        True if the message is one of the incident's.
    """
    for words in memory.around:
        if words.post_id == post.name:
            known = words.counts or [0] * len(post.counts)
            words.counts = [max(pair) for pair in zip(known, post.counts, strict=True)]
            return True
    return False


def _count(words: TalkAround, ended_at: int, posts: dict[str, int]) -> None:
    if words.at - AROUND_MS < ended_at <= words.at:
        _add(words.before, posts)
    elif words.at < ended_at <= words.at + AROUND_MS:
        _add(words.after, posts)


def _add_blamers(known: dict[str, int], people: dict[str, int]) -> None:
    """Who blames names two operators as a rule, and is counted for each: so the most that one of them heard of."""
    for subject, number in people.items():
        if subject.startswith(f"{BLAME}:"):
            known[subject] = max(known.get(subject, 0), number)


def _add(counts: dict[str, int], more: dict[str, int]) -> None:
    for subject, number in more.items():
        counts[subject] = counts.get(subject, 0) + number
