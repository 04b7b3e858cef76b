"""Tickets: one complaint to the operator, however it came in."""

from typing import Annotated, Literal

import msgspec

from pipeline.records.limits import Area, Key, Name, TextChars, Time, Words
from pipeline.records.vocabulary import Service

Intake = Literal["phone", "app", "button", "web", "chat", "bot", "shop", "email", "import"]


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """One complaint.

    Attributes:
        ticket_id: As the care system named it; a repeat within a pane counts once.
        opened_at: Event time, RFC 3339.
        area: Path of the place tree; else `postcode`, else free words in `place`.
        customer: Who complained, as the care system names them; hashed at once.
        segment: Such as `consumer`, `business`, `wholesale`.
        text_chars: Length that the text had before it was cut to 8,000 characters; None if it is whole.
        symptom: Where the care system has a code for it.
    """

    ticket_id: Key
    operator: Name
    opened_at: Time
    text: Words = ""
    service: Service | None = None
    item: Name | None = None
    area: Area | None = None
    postcode: Annotated[str, msgspec.Meta(min_length=2, max_length=12)] | None = None
    place: Key | None = None
    market: Annotated[str, msgspec.Meta(min_length=2, max_length=2)] | None = None
    intake: Intake = "phone"
    lang: Annotated[str, msgspec.Meta(min_length=2, max_length=16)] | None = None
    customer: Key | None = None
    symptom: Name | None = None
    segment: Name | None = None
    text_chars: TextChars | None = None
