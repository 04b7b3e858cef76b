"""A run that was scored: its world, its incidents, and how good they were."""

import msgspec

from pipeline.evaluate.judging.facts import WorldScore
from pipeline.evaluate.sides.worlds import KnownWorld
from pipeline.records.published.incidents import Incident

Histories = tuple[tuple[Incident, ...], ...]
"""For each incident its revisions, rising."""


class ScoredRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run with what was true, and the score of it.

    Attributes:
        histories: Needed to draw it.
    """

    world: KnownWorld
    histories: Histories
    score: WorldScore
