"""The words of what follows an outage: a survey's questions, thanks, and what customers are told of mending.

Each text is said in the languages that a summary has fields for, and in those of the market beside them.
"""

from collections.abc import Sequence
from typing import Final

from pipeline.records.published.people import Paragraph
from pipeline.records.vocabulary import Language
from pipeline.wording.sentences import Wording
from pipeline.wording.summary import paragraph, speaking

QUESTIONS: Final = ("hit", "soon", "clear", "satisfied", "better")
"""Questions of a survey, in the order in which they are asked."""


def sentence_of(wording: Wording, languages: Sequence[Language], key: str, *, exercise: bool = False) -> Paragraph:
    """A sentence that names nothing, in all languages that are needed; marked if it is an exercise's.

    Args:
        wording: The sentences of all languages.
        languages: Those of the market's customers.
        key: Key of the sentence.
        exercise: Whether it belongs to an exercise.
    """
    keys = ["summary.exercise", key] if exercise else [key]
    said = speaking(languages, wording).items()
    return paragraph({code: " ".join(sentences.say(name) for name in keys) for code, sentences in said})
