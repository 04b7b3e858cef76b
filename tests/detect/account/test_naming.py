"""Who complains of a service by name that nobody measures, and whose figures fell silent."""

from typing import Final

import pytest

from pipeline.detect.account.believed import Account
from pipeline.detect.account.filtering import outage_of
from pipeline.detect.account.keeping import Keeper, Seen
from pipeline.detect.account.likelihood import FigureSeen, Posted, Voices
from pipeline.detect.account.spoken import Spoken, Witnesses
from pipeline.records.clocks import HOUR_MS, MINUTE_MS
from tests.detect.account.test_speakers import posts
from tests.detect.world import Run, complaints

NATION: Final = "FR"
START: Final = 1_736_121_600_000
SERVED: Final = ("broadband", "fixed_voice")
CALM: Final = Spoken([Voices(0.0, 0.3, 0.2)], Posted(Voices(0.0, 0.2, 0.2), 0.05, (0, 0, 0, 0, 0)))
CROWD: Final = Spoken([Voices(1.0, 0.3, 0.2)], Posted(Voices(1.0, 0.2, 0.2), 0.05, (0, 0, 0, 0, 1)))


class Nation:
    """An operator of which broadband and telephones are measured, minute by minute."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.well: dict[str, int] = {}
        self.minute = 0

    def lives(
        self,
        minutes: int,
        sms: float = 0.0,
        others: float = 0.0,
        said: Spoken = CALM,
        measured: tuple[str, ...] = SERVED,
        unnamed: float = 0.0,
    ) -> "Nation":
        """Let minutes pass in which some complain of text messages, of broadband or of none; these figures are well."""

        def naming(_area: str, service: str) -> Voices | None:
            return Voices(sms, 0.02, 0.3) if service == "sms" else None

        for _ in range(minutes):
            self.minute += 1
            seen = Seen()
            for service in measured:
                seen.add_figure(NATION, service, FigureSeen(0.99, 0.99, 0.005, "down", "ratio"))
            if said is CROWD:
                seen.loud.add(NATION)
            seen.add_complaints(NATION, "", sms + others + unnamed)
            seen.add_complaints(NATION, "broadband", others)
            seen.add_complaints(NATION, "sms", sms)
            if sms:
                seen.missed.add((NATION, "sms"))
            keeper = Keeper("alpha", NATION, self.accounts, MINUTE_MS, {}, self.well)
            keeper.step(seen, START + self.minute * MINUTE_MS, Witnesses(lambda _: said, lambda _: SERVED, naming))
        return self

    def outage(self, service: str) -> float:
        """Probability of an outage; 0 if nothing is kept."""
        account = self.accounts.get(f"{NATION}|{service}")
        return outage_of(account.belief) if account is not None else 0.0


def test_a_service_that_nobody_measures_is_believed_down_by_those_who_name_it() -> None:
    assert Nation().lives(5).lives(15, sms=1.0).outage("sms") > 0.9
    assert Nation().lives(5).lives(1, sms=1.0).lives(20).outage("sms") < 0.05, "one is a chance"


def test_of_a_crowd_that_complains_of_another_service_some_name_it_too() -> None:
    assert Nation().lives(5).lives(15, sms=1.0, others=12.0).outage("sms") < 0.1


@pytest.mark.parametrize("naming_the_well", [0.0, 4.0])
def test_a_service_whose_figures_fell_silent_is_not_believed_down_by_those_who_name_one_that_is_well(
    naming_the_well: float,
) -> None:
    nation = Nation().lives(5).lives(60, measured=("broadband",))
    nation.lives(40, others=naming_the_well, said=CROWD, measured=("broadband",))
    assert (nation.outage("fixed_voice") < 0.1) == bool(naming_the_well)


def test_a_figure_that_comes_once_in_ten_minutes_is_well_between_them() -> None:
    nation = Nation().lives(5)
    for _ in range(4):
        nation.lives(1, others=4.0, said=CROWD).lives(9, others=4.0, said=CROWD, measured=())
    assert nation.outage("") < 0.1


def test_who_names_no_service_means_the_one_that_dominates() -> None:
    assert Nation().lives(5).lives(5, sms=3.0, unnamed=8.0).outage("sms") > 0.9
    contested = Nation().lives(5).lives(5, sms=3.0, others=1.0, unnamed=7.0)
    assert contested.outage("sms") < 0.1, "one in four means another one"
    crowd = Nation().lives(5).lives(5, sms=3.0, unnamed=10.0)
    assert crowd.outage("sms") < 0.1, "of so many hardly anybody names anything"


def test_in_the_first_hours_a_service_is_told_that_a_good_part_of_a_burst_names() -> None:
    begin = START + HOUR_MS
    burst = [begin + minute * MINUTE_MS for minute in range(6)]
    named = [complaints(at, range(at % 997, at % 997 + 3), source="mentions", service="tv") for at in burst]
    unnamed = [complaints(at, range(at % 997 + 3, at % 997 + 10), source="mentions") for at in burst]
    said = [posts(at, range(number, number + 10), "3") for number, at in zip(range(100, 700, 100), burst, strict=True)]
    quiet = [posts(at, range(50, 51), "0") for at in range(START, begin, 20 * MINUTE_MS)]
    anomalies = Run().live([*quiet, *named, *unnamed, *said], begin + 7 * MINUTE_MS).anomalies
    assert {anomaly.service for anomaly in anomalies} == {"", "tv"}
