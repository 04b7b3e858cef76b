"""What people talk of is added up, blame stays apart from roles, and a claim that spreads gets one correction."""

import pytest

from pipeline.records.clocks import Instant
from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.talk import CLAIM_KINDS, TalkSum
from pipeline.records.published.incidents import RUMOURS_MAX, Incident
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
