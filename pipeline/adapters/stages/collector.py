"""The cycle collector of Python, which looks for garbage that reference counts do not find: there is hardly any.

Records come by ten thousands and go by reference counts. A collection after every 700 new objects, as is usual, looks
at places, words, rules and states again and again for nothing: more than a quarter of a replay.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SELDOM: Final = (50_000, 20, 20)
"""New objects, and younger generations collected, after which a generation is."""

ONCE_A_BATCH: Final = (500_000, 20, 20)
"""Likewise in a run that nobody waits for: a batch of a recording has made fewer when most of it is gone again."""


def spare_the_collector() -> None:
    """Let the collector leave alone what lives for ever, in a process that runs until it is stopped."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Let the collector come seldom for as long as this lasts, and leave alone what was there before.

    What a process has frozen for ever stays frozen: all would be thawed at once.
    """
    before, thaws = gc.get_threshold(), not gc.get_freeze_count()
    if thaws:
        gc.freeze()
    gc.set_threshold(*ONCE_A_BATCH)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if thaws:
            gc.unfreeze()
