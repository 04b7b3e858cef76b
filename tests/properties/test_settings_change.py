"""A start with other settings between crash and restart leaves no incident open for ever.

DETECT reads again what its snapshot does not hold, under the new rules, and
holds back what is out already; CORRELATE committed its state with every
output, so it never reads anything twice.
"""

import dataclasses
import json

import pytest

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.recordings.heartbeats import with_heartbeats
from pipeline.adapters.stages.memory import MemoryFlow, Passed
from pipeline.adapters.stages.shell import Stages
from pipeline.detect.config import DetectConfig
from tests.flows import EAGER, arrived, morning, stages

FINAL = {"closed", "dismissed"}
DEAF = dataclasses.replace(EAGER, people_min=60, promise_days=3_650.0)
"""Settings under which the same outage hardly stands out."""
QUIET_MS = 30 * 3_600_000
"""Longer than the day for which feeds that fell silent hold an all-clear back."""


def envelopes() -> list[Passed]:
    """What INGEST writes of a morning with an outage, and of the quiet day after it."""
    written: list[Passed] = []

    class Tap(MemoryFlow):
        def _pass(self, message: Message) -> None:
            if message.topic == "signals":
                written.append(self._placed(message, 0))

    log = with_heartbeats(arrived(morning(1), 1, lanes=1), 1, drain_ms=QUIET_MS)
    for _ in Tap(stages(1, 1), lambda _message: None).run(log, batch_records=200):
        pass
    return written


def detected(before: Stages, after: Stages, records: list[Passed], crash_at: int, snapshot_at: int) -> list[Message]:
    """DETECT's outputs over a crash: the old program's up to it, the new one's from there on."""
    old, held = before.named("detect"), before.named("detect").new_state(0)
    out: list[Message] = []
    snapshot = old.slots(held, all_slots=True)
    for number, record in enumerate(records[:crash_at]):
        if number == snapshot_at:
            snapshot = old.slots(held, all_slots=True)
        out += old.apply(held, record)
    new = after.named("detect")
    held = new.load(0, {key: data for key, data in snapshot.items() if data is not None})
    for number, record in enumerate(records[snapshot_at:], start=snapshot_at):
        produced = new.apply(held, record)
        out += produced if number >= crash_at else []
    return out


@pytest.mark.parametrize(("old", "new"), [(EAGER, DEAF), (DEAF, EAGER)], ids=["deafer", "keener"])
def test_no_incident_stays_open_after_a_start_with_other_settings(old: DetectConfig, new: DetectConfig) -> None:
    records = envelopes()
    before, after = stages(1, 1, old), stages(1, 1, new)
    for share in (0.25, 0.4, 0.6):
        crash_at = int(len(records) * share)
        anomalies = [m for m in detected(before, after, records, crash_at, crash_at // 2) if m.topic == "anomalies"]
        stage, held = before.named("correlate"), before.named("correlate").new_state(0)
        latest: dict[str, str] = {}
        for number, message in enumerate(anomalies):
            if number == len(anomalies) // 3:
                slots = stage.slots(held, all_slots=True)
                stage = after.named("correlate")
                held = stage.load(0, {key: data for key, data in slots.items() if data is not None})
            record = Passed("anomalies", 0, number, 0, message.key, message.value, message.headers)
            for output in stage.apply(held, record):
                if output.topic == "incidents":
                    incident = json.loads(output.value or b"")
                    latest[incident["incident_id"]] = incident["state"]
        assert latest, "the morning has an outage under the keener settings, before or after the crash"
        assert set(latest.values()) <= FINAL
