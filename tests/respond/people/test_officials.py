"""What operators say in public: denials, and what people say before and after."""

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.reference.wording import load_official
from pipeline.records.clocks import Instant
from pipeline.records.errors import ConfigError
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.inner.talk import CLAIM_KINDS, TalkSum
from pipeline.records.vocabulary import PPM
from pipeline.respond.people.around import WINDOW_MS, add_message, add_steps
from pipeline.respond.people.denying import denied_claims, denies_others
from pipeline.respond.people.mood import mood_of
from pipeline.respond.remembered.people import PeopleMemory

TERMS = load_official(reference_folder() / "wording")
SAID_AT = 1_739_365_200_000  # 12 February 2025, 14:00 in Berlin


@pytest.mark.parametrize(
    ("language", "text", "denied"),
    [
        pytest.param("de", "Es gibt keine Hinweise auf einen Angriff.", ["attack"], id="no_signs_of_it"),
        pytest.param("de", "Der Angriff ist nicht vorbei.", [], id="not_over"),
        pytest.param("de", "Ein Angriff wird ausgeschlossen.", ["attack"], id="ruled_out"),
        pytest.param("en", "No news yet. This was an attack.", [], id="no_in_another_sentence"),
        pytest.param("en", "This was not a cyber attack.", ["attack"], id="plainly"),
        pytest.param("fr", "Il ne s'agit pas d'une cyberattaque.", ["attack"], id="french"),
        pytest.param("en", "No cable was cut, and there is no fire.", ["cable", "fire"], id="two_claims"),
        pytest.param("de", "Das dauert nicht tagelang, wir sind nicht insolvent.", ["days", "unpaid"], id="german"),
    ],
)
def test_a_claim_is_denied_by_a_negation_close_to_it(language: str, text: str, denied: list[str]) -> None:
    assert denied_claims(text, TERMS[language]) == denied


def test_blame_of_another_is_denied_by_its_name_or_as_another_operator() -> None:
    assert denies_others("Sans aucun lien avec un autre opérateur.", (), TERMS["fr"])
    assert denies_others("This has nothing to do with Free Mobile.", ["Free Mobile"], TERMS["en"])
    assert not denies_others("Free Mobile is affected as well.", ["Free Mobile"], TERMS["en"])


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    for terms in TERMS.values():
        assert set(denied_claims(text, terms)) <= set(CLAIM_KINDS)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "official").mkdir()
    (tmp_path / "official" / "en.toml").write_text('no = ["no"]\n', "utf-8")
    with pytest.raises(ConfigError, match=r"official/en\.toml"):
        load_official(tmp_path)


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
    assert all(memory.recent[-1].ended_at - one.ended_at < WINDOW_MS for one in memory.recent), "memory is bounded"


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
    for number in range(40):
        add_message(memory, message(number, f"p{number}"))
    assert (len(memory.around), memory.around_omitted) == (5, 35)


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
