"""What the figures of an operator say some time after an outage; what has none is told, not guessed.

A period of a day is held against the day before the outage began, at the same hours: people call and
write by the hour. The call centre's means are those of the same day. The mood is told thrice, before the outage, while
it lasted and now, each with its margin: only so can one see whether it recovered.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from msgspec.structs import replace

from pipeline.records.clocks import DAY_MS, Instant
from pipeline.records.fixed_point import SCALES
from pipeline.records.inner.figures import FigureName
from pipeline.records.inner.talk import LEAVING, MOODS
from pipeline.records.published.people import AftermathPoint, FeltBefore
from pipeline.records.vocabulary import PPM
from pipeline.respond.figures import KnownFigures
from pipeline.respond.people.mood import Mood, mood_of

PERIOD_MS: Final = DAY_MS
"""What is measured is the day before the moment: people call in the daytime, and an outage may end at night."""

_COUNT: Final = SCALES["count"]
_WAITING: Final = FigureName("avg_speed_of_answer_seconds")
_ABANDONED: Final = FigureName("abandonment_ratio")
_SATISFIED: Final = FigureName("csat_score")
_POSTS: Final = FigureName("activity", "mentions")
_COMPLAINTS: Final = (FigureName("complaints", "tickets"), FigureName("complaints", "mentions"))
_LEAVING: Final = FigureName.of_talk(LEAVING)


class AfterOutage(NamedTuple):
    """Whose figures, and around which outage.

    Attributes:
        figures: Figures of the market.
        operator: Id of the operator.
        began: When the outage began, ms.
        ended: When it ended, ms.
        at: When it is measured, ms.
    """

    figures: KnownFigures
    operator: str
    began: int
    ended: int
    at: int

    def total(self, name: FigureName) -> int | None:
        """Sum over the period; None if nothing was seen."""
        return self.figures.total(self.operator, name, self.at - PERIOD_MS, self.at)

    def mean(self, name: FigureName) -> int | None:
        """Mean over the period; None if nothing was seen."""
        return self.figures.mean(self.operator, name, self.at - PERIOD_MS, self.at)

    def usual(self, name: FigureName) -> int | None:
        """Sum over the day before the outage; None if nothing was seen."""
        return self.figures.total(self.operator, name, self.began - PERIOD_MS, self.began)

    def mood(self, begin: int, end: int) -> Mood:
        """Mood of the posts of a period, each once a minute."""
        totals = {mood: self.figures.total(self.operator, FigureName.of_talk(mood), begin, end) for mood in MOODS}
        return mood_of({mood: (total or 0) // _COUNT for mood, total in totals.items()})


def measured(after: AfterOutage, backup_helped: bool | None = None) -> AftermathPoint:
    """What the figures say.

    Args:
        after: Whose figures, and when.
        backup_helped: What was found of the incident's backups; None if nothing is known.
    """
    abandoned, satisfied = after.mean(_ABANDONED), after.mean(_SATISFIED)
    satisfied_ppm = None if satisfied is None else satisfied * PPM // SCALES["score"]
    mood, heard = after.mood(after.at - PERIOD_MS, after.at), after.total(_POSTS)
    point = AftermathPoint(
        measured_at=Instant(after.at),
        posts=_counted(heard),
        reactions=after.figures.reactions(after.operator, after.at - PERIOD_MS, after.at),
        sentiment_ppm=mood.balance_ppm,
        sentiment_margin_ppm=mood.margin_ppm,
        sentiment_posts=None if heard is None else mood.posts,
        leaving_posts=None if heard is None else _counted(after.total(_LEAVING) or 0),
        waiting_seconds=_seconds(after.mean(_WAITING)),
        abandonment_ppm=None if abandoned is None else max(0, min(PPM, abandoned)),
        satisfaction_ppm=satisfied_ppm if satisfied_ppm is not None and 0 <= satisfied_ppm <= PPM else None,
        complaints_ratio_ppm=_complaints_ratio(after),
        backup_helped=backup_helped,
        not_known=(),
    )
    return replace(point, not_known=tuple(_not_known(point)))


def felt_before(after: AfterOutage) -> FeltBefore:
    """What the mood after an outage is held against; a day of which posts are known has talk of leaving, or none.

    Args:
        after: Whose figures, and around which outage.
    """
    before, during = after.mood(after.began - PERIOD_MS, after.began), after.mood(after.began, after.ended)
    return FeltBefore(
        sentiment_ppm=before.balance_ppm,
        sentiment_margin_ppm=before.margin_ppm,
        sentiment_during_ppm=during.balance_ppm,
        leaving_posts=None if after.usual(_POSTS) is None else _counted(after.usual(_LEAVING) or 0),
    )


def _counted(total: int | None) -> int | None:
    return None if total is None else max(0, total) // _COUNT


def _seconds(mean: int | None) -> int | None:
    return None if mean is None else max(0, mean) // SCALES["s"]


def _complaints_ratio(after: AfterOutage) -> int | None:
    """Complaints over those of the day before the outage; None if either is not known."""
    now = [total for name in _COMPLAINTS if (total := after.total(name)) is not None]
    usual = [total for name in _COMPLAINTS if (total := after.usual(name)) is not None]
    return sum(now) * PPM // sum(usual) if now and sum(usual) > 0 else None


_TOLD: Final = {
    "posts": "posts: nothing was heard",
    "reactions": "reactions: the operator wrote nothing to everybody, or nobody counted them",
    "sentiment_ppm": "sentiment: nobody took a side",
    "leaving_posts": "talk of leaving: nothing was heard",
    "complaints_ratio_ppm": "complaints: none heard now, or none before the outage",
    "waiting_seconds": "waiting: the call centre sent no figures",
    "abandonment_ppm": "abandonment: the call centre sent no figures",
    "satisfaction_ppm": "satisfaction: no figures, or not between 0 and 1",
    "backup_helped": "backup: no backup was active, or nothing to compare",
}
"""Field to what is said where it is not known."""


def _not_known(point: AftermathPoint) -> Iterator[str]:
    yield from (words for name, words in _TOLD.items() if getattr(point, name) is None)
