"""Fitting: logistic regression with a penalty on squares, over features of all languages at once.

What is rare in one language is learnt from all: a sign, and a word that languages share ("wifi", "netflix"), has a
column for its language and another for all of them, and its weight is the sum of both. The penalty is
larger for pieces of words, since a word has many of them. Weights are rounded to centi-nats
at the end, so the last bits of a machine's arithmetic do not matter to who reads them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from pipeline.ingest.text.odds.features import PIECE, SIGN
from pipeline.reference.learnt.weights import WEIGHT_MAX

Floats = NDArray[np.float64]

PENALTY: Final = 4.0
"""Of squares of weights, in nats; chosen on held-out texts among 1, 2 and 4."""

KINDS_PENALTY: Final = 1.0
"""The same where a text is one of several kinds; chosen on held-out texts among 0.3, 0.5 and 1."""

TEXTS_MIN: Final = 3
"""A feature of fewer texts says nothing that holds for another."""

ALL: Final = "*"
"""Stands for the language of a column that all of them share."""

SIZES: Final = {"piece": 0.3, "pair": 0.7, "word": 1.0, "sign": 0.7}
"""How large the values of each kind of feature are taken: the smaller, the more it is penalised."""

CENTINATS: Final = 100


class Example(NamedTuple):
    """A text as features.

    Attributes:
        language: Its language.
        features: Value by name: 1, or what words of a long text count, times how often a piece occurs.
    """

    language: str
    features: Mapping[str, float]


class Fit(NamedTuple):
    """What was learnt: weights in nats by language and feature, `ALL` among the languages, and the base by language."""

    weights: Mapping[tuple[str, str], float]
    bases: Mapping[str, float]

    def log_odds(self, example: Example) -> float:
        """Log odds of a text, in nats."""
        total = self.bases[example.language]
        for feature, value in example.features.items():
            total += value * self.weight(example.language, feature)
        return total

    def weight(self, language: str, feature: str) -> float:
        """Weight of a feature in a language."""
        return self.weights.get((language, feature), 0.0) + self.weights.get((ALL, feature), 0.0)

    def features(self, language: str) -> list[str]:
        """Names of all features that a language's texts may have, sorted."""
        return sorted({feature for code, feature in self.weights if code in (language, ALL)})


def bounded(weight: int) -> int:
    """A weight in centi-nats, at most `WEIGHT_MAX` either way, as files of weights hold them."""
    return max(-WEIGHT_MAX, min(WEIGHT_MAX, weight))


def fit(
    examples: Sequence[Example],
    labels: Sequence[float],
    shares: Sequence[float],
    sizes: Mapping[str, float] = SIZES,
) -> Fit:
    """Learn weights.

    Args:
        examples: Texts as features.
        labels: 1 for a fault, 0 for none; a number between for what nobody can tell.
        shares: How much each text counts, 1 for a whole one.
        sizes: How large the values of each kind of feature are taken.
    """
    design = design_of(examples, sizes)
    found = minimum(design.matrix, _floats(labels), _floats(shares), design.columns)
    sized = {key: float(found[index]) * size_of(key[1], sizes) for key, index in design.columns.items()}
    bases = {code: sized.pop((code, "")) for code in sorted({code for code, name in design.columns if not name})}
    return Fit({key: weight for key, weight in sized.items() if weight}, bases)


def held_out_log_odds(
    examples: Sequence[Example],
    labels: Sequence[float],
    shares: Sequence[float],
    folds: Sequence[int],
    sizes: Mapping[str, float] = SIZES,
) -> Floats:
    """Log odds of every text, in nats, by weights that have not seen its fold.

    Args:
        examples: Texts as features.
        labels: As for `fit`.
        shares: As for `fit`.
        folds: The fold of each text.
        sizes: As for `fit`.
    """
    design, truths, counted = design_of(examples, sizes), _floats(labels), _floats(shares)
    log_odds, places = np.zeros(len(examples)), np.asarray(folds)
    for fold in sorted(set(folds)):
        seen = places != fold
        found = minimum(design.matrix[seen], truths[seen], counted[seen], design.columns)
        log_odds[~seen] = design.matrix[~seen] @ found
    return log_odds


class Design(NamedTuple):
    """Examples as a matrix, a column for each language and feature; one without a name is the language's base."""

    matrix: csr_matrix
    columns: Mapping[tuple[str, str], int]


def design_of(examples: Sequence[Example], sizes: Mapping[str, float] = SIZES) -> Design:
    """Lay out examples for fitting.

    Args:
        examples: Texts as features.
        sizes: How large the values of each kind of feature are taken.
    """
    columns = _columns_of(examples)
    return Design(_matrix_of(examples, columns, sizes), columns)


def _floats(numbers: Sequence[float]) -> Floats:
    return np.asarray(numbers, dtype=np.float64)


def _columns_of(examples: Iterable[Example]) -> dict[tuple[str, str], int]:
    counts: Counter[tuple[str, str]] = Counter()
    for example in examples:
        counts[example.language, ""] += TEXTS_MIN
        for name in example.features:
            counts[example.language, name] += 1
            if _is_shared(name):
                counts[ALL, name] += 1
    return {key: index for index, key in enumerate(sorted(key for key, count in counts.items() if count >= TEXTS_MIN))}


def is_common(name: str) -> bool:
    """Is a feature a sign of any lexicon? Rows have names of their own language."""
    return name.startswith(SIGN) and not name.startswith("=row:")


def _is_shared(name: str) -> bool:
    """Does a feature mean the same in all languages? Rows of the lexicon and pieces of words do not."""
    if name.startswith(SIGN):
        return is_common(name)
    return not name.startswith(PIECE) and " " not in name


def _matrix_of(
    examples: Sequence[Example], columns: Mapping[tuple[str, str], int], sizes: Mapping[str, float]
) -> csr_matrix:
    rows, places, values = [], [], []
    for row, example in enumerate(examples):
        for name, value in (*example.features.items(), ("", 1.0)):
            for code in (example.language, ALL):
                place = columns.get((code, name))
                if place is not None:
                    rows.append(row)
                    places.append(place)
                    values.append(value * size_of(name, sizes))
    return csr_matrix((values, (rows, places)), shape=(len(examples), len(columns)))


def size_of(name: str, sizes: Mapping[str, float]) -> float:
    """How large the values of a feature are taken."""
    if name.startswith(SIGN):
        return sizes["sign"]
    if name.startswith(PIECE):
        return sizes["piece"]
    return sizes["pair" if " " in name else "word"]


def minimum(matrix: csr_matrix, labels: Floats, shares: Floats, columns: Mapping[tuple[str, str], int]) -> Floats:
    """The weights that lose least, in nats, of logistic regression.

    Args:
        matrix: A row for each text.
        labels: 1 for yes, 0 for no, or between.
        shares: How much each text counts.
        columns: Where each language's feature stands; one without a name is a base, which costs next to nothing.
    """
    penalties = np.full(len(columns), PENALTY)
    for (_, name), place in columns.items():
        if not name:
            penalties[place] = 0.01
    turned = matrix.T.tocsr()

    def loss(weights: Floats) -> tuple[float, Floats]:
        log_odds = matrix @ weights
        value = shares @ (np.logaddexp(0.0, log_odds) - labels * log_odds)
        slope = turned @ (shares * (1.0 / (1.0 + np.exp(-log_odds)) - labels))
        return float(value + penalties @ (weights * weights) / 2), slope + penalties * weights

    start = np.zeros(len(columns))
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 80, "ftol": 1e-6}).x)


def softmax_minimum(matrix: csr_matrix, may_be: Floats, shares: Floats, penalty: float = KINDS_PENALTY) -> Floats:
    """The weights of each column for each kind that lose least, in nats, of multinomial logistic regression.

    Args:
        matrix: Features of the texts.
        may_be: 1 where a text may be of a kind.
        shares: How much each text counts.
        penalty: Of squares of weights.
    """
    turned, shape = matrix.T.tocsr(), (matrix.shape[1], may_be.shape[1])

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(shape)
        log_odds = matrix @ weights
        chances = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        allowed = chances * may_be
        right = allowed.sum(axis=1)
        slope = turned @ ((chances - allowed / right[:, None]) * shares[:, None]) + penalty * weights
        return float(-(shares @ np.log(right)) + penalty * (weights * weights).sum() / 2), slope.ravel()

    start = np.zeros(shape[0] * shape[1])
    options = {"maxiter": 150, "maxcor": 20}
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x.reshape(shape))
