"""The golden stories and worlds: what happened, from a seed; their outputs lie beside this file."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from tests.flows import arrived, morning, orders, results
from tests.golden.worlds import WORLDS, world_results

QUARANTINED_BYTES_MAX: Final = 50_000
"""What a collector with a wrong clock sends to quarantine is more, and nothing to read."""

FOLDER: Final = Path(__file__).parent

STORIES: Final[dict[str, Callable[[], dict[str, list[bytes]]]]] = {
    "outage": lambda: results(arrived(morning(1), 1)),
    "orders": lambda: results(arrived(morning(2) + orders(at_minute=50), 2)),
    "quiet": lambda: results(arrived(morning(3, outage_at=10_000), 3)),
    **{f"world-{name}": partial(world_results, small) for name, small in WORLDS.items()},
}
"""Name to what the flow publishes: an outage with emergency claims, one with people's orders, a morning without;
and the worlds."""

TOPICS: Final = ("incidents", "notices", "followups", "decisions", "quarantine")


def expected_path(story: str, topic: str) -> Path:
    """Where a story's output of a topic is kept."""
    return FOLDER / story / f"expected.{topic}.jsonl"


def as_file(topic: str, lines: list[bytes]) -> bytes:
    """Lines as they are kept; of a large quarantine, their number and hash."""
    text = b"".join(line + b"\n" for line in lines)
    if topic != "quarantine" or len(text) <= QUARANTINED_BYTES_MAX:
        return text
    return b"%d lines, sha256 %s\n" % (len(lines), sha256(text).hexdigest().encode())
