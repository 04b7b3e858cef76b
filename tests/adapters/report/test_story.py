"""A story's page and its list of what is asked: done with the evidence, or missing, and never by heart."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipeline.adapters.report import story_answered as answered
from pipeline.adapters.report import story_found as found
from pipeline.adapters.report.page import limits_of
from pipeline.adapters.report.reading import Run, read_run
from pipeline.adapters.report.story_clocks import beats_of, lead_sentence
from pipeline.adapters.report.story_evidence import Evidence, evidence_of
from pipeline.adapters.report.story_page import build_story, judged, render_story
from pipeline.adapters.report.story_verdicts import NOT_FOUND, Asked, Check
from pipeline.adapters.story_plots import NETCOLOGNE, NEXT, PLOTS
from pipeline.records.failovers import Failover, GuardRails
from pipeline.records.followups import Followup
from pipeline.records.incident_parts import (
    AreaShare,
    Blame,
    EmergencyImpact,
    Interval,
    Item,
    Lead,
    OperatorRole,
    SuspectedElement,
)
from pipeline.records.incidents import Incident
from pipeline.records.notices import Notice
from pipeline.records.public import (
    Aftermath,
    AftermathPoint,
    Alternative,
    Care,
    Communication,
    Compensation,
    Posts,
    Rumour,
    SentimentAround,
    TopicShare,
)
from pipeline.records.truth import TrueArea, TrueOperator
from pipeline.records.vocabulary import NoticeKind
from tests.adapters.report.test_report import Page
from tests.adapters.report.world import HOSTILE, OUTAGE, at, notices, write_run

Change = Callable[[Run], Run]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return read_run(write_run(tmp_path_factory.mktemp("run")))


@pytest.fixture(scope="module")
def page(run: Run) -> Page:
    return Page(build_story(run, NETCOLOGNE, NEXT).read_text("utf-8"))


def changed(run: Run, **fields: object) -> Run:
    return Run(**{name: getattr(run, name) for name in Run.__slots__} | fields)


def incident(**fields: object) -> Change:
    """Change the last revision of the outage's incident."""

    def change(run: Run) -> Run:
        histories = tuple(
            (*one[:-1], msgspec.structs.replace(one[-1], **fields)) if one[-1].confirmed_at is not None else one
            for one in run.histories
        )
        return changed(run, histories=histories)

    return change


def outage(**fields: object) -> Change:
    """Change what is true."""

    def change(run: Run) -> Run:
        assert run.truth is not None
        true = msgspec.structs.replace(run.truth.outages[0], **fields)
        return changed(run, truth=msgspec.structs.replace(run.truth, outages=(true,)))

    return change


def drafts(*made: tuple[NoticeKind, str], **fields: Any) -> Change:
    """Notices of these kinds and outlets, drafted when the incident was confirmed."""
    like = notices()[0]

    def change(run: Run) -> Run:
        ours = tuple(
            msgspec.structs.replace(like, notice_id=f"n{n}", kind=kind, outlet=outlet, **fields)
            for n, (kind, outlet) in enumerate(made)
        )
        return changed(run, notices=ours)

    return change


def both(*changes: Change) -> Change:
    def change(run: Run) -> Run:
        for one in changes:
            run = one(run)
        return run

    return change


def failover(kind: str) -> Change:
    one = Failover(
        failover_id="f",
        target="hotline",
        revision=1,
        market="DE",
        operator="netcologne",
        kind=kind,  # type: ignore[arg-type]  # of the closed list, by name
        desired="active",
        decided_at=at(OUTAGE + 9),
        expires_at=at(OUTAGE + 99),
        guard_rails=GuardRails(approval_required=True),
        incident_id="0a" * 10,
        incident_revision=2,
        reason="calls to mobile lines",
    )
    return lambda run: changed(run, failovers=(one,))


def followup(kind: str) -> Change:
    one = Followup(
        followup_id="u",
        revision=1,
        incident_id="0a" * 10,
        incident_revision=3,
        market="DE",
        operator="netcologne",
        kind=kind,  # type: ignore[arg-type]  # of the closed list, by name
        created_at=at(OUTAGE + 200),
    )
    return lambda run: changed(run, followups=(one,))


def nothing(run: Run) -> Run:
    return run


def posts(**fields: Any) -> Change:
    return incident(posts=Posts(**{"posts": 40, "people": 31} | fields))


def first_posts(count: int) -> Change:
    """The first revision that has posts rests on so many."""

    def change(run: Run) -> Run:
        histories = tuple(
            (msgspec.structs.replace(one[0], posts=Posts(posts=count, people=count)), *one[1:]) for one in run.histories
        )
        return changed(run, histories=histories)

    return change


def operator(name: str, role: str | None, blame: Blame | None = None) -> OperatorRole:
    return OperatorRole(operator=name, role=role, blame=blame)  # type: ignore[arg-type]  # of the closed list


def leads(**first: float) -> Change:
    rows = [
        Lead(source=source, first_evidence_at=at(OUTAGE + minute), found_at=at(OUTAGE + minute + 2))  # type: ignore[arg-type]
        for source, minute in first.items()
    ]
    return incident(leads=tuple(rows))


HOSTED = (TrueOperator(operator="netcologne", role="primary"), TrueOperator(operator="netaachen", role="hosted"))
BOTH = (operator("netcologne", "primary"), operator("netaachen", "hosted"))
POINT = AftermathPoint(measured_at=at(1_000), backup_helped=True)
CARE = Care(waiting_seconds=400, abandonment_ppm=700_000)
WORD = Communication(first_official_at=at(OUTAGE + 47), official_posts=2, next_due_at=at(OUTAGE + 99))
OUTLETS = [(NoticeKind.ACKNOWLEDGEMENT, outlet) for outlet in answered.OUTLETS]
BAD_TIMES = (at(OUTAGE - 30), at(OUTAGE + 45))
TRUE_112 = outage(emergency_numbers=("112",))
FLAGGED = EmergencyImpact(affected=True, numbers=("112",), first_claim_at=at(OUTAGE + 8), claims=2)

CASES: list[tuple[Check, Change, Change]] = [
    (answered.activity, posts(activity_ratio_ppm=37_000_000), posts()),
    (answered.people, posts(), nothing),
    (answered.reactions, posts(reactions=7), posts()),
    (answered.first_word, incident(communication=WORD), incident(communication=None)),
    (
        answered.first_word,
        nothing,
        incident(communication=Communication(first_official_at=at(OUTAGE + 60))),
    ),
    (answered.cadence, incident(communication=WORD), nothing),
    (
        answered.topics,
        incident(topics=tuple(TopicShare(topic=topic, posts=1) for topic in answered.TOPICS)),
        incident(topics=(TopicShare(topic="prices", posts=1),)),
    ),
    (
        answered.sentiment,
        incident(sentiment=(SentimentAround(official_post_id="p", at=at(1), before_ppm=1, after_ppm=2),)),
        incident(sentiment=(SentimentAround(official_post_id="p", at=at(1)),)),
    ),
    (answered.draft, nothing, lambda run: changed(run, notices=())),
    (answered.draft, nothing, drafts((NoticeKind.ACKNOWLEDGEMENT, "web"), drafted_at=at(OUTAGE + 9))),
    (
        answered.updates,
        drafts((NoticeKind.UPDATE, "web"), estimated_end_at=at(OUTAGE + 99)),
        drafts((NoticeKind.UPDATE, "web")),
    ),
    (answered.apologies, drafts((NoticeKind.APOLOGY, "web")), nothing),
    (answered.outlets, drafts(*OUTLETS), drafts(*OUTLETS[1:])),
    (answered.approval, drafts(*OUTLETS, writer="care", approver="duty"), drafts(*OUTLETS, writer="care")),
    (
        answered.alternatives,
        incident(alternatives=(Alternative(kind="replay", text="replay", health="working"),)),
        nothing,
    ),
    (answered.failovers, failover("phone_bot"), nothing),
    (answered.forwarding, failover("mobile_forwarding"), failover("phone_bot")),
    (answered.phone_bot, nothing, lambda run: changed(run, histories=tuple(map(_silent, run.histories)))),
    (
        answered.call_centre,
        incident(care=msgspec.structs.replace(CARE, satisfaction_ppm=1)),
        incident(care=CARE),
    ),
    (answered.warning, drafts((NoticeKind.ACKNOWLEDGEMENT, "cap")), nothing),
    (answered.status_page, nothing, incident(resolution_curve=None)),
    (
        answered.compensation,
        incident(
            compensation=Compensation(rule="de_tkg_58", currency="EUR", amount_minor=Interval(low=100, high=20_000))
        ),
        nothing,
    ),
    (
        answered.after,
        incident(aftermath=Aftermath(one_day=POINT, one_week=POINT)),
        incident(aftermath=Aftermath(one_day=POINT)),
    ),
    (answered.backup_helped, incident(aftermath=Aftermath(one_day=POINT)), nothing),
    (
        answered.replies,
        both(drafts((NoticeKind.REPLY, "x")), incident(communication=Communication(reply_rate_ppm=900_000))),
        drafts((NoticeKind.REPLY, "x")),
    ),
    (
        answered.rumours,
        both(
            drafts((NoticeKind.CORRECTION, "x")),
            incident(rumours=(Rumour(rumour_id="r", claim="an attack", first_at=at(1), posts=9),)),
        ),
        incident(rumours=(Rumour(rumour_id="r", claim="an attack", first_at=at(1), posts=9),)),
    ),
    (answered.survey, followup("survey"), followup("cause_analysis")),
    (answered.cause_analysis, followup("cause_analysis"), nothing),
    (answered.corrective, followup("corrective_action"), nothing),
    (answered.drill, both(drafts((NoticeKind.UPDATE, "x"), exercise=True), incident(exercise=True)), nothing),
    (
        answered.drill,
        both(drafts((NoticeKind.UPDATE, "x"), exercise=True), incident(exercise=True)),
        incident(exercise=True),
    ),
    (found.problem, nothing, outage(services=("tv",))),
    (found.place, nothing, incident(areas=(AreaShare(area="DE/NW"),))),
    (
        found.place,
        nothing,
        outage(areas=(TrueArea(area="DE/NW/bonn", operator="netcologne", customers=1, share_ppm=1),)),
    ),
    (found.start, incident(started_at=at(OUTAGE + 4)), incident(started_at=at(OUTAGE + 40))),
    (found.relevance, nothing, lambda run: changed(run, histories=(*run.histories, _another(run)))),
    (found.ledger, nothing, leads(telemetry=1)),
    (found.few_posts, first_posts(5), first_posts(40)),
    (found.before_care, leads(mentions=2, tickets=20), leads(tickets=2, mentions=20)),
    (found.extent, incident(extent="general"), incident(extent="localised")),
    (found.nature, incident(nature="technical"), incident(nature="unknown")),
    (found.duration, incident(duration_class="prolonged"), incident(duration_class="unknown")),
    (found.customers, nothing, outage(customers=900_000)),
    (found.hosted, both(outage(operators=HOSTED), incident(operators=BOTH)), outage(operators=HOSTED)),
    (found.hosted, nothing, incident(operators=BOTH)),
    (found.collateral, nothing, incident(operators=(BOTH[0], operator("telekom", "primary")))),
    (
        found.blame,
        incident(operators=(BOTH[0], operator("telekom", None, Blame(share_ppm=300_000)))),
        both(
            outage(blamed=("vodafone",)),
            incident(operators=(BOTH[0], operator("telekom", None, Blame(share_ppm=300_000)))),
        ),
    ),
    (found.item, both(outage(items=("ARD",)), incident(items=(Item(name="ARD"),))), outage(items=("ARD",))),
    (
        found.item,
        both(outage(element="core"), incident(suspected_element=SuspectedElement(element="core-1"))),
        both(outage(element="core"), incident(items=(Item(name="ARD"),))),
    ),
    (found.team, incident(team="network"), nothing),
    (found.team, incident(team="network"), both(outage(nature="content"), incident(team="network"))),
    (found.emergency, both(TRUE_112, incident(emergency=FLAGGED)), both(TRUE_112, incident(emergency=None))),
    (found.emergency, incident(emergency=None), incident(emergency=FLAGGED)),
    (
        found.emergency_soon,
        lambda run: changed(run, histories=tuple(_flagged(one, claims=2) for one in run.histories)),
        lambda run: changed(run, histories=tuple(_flagged(one, claims=9) for one in run.histories)),
    ),
]


def _silent(history: tuple[Incident, ...]) -> tuple[Incident, ...]:
    return tuple(msgspec.structs.replace(one, summary=None) for one in history)


def _flagged(history: tuple[Incident, ...], claims: int) -> tuple[Incident, ...]:
    """Flagged with the second revision, six minutes in; the first claim was four minutes in."""
    impact = EmergencyImpact(affected=True, numbers=("112",), first_claim_at=at(OUTAGE + 4), claims=claims)
    first, *rest = (msgspec.structs.replace(one, emergency=impact) for one in history)
    return (msgspec.structs.replace(first, emergency=None), *rest)


def _another(run: Run) -> tuple[Incident, ...]:
    """A confirmed incident two hours before anything was wrong."""
    return tuple(
        msgspec.structs.replace(one, incident_id="0c" * 10, opened_at=at(5), confirmed_at=at(6))
        for one in run.histories[-1]
    )


@pytest.mark.parametrize(
    ("check", "shown", "lacking"), [pytest.param(*case, id=f"{case[0].__name__}-{n}") for n, case in enumerate(CASES)]
)
def test_a_check_says_done_or_missing_by_what_the_run_holds(
    run: Run, check: Check, shown: Change, lacking: Change
) -> None:
    one, other = (Asked(sentence="", check=check).judge(evidence_of(change(run))) for change in (shown, lacking))
    assert one.done, one.text
    assert not other.done, other.text
    assert one.text != other.text


def test_every_check_of_a_story_has_a_case_of_its_own() -> None:
    tested = {case[0] for case in CASES} | {answered.yours}
    asked = {one.check for plot in PLOTS.values() for one in plot.asked} | {one.check for one in NEXT}
    assert asked <= tested


def test_no_rule_tells_a_customer_s_own_fault_yet(run: Run) -> None:
    assert not answered.yours(evidence_of(run)).done


def test_without_an_incident_all_is_missing_and_the_page_says_so(run: Run) -> None:
    evidence = evidence_of(changed(run, histories=()))
    verdicts = [one.verdict for one in judged(evidence, (*NETCOLOGNE.asked, *NEXT))]
    assert {(one.done, one.text) for one in verdicts} == {(False, NOT_FOUND)}
    assert "Tocsin did not find it." in render_story(evidence, NETCOLOGNE, NEXT)


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


def test_the_same_run_gives_the_same_page(run: Run) -> None:
    assert build_story(run, NETCOLOGNE, NEXT).read_bytes() == build_story(run, NETCOLOGNE, NEXT).read_bytes()


def test_a_run_without_a_truth_has_no_story_but_a_page(tmp_path: Path) -> None:
    folder = write_run(tmp_path)
    (folder / "truth.json").unlink()
    evidence = evidence_of(read_run(folder))
    assert lead_sentence(evidence) == "Nothing happened in this world."
    assert "Nothing happened" in render_story(evidence, NETCOLOGNE, NEXT)


def test_a_verdict_is_a_sentence_s_own(run: Run) -> None:
    evidence: Evidence = evidence_of(run)
    rows = judged(evidence, NEXT)
    assert [one.sentence for one in rows] == [one.sentence for one in NEXT]
    assert limits_of(run) == evidence.limits


def test_notices_of_other_incidents_are_not_told(run: Run) -> None:
    foreign: Notice = msgspec.structs.replace(run.notices[0], incident_id="0f" * 10)
    assert evidence_of(changed(run, notices=(foreign,))).notices == ()
