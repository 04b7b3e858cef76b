"""Services: which of them a text says fail, where it names several."""

from collections.abc import Sequence
from typing import Final

from pipeline.ingest.text.relevance import Relevance

CLEAR_PERCENT: Final = 60
"""A complaint whose points are so many in a hundred of the clearest one's names a service of its own."""

SERVICES_MAX: Final = 3
"""Services of one text that count: who names more lists what there is."""

LISTED_CHARS_MAX: Final = 6
"""Gap between two things of a list: a comma, "and"."""

_DATA: Final = ("broadband", "mobile_data")


def services_of(reading: Relevance, service: str | None) -> tuple[str, ...]:
    """All services that a text says fail: those of complaints nearly as clear as the clearest.

    Args:
        reading: What is found in the text.
        service: That of the clearest, as `told_of` has it; None = the text tells none.
    """
    if service is None:
        return ()
    complaints = reading.complaints
    found = [service]
    for complaint in complaints:
        named = complaint.service
        clear = complaint.points * 100 >= complaints[0].points * CLEAR_PERCENT
        if named is not None and named not in found and clear and not _is_same(named, found):
            found.append(named)
    found += [named for named in _listed_before(reading) if named not in found and not _is_same(named, found)]
    return tuple(found[:SERVICES_MAX])


def _listed_before(reading: Relevance) -> list[str]:
    """Services of things that stand in a list before the clearest complaint: "broadband, TV and landline dead"."""
    if not reading.complaints:
        return []
    start, found = reading.complaints[0].start, []
    for clue in reversed(reading.clues):
        if clue.start < start and clue.row.role == "thing" and start - clue.end <= LISTED_CHARS_MAX:
            start = clue.start
            if clue.row.service is not None:
                found.append(clue.row.service)
    return found


def _is_same(service: str, found: Sequence[str]) -> bool:
    """Is it another word for what is found: data of the mobile and the internet at home are told apart by few?"""
    return service == "emergency" or (service in _DATA and any(other in _DATA for other in found))
