"""Metrics: names that Prometheus accepts, labels from closed lists, counts that agree with what was published."""

import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.slots import encode_slot
from pipeline.adapters.codecs.wire import encode
from pipeline.adapters.compose import Parts
from pipeline.adapters.local.programs import find_program
from pipeline.adapters.observing.metrics.catalogue import catalogue
from pipeline.adapters.observing.metrics.counting import METRICS_MAX, Metrics
from pipeline.adapters.observing.metrics.exits import ExitBook
from pipeline.adapters.observing.metrics.families import Families
from pipeline.adapters.observing.metrics.feeds import FEEDS_MAX, FeedGauges
from pipeline.adapters.observing.metrics.held import HeldGauges, WatchedStage
from pipeline.adapters.observing.metrics.zeros import begin_at_zero
from pipeline.adapters.observing.observer import Observer
from pipeline.adapters.observing.together import Together
from pipeline.adapters.settings import load_settings
from pipeline.adapters.shipped import ROOT
from pipeline.adapters.stages.contracts import StatefulStage
from pipeline.correlate.parts import Course, Dossier, EmergencyClaims, HeldSeverity, Identity
from pipeline.correlate.state import MarketState, OpenIncident, SilentSince
from pipeline.records.raw.feeds import FeedCount, FeedName
from pipeline.records.raw.record import HEARTBEAT_TYPE, RawRecord
from pipeline.records.vocabulary import IncidentState, Severity
from pipeline.respond.state import IncidentCase

NOW = 1_739_350_900.0


def incident(revision: int, *states: tuple[str, str], severity: str = "major") -> Message:
    history = [{"state": state, "at": f"2025-02-12T{at}:00Z", "reason": "anomaly"} for state, at in states]
    value = {
        "incident_id": "i1",
        "market": "DE",
        "severity": "cleared" if states[-1][0] == "resolved" else severity,
        "severity_peak": severity,
        "revision": revision,
        "state": states[-1][0],
        "updated_at": history[-1]["at"],
        "opened_at": "2025-02-12T09:00:00Z",
        "started_at": "2025-02-12T08:58:00Z",
        "state_history": history,
    }
    return Message("incidents", b"i1", encode(value), (("ce_time", b"2025-02-12T09:01:00Z"),))


def open_incident(incident_id: str, state: str) -> OpenIncident:
    return OpenIncident(
        identity=Identity(incident_id=incident_id, market="DE", opened_at=1),
        dossier=Dossier(last_at=1),
        course=Course(state=IncidentState(state), since=1),
        severity=HeldSeverity(now=Severity.MAJOR, peak=Severity.MAJOR),
    )


def observed() -> Families:
    """Everything heard once."""
    families = Families("detect")
    counts = Metrics(families, lambda: NOW)
    metrics: Observer = Together(counts, HeldGauges(families, WatchedStage(correlate()), counts))
    metrics.taking_over("detect", 1)
    metrics.consumed("ingest", "tickets", 40)
    metrics.clock("tickets", 0, 1_739_350_000_000)
    metrics.clock("tickets", 1, 1_739_340_000_000)
    metrics.lag("signals", 3, 12)
    metrics.heartbeat_sent("mentions")
    metrics.paused(2)
    metrics.state_loaded("detect", 7, 0.5)
    metrics.snapshot("detect", 9, 4_096)
    metrics.alive("detect")
    metrics.transaction("ingest", "a", "begun")
    headers = (("tocsin.errors.topic", b"tickets"), ("tocsin.errors.reason", b"late"))
    metrics.committed("ingest", [Message("quarantine", b"k", b"{", headers)], 0.01)
    sealed = {"panes": [{"anomalies": [{"source": "tickets", "detector": "counts"}] * 2}]}
    metrics.committed("detect", [Message("anomalies", b"DE", encode(sealed))], 0.01)
    metrics.committed("correlate", [incident(1, ("suspected", "09:00"), severity="minor")], 0.01)
    resolved = (("suspected", "09:00"), ("confirmed", "09:05"), ("resolved", "10:00"))
    metrics.committed("correlate", [incident(4, *resolved)], 0.01)
    metrics.committed("correlate", [incident(5, *resolved, ("confirmed", "10:20"))], 0.01)
    metrics.committed("correlate", [Message("notices", b"i1", encode({"kind": "apology", "state": "draft"}))], 0.01)
    feeds = FeedGauges(families, {"sfr"}, lambda: NOW)
    feeds.read("telemetry", [arrived(b"{}", NOW - 1), arrived(b"", NOW)])
    feeds.closed({FeedName("telemetry", "sfr", "loss"): FeedCount(used=1)})
    return families


def arrived(value: bytes, at: float) -> RawRecord:
    """A record as Kafka gave it; a heartbeat if it has no value."""
    headers = [] if value else [("ce_type", HEARTBEAT_TYPE.encode())]
    return SimpleNamespace(value=value, headers=headers, timestamp=int(at * 1_000))


def correlate() -> StatefulStage:
    return Parts(load_settings(environment={}).settings, lambda: 0).correlate()


def value_of(families: Families, name: str, **labels: str) -> float | None:
    return families.registry.get_sample_value(name, labels)


def test_promtool_finds_nothing_to_object_to() -> None:
    checked = subprocess.run(
        [find_program("promtool"), "check", "metrics"], input=observed().page(), capture_output=True, check=False
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, b"")


def test_every_metric_bears_our_name_and_none_is_a_created_series() -> None:
    lines = observed().page().decode().splitlines()
    names = {line.split("{")[0].split(" ")[0] for line in lines if not line.startswith("#")}
    assert names
    assert all(name.startswith(("tocsin_", "process_")) and not name.endswith("_created") for name in names)


def test_the_catalogue_is_what_the_command_writes() -> None:
    page = (ROOT / "docs" / "metrics.md").read_text("utf-8")
    assert page == catalogue().rstrip("\n") + "\n", "tocsin metrics > docs/metrics.md"


def test_what_is_committed_is_counted() -> None:
    families = observed()
    assert value_of(families, "tocsin_records_read_total", stage="ingest", topic="tickets") == 40
    labels = {"stage": "ingest", "source": "tickets", "reason": "late"}
    assert value_of(families, "tocsin_events_quarantined_total", **labels) == 1
    assert value_of(families, "tocsin_anomalies_total", source="tickets", detector="counts") == 2
    assert value_of(families, "tocsin_messages_committed_total", stage="correlate", topic="incidents") == 3
    assert value_of(families, "tocsin_notice_moves_total", kind="apology", state="draft") == 1


def test_a_record_in_quarantine_is_of_its_source_whatever_its_topic_is_called() -> None:
    families = Families()
    metrics = Metrics(families, lambda: NOW, {"oss.kpi": "telemetry"})
    headers = (("tocsin.errors.topic", b"oss.kpi"), ("tocsin.errors.reason", b"stale"))
    metrics.committed("ingest", [Message("quarantine", b"k", b"{", headers)], 0.01)
    labels = {"stage": "ingest", "source": "telemetry", "reason": "stale"}
    assert value_of(families, "tocsin_events_quarantined_total", **labels) == 1


def test_refused_readings_are_counted_by_metric_and_a_flood_of_names_is_not() -> None:
    families = Families()
    metrics = Metrics(families, now=lambda: 0.0)
    headers = (("tocsin.errors.topic", b"telemetry"), ("tocsin.errors.reason", b"out_of_range"))
    values = [b'{"metric": "loss"}'] * 3 + [b"no JSON", *(b'{"metric": "made_up_%d"}' % n for n in range(200))]
    metrics.committed("ingest", [Message("quarantine", None, value, headers) for value in values], 0.1)
    counted = {
        name: value_of(families, "tocsin_readings_quarantined_total", metric=name, reason="out_of_range")
        for name in ("loss", "unknown", "made_up_0", "other")
    }
    assert counted == {"loss": 3, "unknown": 1, "made_up_0": 1, "other": 200 - (METRICS_MAX - 2)}


def test_an_incident_counts_once_for_each_turn_of_its_life() -> None:
    families = observed()
    moves = {
        state: value_of(families, "tocsin_incident_moves_total", market="DE", state=state)
        for state in ("suspected", "confirmed", "resolved")
    }
    assert moves == {"suspected": 1, "confirmed": 1, "resolved": 1}
    assert value_of(families, "tocsin_incidents_reopened_total", market="DE") == 1
    assert value_of(families, "tocsin_incident_detection_delay_seconds_sum") == 120


def test_an_incident_counts_once_for_each_severity_to_which_its_worst_rose() -> None:
    families = observed()
    for severity in ("minor", "major"):
        assert value_of(families, "tocsin_incident_peaks_total", market="DE", severity=severity) == 1, severity


@pytest.mark.parametrize("stage", ["ingest", "detect", "correlate"])
def test_counters_whose_labels_are_known_begin_at_zero(stage: str) -> None:
    families = Families(stage)
    begin_at_zero(families, stage, ("DE",))
    assert value_of(families, "tocsin_transactions_aborted_total", stage=stage) == 0
    refused = {"ingest": "tickets", "detect": "signals", "correlate": "anomalies"}[stage]
    labels = {"stage": stage, "source": refused, "reason": "late_partial"}
    assert value_of(families, "tocsin_events_quarantined_total", **labels) == 0
    is_correlate = stage == "correlate"
    peak = value_of(families, "tocsin_incident_peaks_total", market="DE", severity="critical")
    assert peak == (0 if is_correlate else None)
    assert len(families.page().splitlines()) < 400, "a page that a person can still read"


def test_a_severity_that_an_earlier_process_counted_is_not_counted_again() -> None:
    families = Families()
    metrics = Metrics(families, lambda: NOW)
    metrics.know("i1", "minor")
    metrics.committed("correlate", [incident(7, ("suspected", "09:00"), severity="minor")], 0.01)
    assert value_of(families, "tocsin_incident_peaks_total", market="DE", severity="minor") is None
    metrics.committed("correlate", [incident(8, ("suspected", "09:00"), severity="critical")], 0.01)
    assert value_of(families, "tocsin_incident_peaks_total", market="DE", severity="critical") == 1


def held_by(*slots: MarketState | IncidentCase) -> tuple[Families, HeldGauges]:
    """Gauges of a CORRELATE that took these slots over."""
    families = Families()
    stage = WatchedStage(correlate())
    gauges = HeldGauges(families, stage)
    gauges.taking_over("correlate", 1)
    names = {slot.name if isinstance(slot, IncidentCase) else slot.market: slot for slot in slots}
    stage.load(0, {name.encode(): encode_slot(slot) for name, slot in names.items()})
    gauges.assigned("correlate", 1)
    return families, gauges


def test_open_incidents_are_those_of_the_states_that_are_owned() -> None:
    states = ("confirmed", "suspected", "resolved")
    market = MarketState(market="DE", incidents=[open_incident(str(n), state) for n, state in enumerate(states)])
    families, gauges = held_by(market)
    for state, severity, count in (("confirmed", "major", 1), ("suspected", "major", 1), ("confirmed", "critical", 0)):
        assert value_of(families, "tocsin_incidents_open", state=state, severity=severity) == count, state
    gauges.taking_over("correlate", 0)
    gauges.assigned("correlate", 0)
    assert value_of(families, "tocsin_incidents_open", state="confirmed", severity="major") == 0


def test_an_open_incident_has_its_worst_severity_though_it_is_milder_now() -> None:
    milder = open_incident("i1", "recovering")
    milder.severity = HeldSeverity(now=Severity.MINOR, peak=Severity.CRITICAL)
    families, _ = held_by(MarketState(market="DE", incidents=[milder]))
    assert value_of(families, "tocsin_incidents_open", state="recovering", severity="critical") == 1
    assert value_of(families, "tocsin_incidents_open", state="recovering", severity="minor") == 0


def test_an_emergency_waits_until_a_person_takes_note_and_a_drill_never_does() -> None:
    claimed, noted, drill = (open_incident(name, "suspected") for name in ("i1", "i2", "i3"))
    for emergency in (claimed, noted, drill):
        emergency.dossier.emergency = EmergencyClaims(first_at=1, last_at=1, claims=2)
    noted.handling.acknowledged_at = 5
    drill.identity = Identity(incident_id="i3", market="DE", opened_at=1, exercise=True)
    families, _ = held_by(MarketState(market="DE", incidents=[claimed, noted, drill]))
    for acknowledged in ("true", "false"):
        assert value_of(families, "tocsin_emergency_incidents_open", acknowledged=acknowledged) == 1, acknowledged


def test_silent_feeds_are_counted_by_source() -> None:
    silent = [SilentSince(operator=name, area="DE/NW", source="telemetry", since=1) for name in ("a", "b")]
    families, _ = held_by(MarketState(market="DE", silent=silent))
    assert value_of(families, "tocsin_feeds_silent", source="telemetry") == 2
    assert value_of(families, "tocsin_feeds_silent", source="tickets") == 0


def test_the_watermark_is_the_least_clock_and_forgets_lanes_that_moved_away() -> None:
    families = Families()
    metrics = Metrics(families, lambda: NOW)
    metrics.clock("tickets", 0, 1_000_000)
    metrics.clock("tickets", 1, 2_000_000)
    assert value_of(families, "tocsin_watermark_timestamp_seconds", source="tickets") == 1_000
    metrics.assigned("ingest", 1)
    metrics.clock("tickets", 1, 3_000_000)
    assert value_of(families, "tocsin_watermark_timestamp_seconds", source="tickets") == 3_000


def test_a_heartbeat_is_no_event_and_moves_no_last_event() -> None:
    families = Families()
    feeds = FeedGauges(families, {"sfr"}, lambda: NOW)
    feeds.read("telemetry", [arrived(b"", NOW)])
    assert value_of(families, "tocsin_heartbeats_read_total", source="telemetry") == 1
    assert value_of(families, "tocsin_last_event_timestamp_seconds", source="telemetry") is None
    feeds.read("telemetry", [arrived(b"{}", NOW - 40), arrived(b"{}", NOW - 2), arrived(b"", NOW)])
    assert value_of(families, "tocsin_last_event_timestamp_seconds", source="telemetry") == NOW - 2
    assert value_of(families, "tocsin_events_on_time_total", source="telemetry") == 1


def test_a_feed_that_is_wholly_refused_is_heard_and_never_used() -> None:
    families = Families()
    feeds = FeedGauges(families, {"sfr", "orange-fr"}, lambda: NOW)
    feeds.closed(
        {
            FeedName("telemetry", "sfr", "loss"): FeedCount(refused={"late": 30}),
            FeedName("telemetry", "sfr", "delay"): FeedCount(refused={"late": 10}),
            FeedName("telemetry", "orange-fr", "loss"): FeedCount(used=5),
            FeedName("telemetry", "nobody", "loss"): FeedCount(refused={"unknown_operator": 2}),
        }
    )
    refused = {
        operator: value_of(
            families, "tocsin_feed_events_total", source="telemetry", operator=operator, outcome="refused"
        )
        for operator in ("sfr", "orange-fr", "unknown")
    }
    assert refused == {"sfr": 40, "orange-fr": 0, "unknown": 2}
    sfr = {"source": "telemetry", "operator": "sfr"}
    assert value_of(families, "tocsin_feed_last_heard_timestamp_seconds", **sfr) == NOW
    assert value_of(families, "tocsin_feed_last_used_timestamp_seconds", **sfr) is None
    assert value_of(families, "tocsin_events_consumed_total", source="telemetry") == 47
    assert value_of(families, "tocsin_events_used_total", source="telemetry") == 5


def test_a_flood_of_feeds_shares_a_label() -> None:
    families = Families()
    names = [f"operator-{number}" for number in range(150)]
    feeds = FeedGauges(families, names, lambda: NOW)
    feeds.closed({FeedName("mentions", name): FeedCount(used=1) for name in names})
    labels = {"source": "mentions", "operator": "other", "outcome": "used"}
    assert value_of(families, "tocsin_feed_events_total", **labels) == 150 - FEEDS_MAX


def test_an_open_transaction_has_an_age_until_it_ends() -> None:
    clock = iter((10.0, 20.0, 30.0))
    families = Families()
    metrics = Metrics(families, lambda: next(clock))
    begun = "tocsin_transaction_begun_timestamp_seconds"
    metrics.transaction("ingest", "a", "begun")
    metrics.transaction("ingest", "b", "begun")
    assert value_of(families, begun, stage="ingest") == 10
    metrics.transaction("ingest", "a", "committed")
    assert value_of(families, begun, stage="ingest") == 20
    metrics.transaction("ingest", "b", "aborted")
    assert value_of(families, begun, stage="ingest") == 0
    assert value_of(families, "tocsin_transactions_aborted_total", stage="ingest") == 1


def ends(path: Path) -> dict[str, float]:
    """What a new start shows of the ends before it."""
    families = Families()
    ExitBook(path).begin(families, "ingest")
    return {
        sample.labels["word"]: sample.value
        for metric in families.registry.collect()
        for sample in metric.samples
        if sample.name == "tocsin_process_exits_total"
    }


def test_a_start_shows_how_the_process_ended_before(tmp_path: Path) -> None:
    path = tmp_path / "ingest.json"
    assert ends(path) == {}
    ExitBook(path).end("fenced")
    assert ends(path) == {"fenced": 1}
    assert ends(path) == {"fenced": 1, "killed": 1}, "the last start left no word"
    path.write_text("half a fi")
    assert ends(path) == {}, "a broken file counts from nothing"


def test_how_far_a_stage_has_come_is_forgotten_with_its_partitions() -> None:
    families = Families()
    metrics = Metrics(families, lambda: NOW)
    sealed = Message("anomalies", b"DE", encode({"panes": []}), (("ce_time", b"2025-02-12T09:01:00Z"),))
    metrics.committed("detect", [sealed, Message("decisions", b"DE", b"{}")], 0.01)
    assert value_of(families, "tocsin_last_result_timestamp_seconds", stage="detect") == 1_739_350_860
    metrics.assigned("detect", 0)
    assert value_of(families, "tocsin_last_result_timestamp_seconds", stage="detect") is None


def test_bytes_of_a_toy_stage_do_not_raise() -> None:
    metrics = Metrics(Families(), lambda: NOW)
    metrics.committed("toy", [Message("incidents", None, b"\xff"), Message("anomalies", None, b"7")], 0.1)
    metrics.committed("toy", [Message("signals", None, None, (("ce_time", b"soon"),))], 0.1)
