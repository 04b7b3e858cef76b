"""Replies that name no operator, and wait until their step is complete: every partition has the same few.

While a clock stands they pile up, and beyond a bound some are left out. Those are whole panes, the latest first, and
what of such a pane comes later is left out too. So what is kept while time stands is decided by all that came, and not
by the order in which it came: of a pane all is kept that `few_replies` keeps, or nothing.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence

from pipeline.detect.slots.times import CutPanes, TimeSlot
from pipeline.records.clocks import PANE_MS, Instant, format_instant, pane_of
from pipeline.records.ids import content_id
from pipeline.records.inner.signals import REPLIES_WAITING_MAX, LooseReply, few_replies
from pipeline.records.partitioner import partition_of_market
from pipeline.records.published.decisions import Decision
from pipeline.records.vocabulary import DecisionKind, DecisionReason


def take_replies(time: TimeSlot, replies: Iterable[LooseReply]) -> None:
    """Put replies among those that wait, few of a market and pane: only panes that change are sorted anew.

    Args:
        time: Its replies change in place; they are in order of time. What is cut is noted there.
        replies: Replies of open panes, in any order.
    """
    waiting, panes = time.replies, set[int]()
    for reply in sorted(replies):
        pane = pane_of(reply.at)
        if not _is_cut(time, pane):
            insort(waiting, reply)
            panes.add(pane)
    for pane in sorted(panes):
        first = bisect_left(waiting, pane, key=_time_of)
        last = bisect_left(waiting, pane + PANE_MS, lo=first, key=_time_of)
        waiting[first:last] = few_replies(waiting[first:last])
    if len(waiting) > REPLIES_WAITING_MAX:
        _cut(time, pane_of(waiting[REPLIES_WAITING_MAX].at))


def told_cuts(time: TimeSlot, partition: int, sealed_to: int, markets: Sequence[str]) -> list[Decision]:
    """Say which replies were left out, once time reaches them; a market's partition says so for all.

    Args:
        time: Before it moves; what has passed altogether is forgotten.
        partition: Whose state this is.
        sealed_to: How far time moves, ms.
        markets: All of them.

    Returns:
        A decision for each market of which this partition speaks.
    """
    told = [
        _told(cut, market)
        for cut in time.cuts
        if time.sealed_to <= cut.first < sealed_to
        for market in markets
        if partition_of_market(market, time.partitions) == partition
    ]
    time.cuts = [cut for cut in time.cuts if cut.last >= sealed_to]
    return told


def _is_cut(time: TimeSlot, pane: int) -> bool:
    """Is a pane one that was cut, or later than one while time has not reached that?"""
    for cut in time.cuts:
        if cut.first >= time.sealed_to:
            cut.last = max(cut.last, pane)
        if cut.first <= pane <= cut.last:
            return True
    return False


def _cut(time: TimeSlot, pane: int) -> None:
    """Leave out all replies from a pane on, the first that does not fit."""
    cuts, waiting = time.cuts, time.replies
    last = pane_of(waiting[-1].at)
    if cuts and cuts[-1].first >= time.sealed_to:
        last = cuts.pop().last
    time.cuts = [*cuts, CutPanes(pane, last)]
    del waiting[bisect_left(waiting, pane, key=_time_of) :]


def _told(cut: CutPanes, market: str) -> Decision:
    begin, end = format_instant(cut.first), format_instant(cut.last + PANE_MS)
    words = f"replies that name no operator are left out from {begin} to {end}: {REPLIES_WAITING_MAX:,} others waited"
    kind, reason = DecisionKind.SUPPRESSED, DecisionReason.LIMIT_REACHED
    return Decision(
        decision_id=content_id("detect", kind, market, "replies", market, reason, cut.first),
        stage="detect",
        kind=kind,
        subject=market,
        reason=reason,
        text=words,
        at=Instant(cut.first),
        market=market,
    )


def _time_of(reply: LooseReply) -> int:
    return int(reply.at)
