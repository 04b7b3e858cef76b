"""A post-incident report: it tells the course, escapes what strangers wrote, and fits a telephone."""

from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser

from pipeline.adapters.pages.incident import escaped, incident_page, incident_text, revisions_of, write_report
from pipeline.adapters.runs.reading import read_run
from pipeline.records.errors import ConfigError
from pipeline.records.inner.talk import rumour_id
from pipeline.records.published.followups import (
    CauseAnalysis,
    CommunicationReview,
    CompensationEstimate,
    CorrectiveAction,
    Followup,
)
from pipeline.records.published.incident_parts import Blame, Interval, OperatorRole, ReportingClock
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.published.people import Aftermath, AftermathPoint, Rumour, SentimentAround
from pipeline.records.vocabulary import IncidentState, NoticeKind, NoticeState
from pipeline.views.incident.pictures import pictures_of
from pipeline.views.incident.report import report_of
from pipeline.views.run import Run
from pipeline.views.words import Clock
from tests.adapters.pages.changes import changed, failover
from tests.adapters.pages.test_browser import browser, open_page
from tests.adapters.pages.test_report import Page
from tests.adapters.pages.world import HOSTILE, OUTAGE, at, write_run

__all__ = ["browser"]


def followup(number: int, kind: str, incident: Incident, **part: object) -> Followup:
    fields: dict[str, Any] = {
        "followup_id": f"f{number}",
        "revision": 1,
        "incident_id": incident.incident_id,
        "incident_revision": 1,
        "market": "DE",
        "operator": "netcologne",
        "kind": kind,
        "created_at": at(OUTAGE + 60),
        "owner": "noc",
    }
    return Followup(**{**fields, **part})


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run whose incident is over and was followed up."""
    read = read_run(write_run(tmp_path_factory.mktemp("run")))
    (history,) = (history for history in read.histories if history[-1].confirmed_at is not None)
    clock = ReportingClock(profile="de_tkg", duty="tell", started_at=at(OUTAGE), due_at=at(OUTAGE + 60))
    point = AftermathPoint(measured_at=at(1), complaints_ratio_ppm=1_500_000, not_known=("sentiment: none",))
    over = msgspec.structs.replace(
        history[-1],
        state=IncidentState.CLOSED,
        ended_at=at(OUTAGE + 50),
        reporting_clocks=(clock,),
        aftermath=Aftermath(one_day=point),
    )
    money = CompensationEstimate(
        rule="de_day_credit",
        kind="goodwill",
        currency="EUR",
        customers=Interval(low=10, high=20),
        amount_minor_per_customer=Interval(low=1, high=2),
        amount_minor=Interval(low=100_000, high=250_000),
        not_covered=(HOSTILE[:200],),
    )
    followups = (
        followup(1, "compensation", over, compensation=money),
        followup(2, "corrective_action", over, corrective_action=CorrectiveAction(action="Test 112.")),
        followup(3, "cause_analysis", over, cause_analysis=CauseAnalysis(questions=("Which element?",))),
    )
    others = tuple(row for row in read.histories if row is not history)
    return changed(read, histories=(*others, (*history[:-1], over)), followups=followups)


def revisions(run: Run) -> tuple[Incident, ...]:
    return next(history for history in run.histories if history[-1].confirmed_at is not None)


def test_every_question_has_its_section_in_page_and_text(run: Run) -> None:
    page, text = Page(incident_page(run, revisions(run))), incident_text(run, revisions(run))
    for title in (
        "What",
        "When",
        "Who knew first",
        "What was said",
        "What was done",
        "What it cost",
        "What to do better",
    ):
        assert title in page.text
        assert f"## {title}" in text
    for words in ("1,000 to 2,500 EUR", "Test 112.", "Which element?", "complaints 1.5 times", "de tkg, due"):
        assert words in page.text
        assert escaped(words) in text


def test_what_strangers_wrote_means_nothing_to_a_browser_or_to_markdown(run: Run) -> None:
    html, text = incident_page(run, revisions(run)), incident_text(run, revisions(run))
    assert HOSTILE[:200] in Page(html).text
    assert not Page(html).named("img")
    assert not Page(html).named("script")
    assert HOSTILE[:200] not in text
    assert escaped(HOSTILE[:200]) in text


def test_a_backup_is_told_when_something_became_of_it_and_not_with_each_revision(run: Run) -> None:
    (first,) = failover("mobile_forwarding")(run).failovers
    mine = msgspec.structs.replace(first, incident_id=revisions(run)[-1].incident_id)
    later = [msgspec.structs.replace(mine, revision=number, incident_revision=number) for number in (2, 3)]
    over = msgspec.structs.replace(mine, revision=4, phase="over", decided_at=at(OUTAGE + 40))
    known = changed(run, failovers=(mine, *later, over))
    rows = next(part.rows for part in report_of(known, revisions(run)).sections if part.name == "done")
    told = [row.text for row in rows if "hotline" in row.text]
    assert [text.partition("hotline: ")[2].partition(";")[0] for text in told] == ["active", "over"]


def told_of_people(run: Run, *notices: Notice, **facts: Any) -> list[tuple[str, str]]:
    history = revisions(run)
    known = changed(run, notices=notices)
    now = msgspec.structs.replace(history[-1], **facts)
    rows = next(part.rows for part in report_of(known, (*history[:-1], now)).sections if part.name == "people")
    return [(row.label, row.text.replace("\u202f", " ").replace("\u00a0", " ")) for row in rows]


RUMOUR = Rumour(
    rumour_id="r1", claim="It was an attack.", first_at=at(OUTAGE + 5), posts=40, reposts=30, people=9, share_ppm=80_000
)


def correction(run: Run, number: int, rumour_id: str, state: NoticeState, revision: int = 1) -> Notice:
    first = run.notices[0]
    now = revisions(run)[-1]
    return msgspec.structs.replace(
        first,
        notice_id=f"c{number}",
        incident_id=now.incident_id,
        kind=NoticeKind.CORRECTION,
        rumour_id=rumour_id,
        state=state,
        revision=revision,
        drafted_at=at(OUTAGE + 20),
    )


@pytest.mark.parametrize(
    ("states", "words"),
    [
        pytest.param((), "not corrected: never by enough people at once", id="none"),
        pytest.param(("draft",), "a correction waits for a person", id="waits"),
        pytest.param(("draft", "expired"), "nobody approved it in time", id="expired"),
        pytest.param(("draft", "approved", "superseded"), "a correction was approved", id="approved_once"),
    ],
)
def test_a_rumour_is_told_with_its_spread_and_what_became_of_its_correction(
    run: Run, states: tuple[NoticeState, ...], words: str
) -> None:
    texts = [correction(run, 1, "r1", state, number) for number, state in enumerate(states, start=1)]
    told = told_of_people(run, *texts, rumours=(RUMOUR,), rumours_omitted=2)
    (label, text), (_, more) = [row for row in told if row[0].startswith("Rumour")]
    assert label.startswith("Rumour, first heard")
    assert "“It was an attack.” 40 posts, 30 of them passed on by 9 people, 8 % of all that was said" in text
    assert "not denied by the operator" in text
    assert words in text
    assert more == "2 more that the record has no room for"


def test_who_was_blamed_without_fault_is_told_with_the_correction(run: Run) -> None:
    incident_id = revisions(run)[-1].incident_id
    roles = (OperatorRole(operator="o2", role=None, blame=Blame(share_ppm=600_000, posts=12)),)
    text = correction(run, 1, rumour_id(incident_id, "blame:o2"), "draft")
    ((_, words),) = [row for row in told_of_people(run, text, operators=roles) if row[0] == "Blamed"]
    assert "which has no part in it: 60 % of all blame (12 posts); a correction waits for a person" in words


def test_each_message_has_its_row_and_its_step_in_the_picture(run: Run) -> None:
    sides: dict[str, Any] = {
        "posts_before": 40,
        "posts_after": 40,
        "before_margin_ppm": 100_000,
        "after_margin_ppm": 100_000,
    }
    messages = [
        SentimentAround(official_post_id=f"m{n}", at=at(OUTAGE + 5 * n), before_ppm=-500_000, after_ppm=0, **sides)
        for n in range(1, 8)
    ]
    now = revisions(run)[-1]
    reviews = tuple(
        followup(10 + n, "communication_review", now, communication_review=CommunicationReview(around=around))
        for n, around in enumerate(messages)
    )
    known = changed(run, followups=reviews)
    report = report_of(known, (*revisions(run)[:-1], msgspec.structs.replace(now, sentiment=tuple(messages[-5:]))))
    rows = [row for part in report.sections for row in part.rows if row.label.startswith("Around the word of")]
    assert len(rows) == 7
    assert all("hostile" in row.text and row.text.endswith(": better") for row in rows)
    pictures = pictures_of(report.revisions, Clock(report.zone), report.messages)
    assert "7 messages of the operator" in pictures[-1].title
    assert pictures[-1].likely.count("M") == 7
    page = incident_page(known, revisions(run))
    assert "7 messages of the operator" in page


def test_an_exercise_says_so_first(run: Run) -> None:
    exercise = tuple(msgspec.structs.replace(row, exercise=True) for row in revisions(run))
    assert "EXERCISE" in incident_text(run, exercise).splitlines()[0]
    assert "EXERCISE" in Page(incident_page(run, exercise)).text


def test_an_empty_section_says_that_nothing_is_known(run: Run) -> None:
    silent = changed(run, followups=())
    assert "Nothing is known." in incident_text(silent, revisions(run))
    sections = {section.name: section.rows for section in report_of(silent, revisions(run)).sections}
    assert sections["better"] == ()


def test_an_id_may_be_shortened_and_what_goes_on_has_no_report(run: Run) -> None:
    incident_id = revisions(run)[-1].incident_id
    assert revisions_of(run, incident_id[:6]) == revisions(run)
    with pytest.raises(ConfigError, match=incident_id):
        revisions_of(run, "zz")
    going_on = (*revisions(run)[:-1], msgspec.structs.replace(revisions(run)[-1], state=IncidentState.CONFIRMED))
    with pytest.raises(ConfigError, match="resolved or closed"):
        revisions_of(changed(run, histories=(going_on,)), incident_id)


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1_300])
def test_it_fits_a_telephone_and_a_desk_and_asks_for_nothing(
    browser: Browser, run: Run, width: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = write_report(run, revisions(run), tmp_path_factory.mktemp("page") / "report.html", text=False)
    opened = open_page(browser, file.as_uri(), viewport={"width": width, "height": 900})
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.complaints == []
    assert opened.requests == [file.as_uri()]
    assert opened.page.locator("figure svg path.spread").count() >= 1
