"""Telemetry: by far the most records, so the fewest steps for each.

A reading costs one look-up of its series and pane, and one append; sums come
at the batch's end, from lists, where built-in functions run at C's speed. What
can be checked once per series - operator, area, names, unit - is checked when a series
is first met, and remembered. A value is compared with the metric's range in the unit
in which it came, so that no reading pays for a conversion; the factor into the metric's
own unit comes once, with the sums.
"""

from collections.abc import Iterable
from operator import mul
from typing import Final, NamedTuple

from pipeline.ingest.known import check_area, market_of_operator
from pipeline.ingest.rules import IngestRules
from pipeline.records.clocks import PANE_MS, Instant
from pipeline.records.errors import Reason, RecordError
from pipeline.records.fixed_point import SCALED_MAX, SCALES, Exact
from pipeline.records.inner.partials import NO_COUNTER, CounterReading, Partial
from pipeline.records.raw.feeds import FeedCounts, FeedName
from pipeline.records.raw.telemetry import Reading
from pipeline.records.series import Series, region_of
from pipeline.records.units import Scale, scale_into, scale_of, units_for
from pipeline.reference.metrics import Metric

SERIES_MAX: Final = 200_000
"""Series remembered as checked; a flood of names beyond it is checked anew each time."""

HALF_STEP: Final = 0.5
"""A value that rounds into the range is in it: shares that were divided come out as 1.0000000000000002."""

Address = tuple[int, str, str | None, str | None, str | None, str | None, str, str]
"""Pane number, operator, area, element, service, item, metric, unit."""


class Measure(NamedTuple):
    """What a series' values mean, worked out once.

    Attributes:
        series: Where they are counted, in the metric's own unit.
        metric: The metric, by the table or by rule.
        unit: The unit in which they come.
        factor: Steps of the metric's unit in one of that unit.
        least: Least value that is taken, in the unit in which they come.
        most: Greatest.
    """

    series: Series
    metric: Metric
    unit: str
    factor: float
    least: float
    most: float


def measured(series: Series, metric: Metric, unit: str, scale: Scale) -> Measure:
    """Work out factor and limits of a series' values.

    Args:
        series: In the metric's own unit.
        metric: By the table or by rule.
        unit: The unit in which its values come.
        scale: From that unit into the metric's own.
    """
    steps = SCALES[scale.unit]
    whole, rest = divmod(steps * scale.times, scale.by)
    factor: float = whole if not rest else steps * scale.times / scale.by
    least, most = (-SCALED_MAX, SCALED_MAX) if metric.range is None else (steps * bound for bound in metric.range)
    least, most = max(least - HALF_STEP, -SCALED_MAX), min(most + HALF_STEP, SCALED_MAX)
    return Measure(series, metric, unit, factor, least / factor, most / factor)


class ReadingGroup:
    """The values of one series and pane within a batch, in the unit in which they came; of a counter also when."""

    __slots__ = ("append", "attempts", "least", "measure", "most", "pane", "times", "values")

    def __init__(self, measure: Measure, pane: int) -> None:
        self.measure, self.pane = measure, pane
        self.values: list[float] = []
        self.append = self.values.append
        self.attempts: list[tuple[float, int]] = []
        self.times: list[int] | None = [] if measure.metric.kind == "counter" else None
        self.least, self.most = measure.least, measure.most

    @property
    def series(self) -> Series:
        """Where they are counted."""
        return self.measure.series

    def refuse(self, value: float) -> None:
        """Say why a value outside the range cannot be used.

        Raises:
            RecordError: Reason `out_of_range`, always.
        """
        metric, unit = self.measure.metric, self.measure.unit
        if metric.range is None:
            words = f"must be at most {self.most:.6g} either way"
        else:
            in_unit = SCALES[metric.unit] / self.measure.factor
            least, most = (bound * in_unit for bound in metric.range)
            words = (
                f"must be {least:.6g} to {most:.6g}: send the unit that it is in, or state its range in metrics.toml"
            )
        raise RecordError(Reason.OUT_OF_RANGE, f"{metric.name} = {value!r} {unit}: {words}")

    def partial(self) -> Partial:
        """All that the values add up to."""
        factor = self.measure.factor
        steps = [round(value * factor) for value in self.values]
        total, weight, weighted = sum(steps), len(steps), 0
        for value, attempts in self.attempts:  # each value is in `values` once already
            weight += attempts - 1
            weighted += round(value * factor) * (attempts - 1)
        return Partial(
            count=len(steps),
            total=Exact(total),
            squares=Exact(sum(map(mul, steps, steps))),
            least=Exact(min(steps)),
            most=Exact(max(steps)),
            weight=Exact(weight),
            weighted=Exact(total + weighted),
            counter=NO_COUNTER if self.times is None else CounterReading(*max(zip(self.times, steps, strict=True))),
        )


def are_in_range(groups: Iterable[ReadingGroup], values: Iterable[float]) -> bool:
    """Whether each value can exist in its group."""
    return all(group.least <= value <= group.most for group, value in zip(groups, values, strict=True))


def note_times(groups: Iterable[ReadingGroup], ats: Iterable[int]) -> None:
    """Note when each value was read, ms, where it is a counter's."""
    for group, at in zip(groups, ats, strict=True):
        if group.times is not None:
            group.times.append(at)


class TelemetrySums:
    """Sums of a batch's readings, per series and pane.

    Attributes:
        groups: By address.
        has_counters: Is one of them a counter's, whose readings need their times?
    """

    def __init__(self, rules: IngestRules) -> None:
        self._rules = rules
        self._checked: dict[tuple[str | None, ...], Measure | RecordError] = {}
        self.groups: dict[Address, ReadingGroup] = {}
        self.has_counters = False

    def add(self, reading: Reading, at: int) -> None:
        """Add one reading.

        Raises:
            RecordError: If operator, area, a name or the value cannot be used.
        """
        address = (
            at // PANE_MS,
            reading.operator,
            reading.area,
            reading.element,
            reading.service,
            reading.item,
            reading.metric,
            reading.unit,
        )
        group = self.groups.get(address) or self.open(reading, address)
        if not group.least <= reading.value <= group.most:
            group.refuse(reading.value)
        group.append(reading.value)
        if group.times is not None:
            group.times.append(at)
        if reading.attempts != 1:
            group.attempts.append((reading.value, reading.attempts))

    def open(self, reading: Reading, address: Address) -> ReadingGroup:
        """Make the group of a series and pane that the batch meets for the first time.

        Raises:
            RecordError: If operator, area, a name or the unit cannot be used.
        """
        names = address[1:]
        measure = self._checked.get(names)
        if measure is None:
            measure = self._check(reading)
            if len(self._checked) < SERIES_MAX:
                self._checked[names] = measure
        if isinstance(measure, RecordError):
            raise measure
        group = self.groups[address] = ReadingGroup(measure, address[0] * PANE_MS)
        self.has_counters = self.has_counters or group.times is not None
        return group

    def _check(self, reading: Reading) -> Measure | RecordError:
        try:
            area = self._area(reading)
            for name in ("metric", "element", "item"):
                _check_name(name, getattr(reading, name))
            metric = self._rules.metrics.of(reading.metric, scale_of(reading.unit).unit)
            scale = _scale(reading, metric)
        except RecordError as error:
            return error
        series = Series(
            operator=reading.operator,
            scope_area=region_of(area),
            area=area,
            element=reading.element or "",
            service=reading.service or "",
            item=reading.item or "",
            source="telemetry",
            measure=reading.metric,
            unit=scale.unit,
        )
        return measured(series, metric, reading.unit, scale)

    def _area(self, reading: Reading) -> str:
        market = market_of_operator(reading.operator, "", self._rules)
        if reading.area is not None:
            check_area(reading.area, "", self._rules)
            return reading.area
        if reading.element is None:
            raise RecordError(Reason.UNKNOWN_AREA, f"{reading.metric}: one of area and element must be given")
        return self._rules.areas_of_elements.get((reading.operator, reading.element), market)

    def count_by_feed(self, counts: FeedCounts) -> None:
        """Count what is held by feed; a metric that nobody described brings the unit from which it was guessed."""
        for group in self.groups.values():
            if group.values:
                series = group.series
                count = counts.of(FeedName("telemetry", series.operator, series.measure))
                count.used += len(group.values)
                if not self._rules.metrics.describes(series.measure):
                    count.unit = series.unit

    def partials(self) -> list[tuple[Series, Instant, Partial]]:
        """Give away all sums, and start anew."""
        groups, self.groups, self.has_counters = self.groups, {}, False
        return [(group.series, Instant(group.pane), group.partial()) for group in groups.values() if group.values]


def _scale(reading: Reading, metric: Metric) -> Scale:
    """The factor from a reading's unit into its metric's.

    Raises:
        RecordError: Reason `unknown_unit`, if none leads there.
    """
    scale = scale_into(reading.unit, metric.unit)
    if scale is None:
        known = ", ".join(units_for(metric.unit))
        words = f"{metric.name}: unit {reading.unit!r} must be one of {known}, as metrics.toml has it in {metric.unit}"
        raise RecordError(Reason.UNKNOWN_UNIT, words)
    return scale


def _check_name(field: str, name: str | None) -> None:
    """Names become labels and keys: they must be printable, which lone surrogates and controls are not."""
    if name is not None and not name.isprintable():
        raise RecordError(Reason.SCHEMA_MISMATCH, f"{field} {name!r}: must be printable text")
