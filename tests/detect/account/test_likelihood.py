"""Likelihoods: what a figure and a count say for each hypothesis, and how little one step may say."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.account.likelihood import (
    AS_USUAL,
    FIGURE_CLIP,
    PEOPLE_CLIP,
    TEMPER,
    FigureSeen,
    Posted,
    Voices,
    log_ratio_of_counts,
    log_ratios_of_chatter,
    log_ratios_of_loudness,
    log_ratios_of_posts,
    log_ratios_of_shares,
    mixed,
    ratio_of,
    tempered,
    untempered,
)
from pipeline.detect.account.states import LOUDNESS, RIVAL_LOUDNESS, SHARES

figures = st.builds(
    FigureSeen,
    st.floats(0.0, 1.0),
    st.floats(0.05, 0.999),
    st.floats(0.001, 0.3),
    st.sampled_from(("up", "down")),
    st.just("ratio"),
    st.sampled_from((0.0, 0.005)),
)
counts = st.builds(Voices, st.integers(0, 5_000).map(float), st.floats(1e-5, 500.0), st.floats(0.01, 3.0))


@given(figure=figures)
def test_one_figure_of_one_step_proves_nothing(figure: FigureSeen) -> None:
    logs = log_ratios_of_shares(figure)
    assert len(logs) == len(SHARES)
    assert all(-TEMPER * FIGURE_CLIP <= log_ratio <= TEMPER * FIGURE_CLIP for log_ratio in logs)


@given(figure=figures)
def test_a_first_bad_minute_counts_more_and_no_more_than_a_step_may(figure: FigureSeen) -> None:
    logs = log_ratios_of_shares(figure)
    for whole, half in zip(untempered(logs), logs, strict=True):
        assert abs(half) <= abs(whole) <= TEMPER * FIGURE_CLIP
        assert whole == pytest.approx(half / TEMPER) or abs(whole) == TEMPER * FIGURE_CLIP


@given(figure=figures, better=st.floats(0.0, 1.0))
def test_better_than_usual_never_speaks_for_an_outage(figure: FigureSeen, better: float) -> None:
    best = 1.0 if figure.bad == "down" else 0.0
    value = figure.usual + better * (best - figure.usual)
    logs = log_ratios_of_shares(figure._replace(value=value))
    assert max(logs) <= 0.0
    assert logs == log_ratios_of_shares(figure._replace(value=figure.usual))


@pytest.mark.parametrize(
    ("figure", "share"),
    [
        pytest.param(FigureSeen(0.66, 0.99, 0.005, "down", "ratio"), 0.3, id="a_third_of_the_attempts_fail"),
        pytest.param(FigureSeen(0.05, 0.99, 0.005, "down", "ratio"), 1.0, id="hardly_anybody_attaches"),
        pytest.param(FigureSeen(0.90, 0.99, 0.005, "down", "ratio"), 0.1, id="a_tenth_fails"),
        pytest.param(FigureSeen(0.62, 0.01, 0.005, "up", "ratio"), 1.0, id="six_packets_in_ten_are_lost"),
        pytest.param(FigureSeen(70.0, 100.0, 3.0, "down", "mbps"), 0.3, id="a_third_of_the_throughput_is_gone"),
    ],
)
def test_the_share_that_fits_best_is_the_one_that_is_hit(figure: FigureSeen, share: float) -> None:
    logs = log_ratios_of_shares(figure)
    assert logs[SHARES.index(share)] == max(logs) > 0.7


def test_a_healthy_figure_speaks_against_a_large_outage_and_says_nothing_of_one_below_its_noise() -> None:
    logs = log_ratios_of_shares(FigureSeen(0.985, 0.985, 0.02, "down", "ratio"))
    assert logs[-1] < -1.0
    assert abs(logs[0]) < 0.1


@given(voices=counts, mean=st.floats(0.001, 1_000.0))
def test_a_count_speaks_for_the_mean_that_is_nearer_to_it(voices: Voices, mean: float) -> None:
    assert log_ratio_of_counts(voices._replace(number=max(mean, 1e-9)), mean) >= -1e-9
    assert log_ratio_of_counts(voices._replace(number=voices.usual), mean) <= 1e-9
    assert log_ratio_of_counts(voices, voices.usual) == 0.0


@given(voices=st.lists(counts, min_size=1, max_size=4), minutes=st.sampled_from((1.0, 5.0)))
def test_counts_of_the_same_people_are_averaged_and_not_added(voices: list[Voices], minutes: float) -> None:
    alone = [log_ratios_of_loudness([said], minutes) for said in voices]
    together = log_ratios_of_loudness(voices, minutes)
    for column, log_ratio in enumerate(together):
        parts = [logs[column] for logs in alone]
        assert min(parts) - 1e-6 <= log_ratio <= max(parts) + 1e-6
    assert log_ratios_of_loudness(voices * 2, minutes) == pytest.approx(together, rel=1e-9, abs=1e-9)


@given(voices=st.lists(counts, min_size=1, max_size=5), data=st.data())
def test_their_order_does_not_matter(voices: list[Voices], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(voices))
    expected = log_ratios_of_loudness(voices, 1.0)
    assert log_ratios_of_loudness(shuffled, 1.0) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_an_excess_of_complaints_tells_an_outage_and_an_excess_of_talk_a_scandal() -> None:
    outage = Posted(Voices(16.0, 0.5, 0.1), 0.08, (3, 1, 4, 5, 3))
    scandal = Posted(Voices(19.0, 0.5, 0.1), 0.08, (15, 2, 1, 1, 0))
    assert max(log_ratios_of_posts(outage, 1.0)) > max(log_ratios_of_chatter(outage)) + 5.0
    assert max(log_ratios_of_chatter(scandal)) > max(log_ratios_of_posts(scandal, 1.0)) + 4.0


def test_six_vague_posts_of_a_quiet_town_are_more_than_six_posts_about_prices() -> None:
    vague, prices = (Posted(Voices(1.0, 0.05, 0.1), 0.005, classes) for classes in ((0, 1, 0, 0, 0), (1, 0, 0, 0, 0)))
    assert 6 * max(log_ratios_of_posts(vague, 1.0)) > 10.0
    assert max(log_ratios_of_posts(prices, 1.0)) < max(log_ratios_of_posts(vague, 1.0)) - 0.5


@given(more=st.integers(0, 4), less=st.integers(0, 4))
def test_a_stronger_post_never_speaks_less_for_an_outage(more: int, less: int) -> None:
    weak, strong = sorted((more, less))
    logs = [
        log_ratios_of_posts(Posted(Voices(1.0, 0.1, 0.1), 0.01, [int(at == strength) for at in range(5)]), 1.0)
        for strength in (weak, strong)
    ]
    assert all(stronger >= weaker for weaker, stronger in zip(*logs, strict=True))


logs_of_rivals = st.lists(st.lists(st.floats(-500.0, 500.0), min_size=2, max_size=6), min_size=1, max_size=3)


@given(rivals=logs_of_rivals)
def test_tempering_clips_and_keeps_the_order_of_all_that_is_not_ruled_out(rivals: list[list[float]]) -> None:
    scaled = tempered(*rivals)
    before = [log_ratio for logs in rivals for log_ratio in logs]
    after = [log_ratio for logs in scaled for log_ratio in logs]
    assert all(-PEOPLE_CLIP <= log_ratio <= PEOPLE_CLIP + 1e-9 for log_ratio in after)
    ranked = sorted(range(len(before)), key=lambda index: before[index])
    assert [after[index] for index in ranked] == sorted(after)
    assert all(log_ratio * scaled_ratio >= 0.0 for log_ratio, scaled_ratio in zip(before, after, strict=True))


@given(log_ratio=st.floats(-50.0, 50.0))
def test_a_ratio_is_the_exponential_to_the_hundredth_and_bounded(log_ratio: float) -> None:
    nearest = math.exp(max(-8.0, min(8.0, log_ratio)))
    assert ratio_of(log_ratio) == pytest.approx(nearest, rel=0.0051)
    assert ratio_of(round(log_ratio, 2)) == pytest.approx(math.exp(max(-8.0, min(8.0, round(log_ratio, 2)))))


@given(logs=st.lists(st.floats(-8.0, 8.0), min_size=len(LOUDNESS), max_size=len(LOUDNESS)))
def test_silence_of_a_minute_never_rules_an_outage_out(logs: list[float]) -> None:
    assert min(mixed(logs)) >= AS_USUAL
    assert mixed([0.0] * len(LOUDNESS)) == pytest.approx([1.0] * len(LOUDNESS))


def test_each_loudness_of_a_rival_has_an_answer() -> None:
    assert len(log_ratios_of_chatter(Posted(Voices(0.0, 0.1, 0.1), 0.01, ()))) == len(RIVAL_LOUDNESS)
