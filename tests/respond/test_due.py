"""RESPOND's clock: time jumps from due to due, each is answered once, and what people order is heard."""

import msgspec
import pytest

from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.records.clocks import MINUTE_MS, PANE_MS, Instant
from pipeline.records.effects import Effects
from pipeline.records.errors import StateError
from pipeline.records.inner.changes import Change
from pipeline.records.inner.pane_ends import PaneEnd
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.decisions import Decision
from pipeline.records.raw.commands import ON_DRAFTS
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.apply import apply
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.state import ORDERS_MAX, OVER_MAX, IncidentCase, RespondState
from tests.correlate.stories import Story, anomaly, command, end_of, talk
from tests.wording.shipped import WORDING

RULES = RespondRules(config=RespondConfig(), wording=WORDING)
CHANGE = Story().tell(0, talk(0)).tell(1, anomaly(1, source="telemetry")).changes[-1]
BEGIN = int(CHANGE.at)


class Told(msgspec.Struct, frozen=True):
    """What a toy duty says."""

    what: str
    at: int


def reminding(minutes: float, times: int = 1, name: str = "reminder") -> Duty:
    """A toy: so long after each change it speaks, and then again until it has spoken so many times."""

    def hear(_case: IncidentCase, heard: Change | PlacedCommand, _around: Surroundings) -> DutyAnswer | None:
        if isinstance(heard, Change):
            return DutyAnswer(due_at=int(heard.at) + int(minutes * MINUTE_MS))
        return DutyAnswer((Told(heard.command.kind, int(heard.at)),)) if heard.command.kind == "approve" else None

    def fall_due(case: IncidentCase, at: Instant, _around: Surroundings) -> DutyAnswer:
        spoken = (int(at) - int(case.incident.updated_at)) // int(minutes * MINUTE_MS)
        again = int(at) + int(minutes * MINUTE_MS) if spoken < times else None
        return DutyAnswer((Told(f"{name} {case.incident.incident_id}", int(at)),), again)

    return Duty(name=name, hear=hear, fall_due=fall_due)


def hear(state: RespondState, heard: Change | PlacedCommand | PaneEnd, *duties: Duty) -> Effects:
    return apply(state, heard, RULES, duties)


def passing(state: RespondState, at: int, *duties: Duty, market: str = "DE") -> list[Told]:
    outputs = hear(state, PaneEnd(market=market, at=Instant(at)), *duties).outputs
    return [told for told in outputs if isinstance(told, Told)]


def another(incident_id: str, **facts: object) -> Change:
    return msgspec.structs.replace(
        CHANGE, after=msgspec.structs.replace(CHANGE.after, incident_id=incident_id, **facts)
    )


def test_a_due_is_answered_once_at_the_end_of_its_pane_however_time_is_cut() -> None:
    duty, due_at = reminding(7.02, times=3), BEGIN + int(7.02 * MINUTE_MS)
    first = -(-due_at // PANE_MS) * PANE_MS
    for cuts in ((60,), (1, 2, 3, 7, 8, 14, 15, 30, 60), tuple(range(1, 61))):
        state = RespondState(0)
        hear(state, CHANGE, duty)
        told = [said for minute in cuts for said in passing(state, BEGIN + minute * MINUTE_MS, duty)]
        assert told[0].at == first
        assert [said.at for said in told] == sorted({said.at for said in told})
        assert len(told) == 3
        assert passing(state, BEGIN + 600 * MINUTE_MS, duty) == []


def test_nothing_falls_due_before_its_pane_is_over() -> None:
    state, duty = RespondState(0), reminding(5)
    hear(state, CHANGE, duty)
    assert passing(state, BEGIN + 5 * MINUTE_MS - PANE_MS, duty) == []
    assert len(passing(state, BEGIN + 5 * MINUTE_MS, duty)) == 1


def test_dues_are_answered_in_order_of_time_then_incident_then_duty() -> None:
    state, duties = RespondState(0), (reminding(9, name="later"), reminding(5, name="b"), reminding(5, name="a"))
    for incident_id in ("ff", "0a"):
        hear(state, another(incident_id), *duties)
    told = [said.what for said in passing(state, BEGIN + 60 * MINUTE_MS, *duties)]
    assert told == ["a 0a", "b 0a", "a ff", "b ff", "later 0a", "later ff"]


def test_a_change_moves_the_due_and_a_time_in_the_past_falls_due_at_once() -> None:
    state, duty = RespondState(0), reminding(10)
    hear(state, CHANGE, duty)
    later = msgspec.structs.replace(CHANGE, at=Instant(BEGIN + 6 * MINUTE_MS))
    hear(state, later, duty)
    assert passing(state, BEGIN + 15 * MINUTE_MS, duty) == []
    assert [said.at for said in passing(state, BEGIN + 16 * MINUTE_MS, duty)] == [BEGIN + 16 * MINUTE_MS]
    overdue = Duty(
        name="overdue",
        hear=lambda _case, _heard, _around: DutyAnswer(due_at=BEGIN - MINUTE_MS),
        fall_due=lambda _case, at, _around: DutyAnswer((Told("overdue", int(at)),)),
    )
    hear(state, later, overdue)
    assert passing(state, BEGIN + 20 * MINUTE_MS, overdue) == [Told("overdue", BEGIN + 6 * MINUTE_MS)]


def test_another_markets_time_lets_nothing_fall_due() -> None:
    state, duty = RespondState(0), reminding(5)
    hear(state, CHANGE, duty)
    assert passing(state, BEGIN + 60 * MINUTE_MS, duty, market="FR") == []


def test_a_due_survives_a_snapshot_and_is_not_answered_again_after_it() -> None:
    state, duty = RespondState(0), reminding(5)
    hear(state, CHANGE, duty)
    reborn = RespondState.restored(0, {n: decode_slot(encode_slot(s), IncidentCase) for n, s in state.slots.items()})
    assert [case.due_at for case in reborn.cases("DE")] == [BEGIN + 5 * MINUTE_MS]
    assert passing(reborn, BEGIN + 9 * MINUTE_MS, duty) == passing(state, BEGIN + 9 * MINUTE_MS, duty)
    again = RespondState.restored(0, {n: decode_slot(encode_slot(s), IncidentCase) for n, s in reborn.slots.items()})
    assert passing(again, BEGIN + 99 * MINUTE_MS, duty) == []


def test_a_due_of_a_duty_that_is_gone_is_let_go() -> None:
    state = RespondState(0)
    hear(state, CHANGE, reminding(5))
    assert passing(state, BEGIN + 9 * MINUTE_MS) == []
    assert [case.due_at for case in state.cases("DE")] == [None]


def test_a_duty_that_asks_for_the_past_when_it_falls_due_stops_the_process() -> None:
    state = RespondState(0)
    stuck = Duty(
        name="stuck",
        hear=lambda _case, _heard, _around: DutyAnswer(due_at=BEGIN + MINUTE_MS),
        fall_due=lambda _case, at, _around: DutyAnswer(due_at=int(at)),
    )
    hear(state, CHANGE, stuck)
    with pytest.raises(StateError, match="stuck"):
        passing(state, BEGIN + 2 * MINUTE_MS, stuck)


def test_an_approval_reaches_the_duties_and_a_repeat_does_not() -> None:
    state, duty = RespondState(0), reminding(60)
    hear(state, CHANGE, duty)
    order = command(2, "approve", CHANGE.after.incident_id)
    assert hear(state, order, duty).outputs == (Told("approve", int(order.at)),)
    assert hear(state, order, duty) == Effects()
    (case,) = state.cases("DE")
    assert [(known.kind, known.by) for known in case.orders] == [("approve", "ina")]


def test_a_command_about_nothing_that_is_known_changes_nothing() -> None:
    state = RespondState(0)
    assert hear(state, command(2, "feedback", "nobody"), reminding(5)) == Effects()
    assert state.slots == {}


@pytest.mark.parametrize("kind", sorted(ON_DRAFTS))
def test_an_order_about_drafts_is_always_answered(kind: str) -> None:
    state = RespondState(0)
    (unknown,) = hear(state, command(2, kind, "nobody", command_id="a")).outputs
    hear(state, CHANGE)
    (idle,) = hear(state, command(2, kind, CHANGE.after.incident_id, command_id="b")).outputs
    answers = [answer for answer in (unknown, idle) if isinstance(answer, Decision)]
    assert [(answer.reason.value, answer.by) for answer in answers] == [("unknown_target", "ina"), ("no_target", "ina")]
    assert [answer.kind.value for answer in answers] == ["refused", "refused"]


def test_a_case_remembers_the_latest_orders_only() -> None:
    state = RespondState(0)
    hear(state, CHANGE)
    for number in range(ORDERS_MAX + 5):
        hear(state, command(2 + number, "feedback", CHANGE.after.incident_id))
    (case,) = state.cases("DE")
    assert len(case.orders) == ORDERS_MAX
    assert case.orders[-1].command_id.endswith(str(ORDERS_MAX + 6))


def test_what_is_over_stays_for_an_aftermath_up_to_a_limit_and_what_is_open_always_does() -> None:
    state = RespondState(0)
    hear(state, another("open"))
    for number in range(OVER_MAX + 3):
        change = another(f"{number:04}", state=IncidentState.CLOSED)
        effects = hear(state, msgspec.structs.replace(change, at=end_of(10 + number)))
    assert effects.changed == {f"case|DE|{OVER_MAX + 2:04}", "case|DE|0002"}, "a slot that goes is a slot that changed"
    assert len(state.slots) == OVER_MAX + 1
    assert state.case("DE", "open") is not None
    assert state.case("DE", "0002") is None
    assert state.case("DE", "0003") is not None


def test_a_slot_of_something_else_is_refused() -> None:
    with pytest.raises(StateError, match="case"):
        RespondState.restored(0, {"case|DE|1": Told("no case", 0)})
