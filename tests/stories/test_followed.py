"""What RESPOND writes after an outage is what the stories look for: their rows are done by its records alone."""

from typing import Any, Final

from pipeline.records.clocks import Instant
from pipeline.records.inner.talk import LEAVING, MOODS, TALK
from pipeline.records.published.followups import Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.followups.aftermath import AFTERMATH
from pipeline.respond.followups.reports.reporting import REPORTING
from pipeline.respond.followups.writing import FOLLOWUPS
from pipeline.respond.telling import told
from pipeline.stories import answered
from pipeline.stories.evidence import evidence_of
from pipeline.stories.verdicts import Asked, Check
from pipeline.views.run import Run
from tests.adapters.pages.changes import changed, incident
from tests.respond.followups.made import Outage, customers, minute
from tests.respond.followups.test_aftermath import figure, hear

WEEK: Final = 7 * 24 * 60
ROWS: Final = {
    answered.survey: "asked of customer-care",
    answered.cause_analysis: "asked of",
    answered.corrective: "asked of",
    answered.compensation: "by de_day_credit",
    answered.after: "mood -0.33 ± ",
}


def followed(run: Run) -> Run:
    """The run, with what RESPOND makes of an outage from nine to five and of the week after it."""
    (about,) = (history[-1] for history in run.histories if history[-1].confirmed_at is not None)
    facts: dict[str, Any] = {"incident_id": about.incident_id, "customers_affected": customers(235_000, 470_000)}
    outage = Outage(FOLLOWUPS, confirmed_at=Instant(minute(2)), **facts)
    outage.also = (AFTERMATH,)
    outage.change(2)
    written = outage.change(500, state=IncidentState.RESOLVED, ended_at=Instant(minute(480)))
    outage.change(560, state=IncidentState.CLOSED)
    for hours in (12, 7 * 24 - 1):  # what people write the day after, and the week after
        rows = [("activity", "", 90), (TALK, MOODS[0], 20), (TALK, MOODS[1], 40), (TALK, LEAVING, 5)]
        hear(outage, *(figure(minute(480 + hours * 60), name, posts * 1_000, "mentions", item=item)
                       for name, item, posts in rows))  # fmt: skip
    later = outage.passing(500 + WEEK)
    last = [output for output in later if isinstance(output, Incident)][-1]
    assert told(outage.case, last) == last, "what a reader gets has all that followed"
    followups = tuple(output for output in [*written, *later] if isinstance(output, Followup))
    return incident(compensation=last.compensation, aftermath=last.aftermath)(changed(run, followups=followups))


def test_what_respond_writes_after_the_end_answers_the_stories(run: Run) -> None:
    evidence = evidence_of(followed(run))
    rows: dict[Check, str] = {check: check(evidence).text for check in ROWS}
    assert {check.__name__: check(evidence).done for check in ROWS} == {check.__name__: True for check in ROWS}
    assert all(words in rows[check] for check, words in ROWS.items()), rows


def test_a_regulators_clock_answers_the_story_with_its_report(run: Run) -> None:
    (about,) = (history[-1].incident_id for history in run.histories if history[-1].confirmed_at is not None)
    outage = Outage(REPORTING, market="GB", incident_id=about, customers_affected=customers(200_000, 300_000))
    notices = tuple(output for output in outage.change(2) if isinstance(output, Notice))
    clocks = told(outage.case, outage.now).reporting_clocks
    evidence = evidence_of(incident(reporting_clocks=clocks)(changed(run, notices=notices)))
    verdict = Asked(sentence="", check=answered.regulators).judge(evidence)
    assert verdict.done, verdict.text
    assert verdict.text.startswith("1 duty; gb_ofcom_urgent: drafted ")


def test_what_was_superseded_answers_nothing(run: Run) -> None:
    whole = followed(run)
    put_off = tuple(
        Followup(**{name: getattr(row, name) for name in row.__struct_fields__} | {"state": "superseded"})
        for row in whole.followups
    )
    evidence = evidence_of(changed(whole, followups=put_off))
    assert not answered.survey(evidence).done


def test_a_run_that_ends_soon_says_how_soon(run: Run) -> None:
    words = answered.after(evidence_of(incident(ended_at=Instant(minute(0)))(run))).text
    assert "the run ends" in words
