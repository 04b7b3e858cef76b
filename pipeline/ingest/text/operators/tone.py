"""Tone: does a part of a clause say that something works, that it fails, or neither?"""

from typing import Final

from pipeline.ingest.text.folding import folded_terms
from pipeline.ingest.text.matching import Matcher, gathered
from pipeline.reference.spoken.brands import Brands

WELL: Final = "well"
FAILS: Final = "fails"
OPEN: Final = "open"
"""What a clause says of its names: all is well, something fails, neither for sure."""


class ToneReader:
    """Tells the tone of parts of clauses of one language.

    Args:
        brands: Words around names of operators.
    """

    def __init__(self, brands: Brands) -> None:
        moving = [(term, False) for term in brands.moving]
        self._well = Matcher(gathered([*((term, True) for term in brands.well), *moving]))
        self._failing = Matcher(gathered((term, None) for term in brands.failing))
        self.denies = folded_terms(brands.denies)

    def tone(self, part: str) -> str:
        """Does a part of a clause say that something works, and deny nothing beside that?

        Args:
            part: Folded words, a space around each.
        """
        rest, end = "", 0
        hits = [hit for hit in self._well.longest(part) if all(hit.payload)]
        for hit in hits:
            rest, end = rest + part[end : hit.start] + " ", hit.end
        rest += part[end:]
        if not self.denies.isdisjoint(rest.split()) or self._failing.any(f" {rest} "):
            return FAILS
        return WELL if hits else OPEN
