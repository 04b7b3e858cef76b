"""The table: every state answers every move, or is final."""

from pathlib import Path

import pytest

from pipeline.correlate.life.table import TRANSITIONS, Move, mermaid, next_state
from pipeline.records.vocabulary import FINAL, IncidentState

DIAGRAM = Path(__file__).parents[3] / "docs" / "lifecycle.md"


@pytest.mark.parametrize("state", list(IncidentState))
def test_every_state_answers_every_move_or_is_final(state: IncidentState) -> None:
    assert set(TRANSITIONS[state]) in (set(Move), set())
    assert (state in FINAL) == (not TRANSITIONS[state])


def test_closed_and_dismissed_are_final() -> None:
    assert {IncidentState.CLOSED, IncidentState.DISMISSED} == FINAL


@pytest.mark.parametrize("state", [state for state in IncidentState if state not in FINAL])
def test_every_state_can_be_left_for_good(state: IncidentState) -> None:
    reached, edge = {state}, [state]
    while edge:
        for to in TRANSITIONS[edge.pop()].values():
            if to not in reached:
                reached.add(to)
                edge.append(to)
    assert reached & FINAL


@pytest.mark.parametrize(
    ("moves", "ends_as"),
    [
        pytest.param(["evidence"] * 50 + ["quiet"], "dismissed", id="fifty_posts_are_one_source"),
        pytest.param(["corroborated", "quiet", "evidence"], "confirmed", id="relapse_goes_back"),
        pytest.param(["corroborated", "quiet", "held", "evidence"], "confirmed", id="relapse_reopens"),
        pytest.param(["corroborated", "quiet", "held", "window_over", "evidence"], "closed", id="closed_stays_closed"),
        pytest.param(["emergency"], "confirmed", id="emergency_confirms_at_once"),
        pytest.param(["quiet", "corroborated"], "dismissed", id="dismissed_stays_dismissed"),
        pytest.param(["corroborated", "held"], "confirmed", id="only_quiet_leads_to_recovery"),
    ],
)
def test_incident_life_cycle(moves: list[str], ends_as: str) -> None:
    state = IncidentState.SUSPECTED
    for move in moves:
        state = next_state(state, Move(move))
    assert state == ends_as


def test_the_diagram_in_the_docs_is_drawn_from_the_table() -> None:
    assert f"```mermaid\n{mermaid()}```" in DIAGRAM.read_text(), "write the output of lifecycle.mermaid() to the page"
