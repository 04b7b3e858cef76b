"""Peer: Bytewax counts readings by area, keyed; one worker, no recovery, nothing written.

Usage: bytewax_keyed.py BOOTSTRAP TOPIC RECORDS
"""

import json
import sys
import time
from collections.abc import Iterable
from typing import Any

import bytewax.operators as op
import msgspec
from bytewax.connectors.kafka import KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.testing import TestingSink, run_main


class Reading(msgspec.Struct):
    """What is decoded."""

    area: str
    metric: str
    observed_at: str
    operator: str
    unit: str
    value: float


def main(bootstrap: str, topic: str) -> None:
    """Run to the end of the topic; the clock runs from the first batch to the last count."""
    decode = msgspec.json.Decoder(Reading).decode
    began: list[tuple[float, float]] = []

    def areas(batch: Iterable[Any]) -> list[str]:
        if not began:
            began.append((time.perf_counter(), time.process_time()))
        return [decode(message.value).area for message in batch]

    counts: list[tuple[str, int]] = []
    flow = Dataflow("areas")
    source = KafkaSource([bootstrap], [topic], tail=False, batch_size=10_000)
    read = op.flat_map_batch("decode", op.input("read", flow, source), areas)
    op.output("keep", op.count_final("count", read, lambda area: area), TestingSink(counts))
    run_main(flow)
    wall, cpu = time.perf_counter() - began[0][0], time.process_time() - began[0][1]
    print(json.dumps({"records": sum(count for _, count in counts), "wall": wall, "cpu": cpu}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
