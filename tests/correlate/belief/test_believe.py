"""One belief from one dossier."""

from pipeline.correlate.belief.believe import Circumstances, believe
from pipeline.records.vocabulary import DecisionReason
from tests.correlate.made import BONN, CONFIG, KOELN, account, dossier, said, series
from tests.correlate.stories import REFERENCE


def test_all_questions_are_answered_from_the_same_evidence() -> None:
    held = account(0.95, network=4_000, care=2_000)
    told = dossier(KOELN, BONN, "DE/NW", series=[series()], witnesses={"care": said(9)}, account=held)
    belief = believe(told, Circumstances(market="DE"), CONFIG, REFERENCE)
    assert belief.suffices == DecisionReason.CORROBORATED
    assert belief.areas == ["DE/NW", BONN, KOELN]
    assert round(belief.confidence_ppm / 10_000) == 95
    assert (belief.extent, belief.nature) == ("general", "technical")
    assert belief.customers is not None
    assert belief.customers.high == 330_000


def test_circumstances_bear_on_nature_and_confidence_alone() -> None:
    told = dossier(KOELN, account=account(0.5, peak=0.8))
    plain = believe(told, Circumstances(market="DE"), CONFIG, REFERENCE)
    bare = believe(told, Circumstances(market="DE", planned=True, by_person=True), CONFIG, REFERENCE)
    settled = believe(told, Circumstances(market="DE", settled=True), CONFIG, REFERENCE)
    assert (bare.nature, bare.confidence_ppm) == ("planned", 990_000)
    assert (plain.nature, plain.confidence_ppm) == ("technical", 500_000)
    assert round(settled.confidence_ppm, -3) == 800_000
    assert (bare.suffices, bare.areas, bare.extent, bare.customers) == (
        plain.suffices, plain.areas, plain.extent, plain.customers,
    )  # fmt: skip


def test_believing_changes_nothing() -> None:
    told = dossier(KOELN, witnesses={"care": said(9)})
    before = told.copy()
    believe(told, Circumstances(market="DE"), CONFIG, REFERENCE)
    assert told == before
