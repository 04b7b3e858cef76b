"""Peer: a plain Faust agent counts readings by area in a dict; no table, nothing written.

Usage: faust_agent.py BOOTSTRAP TOPIC RECORDS
"""

import asyncio
import json
import os
import sys
import time
from collections import Counter
from typing import Any

import faust
import msgspec


class Reading(msgspec.Struct):
    """What is decoded."""

    area: str
    metric: str
    observed_at: str
    operator: str
    unit: str
    value: float


async def main(bootstrap: str, name: str, records: int) -> None:
    """Run until so many records are counted; the clock runs from the first to the last."""
    decode = msgspec.json.Decoder(Reading).decode
    app = faust.App(
        f"faust-{os.getpid()}",
        broker=f"kafka://{bootstrap}",
        loop=asyncio.get_running_loop(),
        store="memory://",
        web_enabled=False,
        topic_disable_leader=True,
        value_serializer="raw",
        consumer_auto_offset_reset="earliest",
    )
    counts: Counter[str] = Counter()
    done = asyncio.Event()

    @app.agent(app.topic(name, value_type=bytes))
    async def count(stream: Any) -> None:
        began = None
        seen = 0
        async for value in stream:
            began = began or (time.perf_counter(), time.process_time())
            counts[decode(value).area] += 1
            seen += 1
            if seen == records:
                wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
                print(json.dumps({"records": counts.total(), "wall": wall, "cpu": cpu}), flush=True)
                done.set()

    await app.start()
    await done.wait()
    os._exit(0)  # what follows is only Faust's goodbye


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
