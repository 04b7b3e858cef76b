"""Places that are hot: found, told apart from other explanations, carried on, and forgotten."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.account.believed import Account
from pipeline.detect.account.keeping import (
    Keeper,
    Seen,
    likely_areas,
)
from pipeline.detect.account.likelihood import FigureSeen
from pipeline.detect.account.spoken import Spoken
from pipeline.records.inner.weighings import Weighing
from tests.detect.account.town import BONN, KOELN, MINUTE, NOBODY, NW, START, USUAL, Town, asked, spoken


def test_a_quiet_place_costs_and_keeps_nothing() -> None:
    town = Town().lives(60, 0.99).lives(10, 0.985).lives(10, 1.0)
    assert town.accounts == {}
    assert town.told == []


def test_one_bad_minute_is_not_an_outage() -> None:
    town = Town().lives(5, 0.99).lives(1, 0.2).lives(1, 0.99)
    assert town.outage() < 0.01


@pytest.mark.parametrize("share", [0.2, 0.45, 0.65, 0.9])
def test_how_many_are_hit_is_told_between_the_steps_of_the_grid(share: float) -> None:
    told = Town().lives(5, 0.99).lives(6, 0.99 * (1.0 - share)).told[-1]
    assert told.share_ppm == pytest.approx(1_000_000 * share, rel=0.02)
    assert told.share_high_ppm < 1.3 * 1_000_000 * share


def test_the_first_bad_minute_of_a_figure_counts_whole_and_the_next_ones_by_half() -> None:
    first, second = (Town().lives(5, 0.99).lives(minutes, 0.95, NOBODY).accounts for minutes in (1, 2))
    told = [accounts[f"{KOELN}|mobile_data"].added["network"] for accounts in (first, second)]
    assert told[0] > 1.5 * (told[1] - told[0]) > 3.0


def test_an_outage_of_a_third_of_the_customers_is_found_within_eight_minutes_from_ratios_alone() -> None:
    town, minutes = Town(), 0
    while town.outage() < 0.5:
        town.lives(1, 0.66, NOBODY)
        minutes += 1
        assert minutes <= 8, town.outage()
    town.lives(5, 0.66, NOBODY)
    told = town.told[-1]
    assert told.service == "mobile_data"
    assert told.share_low_ppm <= 300_000 <= told.share_high_ppm
    assert 200_000 <= told.share_ppm <= 500_000
    assert told.added_milli["network"] > 5_000


def test_people_who_complain_make_the_network_sure_and_people_as_usual_make_it_doubtful() -> None:
    loud = Town().lives(12, 0.66, spoken(care=1.0, complaints=2.0))
    silent = Town().lives(12, 0.66)
    assert loud.outage() > 0.99
    assert silent.outage() < loud.outage()


LOUD: Final = spoken(care=0.4, complaints=1.0)
"""People who complain of something."""


def test_what_people_say_of_an_outage_that_figures_show_is_no_word_of_another_service() -> None:
    town = Town().lives(120, 0.5, LOUD)
    assert town.outage("mobile_data") > 0.99
    assert town.outage("") < 0.1


def test_who_names_a_service_that_is_well_says_nothing_of_another_one() -> None:
    loud = spoken(care=0.5, complaints=1.0, talk=0.5)
    nameless, blaming = (Town().lives(20, attach=0.99, said=loud, naming=naming) for naming in (0.0, 0.9))
    assert nameless.outage("") > 0.9, "a service that nobody measures may well be down"
    assert blaming.outage("") < 0.2 * nameless.outage("")
    assert Town().lives(20, said=loud, naming=0.9).outage("") > 0.9, "nothing says that it is well where no figure is"
    falling = Town().lives(10, attach=0.6, said=loud, naming=0.9)
    assert falling.outage("mobile_data") > 0.9


def test_hours_after_it_people_still_talk_of_it_and_the_next_day_of_something_else() -> None:
    after = Town().lives(60, 0.5, LOUD).lives(120, 0.99).lives(8, 0.99, LOUD)
    next_day = Town().lives(60, 0.5, LOUD).lives(600, 0.99).lives(8, 0.99, LOUD)
    without = Town().lives(8, 0.99, LOUD)
    assert next_day.outage("") == pytest.approx(without.outage(""), rel=0.05)
    assert after.outage("") < 0.1 * without.outage("")


def test_an_outage_of_a_service_with_figures_soon_after_another_one_is_seen_as_ever() -> None:
    again = Town().lives(60, 0.5, LOUD).lives(120, 0.99).lives(6, 0.66, LOUD)
    first = Town().lives(6, 0.66, LOUD)
    assert again.outage("mobile_data") >= 0.99 * first.outage("mobile_data") > 0.9


def test_a_day_in_peace_speaks_no_louder_against_an_outage_than_some_minutes_do() -> None:
    town = Town().lives(600, 0.99, LOUD)
    assert town.accounts[f"{KOELN}|mobile_data"].added["network"] == pytest.approx(-3.0)
    town.lives(3, 0.3, LOUD)
    assert town.accounts[f"{KOELN}|mobile_data"].added["network"] > 5.0


def test_a_figure_that_falls_while_people_are_as_usual_may_be_a_lying_probe() -> None:
    town = Town().lives(120, 0.66)
    assert town.told[-1].rival == "probe"
    assert town.rivals("mobile_data")["probe"] > 10 * town.rivals("mobile_data")["normal"]
    assert town.outage() < 0.9
    assert town.told[-1].disturbed_milli > 5_000


@pytest.mark.parametrize(
    ("said", "wins"),
    [
        pytest.param(spoken(complaints=0.5, talk=4.0), "chatter", id="a_scandal_makes_people_talk"),
        pytest.param(spoken(care=3.0), "load", id="a_bill_makes_people_call"),
        pytest.param(spoken(care=0.6, complaints=0.15, talk=1.2), "busy", id="on_a_monday_more_people_write_and_call"),
    ],
)
def test_an_excess_that_no_outage_makes_is_explained_otherwise(said: Spoken, wins: str) -> None:
    town = Town().lives(15, said=said)
    rivals = town.rivals()
    assert max(rivals, key=lambda name: rivals[name]) == wins
    assert town.outage("") < 0.2 * rivals[wins]


def test_complaints_in_public_alone_may_be_a_campaign_while_tickets_stay_as_usual() -> None:
    """The longer customers stay calm while posts go on, the likelier few write for many."""
    short, long = Town().lives(10, said=spoken(complaints=6.0)), Town().lives(120, said=spoken(complaints=6.0))
    assert long.rivals()["campaign"] > short.rivals()["campaign"]
    assert long.rivals()["campaign"] > long.outage("")


def test_few_who_write_for_many_are_a_campaign_the_sooner_the_more_of_them_write_again() -> None:
    posts = spoken(care=0.2, complaints=2.0).posts
    assert posts is not None
    crowd = Town().lives(8, said=Spoken(spoken(care=0.2).care, posts))
    few = Town().lives(8, said=Spoken(spoken(care=0.2).care, posts._replace(again=2.0, hands=16.0)))
    assert few.rivals()["campaign"] > 0.9 > crowd.rivals()["campaign"]
    assert few.outage("") < 0.1 * crowd.outage("")


def test_new_hands_are_no_campaign_where_the_desks_of_the_operator_are_heard() -> None:
    """They tell a crowd from few, and not whose fault it is: without desks it may be anybody's."""
    said = spoken(care=0.2, complaints=2.0)
    assert said.posts is not None
    crowd, unheard = (Town().lives(40, said=Spoken(care, said.posts._replace(hands=80.0))) for care in (said.care, []))
    assert crowd.rivals()["campaign"] < 0.01
    assert unheard.rivals()["campaign"] > 0.01


def test_complaints_of_customers_and_in_public_are_an_outage_without_any_figure() -> None:
    town = Town().lives(15, said=spoken(care=1.0, complaints=2.0, talk=1.0))
    assert town.outage("") > 0.95
    assert min(town.told[-1].added_milli[group] for group in ("care", "public")) > 1_000


def test_healthy_figures_speak_against_a_rumour() -> None:
    rumour = spoken(complaints=1.0, talk=1.0)
    assert Town().lives(15, 0.99, rumour).outage() < 0.1 * Town().lives(15, said=rumour).outage("")


def test_a_hot_place_cools_when_its_figures_are_healthy_and_its_last_weighing_is_told() -> None:
    town = Town().lives(20, 0.3, spoken(care=1.0, complaints=2.0))
    assert town.outage() > 0.99
    before = len(town.told)
    town.lives(90, 0.99)
    assert town.accounts == {}
    last = town.told[-1]
    assert last.odds_milli < -4_600
    assert last.ended_at > town.told[before].ended_at
    assert last.ended_at < START + town.minute * MINUTE
    told = len(town.told)
    town.lives(30, 0.99)
    assert len(town.told) == told


def test_silence_of_people_alone_does_not_end_an_outage_that_figures_show() -> None:
    town = Town().lives(20, 0.3, spoken(care=1.0, complaints=2.0)).lives(600, 0.3)
    last = town.told[-1]
    assert last.disturbed_milli > 5_000
    assert last.down_at == START + town.minute * MINUTE


def test_when_its_figures_last_spoke_for_it_is_remembered_after_they_are_healthy() -> None:
    town = Town().lives(20, 0.3)
    begun, end = town.told[0].since, START + town.minute * MINUTE
    town.lives(4, 0.99)
    assert town.told[-1].down_at == end
    assert town.told[-1].since == begun == START


def test_a_place_that_was_not_seen_for_a_while_is_taken_up_where_it_was_left() -> None:
    town = Town().lives(20, 0.3, NOBODY)
    before = town.outage()
    town.minute += 30
    town.lives(1, 0.3, NOBODY)
    assert town.outage() == pytest.approx(before, rel=0.1)
    assert town.told[-1].since == START


def test_nothing_is_learnt_where_an_outage_is_likely() -> None:
    town = Town().lives(20, 0.3, NOBODY)
    assert likely_areas(town.accounts, above=0.2) == {KOELN}
    assert not likely_areas(town.accounts, above=1.0), "no probability is greater"
    assert not likely_areas({}, above=0.2)


figures = st.builds(FigureSeen, st.floats(0.0, 1.0), st.just(0.99), st.just(0.005), st.just("down"), st.just("ratio"))
minutes_of_places = st.lists(
    st.lists(st.tuples(st.sampled_from((KOELN, BONN, NW)), st.sampled_from(("", "sms")), figures), max_size=6),
    min_size=1,
    max_size=6,
)


@given(story=minutes_of_places, data=st.data())
def test_the_order_in_which_places_are_seen_does_not_matter(
    story: list[list[tuple[str, str, FigureSeen]]], data: st.DataObject
) -> None:
    one: dict[str, Account] = {}
    other: dict[str, Account] = {}
    for number, rows in enumerate(story):
        distinct = list({(area, service): (area, service, figure) for area, service, figure in rows}.values())
        shuffled = data.draw(st.permutations(distinct))
        assert _step(one, distinct, number) == _step(other, shuffled, number)
    assert one == other


def _step(accounts: dict[str, Account], rows: Sequence[tuple[str, str, FigureSeen]], number: int) -> list[Weighing]:
    seen = Seen()
    for area, service, figure in rows:
        seen.add_figure(area, service, figure)
    services: Callable[[str], Sequence[str]] = lambda _: ("", "sms")  # noqa: E731  a stand-in of one line
    end = START + (number + 1) * MINUTE
    return Keeper("o2", NW, accounts, MINUTE, {}, {}).step(seen, end, asked(USUAL, services))


@given(story=minutes_of_places)
def test_places_do_not_touch_each_other(story: list[list[tuple[str, str, FigureSeen]]]) -> None:
    both: dict[str, Account] = {}
    alone: dict[str, Account] = {}
    for number, rows in enumerate(story):
        told = _step(both, rows, number)
        only = _step(alone, [row for row in rows if row[0] == KOELN], number)
        assert [known for known in told if known.area == KOELN] == only
    assert {name: kept for name, kept in both.items() if name.startswith(KOELN)} == deepcopy(alone)
