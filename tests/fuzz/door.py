"""What a door is: a way in, with good inputs to start from and the errors by which it may refuse."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Door:
    """One way in.

    Attributes:
        seeds: Good inputs, which are mutated.
        send: Sends one input in; a folder for files is given.
        allowed: Errors by which the door may refuse an input.
    """

    seeds: Sequence[bytes]
    send: Callable[[Path, bytes], object]
    allowed: tuple[type[Exception], ...] = ()
