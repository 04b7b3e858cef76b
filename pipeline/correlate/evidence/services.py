"""Which services are hit: those that figures show, and of what people name only what many name.

In any outage somebody calls the wrong thing by name: with the line dead, a few write that "the phone" fails, and a
mobile service stands in the evidence. What is heard is all kept; what is told is what carries weight.
"""

from typing import Final

from pipeline.correlate.evidence.areas import leaves_of
from pipeline.correlate.evidence.footprint import FAMILIES
from pipeline.correlate.evidence.testimony import NETWORK
from pipeline.correlate.parts import Dossier
from pipeline.correlate.reference import CorrelateReference
from pipeline.records.series import ancestors
from pipeline.records.vocabulary import PPM
from pipeline.reference.gazetteer import slug

NAMED_PPM: Final = 50_000
"""A service without figures is hit if so many name it, in millionths of those who name the service most named. One in
twenty is a judgement: services of one line fall together, and most people name the one that they miss most."""

ALONE_PPM: Final = 200_000
"""The same where no figure falls: who complains of another service at that hour, as some always do, is a tenth of few.
One in five is a judgement."""

OF_ANOTHER_NETWORK_PPM: Final = 500_000
"""The same for a service that another network carries than those whose figures stand out, and where none do for one
whose own are measured there: a judgement. Some complain of any service at any hour, and its figures are well."""

ITEM_PPM: Final = 100_000
"""A channel or technology is hit if so many of those who name its service name it, in millionths. One in ten is a
judgement: half name only the programme, or none."""


def services_watched(dossier: Dossier, reference: CorrelateReference) -> list[str]:
    """The services whose figures are measured where an incident is, sorted: what fails there shows.

    Args:
        dossier: Its operators, and its smallest areas.
        reference: Where figures are measured.
    """
    areas = leaves_of(dossier.areas)
    known = (reference.watched_in(operator, area) for operator in sorted(dossier.operators) for area in areas)
    return sorted({service for services in known for service in services})


def services_shown(dossier: Dossier) -> list[str]:
    """The services that figures show to fail, sorted; where there are none, those that people name enough.

    By these customers are counted: a few who name a service that more people have would make it three times as many.

    Args:
        dossier: All evidence.
    """
    measured = {series.service for series in dossier.series.values() if series.kind == NETWORK} - {""}
    return sorted(measured) or services_hit(dossier)


def services_hit(dossier: Dossier) -> list[str]:
    """The services that are hit, sorted; of emergency calls only what makes an alarm.

    Args:
        dossier: All evidence.

    Returns:
        Some of those heard of, and all of them where nothing tells them apart.
    """
    measured = {series.service for series in dossier.series.values() if series.kind == NETWORK} - {""}
    named = _named(dossier)
    services = {service for service in dossier.services if service != "emergency"}
    most = max((named.get(service, 0) for service in services), default=0)
    networks = {FAMILIES.get(service, service) for service in measured}

    def bar(service: str) -> int:
        if not measured:
            return OF_ANOTHER_NETWORK_PPM if service in dossier.watched else ALONE_PPM
        return NAMED_PPM if FAMILIES.get(service, service) in networks else OF_ANOTHER_NETWORK_PPM

    def is_hit(service: str) -> bool:
        return service in measured or named.get(service, 0) * PPM >= most * bar(service)

    hit = {service for service in services if is_hit(service)}
    if dossier.emergency is not None or not hit:
        hit |= {"emergency"} & set(dossier.services)
    return sorted(hit)


def _named(dossier: Dossier) -> dict[str, int]:
    """How often people name each service; who is heard in a town is in the nation's sum as well, and counts there."""
    series = [known for known in dossier.series.values() if known.kind != NETWORK]
    sums = {(known.operator, known.measure, known.source, known.service, known.area) for known in series}
    named: dict[str, int] = {}
    for known in series:
        same = (known.operator, known.measure, known.source, known.service)
        if not any((*same, whole) in sums for whole in ancestors(known.area)):
            named[known.service] = named.get(known.service, 0) + known.records
    return named


def items_hit(dossier: Dossier) -> list[tuple[str, str]]:
    """Channels, technologies and the like that are hit, each with its service, sorted by name.

    One that is written in two ways ("Sky News", "sky-news") is one, and is told as it is written with capitals.

    Args:
        dossier: All evidence.

    Returns:
        Those that figures show, and of those of a service that is hit what enough of its people name.
    """
    services = set(services_hit(dossier))
    spelt: dict[tuple[str, str], set[str]] = {}
    named: dict[tuple[str, str], int] = {}
    people: dict[str, int] = {}
    measured = set()
    for series in dossier.series.values():
        thing = series.service, slug(series.item)
        if series.kind == NETWORK:
            measured.add(thing)
        else:
            named[thing] = named.get(thing, 0) + series.records
            people[series.service] = people.get(series.service, 0) + series.records
        if series.item:
            spelt.setdefault(thing, set()).add(series.item)
    hit = [
        (min(spellings), thing[0])
        for thing, spellings in spelt.items()
        if thing in measured or (thing[0] in services and named[thing] * PPM >= people[thing[0]] * ITEM_PPM)
    ]
    return sorted(hit)
