"""Learning: how corrections of weights follow from posts of which it is known what they are.

Logistic regression by one step a post, over signs only: words are too many for some hundred posts. Each post moves the
weights of its signs by how wrong the verdict before it was, so a post that is told rightly moves nothing. All is in
whole numbers, and the posts of a day are learnt in order of their times, so the same days give the same corrections.

What keeps a campaign from teaching: copies of one text count once a day, a day moves no weight by more than
`DAY_MAX`, no weight is ever more than `CORRECTION_MAX` from the shipped one, and corrections that predict worse than
the shipped weights are not used (`Corrections.are_in_force`).

Source:
    H. Robbins, S. Monro, "A Stochastic Approximation Method", Ann. Math. Statist. 22 (1951), 400-407; a fixed step
    follows a stream that changes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from pipeline.reference.learnt.corrections import BASE, CORRECTION_MAX, LOSSES, THOUSANDTHS, Corrections, whole
from pipeline.reference.learnt.weights import CUTS, permille_of

STEP: Final = 6
"""Thousandths of a centi-nat by which one permille of error moves a weight; of 3, 6 and 10 on everyday posts."""

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
    """

    at: int
    mark: str
    permille: int
    signs: tuple[str, ...]
    is_fault: bool


def corrected_permille(lesson: Lesson, of: Mapping[str, int]) -> int:
    """Probability of a post by corrected weights.

    Args:
        lesson: The post.
        of: Corrections by sign, in thousandths of a centi-nat.
    """
    added = whole(of.get(BASE, 0)) + sum(whole(of.get(sign, 0)) for sign in lesson.signs)
    return permille_of(CUTS[max(lesson.permille, 1) - 1] + added)


def learn_day(corrections: Corrections, day: int, lessons: Iterable[Lesson]) -> Corrections:
    """Learn the posts of a day; a day that was learnt, or lies before one that was, changes nothing.

    Args:
        corrections: What was learnt before.
        day: In days since 1970.
        lessons: All posts of the day, in any order.
    """
    if day <= corrections.until_day:
        return corrections
    taught, marks = 0, set[str]()
    of = Counter(corrections.of)
    losses = (corrections.loss_shipped, corrections.loss_learnt)
    for lesson in sorted(lessons):
        if lesson.mark in marks:
            continue
        marks.add(lesson.mark)
        taught += 1
        said = corrected_permille(lesson, of)
        losses = _losses(losses, lesson, said)
        moved = STEP * ((999 if lesson.is_fault else 0) - said)
        for sign in (*lesson.signs, BASE):
            of[sign] = _bounded(of[sign] + moved, corrections.of.get(sign, 0))
    kept = {sign: value for sign, value in of.items() if value}
    return Corrections(corrections.weights, day, corrections.lessons + taught, *losses, of=kept)


def _losses(before: tuple[int, int], lesson: Lesson, said: int) -> tuple[int, int]:
    """Running means of what both verdicts cost, with a further lesson."""
    shipped, learnt = before
    return (
        shipped + _share(_loss(lesson.permille, is_fault=lesson.is_fault) - shipped),
        learnt + _share(_loss(said, is_fault=lesson.is_fault) - learnt),
    )


def _loss(permille: int, *, is_fault: bool) -> int:
    return LOSSES[permille if is_fault else 999 - permille]


def _share(difference: int) -> int:
    return difference // MEMORY_LESSONS


def _bounded(value: int, at_dawn: int) -> int:
    """A correction within what a day may move it from where it stood, and within what any may be."""
    day, ever = DAY_MAX * THOUSANDTHS, CORRECTION_MAX * THOUSANDTHS
    return max(at_dawn - day, -ever, min(at_dawn + day, ever, value))
