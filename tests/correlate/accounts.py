"""What DETECT believes of a place while anomalies come from it, as a few plain rules for stories.

The network alone may be a lying probe, people alone may be talking for another reason: an outage is likely, and is
not sure. Where two groups of witnesses speak of the same place, it is. A story that means otherwise tells its
own weighings.
"""

from collections.abc import Iterable, Sequence
from math import log
from typing import Final

from msgspec import structs

from pipeline.correlate.evidence.testimony import NETWORK, Testimony
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.weighings import Weighing
from pipeline.records.series import region_of

SURE: Final = 0.999
POSSIBLE_PROBE: Final = 0.6
"""A figure that falls alone: two in five are lies."""

POSSIBLE_CHATTER: Final = 0.7
COLD: Final = 0.0005
UNKNOWN_SHARE_PPM: Final = (10_000, 50_000, 300_000)
"""A few who speak may be few or many."""


def odds_milli(probability: float) -> int:
    """Log-odds of a probability, thousandths.

    >>> odds_milli(0.5), odds_milli(0.9)
    (0, 2197)
    """
    return round(1_000 * log(probability / (1 - probability)))


def weighing(
    end: int,
    area: str = "DE/NW/koeln",
    service: str = "",
    *,
    operator: str = "netcologne",
    probability: float = SURE,
    disturbed: float = 0.0,
    added: Sequence[str] = ("network", "public"),
    shares_ppm: tuple[int, int, int] = UNKNOWN_SHARE_PPM,
    rival: str = "normal",
) -> Weighing:
    """What is believed of a place and service after the step that ends then.

    Args:
        end: End of the step, ms.
        area: Path of the place tree.
        service: Whose figures were weighed; '' for none.
        operator: Whose place.
        probability: Of an outage.
        disturbed: Of an outage or a lying probe; at least `probability`.
        added: Groups of witnesses that spoke for it.
        shares_ppm: Share that is hit: low, likely and high, millionths.
        rival: The likeliest other explanation.
    """
    low, likely, high = shares_ppm
    return Weighing(
        operator=operator,
        scope_area=region_of(area),
        area=area,
        service=service,
        ended_at=Instant(end),
        since=Instant(end - MINUTE_MS),
        down_at=Instant(end if probability >= SURE or ("network" in added and disturbed >= SURE) else 0),
        odds_milli=odds_milli(probability),
        disturbed_milli=odds_milli(max(probability, disturbed)),
        share_low_ppm=low,
        share_ppm=likely,
        share_high_ppm=high,
        added_milli={group: 4_000 if group in added else 0 for group in ("care", "network", "public")},
        rival=rival,
    )


def name_of(known: Weighing) -> tuple[str, str, str]:
    """Of which place and service it is."""
    return known.operator, known.area, known.service


def cooled(known: Weighing, end: int) -> Weighing:
    """The same place after a step that ends then, when nothing is left of the suspicion."""
    cold = odds_milli(COLD)
    return structs.replace(known, ended_at=Instant(end), odds_milli=cold, disturbed_milli=cold, rival="normal")


def weighings_of(testimonies: Iterable[Testimony], end: int, before: Iterable[Weighing] = ()) -> list[Weighing]:
    """What is believed of each place from which an anomaly comes that may open an incident.

    Args:
        testimonies: Of a pane.
        end: End of the pane, ms.
        before: What is hot since earlier steps: people who spoke then still count.
    """
    spoke: dict[tuple[str, str], set[str]] = {}
    for known in before:
        groups = {group for group, added in known.added_milli.items() if added and group != NETWORK}
        spoke.setdefault((known.operator, known.area), set()).update(groups)
    places: dict[tuple[str, str], list[Testimony]] = {}
    for testimony in testimonies:
        if testimony.testifies:
            places.setdefault((testimony.anomaly.operator, testimony.anomaly.area), []).append(testimony)
    return [
        known
        for (operator, area), heard in sorted(places.items())
        if any(testimony.carries for testimony in heard)
        for known in _of_place((operator, area), heard, end, spoke.get((operator, area), set()))
    ]


def _of_place(place: tuple[str, str], heard: Sequence[Testimony], end: int, spoke: set[str]) -> list[Weighing]:
    operator, area = place
    people = spoke | {testimony.kind for testimony in heard if testimony.kind != NETWORK}
    figures: dict[str, int] = {}
    for testimony in heard:
        if testimony.kind == NETWORK:
            service = testimony.anomaly.service
            figures[service] = max(figures.get(service, 0), testimony.share_ppm)
    if not figures:
        sure = SURE if len(people) > 1 else POSSIBLE_CHATTER
        return [weighing(end, area, operator=operator, probability=sure, added=sorted(people), rival="chatter")]
    return [
        weighing(
            end,
            area,
            service,
            operator=operator,
            probability=SURE if people else POSSIBLE_PROBE,
            disturbed=SURE,
            added=("network", *sorted(people)),
            shares_ppm=(share // 2, share, min(1_000_000, share * 3 // 2)) if share else UNKNOWN_SHARE_PPM,
            rival="probe",
        )
        for service, share in sorted(figures.items())
    ]
