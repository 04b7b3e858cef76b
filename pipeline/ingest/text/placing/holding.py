"""Holding: names behind which the area that holds them stands: "Portland, ME", "Die, Drôme", "Vienne (38)".

The area behind says that the word before is a place, and which of its name. A landscape ("Richmond, North Yorkshire")
is known by its region only, so of several places of one name there none is sure, and the region is meant.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from pipeline.ingest.text.folding import Folded
from pipeline.ingest.text.matching import Hit
from pipeline.ingest.text.placing.settling import UNKNOWN_POPULATION, Site, Sites
from pipeline.reference.places import LANDSCAPE_POPULATION

CODED_MARKETS: Final = frozenset({"US", "CA", "AU"})
"""Where people write a region by the letters that its path ends in."""

WORD_CODES: Final = frozenset({"in", "or", "me", "ok", "hi", "so", "as", "on"})
"""Letters of regions that are words unless they are capitals."""

_LINKS = frozenset(
    {"", ",", "in", "im", "auf", "auf der", "en", "dans", "dans le", "dans la", "dans l", "on", "on the"}
)


class Held(NamedTuple):
    """Names of a text, and which of them the area behind says to be places.

    Attributes:
        hits: The names; of those that are held, only the places within.
        sure: Offsets at which names start that are held, and those that hold them.
    """

    hits: list[Hit[Sites]]
    sure: frozenset[int]


def codes_of(sites: Mapping[str, Sites]) -> dict[str, dict[str, str]]:
    """By market, the letters of its regions: US -> {"tx": "US/TX"}."""
    found: dict[str, dict[str, str]] = {}
    for of in sites.values():
        for site in of:
            if site.market in CODED_MARKETS and site.area.count("/") == 1:
                found.setdefault(site.market, {})[site.area.rpartition("/")[2].lower()] = site.area
    return found


def held(hits: Sequence[Hit[Sites]], folded: Folded, codes: Mapping[str, str]) -> Held:
    """Which names have the area that holds them behind?

    Args:
        hits: What could be names, in their order.
        folded: The text.
        codes: Letters of regions of the text's market.
    """
    if len(hits) == 1 and not codes:
        return Held([*hits], frozenset())
    found: list[Hit[Sites]] = []
    sure: set[int] = set()
    for place, hit in enumerate(hits):
        then = hits[place + 1] if place + 1 < len(hits) else None
        narrowed = _by_letters(hit, folded, codes) if codes else ()
        if not narrowed and then is not None and folded.words[hit.end : then.start].strip() in _LINKS:
            narrowed = _by_name(hit, then)
            sure |= {then.start} if narrowed else set()
        sure |= {hit.start} if narrowed else set()
        found.append(Hit(hit.start, hit.end, narrowed or hit.payload))
    return Held(found, frozenset(sure))


def _by_letters(hit: Hit[Sites], folded: Folded, codes: Mapping[str, str]) -> Sites:
    """The places of a name within the region whose letters stand behind."""
    after = folded.words[hit.end : hit.end + 8].split()
    letters = next((word for word in after[:2] if word != ","), "")
    region = codes.get(letters)
    if region is None or (after[0] != "," and after[0] != letters):
        return ()
    within, first = folded.capitals
    quiet = not within and not first
    if letters not in within and not (quiet and letters not in WORD_CODES):
        return ()
    narrowed = tuple(site for site in hit.payload if site.area.startswith(f"{region}/"))
    wide = any(_is_landscape(site) for site in hit.payload)
    return narrowed or ((Site(region, UNKNOWN_POPULATION, region.partition("/")[0]),) if wide else ())


def _by_name(hit: Hit[Sites], then: Hit[Sites]) -> Sites:
    """The places of a name within the region or district whose name or number stands behind."""
    if hit.payload[0].form == "adjective":
        return ()
    for holder in then.payload:
        if not 1 <= holder.area.count("/") <= 2:
            continue
        narrowed = tuple(site for site in hit.payload if site.area.startswith(f"{holder.area}/"))
        if narrowed:
            several = len(narrowed) > 1 and _is_landscape(holder)
            return (holder,) if several else narrowed
    return ()


def _is_landscape(site: Site) -> bool:
    """Is it a part of a region without an area of its own?"""
    return site.area.count("/") == 1 and site.population <= LANDSCAPE_POPULATION
