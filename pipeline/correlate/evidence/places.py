"""Where people say that it is, when only their nation's sum stands out.

A region of which nobody complained before has no baseline, so DETECT finds nothing there for
hours, while nearly everybody whom the nation's sum counts names one town. Then the incident is in
that town: in the smallest place that nearly all of them name, with those who name none counted against it.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from pipeline.correlate.config import BordersConfig
from pipeline.correlate.evidence.testimony import Testimony
from pipeline.correlate.parts import Dossier
from pipeline.records.series import parent_of
from pipeline.records.vocabulary import PPM

NAMED_MAX: Final = 64
"""Places remembered of an incident, the most named ones: one that nearly all name is among them."""


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
