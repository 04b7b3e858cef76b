"""A downstream service in thirty lines: it always knows every incident, at its latest revision.

Three rules make it correct. It reads committed records only. It applies an incident only if its revision is
higher than the one it has. And it keeps no offsets: the topic is compacted, so at a restart it reads it from the
start, and then it knows all that is to be known. Usage: python follow_incidents.py [BOOTSTRAP [TOPIC]]
"""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from typing import Any

from aiokafka import AIOKafkaConsumer

Incidents = dict[str, dict[str, Any]]


async def changes(bootstrap: str, topic: str, incidents: Incidents) -> AsyncGenerator[dict[str, Any], None]:
    """Keep `incidents` up to date, and yield each new revision once."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    async with consumer:
        async for record in consumer:
            known = incidents.get(record.key.decode(), {"revision": 0})
            if record.value is None:  # the incident is old and was purged
                incidents.pop(record.key.decode(), None)
            elif (incident := json.loads(record.value))["revision"] > known["revision"]:
                incidents[incident["incident_id"]] = incident
                yield incident


async def main(bootstrap: str = "127.0.0.1:9092", topic: str = "incidents") -> None:
    """Print one line for each revision."""
    async for incident in changes(bootstrap, topic, {}):
        print(incident["updated_at"], incident["incident_id"], incident["revision"], incident["state"], flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
