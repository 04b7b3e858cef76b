"""What a duty is: a rule of RESPOND that hears of a case, and may set a time at which it wants to be asked again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.records.clocks import Instant
from pipeline.records.inner.changes import Change
from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.signals import PlacedCommand
from pipeline.respond.config import RespondRules
from pipeline.respond.figures import KnownFigures
from pipeline.respond.state import IncidentCase


class DutyAnswer(NamedTuple):
    """What a duty makes of what it heard.

    Attributes:
        outputs: Records and the decisions about them, in the order in which they are written.
        due_at: When the duty wants to be asked again, ms; None for never.
        changed: Names of the slots of other cases that changed with it.
    """

    outputs: tuple[object, ...] = ()
    due_at: int | None = None
    changed: frozenset[str] = frozenset()


class Surroundings(NamedTuple):
    """What a duty may look at besides its case.

    Attributes:
        rules: What RESPOND knows beforehand: settings, wording, languages.
        figures: Figures of the market's operators, up to the pane that is worked.
        cases: Gives all cases of the market, by id of the incident; who changes another case says so in its answer.
    """

    rules: RespondRules
    figures: KnownFigures
    cases: Callable[[], list[IncidentCase]]


def never_due(_case: IncidentCase, _at: Instant, _around: Surroundings) -> DutyAnswer:
    """The answer of a duty that sets no time.

    Args:
        _case: Is not looked at.
        _at: Is not looked at.
        _around: Is not looked at.
    """
    return DutyAnswer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A rule of RESPOND.

    Attributes:
        name: Names it in `IncidentCase.dues`.
        hear: Answers a change of the case or a command about it; None: that is not its business, and what is due stays.
        fall_due: Answers the time that it set; a new time must lie in a later pane.
        hear_figures: Is told of each case of a market that is not over when figures came in, with the end of the
            pane; None: the duty does not ask for them. Its answer None: nothing follows, and what is due stays.
        hear_talk: Is told of each open case what was said of it in a pane; None likewise.
    """

    name: str
    hear: Callable[[IncidentCase, Change | PlacedCommand, Surroundings], DutyAnswer | None]
    fall_due: Callable[[IncidentCase, Instant, Surroundings], DutyAnswer] = never_due
    hear_figures: Callable[[IncidentCase, Instant, Surroundings], DutyAnswer | None] | None = None
    hear_talk: Callable[[IncidentCase, PaneTalk, Surroundings], DutyAnswer | None] | None = None
