"""However long and strange a text is, the work for it grows with its length: calls are counted, nothing is timed."""

import random
import sys
from collections.abc import Callable
from functools import partial

import pytest

from benchmarks.hostile import MARKETS, Hostile, hostile_texts, tables_of
from pipeline.ingest.claims import numbers_in
from pipeline.ingest.text.masking import masked
from pipeline.ingest.text.understand import TextRules
from pipeline.reference.words import Lexicon
from tests.ingest.text.conftest import ALIASES, PLACES

SHORT, LONG, LONGER = 1_200, 4_800, 7_200
GROWTH_MAX = 1.1
"""Exponent of work against length; 1 is linear."""
CALLS_MIN = 400
"""Work that may be constant: below it growth means nothing."""
SHARE = 12
"""One of so many hostile texts is tried in a run of the tests; the benchmark tries all."""


def calls_of(work: Callable[[], object]) -> int:
    """How many functions, ours and built in, are called."""
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


def read(rules: TextRules, text: str, lang: str | None) -> None:
    """All that INGEST does with the text of a post."""
    rules.understand(text, lang=lang, market=MARKETS.get(lang or ""))
    masked(text)
    numbers_in(text, ("112", "110", "15"))


def grows_too_fast(rules: TextRules, hostile: Hostile) -> bool:
    """Is the work for a text more than that of its dearest part lets expect, and that for a longer one more again?

    Some parts are poor and ask for less, and a question may be asked of the whole alone; of a longer text it is, too.
    """
    text = hostile.text(LONG)
    parts = [text[begin : begin + SHORT] for begin in range(0, LONG, SHORT)]
    *short, long, longer = (
        calls_of(partial(read, rules, part, hostile.lang)) for part in (*parts, text, hostile.text(LONGER))
    )
    return long > _allowed(max(short), LONG / SHORT) and longer > _allowed(long, LONGER / LONG)


def _allowed(calls: int, times: float) -> float:
    """Calls for a text that is so many times as long as one that took some."""
    return times * (calls + CALLS_MIN) * float(times ** (GROWTH_MAX - 1))


@pytest.fixture(scope="module")
def texts(lexicon: Lexicon) -> list[Hostile]:
    tables = tables_of(lexicon, [alias.text for alias in ALIASES], [row[0] for row in PLACES])
    return list(hostile_texts(tables, seed=1))


def test_work_grows_with_the_length_of_a_text_and_no_faster(rules: TextRules, texts: list[Hostile]) -> None:
    rules.prepare()
    chosen = random.Random(1).sample(texts, len(texts) // SHARE)
    assert [hostile for hostile in chosen if grows_too_fast(rules, hostile)] == []


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param("o2! ", id="brands_that_are_ordinary_words"),
        pytest.param("Newport, Köln, ", id="towns_with_namesakes"),
        pytest.param("@", id="signs_of_addresses"),
        pytest.param("1-", id="signs_of_numbers"),
        pytest.param("#a", id="hashtags"),
        pytest.param("no 4g down ", id="things_and_faults"),
        pytest.param("112 ", id="emergency_numbers"),
    ],
)
@pytest.mark.parametrize("lang", ["de", "en", "fr", None])
def test_work_for_what_could_be_compared_each_with_each_is_linear(
    rules: TextRules, unit: str, lang: str | None
) -> None:
    assert not grows_too_fast(rules, Hostile("chosen", lang, unit))


def test_work_that_is_quadratic_is_noticed(rules: TextRules) -> None:
    class Quadratic:
        """Reads the whole text anew for each word."""

        def understand(self, text: str, **_hints: str | None) -> None:
            for _ in text.split():
                for word in text.split():
                    word.lower()

    assert grows_too_fast(Quadratic(), Hostile("chosen", "en", "o2! "))  # type: ignore[arg-type]  # stands in for rules
    assert not grows_too_fast(rules, Hostile("chosen", "en", "o2! "))


@pytest.mark.parametrize("entity", ["&#{}", "&#{};", "&#x{}", "&#0{}"])
@pytest.mark.parametrize("digits", [9, 4_301, 7_000])
def test_a_character_reference_of_any_length_is_only_text(rules: TextRules, entity: str, digits: int) -> None:
    understood = rules.understand("no signal " + entity.format("9" * digits), lang="en")
    assert understood.relevant
