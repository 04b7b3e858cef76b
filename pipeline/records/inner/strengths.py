"""Strengths: how strongly a post speaks for a present fault, in five classes.

A verdict forgets how sure it was. Six vague posts of one town, each worth one in five, are no complaint, and
together more than chance. So a sum of posts keeps of each of them the class of its weight; a count per
class is a commutative monoid, where a product of probabilities could not be undone when a post comes twice.

What a class is worth was read off everyday posts to operators that were labelled by hand: how much more
common the class is among those that report a fault than among the others.

A reply to somebody who reports a fault says more than its words: "same here" is an answer. Whether the post that it
answers does is not known where it is read, so such a reply is tagged with both classes, whom it answers and who writes.
"""

from bisect import bisect_right
from typing import Final, NamedTuple

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


class ReplyTag(NamedTuple):
    """Tag of a post that says more if the post that it answers reports a fault.

    Attributes:
        strength: Class of its own words, one of `STRENGTHS`.
        raised: Its class as an answer to a report, a higher one.
        parent: Keyed hash of the post that it answers, as 13 hexadecimal digits.
        person: Keyed hash of who wrote it, likewise.
    """

    strength: str
    raised: str
    parent: str
    person: str


def reply_tag(strength: str, raised: str, parent: int, person: int) -> str:
    """The tag of a reply; of one that says no more as an answer its strength alone.

    Args:
        strength: Class of its own words.
        raised: Its class as an answer to a report.
        parent: Keyed hash of the post that it answers; 0 if it answers none.
        person: Keyed hash of who wrote it.

    >>> reply_tag("0", "1", 7, 9), reply_tag("2", "2", 7, 9), reply_tag("0", "1", 0, 9)
    ('0100000000000070000000000009', '2', '0')
    """
    return f"{strength}{raised}{parent:013x}{person:013x}" if parent and raised > strength else strength


def reply_of(tag: str) -> ReplyTag | None:
    """What a tag says of a reply; None of a strength alone.

    >>> reply_of("0100000000000070000000000009").parent, reply_of("0")
    ('0000000000007', None)
    """
    return ReplyTag(tag[0], tag[1], tag[2:15], tag[15:]) if len(tag) > 1 else None
