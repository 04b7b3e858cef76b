"""What operators say in public, and what people say before and after it."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.records.clocks import Instant
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.inner.talk import TalkSum
from pipeline.records.published.people import AROUND_MS
from pipeline.records.vocabulary import PPM
from pipeline.respond.people.around import AROUND_MAX, add_message, add_steps
from pipeline.respond.people.mood import mood_of
from pipeline.respond.remembered.people import PeopleMemory

SAID_AT = 1_739_365_200_000  # 12 February 2025, 14:00 in Berlin


def step(minutes: int, posts: dict[str, int], operator: str = "netcologne") -> TalkSum:
    at = Instant(SAID_AT + minutes * 60_000)
    return TalkSum(operator=operator, ended_at=at, posts=posts, people=dict(posts))


def message(minutes: int = 0, name: str = "p1") -> OfficialPost:
    at = Instant(SAID_AT + minutes * 60_000)
    return OfficialPost(operator="netcologne", at=at, post_id=name, platform="x", text="")


def test_posts_of_half_an_hour_count_on_the_side_on_which_their_minute_ends() -> None:
    memory = PeopleMemory()
    add_steps(memory, [step(minutes, {"posts": 1, "thanks": 1}) for minutes in range(-40, 1)])
    add_message(memory, message())
    add_message(memory, message())
    add_steps(memory, [step(minutes, {"posts": 2}) for minutes in range(1, 41)])
    (words,) = memory.around
    assert (words.before, words.after) == ({"posts": 30, "thanks": 30}, {"posts": 60})
    assert all(memory.recent[-1].ended_at - one.ended_at < AROUND_MS for one in memory.recent), "memory is bounded"


def test_messages_and_steps_may_come_in_any_order() -> None:
    steps = [step(-5, {"posts": 1}), step(3, {"posts": 10}), step(3, {"posts": 100}, "netaachen")]

    def told(order: tuple[object, ...]) -> object:
        memory = PeopleMemory()
        for heard in order:
            if isinstance(heard, TalkSum):
                add_steps(memory, [heard])
            else:
                assert isinstance(heard, OfficialPost)
                add_message(memory, heard)
        return [(words.before, words.after) for words in memory.around]

    assert {repr(told(order)) for order in permutations([*steps, message()])} == {"[({'posts': 1}, {'posts': 110})]"}


def test_messages_are_bounded_and_the_rest_is_counted() -> None:
    memory = PeopleMemory()
    for number in range(AROUND_MAX + 35):
        add_message(memory, message(number, f"p{number}"))
    assert (len(memory.around), memory.around_omitted) == (AROUND_MAX, 35)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_mood_and_its_opposite_are_alike_but_for_the_sign(good: int, bad: int) -> None:
    mood = mood_of({"mood:favourable": good, "mood:hostile": bad})
    other = mood_of({"mood:favourable": bad, "mood:hostile": good})
    assert mood.posts == good + bad
    if mood.balance_ppm is None or mood.margin_ppm is None or other.balance_ppm is None:
        assert mood.posts == 0
        return
    assert (mood.balance_ppm, mood.margin_ppm) == (-other.balance_ppm, other.margin_ppm)
    assert 0 < mood.margin_ppm <= 2 * PPM
