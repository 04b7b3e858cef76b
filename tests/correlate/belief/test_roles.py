"""Whose outage it is, and who is down on another's network."""

import pytest

from pipeline.correlate.belief.roles import principal, roles_of, without_roaming
from tests.correlate.made import KOELN, dossier
from tests.correlate.stories import REFERENCE


@pytest.mark.parametrize(
    ("operators", "told"),
    [
        pytest.param({"alpha": 1}, [("alpha", "primary", None)], id="alone"),
        pytest.param(
            {"alpha": 1, "beta": 9}, [("alpha", "primary", None), ("beta", "hosted", "alpha")], id="a_guest_is_louder"
        ),
        pytest.param(
            {"alpha": 1, "gamma": 9}, [("alpha", "primary", None), ("gamma", "hosted", "alpha")], id="who_roams_there"
        ),
        pytest.param({"beta": 1}, [("beta", "primary", None)], id="of_its_host_nothing_is_heard"),
        pytest.param({"gamma": 1}, [("gamma", "primary", None)], id="its_own_network"),
        pytest.param(
            {"gamma": 1, "netcologne": 2},
            [("netcologne", "primary", None), ("gamma", "primary", None)],
            id="two_that_have_nothing_to_do_with_each_other",
        ),
    ],
)
def test_the_host_comes_first_and_guests_name_it(
    operators: dict[str, int], told: list[tuple[str, str, str | None]]
) -> None:
    known = dossier(KOELN, operators=operators)
    assert [(role.operator, role.role, role.host) for role in roles_of(known, REFERENCE)] == told
    assert principal(known, REFERENCE) == told[0][0]


def test_customers_of_who_only_roams_there_are_not_counted() -> None:
    host_alone = dossier(KOELN, operators={"alpha": 1, "beta": 1})
    assert without_roaming(host_alone, REFERENCE) is host_alone
    roaming = dossier(KOELN, operators={"alpha": 1, "beta": 1, "gamma": 3})
    assert without_roaming(roaming, REFERENCE).operators == host_alone.operators
    assert set(roaming.operators) == {"alpha", "beta", "gamma"}
