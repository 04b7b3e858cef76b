"""The golden stories: each a few lines of what happened, seeded; its outputs lie beside this file."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.flows import arrived, morning, orders, results

FOLDER: Final = Path(__file__).parent

STORIES: Final[dict[str, Callable[[], dict[str, list[bytes]]]]] = {
    "outage": lambda: results(arrived(morning(1), 1)),
    "orders": lambda: results(arrived(morning(2) + orders(at_minute=50), 2)),
    "quiet": lambda: results(arrived(morning(3, outage_at=10_000), 3)),
}
"""Name to what the flow publishes: an outage with emergency claims, one with people's orders, a morning without."""

TOPICS: Final = ("incidents", "notices", "decisions", "quarantine")


def expected_path(story: str, topic: str) -> Path:
    """Where a story's output of a topic is kept."""
    return FOLDER / story / f"expected.{topic}.jsonl"


def as_file(lines: list[bytes]) -> bytes:
    """Lines as they are kept."""
    return b"".join(line + b"\n" for line in lines)
