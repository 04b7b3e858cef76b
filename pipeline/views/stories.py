"""An incident as a story: when it was first seen, said, known - and what was true.

Incidents are told in order of weight: those that were confirmed, then by
severity and by customers. What was only ever suspected stands in a short list:
a reader must see that it was there, and must not have to read it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from pipeline.evaluate.judging.matching import FALSE, match
from pipeline.evaluate.sides.lives import life_of
from pipeline.evaluate.sides.worlds import world_of
from pipeline.records.clocks import HOUR_MS, MINUTE_MS
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice, latest_of
from pipeline.records.truth import TrueOutage
from pipeline.views.run import Run, surer
from pipeline.views.span import Span
from pipeline.views.words import Clock, lasting, plain

BEFORE_MS: Final = 45 * MINUTE_MS
AFTER_MS: Final = HOUR_MS
"""Air around an incident when it is looked at closely."""

FIRST_EVIDENCE_MS: Final = 3 * HOUR_MS
"""First evidence so long before the opening is still in the close look."""

_SAME_POST_MS: Final = MINUTE_MS
_WEIGHTS: Final = {"critical": 4, "major": 3, "minor": 2, "warning": 1, "cleared": 0}


@dataclass(frozen=True, slots=True)
class OfficialWord:
    """The operator said something in public.

    Attributes:
        text: Known only of a simulated world; Tocsin does not keep it.
    """

    at: int
    text: str = ""
    platform: str = ""
    operator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One incident over all its revisions.

    Attributes:
        now: The last revision of the incident.
        until_ms: Where its last state ends: when it was closed, else the end of the recording.
        outage: The simulated outage that it is about, if there is one.
        false_alarm: True if the world is simulated, and nothing was wrong then.
    """

    number: int
    revisions: tuple[Incident, ...]
    until_ms: int
    name: str
    words: tuple[OfficialWord, ...] = ()
    notices: tuple[Notice, ...] = ()
    outage: TrueOutage | None = None
    false_alarm: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def now(self) -> Incident:
        """The last revision."""
        return self.revisions[-1]

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"incident-{self.number}"

    @property
    def suspected_ms(self) -> int:
        """When it was opened."""
        return int(self.now.opened_at)

    @property
    def confirmed_ms(self) -> int | None:
        """When it was first confirmed."""
        return None if self.now.confirmed_at is None else int(self.now.confirmed_at)

    @property
    def told(self) -> bool:
        """Does it deserve a card: was it ever confirmed, and not dismissed?"""
        return self.confirmed_ms is not None and self.now.state != "dismissed"

    @property
    def customers_peak(self) -> Incident | None:
        """The revision with the greatest likely number of customers, of a suspicion only if it stayed one."""
        known = [revision for revision in self.revisions if revision.customers_affected is not None]
        return max(surer(known), key=lambda revision: _likely(revision), default=None)

    @property
    def first_word_ms(self) -> int | None:
        """The operator's first public word that was heard."""
        said = self.now.communication
        return None if said is None or said.first_official_at is None else int(said.first_official_at)

    @property
    def operators(self) -> tuple[str, ...]:
        """Those who have it, the primary one first; not those who are only blamed."""
        return tuple(operator.operator for operator in self.now.operators if operator.role is not None)

    def last_seen_ms(self) -> int:
        """End of the last evidence, or when it was over, whichever is known."""
        seen = [int(item.last_at) for item in self.now.evidence]
        ends = [int(at) for at in (self.now.ended_at, self.now.resolved_at) if at is not None]
        return max([self.suspected_ms, *seen, *ends])

    def span(self, limits: Span) -> Span:
        """The window in which to look at it closely."""
        firsts = [int(lead.first_evidence_at) for lead in self.now.leads]
        near = [at for at in firsts if self.suspected_ms - at <= FIRST_EVIDENCE_MS]
        starts, ends = [self.suspected_ms, *near], [self.last_seen_ms()]
        if self.outage is not None:
            starts.append(int(self.outage.started_at))
            ends.append(int(self.outage.ended_at))
        return Span(max(min(starts) - BEFORE_MS, limits.start_ms), min(max(ends) + AFTER_MS, limits.end_ms))


def _likely(incident: Incident) -> tuple[bool, int]:
    numbers = incident.customers_affected
    if numbers is None:
        return False, -1
    return (False, numbers.high) if numbers.likely is None else (True, numbers.likely)


def stories_of(run: Run, limits: Span) -> list[Story]:
    """All incidents, the weightiest first."""
    verdicts = _verdicts(run, limits)
    stories = []
    for number, revisions in enumerate(sorted(run.histories, key=_weight), start=1):
        now = revisions[-1]
        until = _end_of(now, limits.end_ms)
        outage, false = verdicts.get(now.incident_id, (None, False))
        stories.append(
            Story(
                number=number,
                revisions=revisions,
                until_ms=until,
                name=_name(run, now),
                words=_words(run, revisions, until),
                notices=latest_of(notice for notice in run.notices if notice.incident_id == now.incident_id),
                outage=outage,
                false_alarm=false,
                names=run.operator_names,
            )
        )
    return stories


def _weight(revisions: tuple[Incident, ...]) -> tuple[bool, bool, int, int, int, str]:
    now = revisions[-1]
    peak = _WEIGHTS.get(now.severity_peak or now.severity, 0)
    spoken = len(now.leads)
    told = now.confirmed_at is not None and now.state != "dismissed"
    emergency = now.emergency is not None and bool(now.emergency.affected)
    return (not told, not emergency, -peak, -spoken, -max(map(_likely, revisions))[1], now.incident_id)


def _end_of(incident: Incident, recording_end_ms: int) -> int:
    over = [int(step.at) for step in incident.state_history if step.state in ("closed", "dismissed")]
    return over[-1] if over and incident.state in ("closed", "dismissed") else recording_end_ms


def _verdicts(run: Run, limits: Span) -> dict[str, tuple[TrueOutage | None, bool]]:
    """By incident: the outage that it is about, and whether nothing was wrong; by the rule that scores go by."""
    if run.truth is None:
        return {}
    lives = sorted(
        (life_of(revisions, limits.end_ms) for revisions in run.histories),
        key=lambda life: (life.opened_at, life.incident_id),
    )
    world, outages = world_of(run.truth), {outage.outage_id: outage for outage in run.truth.outages}
    matches = zip(lives, match(world, lives), strict=True)
    return {
        life.incident_id: (
            outages[world.outages[match.outage].outage_id]
            if match.outage is not None and match.verdict in ("found", "split")
            else None,
            match.verdict in FALSE,
        )
        for life, match in matches
    }


def _name(run: Run, incident: Incident) -> str:
    own = [operator.operator for operator in incident.operators if operator.role is not None] or [
        o.operator for o in incident.operators
    ]
    return " + ".join(run.operator_names.get(operator, operator) for operator in own) or "Nobody in particular"


def _words(run: Run, revisions: Sequence[Incident], until_ms: int) -> tuple[OfficialWord, ...]:
    """Each time at which a revision heard the operator; in a simulated world also what it said."""
    heard: set[int] = set()
    for revision in revisions:
        said = revision.communication
        heard |= (
            {int(at) for at in (said.first_official_at, said.last_official_at) if at is not None} if said else set()
        )
    own = {operator.operator for operator in revisions[-1].operators}
    words = [
        OfficialWord(int(message.posted_at), message.text, message.platform, message.operator)
        for outage in (run.truth.outages if run.truth else ())
        for message in outage.messages
        if message.operator in own and revisions[-1].opened_at <= message.posted_at <= until_ms
    ]
    known = [word.at for word in words]
    words += [OfficialWord(at) for at in heard if all(abs(at - other) > _SAME_POST_MS for other in known)]
    return tuple(sorted(words, key=lambda word: (word.at, word.platform, word.text)))


def result_of(story: Story, clock: Clock) -> str:
    """The whole story in one sentence."""
    now = story.now
    parts = []
    if now.leads:
        first = now.leads[0]
        at = clock.moment(int(first.first_evidence_at), story.suspected_ms)
        parts.append(f"first evidence {at} ({first.source})")
    parts.append(f"suspected {clock.time(story.suspected_ms)}")
    if story.confirmed_ms is not None:
        parts.append(f"confirmed {clock.moment(story.confirmed_ms, story.suspected_ms)}")
    sentences = [", ".join(parts), _first_word(story, clock), _leads(story)]
    return "; ".join(part for part in sentences if part) + "."


def _first_word(story: Story, clock: Clock) -> str:
    at = story.first_word_ms
    if at is None:
        return "the operator said nothing that was heard"
    known = story.confirmed_ms if story.confirmed_ms is not None else story.suspected_ms
    way = "later" if at >= known else "earlier"
    return f"the operator’s first word came {lasting(at - known)} {way}, at {clock.moment(at, story.suspected_ms)}"


def _leads(story: Story) -> str:
    rows = story.now.leads
    pairs = pairwise(rows)
    told = [
        f"{story.source} led {other.source} by {lasting(story.lead_seconds * 1_000)}"
        for story, other in pairs
        if story.lead_seconds
    ]
    return ", ".join(told)


def other_incidents(stories: Iterable[Story]) -> str:
    """In a few words what else there was."""
    rest = list(stories)
    told = sum(story.told for story in rest)
    kinds: dict[str, int] = {}
    for story in rest:
        if not story.told:
            kinds[plain(story.now.state)] = kinds.get(plain(story.now.state), 0) + 1
    parts = [f"{told} more confirmed"] if told else []
    parts += [f"{count} only suspected ({state})" for state, count in sorted(kinds.items())]
    return ", ".join(parts)


def zone_of(run: Run, stories: Sequence[Story]) -> str:
    """The market's time zone, as an incident or the truth says it; UTC if nobody does."""
    zones = [story.now.time_zone for story in stories if story.now.time_zone]
    if zones:
        return str(zones[0])
    return run.truth.time_zone if run.truth else "UTC"


def operators_of(run: Run, told: Sequence[Story]) -> list[str]:
    """Those whose curves are drawn: of the incidents told, else of the simulated outages, else all."""
    own = [operator for story in told for operator in story.operators]
    own += [operator.operator for outage in (run.truth.outages if run.truth else ()) for operator in outage.operators]
    return list(dict.fromkeys(own))
