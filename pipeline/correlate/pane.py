"""One pane end of one market: who is heard, in which order, and how each incident goes on.

Orders of people first, then the operator's own words, emergency claims, silent
feeds, figures that ride along, and last the anomalies: an incident that the
emergency rule opens is there to take the anomalies of the same pane.

Then each incident that something happened to, or whose timer is due, goes its way:
what covers it, what it sees, what its evidence means, its state, what is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.correlate.belief.accepted import is_night
from pipeline.correlate.belief.believe import Belief, Circumstances, believe
from pipeline.correlate.belief.estimate import started_in
from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.evidence.account import of_incident, take_weighings
from pipeline.correlate.evidence.places import nation_told_all_over
from pipeline.correlate.evidence.services import services_watched
from pipeline.correlate.hear.anomalies import share_out
from pipeline.correlate.hear.claims import hear_claims
from pipeline.correlate.hear.exercises import begin_exercises
from pipeline.correlate.hear.feeds import look_at_feeds, note_silences
from pipeline.correlate.hear.figures import hear_loudness, ride_along
from pipeline.correlate.hear.guests import hear_guests
from pipeline.correlate.hear.officials import confirm_by_word, hear_officials
from pipeline.correlate.hear.orders import obey_all
from pipeline.correlate.hear.questions import end_the_old
from pipeline.correlate.hear.weighings import hear_measured, hear_weighings
from pipeline.correlate.life.course import due_at, go_on, is_final, is_settled_by_person
from pipeline.correlate.life.recovery import note_customers
from pipeline.correlate.life.returns import hear_returns, tell_of_returns, without_returns
from pipeline.correlate.life.windows import at_time, look_at_windows
from pipeline.correlate.reference import CorrelateReference
from pipeline.correlate.rivals.believed import believed
from pipeline.correlate.state import MarketState, OpenIncident
from pipeline.correlate.tell.revision import settle_and_publish
from pipeline.correlate.work import PaneAtWork
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.anomalies import Activity, Anomaly, FeedSilence, MeasuredPlace, SealedPane
from pipeline.records.inner.figures import FigureName, FollowedFigure, PaneFigures
from pipeline.records.inner.pane_ends import PaneTalk
from pipeline.records.inner.signals import EmergencyClaim, OfficialPost, PlacedCommand
from pipeline.records.inner.talk import TalkSum, WholeComplaint, order_of
from pipeline.records.inner.weighings import Weighing

RETRY_MS: Final = 10 * MINUTE_MS
"""An incident whose rule raised goes on untouched; its timers wait so long, so that it costs little."""


@dataclass(slots=True, kw_only=True)
class PaneContent:
    """What all partitions of DETECT said of one pane.

    Attributes:
        anomalies: Steps of series that stand out.
        silences: Feeds that stopped or came back.
        activity: Figures that ride along.
        officials: Posts of operators.
        claims: Emergency claims.
        commands: Orders of people.
        weighings: What is believed of hot places.
        figures: Sums of followed series, for RESPOND alone.
        complaints: Tickets and posts that wait for an answer, likewise.
        talk: What is said of hot operators, likewise.
        measured: Places of which it is told anew what is measured there.
    """

    anomalies: list[Anomaly] = field(default_factory=list)
    silences: list[FeedSilence] = field(default_factory=list)
    activity: list[Activity] = field(default_factory=list)
    officials: list[OfficialPost] = field(default_factory=list)
    claims: list[EmergencyClaim] = field(default_factory=list)
    commands: list[PlacedCommand] = field(default_factory=list)
    weighings: list[Weighing] = field(default_factory=list)
    figures: list[FollowedFigure] = field(default_factory=list)
    complaints: list[WholeComplaint] = field(default_factory=list)
    talk: list[TalkSum] = field(default_factory=list)
    measured: list[MeasuredPlace] = field(default_factory=list)

    @classmethod
    def of(cls, parts: Iterable[SealedPane]) -> "PaneContent":
        """Join the parts; the rules sort, so the order of the parts does not matter."""
        content = cls()
        for part in parts:
            content.anomalies += part.anomalies
            content.silences += part.silences
            content.activity += part.activity
            content.officials += part.officials
            content.claims += part.claims
            content.commands += part.commands
            content.weighings += part.weighings
            content.figures += part.figures
            content.complaints += part.complaints
            content.talk += part.talk
            content.measured += part.measured
        return content

    @property
    def concerns_incidents(self) -> bool:
        """Is there anything but figures, which only RESPOND hears?"""
        spoken = (self.anomalies, self.silences, self.activity, self.officials, self.claims, self.commands)
        return any(spoken) or bool(self.weighings or self.measured or self.complaints) or tell_of_returns(self.talk)

    def figures_of(self, market: str, end: int) -> list[PaneFigures]:
        """Its figures in an order that no arrival changes; nothing if there are none.

        Args:
            market: Whose pane it is.
            end: End of the pane, ms.
        """
        if not self.figures:
            return []
        rows = sorted(
            self.figures,
            key=lambda row: (row.operator, FigureName.of(row, market), row.unit, row.ended_at, row.count, row.total),
        )
        return [PaneFigures(market=market, at=Instant(end), figures=tuple(rows))]


def talk_of_pane(content: PaneContent, market: str, end: int) -> list[PaneTalk]:
    """What people and operators said, in an order that no arrival changes; nothing if nothing was said.

    Args:
        content: Content of all partitions.
        market: Market of the pane.
        end: End of the pane, ms.
    """
    sums = without_returns(sorted(content.talk, key=lambda row: (row.operator, row.ended_at)))
    if not (content.complaints or sums or content.officials):
        return []
    officials = sorted(
        content.officials, key=lambda post: (int(post.at), post.operator, post.platform, post.post_id, post.counts)
    )
    complaints = sorted(content.complaints, key=order_of)
    return [
        PaneTalk(
            market=market,
            at=Instant(end),
            complaints=tuple(complaints),
            officials=tuple(officials),
            sums=tuple(sums),
        )
    ]


def work_pane(
    market: MarketState, end: int, content: PaneContent, config: CorrelateConfig, reference: CorrelateReference
) -> list[object]:
    """Work one pane end.

    Args:
        market: Changes in place.
        end: The pane's end, ms: the rules' "now".
        content: Content of all partitions.
        config: Settings.
        reference: What is known beforehand.

    Returns:
        Changes and decisions, in the order in which they are written.
    """
    hear_measured(content.measured, market)
    pane = PaneAtWork(at=end, market=market, config=config, reference=reference.where(market.measured))
    market.windows = [at_time(window, end) for window in market.windows]
    windows = list(market.windows)
    hear_loudness(content.activity, pane)
    end_the_old(pane)
    obey_all(content.commands, pane)
    hear_officials(content.officials, pane)
    hear_claims(content.claims, pane)
    feeds_changed = note_silences(content.silences, pane)
    ride_along(content.activity, pane)
    hear_weighings(content.weighings, pane)
    share_out(content.anomalies, pane)
    hear_returns(content.talk, content.complaints, pane)
    begin_exercises(pane)
    if feeds_changed or windows != market.windows or any(window.starts_at <= end for window in market.windows):
        pane.touched.update(incident.incident_id for incident in market.incidents)
    pane.touched.update(_weighed(market, content.weighings))
    _go_on_all(pane)
    market.windows = [window for window in market.windows if window.until > end]
    market.dismissals = [dismissal for dismissal in market.dismissals if dismissal.until > end]
    market.denied = [denied for denied in market.denied if denied.until > end]
    return pane.outputs


def _weighed(market: MarketState, weighings: Sequence[Weighing]) -> set[str]:
    """Ids of the incidents of which something was weighed in this pane."""
    return {incident.incident_id for incident in market.real_incidents if of_incident(weighings, incident.dossier)}


def _go_on_all(pane: PaneAtWork) -> None:
    """Let time pass for every incident that something happened to, or whose timer is due."""
    for incident in list(pane.market.incidents):
        if incident.incident_id not in pane.touched and due_at(incident, pane.config, pane.market.worked_to) > pane.at:
            continue
        if not pane.guard(incident, lambda draft: _go_on(draft, pane)):
            incident.retry_at = pane.at + RETRY_MS
    pane.market.incidents = [incident for incident in pane.market.incidents if not is_final(incident)]


def _go_on(incident: OpenIncident, pane: PaneAtWork) -> None:
    if not incident.identity.exercise:
        look_at_feeds(incident, pane)
        cleared = bool(incident.officials.cleared_at)
        weighings, table = list(believed(pane, incident).values()), pane.reference.belief
        take_weighings(incident.dossier, weighings, pane.at, cleared=cleared, table=table)
        hear_guests(incident, pane)
        confirm_by_word(incident, pane)
        incident.dossier.watched = services_watched(incident.dossier, pane.reference)
        inhabitants_of = pane.reference.inhabitants_of
        incident.dossier.nationwide = nation_told_all_over(incident.dossier, pane.config.borders, inhabitants_of)
    look_at_windows(incident, pane.market.windows, pane.at, pane.config)
    belief, back = _belief(incident, pane), _back(incident)
    go_on(incident, belief.suffices, pane, belief.accepts)
    if back != _back(incident):  # customers fall with the areas, in the same pane
        belief = _belief(incident, pane)
    note_customers(incident, belief.customers, pane.at)
    settle_and_publish(incident, belief, pane)


def _back(incident: OpenIncident) -> list[str]:
    """Areas that are back."""
    return [area for area, seen in sorted(incident.dossier.areas.items()) if seen.back_at]


def _belief(incident: OpenIncident, pane: PaneAtWork) -> Belief:
    circumstances = Circumstances(
        market=incident.identity.market,
        planned=incident.cover.maintenance is not None,
        by_person=is_settled_by_person(incident),
        settled=bool(incident.course.settled),
        night=is_night(pane.at, incident.identity.market, pane.config.confirm, pane.reference),
        moment=started_in(incident, pane.reference),
    )
    return believe(incident.dossier, circumstances, pane.config, pane.reference)
