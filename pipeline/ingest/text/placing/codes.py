"""Codes: is a number, or a few letters with one, the postcode or the number of a place?

A code needs a word that announces it ("dans le 34", "PLZ"), a place of its own in the text ("NG7: nothing",
"62 pareil", "... , 29000"), or, in Britain, its second half ("M20 2AB"). Two capital letters with a number are a
British district more often than anything else; one letter is a road or a telephone.
"""

from collections.abc import Sequence
from typing import Final

from pipeline.ingest.text.folding import Folded
from pipeline.ingest.text.placing.cues import Cues

DISTRICT_CHARS_MAX: Final = 3
"""Digits of a district's number: 34, 971."""

POSTCODE_CHARS: Final = 5
"""Digits of a German or French postcode."""

ROADS_AND_TELEPHONES: Final = frozenset("abms")
"""Letters that are a road, a paper size or a telephone with a number behind: "M4", "S10"."""

ENDS: Final = frozenset({".", ",", "?"})
"""What ends a clause."""

_INWARD_CHARS = 3
_JOINS = frozenset({"et", "ou", ",", "and", "und", "en", "of", "plus", "&"})


def looks_like_code(text: str) -> bool:
    """Is a folded name one word with digits?"""
    return " " not in text and (text[-1].isdigit() or text[0].isdigit() or text[1].isdigit())


def is_code(text: str, before: Sequence[str], after: Sequence[str], folded: Folded, cues: Cues) -> bool:
    """Is a word that could be a code meant as one?

    Args:
        text: The word, folded.
        before: Words before it, the nearest last.
        after: Words behind it.
        folded: The text.
        cues: How its language points at places.
    """
    if after and after[0] in cues.units:
        return False
    if text[0].isalpha():
        return _is_outward(text, before, after, folded, cues)
    if len(text) <= DISTRICT_CHARS_MAX:
        return bool(cues.districts) and (_is_district(text, before, after, cues) or f"({text})" in folded.plain)
    return _is_postcode(text, before, after, cues)


def _is_outward(text: str, before: Sequence[str], after: Sequence[str], folded: Folded, cues: Cues) -> bool:
    """First half of a British postcode."""
    follows = after[0] if after else ""
    if len(follows) == _INWARD_CHARS and follows[0].isdigit() and follows[1:].isalpha():
        return True
    opens = (not before or before[-1] in ENDS) and _opens(after, cues)
    if text[1].isdigit():
        said = bool(before) and (before[-1] == "in" or before[-1] in cues.codes - cues.cues)
        return said or (opens and text[0] not in ROADS_AND_TELEPHONES)
    said = bool(set(before[-2:]) & (cues.codes | cues.cues)) or follows in cues.areas
    within, first = folded.capitals
    return said or opens or text in within or text in first


def _opens(after: Sequence[str], cues: Cues) -> bool:
    """Does behind a code stand what says how things are there, or nothing, or "and" with another?"""
    return not after or after[0] in cues.openers or after[0] in ENDS or after[0] in _JOINS or after[0] in cues.ordinary


def _is_district(text: str, before: Sequence[str], after: Sequence[str], cues: Cues) -> bool:
    """Is a number that of a district: "dans le 34", "département 59 et 62", "62 ici", "59 et 62 en panne", "panne 34"?

    Where such numbers are listed, what stands before the first of them and behind the last says it of all.
    """
    rest, behind = list(before), list(after)
    while len(rest) > 1 and rest[-1] in _JOINS and _may_be_district(rest[-2]):
        rest = rest[:-2]
    while len(behind) > 1 and behind[0] in _JOINS - ENDS and _may_be_district(behind[1]):
        behind = behind[2:]
    if behind and behind[0] in cues.units:
        return False
    if " ".join(behind[:2]) in cues.areas:
        return True
    if not rest:
        return bool(behind) and behind[0] in cues.openers
    if {*rest[-1:], " ".join(rest[-2:])} & cues.districts:
        return True
    ends = not behind or (behind[0] in ENDS and len(behind) == 1)
    pointing = cues.cues | cues.sure | cues.numbered | cues.codes
    whose = len(rest) > 1 and rest[-2] in cues.faults and rest[-1] in cues.ordinary - pointing  # "panne free 13"
    return ends and (rest[-1] in cues.faults or whose) and text not in cues.called


def _may_be_district(word: str) -> bool:
    return word.isdigit() and len(word) <= DISTRICT_CHARS_MAX


def _is_postcode(text: str, before: Sequence[str], after: Sequence[str], cues: Cues) -> bool:
    """Five digits: announced, or all that stands at the start of a text, or what ends one."""
    if {*before[-2:], " ".join(before[-2:])} & cues.codes:
        return True
    if len(text) != POSTCODE_CHARS:
        return False
    if not before:
        return not after or after[0] in cues.openers or after[0] in ENDS
    last = before[-1]
    ends = not after or (after[0] in (".", "?") and len(after) == 1)
    return ends and last not in cues.numbered and not last.endswith(("nummer", "nr"))
