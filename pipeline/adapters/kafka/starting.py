"""What must be true before a process reads its first record: Kafka lets it in, topics are right, no right is missing.

The same check finds the words for a right that is taken away later.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable

from pipeline.adapters.kafka.options import AgentOptions, IngestOptions
from pipeline.adapters.kafka.rights.needed import agent_rights, ingest_rights
from pipeline.adapters.kafka.topics import verify_topics
from pipeline.flow import SIGNALS
from pipeline.kinds import state_noun_of
from pipeline.records.errors import ConfigError

AGAIN_SECONDS_MAX = 10.0
"""A process that leaves asks Kafka once more what is missing, and leaves without the answer after so long."""

Check = Callable[[], Awaitable[object]]


async def check_ingest(options: IngestOptions) -> dict[str, int]:
    """Refuse to start INGEST if it could not do all of its work.

    Returns:
        Whole name of each topic to the number of its partitions: raw topics may have any.

    Raises:
        ConfigError: All mistakes at once.
        NoKafkaError: If no broker answers.
    """
    counts = {SIGNALS.noun: options.partitions.signals}
    return await verify_topics(options.connection, counts, ingest_rights(options))


async def check_agent(options: AgentOptions, stage: str, source: str) -> None:
    """Refuse to start a stage that keeps state if it could not do all of its work.

    Args:
        options: How it runs.
        stage: Its name.
        source: Noun of its input topic.

    Raises:
        ConfigError: All mistakes at once.
        NoKafkaError: If no broker answers.
    """
    counts = {source: options.partitions, state_noun_of(stage): options.partitions}
    await verify_topics(options.connection, counts, agent_rights(options, stage))


def what_is_wrong_now(check: Check) -> str:
    """The words of a check that fails now; nothing if it succeeds or cannot be made.

    It runs in a thread with a loop of its own: the loop of a process that leaves
    is in the middle of something.
    """
    found: list[str] = []

    async def look() -> None:
        async with asyncio.timeout(AGAIN_SECONDS_MAX):
            await check()

    def ask() -> None:
        try:
            asyncio.run(look())
        except ConfigError as error:
            found.append(str(error))
        except Exception:  # noqa: BLE001 - the first error is what is told then
            return

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(AGAIN_SECONDS_MAX + 1)
    return "".join(found)
