"""One process of the real flow on the small world of the tests: `python -m tests.kafka.real_process STAGE OPTIONS`."""

import json
import sys
from typing import Any

from pipeline.adapters.kafka.options import AgentOptions, Connection, IngestOptions
from pipeline.adapters.kafka.running import run_agent, run_ingest
from pipeline.flow import KEYED
from tests.flows import stages
from tests.kafka.toy_process import PARTITIONS, Voice


def main(stage: str, given: dict[str, Any]) -> None:
    connection = Connection(bootstrap=given.pop("bootstrap"), prefix=given.pop("prefix"))
    group = f"{connection.prefix}{stage}"
    real = stages(PARTITIONS.lanes, PARTITIONS.signals)
    if stage == "ingest":
        ingest = IngestOptions(connection=connection, group=group, partitions=PARTITIONS, **given)
        run_ingest(ingest, lambda _: real.ingest, Voice())
        return
    row = next(keyed for keyed in KEYED if keyed.name == stage)
    agent = AgentOptions(connection=connection, group=group, partitions=PARTITIONS.of(row.source), **given)
    run_agent(agent, real.named(stage), Voice())


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
