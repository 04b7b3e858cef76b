"""What waits for a person: what comes first, and the order that answers it."""

from typing import Any

from pipeline.adapters.cli.live.waiting import due_of, in_order, order_of, title_of
from pipeline.adapters.kafka.tape.order import Waiting


def row(name: str, **known: Any) -> Waiting:
    """Something that waits in Germany."""
    return Waiting(**{"id": name, "market": "DE", "words": "", **known})


def test_urgent_comes_first_then_what_is_due_and_an_exercise_last() -> None:
    known = [
        row("a"),
        row("b", due_at=2_000),
        row("c", due_at=1_000),
        row("d", due_at=9_000, is_urgent=True),
        row("e", due_at=500, is_urgent=True, exercise=True),
    ]
    assert [each.id for each in in_order(known)] == ["d", "c", "b", "a", "e"]


def test_what_is_decided_is_not_listed_and_a_question_in_two_languages_once() -> None:
    known = [
        row("a", is_open=False),
        row("b", is_question=True, incident_id="q"),
        row("c", is_question=True, incident_id="q"),
        row("d", incident_id="q"),
    ]
    assert [each.id for each in in_order(known)] == ["b", "d"]


def test_an_order_has_as_much_of_an_id_as_no_other_begins_with() -> None:
    names = ["0123456700", "0123456789", "ffffffffff"]
    assert order_of(row("0123456789"), names) == "approve 012345678"
    assert order_of(row("ffffffffff"), names) == "approve ffffff"
    assert order_of(row("ffffffffff", is_question=True, incident_id="0123456700"), names) == "confirm 012345670"


def test_a_line_fits_a_terminal() -> None:
    assert title_of(row("a", title="two\nlines " * 20)).endswith("…")
    assert title_of(row("a", title="update", exercise=True)) == "exercise: update"
    assert (due_of(row("a")), due_of(row("a", due_at=1_739_347_200_000))) == ("-", "2025-02-12 08:00")
