"""Three kinds of error, by whose fault it is.

The kind decides what happens: a sender's mistake costs one record, an
operator's mistake stops the start, and our own broken state stops the process
before it writes anything.
"""

from enum import StrEnum
from typing import NoReturn


class Reason(StrEnum):
    """Why a record went to quarantine: a closed list, since it labels a metric."""

    EMPTY_RECORD = "empty_record"
    TOO_LARGE = "too_large"
    MALFORMED_JSON = "malformed_json"
    MALFORMED_EVENT = "malformed_event"
    SCHEMA_MISMATCH = "schema_mismatch"
    BAD_TIME = "bad_time"
    FUTURE_TIMESTAMP = "future_timestamp"
    STALE = "stale"
    LATE = "late"
    LATE_PARTIAL = "late_partial"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_OPERATOR = "unknown_operator"
    UNKNOWN_MARKET = "unknown_market"
    UNKNOWN_SERVICE = "unknown_service"
    UNKNOWN_AREA = "unknown_area"
    UNKNOWN_UNIT = "unknown_unit"
    UNKNOWN_COMMAND = "unknown_command"


class TocsinError(Exception):
    """Base of all errors that Tocsin raises on purpose."""


class RecordError(TocsinError):
    """The sender's fault: one record goes to quarantine, the stream goes on.

    Args:
        reason: The word of the closed list that labels the metric.
        message: Which thing, what it was, what it must be.

    >>> str(RecordError(Reason.UNKNOWN_SERVICE, "ticket T2: service 'fax' is not one of sms, tv"))
    "unknown_service: ticket T2: service 'fax' is not one of sms, tv"
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(f"{reason}: {message}")
        self.reason = reason
        self.message = message


class ConfigError(TocsinError, ValueError):
    """The operator's fault: the process refuses to start, and lists all mistakes at once."""


class StateError(TocsinError):
    """Our fault: the process stops before it writes anything."""


def refuse(reason: Reason, message: str) -> NoReturn:
    """Raise a `RecordError`; for use inside expressions.

    Raises:
        RecordError: Always.
    """
    raise RecordError(reason, message)
