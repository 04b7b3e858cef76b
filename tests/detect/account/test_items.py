"""One channel or programme of a service: who complains of it, and what then says nothing."""

from copy import deepcopy

import pytest

from pipeline.detect.account.believed import Account
from pipeline.detect.account.filtering import outage_of
from pipeline.detect.account.keeping import Keeper, Seen
from pipeline.detect.account.likelihood import FigureSeen, Voices
from pipeline.detect.account.spoken import Witnesses
from tests.detect.account.town import KOELN, MINUTE, NW, START, USUAL, Town, asked, spoken


def test_complaints_of_one_channel_are_an_outage_of_its_service_though_nobody_calls_and_little_else_is_said() -> None:
    town = Town().lives(10, said=spoken(complaints=1.0), channel=1.0)
    assert town.outage("tv") > 0.9 > 0.5 > town.outage("")


def test_who_does_not_call_between_two_who_name_a_channel_says_nothing_of_it() -> None:
    town = Town().lives(1, said=spoken(complaints=1.0), channel=1.0).lives(4, said=spoken(complaints=1.0), channel=1.0)
    quiet, calling = deepcopy(town), deepcopy(town)
    quiet.lives(3, said=spoken(complaints=1.0))
    calling.lives(3, said=spoken(complaints=1.0, care=1.0))
    assert quiet.outage("tv") == pytest.approx(calling.outage("tv"), rel=1e-4)
    assert quiet.accounts[f"{KOELN}|tv"].added["care"] >= 0.0


def test_a_quarter_of_an_hour_after_the_last_who_named_it_calls_count_as_ever() -> None:
    town = Town().lives(5, said=spoken(complaints=1.0), channel=1.0).lives(15, said=spoken(complaints=1.0))
    quiet, calling = deepcopy(town), deepcopy(town)
    assert quiet.lives(1).outage("tv") < calling.lives(1, said=spoken(care=1.0)).outage("tv")


def test_streams_that_start_say_nothing_of_a_channel_and_streams_that_do_not_say_much() -> None:
    def after(value: float, minutes: int) -> float:
        accounts = deepcopy(Town().lives(5, said=spoken(complaints=1.0), channel=1.0).accounts)
        for minute in range(5, 5 + minutes):
            seen = Seen()
            seen.add_figure(KOELN, "tv", FigureSeen(value, 0.99, 0.005, "down", "ratio"))
            keeper = Keeper("o2", NW, accounts, MINUTE, {}, {})
            keeper.step(seen, START + (minute + 1) * MINUTE, asked(spoken(complaints=1.0), lambda _: ("tv",)))
        return outage_of(accounts[f"{KOELN}|tv"].belief)

    unseen = Town().lives(5, said=spoken(complaints=1.0), channel=1.0).lives(3, said=spoken(complaints=1.0))
    assert after(0.99, 3) == pytest.approx(unseen.outage("tv"))
    assert after(0.6, 3) > after(0.99, 3) > after(0.99, 30)


def test_figures_of_television_that_have_spoken_say_that_it_is_back_soon_after_a_channel_was_named() -> None:
    def after(minutes: int) -> float:
        accounts: dict[str, Account] = {}
        for minute in range(40 + minutes):
            seen = Seen()
            value = 0.3 if 10 <= minute < 40 else 0.99
            seen.add_figure(KOELN, "tv", FigureSeen(value, 0.99, 0.005, "down", "ratio"))
            if minute < 40:
                seen.add_item(KOELN, "tv", Voices(1.0, 0.005, 0.1), 1.0)
            keeper = Keeper("o2", NW, accounts, MINUTE, {}, {})
            keeper.step(seen, START + (minute + 1) * MINUTE, asked(USUAL, lambda _: ("tv",)))
        return outage_of(accounts[f"{KOELN}|tv"].belief) if accounts else 0.0

    assert after(0) > 0.99
    assert after(10) < 0.1


def test_who_complains_of_another_service_says_nothing_of_a_channels_television() -> None:
    def after(naming: str, channel: float) -> float:
        accounts: dict[str, Account] = {}
        for minute in range(12):
            seen = Seen()
            seen.add_figure(KOELN, "mobile_data", FigureSeen(0.99, 0.99, 0.005, "down", "ratio"))
            seen.add_complaints(KOELN, "", 4.0)
            seen.add_complaints(KOELN, naming, 4.0)
            if minute < 2:
                seen.add_item(KOELN, "tv", Voices(channel, 0.005, 0.1), 1.0)
            witnesses = Witnesses(lambda _: spoken(complaints=4.0), lambda _: ("mobile_data", "tv"), lambda *_: None)
            Keeper("o2", NW, accounts, MINUTE, {}, {}).step(seen, START + (minute + 1) * MINUTE, witnesses)
        return outage_of(accounts[f"{KOELN}|tv"].belief) if f"{KOELN}|tv" in accounts else 0.0

    assert after("mobile_data", 1.0) < after("tv", 1.0)


def test_a_crowd_of_tickets_speaks_also_beside_who_names_a_channel() -> None:
    town = Town().lives(1, said=spoken(complaints=1.0), channel=1.0).lives(4, said=spoken(complaints=1.0), channel=1.0)
    quiet, crowded = deepcopy(town), deepcopy(town)
    quiet.lives(3, said=spoken(complaints=1.0))
    crowded.lives(3, said=spoken(complaints=1.0, care=3.0))
    assert crowded.outage("tv") > quiet.outage("tv")


def test_an_item_of_another_service_mutes_nobody_who_calls() -> None:
    def after(care: float) -> float:
        accounts: dict[str, Account] = {}
        for minute in range(8):
            seen = Seen()
            if minute < 4:
                seen.add_item(KOELN, "mobile_data", Voices(1.0, 0.005, 0.1), 1.0)
            seen.loud.add(KOELN)
            witnesses = asked(spoken(complaints=1.0, care=care if minute >= 4 else 0.0), lambda _: ())
            Keeper("o2", NW, accounts, MINUTE, {}, {}).step(seen, START + (minute + 1) * MINUTE, witnesses)
        return outage_of(accounts[f"{KOELN}|mobile_data"].belief)

    assert after(1.0) > after(0.0)


def test_two_who_complain_of_a_channel_prove_nothing() -> None:
    town = Town().lives(1, channel=1.0).lives(5).lives(1, channel=1.0)
    assert town.outage("tv") < 0.1


def test_of_several_channels_the_loudest_counts_in_any_order() -> None:
    seen, other = Seen(), Seen()
    loud, quiet = Voices(3.0, 0.005, 0.1), Voices(1.0, 0.2, 0.1)
    for voices in (loud, quiet):
        seen.add_item(KOELN, "tv", voices, 1.0)
    for voices in (quiet, loud):
        other.add_item(KOELN, "tv", voices, 1.0)
    assert seen.named == other.named
