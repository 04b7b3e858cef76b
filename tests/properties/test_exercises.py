"""An exercise from its order to its follow-ups: whatever is written of it is marked, and nothing of it goes out."""

from typing import Any, Final
from xml.etree import ElementTree

import pytest

from pipeline.casework import CaseworkState, apply
from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.hear.exercises import exercise_id
from pipeline.records.clocks import PANE_MS, Instant
from pipeline.records.inner.anomalies import Sealed
from pipeline.records.published.decisions import Decision
from pipeline.records.published.failovers import Failover
from pipeline.records.published.followups import Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.respond.apply import DUTIES
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.failovers_config import Backup, FailoverConfig
from tests.correlate.stories import REFERENCE, at, command, pane_with, time_text
from tests.wording.shipped import WORDING

BOT: Final = Backup(
    target="netcologne/bot", operator="netcologne", kind="phone_bot", severity_min="minor", health_unknown="allow"
)
RULES: Final = RespondRules(
    config=RespondConfig(
        sent_by_rule=(("*", "internal", "ops"), ("*", "status_page", "ops")),
        failovers=FailoverConfig(mode="act", backups=(BOT,)),
    ),
    wording=WORDING,
    languages={"DE": ("de", "en", "fr")},
)
REHEARSAL: Final = exercise_id("DE", "d1")
MARKS: Final = {language: WORDING[language].say("summary.exercise") for language in ("de", "en", "fr")}


class Desk:
    """CORRELATE and RESPOND of one market."""

    def __init__(self) -> None:
        self._state = CaseworkState(0)
        self.outputs: list[Any] = []

    def tell(self, minute: float, *things: object) -> list[Any]:
        """Let time pass to the pane that holds these things; what is written."""
        end = (at(minute) // PANE_MS + 1) * PANE_MS
        panes = [pane_with(end, things)] if things else []
        record = Sealed(market="DE", epoch=1, partition=0, partitions=1, sealed_to=Instant(end), panes=panes)
        outputs = list(apply(self._state, record, (CorrelateConfig(), REFERENCE), RULES, DUTIES).outputs)
        self.outputs += outputs
        return outputs

    def of(self, kind: type) -> list[Any]:
        """All records of a kind."""
        return [output for output in self.outputs if isinstance(output, kind)]


@pytest.fixture(scope="module")
def rehearsed() -> Desk:
    """Two hours in which nobody can call for help, by order, and a week after it; one approves all in the middle."""
    desk = Desk()
    order = {"until": time_text(120), "reason": "yearly exercise", "service": "emergency", "command_id": "d1"}
    desk.tell(0, command(0, "exercise", "netcologne@DE/NW", **order))
    desk.tell(30, command(30, "approve", REHEARSAL))
    desk.tell(9 * 24 * 60)
    return desk


@pytest.mark.parametrize("kind", [Incident, Notice, Followup, Decision])
def test_every_record_of_an_exercise_is_marked(rehearsed: Desk, kind: type) -> None:
    records = rehearsed.of(kind)
    assert records
    assert [record for record in records if not record.exercise] == []


def test_every_text_of_an_exercise_begins_with_its_mark_in_its_language(rehearsed: Desk) -> None:
    texts = [notice for notice in rehearsed.of(Notice) if notice.outlet != "cap"]
    assert {notice.language for notice in texts} == {"de", "en", "fr"}
    for notice in texts:
        assert notice.subject.startswith(MARKS[notice.language])
        assert notice.body.startswith(MARKS[notice.language])


def test_what_follows_an_exercise_says_that_it_was_one_in_each_text_for_customers(rehearsed: Desk) -> None:
    followups = rehearsed.of(Followup)
    paragraphs = [question for known in followups if known.survey for question in known.survey.questions]
    paragraphs += [known.thanks.text for known in followups if known.thanks]
    actions = [known.corrective_action for known in followups if known.corrective_action]
    paragraphs += [action.customer_text for action in actions if action.customer_text]
    assert len(paragraphs) > 2
    for paragraph in paragraphs:
        assert {language: paragraph.said(language).startswith(mark) for language, mark in MARKS.items()} == {
            "de": True,
            "en": True,
            "fr": True,
        }


def test_an_exercise_rehearses_the_whole_course_of_an_outage(rehearsed: Desk) -> None:
    occasions = [notice.occasion for notice in rehearsed.of(Notice) if notice.occasion]
    assert occasions[0] == "confirmed"
    assert {"confirmed", "cadence", "recovering", "all_clear"} <= set(occasions)
    assert {"cause_analysis", "survey", "thanks", "aftermath"} <= {known.kind for known in rehearsed.of(Followup)}


def test_nothing_of_an_exercise_is_ever_sent_approved_or_switched(rehearsed: Desk) -> None:
    assert {notice.state for notice in rehearsed.of(Notice)} <= {"draft", "superseded", "expired", "withdrawn"}
    assert rehearsed.of(Failover) == []
    answers = [decision for decision in rehearsed.of(Decision) if decision.by == "ina" and "approve" in decision.text]
    assert [(answer.kind, answer.reason) for answer in answers] == [("refused", "exercise")]
    (held,) = {decision.reason for decision in rehearsed.of(Decision) if "nothing may be switched" in decision.text}
    assert held in ("exercise", "guard_rail")


def test_a_public_warning_of_an_exercise_is_an_exercise(rehearsed: Desk) -> None:
    warnings = [notice.body for notice in rehearsed.of(Notice) if notice.outlet == "cap"]
    assert warnings
    for body in warnings:
        status = ElementTree.fromstring(body).find("{urn:oasis:names:tc:emergency:cap:1.2}status")  # noqa: S314 - ours
        assert status is not None
        assert status.text == "Exercise"
