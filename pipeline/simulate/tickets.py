"""Tickets: what customers complain of, desk by desk and area by area.

Agents write a ticket for some of the calls that they answer, so in an outage
their number is held down by the queue, and comes late: an honest world gives
tickets no head start. App and button have no queue, but know only what the
menu offers.
"""

from collections.abc import Iterator
from typing import Any

from pipeline.records.clocks import format_instant
from pipeline.simulate.care import CallCentre
from pipeline.simulate.crowd import SILENT, Crowd
from pipeline.simulate.outage import MINUTE_MS, hit_share
from pipeline.simulate.scenario import AreaIn, Desk, Tickets
from pipeline.simulate.seeds import burst_factor, delay_ms, generator_for, pick, poisson
from pipeline.simulate.talk import topic_of
from pipeline.simulate.world import Moment, Sent, World, slug_of

MENU = frozenset({"app", "button", "web"})
"""Intakes where a customer chooses the service from a list."""
BUSINESS_SHARE = 0.12


def ticket_streams(world: World, tickets: Tickets) -> Iterator[tuple[str, Iterator[Moment]]]:
    """All desks of a world in all areas: a name, and the moments of its stream."""
    for desk in tickets.desks:
        for area in world.file.areas:
            yield f"tickets {desk.intake} {area.id}", TicketStream(world, tickets, desk, area).moments()


class TicketStream:
    """The tickets of one area at one desk."""

    def __init__(self, world: World, tickets: Tickets, desk: Desk, area: AreaIn) -> None:
        self._world, self._tickets, self._desk, self._area = world, tickets, desk, area
        self._chance = generator_for(world.seed, "tickets", desk.intake, area.id)
        self._kinds = tuple(tickets.everyday_kinds.items())
        self._number = 0

    def moments(self) -> Iterator[Moment]:
        """The stream, minute by minute."""
        world, tickets, desk, area, chance = self._world, self._tickets, self._desk, self._area, self._chance
        rhythm = world.rhythms[desk.rhythm]
        crowd = Crowd(world, area, desk.reaction) if desk.reaction is not None else None
        centre = CallCentre(world, world.file.care) if desk.per_answered_call and world.file.care else None
        fraction = area.people / world.people
        bursts = 1.0
        for minute in world.minutes():
            if minute % 3_600_000 == 0:
                bursts = burst_factor(chance, tickets.burst_k)
            busy = rhythm.at(minute)
            usual = desk.everyday_per_hour * fraction * busy / 60 * bursts
            upset = (crowd.voices(minute, busy) if crowd is not None else SILENT).complaints
            if centre is not None:
                calls = centre.minute(minute)
                written = calls.answered * desk.per_answered_call
                usual = usual + written * (1 - calls.about_outage) * fraction * bursts
                upset += written * calls.about_outage * self._part(minute, fraction)
            count = poisson(chance, (usual + upset) * tickets.share)
            if count:
                yield Moment(minute, [r for _ in range(count) for r in self._write(minute, upset / (usual + upset))])

    def _part(self, minute: int, fraction: float) -> float:
        """This area's part of all customers that are hit; of all customers, just after the end."""
        areas, outages = self._world.file.areas, self._world.outages
        hit = [each.people * hit_share(outages, each.operator, each.id, minute) for each in areas]
        here = self._area.people * hit_share(outages, self._area.operator, self._area.id, minute)
        return here / sum(hit) if sum(hit) > 0 else fraction

    def _write(self, minute: int, upset_share: float) -> list[Sent]:
        """One ticket, and at times the same again."""
        chance, tickets = self._chance, self._tickets
        at = minute + chance.randrange(MINUTE_MS)
        upset = chance.random() < upset_share
        talk = [outage.spec.ticket_talk for outage in self._world.outages]
        kind = topic_of(self._world, chance, talk, at, "complaint") if upset else pick(chance, self._kinds)
        body = self._body(at, kind, upset)
        delays = tickets.delay
        arrival = at + delay_ms(chance, delays.median_ms, delays.spread, delays.max_ms)
        records = [Sent(arrival, "tickets", body["ticket_id"], body)]
        if chance.random() < tickets.duplicates:
            again = arrival + delay_ms(chance, delays.median_ms, delays.spread, delays.max_ms)
            records.append(Sent(again, "tickets", body["ticket_id"], body))
        return records

    def _body(self, at: int, kind: str, upset: bool) -> dict[str, Any]:
        world, desk, area, chance = self._world, self._desk, self._area, self._chance
        self._number += 1
        service = self._service(at, upset)
        speaker = world.speaker(chance, area, at)
        body: dict[str, Any] = {
            "customer": f"K{slug_of(area.id)}-{chance.randrange(area.people)}",
            "intake": desk.intake,
            "lang": world.file.language,
            "opened_at": format_instant(at),
            "operator": area.operator,
            "segment": "business" if chance.random() < BUSINESS_SHARE else "consumer",
            "text": world.wording.say(chance, desk.intake, kind, speaker, service),
            "ticket_id": f"{desk.intake}-{slug_of(area.id)}-{self._number:06d}",
        }
        if kind in {"complaint", "local_fault"} and desk.intake in MENU and service:
            body["service"] = service
        place = chance.random()
        if desk.intake in MENU or place < 0.6:
            body["market"], body["postcode"] = world.file.market, chance.choice(area.postcodes)
        elif place < 0.85:
            body["place"] = chance.choice(speaker.spellings)
        return body

    def _service(self, at: int, upset: bool) -> str:
        """The service that it is about, or none."""
        chance = self._chance
        if chance.random() >= self._tickets.named_service:
            return ""
        if upset:
            for outage in self._world.outages:
                if outage.hit(self._area.operator, self._area.id, at) > 0:
                    return pick(chance, tuple(outage.spec.services.items()))
        return pick(chance, tuple((name, float(count)) for name, count in self._area.customers.items()))
