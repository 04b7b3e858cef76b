"""Tickets: a complaint to the operator itself, so it needs no proof of relevance.

What the care system says (service, area, symptom) wins over what the text says:
its code for emergency calls is a claim, whatever language the text is in and whether there is one.
A ticket without any text counts as a complaint: somebody took the trouble. A service alone is none: a bill has one
as well, so what surely tells of no fault is a contact, unless the care system has a code for its symptom.
"""

from collections.abc import Iterator
from typing import Final

from pipeline.ingest.claims import is_coded, numbers_in
from pipeline.ingest.complaints import ComplaintSums, area_among, complaint_series
from pipeline.ingest.known import check_area, check_market, market_of_operator
from pipeline.ingest.rules import IngestRules
from pipeline.ingest.text.masking import masked
from pipeline.ingest.text.understood import Understood
from pipeline.ingest.unanswered import BUSINESS_SEGMENTS, Unanswered
from pipeline.records.clocks import Instant
from pipeline.records.errors import Reason, RecordError
from pipeline.records.inner.signals import EmergencyClaim
from pipeline.records.raw.tickets import Ticket

NO_FAULT_CNAT: Final = -200
"""Below it a text tells of no fault, in centi-nats as classes of strength are cut. Of tickets by writers of whom
nothing was learnt 3 in 100 that report one lie below it, and 63 in 100 of the others."""


def market_of(ticket: Ticket, rules: IngestRules) -> str:
    """The market of the ticket's operator.

    Raises:
        RecordError: `unknown_operator`, `unknown_market`, or `unknown_area` for an area that is no path of the place
            tree.
    """
    called = f"ticket {ticket.ticket_id!r}"
    market = market_of_operator(ticket.operator, called, rules)
    check_area(ticket.area, called, rules)
    check_market(ticket.market, called, rules)
    for name in (ticket.item, ticket.symptom):
        if name is not None and not name.isprintable():
            raise RecordError(Reason.SCHEMA_MISMATCH, f"{called}: {name!r} must be printable text")
    return market


def add_ticket(ticket: Ticket, at: int, market: str, rules: IngestRules, sums: ComplaintSums) -> EmergencyClaim | None:
    """Count a ticket.

    Args:
        ticket: Checked by `market_of`.
        at: Event time, ms.
        market: Id of the market of the ticket's operator.
        rules: What is known beforehand.
        sums: Sums in which the ticket is counted.

    Returns:
        The claim that an emergency number cannot be reached, if the ticket makes one.
    """
    understood = rules.reader.understand(ticket.text, lang=ticket.lang, market=market, operator=ticket.operator)
    area = area_among(_candidates(ticket, understood, market, rules), market)
    member = rules.hashed("ticket", ticket.operator, ticket.ticket_id)
    person = rules.hashed("customer", ticket.operator, ticket.customer or ticket.ticket_id)
    coded = is_coded(ticket)
    service = ticket.service or ("emergency" if coded else understood.service)
    measure = "complaints" if _complains(ticket, understood) else "contacts"
    series = complaint_series(ticket.operator, area, "tickets", measure, service, ticket.item or understood.item)
    sums.complain(series, at, (member, person), understood, ticket.text, ticket.symptom)
    if measure == "complaints":
        business = (ticket.segment or "").casefold() in BUSINESS_SEGMENTS
        asked = Unanswered(
            (member, person), ticket.intake, understood, ticket.text, market, business=business, coded=coded
        )
        sums.keep_whole(series, at, asked)
    if not (coded or understood.emergency or understood.claim_doubtful):
        return None
    return EmergencyClaim(
        market=market,
        operator=ticket.operator,
        area=area,
        source="tickets",
        at=Instant(at),
        id_hash=member,
        person=person,
        numbers=numbers_in(ticket.text, rules.emergency_numbers.get(market, ())),
        example=masked(ticket.text),
        service=service or "",
        permille=1_000 if coded else understood.claim_permille,
        doubtful=understood.claim_doubtful and not coded,
    )


def _complains(ticket: Ticket, understood: Understood) -> bool:
    """Does a ticket report a fault, as far as it tells?"""
    if understood.relevant or not ticket.text or ticket.symptom or ticket.service == "emergency":
        return True
    says = (understood.evidence_cnat + understood.in_context_cnat) // 2
    return ticket.service is not None and says >= NO_FAULT_CNAT


def _candidates(ticket: Ticket, understood: Understood, market: str, rules: IngestRules) -> Iterator[str | None]:
    """Where the trouble may be: what the care system says, the customer's postcode and town, what the text says."""
    yield ticket.area
    if ticket.postcode:
        yield rules.places.by_postcode(ticket.market or market, ticket.postcode)
    if ticket.place:
        yield rules.places.resolve(ticket.place, market)
    yield understood.area
