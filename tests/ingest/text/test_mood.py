"""Mood: one of three classes, by whole numbers, whatever else was read before."""

from pathlib import Path

import pytest

from pipeline.adapters.reference.language import read_lexicon
from pipeline.ingest.text.mood.judging import CLASSES, MoodReader
from pipeline.ingest.text.mood.signs import Points, sums_of_points, tokens_of
from pipeline.records.errors import ConfigError
from pipeline.reference.learnt.mood_weights import (
    MoodWeights,
    mood_points_written,
    mood_weights_written,
    parse_mood_weights,
)
from tests.ingest.text.conftest import LEXICON

WEIGHTS = MoodWeights(0, 10, 0, 20, {"bad": (90, 0, -90), "=good:listed": (-40, 0, 80)}, {"good": (20, 0)})
SAID = [
    ("en", "hostile", "Three hours without internet, this is a disgrace"),
    ("en", "favourable", "Thanks, brilliant service today"),
    ("en", "neutral", "Where is your shop in Leeds?"),
    ("fr", "hostile", "Honteux, toujours rien depuis ce matin !!"),
    ("fr", "favourable", "Merci à toute l'équipe, vous êtes super"),
    ("fr", "neutral", "À quelle heure ouvre la boutique de Lyon ?"),
    ("de", "hostile", "So ein Saftladen, seit Stunden nichts"),
    ("de", "favourable", "Danke, das ging ja super schnell"),
    ("de", "neutral", "Wann macht der Shop in Köln auf?"),
]


@pytest.fixture(scope="module")
def shipped() -> dict[str, MoodReader]:
    return {code: MoodReader(weights) for code, weights in read_lexicon(LEXICON).mood.items()}


@pytest.mark.parametrize(("code", "mood", "text"), SAID)
def test_a_plain_text_has_the_mood_that_a_reader_would_give_it(
    shipped: dict[str, MoodReader], code: str, mood: str, text: str
) -> None:
    assert shipped[code].mood(text) == mood


def test_what_was_read_before_changes_nothing(shipped: dict[str, MoodReader]) -> None:
    forward = {text: shipped[code].mood(text) for code, _, text in SAID}
    lexicon = read_lexicon(LEXICON).mood
    fresh = {text: MoodReader(lexicon[code]).mood(text) for code, _, text in reversed(SAID)}
    assert forward == fresh


@pytest.mark.parametrize("text", ["", "@o2", "https://a.b/c @x", "   \n"])
def test_a_text_without_a_word_or_mark_has_no_mood(text: str) -> None:
    assert MoodReader(WEIGHTS).mood(text) is None


def test_equal_scores_are_neutral() -> None:
    reader = MoodReader(MoodWeights(5, 5, 5, 20, {}))
    assert reader.mood("anything") == "neutral"


@pytest.mark.parametrize(("text", "mood"), [("bad", "hostile"), ("good", "favourable"), ("not good", "neutral")])
def test_signs_add_up_and_a_denial_turns_points_round(text: str, mood: str) -> None:
    assert MoodReader(WEIGHTS).mood(text) == mood


def test_points_of_one_text_are_bounded() -> None:
    reader = MoodReader(WEIGHTS)
    assert reader.parts("good " * 400)[0][1:] == (-80, 0, 160)


@pytest.mark.parametrize("text", ["!" * 900, "😡" * 900, "a" * 5_000, "'" * 900, "&#" * 900, "\ud800 x", "n't " * 500])
def test_hostile_text_has_some_mood(shipped: dict[str, MoodReader], text: str) -> None:
    assert shipped["en"].mood(text) in CLASSES


def test_parts_say_what_the_verdict_is_made_of(shipped: dict[str, MoodReader]) -> None:
    parts = shipped["en"].parts("brilliant service")
    assert any(part.sign == "brilliant" and part.favourable > part.hostile for part in parts)
    told = dict(sums_of_points(tokens_of("x"), [True], {"x": Points(20, -15)}))
    assert (told["=bad:listed"], told["=good:alike"]) == (14, 10)


def test_files_are_read_as_they_were_written() -> None:
    read = parse_mood_weights("w", mood_weights_written(WEIGHTS), "p", mood_points_written(WEIGHTS))
    assert read == WEIGHTS


def test_weights_without_their_points_are_refused(tmp_path: Path) -> None:
    for path in LEXICON.iterdir():
        if path.name != "mood_points.fr.tsv":
            (tmp_path / path.name).symlink_to(path)
    with pytest.raises(ConfigError, match=r"mood_points\.fr\.tsv: is missing"):
        read_lexicon(tmp_path)
