"""What a run says of one outage: the incident about it, and everything that followed from it.

A story is about one outage of a world: the first that was found, and the first
of all if none was. The incident that tells it best is its head; without one the
story says so. How many of the outages were found is told beside it: choosing
one that was found must not hide the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.published.failovers import Failover
from pipeline.records.published.followups import Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.series import is_within
from pipeline.records.truth import TrueMessage, TrueOutage
from pipeline.views.run import Curve, Run, limits_of
from pipeline.views.span import Span
from pipeline.views.stories import Story, stories_of, zone_of
from pipeline.views.words import Clock

_HEARD_FROM: Final = {"mentions": "complaints in public", "tickets": "at the operator"}
"""Source to what its complaints are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOutage:
    """One outage of the world, and the incident about it, if there is one."""

    outage: TrueOutage
    story: Story | None


@dataclass(frozen=True, kw_only=True)
class StoryEvidence:
    """A run, seen as one story.

    Attributes:
        run: Folder of the story's run.
        stories: All incidents, the weightiest first.
        head: The incident about the outage; None if none was found.
        outage: What really happened; None if the world has none.
    """

    run: Run
    limits: Span
    clock: Clock
    stories: tuple[Story, ...]
    head: Story | None
    outage: TrueOutage | None

    @property
    def now(self) -> Incident:
        """Last revision of the head; there must be one."""
        return self._head.now

    @property
    def revisions(self) -> tuple[Incident, ...]:
        """All revisions of the head."""
        return self._head.revisions

    @property
    def _head(self) -> Story:
        if self.head is None:
            raise LookupError("this run has no incident about the outage")
        return self.head

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        """Drafts of the head, the earliest first."""
        return tuple(sorted(self._head.notices, key=lambda notice: (notice.drafted_at, notice.notice_id)))

    @cached_property
    def failovers(self) -> tuple[Failover, ...]:
        """Failovers of the head."""
        return tuple(failover for failover in self.run.failovers if failover.incident_id == self.now.incident_id)

    @cached_property
    def followups(self) -> tuple[Followup, ...]:
        """Follow-ups of the head."""
        return tuple(followup for followup in self.run.followups if followup.incident_id == self.now.incident_id)

    @property
    def all_found(self) -> tuple[FoundOutage, ...]:
        """Every outage of the world."""
        outages = self.run.truth.outages if self.run.truth else ()
        return tuple(FoundOutage(outage=outage, story=_about(self.stories, outage)) for outage in outages)

    @property
    def false_alarms(self) -> tuple[Story, ...]:
        """Confirmed incidents about no outage of the world."""
        return tuple(story for story in self.stories if story.told and story.false_alarm)

    @property
    def spoken(self) -> tuple[TrueMessage, ...]:
        """What the operators that were down really said, the earliest first."""
        if self.outage is None:
            return ()
        down = {operator.operator for operator in self.outage.operators}
        messages = [message for message in self.outage.messages if message.operator in down]
        return tuple(sorted(messages, key=lambda message: (message.posted_at, message.post_id)))

    @property
    def first_word_ms(self) -> int | None:
        """When an operator that was down first spoke of it, really."""
        return int(self.spoken[0].posted_at) if self.spoken else None

    @property
    def drafted_ms(self) -> int | None:
        """When the first notice was drafted."""
        return None if self.head is None or not self.notices else int(self.notices[0].drafted_at)

    def heard_of_it(self) -> str:
        """How many complained where the outage was and while it lasted: why it could be found, or not."""
        outage = self.outage
        if outage is None:
            return ""
        heard = [(words, self._complaints(outage, source)) for source, words in _HEARD_FROM.items()]
        told = [f"{observed:.0f} {words} in {where} ({usual:.1f} usual)" for words, (where, observed, usual) in heard]
        return f"while it lasted {' and '.join(told)}"

    def _complaints(self, outage: TrueOutage, source: str) -> tuple[str, float, float]:
        """Complaints of one source in the smallest place around the outage of which the run knows, and the usual."""
        down, places = {operator.operator for operator in outage.operators}, {area.area for area in outage.areas}
        curves = [
            (key, curve)
            for key, curve in self.run.curves.items()
            if (key.source, key.measure, key.service, key.item) == (source, "complaints", "", "")
            and key.operator in down
            and any(is_within(place, key.area) for place in places)
        ]
        area = max((key.area for key, _ in curves), key=lambda name: (name.count("/"), name), default="")
        steps = [step for key, curve in curves if key.area == area for step in _steps_of(curve, outage)]
        where = self.run.area_names.get(area, area) or "its areas"
        return where, sum(observed for observed, _ in steps), sum(usual for _, usual in steps)

    def lead_ms(self) -> int | None:
        """How much earlier Tocsin had confirmed than the operator spoke; negative if it was later, None if unknown."""
        if self.head is None or self.head.confirmed_ms is None or self.first_word_ms is None:
            return None
        return self.first_word_ms - self.head.confirmed_ms

    def name_of(self, operator: str) -> str:
        """An operator's name, for people."""
        return self.run.operator_names.get(operator, operator)

    def names(self, operators: Iterable[str]) -> str:
        """Names with commas."""
        return ", ".join(self.name_of(operator) for operator in operators)

    def time(self, at: int) -> str:
        """A time of the outage's day to the minute; others with their date."""
        beside = int(self.outage.started_at) if self.outage else self.limits.start_ms
        return self.clock.moment(at // MINUTE_MS * MINUTE_MS, beside)


def _steps_of(curve: Curve, outage: TrueOutage) -> list[tuple[float, float]]:
    """What was observed and usual in each step that ended while the outage lasted; nought where nothing was."""
    steps = zip(curve.ended_ms, curve.observed, curve.expected, strict=True)
    lasted = [step for at, *step in steps if outage.started_at < at <= outage.ended_at]
    return [(0.0 if isnan(observed) else observed, 0.0 if isnan(usual) else usual) for observed, usual in lasted]


def evidence_of(run: Run) -> StoryEvidence:
    """See a run as one story."""
    limits = limits_of(run)
    stories = stories_of(run, limits)
    outages = run.truth.outages if run.truth else ()
    seen = [outage for outage in outages if (story := _about(stories, outage)) is not None and story.told]
    outage = next(iter((*seen, *outages)), None)
    return StoryEvidence(
        run=run,
        limits=limits,
        clock=Clock(zone_of(run, stories)),
        stories=tuple(stories),
        head=None if outage is None else _about(stories, outage),
        outage=outage,
    )


def _about(stories: Iterable[Story], outage: TrueOutage) -> Story | None:
    """The weightiest incident about an outage; one that was confirmed before one that was not."""
    about = [story for story in stories if story.outage == outage]
    return next(iter([story for story in about if story.told] or about), None)
