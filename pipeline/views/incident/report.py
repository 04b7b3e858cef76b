"""A post-incident report: one incident as those read it who were not there.

What, when, who knew first, what was said and when, what was done, what people said, what it cost them, what to do
better. All of it
comes from a run's records; what they do not say is said to be not known. The same rows make the page and
the text, so the two cannot disagree.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.published.followups import CompensationEstimate, Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.published.people import SentimentAround
from pipeline.views.belief import BeliefTold, belief_of
from pipeline.views.incident.people import blame_of, felt, heard_of, messages_of
from pipeline.views.run import Run, surer
from pipeline.views.words import SERVICES, Clock, counted, interval, lasting, plain, share

AREAS_TOLD: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One line: when, or about what, and what is said."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSection:
    """Lines under a heading.

    Attributes:
        name: Its place on the page.
        title: Heading.
        rows: Lines; a section without any says so.
    """

    name: str
    title: str
    rows: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReport:
    """A report, ready to be written as a page or as text.

    Attributes:
        title: Headline of the incident.
        lead: What happened, in a sentence or two.
        exercise: Whether it was an exercise.
        sections: What is told.
        revisions: Revisions of the incident, for the pictures.
        messages: What people said around each message of the operator, for the pictures.
        belief: Why it was believed when it was confirmed, for the bars; None if no revision tells it in numbers.
        zone: Zone of all times.
    """

    title: str
    lead: str
    exercise: bool
    sections: tuple[ReportSection, ...]
    revisions: tuple[Incident, ...]
    messages: tuple[SentimentAround, ...]
    belief: BeliefTold | None
    zone: str


def report_of(run: Run, revisions: tuple[Incident, ...]) -> IncidentReport:
    """The report of one incident of a run.

    Args:
        run: The run that holds it.
        revisions: Its revisions, rising; at least one.
    """
    now = revisions[-1]
    telling = _Telling(run, revisions, Clock(now.time_zone or "UTC"))
    sections = (
        ("what", "What", telling.what()),
        ("when", "When", telling.when()),
        ("first", "Who knew first", telling.knew()),
        ("why", "Why it was believed", telling.why()),
        ("said", "What was said, and when", telling.said()),
        ("done", "What was done", telling.done()),
        ("people", "What people said", telling.heard()),
        ("cost", "What it cost people", telling.cost()),
        ("better", "What to do better", telling.better()),
        ("unknown", "What is not known", telling.not_known()),
    )
    return IncidentReport(
        title=now.summary.headline.en if now.summary else f"Incident {now.incident_id}",
        lead=telling.lead(),
        exercise=now.exercise,
        sections=tuple(ReportSection(name=name, title=title, rows=tuple(rows)) for name, title, rows in sections),
        revisions=revisions,
        messages=tuple(telling.messages()),
        belief=telling.belief,
        zone=telling.clock.zone,
    )


class _Telling:
    """The rows of a report.

    Args:
        run: The run.
        revisions: Revisions of the incident.
        clock: Its zone.
    """

    def __init__(self, run: Run, revisions: tuple[Incident, ...], clock: Clock) -> None:
        self._run, self._revisions, self.clock = run, revisions, clock
        self._now = revisions[-1]
        ours = [row for row in run.followups if row.incident_id == self._now.incident_id]
        latest = {row.followup_id: row for row in sorted(ours, key=lambda row: row.revision)}
        self._followups = [row for row in latest.values() if row.state != "superseded"]
        self.belief = belief_of(revisions)
        self._began = int(self._now.started_at or self._now.opened_at)

    def _at(self, moment: int) -> str:
        return self.clock.moment(moment // MINUTE_MS * MINUTE_MS, self._began)

    def _name(self, operator: str) -> str:
        return self._run.operator_names.get(operator, operator)

    def _of_kind(self, kind: str) -> list[Followup]:
        return [row for row in self._followups if row.kind == kind]

    def lead(self) -> str:
        """What happened, in a sentence or two."""
        now = self._now
        who = ", ".join(self._name(operator.operator) for operator in now.operators if operator.role) or "an operator"
        services = ", ".join(SERVICES.get(service, service) for service in now.services) or "services"
        began = f"{self.clock.day(self._began)}, {self.clock.time(self._began // MINUTE_MS * MINUTE_MS)}"
        ended = "" if now.ended_at is None else f", for {lasting(int(now.ended_at) - self._began)}"
        return f"{who}: {services} failed from {began} ({self.clock.zone}){ended}."

    def what(self) -> Iterator[ReportRow]:
        """What was down, where, how bad."""
        now = self._now
        yield ReportRow(label="Incident", text=f"{now.incident_id}, revision {now.revision}, {now.state}")
        yield ReportRow(label="Severity at its worst", text=plain(now.severity_peak or now.severity))
        areas = [area.name or area.area for area in now.areas[:AREAS_TOLD]]
        more = len(now.areas) - len(areas) + now.areas_omitted
        text = ", ".join(areas) + (f" and {counted(more, 'more area')}" if more else "")
        yield ReportRow(label="Where", text=f"{text or 'not known'} ({plain(now.extent)})")
        yield ReportRow(label="Nature", text=plain(now.nature))
        for analysis in self._of_kind("cause_analysis"):
            for cause in analysis.cause_analysis.causes if analysis.cause_analysis else ():
                sure = "" if cause.confidence_ppm is None else f", {share(cause.confidence_ppm)} sure"
                by = f"stated by {cause.stated_by}" if cause.stated_by else "a hypothesis"
                words = f": {cause.text}" if cause.text else ""
                yield ReportRow(label="Possible cause", text=f"{plain(cause.kind)}{words} ({by}{sure})")
        if now.emergency is not None and now.emergency.affected:
            yield ReportRow(label="Emergency calls", text=f"failed: {', '.join(now.emergency.numbers)}")

    def when(self) -> Iterator[ReportRow]:
        """Its course."""
        now = self._now
        rows = [(self._began, "It began, as estimated")]
        rows += [
            (int(step.at), f"{plain(step.state).capitalize()}{f', by {step.by}' if step.by else ''}")
            for step in now.state_history
        ]
        rows += [(int(area.back_at), f"{area.name or area.area} is back") for area in now.areas if area.back_at]
        if now.ended_at is not None:
            rows.append((int(now.ended_at), "It ended, as estimated"))
        yield from self._timed(rows)

    def _timed(self, rows: Iterable[tuple[int, str]]) -> Iterator[ReportRow]:
        """Rows in the order of time; what happened in the same minute stands together."""
        ordered = sorted(
            ((moment, number, text) for number, (moment, text) in enumerate(rows)), key=lambda row: row[:2]
        )
        for label, group in groupby(ordered, key=lambda row: self._at(row[0])):
            yield ReportRow(label=label, text="; ".join(dict.fromkeys(text for _, _, text in group)))

    def knew(self) -> Iterator[ReportRow]:
        """First evidence of each source."""
        for lead in self._now.leads:
            ahead = "" if lead.lead_seconds is None else f", {lasting(lead.lead_seconds * 1_000)} before the next"
            found = "" if lead.found_at is None else f", found {self._at(int(lead.found_at))}"
            yield ReportRow(label=self._at(int(lead.first_evidence_at)), text=f"{lead.source}{found}{ahead}")

    def why(self) -> Iterator[ReportRow]:
        """What each source added, what would be believed without it, and what else it could be."""
        told = self.belief
        if told is None:
            return
        yield ReportRow(label=told.when.capitalize(), text=f"{self._at(told.at_ms)}, log-odds {told.total}")
        for part in told.parts:
            without = f"without it: {part.without}" if part.without else ""
            text = ", ".join(words for words in (part.added, without) if words)
            yield ReportRow(label=part.name, text=text)
        for explanation in told.explanations:
            yield ReportRow(label="Explanation", text=f"{explanation.name}: {explanation.likely}")

    def said(self) -> Iterator[ReportRow]:
        """Words of the operator, and what was drafted."""
        said = self._now.communication
        if said is not None and said.first_official_at is not None:
            after = (
                ""
                if said.first_word_after_seconds is None
                else f", {lasting(said.first_word_after_seconds * 1_000)} in"
            )
            first = f"The operator's first word{after}, grade {said.grade or 'not known'}"
            yield ReportRow(label=self._at(int(said.first_official_at)), text=first)
            yield ReportRow(
                label="In all", text=counted(said.official_posts, "public word of it", "public words of it")
            )
        else:
            yield ReportRow(label="In public", text="no word of the operator was heard")
        notices = [notice for notice in self._run.notices if notice.incident_id == self._now.incident_id]
        groups: dict[tuple[int, str, str], int] = {}
        for notice in {notice.notice_id: notice for notice in reversed(notices)}.values():
            to = "authorities" if notice.audience == "authorities" else "people"
            key = (int(notice.drafted_at), plain(notice.kind), to)
            groups[key] = groups.get(key, 0) + 1
        yield from self._timed(
            (at, f"{counted(count, 'draft')} to {to}: {kind}") for (at, kind, to), count in sorted(groups.items())
        )
        for followup in self._of_kind("communication_review"):
            if followup.communication_review is not None and followup.communication_review.text:
                yield ReportRow(label="In review", text=followup.communication_review.text)

    def done(self) -> Iterator[ReportRow]:
        """Who took it on, backups, duties to regulators."""
        now = self._now
        if now.acknowledged_at is not None:
            yield ReportRow(label=self._at(int(now.acknowledged_at)), text=f"{now.acknowledged_by} took it on")
        if now.team:
            yield ReportRow(label="Team", text=now.team)
        last: dict[str, str] = {}
        of_it = (failover for failover in self._run.failovers if failover.incident_id == now.incident_id)
        for failover in sorted(of_it, key=lambda known: (known.decided_at, known.failover_id, known.revision)):
            text = f"{plain(failover.kind)} {failover.target}: {failover.phase}; {failover.reason}"
            if last.get(failover.failover_id) != text:  # most revisions only follow the incident
                last[failover.failover_id] = text
                yield ReportRow(label=self._at(int(failover.decided_at)), text=text)
        for clock in now.reporting_clocks or ():
            done = f"reported {self._at(int(clock.done_at))}" if clock.done_at else "nobody said that it was reported"
            text = f"{plain(clock.profile)}, due {self._at(int(clock.due_at))}: {clock.duty} - {done}"
            yield ReportRow(label=self._at(int(clock.started_at)), text=text)

    def cost(self) -> Iterator[ReportRow]:
        """Customers, time, complaints, money, and how people felt later."""
        now = self._now
        known = [row.customers_affected for row in surer(self._revisions) if row.customers_affected is not None]
        worst = max(known, key=lambda numbers: (numbers.likely or -1, numbers.high), default=None)
        yield ReportRow(label="Customers at its worst", text=interval(worst))
        if now.posts is not None:
            posts = f"{counted(now.posts.posts, 'public post')} by {counted(now.posts.people, 'person', 'people')}"
            yield ReportRow(label="Complaints", text=f"{posts}, {counted(now.posts.tickets or 0, 'ticket')}")
        waits = [row.care.waiting_seconds for row in self._revisions if row.care and row.care.waiting_seconds]
        if waits:
            yield ReportRow(label="Waiting at the hotline", text=f"up to {lasting(max(waits) * 1_000)}")
        for followup in self._of_kind("compensation"):
            if followup.compensation is not None:
                yield from _money(followup.compensation)
        if now.aftermath is not None:
            points = (("One day after", now.aftermath.one_day), ("One week after", now.aftermath.one_week))
            usual = now.aftermath.before
            yield from (ReportRow(label=label, text=felt(point, usual)) for label, point in points if point)

    def messages(self) -> list[SentimentAround]:
        """What people said around each message of the operator, in the order of time."""
        told = [part.around for row in self._of_kind("communication_review") if (part := row.communication_review)]
        return messages_of(self._now, [around for around in told if around])

    def heard(self) -> Iterator[ReportRow]:
        """What people talked of, their mood around each message of the operator, rumours and blame."""
        rows = heard_of(self._now, self._run.notices, self.messages(), self._at)
        yield from (ReportRow(label=label, text=text) for label, text in rows)
        for label, text in blame_of(self._now, self._run.notices, self._name, self._at):
            yield ReportRow(label=label, text=text)

    def better(self) -> Iterator[ReportRow]:
        """What is to be mended, by whom, until when."""
        for followup in self._of_kind("corrective_action"):
            action = followup.corrective_action
            if action is not None:
                due = "" if followup.due_at is None else f", due {self.clock.day(int(followup.due_at))}"
                text = f"{action.action} ({followup.state}{due})"
                yield ReportRow(label=followup.owner or "nobody", text=text)

    def not_known(self) -> Iterator[ReportRow]:
        """What the analysis of the cause must find out."""
        for followup in self._of_kind("cause_analysis"):
            for question in followup.cause_analysis.questions if followup.cause_analysis else ():
                yield ReportRow(label="Open", text=question)


def _money(estimate: CompensationEstimate) -> Iterator[ReportRow]:
    def amount(minor: int) -> str:
        return f"{minor / 100:,.0f}"

    total = f"{amount(estimate.amount_minor.low)} to {amount(estimate.amount_minor.high)} {estimate.currency}"
    kind = "owed" if estimate.kind == "owed" else "goodwill"
    people = f"{estimate.customers.low:,} to {estimate.customers.high:,} customers"
    yield ReportRow(label=f"{plain(estimate.rule)} ({kind})", text=f"{total}, to {people}")
    for line in estimate.not_covered:
        yield ReportRow(label="not covered", text=line)
