"""Tickets as a care system hands them over: their words and fields, and what the menu of a desk asks."""

from pipeline.records.clocks import format_instant
from pipeline.simulate.people.delivery import Writer
from pipeline.simulate.seeds import pick
from pipeline.simulate.spec.scenario import AreaIn, Tickets
from pipeline.simulate.world.outage import Outage
from pipeline.simulate.world.speakers import person_id
from pipeline.simulate.world.world import Sent, World

MENU = frozenset({"app", "button", "web"})
"""Intakes where a customer chooses the service from a list."""
TROUBLE = frozenset(
    {"complaint", "local_fault", "channel_black", "schedule_error", "buffering", "power_cut", "slow", "flapping"}
)
"""Kinds for which the menu asks which service; emergency calls are in no menu."""
BUSINESS_SHARE = 0.12


class Agent(Writer):
    """Writes the tickets of one stream.

    Args:
        world: The world in which they are written.
        tickets: How tickets are written there.
        names: The stream, from the general to the particular.
    """

    def __init__(self, world: World, tickets: Tickets, *names: str) -> None:
        super().__init__(world, tickets, "tickets", *names)
        self._named_service = tickets.named_service

    def write(
        self,
        area: AreaIn,
        at: int,
        kind: str,
        intake: str,
        outage: Outage | None = None,
        service: str | None = None,
    ) -> list[Sent]:
        """One ticket on its way, and at times the same again.

        Args:
            area: The customer's footprint.
            at: When it is opened, in milliseconds.
            kind: What it is about.
            intake: The desk.
            outage: What it is about, if it is one.
            service: The service that it names; drawn if None.
        """
        world, chance = self._world, self.chance
        named = self._service(area, outage) if service is None else service
        speaker = world.speakers.speaker(chance, area, at, outage, outage.spec.blamed if outage is not None else ())
        ticket_id = f"{intake}-{self.next_id()}"
        body = {
            "customer": person_id(world.seed, "customer", area, chance.randrange(area.people)),
            "intake": intake,
            "lang": world.file.language,
            "opened_at": format_instant(at),
            "operator": area.operator,
            "segment": "business" if chance.random() < BUSINESS_SHARE else "consumer",
            "text": world.wording.say(chance, intake, kind, speaker, named),
            "ticket_id": ticket_id,
        }
        if intake in MENU and kind in TROUBLE and named not in {"", "emergency"}:
            body["service"] = named
        place = chance.random()
        if intake in MENU or place < 0.6:
            body["market"], body["postcode"] = world.file.market, speaker.postcodes[0]
        elif place < 0.85:
            body["place"] = chance.choice(speaker.spellings)
        return self.deliver(ticket_id, at, body)

    def _service(self, area: AreaIn, outage: Outage | None) -> str:
        if self.chance.random() >= self._named_service:
            return ""
        weights = outage.spec.services if outage is not None else area.customers
        return pick(self.chance, tuple((name, float(weight)) for name, weight in weights.items()))
