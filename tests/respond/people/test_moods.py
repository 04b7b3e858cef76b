"""The moods before and after an official word are on the record, whatever comes first."""

from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from pipeline.records.clocks import Instant
from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.inner.talk import MOODS, TALK, TalkSum
from pipeline.records.published.people import SentimentAround
from pipeline.records.vocabulary import IncidentState, OfficialKind
from pipeline.respond.apply import apply
from pipeline.respond.followups.aftermath import AFTERMATH
from pipeline.respond.people.duty import PEOPLE
from pipeline.respond.telling import told
from pipeline.views.incident.people import mood_words
from tests.respond.followups.made import RULES, Outage, minute
from tests.respond.followups.test_aftermath import figure, hear


def talk(at_minute: int, posts: dict[str, int]) -> PaneTalk:
    at = Instant(minute(at_minute))
    return PaneTalk(market="DE", at=at, sums=(TalkSum(operator="netcologne", ended_at=at, posts=posts),))


def word(at_minute: int) -> PaneTalk:
    at = Instant(minute(at_minute))
    post = OfficialPost(operator="netcologne", at=at, post_id="w", platform="x", text="Wir arbeiten daran.", lang="de")
    return PaneTalk(market="DE", at=at, officials=(post,))


STEPS = (
    talk(8, {"posts": 60, "mood:hostile": 20, "mood:neutral": 20}),
    talk(9, {"posts": 30, "mood:hostile": 10, "mood:favourable": 10}),
    word(10),
    talk(14, {"posts": 30, "mood:neutral": 25}),
)


def around(order: tuple[PaneTalk, ...]) -> SentimentAround:
    outage = Outage(PEOPLE, rules=RULES)
    outage.change(1)
    for heard in order:
        apply(outage.state, heard, outage.rules, (PEOPLE,))
    (found,) = told(outage.case, outage.now).sentiment or ()
    return found


def test_moods_are_told_before_and_after_with_the_neutral_ones() -> None:
    found = around(STEPS)
    assert (found.before_ppm, found.posts_before, found.neutral_before) == (-500_000, 40, 20)
    assert (found.after_ppm, found.posts_after, found.neutral_after) == (None, 0, 25)


def closed() -> Outage:
    """An outage of an hour that is closed."""
    outage = Outage(AFTERMATH, rules=RULES, confirmed_at=Instant(minute(2)))
    outage.also = (PEOPLE,)
    outage.change(2)
    outage.change(70, state=IncidentState.RESOLVED, ended_at=Instant(minute(60)))
    outage.change(130, state=IncidentState.CLOSED)
    return outage


@pytest.mark.parametrize(
    ("kind", "at_minute", "facts", "counts"),
    [
        pytest.param("all_clear", 300, {}, True, id="last_words"),
        pytest.param("apology_other", 300, {}, True, id="an_apology"),
        pytest.param("chatter", 300, {}, False, id="a_greeting"),
        pytest.param("all_clear", 300, {"in_reply_to": 9}, False, id="to_one_customer"),
        pytest.param("all_clear", 60 + 25 * 60, {}, False, id="of_the_day_after_next"),
    ],
)
def test_the_mood_around_words_after_the_end_is_told_a_day_later(
    kind: OfficialKind, at_minute: int, facts: dict[str, Any], counts: bool
) -> None:
    outage = closed()
    rows = ((-10, MOODS[1], 30), (-10, MOODS[0], 10), (20, MOODS[1], 10), (20, MOODS[0], 10))
    hear(outage, *(figure(minute(at_minute + offset), TALK, posts * 1_000, "mentions", item=mood)
                   for offset, mood, posts in rows))  # fmt: skip
    post = replace(word(at_minute).officials[0], kind=kind, **facts)
    apply(outage.state, replace(word(at_minute), officials=(post,)), outage.rules, (PEOPLE,))
    outage.passing(60 + 24 * 60)
    late = [(row.before_ppm, row.after_ppm) for row in told(outage.case, outage.now).sentiment or ()]
    assert late == ([(-500_000, 0)] if counts else [])
    outage.passing(60 + 8 * 24 * 60)
    assert [(row.before_ppm, row.after_ppm) for row in told(outage.case, outage.now).sentiment or ()] == late


def test_no_order_of_arrival_changes_them() -> None:
    assert {around(order) for order in permutations(STEPS)} == {around(STEPS)}


@pytest.mark.parametrize(
    ("balance", "margin", "posts", "neutral", "words"),
    [
        (None, None, 0, 0, ""),
        (None, None, 0, 25, "25 neutral posts"),
        (-500_000, 260_000, 40, 20, "50 % of 60 posts hostile, 16.7 % favourable, balance -0.50 ± 0.26"),
    ],
)
def test_a_page_tells_shares(balance: int | None, margin: int | None, posts: int, neutral: int, words: str) -> None:
    assert mood_words(balance, margin, posts, neutral).replace("\u202f", " ").replace("\u00a0", " ") == words
