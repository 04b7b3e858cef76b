"""Long texts are cut where they come in, and the record says so.

To refuse a mail of ten pages would lose a complaint; to read all of it would
let one sender decide how long the others wait. What it is about stands at its
beginning. Live records, recordings and imports are cut by this function alone.
"""

from typing import TypeVar

import msgspec

from pipeline.records.limits import TEXT_CHARS_MAX
from pipeline.records.raw.mentions import Mention
from pipeline.records.raw.tickets import Ticket

T = TypeVar("T", bound=object)


def cut(record: T) -> T:
    """A record whose text is short enough, with `text_chars` if it was not; anything else as it is.

    >>> ticket = Ticket(ticket_id="T1", operator="o", opened_at="2025-02-12T09:00:00Z", text="x" * 9_000)
    >>> len(cut(ticket).text), cut(ticket).text_chars
    (8000, 9000)
    """
    if isinstance(record, Ticket | Mention) and len(record.text) > TEXT_CHARS_MAX:
        return msgspec.structs.replace(record, text=record.text[:TEXT_CHARS_MAX], text_chars=len(record.text))
    return record
