"""One process of the toy flow: `toy_process.py STAGE OPTIONS`, the options as JSON."""

import json
import sys
from typing import Any

from toys import ANOMALIES, LANES, SIGNALS, ToyCorrelate, ToyDetect, ToyIngest

from pipeline.adapters.codecs.messages import Message
from pipeline.adapters.kafka.options import AgentOptions, Connection, IngestOptions, Partitions
from pipeline.adapters.kafka.running import run_agent, run_ingest

PARTITIONS = Partitions(lanes=LANES, signals=SIGNALS, anomalies=ANOMALIES, incidents=2, others=1)


def ruleset_changed(partition: int, before: str, now: str) -> Message:
    return Message("decisions", b"ruleset", f"{partition} {before} {now}".encode())


def main(stage: str, given: dict[str, Any]) -> None:
    connection = Connection(bootstrap=given.pop("bootstrap"), prefix=given.pop("prefix"))
    group = f"{connection.prefix}{stage}"
    ruleset, load = given.pop("ruleset", "r1"), given.pop("seconds_per_load", 0.0)
    if stage == "ingest":
        run_ingest(IngestOptions(connection=connection, group=group, partitions=PARTITIONS, **given), ToyIngest())
    elif stage == "detect":
        options = AgentOptions(connection=connection, group=group, partitions=SIGNALS, **given)
        run_agent(options, ToyDetect(ruleset, load), None, ruleset_changed)
    else:
        options = AgentOptions(connection=connection, group=group, partitions=ANOMALIES, **given)
        run_agent(options, ToyCorrelate(ruleset, load), None, ruleset_changed)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
