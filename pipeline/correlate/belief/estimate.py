"""When did it begin, when will it end, how much was lost: intervals, never single numbers.

The end is estimated from how long outages of its kind last that have lasted as
long already: from the table of lengths of the reference, and without one from a
log-normal prior. A maintenance window and the hold of a recovery are better known
and go before it. What an operator promises is not used, nor the shape of the
recovery curve. No end lies before the moment that tells it.
"""

from collections.abc import Sequence
from math import erfc, exp, log, sqrt
from statistics import NormalDist
from typing import Final, NamedTuple

from msgspec import structs

from pipeline.correlate.belief.nature import moment_of
from pipeline.correlate.config import CorrelateConfig, EstimateConfig
from pipeline.correlate.evidence.services import services_shown
from pipeline.correlate.parts import Forecast
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.state import OpenIncident
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.published.incident_parts import EtaEstimate, TimeInterval
from pipeline.records.published.incidents import ESTIMATES_MAX
from pipeline.records.vocabulary import DurationClass, IncidentState
from pipeline.reference.explained.kinds import CalendarHour
from pipeline.reference.lasting.durations import ANY, DurationTable, kind_of

OVER: Final = (IncidentState.RESOLVED, IncidentState.CLOSED, IncidentState.DISMISSED)
"""States in which nothing is expected any more."""


class Lengths(NamedTuple):
    """How long outages like this one last.

    Attributes:
        kind: Its kind, one that the table has.
        table: Lengths by kind; None = as the settings have it.
    """

    kind: str = ANY
    table: DurationTable | None = None

    def left(self, elapsed_ms: int, config: EstimateConfig) -> tuple[int, int, int]:
        """How much longer it lasts, in minutes of at least 1: one in ten, half, nine in ten are over by then.

        Args:
            elapsed_ms: Since its start, 0 or more.
            config: The prior that stands in for a table.
        """
        if self.table is None:
            return minutes_left(elapsed_ms / MINUTE_MS, config)
        return self.table.left(self.kind, elapsed_ms // MINUTE_MS)


BY_SETTINGS: Final = Lengths()
"""Without a table."""


def lengths_of(incident: OpenIncident, areas: Sequence[str], table: DurationTable | None) -> Lengths:
    """What is known of the lengths of outages like this one.

    Args:
        incident: Its services tell whose people mend it.
        areas: The smallest areas that explain its evidence.
        table: Lengths by kind.
    """
    if table is None:
        return BY_SETTINGS
    return Lengths(table.known_kind(kind_of(services_shown(incident.dossier), areas)), table)


def started_at(incident: OpenIncident) -> int:
    """When it began, ms: the earliest first evidence of any source, or when it opened."""
    return min((began for began, _ in incident.dossier.found.values()), default=incident.identity.opened_at)


def started_in(incident: OpenIncident, reference: CorrelateReference) -> CalendarHour:
    """The hour in which it began, as its market's clock tells it: an hour that went on would change what it is."""
    return moment_of(started_at(incident), incident.identity.market, reference)


def started_between(incident: OpenIncident) -> TimeInterval:
    """From one step before the estimated start to the first step that showed it."""
    began = started_at(incident)
    seen = [series.last_at for series in incident.dossier.series.values()]
    latest = max(began, min([*seen, incident.identity.opened_at]))
    return TimeInterval(earliest=Instant(began - incident.dossier.step_ms_max), latest=Instant(latest))


def ended_at(incident: OpenIncident) -> int | None:
    """End of the last evidence, ms, once it is over; None before."""
    if incident.state not in (IncidentState.RECOVERING, IncidentState.RESOLVED, IncidentState.CLOSED):
        return None
    return _last_seen(incident)


def _last_seen(incident: OpenIncident) -> int:
    """When it was last seen: by figures where there are some, since people complain for a while after the end.

    Where only people tell, the operator may have said that it goes on when they had tired of it: then its word is
    the later sight, and its all-clear the end.
    """
    areas, words = incident.dossier.areas.values(), incident.officials
    measured = [area.down_at for area in areas if area.measured]
    if any(measured):
        return max(measured)
    seen = max((area.down_at for area in areas), default=0) or max(
        (area.last_at for area in areas), default=incident.dossier.last_at
    )
    return max(words.goes_on_at, words.over_at) if words.goes_on_at > seen else seen


def minutes_left(elapsed_minutes: float, config: EstimateConfig) -> tuple[int, int, int]:
    """How much longer an outage lasts that has lasted so long: 10 %, half, 90 % are over by then.

    Args:
        elapsed_minutes: Since its start, 0 or more.
        config: The prior.

    Returns:
        Whole minutes, each at least 1, in rising order.

    Source:
        P(T < t + r | T > t) of a log-normal T.

    >>> minutes_left(0, EstimateConfig())
    (58, 178, 542)
    """
    middle = log(config.median_minutes)
    lasts = _survival((log(elapsed_minutes) - middle) / config.spread) if elapsed_minutes > 0 else 1.0

    def left(part: float) -> int:
        quantile = -NormalDist().inv_cdf((1 - part) * lasts)
        return max(1, round(exp(middle + config.spread * quantile) - elapsed_minutes))

    return left(0.1), left(0.5), left(0.9)


def _survival(deviations: float) -> float:
    """How much of a normal distribution lies beyond so many standard deviations; exact far out, where 1 - cdf is 0."""
    return erfc(deviations / sqrt(2)) / 2


def estimate_end(
    incident: OpenIncident, now: int, config: CorrelateConfig, lengths: Lengths = BY_SETTINGS
) -> EtaEstimate | None:
    """When it will be over, as known now; None once it is.

    Args:
        incident: With its state and windows settled.
        now: End of the pane, ms.
        config: The prior, and the hold of a recovery.
        lengths: How long outages like this one last.
    """
    if incident.state in OVER:
        return None
    if incident.state == IncidentState.RECOVERING:
        until = incident.course.since + config.lifecycle.hold_minutes * MINUTE_MS
        return _estimate(now, now, max(until, now), "recovery_curve", likely=now)
    maintenance = incident.cover.maintenance
    if maintenance is not None and maintenance.until > now:
        return _estimate(now, now, int(maintenance.until), "maintenance_window")
    early, likely, late = lengths.left(max(0, now - started_at(incident)), config.estimate)
    whole = now - now % MINUTE_MS
    return _estimate(
        now, whole + early * MINUTE_MS, whole + late * MINUTE_MS, "similar_incidents", likely=whole + likely * MINUTE_MS
    )


def _estimate(now: int, earliest: int, latest: int, basis: str, likely: int | None = None) -> EtaEstimate:
    return EtaEstimate(
        made_at=Instant(now),
        earliest=Instant(min(earliest, latest)),
        latest=Instant(latest),
        basis=basis,  # type: ignore[arg-type]  # one of the closed list, written above
        likely=Instant(latest if likely is None else likely),
    )


def estimate_due(incident: OpenIncident) -> int | None:
    """When the present estimate must be made anew, ms: it says that it should be over by then. None if never."""
    latest = incident.forecast.latest
    if incident.state in OVER or incident.state == IncidentState.RECOVERING or latest is None:
        return None
    return _likely(latest)


def told_end(latest: EtaEstimate | None, now: int) -> EtaEstimate | None:
    """An estimate as it is told later than it was made: what of it has passed is now.

    Args:
        latest: As it was made.
        now: When it is told, ms.
    """
    if latest is None or latest.earliest >= now:
        return latest
    earliest, end = Instant(now), Instant(max(now, latest.latest))
    likely = None if latest.likely is None else Instant(max(now, latest.likely))
    return structs.replace(latest, earliest=earliest, likely=likely, latest=end)


def renew_estimate(incident: OpenIncident, now: int, config: CorrelateConfig, lengths: Lengths = BY_SETTINGS) -> bool:
    """Make the estimate anew if the state changed it, its kind did, or its time has come.

    Args:
        incident: Its forecast changes in place.
        now: End of the pane, ms.
        config: Settings.
        lengths: How long outages like this one last.

    Returns:
        True if it moved enough to be told.
    """
    fresh, forecast = estimate_end(incident, now, config, lengths), incident.forecast
    known = forecast.latest
    is_other, forecast.kind = forecast.kind != lengths.kind, lengths.kind
    if fresh is None:
        _file(forecast, known)
        forecast.latest = None
        return known is not None
    if known is not None and known.basis == fresh.basis and not is_other and not _is_due(incident, now):
        return False
    moved_ms = config.estimate.moved_minutes * MINUTE_MS
    told = known is None or known.basis != fresh.basis or _likely(fresh) - _likely(known) > moved_ms
    if told:
        _file(forecast, known)
    forecast.latest = fresh
    return told


def _is_due(incident: OpenIncident, now: int) -> bool:
    due = estimate_due(incident)
    return due is not None and due <= now


def _likely(estimate: EtaEstimate) -> int:
    return int(estimate.likely or estimate.latest)


def _file(forecast: Forecast, known: EtaEstimate | None) -> None:
    """Keep what was estimated before: the first and the latest ones."""
    if known is None:
        return
    forecast.earlier = [*forecast.earlier, known]
    if len(forecast.earlier) > ESTIMATES_MAX:
        del forecast.earlier[1]
        forecast.earlier_omitted += 1


def duration_class(incident: OpenIncident, now: int, config: EstimateConfig) -> DurationClass:
    """Prolonged if it lasted, or will even at the earliest last, longer than the bar; temporary if it likely will not.

    Args:
        incident: With its forecast renewed.
        now: End of the pane, ms.
        config: The bar.
    """
    bar_ms = config.prolonged_minutes * MINUTE_MS
    end, latest = ended_at(incident), incident.forecast.latest
    if (end or now) - started_at(incident) >= bar_ms:
        return "prolonged"
    if end is not None:
        return "temporary"
    if latest is None:
        return "unknown"
    if int(latest.earliest) - started_at(incident) >= bar_ms:
        return "prolonged"
    return "temporary" if _likely(latest) - started_at(incident) < bar_ms else "unknown"
