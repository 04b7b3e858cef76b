"""`python -m training.mood --sets FOLDER`: make the weights of mood, where the sets that it needs are at hand.

A class is learnt against the other two, by logistic regression over the signs of `ingest.text.mood`, from this
project's own texts and from the train part of public sets of everyday posts (UMSAB, as cardiffnlp/xlm-t ships them,
Apache-2.0): `sentiment_LANGUAGE.jsonl` with `text`, `sentiment` and `part`. Those texts are other people's, and are
not in this repository; without the folder the shipped weights stay as they are. What is added to each class is chosen
on texts of the train part that the weights have not seen. The val part is only measured.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from pipeline.ingest.text.mood.judging import CLASSES, MoodReader
from pipeline.ingest.text.mood.signs import (
    DENIED,
    POINTS_UNIT,
    Points,
    denied_words,
    looks_of,
    pairs_of,
    reach_of_denials,
    sums_of_points,
    tokens_of,
)
from pipeline.ingest.text.odds.features import FULL, PIECE, pieces_of, share_of_words
from pipeline.reference.learnt.mood_weights import MoodWeights, mood_points_written, mood_weights_written
from training.fitting import CENTINATS, PENALTY, Floats, bounded
from training.mood_points import alike_points, listed_points, words_in

TEXTS_MIN: Final = 2
"""A sign of fewer texts says nothing that holds for another."""

MOOD_LANGUAGES: Final = ("de", "en", "fr")
TEXTS: Final = Path(__file__).resolve().parent / "texts"
LEXICON: Final = Path(__file__).resolve().parents[1] / "deploy" / "reference" / "lexicon"
SHARE_OF_OWN: Final = 0.3
"""How much a text about telephones counts beside an everyday one: there are more of them, and half are hard cases."""

STRETCH: Final = 20
FOLDS: Final = 4
SMALL_CNAT: Final = 2
"""Weights up to this for all classes are left out."""

SIZES: Final = {"piece": 0.3, "pair": 0.7, "word": 1.0}
BIASES: Final = tuple(step / 10 for step in range(-3, 4))
"""Nats that may be added to a class."""

SENTIMENTS: Final = {"negative": 0, "neutral": 1, "positive": 2}
Numbers = NDArray[np.int64]


class MoodText(NamedTuple):
    """A text, its class by number, and where it comes from: `own`, `mood`, `train` or `val`."""

    text: str
    label: int
    source: str


class Fitted(NamedTuple):
    """Weights in nats by class, one row each, and their bases."""

    weights: Floats
    bases: Floats


def read_own(language: str) -> list[MoodText]:
    """Texts of the project: those about telephones, and everyday posts written to be learnt here."""
    rows = [
        (columns[-1], columns[6], "own")
        for path in sorted((TEXTS / language).glob("*.tsv"))
        for columns in (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    ]
    lines = (TEXTS / "mood" / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    rows += [(text, label, "mood") for label, text in (line.split("\t", 1) for line in lines if line)]
    return [MoodText(text, int(label) + 1, source) for text, label, source in rows if label in {"-1", "0", "1"}]


def read_set(path: Path) -> list[MoodText]:
    """Both parts of a public set."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [MoodText(_unescaped(row["text"]), SENTIMENTS[row["sentiment"]], row["part"]) for row in rows]


def _unescaped(text: str) -> str:
    """Some texts of the sets were written out twice: a backslash, "u" and four digits stand for a character."""
    whole = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found.group(1), 16)), text)
    whole = whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace('\\"', '"').replace('""', '"').strip()


def signs_of(text: str, points: Mapping[str, Points]) -> dict[str, float]:
    """What INGEST will find in a text, by the same code: value by sign, as far as its weight counts."""
    tokens = tokens_of(text)
    reached = reach_of_denials(tokens)
    found: Counter[str] = Counter(set(tokens))
    for token in set(tokens):
        found.update(pieces_of(token))
    found.update(pairs_of(tokens))
    found.update(denied_words(tokens, reached))
    share = share_of_words(len(set(tokens)), STRETCH) / FULL
    signs = {sign: count * share for sign, count in found.items()}
    for look in looks_of(text, len(tokens)):
        signs[look] = signs.get(look, 0.0) + 1.0
    signs |= {sign: value / POINTS_UNIT for sign, value in sums_of_points(tokens, reached, points) if value}
    return signs


def make(language: str, path: Path) -> MoodWeights:
    """Learn the weights of a language, and say how right they are.

    Args:
        language: Its code.
        path: Its public set.
    """
    texts = [*read_own(language), *(text for text in read_set(path) if text.source == "train")]
    listed, alike = listed_points(language), alike_points(words_in(text.text for text in texts))
    points = {word: Points(listed.get(word, 0), alike.get(word, 0)) for word in sorted({*listed, *alike})}
    examples = [signs_of(text.text, points) for text in texts]
    columns = _columns(examples)
    matrix = _matrix(examples, columns)
    labels = np.array([text.label for text in texts])
    shares = np.array([SHARE_OF_OWN if text.source == "own" else 1.0 for text in texts])
    biases = _biases(texts, matrix, labels, shares)
    found = _fit(matrix, labels, shares)
    bases = np.rint(CENTINATS * (found.bases + biases)).astype(int)
    of = {}
    for sign, place in columns.items():
        three = [bounded(round(CENTINATS * float(found.weights[kind, place]) * _size(sign))) for kind in range(3)]
        if max(map(abs, three)) > SMALL_CNAT:
            of[sign] = tuple(three)
    hostile, neutral, favourable = map(int, bases)
    return MoodWeights(hostile, neutral, favourable, STRETCH, of, points)


def measured(reader: MoodReader, texts: Sequence[MoodText]) -> str:
    """Macro-F1 of texts, with an interval of 95 of 100 draws of them."""
    told = np.array([CLASSES.index(reader.mood(text.text) or "neutral") for text in texts])
    labels = np.array([text.label for text in texts])
    draws = np.random.default_rng(1).integers(0, len(texts), (1_000, len(texts)))
    low, high = np.quantile([macro_f1(labels[draw], told[draw]) for draw in draws], (0.025, 0.975))
    return f"macro-F1 {macro_f1(labels, told):.3f} ({low:.3f} to {high:.3f}) of {len(texts)} texts"


def macro_f1(labels: Numbers, told: Numbers) -> float:
    """Mean of the F1 of the three classes."""
    scores = []
    for kind in range(3):
        right = int(((labels == kind) & (told == kind)).sum())
        asked = int((labels == kind).sum() + (told == kind).sum())
        scores.append(2 * right / asked if asked else 0.0)
    return sum(scores) / 3


def _biases(texts: Sequence[MoodText], matrix: csr_matrix, labels: Numbers, shares: Floats) -> Floats:
    """What is added to each class, in nats: what tells texts of the train part best that the weights have not seen."""
    folds = np.array([_fold_of(text) for text in texts])
    scores = np.zeros((len(texts), 3))
    for fold in range(FOLDS):
        seen = folds != fold
        found = _fit(matrix[seen], labels[seen], shares[seen])
        scores[~seen] = matrix[~seen] @ found.weights.T + found.bases
    asked = folds >= 0
    tried = [
        (macro_f1(labels[asked], (scores[asked] + (first, 0.0, last)).argmax(axis=1)), first, last)
        for first in BIASES
        for last in BIASES
    ]
    best = max(tried, key=lambda row: (row[0], -abs(row[1]) - abs(row[2])))
    plain = macro_f1(labels[asked], scores[asked].argmax(axis=1))
    sys.stdout.write(f"held-out texts of the train part: macro-F1 {plain:.3f}, {best[0]:.3f} with {best[1:]} added\n")
    return np.array((best[1], 0.0, best[2]))


def _fold_of(text: MoodText) -> int:
    """Only texts of the public sets are judged; own ones, with fold -1, are always learnt."""
    digest = blake2b(text.text.encode(), digest_size=4).digest()
    return int.from_bytes(digest) % FOLDS if text.source == "train" else -1


def _columns(examples: Sequence[Mapping[str, float]]) -> dict[str, int]:
    counts = Counter(sign for example in examples for sign in example)
    return {sign: place for place, sign in enumerate(sorted(s for s, count in counts.items() if count >= TEXTS_MIN))}


def _matrix(examples: Sequence[Mapping[str, float]], columns: Mapping[str, int]) -> csr_matrix:
    cells = [
        (row, columns[sign], value * _size(sign))
        for row, example in enumerate(examples)
        for sign, value in example.items()
        if sign in columns
    ]
    rows, places, values = zip(*cells, strict=True)
    return csr_matrix((values, (rows, places)), shape=(len(examples), len(columns)))


def _size(sign: str) -> float:
    if sign.startswith(PIECE) and len(sign) > 1:
        return SIZES["piece"]
    return SIZES["pair"] if " " in sign or (sign.startswith(DENIED) and sign[1:].isalpha()) else SIZES["word"]


def _fit(matrix: csr_matrix, labels: Numbers, shares: Floats) -> Fitted:
    turned = matrix.T.tocsr()
    found = [_one_class(matrix, turned, (labels == kind).astype(np.float64), shares) for kind in range(3)]
    return Fitted(np.array([row[:-1] for row in found]), np.array([row[-1] for row in found]))


def _one_class(matrix: csr_matrix, turned: csr_matrix, labels: Floats, shares: Floats) -> Floats:
    """Weights of one class against the others, its base last."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        log_odds = matrix @ weights[:-1] + weights[-1]
        value = shares @ (np.logaddexp(0.0, log_odds) - labels * log_odds)
        wrong = shares * (1.0 / (1.0 + np.exp(-log_odds)) - labels)
        slope = np.append(turned @ wrong + PENALTY * weights[:-1], wrong.sum())
        return float(value + PENALTY * (weights[:-1] @ weights[:-1]) / 2), slope

    start = np.zeros(matrix.shape[1] + 1)
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 60, "ftol": 1e-5}).x)


def main() -> None:
    """Make, measure and write."""
    asked = argparse.ArgumentParser(description="Make the weights of mood; needs sets that are not in the repository.")
    asked.add_argument("--sets", type=Path, required=True, help="folder with sentiment_LANGUAGE.jsonl")
    asked.add_argument("--languages", nargs="+", default=MOOD_LANGUAGES)
    given = asked.parse_args()
    for language in given.languages:
        path = given.sets / f"sentiment_{language}.jsonl"
        weights = make(language, path)
        (LEXICON / f"mood.{language}.tsv").write_text(mood_weights_written(weights), encoding="utf-8")
        (LEXICON / f"mood_points.{language}.tsv").write_text(mood_points_written(weights), encoding="utf-8")
        val = [text for text in read_set(path) if text.source == "val"]
        sys.stdout.write(f"{language}: {measured(MoodReader(weights), val)} of the val part\n")


if __name__ == "__main__":
    main()
