"""Telling: since when it fails, who has it, and whether it is back, by lists of words that no weights are learnt of.

Whether only the writer has it or the whole street is said in passing, by words that are plain. "It is back" is plain as
well, and turned by whatever asks, denies, hopes or goes on to complain in its sentence: then it says nothing. A text
that reports a present fault tells nobody that all is well.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from pipeline.ingest.text.folding import Folded
from pipeline.ingest.text.loops.walking import starts_of
from pipeline.ingest.text.matching import Hit, Matcher, gathered, longest_of
from pipeline.ingest.text.told.since import Since, SinceReader
from pipeline.ingest.text.traits import BACK, telling_word
from pipeline.ingest.text.words import WordsSum
from pipeline.records.inner.talk import GENERAL, ISOLATED
from pipeline.reference.official_words import EndWords
from pipeline.reference.spoken.told_words import ToldWords

_CHRONIC: Final = "chronic"
_OVERDUE: Final = "overdue"
_ASKED: Final = "asked"
_BACK: Final = "back"
_NEVER: Final = "never"

_ALONE_OR: Final = frozenset({"or", "ou", "oder", "of"})
"""Behind "only me" these ask: "only me or everybody?"."""


class SaidBeside(NamedTuple):
    """What a text tells beside the fault.

    Attributes:
        since: Since when it fails.
        spread: `isolated` or `general`; '' if it does not say.
        back: It works again.
        turned: Words for that are there, but asked, denied or hoped.
        overdue: It fails still, or what was announced should be over.
    """

    since: Since | None
    spread: str
    back: bool
    turned: bool = False
    overdue: bool = False


_NOTHING_TOLD: Final = (False, False)
NOTHING_BESIDE: Final = SaidBeside(None, "", False)


class TellingReader:
    """Reads what texts of one language tell beside a fault.

    Attributes:
        telling: Words of which each phrase that tells that it is back has one.

    Args:
        words: Its words.
        ends: Its words of time; None = since when is never told.
        often: How often words are met.
    """

    def __init__(self, words: ToldWords, ends: EndWords | None, often: Mapping[str, int]) -> None:
        told = [(term, _CHRONIC) for term in words.chronic]
        told += [(term, _OVERDUE) for term in words.overdue]
        told += [(term, _ASKED) for term in words.never_isolated]
        told += [(term, ISOLATED) for term in words.isolated]
        told += [(term, GENERAL) for term in words.general]
        back = [(term, _BACK) for term in words.back] + [(term, _NEVER) for term in words.never_back]
        self._told = Matcher(gathered(told))
        self._back = Matcher(gathered(back))
        phrases = gathered((term, None) for term in words.back)
        self.telling = frozenset(telling_word(phrase, often) for phrase in phrases)
        self._since = None if ends is None or not words.since else SinceReader(words, ends)

    def read(self, folded: Folded, text: str, words: WordsSum, *, relevant: bool, nearly: bool) -> SaidBeside:
        """What a text tells.

        Args:
            folded: The folded text.
            text: As posted.
            words: What is known of its words.
            relevant: It reports a present fault.
            nearly: It does so, or may among others: only then since when and who has it are asked.
        """
        told = _NOTHING_TOLD
        if not relevant and words.traits & BACK:
            told = self._back_or_turned(folded.words, folded.tokens)
        back, turned = told
        if not nearly:
            return SaidBeside(None, "", back, turned) if back or turned else NOTHING_BESIDE
        hits = longest_of(self._told.spans_along(folded.tokens, starts_of(words.known, "beside", self._told.start)))
        chronic = any(_CHRONIC in hit.payload for hit in hits)
        since = None if self._since is None else self._since.read(text, chronic=chronic)
        overdue = any(_OVERDUE in hit.payload for hit in hits)
        return SaidBeside(since, _spread(hits, folded.words), back, turned, overdue)

    def _back_or_turned(self, words: str, tokens: list[str]) -> tuple[bool, bool]:
        """Does a text say that it is back, or else only hold words for it that something turns?"""
        found = False
        hits = longest_of(self._back.spans_of(tokens))
        for hit in hits:
            if _BACK in hit.payload and _NEVER not in hit.payload:
                start, end, asks = _sentence(words, hit.start)
                turned = any(_NEVER in other.payload and start <= other.start < end for other in hits)
                if not (asks or turned):
                    return True, False
                found = True
        return False, found


def _spread(hits: list[Hit[tuple[str, ...]]], words: str) -> str:
    """Who has it; '' if both are told, or neither, or it is only asked."""
    found = ""
    for hit in hits:
        for kind in (ISOLATED, GENERAL):
            if kind in hit.payload:
                asks = _sentence(words, hit.start)[2] or words[hit.end + 1 :].split(" ", 1)[0] in _ALONE_OR
                if not asks:
                    if found and found != kind:
                        return ""
                    found = kind
    return found


def _sentence(words: str, place: int) -> tuple[int, int, bool]:
    """Where the sentence around a place begins and ends, and whether it asks."""
    start = max(words.rfind(" . ", 0, place + 1), words.rfind(" ? ", 0, place + 1)) + 1
    stops = [stop for sign in (" . ", " ? ") if (stop := words.find(sign, place)) >= 0]
    end = min(stops, default=len(words))
    return start, end, words[end : end + 3] == " ? "
