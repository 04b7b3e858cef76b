"""Signals: what a batch of raw records adds up to.

A partial is an element of a commutative monoid: merged in any order and cut
anywhere, the same result to the bit. Numbers are exact integers; people and
ids are kept as the smallest keyed hashes, exact up to 256 and an estimate above
that does not depend on order either; examples are the best of a total order.
No default is left out on the wire: the encoder would leave out by identity, not
by value, and equal partials must have equal bytes.

Source:
    Z. Bar-Yossef et al., "Counting distinct elements in a data stream",
    RANDOM 2002 (the k smallest hashes); K. Beyer et al., SIGMOD 2007 (its
    unbiased form, (k - 1) / U(k)).
"""

from heapq import nsmallest
from typing import Final

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.commands import Command
from pipeline.records.fixed_point import Exact
from pipeline.records.ids import HASH_BITS
from pipeline.records.series import Series

SAMPLE_EXACT_MAX: Final = 256
"""Up to so many members a sample is exact."""

EXAMPLES_MAX: Final = 3
"""Examples kept of a series and pane."""


Sample = dict[str, str]
"""The smallest keyed hashes seen, as 13 hexadecimal digits, each with a tag (a symptom, or '')."""


def add_to_sample(sample: Sample, member: int, tag: str = "") -> None:
    """Add a member; twice is once. Of two tags for one member the lesser stays."""
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


class Example(msgspec.Struct, frozen=True, order=True):
    """A post or ticket that shows what people say; the order of fields is the order of merit.

    Attributes:
        rank: 1000 less the relevance: lesser is better.
        id_hash: Keyed hash of its id; breaks ties without favour.
        at: Its event time.
        text: At most 240 characters, handles and links masked.
    """

    rank: int
    id_hash: int
    at: Instant
    text: str
    symptom: str = ""
    lang: str = ""


class Partial(msgspec.Struct, kw_only=True):
    """Sums of a series and pane over some of its records; changes in place.

    Attributes:
        count: Records, repeats included.
        total: Sum of values, in steps of the series' unit (`records.fixed_point`).
        squares: Sum of squared steps.
        least: Least value in steps; meaningless if count is 0.
        most: Greatest value in steps.
        weight: Sum of attempts.
        weighted: Sum of value x attempts, in steps.
        ids: Which tickets or posts, each with its symptom.
        people: Who wrote them.
        examples: The best few, best first.
    """

    count: int = 0
    total: Exact = Exact(0)
    squares: Exact = Exact(0)
    least: Exact = Exact(0)
    most: Exact = Exact(0)
    weight: Exact = Exact(0)
    weighted: Exact = Exact(0)
    ids: Sample = {}
    people: Sample = {}
    examples: list[Example] = []

    def add(self, other: "Partial") -> None:
        """Merge another partial into this one; the other stays as it was."""
        if not other.count:
            return
        if self.count:
            self.least = min(self.least, other.least)
            self.most = max(self.most, other.most)
        else:
            self.least, self.most = other.least, other.most
        self.count += other.count
        self.total = Exact(self.total + other.total)
        self.squares = Exact(self.squares + other.squares)
        self.weight = Exact(self.weight + other.weight)
        self.weighted = Exact(self.weighted + other.weighted)
        if other.ids:
            add_all(self.ids, other.ids)
            add_all(self.people, other.people)
            self.examples = best_examples([*self.examples, *other.examples])

    @property
    def distinct(self) -> int:
        """Tickets or posts, each counted once."""
        return cardinality(self.ids)

    @property
    def people_count(self) -> int:
        """People, each counted once."""
        return cardinality(self.people)

    def tags(self) -> dict[str, int]:
        """How often each symptom occurs in the sample, in the order of their names."""
        tally: dict[str, int] = {}
        for tag in self.ids.values():
            tally[tag] = tally.get(tag, 0) + 1
        return dict(sorted(tally.items()))

    def copy(self) -> "Partial":
        """A partial of its own with the same content."""
        fresh = Partial()
        fresh.add(self)
        return fresh


def merged(partials: list[Partial]) -> Partial:
    """Merge partials at once: what `add` one by one gives, at a third of the cost.

    Args:
        partials: One or more; they stay as they were.

    Returns:
        Their sum; the only one itself, if there is one only.
    """
    partials = [partial for partial in partials if partial.count] or partials[:1]
    if len(partials) == 1:
        return partials[0]
    total = Partial(
        count=sum([partial.count for partial in partials]),
        total=Exact(sum([partial.total for partial in partials])),
        squares=Exact(sum([partial.squares for partial in partials])),
        least=min([partial.least for partial in partials]),
        most=max([partial.most for partial in partials]),
        weight=Exact(sum([partial.weight for partial in partials])),
        weighted=Exact(sum([partial.weighted for partial in partials])),
    )
    for partial in partials:
        if partial.ids:
            add_all(total.ids, partial.ids)
            add_all(total.people, partial.people)
    if total.ids:
        total.examples = best_examples([example for partial in partials for example in partial.examples])
    return total


def add_all(sample: Sample, other: Sample) -> None:
    """Merge another sample into this one, and keep the smallest."""
    for member, tag in other.items():
        known = sample.get(member)
        if known is None or tag < known:
            sample[member] = tag
    prune(sample)


def best_examples(examples: list[Example]) -> list[Example]:
    """The best few of all, each id once, best first.

    An id's best form is its least, so a repeat with other words changes nothing
    in another order.
    """
    best: dict[int, Example] = {}
    for example in sorted(examples):
        best.setdefault(example.id_hash, example)
        if len(best) == EXAMPLES_MAX:
            break
    return list(best.values())


class SeriesPartial(msgspec.Struct, frozen=True, kw_only=True):
    """A partial with its address.

    Attributes:
        pane: Start of the pane.
    """

    operator: str
    scope_area: str
    area: str
    element: str = ""
    service: str = ""
    item: str = ""
    source: str
    measure: str
    unit: str = "count"
    pane: Instant
    partial: Partial

    @property
    def series(self) -> Series:
        """Which series this is a part of."""
        return Series(
            self.operator,
            self.scope_area,
            self.area,
            self.element,
            self.service,
            self.item,
            self.source,
            self.measure,
            self.unit,
        )


class OfficialPost(msgspec.Struct, frozen=True, kw_only=True):
    """A post of an operator about itself; rides whole, since its words are facts."""

    operator: str
    at: Instant
    post_id: str
    platform: str
    text: str
    lang: str = ""
    reactions: int = 0


class EmergencyClaim(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody says that an emergency number cannot be reached; rides whole.

    Attributes:
        operator: Whose network the claim names; '' if it names none.
        area: Smallest area known, at least the nation.
        person: Keyed hash of who says so; two posts of one person are one.
        numbers: Such as `112`, in their order in the text.
    """

    market: str
    operator: str = ""
    area: str
    source: str
    at: Instant
    id_hash: int
    person: int
    numbers: list[str] = []
    example: str = ""
    service: str = ""


class PlacedCommand(msgspec.Struct, frozen=True, kw_only=True):
    """A command with its place in time."""

    at: Instant
    command: Command


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What one batch of one lane says to one partition of `signals`.

    A batch too large for one record is split; all parts lie in one transaction,
    and only the last one carries clocks: time moves when all is said.

    Attributes:
        epoch: Of the topic; a new one starts with new counts of lanes and partitions.
        lane: 0 to lanes - 1.
        partition: Of `signals`, 0 to partitions - 1.
        clocks: Source to clock. A source that was not heard yet is missing.
    """

    epoch: int
    lane: int
    lanes: int
    partition: int
    partitions: int
    clocks: dict[str, Instant] = {}
    partials: list[SeriesPartial] = []
    officials: list[OfficialPost] = []
    claims: list[EmergencyClaim] = []
    commands: list[PlacedCommand] = []
