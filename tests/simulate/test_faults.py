"""Faults of the monitoring: what each kind does to its records, and that it does nothing else."""

from itertools import pairwise
from typing import Any

import pytest

from pipeline.records.clocks import format_instant, parse_instant
from pipeline.simulate.network.faults import DRAIN_MS
from pipeline.simulate.world.world import Sent
from tests.simulate.conftest import Document
from tests.simulate.machines import BONN, KOELN, assert_mean, at, feed, local, metric, outage, sent, stamp, world

BEGINS, ENDS = "2025-03-04T10:00", "2025-03-04T12:00"
TWO = feed(
    metric("success_ratio", digits=6, attempts=0.01),
    metric("latency_ms", unit="ms", base=20.0, down=400.0, noise=0.05, digits=3),
    operators=["alpha", "rival"],
    loss=0.02,
    jitter_ms=2_000,
)
OTHER = feed(metric("success_ratio", digits=6), name="other")


def fault(kind: str, **more: object) -> Document:
    usual = {"id": "fault", "kind": kind, "feed": "probes", "starts_at": local(BEGINS), "ends_at": local(ENDS)}
    return usual | more


def records(*faults: Document, **more: Any) -> list[Sent]:
    return sent(world(TWO, OTHER, faults=list(faults), **more))


def touched(record: Sent, *, area: str | None = None, name: str | None = None, begins: str = BEGINS) -> bool:
    """Tell whether a record of the calm world lies in the fault."""
    body = record.body
    return (
        body["vendor"] == "probes"
        and stamp(begins) <= body["observed_at"] < stamp(ENDS)
        and area in {None, body["area"]}
        and name in {None, body["metric"]}
    )


def of(records: list[Sent], operator: str, area: str, name: str, vendor: str = "probes") -> list[Sent]:
    """One series, in order of collection."""
    wanted = {"operator": operator, "area": area, "metric": name, "vendor": vendor}
    return [record for record in records if wanted.items() <= record.body.items()]


@pytest.fixture(scope="module")
def calm() -> list[Sent]:
    return records()


def test_a_dead_feed_lacks_exactly_its_records(calm: list[Sent]) -> None:
    dead = records(fault("dead"))
    assert dead == [record for record in calm if not touched(record)]
    assert len(calm) - len(dead) > 3 * 120 * 2 * 0.9


@pytest.mark.parametrize(
    ("narrowed", "part"),
    [
        pytest.param({"metric": "latency_ms"}, {"name": "latency_ms"}, id="one_metric"),
        pytest.param({"targets": [KOELN]}, {"area": KOELN}, id="one_target"),
        pytest.param({"targets": [BONN], "metric": "latency_ms"}, {"area": BONN, "name": "latency_ms"}, id="both"),
    ],
)
def test_a_fault_stays_with_the_metric_and_the_targets_it_names(
    calm: list[Sent], narrowed: Document, part: dict[str, str]
) -> None:
    assert records(fault("dead", **narrowed)) == [record for record in calm if not touched(record, **part)]


@pytest.mark.parametrize("kind", ["broken", "stuck", "backlog", "ahead"])
def test_outside_its_time_metric_and_targets_a_fault_changes_no_byte(calm: list[Sent], kind: str) -> None:
    bent = records(fault(kind, metric="latency_ms", targets=[KOELN]))
    pairs = list(zip(calm, bent, strict=True))
    assert all(one == other for one, other in pairs if not touched(one, area=KOELN, name="latency_ms"))
    assert all(one != other for one, other in pairs if touched(one, area=KOELN, name="latency_ms"))


def test_a_broken_probe_reports_its_value_with_noise_whatever_is_measured() -> None:
    broken = records(fault("broken", metric="latency_ms", value=250.0), outages=[outage(BEGINS, ENDS)])
    series = {
        who: [float(r.body["value"]) for r in of(broken, who, KOELN, "latency_ms") if touched(r)]
        for who in ("alpha", "rival")
    }
    for found in series.values():
        assert_mean(found, 250.0)
        assert 0.5 < (max(found) - min(found)) / (6 * 0.05 * 20) < 1.5, "noise as of the probe"
    assert len(set(series["alpha"]) & set(series["rival"])) < 20, "each target has noise of its own"


def test_a_broken_ratio_stays_a_ratio() -> None:
    low, high = (records(fault("broken", metric="success_ratio", value=value)) for value in (0.0, 1.0))
    found = [float(record.body["value"]) for record in (*low, *high) if touched(record, name="success_ratio")]
    assert min(found) == 0.0
    assert max(found) == 1.0


def test_a_stuck_metric_repeats_the_last_measured_value_under_new_times(calm: list[Sent]) -> None:
    stuck = records(fault("stuck"))
    assert [record.body["observed_at"] for record in stuck] == [record.body["observed_at"] for record in calm]
    for who, area in (("alpha", KOELN), ("alpha", BONN), ("rival", KOELN)):
        before = [
            record for record in of(calm, who, area, "success_ratio") if record.body["observed_at"] < stamp(BEGINS)
        ]
        inside = [record for record in of(stuck, who, area, "success_ratio") if touched(record)]
        repeated = {(record.body["value"], record.body["attempts"]) for record in inside}
        assert len(inside) > 100
        assert repeated == {(before[-1].body["value"], before[-1].body["attempts"])}


def test_a_metric_that_is_stuck_from_the_start_repeats_its_first_value() -> None:
    stuck = records(fault("stuck", starts_at=local("2025-03-03T00:00")))
    first = of(stuck, "alpha", BONN, "latency_ms")
    assert len({record.body["value"] for record in first if record.body["observed_at"] < stamp(ENDS)}) == 1
    assert len({record.body["value"] for record in first}) > 100


def test_a_backlog_arrives_in_order_within_minutes_after_its_end(calm: list[Sent]) -> None:
    late = records(fault("backlog"))
    assert [record.body for record in late] == [record.body for record in calm]
    held = sorted((r for r in late if touched(r)), key=lambda r: (r.arrival_ms, r.body["observed_at"]))
    assert len(held) == sum(touched(record) for record in calm)
    assert at(ENDS) <= held[0].arrival_ms
    assert held[-1].arrival_ms <= at(ENDS) + DRAIN_MS
    assert len({record.arrival_ms for record in held}) > 300, "a flood, not one batch: three a collector at most"
    assert all(one.body["observed_at"] <= other.body["observed_at"] for one, other in pairwise(held))
    assert all(one.arrival_ms == other.arrival_ms for one, other in zip(calm, late, strict=True) if not touched(one))


def test_a_collector_a_day_ahead_writes_tomorrow_and_arrives_today(calm: list[Sent]) -> None:
    ahead = records(fault("ahead"))
    for one, other in zip(calm, ahead, strict=True):
        assert other.arrival_ms == one.arrival_ms
        if touched(one):
            shown = parse_instant(str(one.body["observed_at"])) + 86_400_000
            assert other.body == one.body | {"observed_at": format_instant(shown)}


def test_a_collector_ahead_keeps_the_error_its_clock_has_anyway() -> None:
    slow = feed(metric(digits=6), clock_offset_seconds=-200)
    right = sent(world(slow))
    ahead = sent(world(slow, faults=[fault("ahead", ahead_seconds=3_600)]))
    moved = [(one, other) for one, other in zip(right, ahead, strict=True) if one != other]
    assert len(moved) == 2 * 120
    for one, other in moved:
        shown = [parse_instant(str(record.body["observed_at"])) for record in (one, other)]
        assert shown[1] - shown[0] == 3_600_000
        assert at(BEGINS) <= shown[0] + 200_000 < at(ENDS), "a fault has its own time, not that of the wrong clock"


def test_two_faults_of_a_feed_both_hold() -> None:
    both = records(fault("broken", value=0.5, metric="success_ratio"), fault("dead", id="other", targets=[BONN]))
    inside = [record for record in both if touched(record)]
    assert {record.body["area"] for record in inside} == {KOELN}
    ratios = [float(record.body["value"]) for record in inside if record.body["metric"] == "success_ratio"]
    assert_mean(ratios, 0.5)


def test_a_fault_of_an_element_is_told_by_its_name() -> None:
    cores = [{"id": f"core-{number}", "operator": "alpha", "area": "DE/NW"} for number in (1, 2)]
    probes = feed(metric("load_ratio", service=None), elements=["core-1", "core-2"])
    calm = sent(world(probes, elements=cores))
    dead = sent(world(probes, elements=cores, faults=[fault("dead", targets=["core-2"])]))
    missing = [record for record in calm if record not in dead]
    assert {record.key for record in missing} == {"core-2"}
    assert len(missing) == 120


def test_a_fault_hides_an_outage_and_does_not_end_it() -> None:
    down = outage("2025-03-04T11:00", "2025-03-04T13:00")
    seen = of(records(fault("stuck"), outages=[down]), "alpha", KOELN, "success_ratio")
    hidden = [float(record.body["value"]) for record in seen if touched(record, begins="2025-03-04T11:02")]
    after = [
        float(record.body["value"])
        for record in seen
        if stamp("2025-03-04T12:00") <= record.body["observed_at"] < stamp("2025-03-04T12:58")
    ]
    assert min(hidden) > 0.9
    assert max(after) < 0.1
