"""The texts of the simulator have every kind of post and ticket, and are as hard to a keyword rule as real ones."""

import json
import re
from pathlib import Path

import pytest

from benchmarks import quality_worlds_text as bench
from benchmarks.quality_worlds_text import CASTS, PRECISION, RECALL, Figures, Post
from pipeline.simulate.seeds import generator_for
from pipeline.simulate.spec.wording import Speaker, Wording

EVERYDAY = "local_fault price praise question advert offtopic rival other_company spam news"
OUTAGE = (
    "complaint emergency worry rumour rumour_root rumour_reply compensation leaving thanks joke recovery blame "
    "professional no_word channel_black schedule_error buffering power_cut collateral slow flapping"
)
TRAPS = (
    "bot football new_year scandal price_rise celebrity_root celebrity_reply game_down campaign emergency_news "
    "rival_down"
)
DESKS = (
    "complaint local_fault billing contract emergency compensation channel_black schedule_error buffering power_cut "
    "slow flapping price_rise"
)
POSTED = (*EVERYDAY.split(), *OUTAGE.split(), *TRAPS.split())
VOICES = ("mentions", "phone", "app")
SERVICES = ("broadband", "fixed_voice", "tv", "mobile_voice", "mobile_data", "sms")
INTAKES = ("phone", "app", "button", "web", "chat", "bot", "email", "shop")
PATTERNS_MIN = 300
CHARACTERS_MAX = 8_000
"""What a ticket or a post may hold at most."""
POSTS = 4_000
WIDER = 0.025
"""4,000 posts have 600 of trouble: their recall spreads by .02, so the band is wider than that of 10,000 posts."""

LANGUAGES = tuple(CASTS)


def speaker() -> Speaker:
    return Speaker(
        spellings=("Bath", "bath"),
        hashtags=("bath",),
        postcodes=("BA1",),
        brands=("Tern",),
        hour=9,
        minute=5,
        items=("Channel 8",),
        programmes=("the derby",),
        other_brands=("Halcyon",),
        emergency_numbers=("112",),
    )


@pytest.fixture(scope="module", params=LANGUAGES)
def wording(request: pytest.FixtureRequest) -> Wording:
    return bench.wording_of(request.param)


@pytest.fixture(scope="module", params=LANGUAGES)
def drawn(request: pytest.FixtureRequest) -> tuple[str, list[Post]]:
    return request.param, bench.draw(request.param, POSTS)


def test_every_slot_of_every_pattern_is_known(wording: Wording) -> None:
    assert wording.problems() == []


def test_every_kind_is_spoken_in_every_voice_that_needs_it(wording: Wording) -> None:
    needed = {("mentions", kind) for kind in POSTED} | {(desk, kind) for desk in INTAKES for kind in DESKS.split()}
    assert sorted(each for each in needed if not wording.knows(*each)) == []


def test_a_complaint_can_name_each_service(wording: Wording) -> None:
    named = {(voice, f"complaint.{service}") for voice in VOICES for service in SERVICES}
    assert sorted(each for each in named if not wording.knows(*each)) == []


@pytest.mark.parametrize("name", LANGUAGES)
def test_posts_have_hundreds_of_patterns(name: str) -> None:
    assert bench.patterns_of(name) >= PATTERNS_MIN


def test_everything_that_can_be_said_is_said_without_a_slot_left_open(wording: Wording) -> None:
    chance = generator_for(1, "every kind")
    wanted = [("mentions", kind) for kind in POSTED] + [(desk, kind) for desk in INTAKES for kind in DESKS.split()]
    for voice, kind in wanted:
        for service in ("", *SERVICES) * 8:
            text = wording.say(chance, voice, kind, speaker(), service)
            assert text.strip(), (voice, kind)
            assert len(text) <= CHARACTERS_MAX, text
            assert not {"{", "}"} & set(text), text


def test_a_keyword_rule_scores_on_the_posts_what_it_scores_on_real_ones(drawn: tuple[str, list[Post]]) -> None:
    name, posts = drawn
    figures = bench.measure(posts, CASTS[name].rule)
    recall = (RECALL[0] - WIDER, RECALL[1] + WIDER)
    precision = (PRECISION[0] - WIDER, PRECISION[1] + WIDER)
    assert bench.outside(figures, recall, precision) == [], f"{name}: add natural patterns, not words of the rule"


def test_the_posts_are_short_and_seldom_the_same(drawn: tuple[str, list[Post]]) -> None:
    _, posts = drawn
    assert max(len(post.text) for post in posts) <= CHARACTERS_MAX
    assert len({post.text for post in posts}) > 0.8 * len(posts)
    assert 0.13 < sum(post.network for post in posts) / len(posts) < 0.17


def test_emergency_numbers_are_named_on_any_day_and_not_only_when_their_calls_fail(
    drawn: tuple[str, list[Post]],
) -> None:
    """Else every post that names one would tell the truth, and a detector that believes all of them would look good."""
    name, posts = drawn
    number = re.compile(rf"\b(?:{'|'.join(CASTS[name].emergency_numbers)})\b")
    texts = [post.text for post in posts if post.kind in {"offtopic", "news", "question"}]
    assert 0.005 < sum(bool(number.search(text)) for text in texts) / len(texts) < 0.06
    assert any(number.search(post.text) for post in posts if post.kind == "local_fault")


def test_same_seed_same_posts_and_another_seed_others() -> None:
    assert bench.draw("en-gb", 300, seed=7) == bench.draw("en-gb", 300, seed=7)
    assert bench.draw("en-gb", 300, seed=7) != bench.draw("en-gb", 300, seed=8)


def test_figures_of_a_few_posts_are_as_counted_by_hand() -> None:
    posts = [
        Post("@signalmen my phone is dead", "local_fault", network=True),  # a handle is no word
        Post("no signal here", "local_fault", network=True),
        Post("NO SIGNAL here", "complaint", network=True),
        Post("see https://wifi.example/broadband", "advert", network=False),  # nor is a link
        Post("mixed signals from the boss", "offtopic", network=False),
    ]
    figures = bench.measure(posts, "en")
    assert (figures.recall, figures.precision) == (2 / 3, 2 / 3)
    assert figures.positives == 3 / 5
    assert figures.hits == {
        "advert": (0.0, 1),
        "complaint": (1.0, 1),
        "local_fault": (0.5, 2),
        "offtopic": (1.0, 1),
    }


def test_a_figure_outside_its_band_is_named() -> None:
    figures = Figures(
        precision=0.9, recall=0.62, positives=0.15, characters=80.0, typos=0.0, distinct=1.0, words=9, hits={}
    )
    assert bench.outside(figures) == ["precision 0.900 is outside 0.75-0.80"]


def test_the_check_fails_where_a_rule_is_too_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = tmp_path / "posts.jsonl"
    rows = [{"text": "no signal", "network": 1}, {"text": "hello", "network": 0}]
    real.write_text("\n".join(json.dumps(row) for row in rows))
    monkeypatch.setitem(bench.RULES, "en", ".")
    assert bench.main(["en-gb", "--posts", "200", "--real", str(real), "--check"]) == 1
    told = capsys.readouterr().out
    assert "recall 1.000 is outside" in told
    assert told.startswith("real ")
