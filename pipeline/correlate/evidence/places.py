"""Where people say that it is, when only their nation's sum stands out.

A region of which nobody complained before has no baseline, so DETECT finds nothing there for
hours, while nearly everybody whom the nation's sum counts names one town. Then the incident is in
that town: in the smallest place that nearly all of them name, with those who name none counted against it.

And the other way round: what a nation hears all over stands out first in the two towns that wrote most. These explain
their nation only if hardly anybody writes from elsewhere; else it is the nation's, and so is the next town.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from pipeline.correlate.config import BordersConfig
from pipeline.correlate.evidence.areas import are_measured, explaining, leaves_of
from pipeline.correlate.evidence.testimony import Testimony
from pipeline.correlate.parts import Dossier
from pipeline.records.series import is_within, parent_of, region_of
from pipeline.records.vocabulary import PPM

NAMED_MAX: Final = 64
"""Places remembered of an incident, the most named ones: one that nearly all name is among them."""


ELSEWHERE_OF: Final = 3
"""If one in so many of those who say where they are is in no area of an incident, these do not explain their nation. In
an outage of one town nearly all name it (`named_share_ppm`); a third leaves room for what people write on any day."""


def hear_places(dossier: Dossier, tops: Iterable[Testimony]) -> None:
    """Count who named which place.

    Args:
        dossier: Changes in place.
        tops: Testimonies of what people say in a pane, each person in one of them; those of regions are left out.
    """
    named = dict(dossier.named)
    for testimony in tops:
        anomaly = testimony.anomaly
        if "/" in anomaly.area or not anomaly.people:
            continue
        for place, people in ((anomaly.area, anomaly.people), *anomaly.places.items()):
            named[place] = named.get(place, 0) + people
    dossier.named = most_named(named)


def most_named(named: Mapping[str, int]) -> dict[str, int]:
    """As many places as are remembered: nations, and of the others those that most people name.

    Args:
        named: People by the place that they named.
    """
    most = sorted(named, key=lambda place: ("/" in place, -named[place], place))[:NAMED_MAX]
    return {place: named[place] for place in sorted(most)}


def place_named(named: Mapping[str, int], config: BordersConfig) -> str | None:
    """The smallest place that nearly all people name; None if there is no such place.

    Args:
        named: People by the place that they named, and by nation all of them.
        config: How many are nearly all, and how many are enough.

    >>> place_named({"FR": 10, "FR/BRE/35/rennes": 9, "FR/BRE": 1}, BordersConfig())
    'FR/BRE/35/rennes'
    """
    below: dict[str, int] = {}
    for place, people in named.items():
        above = place
        while "/" in above:
            below[above] = below.get(above, 0) + people
            above = parent_of(above)
    everybody = sum(people for place, people in named.items() if "/" not in place)
    least = max(config.named_people_min, everybody * config.named_share_ppm / PPM)
    places = [place for place, people in below.items() if people >= least]
    return max(places, key=lambda place: (place.count("/"), below[place], place), default=None)


def _nobody(area: str) -> int:
    """Nobody knows how many live anywhere."""
    del area
    return 0


def nation_told_all_over(
    dossier: Dossier, config: BordersConfig, inhabitants_of: Callable[[str], int] = _nobody
) -> str:
    """The nation in which people tell of an outage all over; '' if figures say where it is, or if its areas hold it.

    A region in which most of the nation lives is no part of it that explains anything by itself, if from outside of it
    come half as many as live there, or more: its towns then count as regions do, and its sum for none. Else the towns
    of one conurbation would be a nation.

    Args:
        dossier: With the pane's evidence taken in.
        config: How many regions make a nation.
        inhabitants_of: Asks how many live in an area; 0 if nobody knows.
    """
    nation = next((area for area in sorted(dossier.areas) if "/" not in area), "")
    if not nation or are_measured(dossier.areas):
        return ""
    placed = {place: people for place, people in dossier.named.items() if "/" in place and is_within(place, nation)}
    most = _most_of(nation, placed, inhabitants_of)
    parts = {place if region_of(place) == most else region_of(place) for place in placed}
    if len(parts - {most}) < config.nation_children_min:
        return ""
    everybody = sum(placed.values())
    inside = [area for area in leaves_of([area for area in dossier.areas if "/" in area]) if area != most]
    elsewhere = sum(
        people
        for place, people in placed.items()
        if not any(is_within(place, area) or is_within(area, place) for area in inside)
    )
    least = max(config.named_people_min, everybody / ELSEWHERE_OF)
    return nation if elsewhere >= least else ""


def _most_of(nation: str, placed: Mapping[str, int], inhabitants_of: Callable[[str], int]) -> str:
    """The region in which most of a nation lives, if from outside of it come half as many as live there; else ''."""
    regions, whole = sorted({region_of(place) for place in placed}), inhabitants_of(nation)
    most = next((region for region in regions if 2 * inhabitants_of(region) > whole > 0), "")
    outside = sum(people for place, people in placed.items() if not is_within(place, most)) if most else 0
    return most if 2 * outside * whole >= sum(placed.values()) * (whole - inhabitants_of(most)) else ""


def areas_hit(dossier: Dossier, config: BordersConfig, measured: Collection[str] = ()) -> list[str]:
    """The smallest areas that explain an incident, sorted, and its nation, if people tell of it all over.

    Args:
        dossier: All evidence.
        config: How many parts make a whole.
        measured: Those that have figures of their own, if these are to stay beside their parts.
    """
    areas = explaining(dossier.areas, config, measured)
    whole = dossier.nationwide
    return sorted({*areas, whole}) if whole in dossier.areas else areas
