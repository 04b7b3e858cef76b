"""Why a row of a foreign file is refused, and what is kept of it for the report.

A row that cannot be read is handed on as a `RowError` in its place: one bad
row in a quarter's export must not cost the rest, and every row must be found
again, by its number, among the used or among the refused.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

TEXT_CHARS_MAX: Final = 2_000
"""Longest text of a refused row as the report keeps it; so refused rows are never larger than what they tell."""

_SURROGATES: Final = re.compile("[\ud800-\udfff]")


class Fault(StrEnum):
    """Why a row was refused: a closed list, so that a report can count by it."""

    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    NOT_A_ROW = "not_a_row"
    UNCLOSED_QUOTE = "unclosed_quote"
    MISSING_FIELD = "missing_field"
    UNMAPPED_VALUE = "unmapped_value"
    BAD_TIME = "bad_time"
    BAD_NUMBER = "bad_number"
    TOO_LONG = "too_long"
    SCHEMA_MISMATCH = "schema_mismatch"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_OPERATOR = "unknown_operator"
    UNKNOWN_MARKET = "unknown_market"
    UNKNOWN_AREA = "unknown_area"
    UNKNOWN_SERVICE = "unknown_service"
    UNKNOWN_UNIT = "unknown_unit"


class RowError(Exception):
    """One row cannot be imported; the rest goes on.

    Args:
        fault: The word of the closed list.
        message: Which field, what it was, what it must be.
        kind: What rows with the same mistake have in common, such as `unknown operator "proximus"`; empty if every
            row has a mistake of its own.
    """

    def __init__(self, fault: Fault, message: str, kind: str = "") -> None:
        super().__init__(f"{fault}: {message}")
        self.fault = fault
        self.message = message
        self.kind = kind


class Row(NamedTuple):
    """One row.

    Attributes:
        number: From 1; a CSV's header is not counted, nor are empty lines.
        fields: By name, or why there are none.
        text: What the file holds, for the report; at most `TEXT_CHARS_MAX` characters.
        line: Line of the file on which it begins, from 1; 0 where a file has no lines of its own for rows.
    """

    number: int
    fields: Mapping[str, Any] | RowError
    text: str
    line: int = 0


def is_broken(text: str) -> bool:
    """Whether a text holds bytes that are none of its file's encoding; `files` lets them through as surrogates."""
    return not text.isascii() and _SURROGATES.search(text) is not None


def printable(text: str) -> str:
    r"""A text with broken bytes written out.

    >>> printable("Kln\udcff")
    'Kln\\xff'
    """
    return _SURROGATES.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02x}", text)


def clipped(text: str) -> str:
    """A text cut for the report."""
    return text if len(text) <= TEXT_CHARS_MAX else text[: TEXT_CHARS_MAX - 1] + "…"
