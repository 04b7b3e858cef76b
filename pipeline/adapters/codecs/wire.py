"""JSON with our two newtypes: instants as RFC 3339, exact integers as decimal strings.

Keys are sorted, so the same record has the same bytes on every machine and in
every run.
"""

from typing import Any, TypeVar

import msgspec

from pipeline.records.clocks import Instant, format_instant, parse_instant
from pipeline.records.errors import RecordError
from pipeline.records.fixed_point import Exact

T = TypeVar("T")


def _encode_newtype(value: Any) -> str:
    if isinstance(value, Instant):
        return format_instant(value)
    if isinstance(value, Exact):
        return str(int(value))
    raise NotImplementedError(f"no wire form for {type(value).__name__}")


_FORMS = {Instant: "an RFC 3339 time", Exact: "a decimal integer"}


def _decode_newtype(kind: type, value: Any) -> Any:
    if kind is Instant and isinstance(value, str):
        try:
            return Instant(parse_instant(value))
        except RecordError as error:
            raise ValueError(error.message) from None
    if kind is Exact and isinstance(value, str) and len(value) <= 80 and value.removeprefix("-").isdecimal():
        return Exact(value)
    raise ValueError(f"Expected a text that is {_FORMS.get(kind, kind.__name__)}")


_ENCODER = msgspec.json.Encoder(enc_hook=_encode_newtype, order="sorted")

encode = _ENCODER.encode
"""Encode a record as JSON with sorted keys."""


def decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """A decoder for one record type, to be made once and kept.

    >>> decoder(Instant).decode(b'"2025-02-12T08:00:00Z"')
    1739347200000
    """
    return msgspec.json.Decoder(kind, dec_hook=_decode_newtype)
