"""Sealing: what goes out when time has moved, to whom, and in which order."""

from collections.abc import Callable

from pipeline.detect.config import DetectConfig
from pipeline.detect.findings import Found
from pipeline.detect.panes import end_of
from pipeline.detect.state import DetectState
from pipeline.detect.telling.following import in_order
from pipeline.records.clocks import PANE_MS, Instant
from pipeline.records.inner.anomalies import Activity, Anomaly, FeedSilence, MeasuredPlace, Sealed, SealedPane
from pipeline.records.inner.figures import FollowedFigure
from pipeline.records.inner.signals import EmergencyClaim, OfficialPost, PlacedCommand
from pipeline.records.inner.talk import TalkSum, WholeComplaint, order_of
from pipeline.records.inner.weighings import Weighing


class _Pane:
    """Content of one pane for one market, while it is put together."""

    def __init__(self) -> None:
        self.anomalies: list[Anomaly] = []
        self.silences: list[FeedSilence] = []
        self.activity: list[Activity] = []
        self.officials: list[OfficialPost] = []
        self.claims: list[EmergencyClaim] = []
        self.commands: list[PlacedCommand] = []
        self.weighings: list[Weighing] = []
        self.figures: list[FollowedFigure] = []
        self.figures_omitted = 0
        self.complaints: list[WholeComplaint] = []
        self.talk: list[TalkSum] = []
        self.measured: list[MeasuredPlace] = []

    def sealed(self, end: int) -> SealedPane:
        """The pane, everything in an order that no arrival changes."""
        return SealedPane(
            end=Instant(end),
            anomalies=sorted(self.anomalies, key=lambda anomaly: (anomaly.series, anomaly.direction, anomaly.detector)),
            silences=sorted(
                self.silences,
                key=lambda silence: (silence.operator, silence.area, silence.source, silence.measure, silence.ended),
            ),
            activity=sorted(self.activity, key=lambda talk: (talk.operator, talk.source, talk.measure, talk.service)),
            officials=sorted(
                self.officials,
                key=lambda official: (
                    official.at,
                    official.operator,
                    official.platform,
                    official.post_id,
                    official.text,
                ),
            ),
            claims=sorted(self.claims, key=lambda claim: claim.order),
            weighings=sorted(self.weighings, key=lambda weighing: (weighing.operator, weighing.area, weighing.service)),
            figures=in_order(self.figures),
            figures_omitted=self.figures_omitted,
            complaints=sorted(self.complaints, key=order_of),
            talk=sorted(self.talk, key=lambda talk: (talk.operator, talk.ended_at)),
            commands=sorted(self.commands, key=lambda command: command.order),
            measured=sorted(self.measured, key=lambda known: (known.operator, known.area)),
        )

    @property
    def items(self) -> int:
        """How many things it holds."""
        lists = (
            self.anomalies,
            self.silences,
            self.activity,
            self.officials,
            self.claims,
            self.commands,
            self.weighings,
            self.figures,
            self.complaints,
            self.talk,
            self.measured,
        )
        return sum(len(items) for items in lists)


class Sealing:
    """Gathers what a move of time completes.

    Args:
        state: Its open officials, claims and commands leave with their panes.
        sealed_to: How far time has moved, ms.
        config: Names the markets.
        market: Operator to market.
    """

    def __init__(self, state: DetectState, sealed_to: int, config: DetectConfig, market: Callable[[str], str]) -> None:
        time = state.time
        self._time, self._sealed_to, self._config = time, sealed_to, config
        self._partition = state.partition
        self._panes: dict[tuple[str, int], _Pane] = {}
        for official in time.officials:
            if end_of(official.at) <= sealed_to:
                self._pane(market(official.operator), end_of(official.at)).officials.append(official)
        for claim in time.claims:
            if end_of(claim.at) <= sealed_to:
                self._pane(claim.market, end_of(claim.at)).claims.append(claim)
        for placed in time.commands:
            if end_of(placed.at) <= sealed_to:
                self._pane(placed.command.market, end_of(placed.at)).commands.append(placed)
        time.officials = [official for official in time.officials if end_of(official.at) > sealed_to]
        time.claims = [claim for claim in time.claims if end_of(claim.at) > sealed_to]
        time.commands = [placed for placed in time.commands if end_of(placed.at) > sealed_to]

    def add(self, found: Found, market: str) -> None:
        """Take in what a step of a scope gave."""
        if (
            found.anomalies
            or found.silences
            or found.activity
            or found.weighings
            or found.figures
            or found.complaints
            or found.talk
            or found.measured
        ):
            pane = self._pane(market, found.end)
            pane.anomalies += found.anomalies
            pane.silences += found.silences
            pane.activity += found.activity
            pane.weighings += found.weighings
            pane.figures += found.figures
            pane.figures_omitted += found.figures_omitted
            pane.complaints += found.complaints
            pane.talk += found.talk
            pane.measured += found.measured

    def close(self) -> list[Sealed]:
        """Move time, and tell every market; only the last part of what it gets says so."""
        time, sealed = self._time, []
        before = time.sealed_to
        if before < 0:
            before = min([self._sealed_to, *(end - PANE_MS for _, end in self._panes)])
        time.sealed_to = self._sealed_to
        for market in self._config.markets:
            parts = self._parts(market)
            for number, panes in enumerate(parts, start=1):
                sealed.append(
                    Sealed(
                        market=market,
                        epoch=time.epoch,
                        partition=self._partition,
                        partitions=time.partitions,
                        sealed_to=Instant(self._sealed_to if number == len(parts) else before),
                        panes=panes,
                    )
                )
        return sealed

    def _parts(self, market: str) -> list[list[SealedPane]]:
        """A market's panes, cut where a record would hold too many items; a pane stays whole."""
        parts: list[list[SealedPane]] = [[]]
        items = 0
        for _, end in sorted(name for name in self._panes if name[0] == market):
            pane = self._panes[market, end]
            if items and items + pane.items > self._config.items_max:
                parts.append([])
                items = 0
            parts[-1].append(pane.sealed(end))
            items += pane.items
        return parts

    def _pane(self, market: str, end: int) -> _Pane:
        return self._panes.setdefault((market, end), _Pane())
