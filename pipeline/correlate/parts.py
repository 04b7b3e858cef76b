"""The parts of an open incident: what each remembers, and which file of rules writes it.

A rule of one file changes one part, so "who changes this?" has one answer. Two files write across parts, and both
say so: a merge (`life/joining.py`) unites two incidents part by part, and `hear/opening.py` makes all of them. Times
are whole milliseconds. What a part contains is frozen and replaced, never changed: its copy copies lists and tables.
"""

from copy import copy
from typing import Self

import msgspec

from pipeline.correlate.held import AccountHeld
from pipeline.records.inner.examples import Example
from pipeline.records.inner.signals import EmergencyClaim
from pipeline.records.published.incident_parts import EtaEstimate, Maintenance, ResolutionPoint, Silence, StateChange
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import IncidentState, Severity


class Part(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A part of an incident that rules change in place."""

    def copy(self) -> Self:
        """A part of one's own: lists and tables are copied, the frozen values in them are shared."""
        own = copy(self)
        for name in self.__struct_fields__:
            value = getattr(own, name)
            if isinstance(value, dict | list):
                setattr(own, name, value.copy())
        return own


class SeriesEvidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one series has said for an incident so far.

    Attributes:
        operator: Whose series it is; '' if a claim names none.
        area: Path of the place tree that the series is about.
        element: Network element, or '' for none.
        service: Service, or '' if people named none.
        item: Channel, technology or the like within the service, or ''.
        source: Raw topic: telemetry, tickets or mentions.
        measure: What was measured or counted.
        unit: Unit of `measure`.
        started_at: When the deviation began, as the detector estimates it, ms.
        found_at: End of the pane that showed it first, ms.
        first_at: Start of the first step that stood out, ms.
        last_at: End of the last step that stood out, ms.
        panes: How many steps stood out.
        observed: Value of the most surprising step, in millionths of the unit.
        expected: Expected value of that step, in millionths of the unit.
        surprise_milli: Surprise (-log10 p) of that step, in thousandths.
        records: Sum of records over the steps.
        people_peak: Most people in one step.
        kind: Kind of witness: `network`, `care`, `public` or `resource`.
        examples: At most three texts that people wrote.
    """

    operator: str
    area: str
    element: str = ""
    service: str = ""
    item: str = ""
    source: str
    measure: str
    unit: str = "count"
    started_at: int
    found_at: int
    first_at: int
    last_at: int
    panes: int = 0
    observed: int = 0
    expected: int = 0
    surprise_milli: int = 0
    records: int = 0
    people_peak: int = 0
    kind: str = ""
    examples: list[Example] = []


class AreaSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of one area of an incident.

    Attributes:
        since: First evidence from there, ms.
        last_at: End of its latest evidence, ms.
        back_at: When it was found well again, ms; 0 if it was not yet.
        share_ppm: Greatest share of users hit that a ratio has shown, in millionths; 0 if none did.
        hit_ppm: Share of the customers who are hit by the account of evidence at the latest pane: the tenth hundredth,
            the mean and the ninetieth hundredth, in millionths; empty if the area was never weighed.
        measured: True if figures of the area itself spoke for an outage.
        down_at: End of the last step in which its figures, or without any the account, spoke for an outage, ms.
    """

    since: int
    last_at: int
    back_at: int = 0
    share_ppm: int = 0
    hit_ppm: tuple[int, ...] = ()
    measured: bool = False
    down_at: int = 0


class Witness(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one kind of witness (network, care, public) has said so far, whole steps added up.

    Attributes:
        records: Tickets, posts or readings; each place is counted once.
        people: People who spoke; who speaks in two steps counts twice, so this is an upper bound.
        excess_milli: People beyond those who speak anyway, also in quiet steps, in thousandths, 0 or more.
        excess_most_milli: Greatest excess so far, in thousandths of people.
        counted_to: End of the last step whose people were counted, ms; 0 if none was.
        first_at: Start of the first step, ms; of what people said, since there was an excess.
        last_at: End of the last step, ms.
        surprise_milli: Greatest surprise (-log10 p) of any step, in thousandths.
    """

    records: int = 0
    people: int = 0
    excess_milli: int = 0
    excess_most_milli: int = 0
    counted_to: int = 0
    first_at: int
    last_at: int
    surprise_milli: int = 0


class EmergencyClaims(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Claims that people cannot call for help, added up.

    Attributes:
        first_at: Time of the first claim, ms.
        last_at: Time of the latest claim, ms.
        sufficed_at: Time of the claim that made an alarm of them, ms; 0 if a person did.
        claims: Tickets, and people who said so in public, each person once.
        people: Hashes of those who said so in public, sorted; bounded.
        tickets: How many of the claims are tickets.
        numbers: Emergency numbers that they name, sorted; bounded.
    """

    first_at: int
    last_at: int
    sufficed_at: int = 0
    claims: int = 0
    people: list[int] = []
    tickets: int = 0
    numbers: list[str] = []


class Identity(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which incident this is. Never changes; `hear/opening.py` makes it, and a split makes a new one.

    Attributes:
        incident_id: Made from content: market, operator, what it is, and the pane that opened it.
        market: Market to which it belongs.
        anchor: Operator that its id is made of; '' if an emergency claim without one opened it.
        opened_at: End of the pane that opened it, ms.
        exercise: True if it belongs to an exercise.
    """

    incident_id: str
    market: str
    anchor: str = ""
    opened_at: int
    exercise: bool = False


class Dossier(Part, kw_only=True, omit_defaults=True):
    """All evidence of an incident. Written by the files of `evidence/` only.

    Attributes:
        series: What each series said, by series key; bounded.
        series_dropped: How many series found no room.
        areas: What is known of each area, by path; bounded.
        areas_dropped: How many areas found no room.
        operators: How many anomalies and claims named each operator.
        services: Services that are hit, sorted.
        symptoms: How often each symptom was named; bounded.
        witnesses: What each kind of witness said, by kind.
        named: People of nations' sums by the place that they named, and by nation all of them; bounded.
        nationwide: The nation in which people tell of it all over; '' for none, or if figures say where it is.
        watched: Services whose figures are measured where it is, sorted.
        found: First evidence and the pane that showed it, both in ms, by raw source.
        emergency: Claims that emergency calls fail; None without one.
        doubts: Claims about which a person is asked: each alone proves nothing; bounded.
        account: What the account of evidence says; None if nothing was weighed yet.
        step_ms_max: Longest step of any detector that spoke, ms.
        last_at: End of the pane that brought the latest evidence, ms.
    """

    series: dict[str, SeriesEvidence] = {}
    series_dropped: int = 0
    areas: dict[str, AreaSeen] = {}
    areas_dropped: int = 0
    operators: dict[str, int] = {}
    services: list[str] = []
    symptoms: dict[str, int] = {}
    witnesses: dict[str, Witness] = {}
    named: dict[str, int] = {}
    nationwide: str = ""
    watched: list[str] = []
    found: dict[str, list[int]] = {}
    emergency: EmergencyClaims | None = None
    doubts: list[EmergencyClaim] = []
    account: AccountHeld | None = None
    step_ms_max: int = 10_000
    last_at: int


class Course(Part, kw_only=True, omit_defaults=True):
    """The way through the table of states. Written by `life/course.py`.

    Attributes:
        state: Present state.
        since: When it entered that state, ms.
        history: States so far; the first and the latest ones are kept.
        history_omitted: How many were left out of `history`.
        settled: Decision reason that confirmed it; '' while it is suspected.
        confirmed_at: When it was confirmed first, ms; 0 if never.
        resolved_at: When it was resolved, ms; 0 if it is not, or not any more.
        reopened: How often a relapse reopened it after it was resolved.
        relapses: How often evidence came back while it was quiet: each makes the next quiet longer; bounded.
    """

    state: IncidentState = IncidentState.SUSPECTED
    since: int
    history: list[StateChange] = []
    history_omitted: int = 0
    settled: str = ""
    confirmed_at: int = 0
    resolved_at: int = 0
    reopened: int = 0
    relapses: int = 0


class Recovery(Part, kw_only=True, omit_defaults=True):
    """How much is back. Written by `life/recovery.py` and `life/returns.py`.

    Attributes:
        curve: Share of areas that are back, over time; the first and the latest points are kept.
        curve_omitted: How many points were left out.
        hit_most: Most customers that were likely hit since it was confirmed; 0 if no number was likely.
        back_ppm: Share of these who are likely well again, in millionths; -1 if nobody knows.
        back_by: Who has said when, ms, that all is well again, the newest last, each once; bounded.
    """

    curve: list[ResolutionPoint] = []
    curve_omitted: int = 0
    hit_most: int = 0
    back_ppm: int = -1
    back_by: list[tuple[int, str]] = []


class Cover(Part, kw_only=True, omit_defaults=True):
    """The windows that cover the incident at this pane. Written by `life/windows.py`.

    Attributes:
        silence: The silence that holds notices back; None without one.
        maintenance: The announced work; None without one.
    """

    silence: Silence | None = None
    maintenance: Maintenance | None = None


class Relations(Part, kw_only=True, omit_defaults=True):
    """Other incidents that it has to do with. Written by `life/joining.py`.

    Attributes:
        merged_into: Id of the incident that goes on in its place, or ''.
        merged_from: Ids of incidents that it took in, sorted; bounded.
        split_from: Id of the incident that it was split from, or ''.
        split_into: Ids of incidents that were split from it, sorted; bounded.
        related: Ids of the operator's other incidents that were open when it opened, sorted; bounded.
    """

    merged_into: str = ""
    merged_from: list[str] = []
    split_from: str = ""
    split_into: list[str] = []
    related: list[str] = []


class HeldSeverity(Part, kw_only=True, omit_defaults=True):
    """How bad it is taken to be. Written by `belief/severity.py`.

    Attributes:
        now: Present severity.
        peak: Gravest severity so far.
    """

    now: Severity = Severity.WARNING
    peak: Severity = Severity.WARNING


class Forecast(Part, kw_only=True, omit_defaults=True):
    """When it is thought to end. Written by `belief/estimate.py`.

    Attributes:
        latest: Present estimate; None before the first and once it is over.
        earlier: Estimates that were told before; the first and the latest ones are kept.
        earlier_omitted: How many were left out.
        kind: Kind of outage for which the present one was made.
    """

    latest: EtaEstimate | None = None
    kind: str = "any"
    earlier: list[EtaEstimate] = []
    earlier_omitted: int = 0


class Sight(Part, kw_only=True, omit_defaults=True):
    """Whether the feeds that spoke for it still speak. Written by `hear/feeds.py`.

    Attributes:
        silent: Silent feeds that concern it: source, feed, operator and since when, joined by `|`.
        blind_from: Since when a feed that it needs is silent, ms; 0 = it sees.
        sees_since: When the latest blindness ended, ms; 0 if it never was blind. Quiet does not count before.
    """

    silent: list[str] = []
    blind_from: int = 0
    sees_since: int = 0


class OfficialWords(Part, kw_only=True, omit_defaults=True):
    """What the operator itself has said. Written by `hear/officials.py`.

    Attributes:
        ids, first_at, last_at: The latest posts that were counted, bounded; time of the first and of the latest, ms.
        count, weight: How many there were, and how much those weigh that admit a fault, at most 100.
        promised_end_at, goes_on_at, over_at: End named last; latest that it is down, that it is well; ms, 0 for none.
        cleared_at: When the operator said that all of it is over, ms; 0 for never, and once it took that back.
    """

    ids: list[str] = []
    first_at: int = 0
    last_at: int = 0
    count: int = 0
    weight: int = 0
    promised_end_at: int = 0
    goes_on_at: int = 0
    over_at: int = 0
    cleared_at: int = 0


class Figures(Part, kw_only=True, omit_defaults=True):
    """Figures that ride along. Written by `hear/figures.py`.

    Attributes:
        reactions: Reactions of the loudest step.
        activity: Actions and what is usual, both in thousandths, by source and measure.
        care: Figures of the call centre by measure: value in thousandths, and its time in ms.
    """

    reactions: int = 0
    activity: dict[str, list[int]] = {}
    care: dict[str, list[int]] = {}


class Handling(Part, kw_only=True, omit_defaults=True):
    """What people have done about it. Written by `hear/orders.py`.

    Attributes:
        team: Team that it was assigned to; '' leaves it to the operator's table of teams.
        acknowledged_at: When somebody first took note, ms; 0 if nobody did. acknowledged_by: Who that was, or ''.
    """

    team: str = ""
    acknowledged_at: int = 0
    acknowledged_by: str = ""


class Publication(Part, kw_only=True, omit_defaults=True):
    """What was told last. Written by `tell/revision.py`.

    Attributes:
        revision: Number of the latest revision; 0 before the first.
        at: When it was published, ms.
        major, minor: Fingerprints of what is published at once, and of what is now and then.
        waiting: True if something of less weight changed and waits for its turn.
        record: The latest revision itself.
    """

    revision: int = 0
    at: int = 0
    major: str = ""
    minor: str = ""
    waiting: bool = False
    record: Incident | None = None
