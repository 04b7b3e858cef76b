"""Plain gates, the benchmark's rival of the account: which witnesses suffice, and what takes a weighing's place."""

from collections.abc import Iterator

import pytest

from benchmarks.quality_detected import by_gates
from benchmarks.quality_gates import COLD_MILLI, CONFIRMED_MILLI, SUSPECTED_MILLI, Gates
from pipeline.correlate.reference import CorrelateReference
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.anomalies import Anomaly, Sealed, SealedPane
from pipeline.records.inner.weighings import Weighing
from tests.correlate.stories import REFERENCE

START = 1_740_000_000_000
TOWN, OTHER, FAR = "DE/NW/koeln", "DE/NW/bonn", "DE/BY/muenchen"


@pytest.fixture(scope="module")
def reference() -> CorrelateReference:
    return REFERENCE


def anomaly(minute: int, source: str, measure: str = "complaints", area: str = TOWN, **given: object) -> Anomaly:
    said: dict[str, object] = {"observed": 10.0, "expected": 1.0, "surprise": 8.0, "direction": "surge", "people": 10}
    if source == "telemetry":
        said |= {"observed": 0.5, "expected": 0.99, "direction": "drop", "unit": "ratio", "people": 0}
    said |= given
    return Anomaly(
        operator="acme",
        scope_area="DE/NW",
        area=area,
        service="mobile_data" if source == "telemetry" else "",
        source=source,
        measure=measure,
        ended_at=Instant(START + minute * MINUTE_MS),
        step_ms=MINUTE_MS,
        started_at=Instant(START + (minute - 1) * MINUTE_MS),
        detector="made-up",
        records=10,
        learnt_hours=100,
        **said,  # type: ignore[arg-type]  # checked by the cases
    )


def told(gates: Gates, minute: int, *anomalies: Anomaly) -> dict[str, int]:
    end = START + minute * MINUTE_MS
    return {known.area: known.odds_milli for known in gates.weighings_of(end, anomalies, [])}


def after_four_minutes(reference: CorrelateReference, *sources: tuple[str, str, str, float]) -> int:
    gates, last = Gates(reference), {}
    for minute in (1, 2, 3, 4):
        said = [anomaly(minute, one, name, area, people=round(many)) for one, name, area, many in sources]
        last = told(gates, minute, *said)
    return last[TOWN]


FIGURE = ("telemetry", "attach_success_ratio", TOWN, 0.0)


@pytest.mark.parametrize(
    ("sources", "is_fact"),
    [
        pytest.param([FIGURE], False, id="one_figure_is_one_instrument"),
        pytest.param([FIGURE, ("telemetry", "attach_success_ratio", OTHER, 0.0)], True, id="two_places"),
        pytest.param([FIGURE, ("telemetry", "attach_success_ratio", FAR, 0.0)], False, id="far_is_another_matter"),
        pytest.param([FIGURE, ("mentions", "complaints", TOWN, 3.0)], True, id="a_figure_and_people"),
        pytest.param([FIGURE, ("mentions", "complaints", TOWN, 1.0)], False, id="who_are_usual_are_no_witness"),
        pytest.param([("mentions", "complaints", TOWN, 9.0)], False, id="posts_alone"),
        pytest.param([("tickets", "complaints", TOWN, 9.0)], False, id="tickets_alone"),
        pytest.param([("mentions", "complaints", TOWN, 9.0), ("tickets", "complaints", TOWN, 9.0)], True, id="both"),
    ],
)
def test_two_kinds_of_witness_or_one_that_is_strong_are_a_fact(
    sources: list[tuple[str, str, str, float]], is_fact: bool, reference: CorrelateReference
) -> None:
    assert after_four_minutes(reference, *sources) == (CONFIRMED_MILLI if is_fact else SUSPECTED_MILLI)


def test_what_no_longer_stands_out_is_cold_once(reference: CorrelateReference) -> None:
    gates = Gates(reference)
    assert told(gates, 1, anomaly(1, "mentions")) == {TOWN: SUSPECTED_MILLI}
    assert gates.due_at == START + 4 * MINUTE_MS
    assert told(gates, 5) == {TOWN: COLD_MILLI}
    assert told(gates, 6) == {}
    assert gates.due_at is None


def weighing(area: str, odds_milli: int) -> Weighing:
    at = Instant(START)
    return Weighing(
        operator="acme", scope_area="DE/NW", area=area, service="mobile_data", ended_at=at, since=at, down_at=at,
        odds_milli=odds_milli, disturbed_milli=odds_milli, share_low_ppm=1, share_ppm=2, share_high_ppm=3,
        added_milli={"network": 9_000}, rival="probe",
    )  # fmt: skip


def test_a_weighing_says_what_the_gates_say_and_keeps_its_share(reference: CorrelateReference) -> None:
    given = [weighing(TOWN, 9_000), weighing("DE", 9_000), weighing(FAR, 9_000)]
    found = Gates(reference).weighings_of(START + MINUTE_MS, [anomaly(1, "mentions")], given)
    assert [known.odds_milli for known in found] == [SUSPECTED_MILLI, SUSPECTED_MILLI, COLD_MILLI]
    assert {(known.share_ppm, known.rival, *known.added_milli) for known in found} == {(2, "normal")}


def test_panes_of_all_partitions_are_joined_in_order_of_time(reference: CorrelateReference) -> None:
    def records() -> Iterator[Sealed]:
        for partition, minutes in ((0, (1, 9)), (1, (1, 2))):
            panes = [
                SealedPane(end=Instant(START + minute * MINUTE_MS), anomalies=[anomaly(minute, "mentions")])
                for minute in minutes
            ]
            yield Sealed(
                market="DE", epoch=1, partition=partition, partitions=2, sealed_to=panes[-1].end, panes=panes
            )  # fmt: skip

    given = list(by_gates(records(), reference))
    assert [len(one.panes) for one in given] == [1, 1, 1, 1, 0]
    ends = [(int(one.sealed_to) - START) / MINUTE_MS for one in given]
    assert ends == [1.0, 2.0, pytest.approx(5.0, abs=0.2), 9.0, 9.0], "a pane tells that it has ended"
    assert [len(one.panes[0].anomalies) for one in given[:4]] == [2, 1, 0, 1]
    assert [one.panes[0].weighings[0].odds_milli for one in given[:4]] == [850, 850, COLD_MILLI, 850]
