"""The card of the weights: what they are, what they were made of, how right they are, and what they are not for."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from training.measuring import Figures
from training.texts import LANGUAGES, LabelledText

_HEAD: Final = """# Weights: how likely a text reports a present fault

`weights.en.tsv`, `weights.fr.tsv` and `weights.de.tsv` are made by `python -m training`; do not edit them by hand.
`weights.any.tsv` holds what the signs of a lexicon say in all three: a language with a lexicon and no weights uses it.
docs/text.md explains them.

* **Question**: does this text report a present fault of its operator's service, for its writer? *Alone*: by its words
  only. *In context*: were it one of many complaints of one place and minute, in which "same here" is an answer.
* **Method**: logistic regression over words, pairs of words, pieces of words and signs of the lexicon, penalty on
  squares, all languages at once with a part that they share; log odds made right by a line on held-out texts; weights
  in whole centi-nats.
* **Data**: {data}. Written for this project, none by a customer; training/texts/README.md says how. Kinds that mislead
  are many on purpose: figures on them are lower than on a stream of everyday posts.
* **Licence**: Apache-2.0, weights and texts.
* **Not for**: judging people, other languages, other trades. A text is evidence of an outage, never about a person.

Measured in five folds: each text by weights that have not seen it. ECE: expected calibration error, ten bins.
Precision, recall and F1 of "in context" are at the same threshold.

| what | language | texts | precision | recall | F1 | ECE |
|---|---|---|---|---|---|---|
"""


class Row(NamedTuple):
    """One line of the table."""

    what: str
    language: str
    figures: Figures

    def __str__(self) -> str:
        texts, precision, recall, f1, error = self.figures
        return f"| {self.what} | {self.language} | {texts} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {error:.3f} |"


def card(rows: Sequence[Row], texts: Sequence[LabelledText]) -> str:
    """The card as a page of Markdown.

    Args:
        rows: What was measured.
        texts: What the weights were made of.
    """
    counts = [f"{sum(text.language == code for text in texts):,} texts in {code}" for code in LANGUAGES]
    return _HEAD.format(data=", ".join(counts)) + "".join(f"{row}\n" for row in rows)
