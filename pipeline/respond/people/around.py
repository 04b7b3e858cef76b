"""What people say before and after each official message: half an hour each, by subject.

A step of a minute counts to the side on which it ends, so the minute of the message counts after it. Messages and
steps may come in any order; each is counted once for each message.
"""

from collections.abc import Iterable
from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.inner.talk import CLAIM, TalkSum
from pipeline.records.published.incidents import SENTIMENT_MAX
from pipeline.respond.remembered.people import PeopleMemory, TalkAround, TalkStep

WINDOW_MS: Final = 30 * MINUTE_MS
"""How long before and after: long enough for some posts, short enough that the next message is seldom in it."""


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
        for words in memory.around:
            _count(words, int(row.ended_at), row.posts)
    newest = max(known, default=0)
    memory.recent = [step for at, step in sorted(known.items()) if at > newest - WINDOW_MS]


def add_message(memory: PeopleMemory, post: OfficialPost) -> None:
    """Remember an official message to everybody, with what was said before it and since.

    Args:
        memory: Changes in place.
        post: The message; one that is known changes nothing.
    """
    at, name = int(post.at), f"{post.platform}|{post.post_id}"
    if any(words.post_id == name for words in memory.around):
        return
    words = TalkAround(post_id=name, at=at)
    for step in memory.recent:
        _count(words, step.ended_at, step.posts)
    memory.around.append(words)
    memory.around_omitted += max(0, len(memory.around) - SENTIMENT_MAX)
    del memory.around[:-SENTIMENT_MAX]


def _count(words: TalkAround, ended_at: int, posts: dict[str, int]) -> None:
    if words.at - WINDOW_MS < ended_at <= words.at:
        _add(words.before, posts)
    elif words.at < ended_at <= words.at + WINDOW_MS:
        _add(words.after, posts)


def _add(counts: dict[str, int], more: dict[str, int]) -> None:
    for subject, number in more.items():
        counts[subject] = counts.get(subject, 0) + number
