"""Laws of backups, whatever happens: one incident a backup, never past its time, standby in the end."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.codecs.outputs import message_of
from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.records.clocks import PANE_MS
from pipeline.records.published.failovers import Failover
from pipeline.records.vocabulary import IncidentState, Severity
from pipeline.respond.failovers_config import Backup
from pipeline.respond.state import IncidentCase, RespondState, slot_type
from tests.respond.failovers.made import BOT, EMERGENCY, LINES, Market, minute, records_in
from tests.schemas.contracts import schema_errors

ENDED = (IncidentState.RESOLVED, IncidentState.DISMISSED, IncidentState.CLOSED)
CATALOGUE: tuple[Backup, ...] = (LINES, BOT)
Step = tuple[int, str, str, Any]

steps = st.lists(
    st.tuples(
        st.integers(1, 40),
        st.sampled_from(("one", "two", "three")),
        st.sampled_from(("state", "severity", "emergency", "health", "approve", "reject", "withdraw")),
        st.integers(0, 5),
    ),
    max_size=30,
)
"""Minutes since the step before, an incident, what happens, and a choice."""


def happen(market: Market, told: list[Step], *, restart: bool = False) -> None:
    """Let it happen; with `restart` the state is written and read again after each step."""
    now = 0
    for gap, incident_id, what, choice in told:
        now += gap
        market.passing(now)
        if what == "health":
            market.health(now, choice * 20)
        elif what in ("approve", "reject", "withdraw"):
            ids = sorted({record.failover_id for record in records_in(market.written)})
            market.order(now, what, ids[choice % len(ids)] if ids else "none", by=("ina", "omar")[choice % 2])
        else:
            facts: dict[str, Any] = {
                "state": {"state": tuple(IncidentState)[choice]},
                "severity": {"severity": tuple(Severity)[choice % 4]},
                "emergency": {"emergency": EMERGENCY if choice % 2 else None},
            }[what]
            market.change(now, incident_id, **facts)
        if restart:
            kept = {name: encode_slot(slot) for name, slot in market.state.slots.items()}
            read = {name: decode_slot(data, slot_type(name) or IncidentCase) for name, data in kept.items()}
            market.state = RespondState.restored(0, read)
    market.passing(now + 10_000)


@settings(max_examples=150, deadline=None)
@given(told=steps, mode=st.sampled_from(("propose", "act")))
def test_a_backup_serves_one_incident_never_past_its_time_and_not_what_is_over(told: list[Step], mode: str) -> None:
    market = Market(*CATALOGUE, mode=mode)
    happen(market, told)
    latest: dict[str, Failover] = {}
    revisions: dict[str, int] = {}
    for record in records_in(market.written):
        before = latest.get(record.target)
        if before is not None and before.incident_id != record.incident_id:
            assert before.phase not in ("proposed", "active"), "another incident had it"
        if before is not None and before.desired == "active":
            assert record.decided_at <= before.expires_at + PANE_MS, "active past its time"
        assert record.revision == revisions.get(record.failover_id, 0) + 1
        assert (record.desired == "active") == (record.phase == "active")
        assert record.expires_at > record.decided_at or record.phase not in ("proposed", "active")
        revisions[record.failover_id], latest[record.target] = record.revision, record
    for record in latest.values():
        assert record.desired == "standby", "after a week without a word everything has expired"
        if mode == "propose" and record.active_since is not None:
            assert record.guard_rails.approved_by is not None


@settings(max_examples=80, deadline=None)
@given(told=steps)
def test_a_restart_after_any_step_changes_no_byte(told: list[Step]) -> None:
    plain, saved = Market(*CATALOGUE), Market(*CATALOGUE)
    happen(plain, told)
    happen(saved, told, restart=True)
    assert plain.written == saved.written


@settings(max_examples=80, deadline=None)
@given(told=steps)
def test_every_record_passes_its_schema_and_switches_stay_within_a_day(told: list[Step]) -> None:
    market = Market(*CATALOGUE, mode="act")
    happen(market, told)
    switches: dict[str, list[int]] = {}
    state: dict[str, str] = {}
    for record in records_in(market.written):
        if record.desired != state.get(record.target, "standby"):
            switches.setdefault(record.target, []).append(int(record.decided_at))
        state[record.target] = record.desired
        value = message_of(record, "correlate", "here", 0).value
        assert value is not None
        assert schema_errors("failovers", json.loads(value)) == []
    for backup in CATALOGUE:
        moments = switches.get(backup.target, [])
        for moment in moments:
            assert sum(moment - 24 * 60 * 60_000 < other <= moment for other in moments) <= backup.switches_per_day_max
    assert minute(0) <= min((min(found) for found in switches.values()), default=minute(0))
