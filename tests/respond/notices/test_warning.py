"""The public warning: CAP 1.2 as OASIS wrote it, in order, with its references, and never an actual one."""

import dataclasses
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, Final

import pytest

from pipeline.adapters.reference.folder import load_places, reference_folder
from pipeline.adapters.reference.gazetteer.geocodes import load_ground
from pipeline.records.errors import ConfigError
from pipeline.records.published.incident_parts import Interval
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState
from pipeline.reference.gazetteer import Place
from pipeline.reference.places import Places
from pipeline.respond.config import RespondConfig
from pipeline.wording.notices.warning import CHARS_MAX, certainty_of, severity_of
from tests.respond.notices.telling import RULES, Telling, incident

CAP: Final = "{urn:oasis:names:tc:emergency:cap:1.2}"
PLACES: Final = Places.from_rows(
    [
        Place(area="DE", name="Deutschland", kind="nation"),
        Place(area="DE/NW/koeln", name="Köln", kind="town", lat=50.93333, lon=6.95),
        Place(area="DE/NW/bonn", name="Bonn", kind="town", lat=50.73, lon=7.1),
    ]
)
WARNING: Final = dataclasses.replace(RULES, ground=load_ground(reference_folder(), PLACES))

ALERT: Final = (
    *("identifier", "sender", "sent", "status", "msgType", "source", "scope", "restriction", "addresses", "code"),
    *("note", "references", "incidents", "info"),
)
INFO: Final = (
    *("language", "category", "event", "responseType", "urgency", "severity", "certainty", "audience", "eventCode"),
    *("effective", "onset", "expires", "senderName", "headline", "description", "instruction", "web", "contact"),
    *("parameter", "resource", "area"),
)
AREA: Final = ("areaDesc", "polygon", "circle", "geocode", "altitude", "ceiling")
"""Elements in the order of the schema CAP-v1.2.xsd."""
REQUIRED: Final = {
    "alert": {"identifier", "sender", "sent", "status", "msgType", "scope"},
    "info": {"category", "event", "urgency", "severity", "certainty"},
    "area": {"areaDesc"},
    "geocode": {"valueName", "value"},
}
VALUES: Final = {
    "status": {"Actual", "Exercise", "System", "Test", "Draft"},
    "msgType": {"Alert", "Update", "Cancel", "Ack", "Error"},
    "scope": {"Public", "Restricted", "Private"},
    "category": {
        *("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other")
    },
    "responseType": {
        *("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"),
    },
    "urgency": {"Immediate", "Expected", "Future", "Past", "Unknown"},
    "severity": {"Extreme", "Severe", "Moderate", "Minor", "Unknown"},
    "certainty": {"Observed", "Likely", "Possible", "Unlikely", "Unknown"},
}
TIME: Final = r"\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d"


def objections(text: str) -> list[str]:
    """What the standard has against a document; empty if it is one."""
    alert = ET.fromstring(text)  # noqa: S314 - written by ourselves
    found = [] if alert.tag == f"{CAP}alert" else [f"root {alert.tag}"]
    found += _in_order(alert, "alert", ALERT)
    for info in alert.iter(f"{CAP}info"):
        found += _in_order(info, "info", INFO)
    for area in alert.iter(f"{CAP}area"):
        found += _in_order(area, "area", AREA)
    for element in alert.iter():
        name = element.tag.removeprefix(CAP)
        if name in VALUES and element.text not in VALUES[name]:
            found.append(f"{name} = {element.text}")
    return [*found, *_of_rules(alert)]


def _in_order(element: ET.Element, name: str, order: tuple[str, ...]) -> list[str]:
    names = [child.tag.removeprefix(CAP) for child in element]
    strange = [f"{name} has {child}" for child in names if child not in order]
    ranks = [order.index(child) for child in names if child in order]
    late = [f"{name}: {names} out of order"] if ranks != sorted(ranks) else []
    return [*strange, *late, *(f"{name} lacks {child}" for child in sorted(REQUIRED[name] - set(names)))]


def _of_rules(alert: ET.Element) -> list[str]:
    """Rules in words: times, forbidden characters, references, circles."""
    found = [
        f"{element.tag} = {element.text}"
        for tag in ("sent", "effective", "onset", "expires")
        for element in alert.iter(CAP + tag)
        if not re.fullmatch(TIME, element.text or "")
    ]
    for tag in ("identifier", "sender"):
        text = alert.findtext(CAP + tag) or ""
        found += [f"{tag} = {text}"] if not text or set(text) & set(" ,<&") else []
    needs = alert.findtext(f"{CAP}msgType") in ("Update", "Cancel")
    references = (alert.findtext(f"{CAP}references") or "").split()
    found += ["no references"] if needs and not references else []
    found += [f"reference {one}" for one in references if one.count(",") != 2]
    circles = (element.text or "" for element in alert.iter(f"{CAP}circle"))
    return found + [f"circle {text}" for text in circles if not re.fullmatch(r"-?\d+\.\d+,-?\d+\.\d+ \d+", text)]


def warnings_of(notices: list[Notice]) -> list[Notice]:
    return [notice for notice in notices if notice.outlet == "cap" and notice.notice_revision == 1]


def told(**facts: Any) -> Telling:
    telling = Telling(rules=WARNING)
    telling.change(3, **facts)
    return telling


def value(notice: Notice, name: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(notice.body).iter(CAP + name)]  # noqa: S314 - our own


def test_a_warning_is_alert_then_update_then_cancel_each_valid_and_with_those_before_it() -> None:
    telling = told()
    telling.change(18, numbers=("112", "110"))
    telling.change(30, numbers=("112", "110"), areas=("DE/NW/koeln", "DE/NW/bonn", "DE/NW/aachen"))
    telling.change(200, state=IncidentState.RESOLVED, numbers=("112", "110"))
    made = warnings_of(telling.notices)
    assert [value(notice, "msgType") for notice in made] == [["Alert"], ["Update"], ["Cancel"]]
    assert [objections(notice.body) for notice in made] == [[], [], []]
    identifiers = [value(notice, "identifier")[0] for notice in made]
    assert [reference.split(",")[1] for reference in value(made[2], "references")[0].split()] == identifiers[:2]
    assert {status for notice in made for status in value(notice, "status")} == {"Draft"}
    assert value(made[2], "responseType") == ["AllClear"] * 2
    assert {notice.state for notice in made} == {"draft"}


def test_what_comes_back_is_a_new_alert() -> None:
    telling = told(numbers=("112",))
    telling.change(100, state=IncidentState.RESOLVED, numbers=("112",))
    telling.change(120, numbers=("112",))
    assert [value(notice, "msgType")[0] for notice in warnings_of(telling.notices)] == ["Alert", "Cancel", "Alert"]


def test_there_is_a_block_for_each_language_with_area_circle_and_code() -> None:
    (notice,) = warnings_of(told(numbers=("112",), areas=("DE/NW/koeln", "DE/NW/aachen")).notices)
    assert value(notice, "language") == ["de-DE", "en-DE"]
    assert value(notice, "areaDesc") == ["Köln", "Aachen"] * 2
    assert value(notice, "circle") == ["50.9333,6.9500 15"] * 2, "nobody knows where Aachen is"
    assert value(notice, "valueName") == ["ARS"] * 2
    assert value(notice, "value") == ["053150000000"] * 2
    assert "Mobiltelefon" in value(notice, "description")[0]


def test_without_failing_emergency_calls_nobody_is_warned() -> None:
    telling = told()
    telling.until(100)
    telling.change(200, state=IncidentState.RESOLVED)
    assert warnings_of(telling.notices) == []


def test_an_exercise_is_an_exercise_in_status_and_note() -> None:
    (notice,) = warnings_of(told(numbers=("112",), exercise=True).notices)
    assert (value(notice, "status"), objections(notice.body)) == (["Exercise"], [])
    assert value(notice, "note")
    for text in (*value(notice, "headline"), *value(notice, "description")):
        assert text.startswith(("ÜBUNG", "EXERCISE"))


def test_a_hundred_areas_fit_and_the_rest_is_counted() -> None:
    areas = tuple(f"DE/NW/ort-{number}" for number in range(40))
    (notice,) = warnings_of(told(numbers=("112",), areas=areas).notices)
    assert len(notice.body) <= CHARS_MAX
    assert objections(notice.body) == []
    assert any("weitere Orte" in text for text in value(notice, "areaDesc"))


@pytest.mark.parametrize(
    ("customers", "level"),
    [
        pytest.param(None, "Severe", id="an_unknown_number_counts_as_many"),
        pytest.param(Interval(low=1, high=9_999), "Moderate", id="a_town"),
        pytest.param(Interval(low=1, high=10_000), "Severe", id="a_city"),
        pytest.param(Interval(low=1, high=2_000_000, likely=1_000_000), "Extreme", id="a_nation"),
    ],
)
def test_severity_follows_from_how_many_cannot_call(customers: Interval | None, level: str) -> None:
    assert severity_of(incident(customers_affected=customers)) == level


@pytest.mark.parametrize(
    ("ppm", "verification", "level"),
    [(950_000, "confirmed", "Observed"), (950_000, "estimated", "Likely"), (400_000, "confirmed", "Possible")],
)
def test_certainty_follows_from_confidence(ppm: int, verification: str, level: str) -> None:
    assert certainty_of(incident(confidence_ppm=ppm, verification=verification)) == level


def test_a_sender_that_cap_forbids_is_refused() -> None:
    with pytest.raises(ConfigError, match="warning_sender"):
        RespondConfig(warning_sender="the noc, Köln")


def test_every_coded_area_is_a_place_and_has_a_code_of_its_markets_length() -> None:
    places, ground = load_places(None), load_ground(reference_folder(), load_places(None))
    coded = [(place.area, found) for place in places if (found := ground(place.area)) is not None and found.code]
    assert len(coded) > 60
    for area, found in coded:
        lengths = {"DE": {12}, "FR": {2, 5}}[area[:2]]
        assert found.code.isdigit()
        assert len(found.code) in lengths


def test_a_code_of_another_market_is_refused(tmp_path: Path) -> None:
    (tmp_path / "geocodes.toml").write_text('[DE]\nname = "ARS"\n[DE.codes]\n"FR/IDF" = "11"\n')
    with pytest.raises(ConfigError, match=r"FR/IDF in \[DE.codes\]"):
        load_ground(tmp_path, PLACES)
