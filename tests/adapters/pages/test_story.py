"""A story's clocks, its sentence and its page: read from a run, held against the truth, never by heart."""

from pathlib import Path

import msgspec
import pytest

from pipeline.adapters.pages.story import build_story, judged, render_story
from pipeline.adapters.runs.reading import read_run
from pipeline.records.published.notices import Notice
from pipeline.stories import answered, found
from pipeline.stories.clocks import beats_of, lead_sentence
from pipeline.stories.evidence import StoryEvidence, evidence_of
from pipeline.stories.plots import NETCOLOGNE, NEXT
from pipeline.stories.verdicts import NOT_FOUND
from pipeline.views.run import Run, limits_of
from tests.adapters.pages.changes import changed, incident, leads, operator, outage
from tests.adapters.pages.test_report import Page
from tests.adapters.pages.world import HOSTILE, OUTAGE, at, write_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    return read_run(folder)


@pytest.fixture(scope="module")
def page(folder: Path) -> Page:
    return Page(build_story(folder, NETCOLOGNE, NEXT).read_text("utf-8"))


def test_no_rule_tells_a_customer_s_own_fault_yet(run: Run) -> None:
    assert not answered.yours(evidence_of(run)).done


def test_without_an_incident_all_is_missing_and_the_page_says_so(run: Run) -> None:
    evidence = evidence_of(changed(run, histories=()))
    verdicts = [one.verdict for one in judged(evidence, (*NETCOLOGNE.asked, *NEXT))]
    assert {one.done for one in verdicts} == {False}
    assert {one.text.startswith(f"{NOT_FOUND}: while it lasted ") for one in verdicts[:-1]} == {True}
    assert verdicts[-1].text.startswith("this world has no exercise")
    assert "Tocsin did not find it: while it lasted " in render_story(evidence, NETCOLOGNE, NEXT)


def test_what_was_decided_against_stands_in_for_an_incident(run: Run) -> None:
    quiet = [msgspec.structs.replace(one, subject="tickets|netcologne|DE|complaints") for one in run.decisions]
    beats = beats_of(evidence_of(changed(run, histories=(), decisions=tuple(quiet))))
    assert [beat.text for beat in beats if beat.side == "knew"] == ["Left undone: one claim of one person"]


def test_the_two_clocks_run_side_by_side(run: Run) -> None:
    evidence = evidence_of(run)
    beats = beats_of(evidence)
    assert [beat.at for beat in beats] == sorted(beat.at for beat in beats)
    happened = [beat.kind for beat in beats if beat.side == "happened"]
    assert happened == ["outage", "outage", "word", "back", "back"]
    knew = [beat.kind for beat in beats if beat.side == "knew"]
    assert knew.index("evidence") < knew.index("suspected") < knew.index("confirmed") < knew.index("word")
    assert evidence.time(beats[0].at) == "09:00"


def test_the_sentence_holds_the_run_against_the_truth(run: Run) -> None:
    sentence = lead_sentence(evidence_of(run))
    assert sentence == (
        "The outage began 09:00. Tocsin suspected it after 3 min and had it confirmed after 6 min; "
        "the operator’s first word came 41 min later, at 09:47."
    )


def test_of_several_outages_one_that_was_found_is_told_and_the_others_are_counted(run: Run) -> None:
    assert run.truth is not None
    one = run.truth.outages[0]
    missed = msgspec.structs.replace(one, outage_id="missed", started_at=at(20), ended_at=at(60))
    evidence = evidence_of(changed(run, truth=msgspec.structs.replace(run.truth, outages=(missed, one))))
    assert evidence.outage == one
    assert [one.story is None for one in evidence.all_found] == [True, False]
    assert lead_sentence(evidence).endswith("Of 2 outages in this world 1 were found.")
    html = render_story(evidence, NETCOLOGNE, NEXT)
    assert "All outages of this world" in html
    assert "not found" in html[html.index("All outages of this world") :]


def test_an_operator_that_was_earlier_is_told_to_be_earlier(run: Run) -> None:
    assert run.truth is not None
    early = msgspec.structs.replace(run.truth.outages[0].messages[0], posted_at=at(OUTAGE + 2))
    assert "first word came 4 min earlier" in lead_sentence(evidence_of(outage(messages=(early,))(run)))


def test_evidence_from_before_the_outage_is_called_chance(run: Run) -> None:
    early = evidence_of(leads(tickets=-9, telemetry=2)(run))
    assert any("before it began: chance" in beat.text for beat in beats_of(early))
    assert "chance" in found.ledger(early).text


def test_an_incident_about_another_operator_is_not_the_story_s(run: Run) -> None:
    evidence = evidence_of(incident(operators=(operator("telekom", "primary"),))(run))
    assert evidence.head is None
    assert [one.now.incident_id for one in evidence.false_alarms] == ["0a" * 10]


def test_a_nation_is_compared_by_share_where_the_world_has_a_part_of_it(run: Run) -> None:
    larger = changed(run, operator_sizes={"netcologne": 2_500_000})
    assert run.operator_sizes["netcologne"] < 500_000
    tenth = outage(customers=25_000, extent="general")(larger)
    verdict = found.customers(evidence_of(tenth))
    assert verdict.done, "from 4 % to 10 % of all, and 10 % of the world's were hit"
    assert "10%" in verdict.text


def test_the_page_shows_clocks_pictures_notices_ledger_and_verdicts(page: Page) -> None:
    assert "confirmed before the operator’s first word" in page.text
    assert [a for a in page.named("tr") if a.get("class", "").startswith("beat b-confirmed on-knew")]
    assert [a for a in page.named("tr") if a.get("class", "").startswith("beat b-outage on-happened")]
    assert [a for a in page.named("div") if "lane-truth" in a.get("class", "")]
    assert "Who knew first" in page.text
    assert "Notices drafted" in page.text
    classes = [a.get("class") for a in page.named("li")]
    assert classes.count("is-done") >= 5
    assert classes.count("is-missing") >= 5


def test_strangers_texts_stay_texts(page: Page) -> None:
    assert page.text.count("alert('owned')") >= 3, "summary, notice, the operator's word"
    assert not page.named("img")
    assert [a.get("type", "code") for a in page.named("script")] == ["application/json", "code"]
    assert HOSTILE.split("<img", maxsplit=1)[0] not in page.texts


def test_the_same_run_gives_the_same_page(folder: Path) -> None:
    assert build_story(folder, NETCOLOGNE, NEXT).read_bytes() == build_story(folder, NETCOLOGNE, NEXT).read_bytes()


def test_a_run_without_a_truth_has_no_story_but_a_page(tmp_path: Path) -> None:
    folder = write_run(tmp_path)
    (folder / "truth.json").unlink()
    evidence = evidence_of(read_run(folder))
    assert lead_sentence(evidence) == "Nothing happened in this world."
    assert "Nothing happened" in render_story(evidence, NETCOLOGNE, NEXT)


def test_a_verdict_is_a_sentence_s_own(run: Run) -> None:
    evidence: StoryEvidence = evidence_of(run)
    rows = judged(evidence, NEXT)
    assert [one.sentence for one in rows] == [one.sentence for one in NEXT]
    assert limits_of(run) == evidence.limits


def test_notices_of_other_incidents_are_not_told(run: Run) -> None:
    foreign: Notice = msgspec.structs.replace(run.notices[0], incident_id="0f" * 10)
    assert evidence_of(changed(run, notices=(foreign,))).notices == ()
