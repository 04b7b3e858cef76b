"""Peer: Quix Streams counts readings by area in its keyed state; no changelog, nothing written.

Usage: quix_keyed.py BOOTSTRAP TOPIC RECORDS
"""

import json
import logging
import os
import sys
import tempfile
import time
from typing import Any

import msgspec
from quixstreams import Application


class Reading(msgspec.Struct):
    """What is decoded."""

    area: str
    metric: str
    observed_at: str
    operator: str
    unit: str
    value: float


def main(bootstrap: str, name: str, records: int) -> None:
    """Run until so many records are counted; the clock runs from the first to the last."""
    logging.disable(logging.INFO)
    decode = msgspec.json.Decoder(Reading).decode
    began: list[tuple[float, float]] = []
    seen = 0

    def count(value: bytes, state: Any) -> None:
        nonlocal seen
        if not began:
            began.append((time.perf_counter(), time.process_time()))
        area = decode(value).area
        state.set(area, state.get(area, 0) + 1)
        seen += 1

    with tempfile.TemporaryDirectory() as folder:
        app = Application(
            broker_address=bootstrap,
            consumer_group=f"quix-{os.getpid()}",
            auto_offset_reset="earliest",
            state_dir=folder,
            use_changelog_topics=False,
            loglevel=None,
        )
        topic = app.topic(name, key_deserializer="bytes", value_deserializer="bytes")
        app.dataframe(topic).update(count, stateful=True)
        app.run(count=records)
        wall, cpu = time.perf_counter() - began[0][0], time.process_time() - began[0][1]
    print(json.dumps({"records": seen, "wall": wall, "cpu": cpu}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
