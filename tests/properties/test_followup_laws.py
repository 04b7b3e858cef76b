"""Laws of what follows an outage: nothing twice, and the same whatever way time was cut and whenever it restarted."""

from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.adapters.codecs.wire import encode
from pipeline.records.clocks import Instant
from pipeline.records.published.decisions import Decision
from pipeline.records.published.followups import Followup
from pipeline.records.published.incident_parts import EmergencyImpact
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.followups.aftermath import AFTERMATH
from pipeline.respond.followups.reports.reporting import REPORTING
from pipeline.respond.followups.writing import FOLLOWUPS
from pipeline.respond.state import RespondState, slot_type
from tests.respond.followups.made import Outage, customers, minute

DAYS: Final = 10 * 24 * 60
STATES: Final = (IncidentState.CONFIRMED, IncidentState.RECOVERING, IncidentState.RESOLVED)
changes = st.lists(
    st.tuples(st.integers(1, 2_000), st.sampled_from(STATES), st.integers(0, 200_000), st.booleans()),
    min_size=1,
    max_size=8,
)
cuts = st.lists(st.integers(1, DAYS), max_size=12)


def played(told: list[tuple[int, IncidentState, int, bool]], cut: list[int], *, restart: bool = False) -> list[object]:
    """An outage whose revisions come after so many minutes each; time is told at the cuts, too."""
    outage = Outage(REPORTING, market="US", confirmed_at=Instant(minute(1)))
    outage.also = (FOLLOWUPS, AFTERMATH)
    outputs, now, waiting = list[object](), 0, sorted(set(cut))
    for gap, state, hit, dead in told:
        now += gap
        outputs += [output for at in waiting if at < now for output in outage.passing(at)]
        waiting = [at for at in waiting if at >= now]
        outputs += outage.passing(now - 1 / 6)
        ended = Instant(minute(now - 1)) if state != IncidentState.CONFIRMED else None
        facts: dict[str, Any] = {"emergency": EmergencyImpact(affected=True, numbers=("911",)) if dead else None}
        outputs += outage.change(now, state=state, ended_at=ended, customers_affected=customers(0, hit), **facts)
        if restart:
            slots = {
                name: decode_slot(encode_slot(slot), slot_type(name) or type(slot))
                for name, slot in outage.state.slots.items()
            }
            outage.state = RespondState.restored(0, slots)
    outputs += [output for at in waiting for output in outage.passing(now + at)]
    return [*outputs, *outage.passing(now + 2 * DAYS)]


@settings(max_examples=40, deadline=None)
@given(told=changes, cut=cuts)
def test_it_is_the_same_however_time_is_cut_and_after_any_restart(
    told: list[tuple[int, IncidentState, int, bool]], cut: list[int]
) -> None:
    plain = [encode(output) for output in played(told, [])]
    assert [encode(output) for output in played(told, cut)] == plain
    assert [encode(output) for output in played(told, cut, restart=True)] == plain


@settings(max_examples=60, deadline=None)
@given(told=changes, cut=cuts)
def test_nothing_is_written_twice(told: list[tuple[int, IncidentState, int, bool]], cut: list[int]) -> None:
    outputs = played(told, cut)
    names = [_name_of(output) for output in outputs]
    assert len(names) == len(set(names))
    revisions: dict[str, list[int]] = {}
    for output in outputs:
        if isinstance(output, Followup):
            revisions.setdefault(output.followup_id, []).append(output.revision)
    assert all(seen == list(range(1, len(seen) + 1)) for seen in revisions.values())


def _name_of(output: object) -> tuple[str, str]:
    if isinstance(output, Followup):
        return "followup", f"{output.followup_id}-{output.revision}"
    if isinstance(output, Notice):
        return "notice", f"{output.notice_id}-{output.notice_revision}"
    if isinstance(output, Incident):
        return "incident", str(output.revision)
    assert isinstance(output, Decision)
    return "decision", output.decision_id
