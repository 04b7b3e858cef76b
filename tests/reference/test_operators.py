"""Operators, hosts, aliases, customers and holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records.errors import ConfigError
from pipeline.reference.calendars import CALENDARS, holidays, is_holiday
from pipeline.reference.operators import Alias, Market, Operator, Operators

DE = Market(
    id="DE",
    name="Germany",
    languages=("de",),
    time_zone="Europe/Berlin",
    currency="EUR",
    emergency_numbers=("112", "110"),
    holidays="DE",
)


def operator(ident: str, *, hosted_on: str | None = None, market: str = "DE") -> Operator:
    return Operator(id=ident, name=ident.title(), market=market, services=("broadband",), hosted_on=hosted_on)


def test_hosts_are_followed_to_the_owner_of_the_network() -> None:
    rows = [operator("net"), operator("brand", hosted_on="net"), operator("reseller", hosted_on="brand")]
    operators = Operators.from_rows(rows, [DE])
    assert operators.host_of("reseller") == operators.host_of("net") == "net"
    assert operators.hosted_by("net") == ("brand", "reseller")
    assert operators.hosted_by("reseller") == ()
    assert operators.host_of("nobody") is None


def test_who_roams_on_another_network_has_its_own_all_the_same() -> None:
    guest = Operator(id="guest", name="Guest", market="DE", services=(), roams_on="net")
    operators = Operators.from_rows([operator("net"), guest], [DE])
    assert (operators.roams_on("guest"), operators.host_of("guest")) == ("net", "guest")
    assert operators.roams_on("net") is operators.roams_on("nobody") is None
    assert operators.hosted_by("net") == ()


def test_all_mistakes_are_named_at_once() -> None:
    rows = [
        operator("a", hosted_on="b"),
        operator("b", hosted_on="a"),
        operator("c", hosted_on="nobody"),
        operator("d", market="XX"),
        operator("d", market="XX"),
        Operator(id="e", name="E", market="DE", services=(), customers={"FR/IDF": 5}),
        Operator(id="f", name="F", market="DE", services=(), roams_on="nobody"),
        Operator(id="g", name="G", market="DE", services=(), roams_on="g"),
    ]
    with pytest.raises(ConfigError) as caught:
        Operators.from_rows(rows, [DE])
    told = str(caught.value)
    for part in (
        "operator 'd': stated 2 times",
        "'a': hosted_on 'a' leads back",
        "'b': hosted_on 'b' leads back",
        "hosted_on 'nobody'",
        "market 'XX' is not one of DE",
        "customers in 'FR/IDF'",
        "'f': roams_on 'nobody' is not the id of another operator",
        "'g': roams_on 'g' is not",
    ):
        assert part in told


def test_customers_add_up_the_tree_and_unknown_is_not_zero() -> None:
    row = Operator(
        id="net",
        name="Net",
        market="DE",
        services=("broadband", "tv"),
        customers={"DE/NW/koeln": 268_000, "DE/NW/bonn": {"total": 62_000, "tv": 9_000}},
    )
    assert row.customers_in("DE/NW") == row.customers_in("DE") == 330_000
    assert row.customers_in("DE/NW", "tv") == 277_000
    assert row.customers_in("DE/NW/bonn", "broadband") == 62_000
    assert row.customers_in("DE/NW/koeln/porz") is None
    assert row.customers_in("DE/BY") is None


def test_aliases_say_what_they_need() -> None:
    aliases = (
        Alias(text="@Orange_France"),
        Alias(text="#OrangeDown"),
        Alias(text="#Orange"),
        Alias(text="Livebox"),
        Alias(text="Orange", needs="capital"),
    )
    row = Operator(id="orange", name="Orange", market="DE", services=(), aliases=aliases)
    found = list(Operators.from_rows([row], [DE]).aliases())
    assert [alias.kind for alias in found] == ["handle", "name", "name", "ambiguous"]
    assert [alias.folded for alias in found] == ["@orange_france", "orangedown", "livebox", "orange"]


def test_time_zone_and_team_fall_back() -> None:
    row = Operator(id="a", name="A", market="DE", services=(), teams={"unknown": "desk", "content": "rights"})
    operators = Operators.from_rows([row], [DE])
    assert operators.time_zone("a") == "Europe/Berlin"
    assert operators.team_for("a", "content") == "rights"
    assert operators.team_for("a", "technical") == "desk"
    assert operators.team_for("nobody", "technical") is None


@pytest.mark.parametrize(
    ("calendar", "day", "free"),
    [
        pytest.param("DE", date(2025, 4, 18), True, id="good_friday"),
        pytest.param("DE/NW", date(2025, 2, 12), False, id="the_day_of_netcolognes_outage"),
        pytest.param("DE", date(2017, 10, 31), True, id="reformation_once_in_all_of_germany"),
        pytest.param("FR", date(2012, 7, 6), False, id="the_day_of_oranges_outage"),
        pytest.param("FR", date(2026, 5, 25), True, id="whit_monday_in_france"),
        pytest.param("GB/ENG", date(2022, 12, 27), True, id="substitute_for_christmas_on_a_sunday"),
        pytest.param("GB/ENG", date(2021, 12, 28), True, id="two_substitutes_in_a_row"),
        pytest.param("GB/ENG", date(2022, 6, 2), True, id="spring_holiday_moved_to_the_jubilee"),
        pytest.param("GB/ENG", date(2022, 5, 30), False, id="and_not_on_its_usual_day"),
        pytest.param("US", date(2021, 12, 31), True, id="new_year_observed_in_the_old_year"),
        pytest.param("US", date(2026, 7, 3), True, id="independence_day_observed_on_friday"),
        pytest.param("US", date(2026, 11, 26), True, id="thanksgiving"),
        pytest.param("US", date(2020, 6, 19), False, id="juneteenth_before_the_law"),
    ],
)
def test_public_holidays(calendar: str, day: date, *, free: bool) -> None:
    assert is_holiday(calendar, day) is free


@given(st.sampled_from(sorted(CALENDARS)), st.integers(1995, 2100))
def test_holidays_lie_in_their_year_and_in_order(calendar: str, year: int) -> None:
    days = list(holidays(calendar, year))
    assert days == sorted(days)
    assert all(day.year == year for day in days)
    assert 8 <= len(days) <= 13
    assert not is_holiday(calendar, date(year, 3, 1) + timedelta(3))


def test_years_outside_of_the_rules_are_refused() -> None:
    with pytest.raises(ValueError, match="1994"):
        holidays("DE", 1994)
