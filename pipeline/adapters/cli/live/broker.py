"""`tocsin broker install|run`: an Apache Kafka of one node, for trying out and for the tests."""

import signal
from pathlib import Path
from typing import Annotated

import typer

from pipeline.adapters.cli.terminal import Terminal


def install() -> None:
    """Fetch Kafka's jars from Maven Central, check them, keep them; needs Java 17 and Maven."""
    from pipeline.adapters.local.broker import fetch_jars, find_java

    find_java()
    Terminal().text(f"Apache Kafka is in {fetch_jars()}")


def run(
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Where clients connect, on 127.0.0.1.")] = 9092,
    data: Annotated[Path | None, typer.Option(help="Data folder; a temporary one by default.")] = None,
) -> None:
    """Run a broker until Ctrl-C."""
    from pipeline.adapters.local.broker import running_broker

    stops = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    with running_broker(data, port=port) as broker:
        Terminal().text(f"Apache Kafka listens on {broker.bootstrap}")
        signal.sigwait(stops)
