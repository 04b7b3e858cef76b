"""A detector is a file and a row: what is registered runs, is remembered, and is told apart by its name."""

import msgspec
import pytest

from pipeline.adapters.codecs.slots import decode_slot, encode_slot
from pipeline.detect.config import DetectConfig
from pipeline.detect.detectors.detector import Detector, Family, Make, SeriesKind, Verdict, family
from pipeline.detect.detectors.registry import DETECTORS, jury_of
from pipeline.detect.detectors.remembered import SeriesState
from pipeline.detect.state import DetectState, ScopeState, slot_type
from pipeline.records.clocks import HOUR_MS, MINUTE_MS
from pipeline.records.inner.judgements import Judgement
from tests.detect.river_example import GAUSSIAN
from tests.detect.world import KOELN, MONDAY, Run, background, crowd, reading, steady

SCOPE = "netcologne|DE/NW"


class RecordState(SeriesState):
    """The highest value so far."""

    began: int = 0
    most: float = -1.0


class NewRecord(Detector):
    """A toy: any value above all before stands out, from the second one."""

    def __init__(self, state: RecordState) -> None:
        self._state = state

    @property
    def began(self) -> int:
        return self._state.began

    def step(self, value: float, at: int, weight: int = 1) -> Verdict | None:  # noqa: ARG002  it looks at values
        state, before = self._state, self._state.most
        state.began, state.most = state.began or at - MINUTE_MS, max(before, value)
        if before < 0.0:
            return None
        return Verdict(value, before, 9.0, 0.0, "surge", at - MINUTE_MS, alarm=value > before)


def _prepare(_config: DetectConfig) -> Make[RecordState]:
    return lambda state, _unit, _exposure: NewRecord(state)


def toy(*judges: SeriesKind) -> Family:
    return family(name="new_record", judges=judges, state=RecordState, prepare=_prepare)


def values(*numbers: float) -> Run:
    """A run over readings of a minute each, by the toy alone."""
    run = Run(detectors=(toy("measured"),))
    parts = [reading(MONDAY + minute * MINUTE_MS, number, unit="ms") for minute, number in enumerate(numbers)]
    return run.live(parts, MONDAY + HOUR_MS)


def test_a_registered_detector_runs_and_its_anomalies_bear_its_name() -> None:
    found = values(5.0, 4.0, 7.0, 7.0, 8.0).anomalies
    assert {(anomaly.detector, anomaly.observed) for anomaly in found} == {("new_record", 7.0), ("new_record", 8.0)}


def test_what_it_remembers_survives_a_snapshot_with_its_own_type() -> None:
    run = values(5.0, 4.0, 7.0)
    kept = run.state.slots[SCOPE]
    assert isinstance(kept, ScopeState)
    back = decode_slot(encode_slot(kept), slot_type(SCOPE, run.detectors))
    assert isinstance(back, ScopeState)
    states = back.baselines["new_record"]
    assert set(states) == set(kept.heard)
    assert all(isinstance(state, RecordState) and state.most == 7.0 for state in states.values())
    run.state = DetectState(0, {**run.state.slots, SCOPE: back})
    run.live([reading(MONDAY + 2 * HOUR_MS, 6.0, unit="ms")], MONDAY + 3 * HOUR_MS)
    assert not [anomaly for anomaly in run.anomalies if anomaly.observed == 6.0], "7 is remembered"


def test_a_restart_anywhere_changes_nothing() -> None:
    numbers = (5.0, 4.0, 7.0, 3.0, 9.0, 1.0)
    broken = Run(detectors=(toy("measured"),))
    for minute, number in enumerate(numbers):
        at = MONDAY + minute * MINUTE_MS
        broken.live([reading(at, number, unit="ms")], at + MINUTE_MS)
        broken.restart()
    broken.live([], MONDAY + HOUR_MS)
    assert broken.anomalies == values(*numbers).anomalies


def test_it_is_asked_about_its_kinds_of_series_only() -> None:
    parts = [*background(1, MONDAY, MONDAY + HOUR_MS, 0.5), *steady(MONDAY, MONDAY + HOUR_MS)]
    parts += [reading(MONDAY + m * MINUTE_MS, m, measure="calls_waiting", unit="count") for m in range(60)]
    run = Run(detectors=(*DETECTORS, toy("metered"))).live(parts, MONDAY + HOUR_MS)
    scope = run.state.slots[SCOPE]
    assert isinstance(scope, ScopeState)
    heard = {key.split("\x1f")[-2] for key in scope.baselines["new_record"]}
    assert heard == {"calls_waiting"}


def test_two_rows_of_a_kind_both_find_and_the_first_one_leads() -> None:
    outage = MONDAY + 5 * HOUR_MS
    parts = [*background(1, MONDAY, outage, 0.2), *crowd(outage, 5, 8)]
    alone = Run().live(parts, outage + HOUR_MS)
    both = Run(detectors=(*DETECTORS, toy("people"))).live(parts, outage + HOUR_MS)
    by_name = [anomaly.detector for anomaly in both.anomalies if anomaly.area == KOELN]
    assert {"seasonal_counts", "new_record"} == set(by_name)
    assert [found for found in both.anomalies if found.detector == "seasonal_counts"] == alone.anomalies
    assert _judged(both) == _judged(alone)


def _judged(run: Run) -> list[Judgement]:
    return [note for step in run.steps for note in step.judged if isinstance(note, Judgement)]


def test_what_a_row_remembered_is_forgotten_with_the_row() -> None:
    kept = values(5.0, 4.0).state.slots[SCOPE]
    back = decode_slot(encode_slot(kept), slot_type(SCOPE, DETECTORS))
    assert isinstance(back, ScopeState)
    assert back.baselines == {}


def test_two_rows_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="new_record"):
        jury_of((toy("people"), toy("measured")), DetectConfig())


def test_an_estimator_of_river_is_a_row() -> None:
    begin, outage = MONDAY, MONDAY + 5 * HOUR_MS
    config = DetectConfig(markets=("DE", "FR"), warm_up_ms=2 * HOUR_MS, early_ms=HOUR_MS)
    run = Run(config, detectors=(GAUSSIAN,))
    run.live([reading(at, 0.99 + at % 7 / 1_000) for at in range(begin, outage, MINUTE_MS)], outage)
    run.restart()
    run.live([reading(outage + minute * MINUTE_MS, 0.4) for minute in range(5)], outage + 10 * MINUTE_MS)
    found = run.anomalies
    assert {(anomaly.detector, anomaly.direction) for anomaly in found} == {("river_gaussian", "drop")}
    assert min(anomaly.ended_at for anomaly in found) <= outage + 3 * MINUTE_MS
    assert msgspec.msgpack.encode(found, enc_hook=int)
