"""Borders: which testimonies are of one outage, and which of two that happen at once.

An anomaly joins by operator (the same, or host and hosted), service family,
place (the same branch of the tree, or near) and time.

A window that slides with each new anomaly never ends, so growth to new places ends
a fixed time after the start, and two incidents merge only if they began together. Only what falls in a nation as a
whole takes in more of that nation as long as it lasts.

What lies far apart is one outage if the same service began to fail there within minutes; and what is known to lie far
apart is bound by no distance any more.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from pipeline.correlate.border.outline import Outline
from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.evidence.areas import children_of, explaining
from pipeline.correlate.evidence.footprint import Footprint
from pipeline.correlate.evidence.testimony import Testimony
from pipeline.correlate.reference import CorrelateReference
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.ids import content_id
from pipeline.records.series import is_within
from pipeline.records.vocabulary import IncidentState

SAME_BRANCH, NEAR, APART = 3, 2, 0
"""How well a footprint fits an outline by place: the same branch of the place tree, near, or not at all."""


class Borders:
    """Shares a pane's testimonies out among incidents, old and new.

    Args:
        market: Name of the market, part of the id of a new incident.
        now: End of the pane, ms.
        outlines: Outlines of the incidents that are not over.
        config: Settings.
        reference: Hosts, and where places lie.
        since: Operator, area and service to when its figures began to fall, ms, where an outage is not ruled out.
    """

    def __init__(
        self,
        market: str,
        now: int,
        outlines: Iterable[Outline],
        config: CorrelateConfig,
        reference: CorrelateReference,
        since: Mapping[tuple[str, str, str], int] = MappingProxyType({}),
    ) -> None:
        self._market = market
        self._now = now
        self._config = config
        self._reference = reference
        self._since = since
        self._known: dict[Footprint, Outline] = {}
        self._near: dict[tuple[str, str], bool] = {}
        self.all = list(outlines)
        self.merges: list[tuple[str, str]] = []

    def best(self, footprint: Footprint) -> Outline | None:
        """The outline that a footprint belongs to: nearest fit, then surest, heaviest, oldest; None if none fits."""
        fits = [(self._fit(footprint, outline), outline) for outline in self.all]
        found = [(-fit, _rank(outline), outline) for fit, outline in fits if fit]
        return min(found, key=lambda row: row[:2])[2] if found else None

    def place(self, testimonies: Sequence[Testimony], *, room: int) -> list[Testimony]:
        """Give each testimony to an incident, opening new ones.

        Small areas come first, so that a wide sum meets what explains it.

        Args:
            testimonies: In their order; all carry an incident.
            room: How many incidents may be opened.

        Returns:
            Testimonies that found no room.
        """
        homeless: list[Testimony] = []
        for testimony in sorted(testimonies, key=lambda testimony: -testimony.footprint.area.count("/")):
            footprint = testimony.footprint
            outline = self._known.get(footprint) or self.best(footprint)
            if outline is None and room <= 0:
                homeless.append(testimony)
                continue
            if outline is None:
                outline = self.open(footprint)
                room -= 1
            self._known[footprint] = outline
            since = self._since_of(footprint)
            holds = since is not None and footprint.area in children_of(outline.areas)
            outline.take(footprint)
            if since is not None and not holds:  # what holds a place fell because the place did
                outline.begin(footprint.service, since)
            outline.testimonies.append(testimony)
        return homeless

    def open(self, footprint: Footprint, *, what: str = "") -> Outline:
        """The outline of a new incident, named after market, operator, what it is and the pane that opens it.

        Args:
            footprint: What opens it.
            what: What it is, part of the id; '' = area, family and channel of the footprint.
        """
        what = what or "|".join((footprint.area, footprint.family, footprint.channel))
        outline = Outline(
            incident_id=content_id(self._market, footprint.operator, what, self._now),
            anchor=footprint.operator,
            opened_at=self._now,
            state=IncidentState.SUSPECTED,
            published=False,
        )
        self.all.append(outline)
        return outline

    def merge(self) -> list[tuple[str, str]]:
        """Find incidents that turn out to be one.

        Returns:
            Pairs of ids: the one that goes on, the one that goes into it. The older goes on.
        """
        merged = True
        while merged:
            merged = False
            self.all.sort(key=lambda outline: (outline.opened_at, not outline.published, outline.incident_id))
            for number, older in enumerate(self.all):
                younger = next((other for other in self.all[number + 1 :] if self._are_one(older, other)), None)
                if younger is not None:
                    older.take_all(younger)
                    self.all.remove(younger)
                    self.merges.append((older.incident_id, younger.incident_id))
                    merged = True
                    break
        return self.merges

    def _fit(self, footprint: Footprint, outline: Outline) -> int:
        if not self._is_alike(footprint, outline):
            return APART
        areas = _placed(self._explained(outline), nameless=bool(footprint.operator) and not outline.operators)
        if any(_same_branch(footprint.area, area) for area in areas):
            return SAME_BRANCH
        if self._began_together(footprint, outline) or self._is_of_whole(footprint, outline):
            return NEAR
        growth_ms = self._config.borders.growth_minutes * MINUTE_MS
        if self._now - outline.opened_at > growth_ms:
            return APART
        if any(self._is_near(footprint.area, area) for area in areas):
            return NEAR
        same = footprint.operator in outline.operators and footprint.service in outline.services
        return NEAR if same and self._is_scattered(outline) else APART

    def _is_alike(self, footprint: Footprint, outline: Outline) -> bool:
        """Do operator, network and channel allow that it belongs there?"""
        mine = {footprint.operator} - {""}
        roams = not footprint.family and self._roams_on(mine, outline)
        if not (roams or self._same_network(mine, outline.operators)):
            return False
        if not self._same_family({footprint.family} - {""}, outline):
            return False
        return footprint.beyond_tv or self._same_channel({footprint.channel} - {""}, outline)

    def _began_together(self, footprint: Footprint, outline: Outline) -> bool:
        """Does the same service of the same operator fail within minutes? Two outages seldom begin at once.

        Where only people tell, it is the operator that they have in common, and others far apart who tell it as well.
        """
        onset_ms = self._config.borders.onset_minutes * MINUTE_MS
        if footprint.operator not in outline.operators:
            return False
        since, begun = self._since_of(footprint), outline.begun.get(footprint.service)
        if since is not None and begun is not None and abs(since - begun) <= onset_ms:
            return True
        if self._now - outline.opened_at > onset_ms:
            return False
        return footprint.service in outline.services or (not footprint.service and self._is_scattered(outline))

    def _since_of(self, footprint: Footprint) -> int | None:
        """When its figures began to fall, ms; None if it is not about such figures, or they are well by now."""
        if not footprint.service:
            return None
        return self._since.get((footprint.operator, footprint.area, footprint.service))

    def _is_of_whole(self, footprint: Footprint, outline: Outline) -> bool:
        """Does it tell of a service that falls in all of its nation?"""
        return (
            bool(footprint.operator)
            and footprint.operator in outline.operators
            and footprint.service in outline.whole
            and outline.state is not IncidentState.RESOLVED
        )

    def _is_scattered(self, outline: Outline) -> bool:
        """Is it known in places that are far from each other?"""
        areas = [area for area in self._explained(outline) if "/" in area]
        return any(not _same_branch(area, areas[0]) and not self._is_near(area, areas[0]) for area in areas[1:])

    def _are_one(self, older: Outline, younger: Outline) -> bool:
        if not self._are_alike(older, younger):
            return False
        same = bool(older.operators & younger.operators)
        common = older.services & younger.services if same else set()
        if (same and older.is_central and younger.is_central) or common & (older.whole | younger.whole):
            return True
        if younger.opened_at - older.opened_at > self._config.borders.merge_minutes * MINUTE_MS:
            return False
        if any(self._fell_together(service, older, younger) for service in common):
            return True
        nameless = not older.operators or not younger.operators
        mine, theirs = (_placed(self._explained(outline), nameless=nameless) for outline in (older, younger))
        if any(_same_branch(area, other) or self._is_near(area, other) for area in mine for other in theirs):
            return True
        return self._bound(older, younger)

    def _fell_together(self, service: str, older: Outline, younger: Outline) -> bool:
        """Did a service that both have begin to fall in both within minutes?"""
        apart_ms = abs(older.begun.get(service, older.opened_at) - younger.begun.get(service, younger.opened_at))
        return apart_ms <= self._config.borders.onset_minutes * MINUTE_MS

    def _are_alike(self, older: Outline, younger: Outline) -> bool:
        if IncidentState.RESOLVED in (older.state, younger.state):
            return False
        if not (self._same_network(older.operators, younger.operators) or self._roam(older, younger)):
            return False
        if not self._same_family(younger.families, older):
            return False
        return younger.beyond_tv or self._same_channel(younger.channels, older)

    def _same_family(self, families: set[str], outline: Outline) -> bool:
        """Two networks are two outages."""
        return not families or not outline.families or bool(families & outline.families)

    def _same_channel(self, channels: set[str], outline: Outline) -> bool:
        """Two TV channels are two outages; many are one of TV, and an outage of more than channels takes them in."""
        if outline.beyond_tv:
            return True
        return not channels or not outline.channels or bool(channels & outline.channels) or self._all_of_tv()

    def _all_of_tv(self) -> bool:
        named = set().union(*(outline.channels for outline in self.all))
        return len(named) >= self._config.borders.channels_min

    def _bound(self, older: Outline, younger: Outline) -> bool:
        """Does a wide area stand out that has enough places under it, of both?"""
        network = [outline for outline in self.all if self._same_network(outline.operators, older.operators)]
        below = children_of({area for outline in network for area in self._explained(outline)})
        mine, theirs = children_of(older.areas), children_of(younger.areas)
        enough = self._config.borders.bound_children_min
        return any(
            area in mine and area in theirs and len(below.get(area, ())) >= enough
            for outline in network
            for area in outline.areas
        )

    def _same_network(self, operators: set[str], others: set[str]) -> bool:
        """Do they name an operator in common, or a host and one that runs on it? No name at all fits any."""
        if not operators or not others or operators & others:
            return True
        mine = {self._reference.host_of(operator) for operator in operators}
        theirs = {self._reference.host_of(operator) for operator in others}
        return bool(mine & others or theirs & operators)

    def _roams_on(self, operators: set[str], outline: Outline) -> bool:
        """Do customers of an operator roam on a mobile network that fails, and began to complain then?"""
        within = self._now - outline.opened_at <= self._config.borders.growth_minutes * MINUTE_MS
        return (
            within
            and "mobile" in outline.families
            and any(self._reference.roams_on(operator) in outline.operators for operator in operators)
        )

    def _roam(self, older: Outline, younger: Outline) -> bool:
        """Is one of two incidents that of customers who roam on the other's network? Its own network shows nothing."""
        pairs = ((older, younger), (younger, older))
        return any(not guest.families and self._roams_on(guest.operators, host) for guest, host in pairs)

    def _explained(self, outline: Outline) -> list[str]:
        if outline.explained is None:
            areas = explaining(outline.areas, self._config.borders)
            whole = outline.nationwide
            outline.explained = sorted({*areas, whole}) if whole in outline.areas else areas
        return outline.explained

    def _is_near(self, area: str, other: str) -> bool:
        pair = (area, other) if area < other else (other, area)
        known = self._near.get(pair)
        if known is None:
            km = self._reference.distance_km(*pair)
            known = self._near[pair] = km is not None and km <= self._config.borders.radius_km
        return known


def _placed(areas: list[str], *, nameless: bool) -> list[str]:
    """Without an operator's name, only a place below the nation may tie two things together."""
    return [area for area in areas if "/" in area] if nameless else areas


def _same_branch(area: str, other: str) -> bool:
    return is_within(area, other) or is_within(other, area)


def _rank(outline: Outline) -> tuple[int, int, int, str]:
    sure = outline.state in (IncidentState.CONFIRMED, IncidentState.RECOVERING)
    return (0 if sure else 1, -outline.weight, outline.opened_at, outline.incident_id)
