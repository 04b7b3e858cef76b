"""Who is owed what: by law, by a code, by goodwill; each an interval, from customers, days and tariffs."""

from typing import Any, Final

import pytest
from msgspec.structs import replace

from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.reference.profiles import load_schemes
from pipeline.records.clocks import HOUR_MS, Instant, parse_instant
from pipeline.records.errors import ConfigError
from pipeline.records.published.followups import CompensationEstimate
from pipeline.records.published.incident_parts import AreaShare, TimeInterval
from pipeline.records.published.incidents import Incident
from pipeline.reference.compensation import CompensationScheme, CompensationSegment, CompensationStep, schemes_of
from pipeline.respond.followups.compensation import estimate_compensation
from pipeline.respond.followups.days import OutageSpan, paid_days
from pipeline.respond.remembered.followups import ImpactMemory
from pipeline.respond.remembered.impact import take_in
from tests.respond.followups.made import CONFIRMED, customers

SCHEMES: Final = {scheme.rule: scheme for scheme in load_schemes(reference_folder() / "profiles" / "compensation.toml")}
GIFTS: Final = {scheme.rule: scheme for scheme in load_schemes(reference_folder() / "examples" / "compensation.toml")}
MILLION: Final = 1_000_000


def moment(text: str) -> int:
    return parse_instant(f"{text}:00Z")


def outage(begin: str, end: str, **facts: Any) -> Incident:
    began, ended = Instant(moment(begin)), Instant(moment(end))
    exactly = {
        "started_between": TimeInterval(earliest=began, latest=began),
        "ended_between": TimeInterval(earliest=ended, latest=ended),
    }
    given = {
        "started_at": began,
        "ended_at": ended,
        "areas": (),
        "nature": "technical",
        "services": ("broadband",),
        **exactly,
        **facts,
    }
    return replace(CONFIRMED, **given)


def estimated(scheme: CompensationScheme, incident: Incident) -> CompensationEstimate | None:
    memory = ImpactMemory()
    take_in(memory, incident, int(incident.started_at or 0))
    return estimate_compensation(scheme, incident, memory)


@pytest.mark.parametrize(
    ("rule", "begin", "end", "days"),
    [
        pytest.param("de_tkg_58", "2025-02-12T08:00", "2025-02-14T22:59", (0, 0), id="de_two_days_are_free"),
        pytest.param("de_tkg_58", "2025-02-12T08:00", "2025-02-15T12:00", (0, 1), id="de_part_of_the_third_day"),
        pytest.param("de_tkg_58", "2025-02-12T08:00", "2025-02-15T23:00", (1, 1), id="de_all_of_the_third_day"),
        pytest.param("de_tkg_58", "2025-02-12T08:00", "2025-02-18T23:00", (4, 4), id="de_days_three_to_six"),
        pytest.param("gb_automatic", "2025-02-12T08:00", "2025-02-14T23:59", (0, 0), id="gb_two_working_days"),
        pytest.param("gb_automatic", "2025-02-14T08:00", "2025-02-18T23:59", (0, 0), id="gb_a_weekend_between"),
        pytest.param("gb_automatic", "2025-04-17T08:00", "2025-04-22T22:59", (0, 0), id="gb_easter_between"),
        pytest.param("gb_automatic", "2025-02-12T08:00", "2025-02-17T00:00", (2, 2), id="gb_saturday_and_sunday_pay"),
        pytest.param("au_csg", "2025-02-12T08:00", "2025-02-17T23:59", (1, 2), id="au_working_days_pay"),
        pytest.param("fr_day_credit", "2012-07-06T13:10", "2012-07-07T01:20", (1, 2), id="fr_two_dates_were_touched"),
        pytest.param("fr_day_credit", "2012-07-06T13:10", "2012-07-06T16:10", (0, 0), id="fr_three_hours_are_short"),
    ],
)
def test_which_days_are_paid(rule: str, begin: str, end: str, days: tuple[int, int]) -> None:
    zone = {"de": "Europe/Berlin", "gb": "Europe/London", "au": "UTC", "fr": "Europe/Paris"}[rule[:2]]
    span = OutageSpan(moment(begin), moment(begin), moment(end), moment(end))
    assert paid_days(SCHEMES[rule], span, zone) == days


def test_a_first_guess_of_an_area_gives_way_to_a_number_that_is_likely() -> None:
    memory, vague, likely = ImpactMemory(), customers(0, 6_000_000), customers(300_000, 1_200_000, 600_000)
    for numbers in (vague, likely, vague):
        share = AreaShare(area="DE/NW/koeln", customers_affected=numbers)
        take_in(memory, outage("2025-02-12T08:00", "2025-02-12T16:00", areas=(share,)), 0)
    area = memory.areas["DE/NW/koeln"]
    assert (area.low, area.middle, area.high) == (300_000, 600_000, 1_200_000)


@pytest.mark.parametrize(("extent", "most"), [("not_geographic", 8 * MILLION), ("localised", 900_000)])
def test_of_a_nation_all_are_paid_and_not_the_towns_that_are_named(extent: str, most: int) -> None:
    towns = tuple(AreaShare(area=f"GB/ENG/{name}", customers_affected=customers(100_000, 300_000, 200_000))
                  for name in ("leeds", "london", "bristol"))  # fmt: skip
    everybody = customers(6 * MILLION, 8 * MILLION, 7 * MILLION)
    incident = outage("2012-07-11T12:30", "2012-07-12T13:00", market="GB", services=("mobile_voice",), areas=towns,
                      extent=extent, customers_affected=everybody)  # fmt: skip
    estimate = estimated(GIFTS["o2_2012"], incident)
    assert estimate is not None
    assert estimate.segments[0].customers.high == most * 700_000 // MILLION


def test_a_start_and_an_end_that_are_known_roughly_widen_the_days() -> None:
    early, late = moment("2025-02-12T08:00"), moment("2025-02-15T23:00")
    span = OutageSpan(early - 24 * HOUR_MS, early, late, late + HOUR_MS)
    assert paid_days(SCHEMES["de_tkg_58"], span, "Europe/Berlin") == (1, 3)


def test_german_law_takes_the_higher_of_amount_and_part_of_the_fee() -> None:
    """Days 3 and 4 bring EUR 5 or 10 %, from day 5 EUR 10 or 20 %; fees from 20 to 50 a month."""
    incident = outage("2025-02-12T08:00", "2025-02-18T23:00", customers_affected=customers(1_000, 1_000))
    estimate = estimated(SCHEMES["de_tkg_58"], incident)
    assert estimate is not None
    each = estimate.amount_minor_per_customer
    assert (each.low, each.high) == (2 * 500 + 2 * 1_000, 2 * 500 + 2 * 1_000)
    assert (estimate.customers.low, estimate.customers.high) == (800, 950)
    assert (estimate.amount_minor.low, estimate.amount_minor.high) == (800 * 3_000, 950 * 3_000)
    dear = replace(
        SCHEMES["de_tkg_58"],
        segments=(CompensationSegment(id="dear", share_ppm=(MILLION, MILLION), monthly_fee_minor=(8_000, 8_000)),),
    )
    estimate = estimated(dear, incident)
    assert estimate is not None
    assert estimate.amount_minor.low == estimate.amount_minor.high == 1_000 * (2 * 800 + 2 * 1_600)


def test_british_compensation_is_paid_for_broadband_and_not_for_mobiles() -> None:
    facts = {"market": "GB", "time_zone": "Europe/London", "customers_affected": customers(500, 2_000)}
    fixed = outage("2025-02-12T08:00", "2025-02-17T00:00", services=("broadband",), **facts)
    estimate = estimated(SCHEMES["gb_automatic"], fixed)
    assert estimate is not None
    assert (estimate.amount_minor_per_customer.low, estimate.amount_minor_per_customer.high) == (2 * 976, 2 * 976)
    assert (estimate.amount_minor.low, estimate.amount_minor.high) == (400 * 1_952, 1_900 * 1_952)
    assert "Mobile services." in estimate.not_covered
    assert estimated(SCHEMES["gb_automatic"], replace(fixed, services=("mobile_data",))) is None


def test_who_may_be_exempt_may_owe_nothing_and_a_storm_is_force_majeure() -> None:
    facts = {"market": "AU", "time_zone": "UTC", "services": ("fixed_voice",), "customers_affected": customers(9, 9)}
    estimate = estimated(SCHEMES["au_csg"], outage("2025-02-12T08:00", "2025-02-21T00:00", **facts))
    assert estimate is not None
    assert (estimate.amount_minor.low, estimate.amount_minor_per_customer.high) == (0, 5 * 1_452)
    storm = outage("2025-02-12T08:00", "2025-02-18T23:00", customers_affected=customers(9, 9), nature="external")
    estimate = estimated(SCHEMES["de_tkg_58"], storm)
    assert estimate is not None
    assert (estimate.amount_minor.low, estimate.customers.low) == (0, 0)


def test_a_town_that_was_back_at_noon_is_not_paid_for_the_night() -> None:
    areas = (
        AreaShare(area="DE/NW/koeln", customers_affected=customers(1_000, 1_000)),
        AreaShare(
            area="DE/NW/bonn", customers_affected=customers(500, 500), back_at=Instant(moment("2025-02-13T12:00"))
        ),
        AreaShare(area="DE/NW", customers_affected=customers(1_500, 1_500)),
    )
    incident = outage("2025-02-12T08:00", "2025-02-15T23:00", areas=areas, customers_affected=customers(1_500, 1_500))
    estimate = estimated(SCHEMES["de_tkg_58"], incident)
    assert estimate is not None
    assert estimate.customers.high == 950, "Köln alone, counted once"


def test_oranges_free_day_of_2012_was_worth_tens_of_millions() -> None:
    """26 to 28 million customers from 15:10 to 03:20; a free day, 1 GB or SMS, and a cinema ticket that few fetch."""
    facts = {"market": "FR", "time_zone": "Europe/Paris", "services": ("mobile_voice", "mobile_data", "sms")}
    incident = outage(
        "2012-07-06T13:10", "2012-07-07T01:20", customers_affected=customers(26 * MILLION, 28 * MILLION), **facts
    )
    estimate = estimated(GIFTS["orange_2012"], incident)
    assert estimate is not None
    euros = (estimate.amount_minor.low // 100, estimate.amount_minor.high // 100)
    assert 10 * MILLION <= euros[0] < euros[1] < 100 * MILLION, "tens of millions, as the press said"
    assert [part.segment for part in estimate.segments] == ["monthly-tariff", "unlimited-tariff", "prepaid"]
    assert estimate.kind == "goodwill"


def test_o2s_ten_percent_of_july_goes_to_a_third_and_the_voucher_to_all() -> None:
    facts = {"market": "GB", "time_zone": "Europe/London", "services": ("mobile_voice", "mobile_data", "sms")}
    third = customers(7 * MILLION, 8 * MILLION)
    incident = outage("2012-07-11T12:30", "2012-07-12T12:30", customers_affected=third, **facts)
    estimate = estimated(GIFTS["o2_2012"], incident)
    assert estimate is not None
    (hit,) = estimate.segments
    assert (hit.amount_minor_per_customer.low, hit.amount_minor_per_customer.high) == (150, 350)
    assert (hit.amount_minor.low, hit.amount_minor.high) == (3_500_000 * 150, 5_600_000 * 350)
    assert estimate.customers.high == 23 * MILLION
    assert estimate.amount_minor.high == hit.amount_minor.high + 23 * MILLION * 1_000
    assert estimate.amount_minor.low == hit.amount_minor.low, "a voucher counts as far as it is used"


def test_whom_nobody_counted_nothing_is_estimated() -> None:
    incident = outage("2025-02-12T08:00", "2025-02-18T23:00", customers_affected=None)
    assert estimated(SCHEMES["de_tkg_58"], incident) is None


def test_rows_that_contradict_themselves_are_refused_all_at_once() -> None:
    row = CompensationScheme(
        rule="r",
        market="DE",
        kind="owed",
        currency="EUR",
        source="s",
        paid_in="working",
        steps=(CompensationStep(from_day=3), CompensationStep(from_day=1)),
        segments=(CompensationSegment(id="all", share_ppm=(2, 1), monthly_fee_minor=(0, 0)),),
    )
    with pytest.raises(ConfigError) as refused:
        schemes_of([row, row])
    told = str(refused.value)
    for words in ("stated twice", "must rise", "calendar", "the least comes first"):
        assert words in told
