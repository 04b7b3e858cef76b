"""Does the reference know what a row names? Asked at import, in the words of INGEST's refusals.

INGEST would refuse such a record in every replay: an import that says "2 of 2
rows" of an operator that nobody knows promises what does not come. So the row
is refused here, with the nearest name that is known, since most of these are
spellings. A metric that nobody described is used all the same, and said once.
"""

import difflib
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from pipeline.adapters.recordings.intake.written.faults import Fault, RowError
from pipeline.ingest.telemetry import ReadingGroup, measured
from pipeline.records.errors import RecordError
from pipeline.records.raw.mentions import Mention
from pipeline.records.raw.telemetry import Reading
from pipeline.records.raw.tickets import Ticket
from pipeline.records.series import Series
from pipeline.records.units import scale_into, scale_of, units_for
from pipeline.reference.metrics import Metrics
from pipeline.reference.operators import Operators
from pipeline.reference.places import Places

_SHOWN: Final = 3
_LISTED_MAX: Final = 8
_NO_SERIES: Final = Series("", "", "", "", "", "", "telemetry", "", "")
_TOLD_MAX: Final = 50
_WORSE: Final = {"up": "it rises", "down": "it falls", "both": "it changes"}

SYMPTOMS: Final = (
    "no_service", "no_signal", "slow", "dropping", "no_calls", "no_sms", "no_internet", "no_tv", "picture", "buffering",
    "delayed", "emergency_unreachable", "other",
)  # fmt: skip
"""Symptoms that texts are understood to tell; a care system may have codes of its own."""

_LIKENESS: Final = 0.6
"""Of difflib: two of three letters in the same order."""


def nearest(name: str, known: Mapping[str, str]) -> str:
    """The nearest known names, as part of a sentence; empty if none is near.

    Args:
        name: What nobody knows.
        known: Names that are known, to what is shown of each.

    >>> nearest("netkologne", {"NetCologne": "netcologne", "Telekom": "telekom"})
    'nearest known: netcologne; '
    """
    folded = {known_name.casefold(): shown for known_name, shown in known.items()}
    near = difflib.get_close_matches(name.casefold(), folded, _SHOWN, _LIKENESS)
    return f"nearest known: {', '.join(dict.fromkeys(folded[known_name] for known_name in near))}; " if near else ""


class KnownNames:
    """Asks the reference about records.

    Args:
        operators: Whom it knows.
        places: Which areas it knows.
        metrics: What it knows of metrics; one that nobody described is used all the same, and told.
    """

    def __init__(self, operators: Operators, places: Places, metrics: Metrics | None = None) -> None:
        self._operators = operators
        self._places = places
        self._market_of = {operator.id: operator.market for operator in operators}
        self._names = {name: operator.id for operator in operators for name in (operator.id, operator.name)}
        self._markets = tuple(sorted(set(self._market_of.values())))
        self._metrics = metrics
        self._measures: dict[tuple[str, str], ReadingGroup] = {}
        self._told: Counter[str] = Counter()
        self._area_words = lru_cache(maxsize=10_000)(self._words_of_area)

    def __call__(self, record: Mention | Ticket | Reading) -> None:
        """Refuse a record that the reference does not know.

        Raises:
            RowError: `unknown_operator`, `unknown_market` or `unknown_area`, with the nearest known name.
        """
        if record.operator is not None and record.operator not in self._market_of:
            raise self._operator(record.operator, record.market)
        if record.market is not None and record.market not in self._markets:
            words = f"market {record.market!r}: must be one of {', '.join(self._markets)}; or add it in markets.toml"
            raise RowError(Fault.UNKNOWN_MARKET, words, f'unknown market "{record.market}"')
        if record.area is not None and record.area not in self._places:
            raise RowError(Fault.UNKNOWN_AREA, self._area_words(record.area), f'unknown area "{record.area}"')
        _require_printable(record)
        if isinstance(record, Reading) and self._metrics is not None:
            self._require_range(record, self._metrics)
        self._note(record)

    def told(self) -> Mapping[str, int]:
        """What the reference does not describe and is used all the same: in words, how many rows."""
        return self._told

    def _require_range(self, reading: Reading, metrics: Metrics) -> None:
        """Refuse a value that cannot be, by INGEST's own limits and in its words."""
        key = (reading.metric, reading.unit)
        if key not in self._measures:
            metric = metrics.of(reading.metric, scale_of(reading.unit).unit)
            if (scale := scale_into(reading.unit, metric.unit)) is None:
                known = ", ".join(units_for(metric.unit))
                words = f"{reading.metric}: unit {reading.unit!r} must be one of {known}, as metrics.toml describes it"
                raise RowError(Fault.UNKNOWN_UNIT, words, f"unit {reading.unit!r} of {reading.metric}")
            self._measures[key] = ReadingGroup(measured(_NO_SERIES, metric, reading.unit, scale), 0)
        group = self._measures[key]
        if not group.least <= reading.value <= group.most:
            try:
                group.refuse(reading.value)
            except RecordError as error:
                kind = f"{reading.metric} out of range in {reading.unit}"
                raise RowError(Fault.OUT_OF_RANGE, error.message, kind) from None

    def _note(self, record: Mention | Ticket | Reading) -> None:
        words = ""
        if isinstance(record, Reading) and self._metrics is not None and record.metric not in self._metrics:
            metric = self._metrics.of(record.metric, scale_of(record.unit).unit)
            words = (
                f'values of metric "{record.metric}", which metrics.toml does not describe: taken by its name and unit '
                f"({record.unit}) as {metric.role}, worse when {_WORSE[metric.bad]}"
            )
        elif isinstance(record, Ticket) and record.symptom is not None and record.symptom not in SYMPTOMS:
            near = nearest(record.symptom, {symptom: symptom for symptom in SYMPTOMS}).rstrip("; ")
            words = f'tickets of symptom "{record.symptom}", a code that only you know' + (f" ({near})" if near else "")
        if words and (words in self._told or len(self._told) < _TOLD_MAX):
            self._told[words] += 1

    def _operator(self, name: str, market: str | None) -> RowError:
        there = [id_ for id_, home in self._market_of.items() if home == market] or list(self._market_of)
        more = f" and {len(there) - _LISTED_MAX} more" if len(there) > _LISTED_MAX else ""
        near = nearest(name, self._names) or f"known: {', '.join(there[:_LISTED_MAX])}{more}; "
        words = f"operator {name!r}: is not known; {near}set or map another, or add it in operators.toml"
        return RowError(Fault.UNKNOWN_OPERATOR, words, f'unknown operator "{name}"')

    def _words_of_area(self, area: str) -> str:
        market = area.partition("/")[0]
        name = area.rpartition("/")[2].replace("_", " ")
        found = self._places.resolve(name, market if market in self._markets else None)
        near = f"nearest known: {found}; " if found is not None else ""
        return (
            f"area {area!r}: is no path of the place tree, such as DE/NW/koeln; {near}"
            "map names of places to the field place (--map place=...), or add it in own_places.csv"
        )


def _require_printable(record: Mention | Ticket | Reading) -> None:
    for name in ("metric", "element", "item", "symptom"):
        text = getattr(record, name, None)
        if text is not None and not text.isprintable():
            raise RowError(Fault.SCHEMA_MISMATCH, f"{name} {text!r}: must be printable text")
    if isinstance(record, Mention) and record.official and record.operator is None:
        raise RowError(Fault.MISSING_FIELD, "operator: an official post must name its operator (--set operator=...)")
