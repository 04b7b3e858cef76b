"""Borders: which anomalies are one outage, and which are two that happen at once.

An anomaly joins by operator (the same, or host and hosted), service family,
place (the same branch of the tree, or near) and time.

A window that slides with each new anomaly never ends, so growth to new places ends
a fixed time after the start, and two incidents merge only if they began together.
"""

from collections.abc import Iterable, Sequence

from pipeline.correlate.border.outline import Border
from pipeline.correlate.config import CorrelateConfig
from pipeline.correlate.evidence.areas import children_of, explaining
from pipeline.correlate.evidence.footprint import Footprint, footprint_of
from pipeline.correlate.reference import CorrelateReference
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.ids import content_id
from pipeline.records.inner.anomalies import Anomaly
from pipeline.records.series import is_within
from pipeline.records.vocabulary import IncidentState


class Borders:
    """Shares a pane's anomalies out among incidents, old and new."""

    def __init__(
        self, market: str, now: int, borders: Iterable[Border], config: CorrelateConfig, reference: CorrelateReference
    ) -> None:
        self._market = market
        self._now = now
        self._config = config
        self._reference = reference
        self._known: dict[Footprint, Border] = {}
        self._near: dict[tuple[str, str], bool] = {}
        self.all = list(borders)
        self.merges: list[tuple[str, str]] = []

    def best(self, footprint: Footprint) -> Border | None:
        """The incident that a footprint belongs to: nearest fit, then surest, heaviest, oldest."""
        fits = [(self._fit(footprint, border), border) for border in self.all]
        found = [(-fit, _rank(border), border) for fit, border in fits if fit]
        return min(found, key=lambda one: one[:2])[2] if found else None

    def place(self, anomalies: Sequence[Anomaly], *, room: int) -> list[Anomaly]:
        """Give each anomaly to an incident, opening new ones.

        Small areas first, so that a wide sum meets what explains it.

        Args:
            anomalies: In their order; all carry an incident.
            room: How many incidents may be opened.

        Returns:
            Anomalies that found no room.
        """
        homeless: list[Anomaly] = []
        for anomaly in sorted(anomalies, key=lambda one: -one.area.count("/")):
            footprint = footprint_of(anomaly, self._reference.metrics)
            border = self._known.get(footprint) or self.best(footprint)
            if border is None and room <= 0:
                homeless.append(anomaly)
                continue
            if border is None:
                border = self.open(footprint)
                room -= 1
            self._known[footprint] = border
            border.take(footprint)
            border.anomalies.append(anomaly)
        return homeless

    def open(self, footprint: Footprint, *, what: str = "") -> Border:
        """A new incident, named after market, operator, what it is and the pane that opens it."""
        what = what or "|".join((footprint.area, footprint.family, footprint.channel))
        border = Border(
            incident_id=content_id(self._market, footprint.operator, what, self._now),
            anchor=footprint.operator,
            opened_at=self._now,
            state=IncidentState.SUSPECTED,
            published=False,
        )
        self.all.append(border)
        return border

    def merge(self) -> list[tuple[str, str]]:
        """Find incidents that turn out to be one.

        Returns:
            Pairs of ids: the one that goes on, the one that goes into it. The older goes on.
        """
        merged = True
        while merged:
            merged = False
            self.all.sort(key=lambda one: (one.opened_at, not one.published, one.incident_id))
            for number, older in enumerate(self.all):
                younger = next((one for one in self.all[number + 1 :] if self._are_one(older, one)), None)
                if younger is not None:
                    older.take_all(younger)
                    self.all.remove(younger)
                    self.merges.append((older.incident_id, younger.incident_id))
                    merged = True
                    break
        return self.merges

    def _fit(self, footprint: Footprint, border: Border) -> int:
        """3 the same branch of the place tree, 2 near, 0 apart."""
        if not self._same_network({footprint.operator} - {""}, border.operators):
            return 0
        if not self._same_family({footprint.family} - {""}, border):
            return 0
        if not footprint.beyond_tv and not self._same_channel({footprint.channel} - {""}, border):
            return 0
        areas = _placed(self._explained(border), nameless=bool(footprint.operator) and not border.operators)
        if any(_same_branch(footprint.area, area) for area in areas):
            return 3
        growth_ms = self._config.borders.growth_minutes * MINUTE_MS
        if self._now - border.opened_at > growth_ms:
            return 0
        return 2 if any(self._is_near(footprint.area, area) for area in areas) else 0

    def _are_one(self, older: Border, younger: Border) -> bool:
        apart_ms = younger.opened_at - older.opened_at
        if apart_ms > self._config.borders.merge_minutes * MINUTE_MS or not self._are_alike(older, younger):
            return False
        nameless = not older.operators or not younger.operators
        mine, theirs = (_placed(self._explained(one), nameless=nameless) for one in (older, younger))
        if any(_same_branch(one, other) or self._is_near(one, other) for one in mine for other in theirs):
            return True
        return self._bound(older, younger)

    def _are_alike(self, older: Border, younger: Border) -> bool:
        if IncidentState.RESOLVED in (older.state, younger.state):
            return False
        if not self._same_network(older.operators, younger.operators):
            return False
        if not self._same_family(younger.families, older):
            return False
        return younger.beyond_tv or self._same_channel(younger.channels, older)

    def _same_family(self, families: set[str], border: Border) -> bool:
        """Two networks are two outages."""
        return not families or not border.families or bool(families & border.families)

    def _same_channel(self, channels: set[str], border: Border) -> bool:
        """Two TV channels are two outages; many are one of TV, and an outage of more than channels takes them in."""
        if border.beyond_tv:
            return True
        return not channels or not border.channels or bool(channels & border.channels) or self._all_of_tv()

    def _all_of_tv(self) -> bool:
        named = set().union(*(one.channels for one in self.all))
        return len(named) >= self._config.borders.channels_min

    def _bound(self, older: Border, younger: Border) -> bool:
        """Does a wide area stand out that has enough places under it, of both?"""
        network = [one for one in self.all if self._same_network(one.operators, older.operators)]
        below = children_of({area for one in network for area in self._explained(one)})
        mine, theirs = children_of(older.areas), children_of(younger.areas)
        enough = self._config.borders.bound_children_min
        return any(
            area in mine and area in theirs and len(below.get(area, ())) >= enough
            for one in network
            for area in one.areas
        )

    def _same_network(self, one: set[str], other: set[str]) -> bool:
        if not one or not other or one & other:
            return True
        mine = {self._reference.host_of(operator) for operator in one}
        theirs = {self._reference.host_of(operator) for operator in other}
        return bool(mine & other or theirs & one)

    def _explained(self, border: Border) -> list[str]:
        if border.explained is None:
            border.explained = explaining(border.areas, self._config.borders)
        return border.explained

    def _is_near(self, one: str, other: str) -> bool:
        pair = (one, other) if one < other else (other, one)
        known = self._near.get(pair)
        if known is None:
            km = self._reference.distance_km(*pair)
            known = self._near[pair] = km is not None and km <= self._config.borders.radius_km
        return known


def _placed(areas: list[str], *, nameless: bool) -> list[str]:
    """Without an operator's name, only a place below the nation may tie two things together."""
    return [area for area in areas if "/" in area] if nameless else areas


def _same_branch(one: str, other: str) -> bool:
    return is_within(one, other) or is_within(other, one)


def _rank(border: Border) -> tuple[int, int, int, str]:
    sure = border.state in (IncidentState.CONFIRMED, IncidentState.RECOVERING)
    return (0 if sure else 1, -border.weight, border.opened_at, border.incident_id)
