"""The acknowledgement: drafted once, in three languages, or held back with a reason."""

from collections import Counter
from typing import Any

import msgspec
import pytest

from pipeline.records.errors import ConfigError
from pipeline.records.inner.changes import Change
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incident_parts import Links, Maintenance, Silence
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.apply import apply
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.state import RespondState
from tests.correlate.stories import Story, anomaly, claim, end_of, talk
from tests.wording.shipped import WORDING

RULES = RespondRules(config=RespondConfig(), wording=WORDING)


def outputs_of(change: Change) -> tuple[object, ...]:
    return apply(RespondState(0), change, RULES).outputs


def confirmed(*, emergency: bool = False) -> Change:
    story = Story().tell(0, talk(0))
    story.tell(1, anomaly(1, source="telemetry"), *([claim(1, 1, "tickets")] if emergency else []))
    return next(one for one in story.changes if one.after.state == IncidentState.CONFIRMED)


def with_after(change: Change, **facts: Any) -> Change:
    return msgspec.structs.replace(change, after=msgspec.structs.replace(change.after, **facts))


def test_a_confirmed_incident_is_acknowledged_in_three_languages_on_every_outlet() -> None:
    outputs = outputs_of(confirmed())
    notices = [one for one in outputs if isinstance(one, Notice)]
    assert Counter(one.language for one in notices) == {"fr": 8, "en": 8, "de": 8}
    assert len({one.notice_id for one in notices}) == 24
    assert {one.state for one in notices} == {"draft"}
    assert all(one.due_at is not None and one.due_at > end_of(1) for one in notices)
    decision = outputs[-1]
    assert isinstance(decision, Decision)
    assert (decision.kind.value, decision.reason.value) == ("sent", "corroborated")


def test_the_texts_speak_their_language_and_name_no_cause_and_no_end() -> None:
    texts = {(n.outlet, n.language): n.body for n in outputs_of(confirmed()) if isinstance(n, Notice)}
    assert "Störung bei Netcologne" in texts["push", "de"]
    assert "Panne chez Netcologne" in texts["web", "fr"]
    assert "Outage at Netcologne" in texts["hotline", "en"]
    assert not any("10:" in text or "12:" in text for text in texts.values())


def test_a_post_fits_its_platform_and_says_first_that_112_is_dead() -> None:
    posts = [n for n in outputs_of(confirmed(emergency=True)) if isinstance(n, Notice) and n.outlet == "x"]
    assert all(len(one.body) <= 280 for one in posts)
    assert all("112" in one.body for one in posts)


def test_the_same_change_gives_the_same_ids() -> None:
    assert outputs_of(confirmed()) == outputs_of(confirmed())


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        pytest.param({"exercise": True}, "exercise", id="a_drill_tells_nobody"),
        pytest.param(
            {"silence": Silence(until=end_of(60), by="ina", reason="known")}, "silenced", id="a_silence_has_an_owner"
        ),
        pytest.param(
            {"maintenance": Maintenance(maintenance_id="m1", starts_at=end_of(0), until=end_of(60), by="ina")},
            "maintenance",
            id="work_was_announced",
        ),
        pytest.param({"nature": "content"}, "no_target", id="rights_are_for_the_content_provider"),
        pytest.param({"reopened": 1}, "already_sent", id="a_relapse_was_acknowledged"),
        pytest.param({"operators": ()}, "no_target", id="no_operator_to_speak_for"),
        pytest.param({"summary": None}, "no_target", id="no_words"),
    ],
)
def test_what_is_held_back_has_a_reason(facts: dict[str, Any], reason: str) -> None:
    outputs = outputs_of(with_after(confirmed(), **facts))
    assert [(one.kind.value, one.reason.value) for one in outputs if isinstance(one, Decision)] == [
        ("suppressed", reason)
    ]
    assert len(outputs) == 1


def test_emergency_numbers_are_told_even_inside_announced_work() -> None:
    work = Maintenance(maintenance_id="m1", starts_at=end_of(0), until=end_of(60), by="ina")
    outputs = outputs_of(with_after(confirmed(emergency=True), maintenance=work))
    assert any(isinstance(one, Notice) for one in outputs)


def test_what_was_split_off_was_acknowledged_with_the_rest() -> None:
    change = with_after(confirmed(), links=Links(split_from="a"))
    outputs = outputs_of(msgspec.structs.replace(change, before=None))
    assert [one.reason.value for one in outputs if isinstance(one, Decision)] == ["already_sent"]


@pytest.mark.parametrize("state", [one for one in IncidentState if one != IncidentState.CONFIRMED])
def test_only_confirmation_asks_for_an_acknowledgement(state: IncidentState) -> None:
    assert outputs_of(with_after(confirmed(), state=state)) == ()


def test_a_relapse_while_recovering_is_no_news() -> None:
    change = confirmed()
    assert change.before is not None
    before = msgspec.structs.replace(change.before, state=IncidentState.RECOVERING)
    assert outputs_of(msgspec.structs.replace(change, before=before)) == ()


def test_settings_that_name_nobody_are_refused() -> None:
    with pytest.raises(ConfigError, match="approver"):
        RespondConfig(approver="")
    with pytest.raises(ConfigError, match="acknowledge_minutes"):
        RespondConfig(acknowledge_minutes=0)
