"""The moods before and after an official word are on the record, whatever comes first."""

from itertools import permutations

import pytest

from pipeline.records.clocks import Instant
from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.inner.talk import TalkSum
from pipeline.records.published.people import SentimentAround
from pipeline.respond.apply import apply
from pipeline.respond.people.duty import PEOPLE
from pipeline.respond.telling import told
from pipeline.views.incident_report import mood_words
from tests.respond.followups.made import RULES, Outage, minute


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
