"""Leads: may a text that names nobody who could be called tell that help cannot be called?

"Paper taped to the station door: if you could not get us by phone, neither could anyone" holds no number and no
service. What such texts share is single words ("station", "phone", "neighbour", "radioed"), none of which says enough.
So each word has a weight, also by how it begins, and a text is read for a claim where their sum is high enough, as
that of about one everyday post in a hundred is. What the text then comes to is not decided here.
"""

from collections.abc import Iterable
from typing import Final

from pipeline.ingest.text.words import Word, WordsSum
from pipeline.reference.learnt.alarm_weights import AlarmWeights

BEGINNINGS: Final = (4, 6)
"""Letters by which longer words resemble their kin."""

BAR_CNAT: Final = -80
"""From this sum on a text is read for a claim: chosen on texts of writers of whom nothing was learnt."""

_SIGNS: Final = frozenset({".", ",", "?"})


class Leads:
    """Adds up the leads of one language.

    Args:
        weights: From `pipeline.reference.learnt.alarm_weights.parse_alarm_weights`.
    """

    def __init__(self, weights: AlarmWeights) -> None:
        self._least, self._of = BAR_CNAT - weights.lead_base, dict(weights.leads)
        self._begun = {lead[:-1]: weight for lead, weight in weights.leads.items() if lead[-1:] == "*"}

    def tell(self, word: Word) -> None:
        """Note the weight of a word: its sum over a text comes with those of the words."""
        text, lead = word.text, 0
        if text not in _SIGNS:
            lead = self._of.get(text, 0)
            if len(text) > BEGINNINGS[0]:
                lead += self._begun.get(text[: BEGINNINGS[0]], 0) + self._begun.get(text[: BEGINNINGS[1]], 0)
        word.lead = lead

    def are_enough(self, words: WordsSum) -> bool:
        """May words hold a claim?"""
        return bool(self._of) and words.lead >= self._least


def leads_of(word: str) -> Iterable[str]:
    """What of a folded word may have a weight.

    >>> leads_of("station"), leads_of("ring")
    (['station', 'stat*', 'statio*'], ['ring'])
    """
    if word in _SIGNS:
        return []
    return [word, *[word[:letters] + "*" for letters in BEGINNINGS if len(word) > BEGINNINGS[0]]]
