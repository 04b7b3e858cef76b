"""What is known before any data, and handed to the rules of each scope."""

from collections.abc import Mapping

from pipeline.detect.findings import JudgeRules
from pipeline.detect.state import ScopeState
from pipeline.reference.metrics import Metrics
from pipeline.reference.opening.days import WEEKENDS, DaysOff, days_off_in
from pipeline.reference.opening.hours import WrittenHours


class DetectReference:
    """Metrics, calendars and opening hours.

    Args:
        metrics: What figures of telemetry mean; None = by rule alone.
        calendars: Market to the calendar of its holidays; of another one only weekends are known.
        hours: When sources of an operator are open.
    """

    def __init__(
        self,
        metrics: Metrics | None = None,
        calendars: Mapping[str, str] | None = None,
        hours: WrittenHours | None = None,
    ) -> None:
        self.metrics = metrics if metrics is not None else Metrics()
        self._calendars, self._hours = dict(calendars or {}), dict(hours or {})
        self._days: dict[tuple[str, str], DaysOff] = {}

    def rules_in(self, scope: ScopeState, market: str, rules: JudgeRules) -> JudgeRules:
        """The rules that hold in a scope.

        Args:
            scope: Is not changed.
            market: Market of its operator.
            rules: Those that hold everywhere.
        """
        where = market, scope.area
        days = self._days.get(where)
        if days is None:
            calendar = self._calendars.get(market, "")
            days = self._days[where] = days_off_in(scope.area, calendar) if calendar else WEEKENDS
        hours = self._hours.get(scope.operator)
        return rules if days is WEEKENDS and hours is None else rules._replace(days=days, hours=hours)
