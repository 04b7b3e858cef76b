"""What a whole sentence means: numbers that every machine agrees on, near for what says the same."""

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.adapters import encoder as shipped
from pipeline.adapters.encoder import read_encoder
from pipeline.ingest.text.meaning.asking import Meaning
from pipeline.ingest.text.meaning.encoder import PIECES_MAX, SentenceEncoder
from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.meaning_weights import (
    SIZE,
    UNIT,
    MeaningWeights,
    meaning_weights_written,
    parse_meaning_weights,
)

ANSWERS = ("claim",)

SENTENCES = (
    "Broadband is down in Leeds.",
    "Internet ist in Leeds ausgefallen.",
    "Plus d'internet à Leeds.",
    "Thank you for the lovely concert last night!",
    "",
    "😡😡😡 \u202e\x00 ½ Ⅷ",
)

AGREED = "fee7e447c01c38ee"
"""BLAKE2b of the numbers of `SENTENCES`, made on one machine: all others must come to the same."""


def _nearness(encoder: SentenceEncoder, one: str, other: str) -> float:
    return float(encoder.encode(one) @ encoder.encode(other)) / UNIT**2


def test_every_machine_has_the_same_numbers() -> None:
    encoder = read_encoder()
    numbers = b"".join(encoder.encode(sentence).astype("<i8").tobytes() for sentence in SENTENCES)
    assert hashlib.blake2b(numbers, digest_size=8).hexdigest() == AGREED


def test_sums_do_not_depend_on_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = read_encoder()
    before = [encoder.encode(sentence) for sentence in SENTENCES]
    for layer in _layers(encoder):
        assert np.array_equal(layer, np.rint(layer)), "a weight that is no whole number of units"
    monkeypatch.setattr(encoder, "_dense", {name: _Backwards(layer) for name, layer in encoder._dense.items()})
    monkeypatch.setattr(encoder, "_entry", _turned(encoder._entry))
    monkeypatch.setattr(encoder, "_mean", _turned(encoder._mean))
    for sentence, numbers in zip(SENTENCES, before, strict=True):
        assert np.array_equal(encoder.encode(sentence), numbers)


class _Backwards:
    """Weights that are added up one by one, from the last to the first, in whole numbers of Python."""

    __array_priority__ = 1_000
    __array_ufunc__ = None

    def __init__(self, weights: NDArray[np.float64]) -> None:
        self._rows = [[int(weight) for weight in column] for column in weights.T]

    def __rmatmul__(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        rows = [[int(value) for value in row] for row in np.atleast_2d(values)]
        sums = [[sum(map(_product, reversed(row), reversed(column))) for column in self._rows] for row in rows]
        return np.array(sums, dtype=np.float64).reshape(*values.shape[:-1], len(self._rows))


def _turned(layer: Any) -> Any:
    return layer._replace(weights=_Backwards(layer.weights))


def _product(one: int, other: int) -> int:
    return one * other


def _layers(encoder: SentenceEncoder) -> list[NDArray[np.float64]]:
    branches = [layer for branch in encoder._branches for layer in (branch.first.weights, branch.second.weights)]
    return [encoder._entry.weights, encoder._mean.weights, *encoder._dense.values(), *branches]


def test_what_says_the_same_in_another_language_is_near() -> None:
    encoder = read_encoder()
    english, german, french, other, *_ = SENTENCES
    assert min(_nearness(encoder, english, german), _nearness(encoder, english, french)) > 0.5
    assert _nearness(encoder, english, other) < 0.3


@pytest.mark.parametrize("sentence", SENTENCES)
def test_numbers_have_the_length_of_a_unit(sentence: str) -> None:
    numbers = read_encoder().encode(sentence)
    assert numbers.shape == (SIZE,)
    assert float(numbers @ numbers) ** 0.5 == pytest.approx(UNIT, rel=0.02)


def test_of_a_long_text_only_the_beginning_is_read() -> None:
    read: list[int] = []

    def pieces(text: str) -> list[int]:
        read.append(len(text))
        return list(real._pieces(text))

    real = read_encoder()
    short = "nothing works " * PIECES_MAX
    counted = SentenceEncoder.__new__(SentenceEncoder)
    counted.__dict__.update(real.__dict__, _pieces=pieces)
    assert np.array_equal(counted.encode(short), counted.encode(short + "thank you so much, it is back " * 1_000))
    assert max(read) <= 2_000


def test_words_and_meaning_are_added() -> None:
    weights = MeaningWeights(500, (-7,), tuple((1_000 if place == 0 else 0,) for place in range(SIZE)))
    meaning = Meaning(weights, read_encoder)
    first = int(read_encoder().encode("no signal")[0])
    assert meaning.of("no signal") == [-7 + first * 1_000 // UNIT]
    assert meaning.beside([300], "no signal") == [150 - 7 + first * 1_000 // UNIT]


def test_weights_are_read_as_they_are_written() -> None:
    weights = MeaningWeights(612, (-253,), tuple((place - 256,) for place in range(SIZE)))
    text = meaning_weights_written(weights, ANSWERS)
    assert parse_meaning_weights("meaning.tsv", text, ANSWERS) == weights


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[:-2] + lines[-1:], "511 lines"),
        (lambda lines: [lines[0], "# share_permille 2001", *lines[2:]], "2001"),
        (lambda lines: [lines[0], lines[1], "# base_other 1", *lines[3:]], "base_claim"),
        (lambda lines: [*lines[:-2], "511\tx", ""], "line 515"),
    ],
)
def test_weights_that_are_none_are_refused(change: Callable[[list[str]], list[str]], said: str) -> None:
    text = meaning_weights_written(MeaningWeights(500, (0,), ((0,),) * SIZE), ANSWERS)
    with pytest.raises(ConfigError, match=said):
        parse_meaning_weights("meaning.tsv", "\n".join(change(text.split("\n"))), ANSWERS)


def test_another_net_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "BYTES", {"sp.model": "0" * 32})
    with pytest.raises(ConfigError, match="locked release"):
        read_encoder.__wrapped__()
