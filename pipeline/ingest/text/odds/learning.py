"""Learning: how corrections of weights follow from posts of which it is known what they are.

Logistic regression by one step a post, over signs only: words are too many for some hundred posts. Each post moves the
weights of its signs by how wrong the verdict before it was, so a post that is told rightly moves nothing; the step is
shared by all signs of the post, as many signs would else move its verdict further than few. After each, a few texts of
the project are learnt again by small steps, the base aside: what signs mean is everybody's, and who hears one crowd
alone forgets it; how common faults are is the operator's own. All is in whole numbers, and the posts of a day are
learnt in order of their times, so the same days give the same corrections.

What keeps a campaign from teaching: copies of one text count once a day, a day moves no weight by more than
`DAY_MAX`, no weight is ever more than `CORRECTION_MAX` from the shipped one, and corrections that predict worse than
the shipped weights are not used (`Corrections.are_in_force`); those that begin to (`drifting`) are forgotten.

Source:
    H. Robbins, S. Monro, "A Stochastic Approximation Method", Ann. Math. Statist. 22 (1951), 400-407; a fixed step
    follows a stream that changes. J. Nagumo, A. Noda, IEEE Trans. Autom. Control 12 (1967), 282-287, a step that is
    shared. A. Robins, "Catastrophic forgetting, rehearsal and pseudorehearsal", Connection Science 7 (1995), 123-146.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from pipeline.ingest.text.odds.drifting import DriftWatch, OverNight
from pipeline.reference.learnt.corrections import (
    BASE,
    CORRECTION_MAX,
    LESSONS_MIN,
    LOSSES,
    NATS,
    THOUSANDTHS,
    Corrections,
    whole,
)
from pipeline.reference.learnt.rehearsals import Rehearsal
from pipeline.reference.learnt.weights import CUTS, NUMBER_MAX, permille_of

STEP: Final = 60
"""Thousandths of a centi-nat that one permille of error moves all signs of a post together, each as far."""

REHEARSED: Final = 4
"""Texts that are learnt again after each post: several by small steps sway less than one by a large one."""

STEP_REHEARSED: Final = 8
"""`STEP` of a text that is rehearsed: the operator's own post says twice as much as all four."""

WEAK_PART: Final = 2
"""By so much the steps of a weak lesson are divided."""

DAY_MAX: Final = 15
"""How far one day may move a weight, in centi-nats: half of all that it may ever move."""

MEMORY_LESSONS: Final = 256
"""Of so many lessons the running means of losses are."""


class Lesson(NamedTuple):
    """A post of which it is known whether it reports a fault.

    Attributes:
        at: When it was posted, ms.
        mark: Tells its text from others: copies have the same.
        permille: Its probability by the shipped weights, alone.
        signs: Names of its signs, each once, sorted.
        is_fault: Whether it reports a present fault.
        is_weak: It does, or does not, by and large: a question about it was answered, it was posted inside an incident,
            or in a quiet hour. Such a lesson moves half as far.
        moves_base: It moves the base, too. What was chosen for what it seems to be, to ask a person about it or as part
            of an incident, says nothing of how common faults are.
    """

    at: int
    mark: str
    permille: int
    signs: tuple[str, ...]
    is_fault: bool
    is_weak: bool = False
    moves_base: bool = True


def corrected_permille(lesson: Lesson, of: Mapping[str, int]) -> int:
    """Probability of a post by corrected weights.

    Args:
        lesson: The post.
        of: Corrections by sign, in thousandths of a centi-nat.
    """
    return _moved_permille(lesson, (*lesson.signs, BASE), of)


def _moved_permille(text: Lesson | Rehearsal, signs: Iterable[str], of: Mapping[str, int]) -> int:
    return permille_of(CUTS[max(text.permille, 1) - 1] + sum(whole(of.get(sign, 0)) for sign in signs))


def learn_day(
    corrections: Corrections, day: int, lessons: Iterable[Lesson], rehearsed: Sequence[Rehearsal] = ()
) -> Corrections:
    """Learn the posts of a day; a day that was learnt, or lies before one that was, changes nothing.

    Args:
        corrections: What was learnt before.
        day: In days since 1970.
        lessons: All posts of the day, in any order.
        rehearsed: Texts of the project, `REHEARSED` of which are learnt again after each post, in turn.
    """
    if day <= corrections.until_day:
        return corrections
    taught = _Day(corrections, rehearsed)
    for lesson in sorted(lessons):
        taught.learn(lesson)
    return taught.at_night(day)


class _Day:
    """A day at work.

    Args:
        before: What was learnt before.
        rehearsed: Texts of the project.
    """

    def __init__(self, before: Corrections, rehearsed: Sequence[Rehearsal]) -> None:
        self._before, self._rehearsed = before, rehearsed
        self._of = Counter(before.of)
        self._losses = (before.loss_shipped, before.loss_learnt)
        self._more_today = 0
        self._watch = DriftWatch(OverNight(before.watched, before.usual, before.risen))
        self._marks: set[str] = set()

    def learn(self, lesson: Lesson) -> None:
        """Learn a post, unless a copy of it was learnt today."""
        if lesson.mark in self._marks:
            return
        turn = (self._before.lessons + len(self._marks)) * REHEARSED
        self._marks.add(lesson.mark)
        part = WEAK_PART if lesson.is_weak else 1
        self._hear(lesson, corrected_permille(lesson, self._of))
        self._move(lesson, (*lesson.signs, BASE) if lesson.moves_base else lesson.signs, STEP // part)
        for number in range(turn, turn + REHEARSED if self._rehearsed else turn):
            text = self._rehearsed[number % len(self._rehearsed)]
            self._move(text, text.signs, STEP_REHEARSED // part)

    def at_night(self, day: int) -> Corrections:
        """What has come of it; of corrections that have drifted, and cost more than none today, nothing is kept.

        Those of too few lessons are not used anyway.
        """
        before = self._before
        if self._watch.has_drifted and self._more_today > 0 and before.lessons >= LESSONS_MIN:
            return Corrections(before.weights, day, drifts=min(before.drifts + 1, NUMBER_MAX))
        watched, usual, risen = self._watch.at_night
        return replace(
            before,
            until_day=day,
            lessons=min(before.lessons + len(self._marks), NUMBER_MAX),
            loss_shipped=self._losses[0],
            loss_learnt=self._losses[1],
            watched=watched,
            usual=usual,
            risen=risen,
            of={sign: value for sign, value in self._of.items() if value},
        )

    def _move(self, text: Lesson | Rehearsal, signs: tuple[str, ...], step: int) -> None:
        """Move the weights of a text's signs by how wrong its verdict is by them."""
        said = _moved_permille(text, signs, self._of)
        moved = step * ((999 if text.is_fault else 0) - said) // (len(text.signs) + 1)
        for sign in signs:
            self._of[sign] = _bounded(self._of[sign] + moved, self._before.of.get(sign, 0))

    def _hear(self, lesson: Lesson, said: int) -> None:
        """Note what the verdicts on a lesson, given before it, have cost."""
        costs = (_loss(lesson.permille, is_fault=lesson.is_fault), _loss(said, is_fault=lesson.is_fault))
        shipped, learnt = self._losses
        self._losses = (shipped + _share(costs[0] - shipped), learnt + _share(costs[1] - learnt))
        self._more_today += costs[1] - costs[0]
        self._watch.hear((costs[1] - costs[0]) / NATS)


def _loss(permille: int, *, is_fault: bool) -> int:
    return LOSSES[permille if is_fault else 999 - permille]


def _share(difference: int) -> int:
    return difference // MEMORY_LESSONS


def _bounded(value: int, at_dawn: int) -> int:
    """A correction within what a day may move it from where it stood, and within what any may be."""
    day, ever = DAY_MAX * THOUSANDTHS, CORRECTION_MAX * THOUSANDTHS
    return max(at_dawn - day, -ever, min(at_dawn + day, ever, value))
