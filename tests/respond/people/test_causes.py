"""A cause that the operator states is on the record and in the all-clear; one that it leaves open is not."""

from dataclasses import replace

import pytest

from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.reference.wording import load_official
from pipeline.records.clocks import Instant
from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.published.incident_parts import Cause
from pipeline.records.vocabulary import IncidentState, OfficialKind
from pipeline.respond.apply import apply
from pipeline.respond.notices.duty import NOTICES
from pipeline.respond.people.causing import stated_cause
from pipeline.respond.people.duty import PEOPLE
from pipeline.respond.telling import told
from tests.respond.followups.made import RULES, Outage, minute, notices_in

TERMS = load_official(reference_folder() / "wording")
GROUND = "Grund war ein Konfigurationsfehler im Kernnetz."


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        pytest.param("de", f"Die Störung ist behoben. {GROUND}", "configuration_error", id="netcologne_2025"),
        pytest.param("de", "Die Störung wurde durch einen Stromausfall ausgelöst.", "power_failure", id="german"),
        pytest.param("en", "The outage was caused by a cable cut near Leeds.", "cable_cut", id="english"),
        pytest.param("en", "This was due to a software fault, now fixed.", "software_fault", id="english_due_to"),
        pytest.param("fr", "La panne est due à une erreur logicielle.", "software_fault", id="french"),
        pytest.param("fr", "L'origine : une coupure d'électricité à Lyon.", "power_failure", id="french_apostrophe"),
        pytest.param("nl", "De oorzaak was een kabelbreuk.", "cable_cut", id="dutch"),
    ],
)
def test_a_cause_is_stated_by_a_word_that_says_so_and_one_thing(language: str, text: str, kind: str) -> None:
    assert stated_cause(text, TERMS[language]) == kind


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("de", "Die Ursache wird gesucht, ein Kabelschaden wird geprüft.", id="sought"),
        pytest.param("de", "Ursache ist möglicherweise ein Softwarefehler.", id="possibly"),
        pytest.param("de", "Grund war kein Stromausfall.", id="negated"),
        pytest.param("de", "Stromausfall in Köln: Bitte haltet Taschenlampen bereit.", id="no_word_of_a_cause"),
        pytest.param("de", "Grund war ein Stromausfall nach einem Kabelschaden.", id="two_things"),
        pytest.param("en", "The cause may be a power cut.", id="may"),
        pytest.param("en", "We are investigating whether a cable cut is the cause.", id="investigated"),
        pytest.param("en", "The cause was not a software fault.", id="not"),
        pytest.param("en", "A power cut as the cause has been ruled out.", id="ruled_out"),
        pytest.param("fr", "La cause n'est pas une surcharge.", id="pas"),
        pytest.param("fr", "Une panne matérielle pourrait être en cause.", id="pourrait"),
        pytest.param("nl", "De oorzaak is mogelijk een stroomstoring.", id="mogelijk"),
    ],
)
def test_a_cause_that_is_left_open_is_none(language: str, text: str) -> None:
    assert stated_cause(text, TERMS[language]) == ""


def said(outage: Outage, at_minute: float, text: str, kind: OfficialKind = "all_clear", operator: str = "") -> None:
    at = Instant(minute(at_minute))
    who = operator or "netcologne"
    post = OfficialPost(operator=who, at=at, post_id=f"{at}", platform="x", text=text, lang="de", kind=kind)
    apply(outage.state, PaneTalk(market="DE", at=at, officials=(post,)), outage.rules, (NOTICES, PEOPLE))


def confirmed() -> Outage:
    outage = Outage(NOTICES, replace(RULES, official=TERMS))
    outage.change(1)
    return outage


def causes(outage: Outage) -> list[tuple[str, str | None]]:
    return [(cause.kind, cause.stated_by) for cause in told(outage.case, outage.now).causes or ()]


def test_the_cause_that_the_operator_stated_is_on_the_record_and_in_the_all_clear() -> None:
    outage = confirmed()
    said(outage, 5, GROUND)
    assert causes(outage) == [("configuration_error", "netcologne")]
    over = {"state": IncidentState.RESOLVED, "resolved_at": Instant(minute(60)), "ended_at": Instant(minute(45))}
    texts = notices_in(outage.change(60, **over))
    web = [text.body for text in texts if text.outlet == "web" and text.language == "de" and text.kind == "all_clear"]
    assert "Die Ursache war ein Fehler in einer Einstellung." in web[0]


def test_the_latest_cause_stands_and_words_of_others_and_greetings_state_none() -> None:
    outage = confirmed()
    said(outage, 5, GROUND, operator="telekom")
    said(outage, 6, GROUND, kind="chatter")
    assert causes(outage) == []
    said(outage, 7, "Grund war ein Stromausfall.")
    said(outage, 8, GROUND)
    assert causes(outage) == [("configuration_error", "netcologne")]


def test_a_cause_that_is_on_the_record_by_somebodys_word_stays() -> None:
    outage = confirmed()
    said(outage, 5, GROUND)
    outage.change(6, causes=(Cause(kind="cable_cut", stated_by="ina"),))
    assert causes(outage) == [("cable_cut", "ina")]
