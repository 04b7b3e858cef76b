"""Figures that RESPOND remembers: how an operator's call centre, its backups and its people's words went.

Five-minute sums are kept for 26 hours, so that a day ago can be compared with now, and sums of
hours for 9 days, so that a week ago can be. All are exact integers in steps of the
figure's unit (`fixed_point.SCALES`): thousandths of calls, seconds and points, millionths of ratios.

What was not seen is None, which is not zero. A period is open at its begin and closed at its end,
since a figure stands for the five minutes before its time; of what is older than 26 hours, whole
hours within the period count.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from pipeline.records.clocks import DAY_MS, HOUR_MS
from pipeline.records.fixed_point import Exact
from pipeline.records.inner.figures import FIGURE_MS, FigureName, FollowedFigure
from pipeline.records.inner.signals import OfficialPost

FINE_MS: Final = 26 * HOUR_MS
"""Five-minute sums are kept so long: a day, the hour before it, and one to spare."""

COARSE_MS: Final = 9 * DAY_MS
"""Sums of hours are kept so long: a week after the end of an outage that lasted a day, and one day to spare."""

SERIES_MAX: Final = 128
"""Figures of an operator that are remembered: 128 of 528 sums are some 400 KB before they are compressed."""

WORDS_MAX: Final = 64
"""Messages of an operator whose reactions are remembered, the latest: a week of one every three hours."""

USUAL_FROM: Final = 3
"""So many messages tell what is usual; fewer may all have been dull, or all a prize draw."""

PREFIX: Final = "figures|"


class FigureSum(msgspec.Struct, array_like=True):
    """Sum of a figure over five minutes or an hour.

    Attributes:
        count: Attempts, readings, or minutes in which people spoke.
        total: In steps of the unit.
    """

    count: Exact = Exact(0)
    total: Exact = Exact(0)


class FigureHistory(msgspec.Struct):
    """One figure over time.

    Attributes:
        fine: Number of five minutes since 1970, by their end, to what came in them.
        hours: Number of an hour since 1970, by its end, to what came in it.
    """

    fine: dict[int, FigureSum] = {}
    hours: dict[int, FigureSum] = {}

    def add(self, figure: FollowedFigure) -> None:
        """Take a figure in."""
        ended_at = int(figure.ended_at)
        places = ((self.fine, ended_at // FIGURE_MS), (self.hours, -(-ended_at // HOUR_MS)))
        for sums, number in places:
            known = sums.setdefault(number, FigureSum())
            known.count, known.total = Exact(known.count + figure.count), Exact(known.total + figure.total)

    def forget_before(self, now: int) -> None:
        """Forget what is older than is kept; `now` is the end of the latest figure, ms."""
        first = _fine_from(now) // FIGURE_MS
        for number in [number for number in self.fine if number <= first]:
            del self.fine[number]
        last_hour = (now - COARSE_MS) // HOUR_MS
        for number in [number for number in self.hours if number <= last_hour]:
            del self.hours[number]

    def within(self, begin: int, end: int, now: int) -> Iterable[FigureSum]:
        """Sums of a period, each five minutes once.

        Args:
            begin: Begin of the period, ms, excluded.
            end: End of the period, ms, included.
            now: End of the operator's latest figure, ms: it says what is kept by the hour only.
        """
        cut = _fine_from(now)
        for number, sums in self.hours.items():
            if begin <= (number - 1) * HOUR_MS and number * HOUR_MS <= min(end, cut):
                yield sums
        for number, sums in self.fine.items():
            if max(begin, cut) < number * FIGURE_MS <= end:
                yield sums


class WordReactions(msgspec.Struct, array_like=True):
    """What people did about a message of the operator.

    Attributes:
        at: When it was written, ms.
        reactions: The greatest count that was told; -1 before any was.
    """

    at: int
    reactions: int = -1


class OperatorFigures(msgspec.Struct, kw_only=True):
    """Figures of one operator in one market; a slot of its own.

    Attributes:
        market: Market of its incidents.
        operator: Id of the operator.
        heard_at: End of the latest figure, ms.
        series: `FigureName.key` to its history.
        omitted: Figures that were left out, because too many series are remembered.
        words: Platform and id of a message to everybody to what people did about it, the latest; bounded.
    """

    market: str
    operator: str
    heard_at: int = 0
    series: dict[str, FigureHistory] = {}
    omitted: int = 0
    words: dict[str, WordReactions] = {}

    @property
    def name(self) -> str:
        """Name of its slot."""
        return figures_name(self.market, self.operator)

    def add(self, figures: Iterable[FollowedFigure]) -> None:
        """Take figures of this operator in, and forget what has become too old."""
        for figure in figures:
            key = FigureName.of(figure, self.market).key
            if key not in self.series and len(self.series) >= SERIES_MAX:
                self.omitted += 1
                continue
            self.series.setdefault(key, FigureHistory()).add(figure)
            self.heard_at = max(self.heard_at, int(figure.ended_at))
        for key, history in list(self.series.items()):
            history.forget_before(self.heard_at)
            if not history.hours:
                del self.series[key]

    def hear_word(self, post: OfficialPost) -> bool:
        """Remember a message of the operator to everybody, or a later count of what people did about one.

        Returns:
            True if something is remembered anew.
        """
        name, known = post.name, self.words.get(post.name)
        if post.counts and known is not None:
            before, known.reactions = known.reactions, max(known.reactions, sum(post.counts[:4]))
            return known.reactions > before
        if known is not None or not post.is_for_all:
            return False
        self.words[name] = WordReactions(int(post.at))
        for oldest in sorted(self.words, key=lambda word: (self.words[word].at, word))[:-WORDS_MAX]:
            del self.words[oldest]
        return name in self.words


class KnownFigures:
    """What duties ask of a market's figures; they change nothing.

    Args:
        market: Whose figures.
        slots: State of RESPOND.
    """

    def __init__(self, market: str, slots: Mapping[str, msgspec.Struct]) -> None:
        self._market, self._slots = market, slots

    def total(self, operator: str, name: FigureName, begin: int, end: int) -> int | None:
        """Sum of a figure over a period, in steps of its unit; None if nothing was seen.

        Args:
            operator: Id of the operator.
            name: Which figure.
            begin: Begin of the period, ms, excluded.
            end: End of the period, ms, included.
        """
        sums = self._sums(operator, name, begin, end)
        return int(sums.total) if sums is not None else None

    def mean(self, operator: str, name: FigureName, begin: int, end: int) -> int | None:
        """Mean of a figure over a period, in steps of its unit, half to even; None if nothing was seen.

        A ratio is weighed by its attempts. Of what is counted of people, the mean is that of the minutes in which
        something came; ask for `total` of a period instead.

        Args:
            operator: Id of the operator.
            name: Which figure.
            begin: Begin of the period, ms, excluded.
            end: End of the period, ms, included.
        """
        sums = self._sums(operator, name, begin, end)
        return rounded(int(sums.total), int(sums.count)) if sums is not None else None

    def last_seen(self, operator: str, name: FigureName) -> int | None:
        """End of the last five minutes in which a figure was seen, ms; None if it is not known, or was 26 hours ago."""
        history = self._history(operator, name)
        return max(history.fine) * FIGURE_MS if history is not None and history.fine else None

    def reactions(self, operator: str, begin: int, end: int) -> int | None:
        """What people did about the operator's messages of a period; None if it wrote none that was counted.

        Args:
            operator: Id of the operator.
            begin: Begin of the period, ms, excluded.
            end: End of the period, ms, included.
        """
        found = self._reactions(operator, begin, end)
        return sum(found) if found else None

    def usual_reactions(self, operator: str, before: int) -> int | None:
        """What people did about a message before a time, on average; None if too few are known, or nobody did a thing.

        Args:
            operator: Id of the operator.
            before: The time, ms; what was written in the nine days before it counts.
        """
        found = self._reactions(operator, before - COARSE_MS, before)
        return rounded(sum(found), len(found)) or None if len(found) >= USUAL_FROM else None

    def _reactions(self, operator: str, begin: int, end: int) -> list[int]:
        slot = self._slots.get(figures_name(self._market, operator))
        words = slot.words.values() if isinstance(slot, OperatorFigures) else ()
        return [word.reactions for word in words if begin < word.at <= end and word.reactions >= 0]

    def _history(self, operator: str, name: FigureName) -> FigureHistory | None:
        slot = self._slots.get(figures_name(self._market, operator))
        return slot.series.get(name.key) if isinstance(slot, OperatorFigures) else None

    def _sums(self, operator: str, name: FigureName, begin: int, end: int) -> FigureSum | None:
        slot = self._slots.get(figures_name(self._market, operator))
        history = self._history(operator, name)
        if history is None or not isinstance(slot, OperatorFigures):
            return None
        found = list(history.within(begin, end, slot.heard_at))
        count, total = sum(int(part.count) for part in found), sum(int(part.total) for part in found)
        return FigureSum(Exact(count), Exact(total)) if count else None


def rounded(total: int, count: int) -> int:
    """Quotient of two integers, half to even, without a float.

    Args:
        total: Any.
        count: Above 0.

    >>> rounded(5, 2), rounded(7, 2), rounded(-5, 3)
    (2, 4, -2)
    """
    whole, rest = divmod(total, count)
    return whole + (1 if 2 * rest > count or (2 * rest == count and whole % 2) else 0)


def figures_name(market: str, operator: str) -> str:
    """Name of the slot of an operator's figures.

    Args:
        market: Id of the market.
        operator: Id of the operator.

    >>> figures_name("DE", "netcologne")
    'figures|DE|netcologne'
    """
    return f"{PREFIX}{market}|{operator}"


def _fine_from(now: int) -> int:
    """Time after which five-minute sums are kept: 26 hours ago, at a whole hour, ms."""
    return -(-(now - FINE_MS) // HOUR_MS) * HOUR_MS
