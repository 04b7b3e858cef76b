"""Corrections from an operator's own posts: the same from the same days, bounded, and never of another model."""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pipeline.adapters.reference.language import CORRECTIONS, read_lexicon, read_rehearsals, weights_file
from pipeline.ingest.text.odds.learning import DAY_MAX, Lesson, corrected_permille, learn_day
from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.corrections import (
    BASE,
    CORRECTION_MAX,
    LESSONS_MIN,
    THOUSANDTHS,
    Corrections,
    corrected,
    corrections_written,
    fingerprint,
    parse_corrections,
)
from pipeline.reference.learnt.rehearsals import (
    Rehearsal,
    Rehearsals,
    parse_rehearsals,
    rehearsals_written,
)
from pipeline.reference.learnt.weights import NUMBER_MAX, Weights, permille_of

LEXICON = Path(__file__).resolve().parents[3] / "deploy" / "reference" / "lexicon"
SMALL = Weights(-13, 102, -11, 8, 400, 20, {"down": 40, "=asks": -7}, {"down": 35, "=asks": 90})
NOTHING = Corrections(fingerprint(SMALL))
DAY = 20_000

signs = st.lists(st.sampled_from(["=asks", "=link", "=row:signal"]), unique=True).map(
    lambda names: tuple(sorted(names))
)
lessons = st.lists(
    st.builds(
        Lesson,
        st.integers(0, 9),
        st.text(max_size=3),
        st.integers(0, 999),
        signs,
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    max_size=30,
)


def posts(count: int, permille: int, *, is_fault: bool, sign: str = "=asks") -> list[Lesson]:
    return [Lesson(number, f"post {number}", permille, (sign,), is_fault) for number in range(count)]


REHEARSED = (Rehearsal(300, True, ("=asks", "=link")), Rehearsal(40, False, ("=row:signal",)), Rehearsal(90, False, ()))


def learnt(
    days: Sequence[Sequence[Lesson]], of: Corrections = NOTHING, rehearsed: Sequence[Rehearsal] = ()
) -> Corrections:
    for day, taught in enumerate(days, of.until_day + 1 if of.until_day else DAY):
        of = learn_day(of, day, taught, rehearsed)
    return of


def reread(of: Corrections) -> Corrections:
    return parse_corrections("corrections.en.tsv", corrections_written(of))


@given(days=st.lists(lessons, max_size=5), stop=st.integers(0, 5))
def test_learning_on_from_the_file_comes_to_the_same_bytes(days: list[list[Lesson]], stop: int) -> None:
    whole = learnt(days, rehearsed=REHEARSED)
    parts = NOTHING
    for number, taught in enumerate(days):
        parts = learn_day(reread(parts) if number == stop else parts, DAY + number, taught, REHEARSED)
    assert corrections_written(parts) == corrections_written(whole)
    assert reread(whole) == whole


@given(taught=lessons, chance=st.randoms(use_true_random=False))
def test_the_order_in_which_posts_arrive_teaches_nothing(taught: list[Lesson], chance: Random) -> None:
    shuffled = list(taught)
    chance.shuffle(shuffled)
    assert learn_day(NOTHING, DAY, shuffled) == learn_day(NOTHING, DAY, taught)


@given(days=st.lists(lessons, min_size=1, max_size=4))
def test_a_day_that_was_learnt_teaches_nothing_again(days: list[list[Lesson]]) -> None:
    once = learnt(days)
    for day, taught in enumerate(days, DAY):
        assert learn_day(once, day, taught) is once


@given(days=st.lists(lessons, max_size=4))
def test_no_lessons_move_a_weight_out_of_its_bounds(days: list[list[Lesson]]) -> None:
    before = NOTHING
    for day, taught in enumerate(days, DAY):
        after = learn_day(before, day, taught, REHEARSED)
        for sign in {*before.of, *after.of}:
            assert abs(after.of.get(sign, 0) - before.of.get(sign, 0)) <= DAY_MAX * THOUSANDTHS
            assert abs(after.of.get(sign, 0)) <= CORRECTION_MAX * THOUSANDTHS
        before = after


def test_a_post_that_was_told_rightly_moves_next_to_nothing() -> None:
    right = learnt([[*posts(5, 999, is_fault=True), *posts(5, 1, is_fault=False, sign="=link")]])
    assert all(abs(value) < THOUSANDTHS // 5 for value in right.of.values())


def test_copies_of_a_text_teach_once_a_day() -> None:
    one = Lesson(1, "pasted", 100, ("=asks",), is_fault=True)
    copies = [one._replace(at=number) for number in range(1, 500)]
    assert learn_day(NOTHING, DAY, copies).of == learn_day(NOTHING, DAY, [one]).of


def test_wrong_verdicts_are_mended() -> None:
    found = learnt([posts(200, 300, is_fault=True)] * 2)
    assert found.are_in_force
    assert found.loss_learnt < found.loss_shipped
    assert corrected_permille(posts(1, 300, is_fault=True)[0], found.of) > 400


def test_a_crowd_that_means_otherwise_takes_less_from_all_others_where_texts_are_rehearsed() -> None:
    others = [Rehearsal(700, True, ("=asks",))] * 40
    crowd = [posts(300, 700, is_fault=False)] * 2
    alone, beside = learnt(crowd), learnt(crowd, rehearsed=others)
    assert alone.of["=asks"] < beside.of["=asks"] < 0
    assert alone.of[BASE] != 0, "how common faults are is the operator's own"


def test_a_step_is_shared_by_all_signs_of_a_post() -> None:
    one = learn_day(NOTHING, DAY, [Lesson(0, "one", 500, ("=asks",), is_fault=True)])
    many = learn_day(NOTHING, DAY, [Lesson(0, "many", 500, tuple(f"=row:{n:02}" for n in range(19)), is_fault=True)])
    assert one.of["=asks"] == pytest.approx(10 * many.of["=row:01"], abs=10)


def test_corrections_that_begin_to_be_wrong_are_forgotten() -> None:
    right = [posts(300, 300, is_fault=True)] * 4
    known = learnt(right)
    assert known.are_in_force
    assert known.drifts == 0
    after = learn_day(known, DAY + 4, turned(200))
    assert (after.drifts, after.lessons, after.of, after.watched) == (1, 0, {}, 0)
    assert not after.are_in_force
    assert reread(after) == after
    again = learnt([turned(200)] * 2, after)
    assert again.are_in_force, "it learns anew"
    assert again.drifts == 1


def test_corrections_that_win_by_less_than_they_used_to_are_kept() -> None:
    won = Corrections(
        *(fingerprint(SMALL), DAY, 2_000, 120_000, 80_000),
        watched=2_000,
        usual=-400,
        of={"=asks": CORRECTION_MAX * THOUSANDTHS},
    )
    day = [lesson._replace(moves_base=False) for lesson in posts(157, 300, is_fault=True)]
    later = learn_day(won, DAY + 1, day)
    assert later.loss_learnt < later.loss_shipped
    assert (later.drifts, later.of) == (0, won.of)
    assert later.risen == 0, "the test has sounded, and begins anew"
    assert learn_day(later, DAY + 2, turned(120)).drifts == 1


def turned(count: int) -> list[Lesson]:
    return [lesson._replace(is_fault=False) for lesson in posts(count, 300, is_fault=True)]


def test_so_few_lessons_that_they_correct_nothing_are_not_forgotten() -> None:
    few = Corrections(
        *(fingerprint(SMALL), DAY, LESSONS_MIN - 1),
        watched=LESSONS_MIN,
        usual=-400,
        risen=11_900,
        of={"=asks": CORRECTION_MAX * THOUSANDTHS},
    )
    assert learn_day(few, DAY + 1, turned(40)).drifts == 0
    assert learn_day(replace(few, lessons=LESSONS_MIN), DAY + 1, turned(40)).drifts == 1


def test_a_stream_that_stays_as_it_is_does_not_drift() -> None:
    mixed = [
        [*posts(60, 300, is_fault=True), *posts(60, 300, is_fault=False, sign="=link"), *posts(9, 100, is_fault=True)]
    ]
    assert learnt(mixed * 40).drifts == 0


def test_what_holds_by_and_large_moves_half_as_far_and_what_was_chosen_leaves_the_base() -> None:
    post = posts(1, 500, is_fault=True)[0]
    sure = learn_day(NOTHING, DAY, [post])
    weak = learn_day(NOTHING, DAY, [post._replace(is_weak=True)])
    chosen = learn_day(NOTHING, DAY, [post._replace(moves_base=False)])
    assert sure.of == {"=asks": sure.of["=asks"], BASE: sure.of["=asks"]}
    assert weak.of == {sign: value // 2 for sign, value in sure.of.items()}
    assert chosen.of == {"=asks": sure.of["=asks"]}


def test_too_few_lessons_correct_nothing() -> None:
    found = learnt([posts(LESSONS_MIN - 1, 300, is_fault=True)])
    assert not found.are_in_force
    assert corrected(SMALL, found) == SMALL


def test_corrections_that_predict_worse_than_the_shipped_weights_are_not_used() -> None:
    stale = Corrections(fingerprint(SMALL), DAY, LESSONS_MIN, 50_000, 50_000, of={"=asks": 30_000})
    assert corrected(SMALL, stale) != SMALL
    turned = learn_day(stale, DAY + 1, posts(20, 500, is_fault=False))
    assert turned.loss_learnt > turned.loss_shipped
    assert corrected(SMALL, turned) == SMALL


@pytest.mark.parametrize("language", ["de", "en", "fr", "nl"])
def test_a_poisoned_burst_ruins_no_plain_text(language: str) -> None:
    """Ten thousand made-up posts a day that say the opposite of what is true, for a week."""
    shipped = read_lexicon(LEXICON).weights[language]
    name = next(sign for sign in sorted(shipped.alone) if sign.startswith("=claim"))
    burst = posts(10_000, 990, is_fault=False, sign=name)
    burst = [lesson._replace(is_weak=number % 2 == 0) for number, lesson in enumerate(burst)]
    one_day, week = (learnt([burst] * days, Corrections(fingerprint(shipped))) for days in (1, 7))
    assert shipped.alone[name] - corrected(shipped, one_day).alone.get(name, 0) <= DAY_MAX
    assert shipped.alone[name] - corrected(shipped, week).alone.get(name, 0) <= CORRECTION_MAX
    plain = Lesson(0, "no signal", 950, (name,), is_fault=True)
    assert corrected_permille(plain, week.of) > 900, "a plain report stays one"
    assert corrected(shipped, week).in_context == shipped.in_context


def test_corrections_are_added_to_weights_of_texts_alone() -> None:
    found = Corrections(
        *(fingerprint(SMALL), DAY, LESSONS_MIN, 20, 10),
        of={"=asks": 12_600, "=link": -499, BASE: -2_500, "=row:new": 4_000},
    )
    mended = corrected(SMALL, found)
    assert mended.alone == {"down": 40, "=asks": 6, "=row:new": 4}
    assert (mended.base, mended.base_in_context, mended.in_context) == (-15, 102, SMALL.in_context)
    assert permille_of(mended.base) < permille_of(SMALL.base)


def test_corrections_of_other_weights_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"must be of \d+, those that are used; learn them anew"):
        corrected(SMALL, Corrections(fingerprint(SMALL) + 1))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(lambda _: "", "must be .# format NUMBER", id="empty"),
        pytest.param(lambda text: text.replace("# lessons 0", "# lessons many"), "must be .# lessons", id="no_number"),
        pytest.param(lambda text: text + "=asks\t30\t1\n", r"=asks 30.001: must be at most 30", id="too_large"),
        pytest.param(lambda text: text + "=asks\t3\n", "must be a feature and two whole numbers", id="column_missing"),
    ],
)
def test_a_damaged_file_of_corrections_is_refused_by_name(
    tmp_path: Path, change: Callable[[str], str], told: str
) -> None:
    path = weights_file(tmp_path, "en", CORRECTIONS)
    path.write_text(change(corrections_written(NOTHING)), encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        read_lexicon(LEXICON, tmp_path)


def test_a_file_of_an_older_release_says_what_to_do() -> None:
    old = corrections_written(NOTHING)
    for field in ("watched", "usual", "risen", "drifts"):
        old = old.replace(f"# {field} 0\n", "")
    with pytest.raises(ConfigError, match="an older release: run tocsin learn into an empty folder"):
        parse_corrections("corrections.en.tsv", old)


def test_lessons_are_counted_no_further_than_a_file_can_say() -> None:
    full = Corrections(fingerprint(SMALL), DAY, NUMBER_MAX - 1, drifts=NUMBER_MAX)
    later = learn_day(full, DAY + 1, posts(5, 300, is_fault=True))
    assert later.lessons == NUMBER_MAX
    assert reread(later) == later


def test_rehearsals_come_with_the_weights_that_they_were_made_beside() -> None:
    weights, found = read_lexicon(LEXICON).weights, read_rehearsals(LEXICON)
    assert sorted(found) == ["de", "en", "fr", "nl"]
    for code, rehearsals in found.items():
        assert rehearsals.weights == fingerprint(weights[code]), "python -m training.rehearsing"
        assert {text.is_fault for text in rehearsals.texts} == {True, False}
        assert parse_rehearsals(code, rehearsals_written(rehearsals)) == rehearsals


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(lambda _: "", "must begin with", id="empty"),
        pytest.param(lambda text: text.replace("# format 1", "# format 2"), "must have format 1", id="other_format"),
        pytest.param(lambda text: text + "1000\t1\t=asks\n", "line 6: '1000", id="no_probability"),
        pytest.param(lambda text: text + "10\t1\n", "must be permille, 1 or 0, and signs", id="column_missing"),
    ],
)
def test_damaged_rehearsals_are_refused_by_name(change: Callable[[str], str], told: str) -> None:
    text = rehearsals_written(Rehearsals(1, REHEARSED))
    with pytest.raises(ConfigError, match=told):
        parse_rehearsals("rehearsals.en.tsv", change(text))
