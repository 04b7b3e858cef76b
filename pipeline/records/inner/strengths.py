"""Strengths: how strongly a post speaks for a present fault, in five classes.

A verdict forgets how sure it was. Six vague posts of one town, each worth one in five, are no complaint, and
together more than chance. So a sum of posts keeps of each of them the class of its weight; a count per
class is a commutative monoid, where a product of probabilities could not be undone when a post comes twice.

What a class is worth was read off everyday posts to operators that were labelled by hand: how much more
common the class is among those that report a fault than among the others.
"""

from bisect import bisect_right
from typing import Final

EDGES_CNAT: Final = (0, 100, 200, 300)
"""Bounds between the classes: what a text says for a fault beyond the odds of any text, in centi-nats; the mean of what
it says alone and among many complaints. On everyday posts the first tells more, in an outage the second."""

STRENGTHS: Final = ("0", "1", "2", "3", "4")
"""Names of the classes, the weakest first: tags of posts in a sample."""

RATIOS: Final = (0.19, 1.5, 7.0, 15.0, 50.0)
"""How many times as common each class is among posts that report a fault as among all others."""


def strength_of(evidence_cnat: int, in_context_cnat: int) -> str:
    """The class of a post's weight.

    Args:
        evidence_cnat: What its text says for a fault, in centi-nats.
        in_context_cnat: The same, as one of many complaints of one place and minute.

    >>> strength_of(-150, -100), strength_of(-80, 80), strength_of(500, 500)
    ('0', '1', '4')
    """
    return STRENGTHS[bisect_right(EDGES_CNAT, (evidence_cnat + in_context_cnat) // 2)]
