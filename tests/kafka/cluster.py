"""Three brokers on one machine, as a production cluster is laid out: replication 3, two copies before an answer.

Each is broker and controller in one, so that any of them can be killed; heaps are small, since all share a machine.
"""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pipeline.adapters.local.broker import Broker
from tests.kafka.scraping import free_ports

NODES: Final = 3
COPIES_MIN: Final = 2
HEAP_MB: Final = 256
_SHARED: Final = {
    "default.replication.factor": str(NODES),
    "min.insync.replicas": str(COPIES_MIN),
    "offsets.topic.replication.factor": str(NODES),
    "transaction.state.log.replication.factor": str(NODES),
    "transaction.state.log.min.isr": str(COPIES_MIN),
    "share.coordinator.state.topic.replication.factor": str(NODES),
    "share.coordinator.state.topic.min.isr": str(COPIES_MIN),
    "broker.session.timeout.ms": "3000",  # a dead broker is given up after this, not after 9 s
    "broker.heartbeat.interval.ms": "500",
}


class Cluster:
    """The brokers, first to last.

    Args:
        folder: Holds a folder of data for each.
        threads: Start the brokers, one each, and live as long as the cluster: the kernel ends a broker with the
            thread that started it.
    """

    def __init__(self, folder: Path, threads: Executor) -> None:
        self._threads = threads
        controllers = free_ports(NODES)
        voters = ",".join(f"{node}@127.0.0.1:{port}" for node, port in enumerate(controllers, start=1))
        shared = {**_SHARED, "controller.quorum.voters": voters}
        name = os.urandom(11).hex()
        self.brokers = [
            Broker(
                folder / f"broker-{node}",
                settings={
                    **shared,
                    "node.id": str(node),
                    "listeners": f"PLAINTEXT://127.0.0.1:{{port}},CONTROLLER://127.0.0.1:{port}",
                },
                heap_mb=HEAP_MB,
                cluster=name,
            )
            for node, port in enumerate(controllers, start=1)
        ]

    @property
    def bootstrap(self) -> str:
        """Addresses of all brokers, with commas between them."""
        return ",".join(broker.bootstrap for broker in self.brokers)

    def start(self) -> None:
        """Start all brokers that do not run, together, for one alone has no quorum to start with."""
        gone = [broker for broker in self.brokers if not broker.is_running]
        for started in [self._threads.submit(broker.start) for broker in gone]:
            started.result()

    def bring_back(self, broker: Broker) -> None:
        """Start one of the brokers again, with its address and data."""
        self._threads.submit(broker.start).result()


@contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """Three brokers for the length of a with block.

    Args:
        folder: Holds their data.

    Yields:
        The cluster, all of it running.
    """
    with ThreadPoolExecutor(NODES) as threads:
        cluster = Cluster(folder, threads)
        try:
            cluster.start()
            yield cluster
        finally:
            for broker in cluster.brokers:
                broker.kill()
