"""Files of weights: read as written, and refused with the line that is wrong."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.adapters.reference.language import read_lexicon, weights_file
from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.weights import CUTS, Weights, parse_weights, permille_of, written
from training.texts import LANGUAGES

LEXICON = Path(__file__).resolve().parents[2] / "deploy" / "reference" / "lexicon"
SMALL = Weights(-13, 102, -11, 8, 400, 20, {"down": 40, "=asks": -7}, {"down": 35, "same here": 90})


def test_weights_are_read_as_they_were_written() -> None:
    assert parse_weights("small", written(SMALL)) == SMALL


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_weights_that_ship_are_what_training_would_write(language: str) -> None:
    path = weights_file(LEXICON, language)
    text = path.read_text(encoding="utf-8")
    weights = parse_weights(path.name, text)
    assert written(weights) == text
    assert len(weights.alone) > 5_000
    assert len(text) < 550_000, "a file of weights is read at each start"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(lambda _: "", "must be .# format NUMBER", id="empty"),
        pytest.param(lambda text: text.replace("# format 1", "# format 2"), "format .2.: must be 1", id="format"),
        pytest.param(lambda text: text.replace("# base -13", "# base x"), "must be '# base NUMBER'", id="no_number"),
        pytest.param(lambda text: text.replace("# prior ", "# later "), "must be '# prior NUMBER'", id="unknown_head"),
        pytest.param(lambda text: text + "down\t1\n", "line 11: .*must be a feature and two", id="column_missing"),
        pytest.param(lambda text: text + "up\t1\t1e3\n", "line 11: .*two whole numbers", id="not_whole"),
        pytest.param(lambda text: text + "up\t1\t9999\n", "line 11: .*at most 1000", id="too_heavy"),
        pytest.param(lambda text: text + "down\t1\t1\n", "named twice", id="twice"),
        pytest.param(lambda text: text[: text.index("=asks")], "0 features", id="cut_off"),
        pytest.param(lambda text: text.replace("permille 400", "permille 1000"), "must be 1 to 999", id="threshold"),
    ],
)
def test_a_damaged_file_of_weights_is_refused_by_name(change: Callable[[str], str], told: str) -> None:
    with pytest.raises(ConfigError, match=f"weights damaged.*{told}"):
        parse_weights("damaged", change(written(SMALL)))


def test_a_lexicon_without_weights_is_refused(tmp_path: Path) -> None:
    for path in LEXICON.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(ConfigError, match=r"(alarm|weights)\.any\.tsv.*copy the file"):
        read_lexicon(tmp_path)


def test_a_probability_is_the_logistic_function_of_log_odds() -> None:
    for log_odds in range(-690, 691, 7):
        exact = 1_000 / (1 + math.exp(-log_odds / 100))
        assert abs(permille_of(log_odds) - exact) <= 2.5
    assert (permille_of(-10_000), permille_of(10_000)) == (0, 999)


def test_no_cut_of_the_table_hangs_on_the_last_bit_of_a_logarithm() -> None:
    for permille, cut in enumerate(CUTS, 1):
        exact = 100 * math.log(permille / (1_000 - permille))
        assert abs(abs(exact - cut) - 0.5) > 1e-9
