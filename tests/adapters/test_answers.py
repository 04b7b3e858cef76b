"""What people answered, and what incidents say, as labels of posts: surely, by and large, or not at all."""

import msgspec
import pytest

from pipeline.adapters.runs.teaching.answers import QUIET_HOURS, Answers, Label, balanced
from pipeline.ingest.text.understood import Understood
from pipeline.records.clocks import HOUR_MS
from pipeline.records.published.decisions import Decision
from pipeline.records.raw.commands import Command
from pipeline.records.texts import clipped
from pipeline.records.vocabulary import DecisionKind, DecisionReason
from tests.adapters.pages.world import OUTAGE, at, false_alarm, incident

QUESTION = "0c" * 10
SAID = Understood(
    *(True, 500, 500, 0, 0, "de", "broadband", None, None, False, "DE/NW/koeln", ("netcologne",)),
    services=("broadband",),
)
OVER = incident(2, started_at=at(OUTAGE), ended_at=at(OUTAGE + 90))
LONG = "can nobody reach 112 from here " * 12


def asked(text: str) -> Decision:
    return Decision(
        decision_id="d",
        stage="correlate",
        kind=DecisionKind.CHANGED,
        subject=QUESTION,
        reason=DecisionReason.AWAITING_APPROVAL,
        text=clipped(f"can nobody call for help (40 %)? confirm or dismiss {QUESTION}: {text}"),
        at=at(1),
    )


def order(kind: str, *, exercise: bool = False) -> Command:
    known = {"command_id": kind, "market": "DE", "target": QUESTION, "kind": kind, "by": "anna", "exercise": exercise}
    return msgspec.convert(known, Command)


FAULT = Label(is_fault=True, is_weak=True)
QUIET = Label(is_fault=False, is_weak=True, is_quiet=True)


def of(answers: Answers, text: str = "x", minute: float = OUTAGE + 5, **changes: object) -> Label | None:
    return answers.of(text, int(at(minute)), msgspec.structs.replace(SAID, **changes), None)


CONFIRMED = Label(is_fault=True, is_weak=True, is_answer=True)
DISMISSED = Label(is_fault=False, is_weak=True, is_answer=True)


@pytest.mark.parametrize("text", ["112 geht nicht", "112 geht nicht …", LONG])
def test_an_answered_question_labels_its_post(text: str) -> None:
    assert of(Answers([asked(text)], [order("confirm")]), text) == CONFIRMED
    assert of(Answers([asked(text)], [order("dismiss")]), text) == DISMISSED
    assert of(Answers([asked(text)], [order("dismiss"), order("confirm")]), text) == CONFIRMED


def test_a_post_that_ends_in_a_link_labels_no_longer_one_of_somebody_else() -> None:
    answers = Answers([asked("112 geht nicht …")], [order("confirm")])
    assert of(answers, "112 geht nicht ohne Guthaben? Doch, immer") is None
    assert of(Answers([asked(LONG)], [order("confirm")]), LONG[:90]) is None


def test_only_a_list_says_how_common_faults_are() -> None:
    assert Label(is_fault=True, is_weak=False).moves_base
    assert not any(label.moves_base for label in (CONFIRMED, DISMISSED, FAULT, QUIET))


def test_what_nobody_answered_labels_nothing() -> None:
    text = "112 geht nicht"
    assert of(Answers([asked(text)], []), text) is None
    assert of(Answers([asked(text)], [order("confirm", exercise=True)]), text) is None
    assert of(Answers([asked(text)], [order("acknowledge")]), text) is None
    assert of(Answers([asked(text)], [order("confirm")]), "another text") is None


def test_incidents_say_nothing_unless_they_are_asked() -> None:
    assert of(Answers([], [])) is None


def test_a_post_inside_a_confirmed_incident_that_fits_is_a_fault_by_and_large() -> None:
    answers = Answers([], [], [OVER])
    assert of(answers) == FAULT
    assert of(answers, services=()) == FAULT
    assert of(answers, area="DE/NW/koeln/nippes") == FAULT
    assert of(answers, services=("tv",)) is None, "of another service, in no quiet hour"
    assert of(answers, area="DE/NW/bonn") is None
    assert of(answers, area=None) is None
    assert of(answers, operators=("telekom",)) == QUIET
    assert of(answers, operators=()) is None
    assert of(answers, probability_permille=950) is None, "that is sure as it stands"
    assert of(answers, probability_permille=20) is None


def test_a_quiet_hour_is_far_from_any_incident_of_the_operator() -> None:
    answers, margin = Answers([], [], [OVER, false_alarm()]), QUIET_HOURS * 60
    assert of(answers, minute=OUTAGE + 91 + margin) is None, "the false alarm of the morning has no end"
    answers = Answers([], [], [OVER])
    assert of(answers, minute=OUTAGE + 89 + margin) is None
    assert of(answers, minute=OUTAGE + 91 + margin) == QUIET
    assert of(answers, minute=OUTAGE - 1 - margin) == QUIET
    assert margin * 60_000 == QUIET_HOURS * HOUR_MS


def test_an_exercise_teaches_nothing() -> None:
    drill = incident(2, started_at=at(OUTAGE), ended_at=at(OUTAGE + 90), exercise=True)
    assert of(Answers([], [], [drill])) == QUIET


def test_quiet_hours_teach_no_more_than_incidents() -> None:
    quiet = [(f"quiet {number}", QUIET) for number in range(50)]
    assert balanced(quiet) == frozenset()
    some = balanced([*quiet, ("one", FAULT), ("two", FAULT), ("said", CONFIRMED)])
    assert len(some) == 2
    assert some == balanced([("two", FAULT), *reversed(quiet), ("one", FAULT)])
