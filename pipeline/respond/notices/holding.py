"""What holds a notice back, as a table: the first row that holds counts, and its reason is written down once."""

from collections.abc import Callable
from typing import Final, NamedTuple

from pipeline.records.vocabulary import DecisionReason
from pipeline.respond.notices.occasions import Occasion
from pipeline.respond.notices.situation import Situation


class Hold(NamedTuple):
    """A row of the table.

    Attributes:
        reason: Reason of the decision.
        holds: Does it hold this occasion back now?
        words: Why, for people; `{until}` and others are filled in from the incident.
        until: When it ends by itself, ms; None if only a change ends it.
    """

    reason: DecisionReason
    holds: Callable[[Situation, Occasion], bool]
    words: Callable[[Situation], str]
    until: Callable[[Situation], int | None] = lambda _now: None


_OF_PLANNED_WORK: Final = frozenset({"planned_work", "overrun", "all_clear", "apology"})


def _within_window(now: Situation, occasion: Occasion) -> bool:
    planned = now.incident.maintenance is not None and not now.failing_numbers
    return planned and occasion.name not in _OF_PLANNED_WORK


def _is_blind(now: Situation, occasion: Occasion) -> bool:
    return occasion.name in ("all_clear", "apology") and bool(now.incident.silent_feeds)


HOLDS: Final = (
    Hold(
        DecisionReason.NO_TARGET,
        lambda now, _occasion: not now.incident.operators,
        lambda _now: "no operator is known in whose name to speak",
    ),
    Hold(
        DecisionReason.NO_TARGET,
        lambda now, _occasion: now.incident.summary is None,
        lambda _now: "there is no summary to make words of",
    ),
    Hold(
        DecisionReason.SILENCED,
        lambda now, _occasion: now.incident.silence is not None and now.at < int(now.incident.silence.until),
        lambda now: f"silenced: {now.incident.silence.reason if now.incident.silence else ''}",
        lambda now: int(now.incident.silence.until) if now.incident.silence else None,
    ),
    Hold(
        DecisionReason.MAINTENANCE,
        _within_window,
        lambda _now: "inside a maintenance window that was announced",
        lambda now: now.planned_until or None,
    ),
    Hold(
        DecisionReason.SOURCE_SILENT,
        _is_blind,
        lambda now: (
            f"no all-clear while a feed is silent: {', '.join(feed.feed for feed in now.incident.silent_feeds or ())}"
        ),
    ),
    Hold(
        DecisionReason.LIMIT_REACHED,
        lambda now, occasion: now.told.texts >= now.config.texts_max and not occasion.is_due,
        lambda now: f"{now.told.texts} texts were drafted: more than respond.texts_max = {now.config.texts_max}",
    ),
)
"""The table; what a person ordered stands before what we found out."""


def why_held(now: Situation, occasion: Occasion) -> Hold | None:
    """What holds an occasion back now; None if nothing does.

    Args:
        now: The case at this moment.
        occasion: Row of the table of occasions, which happens.
    """
    return next((hold for hold in HOLDS if hold.holds(now, occasion)), None)
