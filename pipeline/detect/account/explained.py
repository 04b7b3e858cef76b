"""What people say of an outage that figures show, during it and for some hours after: it is no word of another one.

A service without figures is believed down by what people say alone. While the figures of the same place show an
outage, everybody talks of that one; and when it is over they go on for hours, of compensation, of what they missed, of
a router that must be restarted. So what people say then is explained, and tells hardly anything of a service that
nobody measures. A service with figures is not touched: these say whether it is well.

The same holds of a service that is well: who names the one whose figures are as usual says nothing of another one. A
cloud, a bank or a game fails, and thousands report their internet.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pipeline.detect.account.filtering import People
from pipeline.detect.account.states import added_up
from pipeline.records.clocks import HOUR_MS
from pipeline.records.series import is_within

EXPLAINS_FROM: Final = 0.5
"""Probability of an outage of a service with figures, from which on it is what people talk of."""

TALKED_OF_MS: Final = 6 * HOUR_MS
"""So long after the end people still do."""

TALK_AFTER: Final = 0.9
"""Of what they say after it, nine parts of ten are about it."""

DOMINANT_MIN: Final = 3.0
DOMINANT_PART: Final = 0.8
DOMINANT_NAMED: Final = 0.25
"""A service dominates the complaints of a place and step if so many name it, and so great a part of those who name one,
and if that is so great a part of all: of a crowd of whom hardly anybody names anything nobody knows what is meant."""


def eased(people: People, explained: float) -> People:
    """What people said, as far as it is not explained; that they say nothing needs no explanation.

    Args:
        people: What they said.
        explained: Which part of it an outage that is known explains, 0 to 1.

    >>> said = People([1.0, 9.0], [0.5, 9.0], 1.0, [1.0], [1.0], [9.0])
    >>> [round(ratio, 1) for ratio in eased(said, 0.9).public]
    [0.5, 1.8]
    """
    if explained <= 0.0:
        return people

    def ease(ratios: Sequence[float]) -> list[float]:
        return [min(ratio, explained + (1.0 - explained) * ratio) for ratio in ratios]

    care, public, in_campaign, chatter, load, campaign, alone = people
    [in_campaign], alone = ease([in_campaign]), tuple([ease(ratios) for ratios in alone])
    return People(ease(care), ease(public), in_campaign, ease(chatter), ease(load), ease(campaign), alone)


def explained_of(area: str, known: Mapping[str, float], ended: Mapping[str, int], now: int) -> float:
    """Which part of what people of an area say is about an outage that figures show, in it or in a part of it.

    Args:
        area: Path of the place tree.
        known: Areas to how likely an outage of a service with figures is there now.
        ended: Areas to when it was last likely, ms.
        now: End of the step, ms.
    """
    here = [likely for other, likely in known.items() if is_within(other, area)]
    lately = any(now - at <= TALKED_OF_MS and is_within(other, area) for other, at in ended.items())
    return max([*here, TALK_AFTER if lately else 0.0])


def noted(known: Mapping[str, float], ended: Mapping[str, int], now: int) -> dict[str, int]:
    """When an outage was last likely in each area, after a step; what nobody talks of any more is forgotten.

    Args:
        known: As for `explained_of`.
        ended: As it was before the step.
        now: End of the step, ms.
    """
    kept = {area: at for area, at in ended.items() if now - at <= TALKED_OF_MS}
    return dict(sorted((kept | {area: now for area, likely in known.items() if likely >= EXPLAINS_FROM}).items()))


def likeliest(beliefs: Iterable[tuple[str, float]]) -> dict[str, float]:
    """The likeliest outage of each area.

    Args:
        beliefs: Areas with the probability of an outage of one of their services.
    """
    found: dict[str, float] = {}
    for area, likely in beliefs:
        found[area] = max(found.get(area, 0.0), likely)
    return found


def part_naming(complaints: Mapping[str, float], services: Sequence[str]) -> float:
    """Which part of those who complain names one of some services; 0 to 1.

    Who names none may mean what fails: of services that are well, three who name one would explain all others away.

    Args:
        complaints: How many named each service; under '' all, whatever they named.
        services: Those asked for.

    >>> part_naming({"": 8.0, "tv": 2.0, "broadband": 4.0}, ["broadband"])
    0.5
    >>> part_naming({"": 8.0, "broadband": 4.0}, ["broadband"]), part_naming({}, ["broadband"])
    (0.5, 0.0)
    """
    total = complaints.get("", 0.0)
    named = added_up([complaints.get(name, 0.0) for name in services])
    return min(1.0, named / total) if total else 0.0


def dominant(complaints: Mapping[str, float]) -> str | None:
    """The service that dominates the complaints of a place and step, which who names none means as well; or None.

    Args:
        complaints: How many named each service; under '' all, whatever they named.

    >>> dominant({"": 8.0, "tv": 4.0, "broadband": 1.0}), dominant({"": 20.0, "tv": 4.0})
    ('tv', None)
    >>> dominant({"": 8.0, "tv": 3.0, "broadband": 2.0}), dominant({"": 2.0, "tv": 2.0})
    (None, None)
    """
    named = {service: number for service, number in complaints.items() if service}
    if not named:
        return None
    first = max(sorted(named), key=lambda service: named[service])
    every = added_up([named[service] for service in sorted(named)])
    return first if named[first] >= DOMINANT_PART * every and has_weight(named[first], complaints) else None


def has_weight(number: float, complaints: Mapping[str, float]) -> bool:
    """Do so many name a service, and so great a part of all who complain, that it may be the one that is meant?

    Args:
        number: How many name it.
        complaints: How many named each service; under '' all, whatever they named.
    """
    return number >= max(DOMINANT_MIN, DOMINANT_NAMED * complaints.get("", 0.0))


def meant_too(complaints: Mapping[str, float]) -> float:
    """How many complained and named no service; at least, as one may name several.

    Args:
        complaints: How many named each service; under '' all, whatever they named.
    """
    named = added_up([number for service, number in sorted(complaints.items()) if service])
    return max(0.0, complaints.get("", 0.0) - named)
