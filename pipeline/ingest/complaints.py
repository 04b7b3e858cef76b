"""Sums of what people say: tickets and mentions, told apart by source, added up alike.

A ticket or post that arrives twice in a pane counts once, since its keyed hash
is what is counted. What nobody said is not stored: text leaves this stage
only as one of the few best examples or of the newest complaints, handles and links masked.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pipeline.ingest.rules import IngestRules
from pipeline.ingest.text.masking import masked
from pipeline.ingest.text.understood import Understood
from pipeline.ingest.unanswered import Unanswered, UnansweredOfPane
from pipeline.records.clocks import Instant, pane_of
from pipeline.records.fixed_point import SCALES, Exact
from pipeline.records.inner.examples import EXAMPLES_MAX, Example, best_examples
from pipeline.records.inner.partials import Partial
from pipeline.records.inner.samples import add_to_sample, prune
from pipeline.records.series import Series, nation_of, region_of

_COUNT: Final = SCALES["count"]


class ComplaintSums:
    """Sums of a batch's tickets and posts, per series and pane."""

    def __init__(self, rules: IngestRules) -> None:
        self._rules = rules
        self._sums: dict[tuple[Series, int], Partial] = {}
        self._asked: dict[tuple[Series, int], UnansweredOfPane] = {}

    def add(self, series: Series, at: int, member: int, person: int | None, tag: str = "", value: int = 1) -> Partial:
        """Count one thing that somebody said or did.

        Args:
            series: Series that the count belongs to.
            at: Event time, ms.
            member: Keyed hash of the id of the ticket or post.
            person: Keyed hash of who; None if unknown.
            tag: Symptom that was told; of a post among all posts, its strength.
            value: What it adds to the total: 1, or the number of reactions to a post.

        Returns:
            The partial that it was added to.
        """
        place = (series, pane_of(at))
        partial = self._sums.get(place)
        if partial is None:
            partial = self._sums[place] = Partial()
        steps = value * _COUNT
        if partial.count:
            partial.least, partial.most = Exact(min(partial.least, steps)), Exact(max(partial.most, steps))
        else:
            partial.least = partial.most = Exact(steps)
        partial.count += 1
        partial.total = Exact(partial.total + steps)
        partial.squares = Exact(partial.squares + steps * steps)
        partial.weight = Exact(partial.weight + 1)
        partial.weighted = Exact(partial.weighted + steps)
        add_to_sample(partial.ids, member, tag)
        if person is not None:
            add_to_sample(partial.people, person)
        return partial

    def complain(
        self,
        series: Series,
        at: int,
        ids: tuple[int, int | None],
        understood: Understood,
        text: str,
        coded: str | None = None,
    ) -> None:
        """Count a complaint, and keep it as an example if it is one of the best.

        Args:
            series: Series that the count belongs to.
            at: Event time, ms.
            ids: Keyed hashes of its id and of who wrote it.
            understood: What the text says.
            text: The text as it was written.
            coded: The symptom that a care system has a code for; it wins over what the text says.
        """
        member, person = ids
        symptom = coded or understood.symptom or ""
        partial = self.add(series, at, member, person, symptom)
        rank = 1_000 - understood.probability_permille
        examples = partial.examples
        if text and (len(examples) < EXAMPLES_MAX or (rank, member) <= (examples[-1].rank, examples[-1].id_hash)):
            shown = Example(rank, member, Instant(at), masked(text), symptom, understood.lang or "")
            partial.examples = best_examples([*examples, shown])

    def keep_whole(self, series: Series, at: int, asked: Unanswered) -> None:
        """Let a complaint ride whole beside the sum in which it was counted, if it is one of the newest.

        Args:
            series: Series in which it is counted.
            at: Event time, ms.
            asked: The complaint.
        """
        place = (series, pane_of(at))
        of_pane = self._asked.get(place)
        if of_pane is None:
            of_pane = self._asked[place] = UnansweredOfPane()
        of_pane.add(at, asked)

    def partials(self) -> list[tuple[Series, Instant, Partial]]:
        """Give away all sums, and start anew."""
        sums, self._sums = self._sums, {}
        asked, self._asked = self._asked, {}
        for place, of_pane in asked.items():
            sums[place].whole = of_pane.whole(place[0], self._rules)
        for partial in sums.values():
            prune(partial.ids)
            prune(partial.people)
        return [(series, Instant(pane), partial) for (series, pane), partial in sums.items()]


def area_among(candidates: Iterable[str | None], market: str) -> str:
    """Where a complaint belongs: the first known place that lies in the market; else the nation.

    Args:
        candidates: Paths of areas, the surest first; asked for one after the other, until one will do.
        market: Id of the market that the complaint counts in.
    """
    return next((area for area in candidates if area and nation_of(area) == market), market)


@lru_cache(maxsize=65_536)
def complaint_series(
    operator: str, area: str, source: str, measure: str, service: str | None = None, item: str | None = None
) -> Series:
    """The series of a count of what people say.

    Args:
        operator: Id of the operator that is complained about.
        area: Path of the area, nation first; its region becomes the region of the series.
        source: The source that is counted, `tickets` or `mentions`.
        measure: Name of what is counted.
        service: The service complained about; None = no service was named.
        item: The technology or TV channel complained about; None = neither was named.

    Returns:
        A series of the unit `count`, without a network element.
    """
    return Series(operator, region_of(area), area, "", service or "", item or "", source, measure, "count")
