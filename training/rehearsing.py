"""The texts that `tocsin learn` rehearses, chosen anew beside new weights.

Who learns from one operator's posts alone forgets what all others taught. So some texts of the training set ride
along: by their signs, with the probability that weights gave which had not seen their writer, and as many faults among
them as among everyday posts. `python -m training` does it;
`python -m training.rehearsing` does no more than that, in a minute or two.
"""

import sys
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Final

import numpy as np

from pipeline.adapters.reference.language import REHEARSALS, read_lexicon, weights_file
from pipeline.ingest.text.odds.features import signs_of
from pipeline.ingest.text.odds.weighing import expert_cnat
from pipeline.ingest.text.understand import TextRules
from pipeline.reference.learnt.corrections import fingerprint
from pipeline.reference.learnt.rehearsals import Rehearsal, Rehearsals, rehearsals_written
from pipeline.reference.learnt.weights import permille_of
from training.examples import examples_of
from training.fitting import CENTINATS, Example, Floats
from training.joining import LEXICON, text_rules
from training.measuring import EVERYDAY_SHARE, held_out, line_of
from training.texts import LANGUAGES, LabelledText, read_texts

TEXTS: Final = 600
"""Of a language, or as many as it has."""


def main() -> None:
    """Choose and write."""
    texts = [text for code in LANGUAGES for text in read_texts(code)]
    rules = text_rules()
    write_rehearsals(texts, examples_of(texts, rules), rules)


def write_rehearsals(texts: Sequence[LabelledText], examples: Sequence[Example], rules: TextRules) -> None:
    """Choose and write, beside the weights that lie there.

    Args:
        texts: Those of all languages.
        examples: Of each text what is learnt of it.
        rules: Find the signs.
    """
    odds = held_out(texts, examples, "alone")
    weights = read_lexicon(LEXICON).weights
    for code in LANGUAGES:
        own = np.array([text.language == code and text.fault is not None for text in texts])
        told = [text for text, is_own in zip(texts, own, strict=True) if is_own]
        found = Rehearsals(fingerprint(weights[code]), tuple(rehearsals(told, odds[own], rules)))
        weights_file(LEXICON, code, REHEARSALS).write_text(rehearsals_written(found), encoding="utf-8")
        faults = sum(text.is_fault for text in found.texts)
        sys.stdout.write(f"{code}: {len(found.texts)} texts, {faults} of them faults\n")


def rehearsals(texts: list[LabelledText], log_odds: Floats, rules: TextRules) -> Iterator[Rehearsal]:
    """Choose texts of one language.

    Args:
        texts: Those of which it is known whether they report a fault.
        log_odds: Of each, by weights that had not seen its writer, in nats.
        rules: Find the signs.
    """
    labels = np.array([float(bool(text.fault)) for text in texts])
    line = line_of(log_odds, labels)
    everyday = np.log(EVERYDAY_SHARE / (1 - EVERYDAY_SHARE)) - np.log(labels.mean() / (1 - labels.mean()))
    odds = {text.text: odds * line.slope + line.shift + everyday for text, odds in zip(texts, log_odds, strict=True)}
    for text in _chosen(texts):
        folded, reading = rules.read(text.text, text.language)
        cnat = round(CENTINATS * float(odds[text.text])) + expert_cnat(reading.points)
        yield Rehearsal(permille_of(cnat), bool(text.fault), tuple(sorted(signs_of(folded, reading))))


def _chosen(texts: list[LabelledText]) -> list[LabelledText]:
    """By lot, the same each time; as many of them faults as of everyday posts."""
    drawn = sorted({text.text: text for text in texts}.values(), key=_lot)
    quiet = [text for text in drawn if not text.fault]
    total = min(TEXTS, round(len(quiet) / (1 - EVERYDAY_SHARE)))
    faults = [text for text in drawn if text.fault][: round(total * EVERYDAY_SHARE)]
    return sorted([*quiet[: total - len(faults)], *faults], key=_lot)


def _lot(text: LabelledText) -> bytes:
    return blake2b(text.text.encode(), digest_size=8).digest()


if __name__ == "__main__":
    main()
