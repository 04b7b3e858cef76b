"""Run a stage as a process: signals, exit codes, and nothing that outlives it."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

from pipeline.adapters.kafka import leaving
from pipeline.adapters.kafka.agents.agent import Agent
from pipeline.adapters.kafka.agents.input_partition import RulesetChanged
from pipeline.adapters.kafka.header_names import take_any_header_name
from pipeline.adapters.kafka.ingest.lanes import Ingest
from pipeline.adapters.kafka.ingest.laying_out import settle
from pipeline.adapters.kafka.layout import Layout
from pipeline.adapters.kafka.leaving import EXIT_CONNECTION, EXIT_SETTINGS, Word
from pipeline.adapters.kafka.options import AgentOptions, IngestOptions
from pipeline.adapters.kafka.rights.entering import NoKafkaError
from pipeline.adapters.kafka.starting import check_agent, check_ingest, what_is_wrong_now
from pipeline.adapters.observing.observer import Observer
from pipeline.adapters.stages.collector import spare_the_collector
from pipeline.adapters.stages.contracts import IngestStage, StatefulStage
from pipeline.records.errors import ConfigError

MakeIngest = Callable[[Layout], IngestStage]
"""INGEST with the lanes of a layout."""


def run_ingest(options: IngestOptions, make: MakeIngest, observer: Observer | None = None) -> None:
    """Run one process of INGEST until SIGTERM or SIGINT; call it from the main thread.

    Whatever else ends it ends the process: with 70 if a new start may help,
    with 3 if there is no Kafka to start with, with 2 if the settings are wrong.

    Args:
        options: How it runs.
        make: Makes what records mean, once the layout of lanes is known.
        observer: Hears what happens.
    """

    async def main() -> None:
        leaving.explain_with(lambda: what_is_wrong_now(lambda: check_ingest(options)))
        settled = await settle(options)
        ingest = Ingest(settled, make(settled.laid_out), observer)
        on_signals(ingest.stop)
        await ingest.run()

    run_guarded(main, "ingest")


def run_agent(
    options: AgentOptions,
    stage: StatefulStage,
    observer: Observer | None = None,
    ruleset_changed: RulesetChanged | None = None,
) -> None:
    """Run one process of a stateful stage until SIGTERM or SIGINT; call it from the main thread.

    Args:
        options: How it runs.
        stage: The rules, as bytes in and bytes out.
        observer: Hears what happens.
        ruleset_changed: Makes the decision that says that the rules are other ones than before.
    """

    async def main() -> None:
        leaving.explain_with(lambda: what_is_wrong_now(lambda: check_agent(options, stage.name, stage.source)))
        agent = Agent(stage, options, observer, ruleset_changed)
        on_signals(agent.stop)
        await agent.run()

    run_guarded(main, stage.name)


def on_signals(stop: Callable[[], None]) -> None:
    """Call `stop` on SIGTERM and SIGINT, from the event loop."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)


def run_guarded(main: Callable[[], Awaitable[None]], doing: str) -> None:
    """Run an event loop; no exception leaves it, the process does."""

    async def guarded() -> None:
        try:
            spare_the_collector()
            take_any_header_name()
            await main()
        except ConfigError as error:
            leaving.leave(Word.SETTINGS, str(error), code=EXIT_SETTINGS)
        except NoKafkaError as error:
            detail = f"{doing}: {error}: start Kafka, or name another with --bootstrap or kafka.bootstrap"
            leaving.leave(Word.CONNECTION, detail, code=EXIT_CONNECTION)
        except BaseException as error:  # noqa: BLE001 - infrastructure failures end the process at once
            leaving.leave_for(error, doing)

    asyncio.run(guarded())
