"""What is asked of a story: every check has a run that shows it and one that lacks it."""

import msgspec
import pytest

from pipeline.records.published.incident_parts import (
    AreaShare,
    Blame,
    EmergencyImpact,
    Interval,
    Item,
    ReportingClock,
    SuspectedElement,
)
from pipeline.records.published.incidents import Incident
from pipeline.records.published.people import (
    Aftermath,
    AftermathPoint,
    Alternative,
    Care,
    Communication,
    Compensation,
    Rumour,
    SentimentAround,
    TopicShare,
)
from pipeline.records.truth import TrueArea, TrueOperator
from pipeline.records.vocabulary import NoticeKind
from pipeline.stories import answered, found, worded
from pipeline.stories.clocks import lead_sentence
from pipeline.stories.evidence import evidence_of
from pipeline.stories.plots import NEXT, PLOTS
from pipeline.stories.verdicts import NOT_FOUND, Asked, Check
from pipeline.views.run import Curve, CurveKey, Run
from tests.adapters.pages.changes import (
    Change,
    both,
    changed,
    drafts,
    exercise,
    failover,
    first_posts,
    followup,
    incident,
    leads,
    nothing,
    operator,
    outage,
    posts,
)
from tests.adapters.pages.world import OUTAGE, at

HOSTED = (TrueOperator(operator="netcologne", role="primary"), TrueOperator(operator="netaachen", role="hosted"))
BOTH = (operator("netcologne", "primary"), operator("netaachen", "hosted"))
MUTE = AftermathPoint(measured_at=at(1_000), backup_helped=True)
POINT = msgspec.structs.replace(MUTE, sentiment_ppm=-200_000, leaving_posts=3)
CARE = Care(waiting_seconds=400, abandonment_ppm=700_000)
WORD = Communication(first_official_at=at(OUTAGE + 47), official_posts=2, next_due_at=at(OUTAGE + 99))
CLOCK = ReportingClock(profile="gb_ofcom_urgent", duty="Tell Ofcom.", started_at=at(OUTAGE), due_at=at(OUTAGE + 180))
OUTLETS = [(NoticeKind.ACKNOWLEDGEMENT, outlet) for outlet in answered.OUTLETS]
BAD_TIMES = (at(OUTAGE - 30), at(OUTAGE + 45))
TRUE_112 = outage(emergency_numbers=("112",))
FLAGGED = EmergencyImpact(affected=True, numbers=("112",), first_claim_at=at(OUTAGE + 8), claims=2)


def all_clear(*, drafted: int, resolved: int) -> Change:
    """Resolved and told so many minutes after the outage began, which lasted for two hours."""
    told = drafts((NoticeKind.ALL_CLEAR, "web"), drafted_at=at(OUTAGE + drafted))
    return both(told, incident(resolved_at=at(OUTAGE + resolved)))


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
    (
        worded.all_clear,
        all_clear(drafted=130, resolved=130),
        all_clear(drafted=125, resolved=130),
    ),
    (worded.all_clear, all_clear(drafted=121, resolved=121), all_clear(drafted=90, resolved=90)),
    (answered.apologies, drafts((NoticeKind.APOLOGY, "web")), nothing),
    (answered.outlets, drafts(*OUTLETS), drafts(*OUTLETS[1:])),
    (answered.approval, drafts(*OUTLETS, writer="care", approver="duty"), drafts(*OUTLETS, writer="care")),
    (
        answered.alternatives,
        incident(alternatives=(Alternative(kind="replay", text="replay", health="working", offered_at=at(9)),)),
        incident(alternatives=(Alternative(kind="replay", text="replay", health="working"),)),
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
    (
        answered.after,
        incident(aftermath=Aftermath(one_day=POINT, one_week=POINT)),
        incident(aftermath=Aftermath(one_day=POINT, one_week=MUTE)),
    ),
    (answered.backup_helped, incident(aftermath=Aftermath(one_day=POINT)), nothing),
    (
        answered.regulators,
        both(drafts((NoticeKind.UPDATE, "email"), due_at=at(OUTAGE + 180)), incident(reporting_clocks=(CLOCK,))),
        incident(reporting_clocks=(CLOCK,)),
    ),
    (
        answered.replies,
        both(drafts((NoticeKind.REPLY, "x")), incident(communication=Communication(reply_rate_ppm=900_000))),
        drafts((NoticeKind.REPLY, "x")),
    ),
    (
        answered.rumours,
        both(
            drafts((NoticeKind.CORRECTION, "x"), rumour_id="r"),
            incident(rumours=(Rumour(rumour_id="r", claim="an attack", first_at=at(1), posts=9),)),
        ),
        incident(rumours=(Rumour(rumour_id="r", claim="an attack", first_at=at(1), posts=9),)),
    ),
    (answered.survey, followup("survey"), followup("cause_analysis")),
    (answered.cause_analysis, followup("cause_analysis"), nothing),
    (answered.corrective, followup("corrective_action"), nothing),
    (answered.exercise, exercise(marked=True), nothing),
    (answered.exercise, exercise(marked=True), exercise(marked=False)),
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
    (
        found.item,
        both(outage(element="HLR"), incident(suspected_element=SuspectedElement(element="hlr-1"))),
        both(outage(element="HLR"), incident(suspected_element=SuspectedElement(element="dns-1"))),
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
    tested = {case[0] for case in CASES} | {answered.yours, worded.emergency_words, worded.promises}  # test_worded.py
    asked = {one.check for plot in PLOTS.values() for one in plot.asked} | {one.check for one in NEXT}
    assert asked <= tested


def test_of_an_outage_that_was_not_found_only_the_exercise_beside_it_is_shown(run: Run) -> None:
    another = (TrueOperator(operator="telekom", role="primary"),)
    elsewhere = (TrueArea(area="DE/BY/muenchen", operator="telekom", customers=1, share_ppm=1),)
    evidence = evidence_of(both(exercise(marked=True), outage(operators=another, areas=elsewhere))(run))
    assert evidence.head is None
    shown = [row.sentence for row in NEXT if row.judge(evidence).done]
    assert shown == ["An exercise that nothing can mistake for the real thing"]


def test_of_an_outage_that_was_not_found_each_row_says_how_few_spoke_of_it(run: Run) -> None:
    began, ended, usual = at(OUTAGE), at(OUTAGE + 3), 0.25
    curves = {}
    for source, place, each in (("mentions", "DE/BY", 1.0), ("mentions", "DE", 9.0), ("tickets", "DE/BY", 2.0)):
        curve = Curve()
        for minute in range(-1, 6):
            curve.add(int(at(OUTAGE + minute)), {"observed": each, "expected": usual if source == "tickets" else None})
        curves[CurveKey("telekom", place, "", "", source, "complaints", "count")] = curve
    another = (TrueOperator(operator="telekom", role="primary"),)
    elsewhere = (TrueArea(area="DE/BY/muenchen", operator="telekom", customers=1, share_ppm=1),)
    missed = outage(operators=another, areas=elsewhere, started_at=began, ended_at=ended)(changed(run, curves=curves))
    evidence = evidence_of(missed)
    words = "while it lasted 3 complaints in public in Bayern (0.0 usual) and 6 at the operator in Bayern (0.8 usual)"
    assert {row.judge(evidence).text for row in PLOTS["att-2010"].asked} == {f"{NOT_FOUND}: {words}"}
    assert lead_sentence(evidence).endswith(f"Tocsin did not find it: {words}.")
