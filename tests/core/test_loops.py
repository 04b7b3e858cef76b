"""Each loop in C says what its Python twin says of whatever a string may hold, and refuses what is none."""

import random
from array import array
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

from pipeline.adapters import encoder as shipped
from pipeline.compiled import LOOPS
from pipeline.ingest.text.loops import letters, pieces, sentences, sums, walking
from pipeline.ingest.text.meaning import encoder as reading
from tests.core.answers import posts_and_hostile
from tools import core as building

TWINS: Final = {module.__name__.rpartition(".")[2]: module for module in (letters, sums, pieces, walking, sentences)}
OF_A_TEXT: Final = ("fold_words", "capital_words", "cases_of", "has_repeats", "signs_in", "specials_in")
RANDOM_TEXTS: Final = 3_000
ODD: Final = (
    "\x00\x1f\n\u00a0\u2028\u0301\u0130\u0131\u03a3\u03c2\u01c5\u2167\ufb01\ufdfa\u0660\u00b2\u00bd"
    "\u4e2d\ud800\U0010ffff\U0001f621\u2019"
)


@pytest.fixture(scope="module")
def in_c() -> Callable[[str], ModuleType]:
    """The modules in C, by name; compiled now if `make core` has not been called for these sources: a minute or two."""
    folder = building.core()

    def load(name: str) -> ModuleType:
        path = next((folder / "ingest" / "text" / "loops").glob(f"{name}.*"))
        spec = spec_from_file_location(f"in_c.{name}", path)  # under its own name it would take its twin's place
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def texts() -> Iterator[str]:
    """Posts, hostile texts, and letters of all of Unicode in a heap."""
    for text, _ in posts_and_hostile():
        yield text
    chance = random.Random(20250212)
    near = "abtsvrelmdhttps'’@#_.!?:;=-()DP<3/ 09ÄÖß" + ODD
    for _ in range(RANDOM_TEXTS):
        highest = chance.choice((0x7F, 0xFF, 0x3000, 0x1FFFF))
        chars = [
            chance.choice(near) if chance.random() < 0.7 else chr(chance.randrange(highest))
            for _ in range(chance.randrange(90))
        ]
        yield "".join(chars)
    yield "http"
    yield "https://"
    yield "x" * 50_000


def test_every_loop_has_both_forms(in_c: Callable[[str], ModuleType]) -> None:
    assert {Path(name).stem for name in LOOPS} == set(TWINS)
    for name, twin in TWINS.items():
        module = in_c(name)
        assert str(module.__file__).endswith(".so")
        public = {word for word, value in vars(module).items() if callable(value)}
        assert public <= set(vars(twin)), "a function that no Python says the meaning of"


@pytest.mark.parametrize("name", OF_A_TEXT)
def test_of_every_text_the_same_is_said(in_c: Callable[[str], ModuleType], name: str) -> None:
    fast, plain = getattr(in_c("letters"), name), getattr(letters, name)
    for text in texts():
        assert fast(text) == plain(text), ascii(text)
    with pytest.raises(TypeError):
        fast(b"bytes")


def test_characters_are_found_alike(in_c: Callable[[str], ModuleType]) -> None:
    holds_any = in_c("letters").holds_any
    for text in texts():
        for chars in ("", "a", "é", "😡\u4e2d", ODD):
            assert holds_any(text, chars) == letters.holds_any(text, chars), ascii(text)
    with pytest.raises(TypeError):
        holds_any("text", None)


def test_numbers_are_added_once_alike(in_c: Callable[[str], ModuleType]) -> None:
    module, chance = in_c("sums"), random.Random(7)
    weights = [chance.randrange(-(1 << 45), 1 << 45) for _ in range(300)]
    for _ in range(300):
        found = [tuple(chance.choices(range(300), k=chance.randrange(6))) for _ in range(chance.randrange(40))]
        assert module.sum_once(weights, found) == sums.sum_once(weights, found)
    refused: list[Any] = [([1], [(1,)]), ([1], [(-1,)]), ([1], [[0]]), ((1,), [])]
    for wrong in refused:
        with pytest.raises((IndexError, TypeError)):
            module.sum_once(*wrong)


def test_runs_of_words_are_hashed_alike(in_c: Callable[[str], ModuleType]) -> None:
    module, chance = in_c("sums"), random.Random(8)
    for _ in range(500):
        words = ["".join(chance.choices("abcé中z", k=chance.randrange(1, 9))) for _ in range(chance.randrange(3, 60))]
        assert module.least_hashes(words) == sums.least_hashes(words)
    with pytest.raises(ValueError, match="three words"):
        module.least_hashes(["two", "words"])


def _walked(module: Any, seed: int) -> tuple[int, int, int, int, int, list[str]]:
    """A walk along random words with what this module remembers of them, kept on disk in between."""
    chance = random.Random(seed)
    names = [f"w{number}" for number in range(40)]
    rows = [
        (chance.randrange(60), chance.randrange(30), chance.randrange(-(1 << 40), 1 << 40))
        for _ in range(chance.randrange(500))
    ]
    made = {
        name: (
            chance.randrange(-99, 1 << 40),
            chance.randrange(-1, 30),
            (1 << chance.randrange(9), 1 << chance.randrange(62), chance.randrange(-3, 4)),
        )
        for name in names
    }
    known: dict[str, Any] = {}

    def learn(text: str) -> Any:
        weight, number, traits = made[text]
        word = known[text] = module.Word(text, text, weight, number)
        word.traits, word.halves, word.lead = traits
        return word

    kind, given = module.Pairs(rows).__reduce__()
    weights, edges = kind(*given), (chance.randrange(-1, 30), chance.randrange(-1, 30))
    for _ in range(5):
        words = [chance.choice([*names, ""]) for _ in range(chance.randrange(60))]
        walked = module.walk(known, learn, weights, edges, words)
    return *walked[:5], [word.text for word in walked[5]]


def test_words_are_walked_along_alike(in_c: Callable[[str], ModuleType]) -> None:
    module = in_c("walking")
    for seed in range(300):
        assert _walked(module, seed) == _walked(walking, seed)
    with pytest.raises(TypeError):
        module.walk({"a": "no word"}, None, module.Pairs([]), (0, 1), ["a"])
    with pytest.raises(TypeError):
        module.walk({}, None, {}, (0, 1), [])
    with pytest.raises(ValueError, match="below 0"):
        module.Pairs([(-1, 3, 5)])


def _spans(module: Any, seed: int) -> Any:
    """Phrases that this module finds in random words."""
    chance = random.Random(seed)
    words = [chance.choice("abcdé") for _ in range(chance.randrange(40))]
    of = {" ".join(chance.choices("abcdé", k=chance.randrange(1, 5))): ("found",) for _ in range(60)}
    starts: dict[str, Any] = {}
    for head in "abcdé":
        on: dict[str, set[int]] = {}
        for phrase in of:
            first, *others = phrase.split(" ")
            if first == head and others:
                on.setdefault(others[0], set()).add(len(others) + 1)
        here = of.get(head)
        if here or on:
            starts[head] = module.Start(here, {then: tuple(sorted(by, reverse=True)) for then, by in on.items()})
    known = [module.Word(word, word, 0, -1) for word in words]
    which = ("places", "names", "phrases", "topics", "beside")[seed % 5]
    asked: list[str] = []

    def start(word: str) -> Any:
        asked.append(word)
        return starts.get(word)

    found = [module.starts_of(known, which, start) for _ in range(2)]
    assert found[0] == found[1]
    assert len(asked) == len(words), "what a word begins is asked once"
    spans = module.spans_along(of, words, found[0], 1 + seed % 3)
    assert spans == module.spans_of(of, starts, words, 1 + seed % 3)
    return spans


def test_phrases_are_found_alike(in_c: Callable[[str], ModuleType]) -> None:
    module = in_c("walking")
    for seed in range(300):
        assert _spans(module, seed) == _spans(walking, seed)
    with pytest.raises(TypeError):
        module.spans_along({}, ["a"], ["no start"], 1)
    with pytest.raises(TypeError):
        module.starts_of(["no word"], "places", str)
    with pytest.raises(TypeError):
        module.spans_of({}, {"a": "no start"}, ["a"], 1)


def _labelled(module: Any, seed: int) -> Any:
    """What random words and signs come to for each label by this module, kept on disk in between."""
    chance = random.Random(seed)
    count, rows = chance.randrange(1, 9), chance.randrange(1, 40)
    weights = array("h", [chance.randrange(-1_000, 1_001) for _ in range(count * rows)])
    words = array("i", [chance.randrange(-1, rows) for _ in range(chance.randrange(20))])
    pairs = array("i")
    for _ in range(chance.randrange(60)):
        pairs.extend((chance.randrange(25), chance.randrange(25), chance.randrange(rows)))
    kind, given = module.Lanes(count, weights, words, pairs).__reduce__()
    lanes, numbers = kind(*given), {f"w{number}": number for number in range(25)}
    known = [module.Word(name, name, 0, -1) for name in (f"w{chance.randrange(40)}" for _ in range(30))]
    said = []
    for _ in range(3):
        some = [chance.choice(known) for _ in range(chance.randrange(60))]
        signs = [tuple(chance.randrange(rows) for _ in range(chance.randrange(4))) for _ in range(chance.randrange(5))]
        said.append(module.sum_lanes(lanes, numbers, some, (chance.randrange(-1, 25), chance.randrange(-1, 25)), signs))
    return said, [word.label for word in known]


def test_labels_are_summed_alike(in_c: Callable[[str], ModuleType]) -> None:
    module: Any = in_c("walking")
    for seed in range(300):
        assert _labelled(module, seed) == _labelled(walking, seed)
    one, none = array("h", [5]), array("i")
    refused: list[Any] = [(0, one, none, none), (2, one, none, none), (1, one, array("i", [1]), none)]
    refused += [(1, one, none, array("i", [0, 0])), (1, one, none, array("i", [0, -1, 0]))]
    for wrong in refused:
        for twin in (module, walking):
            with pytest.raises(ValueError, match="Lanes"):
                twin.Lanes(*wrong)
    lanes = module.Lanes(1, one, none, none)
    with pytest.raises(IndexError):
        module.sum_lanes(lanes, {}, [], (0, 0), [(1,)])
    with pytest.raises(TypeError):
        module.sum_lanes(lanes, {}, ["no word"], (0, 0), [])
    with pytest.raises(TypeError):
        module.Lanes(1, none, none, none)
    with pytest.raises(RuntimeError, match="is made already"):
        type(lanes).__init__(lanes, 1, one, none, none)


def test_pieces_weigh_alike(in_c: Callable[[str], ModuleType]) -> None:
    module: Any = in_c("pieces")
    chance = random.Random(11)
    letters = "ab<>é中\U0010ffff\x00"
    for _ in range(300):
        made = {"".join(chance.choices(letters, k=chance.choice(pieces.CHARS))) for _ in range(chance.randrange(200))}
        weights = array("q", [chance.randrange(-(1 << 40), 1 << 40) for _ in made])
        kind, given = module.PieceWeights("\n".join(made), weights).__reduce__()
        fast, plain = kind(*given), pieces.PieceWeights("\n".join(made), weights)
        for _ in range(20):
            word = "".join(chance.choices(letters, k=chance.randrange(30)))
            assert fast.sum(word) == plain.sum(word)
    for wrong in (("ab", 1), ("abcdef", 1), ("abc", 2), ("abc\nabd", 1), ("", 1), ("abc\n", 1)):
        for twin in (module, pieces):
            with pytest.raises(ValueError, match="PieceWeights"):
                twin.PieceWeights(wrong[0], array("q", [1] * wrong[1]))
    with pytest.raises(TypeError):
        module.PieceWeights("abc", array("i", [1]))


def test_sentences_come_to_the_same_numbers(in_c: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SentenceNet", in_c("sentences").SentenceNet)
    fast = shipped.read_encoder.__wrapped__()
    monkeypatch.setattr(reading, "SentenceNet", sentences.SentenceNet)
    plain = shipped.read_encoder.__wrapped__()
    chance = random.Random(9)
    some = chance.sample([text for text, _ in posts_and_hostile()], 150)
    read = [list(plain._pieces(text))[: reading.PIECES_MAX] for text in some]
    read += [[chance.randrange(128_000) for _ in range(length)] for length in (1, 2, 3, 4, 5, 6, 7, 13, 96)]
    for numbers in read:
        expected = plain._net.encode(numbers)
        for lanes in (0, 1, 4, 8, 16):
            assert fast._net.encode(numbers, lanes) == expected, (lanes, numbers)
    make_again: Any = type(fast._net).__init__
    with pytest.raises(RuntimeError, match="is made already"):
        make_again(fast._net, None, None, (), (), 0.0)
    refused: list[Any] = [[], [-1], [1 << 30], [1] * 100_000, ["1"], None]
    for wrong in refused:
        with pytest.raises((IndexError, TypeError, ValueError)):
            fast._net.encode(wrong)
