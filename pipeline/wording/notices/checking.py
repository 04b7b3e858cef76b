"""What is wrong with sentences that can be said: too long for an outlet, jargon, abbreviations in what is spoken.

Length is judged with sample facts of usual size: an operator of 14 letters, two numbers, two services. What an
outlet cannot take is left out of a text without a word, so the person who writes must hear of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.wording.notices.outlets import OUTLET_FORMS, in_gsm, is_gsm
from pipeline.wording.sentences import SENTENCES, Sentences

SAMPLE: Final[Mapping[str, str]] = {
    "numbers": "112, 110",
    "operator": "Example Mobile",
    "services": "internet, TV",
    "places": "Leverkusen",
    "early": "14:00",
    "late": "16:30",
    "time": "14:30",
    "number": "470.000",
    "customers": "470.000",
    "low": "300.000",
    "likely": "350.000",
    "high": "470.000",
    "incident": "4f6a1c7be09d33215f00",
    "claim": "a claim of forty letters, as people write",
    "headline": "Example Mobile: internet, TV (Leverkusen, Köln)",
    "cause": "an overload",
    "start": "12 February, 02:00",
    "end": "05:00",
    "reason": "a new cable",
}
"""What a sentence may name, in usual size."""

FOR_EXPERTS: Final = ("report.",)
"""Tables whose readers are of the trade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Jargon:
    """Words that a language does not want.

    Attributes:
        words: Words of the trade that no text for people may have.
        abbreviations: What nobody can say aloud.
    """

    words: Sequence[str] = ()
    abbreviations: Sequence[str] = ()

    def in_text(self, text: str, *, spoken: bool = False) -> list[str]:
        """Which of them a text has, as whole words whatever their case.

        Args:
            text: What people read.
            spoken: Whether it is read aloud, so that abbreviations count too.

        >>> Jargon(words=("core",)).in_text("The Core is down, a score is not")
        ['core']
        """
        wanted = [*self.words, *(self.abbreviations if spoken else ())]
        folded = text.casefold()
        return [word for word in wanted if _has_word(folded, word.casefold())]


def _has_word(text: str, word: str) -> bool:
    """Does a text have a word that is not a part of a longer one?"""
    at = text.find(word)
    while at >= 0:
        beside = text[at - 1 : at] + text[at + len(word) : at + len(word) + 1]
        if not any(char.isalnum() for char in beside):
            return True
        at = text.find(word, at + 1)
    return False


def remarks_of(sentences: Sentences, keys: Sequence[str], jargon: Jargon) -> Iterator[tuple[str, str]]:
    """Key and words of each remark, in the order of the keys.

    Args:
        sentences: All of a language.
        keys: Those to look at.
        jargon: Words that the language does not want.
    """
    for key in keys:
        if key.startswith(FOR_EXPERTS):
            continue
        text = sentences.say(key, **{name: SAMPLE.get(name, "x") for name in SENTENCES[key]})
        yield from ((key, f"{word!r} is jargon; say it as a customer would") for word in jargon.in_text(text))
        spoken = jargon.in_text(text, spoken=True)
        yield from (
            (key, f"{word!r} cannot be said aloud; write the whole word")
            for word in spoken
            if word in jargon.abbreviations
        )
        yield from ((key, words) for words in _too_long(key, text, sentences))


def _too_long(key: str, text: str, sentences: Sentences) -> Iterator[str]:
    if not key.startswith("notice."):
        return
    has_short = sentences.has(f"{key}_short")
    for outlet, form in OUTLET_FORMS.items():
        if form.is_short and has_short:
            continue
        excess = form.excess(form.plain(text))
        if excess > 0 and (key.endswith("_short") or not form.is_short):
            yield f"is {excess} too long for {outlet}; shorten it"
    if key.endswith("_short") and not is_gsm(in_gsm(text)):
        strange = sorted({char for char in text if not is_gsm(in_gsm(char))})
        yield f"has {' '.join(strange)}, which leaves 70 characters of a text message; use others"
    if key.startswith("notice.emergency") and key.endswith("_short"):
        headline = sentences.say("notice.headline_short", **SAMPLE)
        excess = OUTLET_FORMS["sms"].excess(in_gsm(f"{text} {headline}"))
        if excess > 0:
            yield f"and notice.headline_short are {excess} too long for one text message; shorten one of them"
