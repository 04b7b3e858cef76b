"""Answers: what a run and the orders in its recording say of posts, so that nobody need write a list of labels.

A question that was confirmed says of its posts that they report a fault. One that was dismissed says by and large that
they do not: they were no calls for help that failed, and may still be complaints. Both weigh alike, or answers would
push one way whatever they say. Posts inside a confirmed
incident of a fitting service and place are faults by and large, those of quiet hours are none, by and large: such
labels teach by half a step, only of posts of which the model is unsure, of quiet hours no more a day than of incidents
(`balanced`), and only when asked for.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Final, NamedTuple

from pipeline.ingest.text.understood import Understood
from pipeline.records.clocks import HOUR_MS
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incidents import Incident
from pipeline.records.raw.commands import Command
from pipeline.records.series import is_within, nation_of
from pipeline.records.texts import LINE_MAX, clipped

QUIET_HOURS: Final = 6
"""So far from any incident of the operator a time is quiet."""

UNSURE_PERMILLE: Final = range(100, 800)
"""Of posts that are likely or unlikely as they stand, an incident says nothing: most that are misread lie here."""

_ANSWERS: Final = {"confirm": True, "dismiss": False}
_CLIPPED: Final = clipped("12", 1)
_LINE_OF_A_QUESTION: Final = "confirm or dismiss {}: "


class Label(NamedTuple):
    """What is known of a post.

    Attributes:
        is_fault: Whether it reports a present fault.
        is_weak: It is so by and large.
        is_quiet: Nobody said so; it was a quiet hour.
        is_answer: A person said so of a question.
    """

    is_fault: bool
    is_weak: bool
    is_quiet: bool = False
    is_answer: bool = False

    @property
    def moves_base(self) -> bool:
        """Does it say how common faults are? What was asked about, or lies in an incident, was chosen for its kind."""
        return not (self.is_weak or self.is_answer)


class _Outage(NamedTuple):
    """A confirmed incident that is over, as far as posts are concerned; ms."""

    operators: frozenset[str]
    services: frozenset[str]
    areas: tuple[str, ...]
    start: int
    end: int


class _Examples:
    """Texts of answered questions, masked, as the decisions that asked show them.

    Args:
        decisions: All decisions of a run.
        answered: Question to what a person said of it.
    """

    def __init__(self, decisions: Iterable[Decision], answered: Mapping[str, bool]) -> None:
        self._whole: dict[str, bool] = {}
        self._starts: dict[int, dict[str, bool]] = {}
        for decision in decisions:
            _, asked, shown = decision.text.partition(_LINE_OF_A_QUESTION.format(decision.subject))
            if not (asked and shown and decision.subject in answered):
                continue
            if len(decision.text) == LINE_MAX and shown.endswith(_CLIPPED):
                start = shown.removesuffix(_CLIPPED)
                self._starts.setdefault(len(start), {})[start] = answered[decision.subject]
            else:  # masked texts too may end in an ellipsis, where a link stood
                self._whole[shown] = answered[decision.subject]

    def of(self, masked: str) -> bool | None:
        """What was answered of a text; None = nothing."""
        if masked in self._whole:
            return self._whole[masked]
        found = (starts.get(masked[:length]) for length, starts in self._starts.items() if len(masked) > length)
        return next((said for said in found if said is not None), None)


class Answers:
    """Tells what is known of a post.

    Args:
        decisions: All decisions of a run.
        commands: Orders in the recording that it replayed.
        incidents: The last revision of each incident of the run; None = incidents say nothing.
    """

    def __init__(
        self,
        decisions: Iterable[Decision],
        commands: Iterable[Command],
        incidents: Iterable[Incident] | None = None,
    ) -> None:
        self._examples = _Examples(decisions, _answered(commands))
        real = [incident for incident in incidents or () if not incident.exercise]
        self._outages = [outage for incident in real if (outage := _outage(incident))]
        self._spans = [_span(incident) for incident in real]
        self._incidents = incidents is not None

    def of(self, masked: str, at: int, said: Understood, operator: str | None) -> Label | None:
        """What is known of a post; None = nothing.

        Args:
            masked: Its text as a question shows it.
            at: When it was posted, ms.
            said: What it says by the shipped weights.
            operator: Whose search found it.
        """
        is_claim = self._examples.of(masked)
        if is_claim is not None:
            return Label(is_claim, is_weak=True, is_answer=True)
        operators = frozenset(said.operators or ((operator,) if operator else ()))
        if not self._incidents or not operators or said.probability_permille not in UNSURE_PERMILLE:
            return None
        if any(_fits(outage, at, said, operators) for outage in self._outages):
            return Label(is_fault=True, is_weak=True)
        margin = QUIET_HOURS * HOUR_MS
        near = any(
            names & operators and start - margin <= at <= (at if end is None else end + margin)
            for names, start, end in self._spans
        )
        return None if near else Label(is_fault=False, is_weak=True, is_quiet=True)


def balanced(labelled: Iterable[tuple[str, Label]]) -> frozenset[str]:
    """Posts of quiet hours that teach: no more than there are inside incidents, by lot, the same each time.

    Nearly all hours are quiet. If all of them taught, every sign of a complaint would sink.

    Args:
        labelled: Texts of one day and language, folded, with what is known of each.
    """
    known = dict(labelled)
    inside = sum(label.is_fault and label.is_weak and not label.is_answer for label in known.values())
    quiet = sorted((text for text, label in known.items() if label.is_quiet), key=_lot)
    return frozenset(quiet[:inside])


def _lot(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()


def _answered(commands: Iterable[Command]) -> dict[str, bool]:
    """Question to what a person said of it last."""
    real = (command for command in commands if command.kind in _ANSWERS and not command.exercise)
    return {command.target: _ANSWERS[command.kind] for command in real}


def _names(incident: Incident) -> frozenset[str]:
    return frozenset(role.operator for role in incident.operators if role.role is not None)


def _outage(incident: Incident) -> _Outage | None:
    if incident.confirmed_at is None or incident.started_at is None or incident.ended_at is None:
        return None
    areas = tuple(part.area for part in incident.areas)
    return _Outage(_names(incident), frozenset(incident.services), areas, incident.started_at, incident.ended_at)


def _span(incident: Incident) -> tuple[frozenset[str], int, int | None]:
    """From when to when an incident of any kind went on; it may go on still."""
    start = incident.opened_at if incident.started_at is None else min(incident.started_at, incident.opened_at)
    return _names(incident), start, incident.ended_at


def _fits(outage: _Outage, at: int, said: Understood, operators: frozenset[str]) -> bool:
    if not (outage.start <= at <= outage.end and outage.operators & operators):
        return False
    if outage.services and said.services and not outage.services & frozenset(said.services):
        return False
    return any(area == nation_of(area) or (said.area and is_within(said.area, area)) for area in outage.areas)
