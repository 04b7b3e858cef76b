"""Counters are told as rates: by the times of their readings, across panes, batches and new beginnings."""

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.counters import SPAN_MS_MAX, rate_between, rate_key, told_as_rates
from pipeline.detect.rollup import key_fields, key_of
from pipeline.records.clocks import DAY_MS, HOUR_MS, MINUTE_MS, PANE_MS
from pipeline.records.inner.partials import CounterReading, Partial, SeriesPartial, merged
from tests.detect.world import MONDAY, Run, counted

HLR = {"element": "hlr-1", "measure": "location_updates_total"}
KEY = key_of(counted(MONDAY, 0, **HLR))
MANY = 100


def rates(parts: list[SeriesPartial], most: int = MANY) -> list[float]:
    """Rates of the one counter, a second, in the order of panes."""
    panes = [{key_of(part): part.partial} for part in parts]
    told = told_as_rates(panes, {}, most)
    return [partial.mean_in("per_second") for leaves in told for partial in leaves.values()]


def test_a_meter_of_thirty_seconds_that_wavers_over_the_borders_of_panes_tells_one_rate() -> None:
    ats = [MONDAY + 30_000 * n + (3_000 if n % 2 else -3_000) for n in range(1, 9)]
    told = rates([counted(at, 40 * (at - MONDAY) // 1_000, **HLR) for at in ats])
    assert told == [40.0] * 7


def test_the_first_reading_and_one_after_a_new_beginning_tell_nothing() -> None:
    totals = [9_000, 9_600, 90, 690]
    told = rates([counted(MONDAY + n * MINUTE_MS, total, **HLR) for n, total in enumerate(totals)])
    assert told == [10.0, 10.0]


def test_what_grew_in_longer_than_an_hour_is_no_rate_of_now() -> None:
    gap = SPAN_MS_MAX + PANE_MS
    assert rates([counted(MONDAY, 0, **HLR), counted(MONDAY + gap, 50_000, **HLR)]) == []
    assert rate_between(CounterReading(MONDAY, 0), CounterReading(MONDAY, 5)) is None


def test_its_rate_is_a_series_of_the_same_place_and_name() -> None:
    before, after = key_fields(KEY), key_fields(rate_key(KEY))
    assert after == before._replace(unit="per_second")


def test_counters_beyond_the_most_are_left_out_and_other_series_stay() -> None:
    known: dict[str, CounterReading] = {}
    other = Partial(count=1)
    panes = [{KEY: counted(at, at % DAY_MS, **HLR).partial, "other": other} for at in (MONDAY, MONDAY + MINUTE_MS)]
    assert told_as_rates(panes, known, 0) == [{"other": other}] * 2
    assert known == {}


@given(st.lists(st.tuples(st.integers(1, 9_999), st.integers(0, 10**12)), min_size=1, max_size=6), st.randoms())
def test_readings_of_a_pane_may_come_in_any_order_and_any_cut(
    found: list[tuple[int, int]], chance: random.Random
) -> None:
    parts = [counted(MONDAY + at, total, **HLR).partial for at, total in found]
    whole = merged(parts).counter
    chance.shuffle(parts)
    cut = chance.randrange(len(parts) + 1)
    halves = [merged(some) for some in (parts[:cut], parts[cut:]) if some]
    one_by_one = Partial()
    for part in parts:
        one_by_one.add(part)
    assert merged(halves).counter == one_by_one.counter == whole


def test_a_register_that_is_asked_a_third_less_stands_out_and_nights_and_restarts_do_not() -> None:
    chance, total, parts = random.Random(7), 0.0, []
    fault = MONDAY + DAY_MS + 12 * HOUR_MS
    for minute in range(36 * 60 + 30):
        at = MONDAY + minute * MINUTE_MS
        by_day = 0.7 - 0.3 * math.cos(math.tau * minute / 1_440)
        total += 78_000 * by_day * (0.69 if at >= fault else 1.0) * chance.gauss(1.0, 0.02)
        if minute % 700 == 0:
            total = 0.0
        parts.append(counted(at, int(total), **HLR))
    run = Run().live(parts, fault + 30 * MINUTE_MS)
    found = [anomaly for anomaly in run.anomalies if anomaly.element == "hlr-1"]
    assert {anomaly.direction for anomaly in found} == {"drop"}
    assert min(int(anomaly.ended_at) for anomaly in found) >= fault
    assert {anomaly.unit for anomaly in found} == {"per_second"}
