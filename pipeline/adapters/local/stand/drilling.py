"""One drill: the fault is caused, the alert is seen to fire, the fault is ended, the alert is seen to clear."""

import asyncio
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from pipeline.adapters.local.stand.asking import ask, routed
from pipeline.adapters.local.stand.causing import PAUSE_SECONDS, KeepUp, caused
from pipeline.adapters.local.stand.faults import Fault
from pipeline.adapters.local.stand.place import Stand
from pipeline.adapters.local.stand.records import OPERATORS

QUIET, PENDING, FIRING = "quiet", "pending", "firing"
SHOWN_SECONDS_MAX: Final = 60.0
"""What Alertmanager needs to hear of an alert, and Prometheus to hear of anything at all."""

_HEARD: Final = (
    f'count(time() - tocsin_feed_last_used_timestamp_seconds{{source="telemetry"}} < 60) >= {len(OPERATORS)}'
)
_COMMITTED: Final = (
    'max(tocsin_last_commit_timestamp_seconds{stage="ingest"}) > 0 and sum(tocsin_heartbeats_sent_total) > 0'
)


class DrillError(Exception):
    """The alert did not do what it must."""


class Drilled(NamedTuple):
    """How long it took.

    Attributes:
        fired_seconds: From the fault to the alert.
        cleared_seconds: From the end of the fault to the end of the alert.
    """

    fired_seconds: float
    cleared_seconds: float


async def drill(fault: Fault, stand: Stand, say: Callable[[str], None], minutes_max: float) -> Drilled:
    """Cause a fault, and end it once its alert has fired.

    Args:
        fault: One that can be caused.
        stand: The stand on which it is done.
        say: Is told what happens.
        minutes_max: Longest wait for the alert to fire, and to clear; minutes of the alerts.

    Raises:
        DrillError: If the alert fires before, or does not fire, or does not clear in time.
    """
    if fault.act is None:
        raise DrillError(f"{fault.page}: cannot be caused here: {fault.says}")
    watch = _Watch(fault, stand, say, minutes_max * stand.minute_seconds)
    await watch.until_whole()
    await watch.until(QUIET, before="the fault")
    say(f"{fault.page}: {fault.says}")
    began = time.monotonic()
    async with caused(fault.act, stand) as keep_up:
        await watch.until(FIRING, before="its end", keep_up=keep_up)
        fired = time.monotonic() - began
        say(f"{fault.alert} fires after {fired:.0f} s: http://{stand.page}/runbooks/{fault.page}.md")
        if stand.alertmanager:
            await watch.until_routed()
    ended = time.monotonic()
    say("the fault is over")
    await watch.until(QUIET, before="the next drill")
    cleared = time.monotonic() - ended
    say(f"{fault.alert} is clear after {cleared:.0f} s")
    return Drilled(fired, cleared)


class _Watch:
    """Looks at one alert."""

    def __init__(self, fault: Fault, stand: Stand, say: Callable[[str], None], seconds_max: float) -> None:
        self._fault, self._stand, self._say, self._seconds_max = fault, stand, say, seconds_max
        chosen = {"alertname": fault.alert, **dict(fault.labels)}
        self._query = "ALERTS{" + ",".join(f'{name}="{text}"' for name, text in chosen.items()) + "}"

    async def until_whole(self) -> None:
        """Wait until all stages answer, feeds are heard and INGEST has committed: what just starts looks broken.

        Raises:
            DrillError: If that takes too long.
        """
        whole = f'count(up{{job="tocsin"}} == 1) == {len(self._stand.stages)} and {_HEARD} and {_COMMITTED}'
        give_up = time.monotonic() + self._seconds_max
        while not await ask(self._stand.prometheus, whole):
            if time.monotonic() > give_up:
                raise DrillError(f"the stand is not whole: http://{self._stand.page} says what fires")
            await asyncio.sleep(PAUSE_SECONDS)

    async def state(self) -> str:
        """The state of the alert just now; empty while Prometheus does not answer."""
        if not await ask(self._stand.prometheus, "vector(1)"):
            return ""
        states = {sample["metric"]["alertstate"] for sample in await ask(self._stand.prometheus, self._query)}
        return FIRING if FIRING in states else PENDING if states else QUIET

    async def until(self, wanted: str, *, before: str, keep_up: KeepUp | None = None) -> None:
        """Wait for a state, and tell each on the way.

        Args:
            wanted: State of the alert.
            before: What follows, for the message.
            keep_up: Keeps the fault up meanwhile; None if nothing has to be.

        Raises:
            DrillError: If it does not come in time.
        """
        give_up, told = time.monotonic() + self._seconds_max, ""
        while (state := await self.state()) != wanted:
            if state not in ("", told):
                told = state
                self._say(f"{self._fault.alert} is {state}")
            if time.monotonic() > give_up:
                raise DrillError(
                    f"{self._fault.alert} is {state or 'not known'} after {self._seconds_max:.0f} s, must be {wanted} "
                    f"before {before}: ask Prometheus for {self._query}"
                )
            if keep_up is not None:
                await keep_up()
            await asyncio.sleep(PAUSE_SECONDS)

    async def until_routed(self) -> None:
        """Wait until Alertmanager holds the alert, and tell to whom it goes."""
        give_up = time.monotonic() + SHOWN_SECONDS_MAX
        while time.monotonic() < give_up:
            for alert in await routed(self._stand.alertmanager):
                if alert["labels"]["alertname"] == self._fault.alert:
                    receivers = ", ".join(receiver["name"] for receiver in alert["receivers"])
                    self._say(f"Alertmanager: receiver {receivers}, {alert['status']['state']}")
                    return
            await asyncio.sleep(PAUSE_SECONDS)
        raise DrillError(f"{self._fault.alert} fires, and Alertmanager does not hear of it")
