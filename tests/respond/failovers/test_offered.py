"""What an incident's record says of its backups."""

from dataclasses import replace

from pipeline.respond.telling import told
from tests.respond.failovers.made import BOT, Market

REPLAY = replace(BOT, target="netcologne/replay", kind="replay_offer", text="Die Sendung in der Mediathek")
PAGE = replace(BOT, target="netcologne/page", kind="status_page", text="Statusseite")


def test_a_revision_names_its_backups_and_what_people_can_use_meanwhile() -> None:
    market = Market(REPLAY, PAGE, mode="act")
    market.change(1)
    (case,) = market.state.cases("DE")
    incident = told(case, case.incident)
    assert incident.references is not None
    assert set(incident.references.failover_ids) == {record.failover_id for record in market.now.values()}
    assert incident.alternatives is not None
    (offer,) = incident.alternatives
    assert (offer.kind, offer.text, offer.health) == ("replay", "Die Sendung in der Mediathek", "unknown")
    assert offer.offered_at == market.now["netcologne/replay"].active_since


def test_what_is_proposed_was_not_offered_and_what_is_back_is_offered_no_more() -> None:
    market = Market(REPLAY)
    market.change(1)
    (case,) = market.state.cases("DE")
    before = told(case, case.incident)
    assert before.alternatives is not None
    assert [offer.offered_at for offer in before.alternatives] == [None]
    market.order(2, "reject", market.now["netcologne/replay"].failover_id)
    assert told(case, case.incident).alternatives is None


def test_an_incident_without_backups_names_none() -> None:
    market = Market()
    market.change(1)
    (case,) = market.state.cases("DE")
    incident = told(case, case.incident)
    assert (incident.references, incident.alternatives) == (None, None)
