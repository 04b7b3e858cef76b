"""A ticket: what it counts for, and where."""

from typing import Any, get_args

import pytest
from msgspec import structs

from pipeline.records.raw.tickets import Intake
from tests.ingest.world import NOON, PlainReader, batch_of, raw, sums_of, ticket


def test_a_ticket_that_comes_twice_counts_once() -> None:
    batch = batch_of([ticket(NOON, 1), ticket(NOON, 1), ticket(NOON, 2)])
    assert {p.distinct for p in sums_of(batch).values()} == {2}


@pytest.mark.parametrize("intake", get_args(Intake))
@pytest.mark.parametrize(
    "code",
    [
        pytest.param({"service": "emergency", "symptom": "emergency_unreachable"}, id="both"),
        pytest.param({"service": "emergency"}, id="service"),
        pytest.param({"service": "mobile_voice", "symptom": "Emergency_Unreachable"}, id="symptom_of_another_service"),
        pytest.param({"symptom": "emergency_unreachable", "text": "facture"}, id="a_text_that_says_nothing"),
    ],
)
def test_a_code_of_the_care_system_is_an_emergency_claim_without_any_text(code: dict[str, Any], intake: str) -> None:
    batch = batch_of([ticket(**{"text": "", "intake": intake, "place": "Bonn", **code})])
    claims = [claim for envelope in batch.envelopes for claim in envelope.claims]
    assert [(claim.market, claim.area, claim.source) for claim in claims] == [("DE", "DE/NW/bonn", "tickets")]
    assert claims[0].service == code.get("service", "emergency")


def test_other_codes_of_the_care_system_are_no_emergency_claim() -> None:
    codes = (("mobile_voice", "no_calls"), ("sms", "emergency"))
    batch = batch_of([ticket(text="", service=service, symptom=symptom) for service, symptom in codes])
    assert [claim for envelope in batch.envelopes for claim in envelope.claims] == []


@pytest.mark.parametrize(
    ("fields", "symptoms"),
    [
        pytest.param({}, {"no_internet": 1}, id="the_text"),
        pytest.param({"symptom": "rights"}, {"rights": 1}, id="the_code_wins"),
        pytest.param({"symptom": "no_tv", "text": ""}, {"no_tv": 1}, id="a_code_without_a_text"),
    ],
)
def test_a_ticket_counts_for_the_symptom_of_the_care_system_else_of_its_text(
    fields: dict[str, Any], symptoms: dict[str, int]
) -> None:
    (((series, _), partial),) = sums_of(batch_of([ticket(**{"text": "internet down", **fields})])).items()
    assert (series.measure, partial.tags()) == ("complaints", symptoms)


@pytest.mark.parametrize(
    ("fields", "area"),
    [
        pytest.param({"area": "DE/BY", "postcode": "50667"}, "DE/BY", id="the_care_system_first"),
        pytest.param({"area": "FR", "postcode": "50667"}, "DE/NW/koeln", id="of_another_market"),
        pytest.param({"area": "FR", "place": "Bonn"}, "DE/NW/bonn", id="then_the_town"),
        pytest.param({"area": "FR", "text": "internet down in Aachen"}, "DE/NW/aachen", id="then_the_text"),
        pytest.param({"area": "FR", "text": "internet down"}, "DE", id="else_the_nation"),
    ],
)
def test_a_ticket_counts_in_the_first_place_that_lies_in_its_market(fields: dict[str, Any], area: str) -> None:
    assert {s.area for s, _ in sums_of(batch_of([ticket(**fields)]))} == {area}


def test_a_ticket_with_only_a_postcode_is_placed() -> None:
    batch = batch_of(
        [
            raw(
                "tickets",
                {"ticket_id": "1", "operator": "netcologne", "opened_at": "2025-02-12T11:00:00Z", "postcode": "50667"},
                NOON,
            )
        ]
    )
    assert {s.area for s, _ in sums_of(batch) if s.scope_area != "DE"} == {"DE/NW/koeln"}


@pytest.mark.parametrize(
    ("fields", "measure"),
    [
        pytest.param({"text": "my bill", "service": "broadband"}, "contacts", id="a_bill"),
        pytest.param({"text": "my bill", "service": "broadband", "symptom": "no_tv"}, "complaints", id="a_code"),
        pytest.param({"text": "my bill", "service": "emergency"}, "complaints", id="help"),
        pytest.param({"text": "", "service": "broadband"}, "complaints", id="no_text"),
        pytest.param({"text": "odd", "service": "broadband"}, "complaints", id="who_knows"),
        pytest.param({"text": "odd"}, "contacts", id="who_knows_without_a_service"),
    ],
)
def test_a_service_makes_no_complaint_of_what_surely_tells_of_no_fault(
    fields: dict[str, Any], measure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    understand = PlainReader.understand

    def sure(self: PlainReader, text: str, **known: Any) -> Any:
        said = understand(self, text, **known)
        return structs.replace(said, evidence_cnat=-201, in_context_cnat=-201) if "bill" in text else said

    monkeypatch.setattr(PlainReader, "understand", sure)
    assert {series.measure for series, _ in sums_of(batch_of([ticket(**fields)]))} == {measure}
