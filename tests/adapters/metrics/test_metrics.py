"""Metrics: names that Prometheus accepts, labels from closed lists, counts that agree with what was published."""

import subprocess

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.codecs.slots import encode_slot
from pipeline.adapters.codecs.wire import encode
from pipeline.adapters.compose import Parts
from pipeline.adapters.local.programs import find_program
from pipeline.adapters.observing.metrics.counting import METRICS_MAX, Metrics
from pipeline.adapters.observing.metrics.families import Families
from pipeline.adapters.observing.metrics.open_incidents import OpenIncidents, WatchedStage
from pipeline.adapters.observing.observer import Observer
from pipeline.adapters.observing.together import Together
from pipeline.adapters.settings import load_settings
from pipeline.adapters.stages.contracts import StatefulStage
from pipeline.correlate.parts import Course, Dossier, HeldSeverity, Identity
from pipeline.correlate.state import MarketState, OpenIncident
from pipeline.records.vocabulary import IncidentState, Severity

NOW = 1_739_350_900.0


def incident(revision: int, *states: tuple[str, str]) -> Message:
    history = [{"state": state, "at": f"2025-02-12T{at}:00Z", "reason": "anomaly"} for state, at in states]
    value = {
        "market": "DE",
        "severity": "cleared" if states[-1][0] == "resolved" else "major",
        "severity_peak": "major",
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
        severity=HeldSeverity(now=Severity.MAJOR),
    )


def observed() -> Families:
    """Everything heard once."""
    families = Families()
    metrics: Observer = Together(Metrics(families, lambda: NOW), OpenIncidents(families, WatchedStage(correlate())))
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
    headers = (("tocsin.errors.topic", b"tickets"), ("tocsin.errors.reason", b"late"))
    metrics.committed("ingest", [Message("quarantine", b"k", b"{", headers)], 0.01)
    sealed = {"panes": [{"anomalies": [{"source": "tickets", "detector": "counts"}] * 2}]}
    metrics.committed("detect", [Message("anomalies", b"DE", encode(sealed))], 0.01)
    metrics.committed("correlate", [incident(1, ("suspected", "09:00"))], 0.01)
    resolved = (("suspected", "09:00"), ("confirmed", "09:05"), ("resolved", "10:00"))
    metrics.committed("correlate", [incident(4, *resolved)], 0.01)
    metrics.committed("correlate", [incident(5, *resolved, ("confirmed", "10:20"))], 0.01)
    return families


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
    assert all(name.startswith("tocsin_") and not name.endswith("_created") for name in names)


def test_what_is_committed_is_counted() -> None:
    families = observed()
    assert value_of(families, "tocsin_events_consumed_total", source="tickets") == 40
    assert value_of(families, "tocsin_events_quarantined_total", source="tickets", reason="late") == 1
    assert value_of(families, "tocsin_events_late_total", source="tickets") == 1
    assert value_of(families, "tocsin_anomalies_total", source="tickets", detector="counts") == 2
    assert value_of(families, "tocsin_messages_committed_total", topic="incidents") == 3


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
    for turn in ("opened", "resolved", "reopened"):
        assert value_of(families, f"tocsin_incidents_{turn}_total", market="DE", severity="major") == 1, turn
    assert value_of(families, "tocsin_incident_detection_delay_seconds_sum") == 120


def test_open_incidents_are_those_of_the_states_that_are_owned() -> None:
    families = Families()
    stage = WatchedStage(correlate())
    gauge = OpenIncidents(families, stage)
    states = ("confirmed", "suspected", "resolved")
    market = MarketState(market="DE", incidents=[open_incident(str(n), state) for n, state in enumerate(states)])
    gauge.taking_over("correlate", 1)
    stage.load(0, {b"DE": encode_slot(market)})
    gauge.assigned("correlate", 1)
    assert value_of(families, "tocsin_incidents_open", severity="major") == 2
    assert value_of(families, "tocsin_incidents_open", severity="critical") == 0
    gauge.taking_over("correlate", 0)
    gauge.assigned("correlate", 0)
    assert value_of(families, "tocsin_incidents_open", severity="major") == 0


def test_the_watermark_is_the_least_clock_and_forgets_lanes_that_moved_away() -> None:
    families = Families()
    metrics = Metrics(families, lambda: NOW)
    metrics.clock("tickets", 0, 1_000_000)
    metrics.clock("tickets", 1, 2_000_000)
    assert value_of(families, "tocsin_watermark_timestamp_seconds", source="tickets") == 1_000
    metrics.assigned("ingest", 1)
    metrics.clock("tickets", 1, 3_000_000)
    assert value_of(families, "tocsin_watermark_timestamp_seconds", source="tickets") == 3_000


def test_bytes_of_a_toy_stage_do_not_raise() -> None:
    metrics = Metrics(Families(), lambda: NOW)
    metrics.committed("toy", [Message("incidents", None, b"\xff"), Message("anomalies", None, b"7")], 0.1)
    metrics.committed("toy", [Message("signals", None, None, (("ce_time", b"soon"),))], 0.1)
