"""How sure it is: what the account says, and never that nobody can be wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.belief.confidence import confidence_ppm
from pipeline.correlate.held import AccountHeld
from pipeline.correlate.parts import EmergencyClaims
from tests.correlate.made import account, dossier, said


def sure(held: AccountHeld | None, *, settled: bool = False) -> int:
    return confidence_ppm(dossier(account=held), by_person=False, settled=settled)


@pytest.mark.parametrize(
    ("held", "settled", "percent"),
    [
        pytest.param(None, False, 0, id="nothing_was_weighed"),
        pytest.param(account(0.62), False, 62, id="a_suspicion_is_as_sure_as_its_account"),
        pytest.param(account(0.3, peak=0.8), False, 30, id="a_suspicion_falls_with_it"),
        pytest.param(account(0.1, peak=0.95), True, 95, id="that_a_fact_is_over_is_no_doubt_that_it_was"),
        pytest.param(account(0.9999), False, 99, id="never_certain"),
    ],
)
def test_confidence_is_the_probability_of_the_account(held: AccountHeld | None, settled: bool, percent: int) -> None:
    assert round(sure(held, settled=settled) / 10_000) == percent


@given(
    probability=st.floats(0.001, 0.999),
    more=st.floats(0.0, 1.0),
    peak=st.floats(0.001, 0.999),
    settled=st.booleans(),
)
def test_more_evidence_never_lowers_it(probability: float, more: float, peak: float, settled: bool) -> None:
    surer = probability + more * (0.999 - probability)
    before, after = sure(account(probability, peak), settled=settled), sure(account(surer, peak), settled=settled)
    assert 0 <= before <= after <= 990_000


def test_how_many_speak_counts_in_the_account_and_not_beside_it() -> None:
    loud = dossier(account=account(0.6), witnesses={"care": said(900, surprise_milli=60_000)})
    assert confidence_ppm(loud, by_person=False, settled=False) == sure(account(0.6))


def test_a_person_and_an_emergency_are_surest() -> None:
    claims = EmergencyClaims(first_at=0, last_at=0)
    assert confidence_ppm(dossier(), by_person=True, settled=False) == 990_000
    assert confidence_ppm(dossier(emergency=claims), by_person=False, settled=False) == 990_000
