"""How soon a draft is ready: event time from a confirmation, an estimate's move or a resolution to the first text.

What asks is read off the incident alone, not off RESPOND's rules: it became confirmed; it is resolved; its latest
estimated end, in quarters of an hour, is new or half an hour away from the one that people were told last, a quarter
of an hour after the confirmation at the earliest. A text answers if it is new, no reply, and speaks of that.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from pipeline.records.clocks import MINUTE_MS, PANE_MS
from pipeline.records.inner.changes import Change
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState, NoticeKind
from pipeline.wording.ends import end_for_people

ASKING: Final = ("confirmation", "estimate", "resolution")
MOVED_MS: Final = 30 * MINUTE_MS
TOLD_FROM_MS: Final = 15 * MINUTE_MS
_ON: Final = (IncidentState.CONFIRMED, IncidentState.RECOVERING)


class Readiness:
    """Watches changes and texts of a replay.

    Attributes:
        late_ms: How long after what asked for it a text was drafted, by what asked.
        unanswered: What nobody drafted a text for, by what asked, with the last state of the incident.
    """

    def __init__(self) -> None:
        self.late_ms: dict[str, list[int]] = defaultdict(list)
        self._waits: dict[tuple[str, str], int] = {}
        self._told: dict[str, int] = {}
        self._states: dict[str, str] = {}

    def hear(self, heard: object, outputs: Iterable[object]) -> None:
        """Take in what RESPOND heard, and what it wrote.

        Args:
            heard: A change asks; anything else is time that passes.
            outputs: What was written at it.
        """
        if isinstance(heard, Change):
            self._states[heard.after.incident_id] = heard.after.state.value
            for what in self._asks(heard):
                self._waits.setdefault((heard.after.incident_id, what), int(heard.at))
        for output in outputs:
            if isinstance(output, Notice) and output.notice_revision == 1 and output.occasion is not None:
                self._answer(output)

    def _asks(self, change: Change) -> Iterable[str]:
        before, after = change.before, change.after
        was = None if before is None else before.state
        if after.state == IncidentState.CONFIRMED and was not in (*_ON, IncidentState.RESOLVED):
            yield "confirmation"
        if after.state == IncidentState.RESOLVED and was != after.state:
            yield "resolution"
        if self._has_moved(after, int(change.at)):
            yield "estimate"

    def _has_moved(self, incident: Incident, at: int) -> bool:
        if incident.state != IncidentState.CONFIRMED or at < int(incident.confirmed_at or at) + TOLD_FROM_MS:
            return False
        end = end_for_people(incident.estimated_end, at)
        told = self._told.get(incident.incident_id)
        return end is not None and (told is None or abs(end[1] - told) >= MOVED_MS)

    def _answer(self, notice: Notice) -> None:
        answers = {
            "confirmation": notice.kind not in (NoticeKind.ALL_CLEAR, NoticeKind.APOLOGY),
            "resolution": notice.kind == NoticeKind.ALL_CLEAR,
            "estimate": notice.estimated_end_at is not None,
        }
        if notice.estimated_end_at is not None:
            self._told[notice.incident_id] = int(notice.estimated_end_at)
        for what in ASKING:
            asked_at = self._waits.pop((notice.incident_id, what), None) if answers[what] else None
            if asked_at is not None:
                self.late_ms[what].append(int(notice.drafted_at) - asked_at)

    @property
    def unanswered(self) -> dict[str, list[str]]:
        """What nobody drafted a text for."""
        found: dict[str, list[str]] = defaultdict(list)
        for incident_id, what in sorted(self._waits):
            found[what].append(self._states[incident_id])
        return found

    def lines(self) -> Iterable[str]:
        """A line for each that asks: how many, median, 99th percentile and most, in panes of event time."""
        for what in ASKING:
            late, never = sorted(self.late_ms[what]), self.unanswered.get(what, [])
            row = f"draft after {what:>12}: {len(late):4} texts"
            if late:
                marks = (late[len(late) // 2], late[min(len(late) - 1, len(late) * 99 // 100)], late[-1])
                row += "  median {:6.1f}  p99 {:6.1f}  most {:6.1f} panes".format(*(mark / PANE_MS for mark in marks))
            yield row + (f"; {len(never)} without a text ({', '.join(sorted(set(never)))})" if never else "")
