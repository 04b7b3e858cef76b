"""How sure it is: bounded, and never less sure with more evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.belief.confidence import confidence_ppm
from pipeline.correlate.parts import EmergencyClaims, Witness
from tests.correlate.made import dossier, said

KINDS = ("network", "care", "public")
surprises = st.dictionaries(st.sampled_from(KINDS), st.integers(0, 20_000))


def told(milli_by_kind: dict[str, int]) -> dict[str, Witness]:
    return {kind: said(surprise_milli=milli) for kind, milli in milli_by_kind.items()}


@pytest.mark.parametrize(
    ("milli_by_kind", "ppm"),
    [
        pytest.param({}, 0, id="nobody_spoke"),
        pytest.param({"network": 6_000}, 700_000, id="the_network_at_full_weight"),
        pytest.param({"network": 3_000}, 350_000, id="half_as_surprising"),
        pytest.param({"care": 60_000}, 600_000, id="no_witness_is_believed_without_limit"),
        pytest.param({"network": 6_000, "public": 6_000}, 850_000, id="two_combine_as_if_independent"),
    ],
)
def test_witnesses_make_a_confidence(milli_by_kind: dict[str, int], ppm: int) -> None:
    assert confidence_ppm(dossier(witnesses=told(milli_by_kind)), by_person=False) == ppm


@given(milli_by_kind=surprises, kind=st.sampled_from(KINDS), more=st.integers(0, 10_000))
def test_a_louder_witness_never_lowers_it(milli_by_kind: dict[str, int], kind: str, more: int) -> None:
    before = confidence_ppm(dossier(witnesses=told(milli_by_kind)), by_person=False)
    louder = {**milli_by_kind, kind: milli_by_kind.get(kind, 0) + more}
    after = confidence_ppm(dossier(witnesses=told(louder)), by_person=False)
    assert 0 <= before <= after < 990_000


def test_a_person_and_an_emergency_are_surest() -> None:
    claims = EmergencyClaims(first_at=0, last_at=0)
    assert confidence_ppm(dossier(), by_person=True) == 990_000
    assert confidence_ppm(dossier(emergency=claims), by_person=False) == 990_000
