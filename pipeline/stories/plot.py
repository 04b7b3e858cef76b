"""What a story is about, as its teller knows it: the real outage, and what it asks of us."""

from dataclasses import dataclass

from pipeline.respond.failovers_config import Backup
from pipeline.stories.verdicts import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that was reported of the real outage; `when` in local time, as people tell it."""

    when: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One story.

    Attributes:
        name: Name of the story, and of its scenario.
        title: A line.
        facts: Facts of the real outage; none of them is known to the pipeline.
        simulated: In which the world is not the real one.
        asked: What this outage asks of Tocsin.
        heading: Over the facts.
        days: Length of the world, counted back from its end; None is its own.
        days_after: Days of normal life that follow the world's own end.
        sources: Where the facts were reported, beside those that the scenario names.
        backups: What the operator could switch to, as its settings would say.
    """

    name: str
    title: str
    facts: tuple[Fact, ...]
    simulated: str
    asked: tuple[Asked, ...]
    heading: str = "The real outage, as it was reported"
    days: float | None = None
    days_after: float = 0.0
    sources: tuple[str, ...] = ()
    backups: tuple[Backup, ...] = ()
