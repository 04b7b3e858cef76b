"""Two incidents and one backup: who has it keeps it, a proposal yields to the graver one, and who waits is woken."""

from pipeline.records.vocabulary import IncidentState, Severity
from tests.respond.failovers.made import BOT, EMERGENCY, Market, phases_in, reasons_in, records_in, words_in


def test_an_active_backup_stays_with_its_incident_and_the_other_is_told_why() -> None:
    market = Market(BOT, mode="act")
    market.change(1, "one")
    outputs = market.change(2, "two", severity=Severity.CRITICAL, emergency=EMERGENCY)
    assert phases_in(outputs) == []
    assert reasons_in(outputs) == [("suppressed", "overtaken")]
    assert "incident one has it" in words_in(outputs)


def test_who_waits_gets_the_backup_in_the_pane_in_which_it_is_free() -> None:
    market = Market(BOT, mode="act")
    market.change(1, "one")
    market.change(2, "two")
    assert phases_in(market.change(30, "one", state=IncidentState.RESOLVED)) == [("over", "standby")]
    outputs = market.passing(30)
    assert [(record.incident_id, record.phase) for record in records_in(outputs)] == [("two", "active")]
    assert market.now["netcologne/bot"].incident_id == "two"


def test_a_proposal_yields_to_a_graver_incident_and_to_no_other() -> None:
    market = Market(BOT)
    market.change(1, "one")
    assert phases_in(market.change(2, "two")) == [], "as grave as the first is not graver"
    outputs = market.change(3, "three", emergency=EMERGENCY)
    assert [(record.incident_id, record.phase) for record in records_in(outputs)] == [
        ("one", "overtaken"),
        ("three", "proposed"),
    ]
    assert phases_in(market.order(4, "approve", records_in(outputs)[0].failover_id)) == []
    market.order(5, "approve", records_in(outputs)[1].failover_id)
    market.change(9, "three", state=IncidentState.RESOLVED)
    assert [record.incident_id for record in records_in(market.passing(9))] == ["one"], "first by its id, both as grave"


def test_of_those_that_wait_the_graver_is_first() -> None:
    market = Market(BOT, mode="act")
    market.change(1, "one")
    market.change(2, "a")
    market.change(3, "b", emergency=EMERGENCY)
    market.change(9, "one", state=IncidentState.RESOLVED)
    assert [(record.incident_id, record.phase) for record in records_in(market.passing(9))] == [("b", "active")]


def test_the_slot_of_an_overtaken_incident_is_said_to_have_changed() -> None:
    import msgspec

    from pipeline.records.clocks import Instant
    from pipeline.records.inner.changes import Change
    from pipeline.respond.apply import apply
    from pipeline.respond.failovers.duty import FAILOVERS
    from tests.respond.failovers.made import OUTAGE, minute

    market = Market(BOT)
    market.change(1, "one")
    after = msgspec.structs.replace(OUTAGE, incident_id="two", revision=1, emergency=EMERGENCY)
    change = Change(at=Instant(minute(2)), before=None, after=after)
    assert apply(market.state, change, market.rules, (FAILOVERS,)).changed == {"case|DE|one", "case|DE|two"}
