"""Send inputs of one number into a door, and say how it ended when that was no allowed end."""

from pathlib import Path

from tests.fuzz.door import Door
from tests.fuzz.mutate import mutated, smallest


def input_of(door: Door, name: str, seed: int, number: int) -> bytes:
    """Make an input; the same seed, door and number give the same bytes."""
    return mutated(door.seeds[number % len(door.seeds)], f"{seed}/{name}/{number}")


def fault_of(door: Door, folder: Path, data: bytes) -> str | None:
    """Send one input; the kind of the exception that is no allowed end, or None."""
    try:
        door.send(folder, data)
    except door.allowed:
        return None
    except Exception as error:  # noqa: BLE001 - any other end is what is looked for
        return f"{type(error).__name__}: {str(error)[:200]}"
    return None


def shrunk(door: Door, folder: Path, data: bytes, fault: str) -> bytes:
    """Make a failing input as small as it still fails by the same kind of exception."""
    kind = fault.split(":")[0]
    return smallest(data, lambda shorter: (fault_of(door, folder, shorter) or "").split(":")[0] == kind)
