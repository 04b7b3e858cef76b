"""Claims of emergency calls that fail: the numbers that one names, and tickets that are one by their code."""

import re
from collections.abc import Collection
from typing import Final

from pipeline.records.raw.tickets import Ticket

_DIGITS: Final = re.compile(r"(?<![\d.,:])\d{2,6}(?![\d:%]|[.,]\d)")
"""What may be an emergency number: no part of a price, a time or a telephone number."""

UNREACHABLE: Final = "emergency_unreachable"
"""Symptom of a ticket that says so."""

NUMBERS_MAX: Final = 4
"""A text that lists more is no claim of one person."""


def numbers_in(text: str, known: Collection[str]) -> list[str]:
    """Emergency numbers that a claim names, each once, in their order in the text.

    Only for texts already understood as a claim: "17" alone means nothing.

    Args:
        text: As written.
        known: Emergency numbers of the market, from markets.toml.

    >>> numbers_in("weder 110 noch 112 gehen, seit 09:17 Uhr", ("112", "110"))
    ['110', '112']
    """
    return [number for number in dict.fromkeys(_DIGITS.findall(text)) if number in known][:NUMBERS_MAX]


def is_coded(ticket: Ticket) -> bool:
    """Does the care system's own code say that emergency services cannot be reached?

    A code is a claim without any text, in every market and however the ticket came in: the report button and phone
    bots have nothing but codes.
    """
    return ticket.service == "emergency" or (ticket.symptom or "").casefold() == UNREACHABLE
