"""Traits: a text is not searched only where a search would have found nothing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.text.alarm.dialled import Dialled
from pipeline.ingest.text.alarm.emergency import AlarmReader
from pipeline.ingest.text.folding import Folder
from pipeline.ingest.text.loops.walking import Word
from pipeline.ingest.text.odds.summing import WordWeights
from pipeline.ingest.text.operators.who import OperatorReader
from pipeline.ingest.text.traits import (
    OPERATOR,
    are_whole,
    halves_of,
    telling_part,
    telling_parts,
    telling_word,
)
from pipeline.ingest.text.where import PlaceReader
from pipeline.reference.dialling import Diallings
from pipeline.reference.places import PlaceName
from pipeline.reference.words import Lexicon
from tests.ingest.text.conftest import ALIASES, MARKETS, PLACES

FOLDER = Folder({}, (), ())
POSTS = Path(__file__).parent / "posts"
EVERY_MARKET = [None, *(market.id for market in MARKETS)]


def posts() -> Iterator[tuple[str, str]]:
    for path in sorted(POSTS.glob("??.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)["text"], path.stem


@pytest.fixture(scope="module")
def operators(lexicon: Lexicon) -> OperatorReader:
    return OperatorReader(ALIASES, {code: words.brands for code, words in lexicon.languages.items()})


@pytest.fixture(scope="module")
def places(lexicon: Lexicon) -> PlaceReader:
    cues = {code: words.places for code, words in lexicon.languages.items()}
    return PlaceReader((PlaceName(*row) for row in PLACES), cues, (), {})


def test_a_text_whose_words_tell_no_operator_names_none(operators: OperatorReader) -> None:
    for text, code in posts():
        folded = FOLDER.fold(text)
        traits = 0
        for word in folded.tokens:
            traits |= OPERATOR if word in operators.telling else 0
        for market in EVERY_MARKET:
            assert operators.read(folded, code, market, traits) == operators.read(folded, code, market), text


def test_a_text_whose_words_tell_no_place_of_a_market_names_none(places: PlaceReader) -> None:
    searched = found = 0
    for text, code in posts():
        folded = FOLDER.fold(text)
        traits = 0
        for word in folded.tokens:
            traits |= places.telling.get(word, 0)
        for market in EVERY_MARKET:
            area, _ = places.find(folded, code, market)
            may_name = bool(folded.hashtags) or places.may_name(traits, market)
            assert may_name or area is None, text
            searched, found = searched + may_name, found + (area is not None)
    assert found <= searched < len(list(posts())) * len(EVERY_MARKET) // 2  # one that searches each must fail


def test_a_text_whose_words_tell_no_emergency_is_no_claim(lexicon: Lexicon) -> None:
    numbers_of = Diallings(MARKETS, lexicon.common.dialling)
    dialled = Dialled(numbers_of, {code: words.alarm.spoken for code, words in lexicon.languages.items()})
    readers = {code: AlarmReader(words.alarm) for code, words in lexicon.languages.items()}
    pairs = {code: dialled.telling(code, {}) for code in readers}
    read = told = 0
    for text, code in posts():
        folded = FOLDER.fold(text)
        halves, traits = halves_of(pairs[code]), WordWeights({})

        def tell(word: Word, halves: dict[str, int] = halves, reader: AlarmReader = readers[code]) -> None:
            word.halves = halves.get(word.text, 0)
            reader.tell(word)

        traits.ask(tell)
        words = traits.sum(folded.tokens)
        for market in EVERY_MARKET:
            assert are_whole(words.halves) or dialled.marked(folded, code, market) == folded.words, text
        for complains in (False, True):
            is_about = readers[code].is_about(folded.words, complains=complains)
            assert readers[code].may_claim(words, complains=complains) or not is_about, text
            read, told = read + is_about, told + readers[code].may_claim(words, complains=complains)
    assert 0 < read <= told < len(list(posts()))  # of twice as many questions: one that reads each text must fail


WORDS = st.lists(st.sampled_from(["a", "ab", "112", "1", ".", "&", "abc"]), min_size=1, max_size=4)


@given(words=WORDS, often=st.dictionaries(st.sampled_from(["a", "ab", "1"]), st.integers(1, 3)))
def test_the_word_that_tells_a_phrase_is_one_of_its_words(words: list[str], often: dict[str, int]) -> None:
    assert telling_word(" ".join(words), often) in words


@given(before=WORDS, words=WORDS, after=WORDS, cut=st.integers(0, 2), open_end=st.booleans())
def test_a_text_with_a_stem_has_a_word_with_its_telling_part(
    before: list[str], words: list[str], after: list[str], cut: int, *, open_end: bool
) -> None:
    text = f" {' '.join([*before, *words, *after])} "
    stem = " ".join(words)[cut:] + ("" if open_end else " ")
    if stem.strip() and stem in text:
        assert any(telling_part(stem, {}) in f" {word} " for word in text.split())
        for part in telling_parts(stem, {}):
            assert any(part in f" {word} " for word in text.split())


@given(pairs=st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=1), chosen=st.integers(0))
def test_a_text_with_both_parts_of_a_phrase_has_a_whole(pairs: list[tuple[int, int]], chosen: int) -> None:
    halves = halves_of((str(first), str(then)) for first, then in pairs)
    first, then = pairs[chosen % len(pairs)]
    assert are_whole(halves[str(first)] | halves[str(then)])
    assert max(halves.values()) < 1 << 62  # a word keeps them in 64 bits with a sign
