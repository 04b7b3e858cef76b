"""Each message of the operator has a record of how people took it, once its half hour is over, and no two of them."""

from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from pipeline.records.clocks import Instant
from pipeline.records.inner.pane_ends import PaneEnd, PaneTalk
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.inner.talk import MOODS, TALK, TalkSum
from pipeline.records.published.followups import Followup
from pipeline.records.published.incident_parts import Links
from pipeline.records.published.incidents import SENTIMENT_MAX
from pipeline.records.published.people import SentimentAround
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.apply import apply
from pipeline.respond.followups.aftermath import AFTERMATH
from pipeline.respond.people.duty import PEOPLE
from tests.respond.followups.made import Outage, minute
from tests.respond.followups.test_aftermath import figure, hear

DAY = 24 * 60
POSTS = {"posts": 40, "mood:hostile": 20, "mood:favourable": 10, "mood:neutral": 10}


def word(at_minute: float, name: str = "w", **facts: Any) -> PaneTalk:
    at = Instant(minute(at_minute))
    known: dict[str, Any] = {"operator": "netcologne", "platform": "x", "text": "Störung", "kind": "outage"}
    post = OfficialPost(**known | {"at": at, "post_id": name} | facts)
    return PaneTalk(market="DE", at=at, officials=(post,))


def talk(at_minute: float, posts: dict[str, int]) -> PaneTalk:
    at = Instant(minute(at_minute))
    return PaneTalk(market="DE", at=at, sums=(TalkSum(operator="netcologne", ended_at=at, posts=posts),))


def confirmed(**facts: Any) -> Outage:
    outage = Outage(PEOPLE, **({"confirmed_at": Instant(minute(1))} | facts))
    outage.also = (AFTERMATH,)
    outage.change(1)
    return outage


def hears(outage: Outage, *heard: PaneTalk | PaneEnd) -> list[Followup]:
    outputs = [
        output for one in heard for output in apply(outage.state, one, outage.rules, (PEOPLE, AFTERMATH)).outputs
    ]
    return [output for output in outputs if isinstance(output, Followup)]


def passing(outage: Outage, to_minute: float) -> list[Followup]:
    return [row for row in outage.passing(to_minute) if isinstance(row, Followup) and row.communication_review]


def around(followup: Followup) -> SentimentAround:
    assert followup.communication_review is not None
    assert followup.communication_review.around is not None
    return followup.communication_review.around


def test_each_message_has_its_record_at_the_end_of_its_half_hour_also_where_the_incident_has_no_room() -> None:
    outage, written = confirmed(), []
    for number in range(3 * SENTIMENT_MAX):
        hears(outage, word(10 + number, f"w{number}"), talk(10.5 + number, POSTS))
    assert passing(outage, 39) == []
    for number in range(39, 80):
        for row in passing(outage, number):
            assert (row.created_at, row.state, row.revision) == (minute(number), "done", 1)
            written.append(around(row))
    assert [row.official_post_id for row in written] == [f"w{number}" for number in range(3 * SENTIMENT_MAX)]
    assert [row.talk_before // 40 for row in written] == [*range(3 * SENTIMENT_MAX)]
    assert all(row.before_ppm == row.after_ppm == -333_333 for row in written[1:])


def test_how_time_is_cut_changes_nothing_but_when_it_is_asked() -> None:
    def told(cuts: tuple[int, ...]) -> list[Followup]:
        outage = confirmed()
        hears(outage, word(10, "a"), talk(12, POSTS), word(14, "b"))
        return [row for cut in cuts for row in passing(outage, cut)]

    assert told((90,)) == told((20, 40, 43, 60, 90)) == told(tuple(range(15, 90)))
    assert len(told((90,))) == 2


def test_no_order_of_arrival_changes_a_record() -> None:
    steps = (talk(8, POSTS), word(10), talk(14, {"posts": 5, "mood:hostile": 5}), talk(37, POSTS))

    def told(order: tuple[PaneTalk, ...]) -> list[Followup]:
        outage = confirmed()
        return [*hears(outage, *order), *passing(outage, 60)]

    assert len({repr(told(order)) for order in permutations(steps)}) == 1
    assert len(told(steps)) == 1


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        pytest.param({}, 1, id="of_an_outage"),
        pytest.param({"confirmed_at": None, "state": IncidentState.SUSPECTED}, 0, id="of_a_suspicion"),
        pytest.param({"state": IncidentState.DISMISSED}, 0, id="of_what_was_none"),
        pytest.param({"links": Links(merged_into="other")}, 0, id="of_a_part_of_another"),
    ],
)
def test_nothing_is_told_of_what_is_no_outage_of_its_own(facts: dict[str, Any], told: int) -> None:
    outage = confirmed()
    hears(outage, word(10))
    outage.change(20, **facts)
    assert len(passing(outage, 300)) == told


def test_what_was_said_before_it_was_confirmed_is_told_as_soon_as_it_is() -> None:
    outage = confirmed(confirmed_at=None, state=IncidentState.SUSPECTED)
    hears(outage, word(10))
    assert passing(outage, 70) == []
    outage.change(80, state=IncidentState.CONFIRMED, confirmed_at=Instant(minute(80)))
    assert [row.created_at for row in passing(outage, 300)] == [minute(80)]


def test_an_answer_to_one_customer_has_no_record() -> None:
    outage = confirmed()
    hears(outage, word(10, in_reply_to=7))
    assert passing(outage, 300) == []


def closed(at_minute: float = 130) -> Outage:
    outage = confirmed()
    hears(outage, word(100, "last"), talk(101, POSTS))
    outage.change(102, state=IncidentState.RESOLVED, ended_at=Instant(minute(60)))
    outage.change(at_minute, state=IncidentState.CLOSED)
    return outage


def test_people_who_react_later_make_a_revision_with_each_look_at_the_aftermath() -> None:
    outage = closed()
    (first,) = passing(outage, 200)
    hears(outage, word(300, "last", kind="chatter", counts=[9, 1, 0, 0, 50]))
    (second,) = passing(outage, 60 + DAY)
    assert (second.followup_id, second.revision, second.created_at) == (first.followup_id, 2, minute(60 + DAY))
    assert around(second) == replace(around(first), reactions=10)
    assert passing(outage, 60 + 8 * DAY) == []


def test_a_half_hour_that_the_closing_cuts_short_is_taken_from_the_figures_of_the_day_after() -> None:
    outage = closed(110)
    rows = ((-10, MOODS[1], 30), (-10, MOODS[0], 10), (20, MOODS[1], 10), (20, MOODS[0], 10))
    hear(outage, *(figure(minute(100 + offset), TALK, posts * 1_000, "mentions", item=mood)
                   for offset, mood, posts in rows))  # fmt: skip
    assert passing(outage, 300) == []
    (row,) = passing(outage, 60 + DAY)
    assert (around(row).before_ppm, around(row).after_ppm, row.revision) == (-500_000, 0, 1)


def test_a_message_of_after_the_end_has_its_record_with_the_first_aftermath() -> None:
    outage = closed()
    passing(outage, 200)
    hears(outage, word(400, "sorry", kind="apology_other"))
    assert [around(row).official_post_id for row in passing(outage, 60 + DAY)] == ["sorry"]
    assert passing(outage, 60 + 8 * DAY) == []
