"""The rows about those who complained are done by what RESPOND drafts and hands over, and missing without it."""

from pipeline.records.published.decisions import Decision
from pipeline.records.published.notices import Notice
from pipeline.respond.telling import told
from pipeline.stories import answered
from pipeline.stories.evidence import evidence_of
from pipeline.stories.verdicts import Check
from pipeline.views.run import Run
from tests.adapters.pages.changes import changed, incident
from tests.respond.replies.made import Desk, complaint, public_answer

ROWS: dict[Check, str] = {
    answered.replies: "2 replies, 20 % answered",
    answered.yours: "1 complaint handed to a person",
}


def replied(run: Run) -> Run:
    """The run, with two who complain of the outage, one of them answered, and one who complains of the own socket."""
    (about,) = (history[-1] for history in run.histories if history[-1].confirmed_at is not None)
    desk = Desk(incident_id=about.incident_id)
    outputs = desk.hears(2, complaint(1), complaint(2), complaint(3, topics=["isolated"]))
    outputs += desk.hears(9, officials=(public_answer(1, 9),))
    now = told(desk.case, desk.now)
    notices = tuple(output for output in outputs if isinstance(output, Notice))
    decisions = tuple(output for output in outputs if isinstance(output, Decision))
    return incident(communication=now.communication)(changed(run, notices=notices, decisions=decisions))


def test_what_respond_does_for_those_who_complain_answers_the_stories(run: Run) -> None:
    evidence = evidence_of(replied(run))
    rows = {check: check(evidence) for check in ROWS}
    assert all(row.done for row in rows.values()), rows
    assert all(rows[check].text.startswith(words) for check, words in ROWS.items()), rows
