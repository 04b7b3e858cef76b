"""Each kind of order where it cannot be obeyed: answered once, with a reason, and nothing moves."""

from typing import Any, Final, get_args

import pytest

from pipeline.casework import CaseworkState, apply
from pipeline.correlate.config import CorrelateConfig
from pipeline.records.clocks import PANE_MS, Instant
from pipeline.records.inner.anomalies import Sealed
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incidents import Incident
from pipeline.records.raw.commands import CommandKind
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.apply import DUTIES
from pipeline.respond.config import RespondConfig, RespondRules
from tests.correlate.stories import REFERENCE, at, command, pane_with, talk, time_text
from tests.wording.shipped import WORDING

KINDS: Final = get_args(CommandKind)
RULES: Final = RespondRules(config=RespondConfig(), wording=WORDING)
FACTS: Final[dict[str, dict[str, Any]]] = {
    "assign": {"team": "noc"},
    "silence": {"until": time_text(90), "reason": "known"},
    "maintenance": {"starts_at": time_text(1), "until": time_text(900), "operator": "netcologne"},
    "exercise": {"until": time_text(90), "reason": "yearly exercise"},
    "dismiss": {"reason": "a joke"},
    "edit": {"body": "Wir wissen davon."},
    "feedback": {"note": "well told"},
}
"""What an order of a kind has to say beside its target."""

REFUSALS: Final = frozenset({"refused", "suppressed"})


class Desk:
    """CORRELATE and RESPOND of one market, and what they say."""

    def __init__(self) -> None:
        self._state = CaseworkState(0)
        self.decisions: list[Decision] = []
        self.latest: dict[str, Incident] = {}

    def tell(self, minute: float, *things: object) -> list[Decision]:
        """Let time pass to the pane that holds these things; the decisions of it."""
        end = (at(minute) // PANE_MS + 1) * PANE_MS
        panes = [pane_with(end, things)] if things else []
        record = Sealed(market="DE", epoch=1, partition=0, partitions=1, sealed_to=Instant(end), panes=panes)
        outputs = apply(self._state, record, (CorrelateConfig(), REFERENCE), RULES, DUTIES).outputs
        said = [output for output in outputs if isinstance(output, Decision)]
        self.decisions += said
        self.latest |= {output.incident_id: output for output in outputs if isinstance(output, Incident)}
        return said

    def order(self, minute: float, kind: str, target: str, **more: Any) -> list[Decision]:
        """Give an order; what was decided about it."""
        facts = {**FACTS.get(kind, {}), **more}
        said = self.tell(minute, command(minute, kind, target, **facts))
        return [decision for decision in said if decision.by == "ina"]


def open_desk() -> tuple[Desk, str]:
    desk = Desk()
    desk.tell(0, talk(0))
    (name,) = desk.latest
    return desk, name


def closed_desk() -> tuple[Desk, str]:
    """An incident that was dismissed two days ago."""
    desk, name = open_desk()
    desk.order(1, "dismiss", name)
    desk.tell(2 * 24 * 60)
    assert desk.latest[name].state == IncidentState.DISMISSED
    return desk, name


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"silence", "maintenance"}))
def test_an_unknown_target(kind: str) -> None:
    (answer,) = Desk().order(1, kind, "nobody")
    assert answer.kind.value in REFUSALS
    assert answer.reason.value in ("unknown_target", "no_target")
    assert answer.text


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_order_twice_is_obeyed_once(kind: str) -> None:
    desk, name = open_desk()
    first = desk.order(1, kind, name, command_id="one")
    before = desk.latest[name]
    assert len(first) == 1, "each order has one answer"
    assert first[0].details["order"] == "one", "which names the order: its giver may give two in a minute"
    assert desk.order(2, kind, name, command_id="one") == []
    assert desk.latest[name] == before


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"silence", "maintenance", "feedback"}))
def test_too_late(kind: str) -> None:
    desk, name = closed_desk()
    before = desk.latest[name]
    (answer,) = desk.order(2 * 24 * 60 + 1, kind, name)
    assert answer.kind.value in REFUSALS
    assert desk.latest[name] == before


@pytest.mark.parametrize("kind", KINDS)
def test_an_order_of_an_exercise_moves_nothing_real(kind: str) -> None:
    desk, name = open_desk()
    before = desk.latest[name]
    (answer,) = desk.order(1, kind, name, exercise=True)
    assert answer.kind.value in REFUSALS
    assert answer.reason.value in ("exercise", "no_target")
    assert desk.latest[name] == before


@pytest.mark.parametrize("kind", ["silence", "maintenance"])
def test_a_window_of_an_exercise_covers_nothing_real(kind: str) -> None:
    """An exercise that names the operator must not hide a real outage, nor make it announced work."""
    desk, name = open_desk()
    desk.order(1, kind, "netcologne", exercise=True)
    desk.tell(2, talk(2))
    assert (desk.latest[name].silence, desk.latest[name].maintenance) == (None, None)
    desk.order(3, kind, "netcologne")
    desk.tell(4, talk(4))
    assert (desk.latest[name].silence, desk.latest[name].maintenance) != (None, None)


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        pytest.param("assign", {"team": None}, id="nobody_to_assign_it_to"),
        pytest.param("silence", {"until": time_text(-5)}, id="a_silence_that_is_over"),
        pytest.param("maintenance", {"until": time_text(0)}, id="work_that_ends_before_it_begins"),
        pytest.param("edit", {"body": ""}, id="an_edit_without_a_text"),
        pytest.param("merge", {"incidents": ["nobody"]}, id="merged_with_what_is_not_there"),
        pytest.param("merge", {"incidents": ["{itself}"]}, id="merged_with_itself"),
    ],
)
def test_what_an_order_lacks(kind: str, facts: dict[str, Any]) -> None:
    desk, name = open_desk()
    if "incidents" in facts:
        facts = {"incidents": [other.format(itself=name) for other in facts["incidents"]]}
    (answer,) = desk.order(1, kind, name, **facts)
    assert answer.kind.value in REFUSALS
    assert answer.reason.value
