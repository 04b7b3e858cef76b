"""A reply to somebody who reports a fault counts as what it says in context, whichever came first and however cut."""

import random
from typing import Final

import msgspec
import pytest

from pipeline.detect.account.threads import ANSWERED_MS, RAISED_MAX, THREADS_MAX, OpenThread, answered, opened
from pipeline.detect.apply import apply
from pipeline.detect.slots import replies as waiting
from pipeline.detect.slots.times import CutPanes, TimeSlot
from pipeline.detect.state import DetectState, ScopeState
from pipeline.detect.telling import answers
from pipeline.records.clocks import HOUR_MS, MINUTE_MS, PANE_MS, Instant, pane_of
from pipeline.records.effects import Refused
from pipeline.records.errors import Reason
from pipeline.records.inner.partials import Partial, SeriesPartial
from pipeline.records.inner.samples import Sample, add_to_sample
from pipeline.records.inner.signals import REPLIES_MAX, LooseReply, few_replies
from pipeline.records.inner.strengths import ReplyTag, reply_of, reply_tag
from pipeline.records.inner.talk import WholeComplaint
from pipeline.records.series import Scope
from pipeline.records.vocabulary import DecisionReason
from tests.detect.world import KOELN, MONDAY, NW, QUICK, Run, encode_slot, envelope

ASKED_AT: Final = MONDAY + 5 * HOUR_MS
PARENT, AUTHOR, STRANGER = 77, 7, 999


def complaint(post: int = PARENT, person: int = AUTHOR, at: int = ASKED_AT) -> WholeComplaint:
    """A post that reports a fault."""
    return WholeComplaint(
        operator="netcologne", at=Instant(at), source="mentions", id_hash=post, person=person, intake="x", area=KOELN
    )


def replies(parent: int, people: range, strengths: tuple[str, str] = ("0", "2")) -> Sample:
    """Answers to a post, one by each of some people."""
    return {f"{1_000 + person:013x}": reply_tag(*strengths, parent, person) for person in people}


def test_a_reply_to_a_report_rises_and_to_anything_else_it_does_not() -> None:
    threads = opened([complaint()], {}, MINUTE_MS)
    assert list(answered(replies(PARENT, range(20, 23)), threads, MINUTE_MS).values()) == ["2"] * 3
    assert answered(replies(PARENT + 1, range(30, 33)), threads, MINUTE_MS) == {}


def test_who_answers_himself_or_answers_twice_is_no_further_voice() -> None:
    threads = opened([complaint()], {}, MINUTE_MS)
    assert answered(replies(PARENT, range(AUTHOR, AUTHOR + 1)), threads, MINUTE_MS) == {}
    assert len(answered(replies(PARENT, range(20, 21)), threads, MINUTE_MS)) == 1
    again = {"f" * 13: reply_tag("0", "2", PARENT, 20)}
    assert answered(again, threads, 2 * MINUTE_MS) == {}


def test_of_a_storm_of_replies_to_one_post_a_few_rise_whatever_their_order() -> None:
    storm = list(replies(PARENT, range(20, 900)).items())
    found = []
    for seed in range(3):
        random.Random(seed).shuffle(storm)
        threads = opened([complaint()], {}, MINUTE_MS)
        found.append(answered(dict(storm), threads, MINUTE_MS))
        assert answered(replies(PARENT, range(900, 990)), threads, 2 * MINUTE_MS) == {}
    assert len(found[0]) == RAISED_MAX
    assert found[0] == found[1] == found[2]


def test_an_old_report_is_none_of_now_and_the_latest_are_remembered() -> None:
    threads = opened([complaint()], {}, MINUTE_MS)
    assert answered(replies(PARENT, range(20, 21)), threads, MINUTE_MS + ANSWERED_MS + 1) == {}
    many = opened([complaint(1_000 + number) for number in range(2 * THREADS_MAX)], threads, 2 * MINUTE_MS)
    assert len(many) == THREADS_MAX
    assert f"{PARENT:013x}" not in many
    assert opened([complaint()], {"b" * 13: OpenThread(MINUTE_MS, "a")}, 2 * HOUR_MS).keys() == {f"{PARENT:013x}"}


def test_a_post_that_comes_again_keeps_those_who_answered_it() -> None:
    threads = opened([complaint()], {}, MINUTE_MS)
    answered(replies(PARENT, range(20, 22)), threads, MINUTE_MS)
    assert opened([complaint()], threads, 2 * MINUTE_MS) == threads


def sums(at: int, tags: Sample, whole: list[WholeComplaint], measure: str, area: str = KOELN) -> SeriesPartial:
    """Posts of a pane, as INGEST adds them up."""
    partial = Partial(count=len(tags), ids=dict(tags), whole=whole)
    for member in tags:
        add_to_sample(partial.people, int(member, 16))
    pane = Instant(at - at % 10_000)
    return SeriesPartial(
        operator="netcologne", scope_area=NW, area=area, source="mentions", measure=measure, pane=pane, partial=partial
    )


EVERYDAY: Final = [
    sums(at, {f"{at // 1_000 + n:013x}": "0" for n in range(2)}, [], "activity")
    for at in range(MONDAY, ASKED_AT, 5 * MINUTE_MS)
]


def told(parent: int, seed: int, *, restarted: bool = False) -> tuple[float, bytes]:
    """How likely an outage was in Köln when four a minute answer a post of Bonn each, and what was remembered.

    Args:
        parent: Post that they answer in the first minute.
        seed: Chooses in which order lanes say what, and how it is cut.
        restarted: Whether the state is written and read between the minutes.
    """
    run = Run().live(EVERYDAY, ASKED_AT)
    rng = random.Random(seed)
    for minute in range(6):
        at, asked = ASKED_AT + minute * MINUTE_MS, {f"{PARENT + minute:013x}": "3"}
        parts = [
            sums(
                at + 10_000 * n, replies(parent + minute, range(100 * minute + n, 100 * minute + n + 1)), [], "activity"
            )
            for n in range(1, 5)
        ]
        parts += [
            sums(at + 30_000, asked, [complaint(PARENT + minute)], "complaints", "DE/NW/bonn"),
            sums(at + 30_000, asked, [], "activity", "DE/NW/bonn"),
        ]
        rng.shuffle(parts)
        cut = rng.randrange(len(parts))
        run.take(envelope(parts[:cut], None))
        run.take(envelope(parts[cut:], at + MINUTE_MS))
        if restarted:
            run.restart()
    weighed = [known for pane in run.panes.values() for known in pane.weighings if known.area == KOELN]
    scope = run.state.slots["netcologne|DE/NW"]
    assert isinstance(scope, ScopeState)
    return max((known.odds_milli for known in weighed), default=-20_000) / 1_000, encode_slot(scope)


def test_who_answers_a_report_makes_an_outage_likelier_than_who_answers_anything_else() -> None:
    assert told(PARENT, 0)[0] > told(STRANGER, 0)[0] + 1.0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_cuts_and_restarts_change_nothing(seed: int) -> None:
    assert told(PARENT, seed) == told(PARENT, 0) == told(PARENT, seed, restarted=True)


def loose(parent: int, minute: int, numbers: range) -> list[LooseReply]:
    """Replies of a minute that name no operator, one every ten seconds."""
    begin = ASKED_AT + minute * MINUTE_MS
    tags = replies(parent, numbers).items()
    return [LooseReply(Instant(begin + 10_000 * n), KOELN, post, tag) for n, (post, tag) in enumerate(tags, 1)]


def told_loosely(parent: int, seed: int, *, at_once: bool = False) -> tuple[tuple[object, ...], bytes]:
    """What came out, and what was remembered, when replies name no operator.

    Args:
        parent: Post that they answer in the first minute.
        seed: Chooses in which order all comes.
        at_once: Whether time moves once, at the end.
    """
    run, rng = Run().live(EVERYDAY, ASKED_AT), random.Random(seed)
    for minute in range(6):
        at, asked = ASKED_AT + minute * MINUTE_MS, {f"{PARENT + minute:013x}": "3"}
        said = loose(parent + minute, minute, range(100 * minute, 100 * minute + 4))
        parts = [
            sums(at + 30_000, asked, [complaint(PARENT + minute)], "complaints", "DE/NW/bonn"),
            sums(at + 30_000, asked, [], "activity", "DE/NW/bonn"),
        ]
        rng.shuffle(parts)
        rng.shuffle(said)
        cut = rng.randrange(len(said))
        run.take(envelope([], None, replies=said[:cut]))
        run.take(envelope(parts, None if at_once else at + 20_000 * seed, replies=said[cut:]))
    run.take(envelope([], ASKED_AT + 7 * MINUTE_MS))
    scope = run.state.slots["netcologne|DE/NW"]
    assert isinstance(scope, ScopeState)
    assert not run.state.time.replies
    panes, _, decisions, judged = run.merged()
    return (panes, decisions, judged), encode_slot(scope)


def test_who_names_no_operator_counts_with_the_one_of_the_post_that_is_answered_however_time_moves() -> None:
    found = told_loosely(PARENT, 1)
    assert found == told_loosely(PARENT, 2) == told_loosely(PARENT, 3) == told_loosely(PARENT, 1, at_once=True)
    assert found[0] != told_loosely(STRANGER, 1)[0]


def test_a_reply_to_nothing_known_leaves_no_trace() -> None:
    run, other = (Run().live(EVERYDAY, ASKED_AT) for _ in range(2))
    run.take(envelope([], ASKED_AT + 2 * MINUTE_MS, replies=loose(STRANGER, 0, range(4))))
    other.take(envelope([], ASKED_AT + 2 * MINUTE_MS))
    assert {name: encode_slot(slot) for name, slot in run.state.slots.items()} == {
        name: encode_slot(slot) for name, slot in other.state.slots.items()
    }


def test_a_reply_that_comes_late_or_from_no_market_is_refused_and_told() -> None:
    run = Run().live(EVERYDAY, ASKED_AT)
    late = loose(PARENT, -1, range(2))
    strange = [LooseReply(Instant(ASKED_AT), "XX", "a" * 13, "b")]
    run.take(envelope([], None, replies=[*late, *strange, *loose(PARENT, 0, range(3))]))
    assert [(refused.reason, refused.content) for refused in run.refused] == [
        *[(Reason.LATE_PARTIAL, reply) for reply in late],
        (Reason.UNKNOWN_MARKET, strange[0]),
    ]
    assert run.state.time.replies == loose(PARENT, 0, range(3))


def test_a_reply_that_is_refused_everywhere_is_told_by_one_partition() -> None:
    strange = [LooseReply(Instant(ASKED_AT), market, "a" * 13, "b") for market in ("XX", "YY", "ZZ/a", "ZZ/b")]
    told: list[LooseReply] = []
    for partition in range(8):
        taken = msgspec.structs.replace(envelope([], None, replies=strange), partition=partition, partitions=8)
        outputs = apply(DetectState(partition), taken, QUICK, {}).outputs
        told += [part.content for part in outputs if isinstance(part, Refused) and isinstance(part.content, LooseReply)]
    assert sorted(told) == strange


def storm_of(rng: random.Random) -> list[LooseReply]:
    """Half an hour of replies by chance, of some panes more than are kept, of most a few."""
    panes = [ASKED_AT + PANE_MS * n for n in range(180)]
    return [
        LooseReply(
            Instant(pane + rng.randrange(PANE_MS)), rng.choice([KOELN, "FR"]), f"{rng.getrandbits(50):013x}", tag
        )
        for pane in panes
        for tag in replies(PARENT, range(rng.choice([0, 1, 2, 3, 40]))).values()
    ]


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_while_a_clock_stands_depends_on_what_came_and_not_on_the_order(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "REPLIES_WAITING_MAX", 300)
    storm, rng = storm_of(random.Random(1)), random.Random(seed)
    rng.shuffle(storm)
    run = Run().live(EVERYDAY, ASKED_AT)
    while storm:
        taken = storm[-rng.randrange(1, 200) :]
        del storm[-len(taken) :]
        run.take(envelope([], None, replies=taken))
        if rng.random() < 0.3:
            run.restart()
    found = few_replies(storm_of(random.Random(1)))
    assert len(found) > 1_000
    kept = [reply for reply in found if reply.at < pane_of(found[300].at)]
    assert run.state.time.replies == kept
    assert run.state.time.cuts == [CutPanes(pane_of(found[300].at), pane_of(found[-1].at))]
    assert not run.decisions, "it is told once time has come there"


def test_replies_that_are_left_out_are_told_once_time_comes_there_and_later_ones_are_heard_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting, "REPLIES_WAITING_MAX", 20)
    run = Run().live(EVERYDAY, ASKED_AT)
    run.take(envelope([], None, replies=[reply for minute in range(8) for reply in loose(PARENT, minute, range(5))]))
    assert run.state.time.replies == [reply for minute in range(4) for reply in loose(PARENT, minute, range(5))]
    run.take(envelope([], ASKED_AT + 4 * MINUTE_MS))
    assert not run.decisions, "time has not come there"
    run.take(envelope([], None, replies=loose(PARENT, 9, range(5))))
    run.take(envelope([], ASKED_AT + 5 * MINUTE_MS))
    assert not run.state.time.replies
    run.take(envelope([], None, replies=[*loose(PARENT, 7, range(9, 12)), *loose(PARENT, 10, range(5))]))
    assert run.state.time.replies == loose(PARENT, 10, range(5)), "of a pane all replies are kept, or none"
    run.restart()
    run.take(envelope([], None, replies=[reply for n in range(11, 15) for reply in loose(PARENT, n, range(5))]))
    run.take(envelope([], None, replies=loose(PARENT, 10, range(6, 7))))
    assert len(run.state.time.replies) == 20
    run.take(envelope([], ASKED_AT + 20 * MINUTE_MS))
    assert (run.state.time.replies, run.state.time.cuts) == ([], [])
    told = [decision for decision in run.decisions if decision.reason == DecisionReason.LIMIT_REACHED]
    assert [(told.market, told.subject) for told in told] == [("DE", "DE"), ("FR", "FR")] * 2
    assert "from 2025-01-06T05:04:10.000Z to 2025-01-06T05:10:00.000Z" in told[0].text
    assert "from 2025-01-06T05:13:50.000Z to 2025-01-06T05:15:00.000Z" in told[2].text
    assert len({decision.decision_id for decision in told}) == 4


@pytest.mark.parametrize("seed", range(3))
def test_replies_wait_in_order_and_few_of_a_pane_however_they_come(seed: int) -> None:
    storm = [reply for n in range(50) for reply in loose(PARENT, 0, range(5 * n, 5 * n + 5))]
    time, rng = TimeSlot(), random.Random(seed)
    rng.shuffle(storm)
    for at in range(0, len(storm), 7):
        waiting.take_replies(time, [*storm[at : at + 7], *storm[:3]])
    assert time.replies == few_replies(storm)


def test_work_of_delivering_grows_as_replies_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reply is looked at once in a scope, of however many steps time moves at once; elsewhere not at all."""
    looked: list[str] = []

    def counted(tag: str) -> ReplyTag | None:
        looked.append(tag)
        return reply_of(tag)

    monkeypatch.setattr(answers, "reply_of", counted)
    run = Run().live(EVERYDAY, ASKED_AT)
    scope = run.state.scope(Scope("netcologne", NW))
    scope.threads = opened([complaint()], {}, ASKED_AT)
    elsewhere = run.state.scope(Scope("orange", "FR"))
    elsewhere.threads = dict(scope.threads)
    for minutes in (10, 40):
        time = TimeSlot(replies=[reply for minute in range(minutes) for reply in loose(PARENT, minute, range(5))])
        sealed_to = ASKED_AT + minutes * MINUTE_MS
        replies = answers.take_complete(time, sealed_to, 60_000)
        looked.clear()
        for known in (scope, elsewhere):
            answers.deliver(replies, known, sealed_to, 60_000)
        assert 5 * minutes <= len(looked) <= 10 * minutes  # once to find what it answers, once to count it
    assert not elsewhere.panes


def test_of_a_storm_of_replies_without_an_operator_few_are_kept_whatever_the_cut() -> None:
    storm = [reply for n in range(50) for reply in loose(PARENT, 0, range(5 * n, 5 * n + 5))]
    kept = few_replies(storm)
    assert len(kept) == 5 * REPLIES_MAX
    for seed in range(3):
        random.Random(seed).shuffle(storm)
        assert few_replies([*few_replies(storm[:99]), *few_replies(storm[90:])]) == kept
