"""Partials: the sums of a series and pane over some of its records.

A partial is an element of a commutative monoid: partials may be merged in any
order and cut anywhere, and the result is the same to the bit. To that end
numbers are exact integers, people and ids are kept in samples, and examples are
the best of a total order. No default is left out on the wire: the encoder would
leave out by identity, not by value, and equal partials must have equal bytes.
"""

from typing import NamedTuple

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.fixed_point import SCALES, Exact
from pipeline.records.inner.examples import Example, best_examples
from pipeline.records.inner.samples import Sample, add_all, cardinality
from pipeline.records.inner.talk import WholeComplaint, newest_whole
from pipeline.records.series import Series


class CounterReading(NamedTuple):
    """What a counter, a sum since a start, stood at; the later of two is the greater one.

    Attributes:
        at: When it was read, ms; 0 where there is no counter.
        total: What it said, in steps of its unit.
    """

    at: int = 0
    total: int = 0


NO_COUNTER = CounterReading()


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
        counter: Its last reading, if it is a counter's.
        ids: Which tickets or posts, each with its symptom, or, in a count of all posts, with its strength.
        people: Sample of who wrote them.
        examples: The best few, best first.
        whole: The newest few complaints, which wait for an answer.
    """

    count: int = 0
    total: Exact = Exact(0)
    squares: Exact = Exact(0)
    least: Exact = Exact(0)
    most: Exact = Exact(0)
    weight: Exact = Exact(0)
    weighted: Exact = Exact(0)
    counter: CounterReading = NO_COUNTER
    ids: Sample = {}
    people: Sample = {}
    examples: list[Example] = []
    whole: list[WholeComplaint] = []

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
        self.counter = max(self.counter, other.counter)
        if other.ids:
            add_all(self.ids, other.ids)
            add_all(self.people, other.people)
            self.examples = best_examples([*self.examples, *other.examples])
            self.whole = newest_whole([*self.whole, *other.whole])

    def mean_in(self, unit: str) -> float:
        """Mean of the values, each as often as it was attempted where that is known.

        The quotient of two integers is rounded once, however large they are; compiled code would round three times.

        Args:
            unit: Unit of the series.
        """
        if self.weight:
            return self.weighted / (self.weight * SCALES[unit])
        return self.total / (self.count * SCALES[unit])

    @property
    def distinct(self) -> int:
        """Tickets or posts, each counted once."""
        return cardinality(self.ids)

    @property
    def people_count(self) -> int:
        """People, each counted once."""
        return cardinality(self.people)

    def tags(self) -> dict[str, int]:
        """How often each tag, a symptom or a strength, occurs in the sample, in the order of their names."""
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
        counter=max([partial.counter for partial in partials]),
    )
    spoken = [partial for partial in partials if partial.ids]
    if spoken:
        add_all(total.ids, *[partial.ids for partial in spoken])
        add_all(total.people, *[partial.people for partial in spoken])
        total.examples = best_examples([example for partial in partials for example in partial.examples])
        total.whole = newest_whole([complaint for partial in partials for complaint in partial.whole])
    return total


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
