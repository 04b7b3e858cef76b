"""Belief: what the account says, and how it is told by a table of what came true."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.reference.belief import load_belief, read_belief
from pipeline.adapters.reference.folder import reference_folder
from pipeline.correlate.config import ConfirmConfig
from pipeline.records.errors import ConfigError
from pipeline.reference.belief import AS_SAID, OTHER, BeliefTable, belief_of

BENT = BeliefTable(told=((-2_000, -1_500), (0, 100), (2_000, 3_000)))
ODDS = st.integers(-15_000, 15_000)


@given(low=ODDS, high=ODDS)
def test_who_is_surer_is_never_told_to_be_less_sure(low: int, high: int) -> None:
    low, high = sorted((low, high))
    assert BENT.told_milli(low) <= BENT.told_milli(high)


@given(said=ODDS)
def test_what_was_said_is_found_again_from_what_was_told(said: int) -> None:
    assert abs(BENT.said_milli(BENT.told_milli(said)) - said) <= 2


@given(said=ODDS)
def test_without_a_table_what_is_said_is_told(said: int) -> None:
    assert AS_SAID.told_milli(said) == said


def test_a_service_without_a_row_is_one_of_the_others() -> None:
    table = BeliefTable(false_incidents={"tv": 0.01, OTHER: 0.2})
    assert (table.false_incidents_of("tv"), table.false_incidents_of("sms")) == (0.01, 0.2)


def test_all_mistakes_of_a_table_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        belief_of([(0, 0), (1, 0), (99_999, 1)], {"fax": 0.1, "tv": 0.0})
    told = str(caught.value).splitlines()
    assert [line.partition(":")[0].partition(" =")[0] for line in told] == [
        "told [99999, 1]",
        "told [1, 0]",
        "false_incidents_per_month.fax",
        "false_incidents_per_month.tv",
        "false_incidents_per_month",
    ]


def test_the_table_that_comes_with_the_program_rises_and_knows_every_service() -> None:
    table = load_belief(reference_folder())
    told = [table.told_milli(said) for said in range(-12_000, 20_000, 100)]
    assert all(low < high for low, high in pairwise(told))
    assert {"broadband", "emergency", "tv", OTHER} <= table.false_incidents.keys()


def test_a_broken_table_is_named_by_its_file(tmp_path: Path) -> None:
    path = tmp_path / "belief.toml"
    path.write_text("told = [[0, 0]]\n[false_incidents_per_month]\ntv = 0.1\n")
    with pytest.raises(ConfigError) as caught:
        read_belief(path)
    assert [line.startswith(f"{path}: ") for line in str(caught.value).splitlines()] == [True, True]


def test_who_states_what_he_accepts_needs_to_know_what_is_to_be_expected(tmp_path: Path) -> None:
    assert load_belief(tmp_path, ConfirmConfig()) == AS_SAID
    with pytest.raises(ConfigError, match="false_incidents_per_month: needs"):
        load_belief(tmp_path, ConfirmConfig(false_incidents_per_month={"tv": 0.01}))
