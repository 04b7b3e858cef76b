"""Guests of a host whose outage is known: little has to be heard of them."""

from typing import Any

import pytest
from msgspec import structs

from pipeline.correlate.hear.guests import hear_guests
from pipeline.correlate.parts import Dossier
from pipeline.records.inner.weighings import Weighing
from pipeline.records.vocabulary import IncidentState
from tests.correlate.accounts import weighing
from tests.correlate.made import BONN, KOELN, dossier, incident, pane
from tests.correlate.stories import at

HARDLY = 0.02
"""Far too little for a suspicion of its own."""


def guest(area: str = KOELN, **more: Any) -> Weighing:
    facts: dict[str, Any] = {"operator": "beta", "probability": HARDLY, "added": ["public"]}
    return weighing(at(5), area, **{**facts, **more})


def hosts_outage() -> Dossier:
    return dossier(KOELN, operators={"alpha": 3}, services=["mobile_voice"])


@pytest.mark.parametrize(
    ("known", "state", "named"),
    [
        pytest.param(guest(), IncidentState.CONFIRMED, True, id="it_begins_to_be_heard"),
        pytest.param(guest("DE"), IncidentState.CONFIRMED, True, id="in_what_holds_the_place"),
        pytest.param(guest(BONN), IncidentState.CONFIRMED, False, id="in_another_place"),
        pytest.param(guest(), IncidentState.SUSPECTED, False, id="its_host_may_be_well"),
        pytest.param(guest(probability=0.009), IncidentState.CONFIRMED, False, id="hardly_anything"),
        pytest.param(guest(operator="netcologne"), IncidentState.CONFIRMED, False, id="no_guest"),
        pytest.param(guest(operator="gamma"), IncidentState.CONFIRMED, False, id="it_has_a_network_of_its_own"),
    ],
)
def test_a_guest_is_named_while_its_host_is_known_to_be_down(
    known: Weighing, state: IncidentState, named: bool
) -> None:
    case = incident(hosts_outage(), state)
    work = pane(5)
    work.market.weighings = {"guest": known}
    hear_guests(case, work)
    assert (known.operator in case.dossier.operators) == named


def test_a_guest_that_sells_nothing_that_fails_is_not_named() -> None:
    case = incident(structs.replace(hosts_outage(), services=["tv"]), IncidentState.CONFIRMED)
    work = pane(5)
    work.market.weighings = {"guest": guest()}
    hear_guests(case, work)
    assert set(case.dossier.operators) == {"alpha"}
