"""Laws of CORRELATE and RESPOND together: a due falls once, in its place, under any cut, restart and permutation."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.casework import CaseworkState, apply, slot_type
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.ids import content_id
from pipeline.records.inner.anomalies import Sealed
from pipeline.records.inner.changes import Change
from pipeline.records.inner.signals import PlacedCommand
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import DecisionKind, DecisionReason
from pipeline.respond.apply import DUTIES
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.failovers_config import Backup, FailoverConfig
from pipeline.respond.state import IncidentCase
from pipeline.wording.places import places_down
from tests.correlate.stories import NINE, REFERENCE, anomaly, command, end_of, pane_with, record_bytes, talk
from tests.properties.test_correlate_laws import CONFIG, END, PARTITIONS, Told, at_once, interleaved, sealed, stories
from tests.wording.shipped import WORDING

EVERY_MS = 13 * MINUTE_MS + 3_000
"""The toy's period: no whole pane, so that dues lie between panes and sometimes on the end of one."""


def _hear(_case: IncidentCase, heard: Change | PlacedCommand, _around: Surroundings) -> DutyAnswer | None:
    if isinstance(heard, PlacedCommand):
        return DutyAnswer((_said(heard.command.target, heard.at, heard.command.kind),), None)
    return DutyAnswer(due_at=int(heard.at) + EVERY_MS)


def _fall_due(case: IncidentCase, at: Instant, _around: Surroundings) -> DutyAnswer:
    again = int(at) + EVERY_MS if int(at) - int(case.incident.updated_at) < 4 * EVERY_MS else None
    return DutyAnswer((_said(case.incident.incident_id, at, "due"),), again)


def _said(subject: str, at: Instant, what: str) -> Decision:
    return Decision(
        decision_id=content_id("toy", subject, int(at), what),
        stage="respond",
        kind=DecisionKind.SENT,
        subject=subject,
        reason=DecisionReason.CORROBORATED,
        text=what,
        at=at,
        market="DE",
    )


BACKUPS = tuple(
    Backup(
        target=f"{operator}/{number}",
        operator=operator,
        kind="phone_bot",
        severity_min="warning",
        confidence_percent_min=0,
        health_metric="calls_waiting",
        health_unit="count",
        health_working_from=2.0,
        health_down_below=1.5,
        health_minutes=240,
        health_unknown="allow",
        active_minutes_max=33,
        switches_per_day_max=5,
    )
    for operator in ("netcologne", "alpha")
    for number in (1, 2)
)
RULES = RespondRules(config=RespondConfig(failovers=FailoverConfig(mode="act", backups=BACKUPS)), wording=WORDING)
TOY = Duty(name="toy", hear=_hear, fall_due=_fall_due)


def run(records: list[Sealed], *, crash: bool = False) -> list[object]:
    """Apply records in turn; with `crash` the state is written and read again after each, slot by slot."""
    state, outputs = CaseworkState(0), list[object]()
    for record in records:
        effects = apply(state, record, (CONFIG, REFERENCE), RULES, (*DUTIES, TOY))
        outputs += effects.outputs
        if crash:
            kept = {name: encode_slot(slot) for name, slot in state.slots.items()}
            state = CaseworkState.restored(0, {n: decode_slot(data, slot_type(n)) for n, data in kept.items()})
    return outputs


def lines(outputs: list[object]) -> list[bytes]:
    return [record_bytes(output) for output in outputs]


def dues(outputs: list[object]) -> list[Decision]:
    return [output for output in outputs if isinstance(output, Decision) and output.text == "due"]


@settings(max_examples=60, deadline=None)
@given(data=st.data(), told=stories)
def test_any_interleaving_and_any_cut_give_the_same_bytes(data: st.DataObject, told: Told) -> None:
    assert lines(run(data.draw(interleaved(told)))) == lines(run(at_once(told)))


@settings(max_examples=40, deadline=None)
@given(data=st.data(), told=stories)
def test_a_restart_after_any_record_changes_nothing(data: st.DataObject, told: Told) -> None:
    records = data.draw(interleaved(told))
    assert lines(run(records, crash=True)) == lines(run(records))


@settings(max_examples=60, deadline=None)
@given(told=stories)
def test_a_due_falls_exactly_once_and_nothing_goes_back_in_time(told: Told) -> None:
    outputs = run(at_once(told))
    ids = [decision.decision_id for decision in dues(outputs)]
    assert len(ids) == len(set(ids))
    times = [int(_time_of(output)) for output in outputs if isinstance(output, Decision | Incident)]
    assert times == sorted(times)
    latest: dict[str, Incident] = {}
    for change in (output for output in outputs if isinstance(output, Incident)):
        if not _tells_an_aftermath(change, latest.get(change.incident_id)):
            latest[change.incident_id] = change
    for incident_id, change in latest.items():
        changed_at = int(change.updated_at)
        after = [int(due.at) for due in dues(outputs) if due.subject == incident_id and int(due.at) > changed_at]
        assert len(after) == 4, "after its last change a case of the toy falls due four times, and then never"


def _tells_an_aftermath(change: Incident, before: Incident | None) -> bool:
    """Is it a revision of RESPOND's own, about which no duty hears?"""
    return before is not None and change.state == before.state and change.aftermath != before.aftermath


def _time_of(output: Decision | Incident) -> Instant:
    return output.updated_at if isinstance(output, Incident) else output.at


@settings(max_examples=40, deadline=None)
@given(told=stories)
def test_no_all_clear_before_the_last_area_is_back_and_the_hold_is_over(told: Told) -> None:
    latest: dict[str, Incident] = {}
    for output in run(at_once(told)):
        if isinstance(output, Incident):
            latest[output.incident_id] = output
        elif isinstance(output, Notice) and output.kind.value == "all_clear" and output.notice_revision == 1:
            incident = latest[output.incident_id]
            assert incident.resolved_at is not None, "the hold made it resolved"
            assert output.drafted_at >= incident.resolved_at
            assert all(row.back_at is not None for row in places_down(incident.areas))


@settings(max_examples=40, deadline=None)
@given(told=stories)
def test_what_changed_is_what_was_said_to_have_changed(told: Told) -> None:
    state, kept = CaseworkState(0), dict[str, bytes]()
    for record in at_once(told):
        effects = apply(state, record, (CONFIG, REFERENCE), RULES, (*DUTIES, TOY))
        slots = state.slots
        for name in effects.changed:
            kept.pop(name, None)
            if name in slots:
                kept[name] = encode_slot(slots[name])
    assert kept == {name: encode_slot(slot) for name, slot in state.slots.items()}


def test_an_approval_reaches_respond_through_correlate_in_its_pane() -> None:
    parts = [pane_with(end_of(0), [talk(0)]), pane_with(end_of(1), [anomaly(1, source="telemetry")])]
    opened = run([sealed(number, parts if number == 0 else [], END) for number in range(PARTITIONS)])
    incident_id = next(output.incident_id for output in opened if isinstance(output, Incident))
    parts.append(pane_with(end_of(5), [command(5, "approve", incident_id)]))
    outputs = run([sealed(number, parts if number == 0 else [], END) for number in range(PARTITIONS)])
    heard = [output for output in outputs if isinstance(output, Decision) and output.text == "approve"]
    assert [(said.subject, int(said.at)) for said in heard] == [(incident_id, NINE + 5 * MINUTE_MS)]
    assert not any(isinstance(output, PlacedCommand | Change) for output in outputs), "inner records stay inside"
