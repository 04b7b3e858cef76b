"""The map is what runs: whoever deletes or swaps a row of it hears of it by the dozen, not from one lonely test.

A map that is decoration can be wrong for years. So each row is broken in turn,
and of a fixed handful of test files at least twelve tests must fail.
"""

import re
from itertools import product
from typing import Final

import pytest

from tests.golden.stories import TOPICS
from tests.mutants.breaking import ROOT
from tests.mutants.fears import MAP_FEARS, Fear
from tests.mutants.test_mutants import A_TEST_FAILED, ALL_PASSED, run

DOZEN: Final = 12
TOLD: Final = tuple(product(("outage", "orders"), TOPICS))
WITNESSES: Final = (
    "tests/test_flow.py",
    "tests/adapters/codecs/test_outputs.py",
    "tests/adapters/codecs/test_raw.py",
    "tests/adapters/memory/test_folder.py",
    "tests/adapters/settings",
    "tests/adapters/test_snapshots.py",
    "tests/schemas/test_examples.py",
    *(f"tests/golden/test_golden.py::test_story_gives_the_same_bytes[{story}-{topic}]" for story, topic in TOLD),
)
"""Tests that lean on the map; all of them take two seconds."""


def test_the_witnesses_pass_on_the_map_as_it_is() -> None:
    passed = run(WITNESSES, first_only=False)
    assert passed.returncode == ALL_PASSED, passed.stdout


@pytest.mark.parametrize("fear", MAP_FEARS, ids=lambda fear: fear.name)
def test_a_broken_row_fails_tests_by_the_dozen(fear: Fear) -> None:
    fear.broken((ROOT / fear.file).read_text("utf-8"))
    told = run(WITNESSES, fear.name, first_only=False)
    failed = sum(int(count) for count in re.findall(r"(\d+) (?:failed|error)", told.stdout.splitlines()[-1]))
    assert told.returncode == A_TEST_FAILED, f"{fear.why}\n{told.stdout}{told.stderr}"
    assert failed >= DOZEN, f"{failed} tests noticed: {fear.why}\n{told.stdout[-3_000:]}"
