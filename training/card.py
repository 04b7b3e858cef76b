"""The card of the weights: what they are, what they were made of, how right they are, and what they are not for."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from pipeline.ingest.text.alarm.claiming import PLAIN_PERMILLE, RULED_PERMILLE
from training.claims import CLAIM_LANGUAGES, DOUBTFUL_PERMILLE, SURE_PERMILLE, ClaimText
from training.measuring import Figures
from training.official import OFFICIAL_LANGUAGES, OfficialText, official_figures
from training.texts import LANGUAGES, LabelledText

_HEAD: Final = """# Weights: how likely a text reports a present fault

`weights.LANGUAGE.tsv` are made by `python -m training`; do not edit them by hand.
`weights.any.tsv` holds what the signs of a lexicon say in all of them: a language with a lexicon and no weights uses
it. docs/text.md explains them.

* **Question**: does this text report a present fault of its operator's service, for its writer? *Alone*: by its words
  only. *In context*: were it one of many complaints of one place and minute, in which "same here" is an answer.
* **Method**: logistic regression over words, pairs of words, pieces of words and signs of the lexicon, penalty on
  squares, all languages at once with a part that they share; log odds made right by a line on held-out texts; weights
  in whole centi-nats.
* **Data**: {data}. Written for this project, none by a customer; training/texts/README.md says how. Kinds that mislead
  are many on purpose: figures on them are lower than on a stream of everyday posts.
* **Licence**: Apache-2.0, weights and texts.
* **Not for**: judging people, other languages, other trades. A text is evidence of an outage, never about a person.

Each text judged by weights that have not seen its writer, or its file: docs/text.md. ECE: expected calibration error,
ten bins. Precision, recall and F1 of "in context" are at the same threshold.

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


_CLAIMS: Final = """
# Weights: does a text say that help cannot be called?

`alarm.LANGUAGE.tsv` are made by the same command; `alarm.any.tsv` holds the signs that all languages share.

* **Question**: does this text say, first hand and now, that somebody cannot reach help by telephone?
* **Method**: as above, with one weight a feature: words, pairs and pieces of words near what may have been called,
  and what the lexicon's words around a claim tell. Only texts with a number, a stem of
  the lexicon or enough leads (rows that begin with @) are read. Beside the sum counts what the whole sentence means:
  `meaning.alarm.tsv`, a net with one hidden layer over the 512 numbers of an encoder.
* **Data**: {data}, written for this question,
  and the texts above, of which some hold a claim. None is by a customer.
* **Bars**: from {sure} permille, or {ruled} and {plain} where the pairs of the lexicon make a short or very short one,
  a claim counts; from {doubtful} on a person is asked. Who names nobody is asked about at most.
  The table below has other bars, of the model alone: 600 and 200.

Each text judged by weights that have not seen it. A text in doubt that passes a bar counts as false. Recall counts
claims that are not read as missed.

| texts | language | claims | precision, sure | recall, sure | precision, in doubt or sure | recall, in doubt or sure |
|---|---|---|---|---|---|---|
"""


def claim_card(rows: Sequence[str], texts: Sequence[ClaimText]) -> str:
    """The part of the card that is about claims.

    Args:
        rows: What was measured.
        texts: What the weights were made of.
    """
    counts = {
        code: sum(text.source == "claims" and text.language == code for text in texts) for code in CLAIM_LANGUAGES
    }
    data = ", ".join(f"{count:,} texts in {code}" for code, count in counts.items())
    head = _CLAIMS.format(
        data=data, sure=SURE_PERMILLE, ruled=RULED_PERMILLE, plain=PLAIN_PERMILLE, doubtful=DOUBTFUL_PERMILLE
    )
    return head + "".join(f"{row}\n" for row in rows)


_OFFICIAL: Final = """
# Weights: what is an operator's own post?

`official.LANGUAGE.tsv` are made by the same command; `official.any.tsv` holds the cues that all languages share, for a
language with a file of words in `official/` and no weights.

* **Question**: which of nine kinds is a post that an operator wrote about itself, and does it tell of an outage now?
* **Method**: multinomial logistic regression over words, pairs of words and cues: words that tell the same have one
  name in all languages (`official/LANGUAGE.toml`), which cue follows which is a feature too, and a cue has another
  name where it is denied, expected or partial. Half of the sum is what the post means: `meaning.official.tsv`, a net
  of 64 hidden numbers over an encoder's numbers of the whole post, of its sentences' mean, its first and its last one.
* **Data**: the texts counted below, written for this question, and the texts above that are flagged as official.
* **Known flaw**: who wrote the lists of cues had read the first writers' texts; the weights had not.

Each text judged by weights that have not seen its writer (of the first writers: its stretch); of replies it is known
that they are. "In a thread": an outage told to one and one told to all are taken for the same kind. "Acts": kinds after
which the same is done are one: outage, its reply and update; all-clear; planned; deny; and the three that say nothing
of the network.

| language | texts | kind right | in a thread | acts | present outage: precision | recall | F1 |
|---|---|---|---|---|---|---|---|
"""


def official_card(rows: Sequence[str]) -> str:
    """The part of the card that is about operators' own posts.

    Args:
        rows: What was measured.
    """
    return _OFFICIAL + "".join(f"{row}\n" for row in rows)


def official_rows(texts: Sequence[OfficialText], told: Sequence[str]) -> Iterator[str]:
    """Lines of the card.

    Args:
        texts: All of them.
        told: What each was told to be, held out.
    """
    for language in OFFICIAL_LANGUAGES:
        got = official_figures(texts, told, language)
        figures = " | ".join(f"{share:.3f}" for share in (*got[1:], got.f1))
        yield f"| {language} | {got.texts} | {figures} |"
