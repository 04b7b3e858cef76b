"""Toy stages: the shell's whole contract in a few lines each, with answers that can be worked out by hand.

A raw record is `key number`. INGEST hands each on to the partition of `signals`
that its key chooses, DETECT numbers the records of each key, CORRELATE adds
up the numbers of each key. All records of a key take one road, so what comes
out does not depend on where batches were cut or who did the work.
"""

import json
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.adapters.codecs.messages import Message
from pipeline.records.errors import Reason, RecordError
from pipeline.records.partitioner import partition_for
from pipeline.records.raw.record import RawRecord, is_heartbeat

LANES, SIGNALS, ANOMALIES = 4, 4, 2
"""Partition counts of the toy flow."""


class ToyLane:
    """Keeps the records that it took, in order; its clocks are Kafka's timestamps."""

    def __init__(self, number: int, clocks: Mapping[str, int]) -> None:
        self.number, self.clocks, self.count = number, dict(clocks), 0
        self.habits: dict[str, str] = {}
        self.items: dict[int, list[list[str]]] = defaultdict(list)

    def take(self, source: str, records: Sequence[RawRecord], horizon_ms: int | None) -> int:
        for index, record in enumerate(records):
            if horizon_ms is not None and record.timestamp > horizon_ms:
                return index
            self.clocks[source] = max(self.clocks.get(source, 0), record.timestamp)
            self.count += 1
            if not is_heartbeat(record):
                key, number = (record.value or b"").decode().split()
                self.items[partition_for(key.encode(), SIGNALS)].append([key, number])
        return len(records)

    def close(self) -> dict[int, dict[str, Any]]:
        clocks = dict(self.clocks)
        batch = {p: {"lane": self.number, "clocks": clocks, "items": self.items[p]} for p in range(SIGNALS)}
        self.items, self.count = defaultdict(list), 0
        return batch


class ToyIngest:
    """INGEST of the toy flow."""

    def new_lane(self, number: int, clocks: Mapping[str, int], habits: Mapping[str, str]) -> ToyLane:
        del habits  # a toy has none
        return ToyLane(number, clocks)

    def messages(self, batch: dict[int, dict[str, Any]]) -> list[Message]:
        return [Message("signals", b"lane", json.dumps(said).encode(), partition=p) for p, said in batch.items()]

    def clocks(self, record: RawRecord) -> tuple[int, Mapping[str, int]]:
        try:
            said = json.loads(record.value or b"")
        except ValueError as error:
            raise RecordError(Reason.MALFORMED_JSON, str(error)) from None
        return said["lane"], said["clocks"]


class ToyState:
    """Numbers by key, and which of them changed."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self.numbers, self.changed = numbers, set[str]()


class _Keyed:
    name: str
    source: str
    hold_back: bool

    def __init__(self, ruleset: str = "r1", seconds_per_load: float = 0.0) -> None:
        self.ruleset, self._seconds_per_load = ruleset, seconds_per_load

    def new_state(self, partition: int) -> ToyState:
        return self.load(partition, {})

    def slots(self, state: ToyState, *, all_slots: bool) -> dict[bytes, bytes | None]:
        names = sorted(state.numbers if all_slots else state.changed)
        state.changed = set()
        return {name.encode(): b"%d" % state.numbers[name] for name in names}

    def load(self, partition: int, slots: Mapping[bytes, bytes]) -> ToyState:
        del partition
        time.sleep(self._seconds_per_load)
        return ToyState({key.decode(): int(value) for key, value in slots.items()})

    def _add(self, state: ToyState, key: str, more: int) -> int:
        state.numbers[key] = state.numbers.get(key, 0) + more
        state.changed.add(key)
        return state.numbers[key]


class ToyDetect(_Keyed):
    """Numbers the records of each key: a loss, a repetition or another order changes a number for good."""

    name, source, hold_back = "detect", "signals", True

    def apply(self, state: ToyState, record: RawRecord) -> list[Message]:
        outputs = []
        for key, number in json.loads(record.value or b"")["items"]:
            said = json.dumps({"key": key, "number": int(number), "nth": self._add(state, key, 1)})
            outputs.append(Message("anomalies", key.encode(), said.encode()))
        return outputs


class ToyCorrelate(_Keyed):
    """Adds up the numbers of each key."""

    name, source, hold_back = "correlate", "anomalies", False

    def apply(self, state: ToyState, record: RawRecord) -> list[Message]:
        said = json.loads(record.value or b"")
        said["sum"] = self._add(state, said["key"], said["number"])
        return [Message("incidents", said["key"].encode(), json.dumps(said).encode())]


def expected_incidents(numbers: Mapping[str, Sequence[int]]) -> dict[bytes, list[bytes]]:
    """What the toy flow must put out for each key, in order."""
    answers: dict[bytes, list[bytes]] = {}
    for key, given in numbers.items():
        total, said = 0, []
        for nth, number in enumerate(given, start=1):
            total += number
            said.append(json.dumps({"key": key, "number": number, "nth": nth, "sum": total}).encode())
        answers[key.encode()] = said
    return answers
