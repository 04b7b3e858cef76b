"""One process of the real flow on the small world of the tests: `python -m tests.kafka.real_process STAGE OPTIONS`."""

import json
import sys
from typing import Any

from pipeline.adapters.kafka.options import AgentOptions, Connection, IngestOptions
from pipeline.adapters.kafka.running import run_agent, run_ingest
from tests.flows import stages
from tests.kafka.toy_process import PARTITIONS, Voice


def main(stage: str, given: dict[str, Any]) -> None:
    connection = Connection(bootstrap=given.pop("bootstrap"), prefix=given.pop("prefix"))
    group = f"{connection.prefix}{stage}"
    real = stages(PARTITIONS.lanes, PARTITIONS.signals)
    if stage == "ingest":
        ingest = IngestOptions(connection=connection, group=group, partitions=PARTITIONS, **given)
        run_ingest(ingest, real.ingest, Voice())
    elif stage == "detect":
        detect = AgentOptions(connection=connection, group=group, partitions=PARTITIONS.signals, **given)
        run_agent(detect, real.detect, Voice())
    else:
        correlate = AgentOptions(connection=connection, group=group, partitions=PARTITIONS.anomalies, **given)
        run_agent(correlate, real.correlate, Voice())


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
