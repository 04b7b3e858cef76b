"""A town of one operator, minute by minute, for tests of the account."""

from collections.abc import Callable, Sequence
from typing import Final

from pipeline.detect.account.believed import Account
from pipeline.detect.account.filtering import outage_of, rivals_of
from pipeline.detect.account.keeping import Keeper, Seen
from pipeline.detect.account.likelihood import FigureSeen, Posted, Voices
from pipeline.detect.account.spoken import Spoken, Witnesses
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.inner.weighings import Weighing

KOELN, BONN, NW = "DE/NW/koeln", "DE/NW/bonn", "DE/NW"
START: Final = 1_736_121_600_000
MINUTE: Final = MINUTE_MS


def spoken(care: float = 0.0, complaints: float = 0.0, talk: float = 0.0) -> Spoken:
    """What people of a middling town said in a minute; a few tickets and posts an hour are usual."""
    posts = Posted(Voices(complaints + talk, 0.13, 0.2), 0.05, (int(talk), 0, 0, int(complaints), 0))
    return Spoken([Voices(care, 0.05, 0.2)], posts)


USUAL: Final = spoken()
NOBODY: Final = Spoken([], None)
"""Where no feed of people's words speaks."""


class Town:
    """One town of one operator, minute by minute."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.ended: dict[str, int] = {}
        self.well: dict[str, int] = {}
        self.minute = 0
        self.told: list[Weighing] = []

    def lives(
        self,
        minutes: int,
        attach: float | None = None,
        said: Spoken = USUAL,
        channel: float | None = None,
        naming: float = 0.0,
    ) -> "Town":
        """Let some minutes pass, each with this attach ratio, these words, and as many who complain of one channel.

        Of four who complain, `naming` times four name the service that has figures.
        """
        services = ("mobile_data",) if attach is not None else ()
        for _ in range(minutes):
            self.minute += 1
            seen = Seen()
            if attach is not None:
                seen.add_figure(KOELN, "mobile_data", FigureSeen(attach, 0.99, 0.005, "down", "ratio"))
            if said not in (USUAL, NOBODY):
                seen.loud.add(KOELN)
                seen.add_complaints(KOELN, "", 4.0)
                seen.add_complaints(KOELN, "mobile_data", 4.0 * naming)
            if channel is not None:
                seen.add_item(KOELN, "tv", Voices(channel, 0.005, 0.1), 1.0)
            keeper = Keeper("o2", NW, self.accounts, MINUTE, self.ended, self.well)
            self.told += keeper.step(seen, START + self.minute * MINUTE, asked(said, lambda _: services))
        return self

    def outage(self, service: str = "mobile_data") -> float:
        """Probability of an outage; 0 if nothing is kept."""
        account = self.accounts.get(f"{KOELN}|{service}")
        return outage_of(account.belief) if account is not None else 0.0

    def rivals(self, service: str = "") -> dict[str, float]:
        """Probability of each other explanation."""
        return rivals_of(self.accounts[f"{KOELN}|{service}"].belief)


def asked(said: Spoken, services_of: Callable[[str], Sequence[str]]) -> Witnesses:
    """Witnesses of whom nobody counts who names a service."""
    return Witnesses(lambda _: said, services_of, lambda _area, _service: None)
