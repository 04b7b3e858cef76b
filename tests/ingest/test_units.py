"""Units and ranges: a value is kept in its metric's own unit, and one that cannot exist is refused by name."""

import json
from dataclasses import replace

import pytest

from pipeline.ingest.apply import Lane, LaneBatch
from pipeline.ingest.config import IngestConfig
from pipeline.records.clocks import format_instant
from pipeline.records.fixed_point import from_fixed
from pipeline.records.inner.partials import SeriesPartial
from pipeline.records.units import WIRE_UNITS, scale_of
from pipeline.reference.metrics import Metric, Metrics, Role
from tests.ingest.world import NOON, Raw, reading, rules

LATENCY = Metric(
    name="latency_ms", role=Role.SERVICE, kind="latency", unit="ms", bad="up", least_change=0.5, range=(0.0, 60_000.0)
)


def batch_of(*records: Raw) -> LaneBatch:
    """What a lane makes of readings, with one metric described and all others by rule."""
    base = rules(IngestConfig(lanes=1, signals_partitions=1))
    lane = Lane(0, replace(base, metrics=Metrics([LATENCY])), {})
    assert lane.take("telemetry", records, None) == len(records)
    return lane.close()


def in_town(batch: LaneBatch) -> list[SeriesPartial]:
    """The sums of Köln itself, without its nation's."""
    return [item for envelope in batch.envelopes for item in envelope.partials if item.scope_area != "DE"]


@pytest.mark.parametrize(
    ("metric", "unit", "value", "kept_unit", "kept"),
    [
        pytest.param("loss", "percent", 60.0, "ratio", 0.6, id="percent_is_a_hundredth"),
        pytest.param("loss", "%", 0.2, "ratio", 0.002, id="the_sign_is_the_word"),
        pytest.param("loss", "permille", 7.5, "ratio", 0.0075, id="permille"),
        pytest.param("loss", "ppm", 12.0, "ratio", 0.000_012, id="parts_per_million"),
        pytest.param("rtt", "us", 14_250.0, "ms", 14.25, id="microseconds"),
        pytest.param("rtt", "ns", 14_250_000.0, "ms", 14.25, id="nanoseconds"),
        pytest.param("latency_ms", "s", 0.016, "ms", 16.0, id="seconds_of_a_metric_that_is_kept_in_ms"),
        pytest.param("hold", "min", 1.5, "s", 90.0, id="minutes"),
        pytest.param("traffic", "Gbit/s", 1.25, "kbps", 1_250_000.0, id="gigabits"),
        pytest.param("traffic", "bit/s", 64_000.0, "kbps", 64.0, id="bits"),
        pytest.param("rsrp", "dBm", -97.5, "dbm", -97.5, id="decibels_over_a_milliwatt"),
        pytest.param("sinr", "dB", -3.25, "db", -3.25, id="decibels"),
        pytest.param("requests", "per_minute", 90.0, "per_second", 1.5, id="a_rate_a_minute"),
        pytest.param("voice_quality", "mos", 4.1, "score", 4.1, id="opinion_score"),
    ],
)
def test_a_value_is_kept_in_the_units_own_scale(
    metric: str, unit: str, value: float, kept_unit: str, kept: float
) -> None:
    batch = batch_of(reading(metric=metric, unit=unit, value=value))
    assert not batch.quarantined
    (found,) = in_town(batch)
    assert (found.unit, from_fixed(found.partial.total, found.unit)) == (kept_unit, kept)


def test_two_units_of_one_metric_meet_in_one_series() -> None:
    batch = batch_of(
        reading(metric="loss", unit="percent", value=2.0), reading(metric="loss", unit="ratio", value=0.04)
    )
    (found,) = in_town(batch)
    assert (found.partial.count, from_fixed(found.partial.total, "ratio")) == (2, 0.06)


@pytest.mark.parametrize(
    ("metric", "unit", "value", "said"),
    [
        pytest.param("loss", "ratio", 60.0, "loss = 60.0 ratio: must be 0 to 1", id="a_percent_that_is_called_a_ratio"),
        pytest.param("loss", "percent", 101.0, "loss = 101.0 percent: must be 0 to 100", id="more_than_all"),
        pytest.param(
            "sessions", "count", -1.0, "sessions = -1.0 count: must be 0 to 9e+12", id="minus_one_is_no_count"
        ),
        pytest.param("latency_ms", "us", 16e9, "latency_ms = 16000000000.0 us: must be 0 to 6e+07", id="by_the_table"),
        pytest.param("rsrp", "dbm", 97.0e3, "rsrp = 97000.0 dbm: must be -200 to 100", id="no_power_on_earth"),
    ],
)
def test_a_value_that_cannot_exist_is_refused_with_metric_unit_value_and_range(
    metric: str, unit: str, value: float, said: str
) -> None:
    batch = batch_of(reading(metric=metric, unit=unit, value=value), reading())
    (refused,) = batch.quarantined
    assert refused.reason == "out_of_range"
    assert refused.message.startswith(said)
    assert batch.used == 1, "the other reading counts"


def test_a_share_that_was_divided_is_in_range() -> None:
    batch = batch_of(reading(value=1.000_000_000_000_000_2), reading(value=-0.0))
    assert not batch.quarantined
    (found,) = in_town(batch)
    assert (found.partial.most, found.partial.least) == (1_000_000, 0)


def test_a_unit_that_does_not_lead_to_the_metrics_own_is_refused_with_those_that_do() -> None:
    (refused,) = batch_of(reading(metric="latency_ms", unit="percent", value=3.0)).quarantined
    assert refused.reason == "unknown_unit"
    assert "latency_ms: unit 'percent' must be one of ms, s, ns, us" in refused.message


def test_a_long_batch_is_refused_the_same_way_as_single_readings() -> None:
    records = [reading(NOON + n, value=float(n % 7 == 3) * 2.0, metric="loss") for n in range(600)]
    at_once = batch_of(*records)
    refused = [json.loads(record.value or b"")["observed_at"] for record in at_once.quarantined]
    assert refused == [format_instant(NOON + n) for n in range(600) if n % 7 == 3]
    assert at_once.used == 600 - len(at_once.quarantined)


def test_every_unit_on_the_wire_has_a_canonical_one_that_leads_to_itself() -> None:
    for unit in WIRE_UNITS:
        canonical = scale_of(unit).unit
        assert scale_of(canonical) == (canonical, 1, 1)
