"""The toy flow, undisturbed: raw records in, incidents out, each once and in order."""

import signal

from tests.kafka.harness import Flow, until
from tests.kafka.toys import expected_incidents


def numbers_of(keys: int, each: int) -> dict[str, list[int]]:
    return {f"k{key}": [key * 1_000 + n for n in range(each)] for key in range(keys)}


def as_items(numbers: dict[str, list[int]]) -> list[tuple[str, int]]:
    rounds = zip(*numbers.values(), strict=True)
    return [(key, number) for turn in rounds for key, number in zip(numbers, turn, strict=True)]


async def test_every_record_goes_through_once_and_a_planned_stop_is_clean(flow: Flow) -> None:
    numbers = numbers_of(keys=16, each=50)
    await flow.send(as_items(numbers))
    processes = [flow.start(stage) for stage in ("ingest", "detect", "correlate")]
    expected = expected_incidents(numbers)

    async def all_out() -> bool:
        return sum(map(len, (await flow.incidents()).values())) >= sum(map(len, expected.values()))

    await until(all_out, 40, "all incidents are out")
    for process in processes:
        process.send(signal.SIGTERM)
    assert [await process.ended(5) for process in processes] == [0, 0, 0]
    assert await flow.incidents() == expected
