"""Samples: how many people or records were there, each counted once, in bounded memory?

A sample keeps the smallest keyed hashes of all members that it was given. Up to
256 members it is exact. Above that, the size of the largest hash kept tells how
densely the hashes lie, and so how many there are; this estimate does not depend
on the order of the members either.

Source:
    Z. Bar-Yossef et al., "Counting distinct elements in a data stream",
    RANDOM 2002 (the k smallest hashes); K. Beyer et al., SIGMOD 2007 (its
    unbiased form, (k - 1) / U(k)).
"""

from heapq import nsmallest
from typing import Final

from pipeline.records.ids import HASH_BITS

SAMPLE_EXACT_MAX: Final = 256
"""Up to so many members a sample is exact."""

Sample = dict[str, str]
"""The smallest keyed hashes seen, as 13 hexadecimal digits, each with a tag (a symptom, or '')."""


def add_to_sample(sample: Sample, member: int, tag: str = "") -> None:
    """Add a member to a sample; a member that is added twice counts once.

    Args:
        sample: Changes in place; it is pruned when it holds more than four times what is exact.
        member: Keyed hash of a record or person, 0 to 2**52 - 1.
        tag: What is remembered beside it, such as a symptom; of two tags for one member the lesser stays.
    """
    digits = f"{member:013x}"
    known = sample.get(digits)
    if known is None or tag < known:
        sample[digits] = tag
        if len(sample) > 4 * SAMPLE_EXACT_MAX:
            prune(sample)


def prune(sample: Sample) -> None:
    """Keep the smallest 257 hashes: one more than exact, so that "exactly 256" and "more" differ."""
    if len(sample) > SAMPLE_EXACT_MAX + 1:
        kept = nsmallest(SAMPLE_EXACT_MAX + 1, sample)
        tags = [sample[member] for member in kept]
        sample.clear()
        sample.update(zip(kept, tags, strict=True))


def cardinality(sample: Sample) -> int:
    """How many members were added, each counted once.

    Returns:
        Exact up to 256; above, (k - 1) / U(k) for k = 257, standard error about 6 %.

    >>> cardinality({"0000000000007": "", "0000000000009": "no_service"})
    2
    """
    if len(sample) <= SAMPLE_EXACT_MAX:
        return len(sample)
    kept = nsmallest(SAMPLE_EXACT_MAX + 1, sample)
    return (SAMPLE_EXACT_MAX << HASH_BITS) // (int(kept[-1], 16) + 1)


def add_all(sample: Sample, *others: Sample) -> None:
    """Merge other samples into this one, and keep the smallest.

    Many at once are pruned as seldom as single members are: what was pruned never comes back, so how often is
    the same to the result.

    >>> sample = {"0000000000007": "no_service"}
    >>> add_all(sample, {"0000000000007": "", "0000000000009": ""}, {"0000000000003": ""})
    >>> sample
    {'0000000000007': '', '0000000000009': '', '0000000000003': ''}
    """
    for other in others:
        for member, tag in other.items():
            known = sample.get(member)
            if known is None or tag < known:
                sample[member] = tag
        if len(sample) > 4 * SAMPLE_EXACT_MAX:
            prune(sample)
    prune(sample)
