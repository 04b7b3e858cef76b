"""What people talk of is added up, blame stays apart from roles, and a claim that spreads gets one correction."""

import pytest

from pipeline.records.clocks import Instant
from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.talk import CLAIM_KINDS, TalkSum
from pipeline.records.published.incident_parts import Cause, OperatorRole
from pipeline.records.published.incidents import RUMOURS_MAX, Incident
from pipeline.records.published.notices import Notice
from pipeline.respond.apply import apply
from pipeline.respond.notices.duty import NOTICES
from pipeline.respond.people.duty import PEOPLE
from pipeline.respond.people.telling import CLAIMS
from pipeline.respond.telling import told
from tests.respond.followups.made import Outage, minute, notices_in
from tests.wording.shipped import WORDING

DUTIES = (NOTICES, PEOPLE)


def talks(outage: Outage, at_minute: float, posts: dict[str, int], operator: str = "netcologne") -> list[object]:
    """Each post by a person of its own."""
    at = Instant(minute(at_minute))
    sums = (TalkSum(operator=operator, ended_at=at, posts=posts, people=dict(posts)),)
    talk = PaneTalk(market="DE", at=at, sums=sums)
    return list(apply(outage.state, talk, outage.rules, DUTIES).outputs)


def confirmed() -> Outage:
    outage = Outage(NOTICES)
    outage.change(1)
    return outage


def told_of(outage: Outage) -> Incident:
    return told(outage.case, outage.now)


def test_topics_are_shares_of_all_posts_the_most_talked_of_first() -> None:
    outage = confirmed()
    talks(outage, 2, {"posts": 60, "compensation": 6, "blame": 3})
    talks(outage, 3, {"posts": 40, "compensation": 4, "thanks": 20})
    topics = told_of(outage).topics or ()
    assert [(row.topic, row.posts, row.share_ppm) for row in topics] == [
        ("thanks", 20, 200_000),
        ("compensation", 10, 100_000),
        ("blame", 3, 30_000),
    ]


def test_an_operator_that_is_only_blamed_has_its_share_and_no_role() -> None:
    outage = confirmed()
    talks(outage, 2, {"posts": 60, "blame": 10, "blame:netcologne": 10, "blame:alpha": 4})
    roles = {row.operator: (row.role, row.blame.share_ppm if row.blame else None) for row in told_of(outage).operators}
    assert roles == {"netcologne": ("primary", 1_000_000), "alpha": (None, 400_000)}


def test_talk_of_an_operator_outside_the_incident_is_not_counted() -> None:
    outage = confirmed()
    talks(outage, 2, {"posts": 60, "blame": 10}, operator="beta")
    assert told_of(outage).topics is None


def test_reposts_of_a_claim_are_told_from_who_says_it_and_are_no_claim_of_their_own() -> None:
    outage = confirmed()
    talks(outage, 2, {"posts": 100, "claim:attack": 30, "repost:claim:attack": 26, "claim:fire": 4})
    rumours = told_of(outage).rumours or ()
    assert {(row.claim.partition(" ")[0], row.posts, row.reposts) for row in rumours} == {("It", 30, 26), ("A", 4, 0)}


def test_a_claim_that_spreads_is_corrected_once() -> None:
    outage = confirmed()
    few = talks(outage, 2, {"posts": 100, "claim:attack": 3})
    many = talks(outage, 3, {"posts": 100, "claim:attack": 40})
    again = talks(outage, 4, {"posts": 100, "claim:attack": 40})
    assert notices_in(few) == []
    assert {notice.kind for notice in notices_in(many)} == {"correction"}
    assert notices_in(again) == []
    (rumour,) = told_of(outage).rumours or ()
    assert (int(rumour.first_at), rumour.posts, rumour.share_ppm) == (minute(2), 83, 276_666)
    assert rumour.notice_id in {notice.notice_id for notice in notices_in(many)}


@pytest.mark.parametrize("kind", CLAIM_KINDS)
def test_each_claim_is_corrected_in_the_words_of_the_market(kind: str) -> None:
    outage = confirmed()
    notices = notices_in(talks(outage, 2, {"posts": 100, f"claim:{kind}": 40}))
    long = [notice for notice in notices if notice.outlet == "web"]
    assert {notice.language for notice in long} == {"de", "en"}
    assert all(WORDING[notice.language].rumour(kind) in notice.body for notice in long)
    (rumour,) = told_of(outage).rumours or ()
    assert rumour.claim == CLAIMS[kind]


def test_a_claim_of_a_few_among_thousands_is_not_spread_by_a_correction() -> None:
    outage = confirmed()
    assert notices_in(talks(outage, 2, {"posts": 10_000, "claim:attack": 100})) == []


def test_a_claim_that_the_operator_denied_somewhere_is_corrected_everywhere_though_few_make_it() -> None:
    outage = confirmed()
    talks(outage, 2, {"posts": 1_000, "claim:attack": 3, "claim:fire": 9})
    outage.case.people.denied_at["claim:attack"] = minute(3)
    assert notices_in(talks(outage, 4, {"posts": 100, "claim:attack": 1})) == []
    assert {notice.kind for notice in notices_in(talks(outage, 5, {"posts": 100, "claim:attack": 1}))} == {"correction"}
    assert notices_in(talks(outage, 6, {"posts": 100, "claim:attack": 1, "claim:fire": 1})) == []


def test_claims_that_find_no_room_in_the_record_are_counted() -> None:
    outage = confirmed()
    kinds = sorted(CLAIM_KINDS)
    for number, kind in enumerate(kinds, 1):
        talks(outage, 1 + number, {"posts": 100, f"claim:{kind}": 1})
        record = told_of(outage)
        assert (len(record.rumours or ()), record.rumours_omitted) == (min(number, RUMOURS_MAX), max(0, number - 4))
    assert len(kinds) > RUMOURS_MAX


BLAMED = {"posts": 200, "blame": 60, "blame:netcologne": 55, "blame:telekom": 40}


def blames(outage: Outage, at_minute: float, changed: dict[str, int] | None = None) -> list[Notice]:
    return notices_in(talks(outage, at_minute, BLAMED | (changed or {})))


def test_an_operator_that_is_blamed_without_fault_gets_one_correction() -> None:
    outage = confirmed()
    first, again = blames(outage, 2), blames(outage, 3)
    assert {notice.kind for notice in first} == {"correction"}
    assert again == []
    web = {notice.language: notice.body for notice in first if notice.outlet == "web"}
    assert "„Telekom ist schuld an der Störung“" in web["de"]
    assert "“Telekom is to blame for the outage”" in web["en"]
    blame = {row.operator: row.blame for row in told_of(outage).operators}
    telekom, own = blame["telekom"], blame["netcologne"]
    assert telekom is not None
    assert telekom.notice_id in {notice.notice_id for notice in first}
    assert own is not None
    assert own.notice_id is None, "who has the fault is not cleared"


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"blame:telekom": 29}, id="half_of_who_blame_do_not_name_it"),
        pytest.param({"blame:telekom": 19, "blame": 20}, id="few_people"),
        pytest.param({"posts": 801}, id="few_among_many"),
    ],
)
def test_blame_by_a_few_is_not_spread_by_a_correction(changed: dict[str, int]) -> None:
    assert blames(confirmed(), 2, changed) == []


def test_wrong_blame_that_the_operator_denied_is_corrected_though_few_say_so() -> None:
    outage = confirmed()
    outage.case.people.denied_at["blame"] = minute(1)
    few = {"posts": 10_000, "blame": 8}
    assert blames(outage, 2, few | {"blame:telekom": 4}) == []
    assert blames(outage, 3, few | {"blame:telekom": 5})


def test_who_is_blamed_for_what_a_partner_did_is_not_cleared() -> None:
    outage = Outage(NOTICES)
    outage.change(1, causes=(Cause(kind="third_party", confidence_ppm=500_000),))
    assert blames(outage, 2) == []


def test_who_blames_is_counted_once_though_the_post_names_two_operators_of_the_outage() -> None:
    outage = Outage(NOTICES)
    guest = OperatorRole(operator="netaachen", role="hosted")
    outage.change(1, operators=(*outage.now.operators, guest))
    posts = {"posts": 30, "blame": 15, "blame:netcologne": 15, "blame:netaachen": 15}
    at = Instant(minute(2))
    sums = tuple(TalkSum(operator=name, ended_at=at, posts=posts, people=posts) for name in ("netaachen", "netcologne"))
    talk = PaneTalk(market="DE", at=at, sums=sums)
    assert notices_in(list(apply(outage.state, talk, outage.rules, DUTIES).outputs)) == []
    assert {step.people["blame:netaachen"] for step in outage.case.people.recent} == {15}
