"""Answers: which replies of a step answer a post that reports a fault, and whose they are if they name no operator.

"Same here" names nobody. So INGEST sends such a reply to all, and it counts with the operator of the post that it
answers, in the scopes that know that post, once its step is complete; elsewhere nothing happens. What a scope knows
after each step is worked out ahead from its panes, so how a stream was cut is the same.
"""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate, groupby
from typing import Final

from pipeline.detect.account.threads import ANSWERED_MS, THREADS_MAX, answered, opened
from pipeline.detect.rollup import key_fields, top_key
from pipeline.detect.slots.times import TimeSlot
from pipeline.detect.state import ScopeState
from pipeline.records.clocks import pane_of
from pipeline.records.fixed_point import SCALES, Exact
from pipeline.records.inner.partials import Partial, merged
from pipeline.records.inner.samples import Sample
from pipeline.records.inner.signals import LooseReply
from pipeline.records.inner.strengths import reply_of
from pipeline.records.inner.talk import WholeComplaint, newest_whole

REPLIES: Final = "replies"
"""Measure of the leaf series of replies that name no operator, between their delivery and their step."""

POSTS: Final = ("activity", REPLIES)
"""Measures whose posts may be tagged as replies."""

Leaves = dict[str, Partial]


AreaReplies = dict[str, list[LooseReply]]
"""Every area to the replies within it, in order of time."""


def take_complete(time: TimeSlot, sealed_to: int, step_ms: int) -> AreaReplies:
    """Take out the replies whose step is complete.

    Args:
        time: What is left stays there.
        sealed_to: How far time has moved, ms.
        step_ms: Length of a step.
    """
    found: AreaReplies = {}
    if not time.replies:
        return found
    number = bisect_left(time.replies, sealed_to - sealed_to % step_ms, key=_at)
    complete, time.replies = time.replies[:number], time.replies[number:]
    for reply in complete:
        for area in accumulate(reply.area.split("/"), "{}/{}".format):
            found.setdefault(area, []).append(reply)
    return found


def deliver(replies: AreaReplies, scope: ScopeState, sealed_to: int, step_ms: int) -> None:
    """Put replies without an operator into the panes of a scope that knows what they answer.

    Args:
        replies: Those of complete steps.
        scope: Its panes change in place.
        sealed_to: How far time has moved, ms.
        step_ms: Length of a step.
    """
    here = replies.get(scope.area)
    if not here or not (scope.threads or scope.panes):
        return
    threads = scope.threads
    by_step: dict[int, list[Leaves]] = {}
    for pane, leaves in scope.panes.items():
        by_step.setdefault(_step_end(pane, step_ms), []).append(leaves)
    said_by = {end: list(of_step) for end, of_step in groupby(here, lambda reply: _step_end(reply.at, step_ms))}
    for end in sorted({end for end in by_step if end <= sealed_to} | said_by.keys()):
        if complaints := _complaints(by_step.get(end, ())):
            threads = opened(complaints, threads, end)
        for reply in said_by.get(end, ()):
            said = reply_of(reply.tag)
            thread = threads.get(said.parent) if said is not None else None
            if thread is not None and end - thread.at <= ANSWERED_MS:
                _put(scope.panes.setdefault(pane_of(reply.at), {}), reply.area, REPLIES, reply.post, reply.tag)


def answers_joined(leaves: list[Leaves], scope: ScopeState, end: int) -> tuple[list[Leaves], dict[str, str]]:
    """Join the replies of a step to the posts that they answer.

    Args:
        leaves: Leaf series of the panes of the step; they stay as they are.
        scope: What may be answered is noted there.
        end: End of the step, ms.

    Returns:
        The leaf series, with replies that name no operator among the posts if they answer one, and without the others;
        and the posts that answer a report with the classes that they rise to.
    """
    if complaints := _complaints(leaves):
        scope.threads = opened(complaints, scope.threads, end)
    if not scope.threads:
        return leaves, {}
    replies = _replies(leaves)
    raised = answered(replies, scope.threads, end)
    return [_with_replies(pane, raised) for pane in leaves] if replies else leaves, raised


def _replies(panes: Iterable[Leaves]) -> Sample:
    """Posts of some panes that are tagged as replies; of two tags of one the lesser stays, as in any sample."""
    found: Sample = {}
    for leaves in panes:
        for key, partial in leaves.items():
            if partial.ids and key_fields(key).measure in POSTS:
                for post, tag in partial.ids.items():
                    if reply_of(tag) is not None:
                        found[post] = min(tag, found.get(post, tag))
    return found


def _with_replies(leaves: Leaves, raised: dict[str, str]) -> Leaves:
    loose = [key for key in sorted(leaves) if key_fields(key).measure == REPLIES]
    if not loose:
        return leaves
    found = {key: partial for key, partial in leaves.items() if key not in loose}
    for key in loose:
        for post, tag in sorted(leaves[key].ids.items()):
            if post in raised:
                _put(found, key_fields(key).area, "activity", post, tag)
    return found


def _put(leaves: Leaves, area: str, measure: str, post: str, tag: str) -> None:
    """Count one reply in a leaf series; what was counted there stays as it is."""
    key, said, one = top_key(area, "mentions", measure), reply_of(tag), Exact(SCALES["count"])
    person = {said.person: ""} if said is not None else {}
    fresh = Partial(
        count=1, total=one, least=one, most=one, weight=Exact(1), weighted=one, ids={post: tag}, people=person
    )
    known = leaves.get(key)
    leaves[key] = fresh if known is None else merged([known, fresh])


def _complaints(panes: Iterable[Leaves]) -> list[WholeComplaint]:
    """The newest posts of some panes that complain, whole."""
    whole = [
        said
        for leaves in panes
        for partial in leaves.values()
        if partial.whole
        for said in partial.whole
        if said.source == "mentions"
    ]
    return newest_whole(whole, THREADS_MAX) if whole else []


def _at(reply: LooseReply) -> int:
    return int(reply.at)


def _step_end(at: int, step_ms: int) -> int:
    return (at // step_ms + 1) * step_ms
