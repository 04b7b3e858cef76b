"""Threads: a reply to somebody who reports a fault counts as what it says in context.

"Same here" is chatter by itself, and an answer to "no signal in Leeds" it is a report. Parent and reply may come in
any order, in different batches and lanes, and name different places. So they are joined when a step is judged, by
hashes: the sums tell which posts complain, and tag a reply with the post that it answers and with both its classes.
A post of the operator never complains, so what is answered to care weighs what it says.

What a reader may question: of one post so many replies are raised, since a thousand may answer somebody famous whose
router is broken; who answers himself, or twice, is no further voice. A scope knows the posts that it counts: a nation
all of its operator, a region those that are placed in it.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from pipeline.records.clocks import HOUR_MS
from pipeline.records.inner.samples import Sample
from pipeline.records.inner.strengths import reply_of
from pipeline.records.inner.talk import WholeComplaint

ANSWERED_MS: Final = HOUR_MS
"""So long a post that reports a fault reports one that is there now."""

THREADS_MAX: Final = 128
"""Posts of a scope that are remembered, the latest: more than an hour of ordinary days has. In a storm of complaints no
reply is needed."""

RAISED_MAX: Final = 5
"""Replies to one post that are raised: as many as make a crowd of a place. A judgement."""


class OpenThread(msgspec.Struct, array_like=True):
    """A post that reports a fault, and who has answered it.

    Attributes:
        at: End of the step in which it was heard, ms.
        author: Keyed hash of who wrote it, as 13 hexadecimal digits.
        raised: Keyed hashes of those whose reply was raised.
    """

    at: int
    author: str
    raised: list[str] = []


def opened(complaints: Iterable[WholeComplaint], threads: Mapping[str, OpenThread], now: int) -> dict[str, OpenThread]:
    """What may be answered in a step and after it: posts that complained in it, and earlier ones, the latest.

    Args:
        complaints: Posts of the step that complain, whole.
        threads: By the keyed hash of a post, as they were before the step.
        now: End of the step, ms.
    """
    fresh = {f"{said.id_hash:013x}": OpenThread(now, f"{said.person:013x}") for said in complaints}
    known = fresh | {post: thread for post, thread in threads.items() if now - thread.at <= ANSWERED_MS}
    latest = sorted(known, key=lambda post: (-known[post].at, post))[:THREADS_MAX]
    return {post: known[post] for post in sorted(latest)}


def answered(posts: Sample, threads: Mapping[str, OpenThread], now: int) -> dict[str, str]:
    """Which posts of a step answer a report, with the classes that they rise to.

    Args:
        posts: Their keyed hashes, with their tags.
        threads: What may be answered; who is raised is noted there.
        now: End of the step, ms.

    >>> thread, reply = OpenThread(60_000, "a" * 13), "02" + "b" * 13 + "c" * 13
    >>> answered({"d" * 13: reply, "e" * 13: "1"}, {"b" * 13: thread}, 120_000), thread.raised == ["c" * 13]
    ({'ddddddddddddd': '2'}, True)
    """
    found = {}
    for post, tag in sorted(posts.items()):
        reply = reply_of(tag)
        thread = threads.get(reply.parent) if reply is not None else None
        if reply is None or thread is None or now - thread.at > ANSWERED_MS or len(thread.raised) == RAISED_MAX:
            continue
        if reply.person != thread.author and reply.person not in thread.raised:
            thread.raised.append(reply.person)
            found[post] = reply.raised
    return found


def strengths_in(posts: Sample, raised: Mapping[str, str]) -> dict[str, int]:
    """How many posts are of each class.

    Args:
        posts: Keyed hashes with their tags.
        raised: Those that answer a report, with their classes.

    >>> strengths_in({"d": "02" + "b" * 26, "e": "02" + "b" * 26, "f": "1"}, {"d": "2"})
    {'2': 1, '0': 1, '1': 1}
    """
    tally: dict[str, int] = {}
    for post, tag in posts.items():
        strength = raised.get(post) or tag[:1]
        tally[strength] = tally.get(strength, 0) + 1
    return tally
