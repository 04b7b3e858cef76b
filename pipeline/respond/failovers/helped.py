"""Did a backup help? The operator's call centre in the half-hour before the switch, and since.

It is a comparison and no proof: while a backup is active the outage goes on, grows or ends. So the
record holds both figures beside the verdict.
"""

from typing import Final, NamedTuple

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.figures import FigureName
from pipeline.records.published.failovers import Failover, Help
from pipeline.records.vocabulary import HelpVerdict
from pipeline.respond.figures import KnownFigures, rounded
from pipeline.respond.state import IncidentCase

BEFORE_MS: Final = 30 * MINUTE_MS
"""The time before the switch that counts: two figures of a call centre that reports every quarter of an hour."""

SETTLING_MS: Final = 5 * MINUTE_MS
"""The time after the switch that does not count: who waits then began to wait before."""

PERCENT_THAT_MATTERS: Final = 10
"""A figure that moved by less says nothing: queues wander by that much in any half-hour."""

WAITING: Final = FigureName("avg_speed_of_answer_seconds")
GIVEN_UP: Final = FigureName("abandonment_ratio")
SATISFIED: Final = FigureName("csat_score")


class Moved(NamedTuple):
    """A figure before and since, in steps of its unit; None where nothing was seen."""

    before: int | None
    during: int | None


def help_of(figures: KnownFigures, operator: str, switched_at: int, end: int) -> Help:
    """Compare the call centre before a switch and since.

    Args:
        figures: Figures of the market.
        operator: Id of the operator.
        switched_at: When the backup was switched to, ms.
        end: Now, or when it went back to standby, ms.
    """
    moved = {name: _moved(figures, operator, name, (switched_at, end)) for name in (WAITING, GIVEN_UP, SATISFIED)}
    waiting, given_up, satisfied = (moved[name] for name in (WAITING, GIVEN_UP, SATISFIED))
    return Help(
        verdict=verdict_of(waiting, given_up, satisfied),
        measured_to=Instant(end),
        waiting_seconds_before=_seconds(waiting.before),
        waiting_seconds_during=_seconds(waiting.during),
        abandonment_ppm_before=given_up.before,
        abandonment_ppm_during=given_up.during,
        satisfaction_milli_before=satisfied.before,
        satisfaction_milli_during=satisfied.during,
    )


def verdict_of(waiting: Moved, given_up: Moved, satisfied: Moved) -> HelpVerdict:
    """What three figures say, one voice each.

    Args:
        waiting: Average speed of answer: less is better.
        given_up: Share of callers who gave up: less is better.
        satisfied: Satisfaction: more is better.

    >>> verdict_of(Moved(600_000, 240_000), Moved(300_000, 290_000), Moved(None, None))
    'helped'
    >>> verdict_of(Moved(600_000, 590_000), Moved(None, 1), Moved(None, None))
    'no_difference'
    """
    voices = [_voice(waiting), _voice(given_up), _voice(Moved(satisfied.during, satisfied.before))]
    heard = [voice for voice in voices if voice is not None]
    if not heard:
        return "unknown"
    total = sum(heard)
    return "helped" if total > 0 else "worse" if total < 0 else "no_difference"


def backup_helped(case: IncidentCase) -> bool | None:
    """Whether the backups of an incident helped: True if one did and none made it worse; None if nothing is known."""
    verdicts = {
        known.failover.helped.verdict
        for known in case.failovers.backups.values()
        if known.failover.helped is not None and known.failover.helped.verdict != "unknown"
    }
    return ("helped" in verdicts and "worse" not in verdicts) if verdicts else None


def measured(failover: Failover, figures: KnownFigures, at: int) -> Help | None:
    """What is known of a backup's use up to a moment; None if it was never active.

    Args:
        failover: Its record.
        figures: Figures of the market.
        at: The moment, ms.
    """
    if failover.active_since is None:
        return None
    return help_of(figures, failover.operator, int(failover.active_since), at)


def _moved(figures: KnownFigures, operator: str, name: FigureName, between: tuple[int, int]) -> Moved:
    switched_at, end = between
    return Moved(
        figures.mean(operator, name, switched_at - BEFORE_MS, switched_at),
        figures.mean(operator, name, switched_at + SETTLING_MS, end),
    )


def _voice(moved: Moved) -> int | None:
    """1 if a figure of which less is better fell by what matters, -1 if it rose so, 0 between; None if unknown."""
    before, during = moved
    if before is None or during is None:
        return None
    if abs(during - before) * 100 < PERCENT_THAT_MATTERS * max(before, during, 1):
        return 0
    return 1 if during < before else -1


def _seconds(steps: int | None) -> int | None:
    return None if steps is None else rounded(steps, 1_000)
