"""A fixed number of mutated inputs goes through every door; `make fuzz` sends more."""

from pathlib import Path

import pytest

from tests.fuzz.doors import doors
from tests.fuzz.run import fault_of, input_of

INPUTS = 60
SEED = 1
DOORS = doors()


@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_door_answers_mutated_inputs_with_its_own_errors_only(name: str, tmp_path: Path) -> None:
    for number in range(INPUTS):
        fault = fault_of(DOORS[name], tmp_path, input_of(DOORS[name], name, SEED, number))
        assert fault is None, f"{fault}: python -m tests.fuzz --seed {SEED} --door {name} --input {number}"


@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_door_takes_the_inputs_that_the_mutations_start_from(name: str, tmp_path: Path) -> None:
    assert DOORS[name].seeds
    DOORS[name].send(tmp_path, DOORS[name].seeds[0])
