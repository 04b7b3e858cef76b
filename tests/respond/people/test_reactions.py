"""Reactions: what people did about the operator's own messages is counted message by message, beside what is usual."""

from typing import Any

import pytest

from pipeline.records.clocks import HOUR_MS, Instant
from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.published.incidents import SENTIMENT_MAX, Incident
from pipeline.records.published.people import Posts
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.apply import apply
from pipeline.respond.figures import WORDS_MAX, KnownFigures, OperatorFigures, figures_name
from pipeline.respond.notices.duty import NOTICES
from pipeline.respond.people.around import AROUND_MAX
from pipeline.respond.people.duty import PEOPLE
from pipeline.respond.telling import told
from tests.respond.followups.made import Outage, minute

DUTIES = (NOTICES, PEOPLE)
DAY = 24 * 60


def word(at_minute: float, name: str = "w", **facts: Any) -> OfficialPost:
    known: dict[str, Any] = {"operator": "netcologne", "platform": "x", "text": "Störung", "kind": "outage"}
    return OfficialPost(**known | {"at": Instant(minute(at_minute)), "post_id": name} | facts)


def count(at_minute: float, name: str = "w", likes: int = 1, views: int = 0) -> OfficialPost:
    return word(at_minute, name, text="", kind="chatter", counts=[likes, likes // 5, likes // 3, 0, views])


def hears(outage: Outage, *posts: OfficialPost) -> None:
    for post in posts:
        apply(outage.state, PaneTalk(market="DE", at=post.at, officials=(post,)), outage.rules, DUTIES)


def confirmed(*earlier: OfficialPost) -> Outage:
    outage = Outage(NOTICES, posts=Posts(posts=9, people=9, reactions=4))
    hears(outage, *earlier)
    outage.change(1)
    return outage


def record(outage: Outage) -> Incident:
    return told(outage.case, outage.now)


def test_each_message_has_the_reactions_that_were_counted_last_and_the_incident_their_sum() -> None:
    outage = confirmed()
    hears(outage, word(10, "a"), word(40, "b"), count(15, "a", 30), count(50, "b", 60, 900), count(55, "a", 90))
    said = record(outage)
    assert [(row.official_post_id, row.reactions) for row in said.sentiment or ()] == [("a", 138), ("b", 92)]
    posts = said.posts
    assert posts is not None
    assert (posts.reactions, posts.likes, posts.reposts, posts.replies, posts.quotes) == (230, 150, 30, 50, 0)
    assert (posts.views, posts.engagement_ratio_ppm) == (900, None)


def test_no_message_is_lost_from_the_sum_when_the_record_has_no_room_for_it() -> None:
    outage = confirmed()
    for number in range(AROUND_MAX + 9):
        hears(outage, word(number, f"w{number}"), count(number + 1, f"w{number}", 15))
    said = record(outage)
    assert [row.official_post_id for row in said.sentiment or ()][-1] == f"w{AROUND_MAX + 8}"
    assert (len(said.sentiment or ()), said.sentiment_omitted) == (SENTIMENT_MAX, AROUND_MAX + 9 - SENTIMENT_MAX)
    assert said.posts is not None
    assert said.posts.reactions == 23 * (AROUND_MAX + 9)


def test_counts_come_in_any_order_and_twice() -> None:
    outage = confirmed()
    hears(outage, word(10), count(55, likes=90), count(15, likes=30), count(55, likes=90))
    assert [row.reactions for row in record(outage).sentiment or ()] == [138]


def test_without_a_count_the_loudest_step_is_told_and_no_message_has_none() -> None:
    outage = confirmed()
    hears(outage, word(10), count(15, "another", 500))
    said = record(outage)
    assert [row.reactions for row in said.sentiment or ()] == [None]
    assert said.posts is not None
    assert said.posts.reactions == 4


def test_engagement_is_held_against_the_operators_messages_before_the_outage() -> None:
    usual = [word(-DAY * number, f"u{number}", kind="chatter") for number in (1, 2, 3)]
    counts = [count(-DAY * number + 30, f"u{number}", 15) for number in (1, 2, 3)]
    outage = confirmed(*usual, *counts)
    hears(outage, word(10, "a"), word(40, "b"), count(15, "a", 150), count(50, "b", 60))
    posts = record(outage).posts
    assert posts is not None
    assert posts.engagement_ratio_ppm == 161 * 1_000_000 // 23


def test_two_messages_tell_nothing_of_what_is_usual() -> None:
    earlier = [word(-DAY, "u1"), count(-DAY + 30, "u1", 15), word(-DAY * 2, "u2"), count(-DAY * 2 + 30, "u2", 15)]
    outage = confirmed(*earlier)
    hears(outage, word(10, "a"), count(15, "a", 150))
    posts = record(outage).posts
    assert posts is not None
    assert posts.engagement_ratio_ppm is None


def test_a_message_of_an_outage_that_is_closed_goes_on_being_counted() -> None:
    outage = confirmed()
    hears(outage, word(10), count(15, likes=30))
    outage.change(100, state=IncidentState.CLOSED, ended_at=Instant(minute(50)))
    hears(outage, count(DAY, likes=90))
    assert [row.reactions for row in record(outage).sentiment or ()] == [138]


def test_a_count_of_reactions_is_no_word_of_the_operator() -> None:
    outage = confirmed()
    hears(outage, count(15))
    assert not count(15).is_for_all
    assert record(outage).sentiment is None


def test_messages_that_are_remembered_are_bounded_and_the_latest_stay() -> None:
    figures = OperatorFigures(market="DE", operator="netcologne")
    for number in range(WORDS_MAX + 9):
        figures.hear_word(word(number, f"w{number}"))
        figures.hear_word(count(number + 1, f"w{number}", 3))
    known = KnownFigures("DE", {figures_name("DE", "netcologne"): figures})
    assert len(figures.words) == WORDS_MAX
    assert known.reactions("netcologne", minute(-1), minute(8)) is None
    assert known.reactions("netcologne", minute(8), minute(WORDS_MAX + 9)) == WORDS_MAX * 4
    assert known.reactions("nobody", minute(-1), minute(99)) is None


@pytest.mark.parametrize("hours", [0, 9 * 24])
def test_what_is_usual_is_that_of_nine_days(hours: int) -> None:
    figures = OperatorFigures(market="DE", operator="netcologne")
    for number in range(3):
        figures.hear_word(word(number, f"w{number}"))
        figures.hear_word(count(number + 1, f"w{number}", 3))
    known = KnownFigures("DE", {figures_name("DE", "netcologne"): figures})
    usual = known.usual_reactions("netcologne", minute(3) + hours * HOUR_MS)
    assert usual == (4 if hours == 0 else None)
