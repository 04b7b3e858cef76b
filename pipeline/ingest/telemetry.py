"""Telemetry: by far the most records, so the fewest steps for each.

A reading costs one look-up of its series and pane, and one append; sums come
at the batch's end, from lists, where built-in functions run at C's speed. What
can be checked once per series - operator, area, names - is checked when a series
is first met, and remembered.
"""

from operator import mul
from typing import Final

from pipeline.ingest.known import check_area, market_of_operator
from pipeline.ingest.rules import IngestRules
from pipeline.records.clocks import PANE_MS, Instant
from pipeline.records.errors import Reason, RecordError
from pipeline.records.fixed_point import SCALED_MAX, SCALES, Exact
from pipeline.records.inner.partials import Partial
from pipeline.records.raw.telemetry import Reading
from pipeline.records.series import Series, region_of

SERIES_MAX: Final = 200_000
"""Series remembered as checked; a flood of names beyond it is checked anew each time."""

SURE_VALUE: Final = SCALED_MAX / max(SCALES.values())
"""A value of at most this much is in range in any unit."""

Address = tuple[int, str, str | None, str | None, str | None, str | None, str, str]
"""Pane number, operator, area, element, service, item, metric, unit."""


class ReadingGroup:
    """The values of one series and pane within a batch."""

    __slots__ = ("append", "attempts", "limit", "pane", "series", "values")

    def __init__(self, series: Series, pane: int) -> None:
        self.series, self.pane = series, pane
        self.values: list[float] = []
        self.append = self.values.append
        self.attempts: list[tuple[float, int]] = []
        self.limit = SCALED_MAX / SCALES[series.unit]

    def refuse(self, value: float) -> None:
        """Say why a value beyond the limit cannot be used.

        Raises:
            RecordError: Reason `out_of_range`, always.
        """
        words = f"{self.series.measure} = {value!r} {self.series.unit}: must be at most {self.limit:.6g} either way"
        raise RecordError(Reason.OUT_OF_RANGE, words)

    def partial(self) -> Partial:
        """All that the values add up to."""
        scale = SCALES[self.series.unit]
        steps = [round(value * scale) for value in self.values]
        total, weight, weighted = sum(steps), len(steps), 0
        for value, attempts in self.attempts:  # each value is in `values` once already
            weight += attempts - 1
            weighted += round(value * scale) * (attempts - 1)
        return Partial(
            count=len(steps),
            total=Exact(total),
            squares=Exact(sum(map(mul, steps, steps))),
            least=Exact(min(steps)),
            most=Exact(max(steps)),
            weight=Exact(weight),
            weighted=Exact(total + weighted),
        )


class TelemetrySums:
    """Sums of a batch's readings, per series and pane."""

    def __init__(self, rules: IngestRules) -> None:
        self._rules = rules
        self._checked: dict[tuple[str | None, ...], Series | RecordError] = {}
        self.groups: dict[Address, ReadingGroup] = {}

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
        if not -group.limit <= reading.value <= group.limit:
            group.refuse(reading.value)
        group.append(reading.value)
        if reading.attempts != 1:
            group.attempts.append((reading.value, reading.attempts))

    def open(self, reading: Reading, address: Address) -> ReadingGroup:
        """Make the group of a series and pane that the batch meets for the first time.

        Raises:
            RecordError: If operator, area or a name cannot be used.
        """
        names = address[1:]
        series = self._checked.get(names)
        if series is None:
            series = self._check(reading)
            if len(self._checked) < SERIES_MAX:
                self._checked[names] = series
        if isinstance(series, RecordError):
            raise series
        group = self.groups[address] = ReadingGroup(series, address[0] * PANE_MS)
        return group

    def _check(self, reading: Reading) -> Series | RecordError:
        try:
            area = self._area(reading)
            for name in ("metric", "element", "item"):
                _check_name(name, getattr(reading, name))
        except RecordError as error:
            return error
        return Series(
            operator=reading.operator,
            scope_area=region_of(area),
            area=area,
            element=reading.element or "",
            service=reading.service or "",
            item=reading.item or "",
            source="telemetry",
            measure=reading.metric,
            unit=reading.unit,
        )

    def _area(self, reading: Reading) -> str:
        market = market_of_operator(reading.operator, "", self._rules)
        if reading.area is not None:
            check_area(reading.area, "", self._rules)
            return reading.area
        if reading.element is None:
            raise RecordError(Reason.UNKNOWN_AREA, f"{reading.metric}: one of area and element must be given")
        return self._rules.areas_of_elements.get((reading.operator, reading.element), market)

    def partials(self) -> list[tuple[Series, Instant, Partial]]:
        """Give away all sums, and start anew."""
        groups, self.groups = self.groups, {}
        return [(group.series, Instant(group.pane), group.partial()) for group in groups.values() if group.values]


def _check_name(field: str, name: str | None) -> None:
    """Names become labels and keys: they must be printable, which lone surrogates and controls are not."""
    if name is not None and not name.isprintable():
        raise RecordError(Reason.SCHEMA_MISMATCH, f"{field} {name!r}: must be printable text")
