"""Leads: may a text that names nobody who could be called tell that help cannot be called?

"Paper taped to the station door: if you could not get us by phone, neither could anyone" holds no number and no
service. What such texts share is single words ("station", "phone", "neighbour", "radioed"), none of which says enough.
So each word has a weight, also by how it begins, and a text is read for a claim where their sum is high enough, as
that of about one everyday post in a hundred is. What the text then comes to is not decided here.
"""

from collections.abc import Iterable
from typing import Final

from pipeline.ingest.text.traits import LEAD
from pipeline.reference.learnt.alarm_weights import AlarmWeights

BEGINNINGS: Final = (4, 6)
"""Letters by which longer words resemble their kin."""

BAR_CNAT: Final = -80
"""From this sum on a text is read for a claim: chosen on texts of writers of whom nothing was learnt."""

TELLING_CNAT: Final = 100
"""A word that leads by itself: a text without one is not added up."""

WORDS_KEPT_MAX: Final = 20_000
"""Words whose sums are remembered; then all are forgotten, which changes no sum."""

_SIGNS: Final = frozenset({".", ",", "?"})


class Leads:
    """Adds up the leads of one language.

    Args:
        weights: From `pipeline.reference.learnt.alarm_weights.parse_alarm_weights`.
    """

    def __init__(self, weights: AlarmWeights) -> None:
        self._base, self._of = weights.lead_base, dict(weights.leads)
        self._known: dict[str, int] = {}

    def trait(self, word: str) -> int:
        """`LEAD` of a word that leads by itself."""
        return LEAD if self._of and self._weight(word) >= TELLING_CNAT else 0

    def lead(self, words: str) -> bool:
        """May these folded words hold a claim?"""
        return bool(self._of) and self._base + sum([self._weight(word) for word in set(words.split())]) >= BAR_CNAT

    def _weight(self, word: str) -> int:
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= WORDS_KEPT_MAX:
                self._known.clear()
            known = self._known[word] = sum([self._of.get(lead, 0) for lead in leads_of(word)])
        return known


def leads_of(word: str) -> Iterable[str]:
    """What of a folded word may have a weight.

    >>> leads_of("station"), leads_of("ring")
    (['station', 'stat*', 'statio*'], ['ring'])
    """
    if word in _SIGNS:
        return []
    return [word, *[word[:letters] + "*" for letters in BEGINNINGS if len(word) > BEGINNINGS[0]]]
