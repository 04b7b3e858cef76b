"""What a whole sentence means: numbers that every machine agrees on, near for what says the same."""

import hashlib
import random
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.adapters import encoder as shipped
from pipeline.adapters.encoder import read_encoder
from pipeline.ingest.text.meaning import encoder as reading
from pipeline.ingest.text.meaning.asking import SENTENCES_MAX, Meaning, sentences_of, views_of
from pipeline.ingest.text.meaning.encoder import PIECES_MAX, SentenceEncoder
from pipeline.ingest.text.meaning.pieces import KEPT_MAX, Pieces
from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.meaning_weights import (
    MILLINATS,
    ONE,
    SIZE,
    UNIT,
    VIEWS,
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

NEAR: Final = "ab \t\n\r\x0b\x0c\u00a0\u200b\u2581\u00a8\u0301\u3000\u2603é ß😡中½'’.,@#1"
"""Letters, spaces of all kinds and what is folded to them."""

AGREED = "fee7e447c01c38ee"
"""BLAKE2b of the numbers of `SENTENCES`, made on one machine: all others must come to the same."""


def _nearness(encoder: SentenceEncoder, one: str, other: str) -> float:
    return float(encoder.encode(one) @ encoder.encode(other)) / UNIT**2


def test_every_machine_has_the_same_numbers() -> None:
    encoder = read_encoder()
    numbers = b"".join(encoder.encode(sentence).astype("<i8").tobytes() for sentence in SENTENCES)
    assert hashlib.blake2b(numbers, digest_size=8).hexdigest() == AGREED


def test_sums_do_not_depend_on_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SentenceNet", _source_of_sentences().SentenceNet)
    encoder = shipped.read_encoder.__wrapped__()
    net, before = encoder._net, [encoder.encode(sentence) for sentence in SENTENCES]
    for layer in _layers(net):
        assert np.array_equal(layer, np.rint(layer)), "a weight that is no whole number of units"
    backwards: Any = [_Backwards(layer) for layer in net._dense]
    monkeypatch.setattr(net, "_dense", type(net._dense)(*backwards))
    monkeypatch.setattr(net, "_entry", _turned(net._entry))
    monkeypatch.setattr(net, "_mean", _turned(net._mean))
    for sentence, numbers in zip(SENTENCES, before, strict=True):
        assert np.array_equal(encoder.encode(sentence), numbers)


def test_weights_whose_sums_might_not_be_exact_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PART_MAX", 1_000)
    with pytest.raises(ValueError, match="may not be exact"):
        shipped.read_encoder.__wrapped__()


def _source_of_sentences() -> Any:
    """The net as Python has it, whether or not a core runs."""
    spec = spec_from_file_location("sentences_in_python", Path(reading.__file__).parents[1] / "loops" / "sentences.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_words_are_cut_as_the_whole_text_is() -> None:
    cutter = read_encoder()._pieces.__self__  # type: ignore[attr-defined]
    whole = cutter._cut.func.__self__
    chance = random.Random(20250212)
    texts = [*SENTENCES, "   ", "a\u2581b\u2581\u2581c", "\u00a8 no\u00a0net\t\u200b here", "x" * 200]
    texts += ["".join(chance.choices(NEAR, k=chance.randrange(40))) for _ in range(2_000)]
    for text in texts:
        assert cutter.of(text) == whole.encode(text, out_type=int, add_bos=True, add_eos=True), ascii(text)


def test_half_a_character_is_cut_as_a_question_mark() -> None:
    cutter = read_encoder()._pieces
    assert cutter("no\ud800 net") == cutter("no? net")


def test_no_more_words_are_remembered_than_there_is_room_for() -> None:
    cutter = Pieces(lambda word: [len(word)])
    for number in range(KEPT_MAX + 10):
        cutter.of(f"w{number} {'long' * 100}")
    assert len(cutter._known) <= KEPT_MAX


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


def _layers(net: Any) -> list[NDArray[np.float64]]:
    return [layer.weights for layer in (net._entry, net._mean, *net._convolutions)] + list(net._dense)


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


NOTHING = ((0, 0),) * (VIEWS * SIZE)
WEIGHTS = MeaningWeights(500, (-7,), ((ONE, -ONE), *NOTHING[1:]), (0, 0), ((1_000, 1_000),))
"""Two hidden numbers are the first one of the whole post and the same with its sign turned: one of them counts."""


def test_words_and_meaning_are_added() -> None:
    meaning = Meaning(WEIGHTS, read_encoder)
    first = abs(int(read_encoder().encode("no signal")[0]))
    assert meaning.of("no signal") == [-7 + first * ONE // UNIT * 1_000 // (ONE * MILLINATS)]
    assert meaning.beside([300], "no signal") == [150 + meaning.of("no signal")[0]]


def test_a_post_is_read_whole_and_by_sentences() -> None:
    sentences = ["TV is down in Leeds, and we are sorry.", "Our engineers are there.", "More news at four o'clock."]
    encode = read_encoder().encode
    text, parts = " ".join(sentences), [encode(sentence) for sentence in sentences]
    views = views_of(text, read_encoder()).reshape(VIEWS, SIZE)
    for view, numbers in zip(views, (encode(text), sum(parts) // 3, parts[0], parts[-1]), strict=True):
        assert np.array_equal(view, numbers)
    assert np.array_equal(views_of("no signal", read_encoder()), np.tile(encode("no signal"), VIEWS))


def test_of_many_sentences_the_first_are_read() -> None:
    assert sentences_of("Nothing works here. " * 50) == ["Nothing works here."] * SENTENCES_MAX
    assert sentences_of("Hi Ann. Thanks! Nothing works here.") == ["Hi Ann. Thanks!", "Nothing works here."]
    assert sentences_of("") == [""]


def test_weights_are_read_as_they_are_written() -> None:
    into = tuple((place % SIZE - 256, 3) for place in range(VIEWS * SIZE))
    weights = MeaningWeights(612, (-253,), into, (5, -6), ((7, -8),))
    text = meaning_weights_written(weights, ANSWERS)
    assert parse_meaning_weights("meaning.tsv", text, ANSWERS) == weights


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[:-4] + lines[-3:], "2049 lines"),
        (lambda lines: [lines[0], "# share_permille 2001", *lines[2:]], "2001"),
        (lambda lines: [lines[0], lines[1], "# base_other 1", *lines[3:]], "base_claim"),
        (lambda lines: [*lines[:4], "1\tx\t0", *lines[5:]], "line 5"),
        (lambda lines: [*lines[:-2], f"out_{ANSWERS[0]}", ""], "0 hidden numbers"),
    ],
)
def test_weights_that_are_none_are_refused(change: Callable[[list[str]], list[str]], said: str) -> None:
    text = meaning_weights_written(WEIGHTS, ANSWERS)
    with pytest.raises(ConfigError, match=said):
        parse_meaning_weights("meaning.tsv", "\n".join(change(text.split("\n"))), ANSWERS)


def test_another_net_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "BYTES", {"sp.model": "0" * 32})
    with pytest.raises(ConfigError, match="locked release"):
        read_encoder.__wrapped__()
