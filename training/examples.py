"""Examples: texts of the training set as the features that INGEST will find in them, by the same code."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from pipeline.ingest.text.odds.features import pairs_of, pieces_of, signs_of, token_of
from pipeline.ingest.text.understand import TextRules
from training.fitting import Example
from training.texts import LabelledText

STRETCH: Final = 20
"""Different words up to which each counts in full: half of the posts are shorter."""


def examples_of(texts: Iterable[LabelledText], rules: TextRules) -> list[Example]:
    """Texts as features.

    Args:
        texts: What was written.
        rules: Fold the texts and find the lexicon's rows; their weights are not asked.
    """
    return [_example_of(text, rules) for text in texts]


def _example_of(text: LabelledText, rules: TextRules) -> Example:
    folded, reading = rules.read(text.text, text.language)
    tokens = [token_of(word) for word in folded.tokens]
    different = set(tokens)
    share = min(1.0, (STRETCH / max(len(different), 1)) ** 0.5)
    features: Counter[str] = Counter()
    for token in different:
        features[token] += 1
        features.update(pieces_of(token))
    features.update(pairs_of(tokens))
    values = {name: count * share for name, count in features.items()}
    values |= dict.fromkeys(signs_of(folded, reading), 1.0)
    return Example(text.language, values)
