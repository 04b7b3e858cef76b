"""Profiles of how people are told: which one holds, which pace counts, and what a rule asks."""

from typing import Any

import msgspec
import pytest

from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.reference.profiles import load_communication
from pipeline.records.errors import ConfigError
from pipeline.reference.communication import (
    DEFAULT_PROFILE,
    CommunicationProfile,
    Pace,
    pace_of,
    profile_for,
    profiles_of,
)


def profile(name: str = "p", **fields: Any) -> CommunicationProfile:
    return msgspec.convert({"profile": name, "source": "made up", **fields}, CommunicationProfile)


def test_the_profiles_that_come_along_name_their_source_and_cover_five_countries() -> None:
    profiles = load_communication(reference_folder())
    assert {market for row in profiles for market in row.markets} == {"AU", "DE", "FR", "GB", "US"}
    assert all(row.source for row in profiles)


def test_a_market_that_no_profile_names_has_the_one_that_names_none_else_the_default() -> None:
    german, others = profile("de", markets=["DE"]), profile("others")
    assert profile_for("DE", (others, german)) == german
    assert profile_for("AT", (others, german)) == others
    assert profile_for("AT", (german,)) == DEFAULT_PROFILE


def test_the_first_pace_that_holds_counts() -> None:
    paces = (Pace(minutes=30, audiences=("authorities",)), Pace(minutes=90))
    assert pace_of(paces, "authorities", "minor") == 30
    assert pace_of(paces, "customers", "minor") == 90


def test_who_must_be_told_of_a_failing_emergency_number_in_the_us_is_told_in_half_an_hour() -> None:
    american = profile_for("US", load_communication(reference_folder()))
    assert pace_of(american.first_word, "authorities", "critical") == 30
    assert pace_of(american.first_word, "customers", "critical") == 10


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        pytest.param((profile(), profile(markets=["DE"])), "stated twice", id="one_name_twice"),
        pytest.param((profile("a", markets=["DE"]), profile("b", markets=["DE"])), "market DE", id="one_market_twice"),
        pytest.param((profile("a"), profile("b")), "all other markets", id="two_for_all_others"),
        pytest.param((profile(cadence=[]),), "last pace", id="no_pace"),
        pytest.param(
            (profile(cadence=[{"minutes": 60, "audiences": ["press"]}]),), "last pace", id="some_without_a_pace"
        ),
        pytest.param(
            (profile(first_word=[{"minutes": 60}, {"minutes": 30}]),), "pace 1 holds for all", id="a_pace_in_vain"
        ),
        pytest.param((profile(planned_ahead=[]),), "must hold for every audience", id="nobody_is_told_of_work"),
        pytest.param(
            (profile(planned_ahead=[{"minutes": 90}, {"minutes": 60}]),), "row 1 holds for all", id="a_row_in_vain"
        ),
        pytest.param((profile(grade_minutes=[30, 15, 60, 90]),), "must rise", id="grades_that_fall"),
        pytest.param(
            (profile(asked=[{"minutes": 30, "audiences": ["customers"]}]),), "asks for 30", id="slower_than_the_rule"
        ),
    ],
)
def test_profiles_that_cannot_be_meant_are_refused(rows: tuple[CommunicationProfile, ...], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        profiles_of(rows)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        profiles_of((profile("a", cadence=[]), profile("b", grade_minutes=[9, 8, 7, 6])))
    told = str(refused.value)
    assert [part for part in ("profile 'a'", "profile 'b'", "all other markets") if part not in told] == []
