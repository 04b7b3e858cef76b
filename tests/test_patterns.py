"""No regular expression of ours can be made slow by whoever writes what it reads, operators' files included."""

import importlib
import re
from pathlib import Path
from typing import Final

import pytest

from tests.patterns import CODE, Pattern, faults, patterns_of

ROOT = Path(__file__).parents[1]
PATTERNS = [pattern for path in sorted((ROOT / "pipeline").rglob("*.py")) for pattern in patterns_of(path, ROOT)]

BOUNDED: Final = {
    "pipeline/adapters/recordings/reader.py": "the name of a file: 255 bytes",
    "pipeline/ingest/text/official/cues.py": "phrases of our lexicon, whose `*` ends with its word",
    "pipeline/ingest/text/official/phrases.py": "what `LatePattern` is given, looked at where it is made",
    "pipeline/ingest/text/told/since.py": "words of our lexicon, three blanks at most between two; no other repeat",
    "pipeline/simulate/world/speakers.py": "names from our own worlds; no repeat in it",
}
"""Files with a pattern that is put together at run time or is not linear, and what bounds it."""


def where(pattern: Pattern) -> str:
    return pattern.place.rpartition(":")[0]


def compiled(place: str) -> list[re.Pattern[str]]:
    """The patterns that a module holds, put together."""
    module = importlib.import_module(place.removesuffix(".py").replace("/", "."))
    return [value for value in vars(module).values() if isinstance(value, re.Pattern)]


@pytest.mark.parametrize("pattern", PATTERNS, ids=[pattern.place for pattern in PATTERNS])
def test_every_pattern_is_linear_by_construction(pattern: Pattern) -> None:
    if where(pattern) in BOUNDED:
        return
    if not pattern.text.startswith(CODE):
        assert faults(pattern) == []
        return
    built = compiled(where(pattern))
    assert built, "a pattern that is put together must be a constant of its module, so that it can be looked at"
    for found in built:
        assert faults(Pattern(pattern.place, found.pattern, found.flags, anchored=False)) == []


def test_what_is_bounded_otherwise_is_still_there() -> None:
    assert set(BOUNDED) <= {where(pattern) for pattern in PATTERNS}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(r"\S+@\S+\.\S+", id="mail_address_by_any_signs"),
        pytest.param(r"\d[\d /()-]*\d", id="number_with_signs_inside"),
        pytest.param(r"\s*[;|,]\s*", id="spaces_around_a_sign"),
        pytest.param(r"^(.+?) (?:am|im) .+$", id="lazy_then_anything"),
        pytest.param(r"(a|aa)+b", id="repeat_of_ways"),
        pytest.param(r"(?:\w+ ?)+:", id="repeat_of_a_repeat"),
    ],
)
def test_a_pattern_that_can_be_made_slow_is_known(text: str) -> None:
    assert faults(Pattern("", text, 0, anchored=False))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(r"https?://\S+", id="run_at_the_end"),
        pytest.param(r"\{([^{}]*)\}", id="run_between_signs"),
        pytest.param(r"(?<![\w.])[\w.]++@", id="run_with_its_start_and_end_held"),
        pytest.param(r"\d{1,4}-\d{1,4}", id="repeats_with_a_limit"),
    ],
)
def test_a_linear_pattern_is_known(text: str) -> None:
    assert faults(Pattern("", text, 0, anchored=False)) == []
