"""The duty of impact: how many are without service is noted before other duties ask (`remembered.impact`)."""

from typing import Final

from pipeline.records.inner.changes import Change
from pipeline.records.inner.signals import PlacedCommand
from pipeline.respond.duties import Duty, DutyAnswer, Surroundings
from pipeline.respond.remembered.impact import take_in
from pipeline.respond.state import IncidentCase


def hear(case: IncidentCase, heard: Change | PlacedCommand, _around: Surroundings) -> DutyAnswer | None:
    """Note how many are without service, before other duties ask.

    Args:
        case: What it remembers changes in place.
        heard: A revision; an order says nothing of it.
        _around: Is not looked at.
    """
    if isinstance(heard, Change):
        take_in(case.followups.impact, heard.after, int(heard.at))
    return None


IMPACT: Final = Duty(name="impact", hear=hear)
"""The row of RESPOND's duties; it stands before those that ask how many were hit."""
