"""JSON with our two newtypes: instants as RFC 3339, exact integers as decimal strings.

Keys are sorted, so the same record has the same bytes on every machine and in
every run.
"""

from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from pipeline.records.clocks import Instant, format_instant, parse_instant
from pipeline.records.errors import RecordError
from pipeline.records.fixed_point import Exact

T = TypeVar("T")


def _encode_newtype(value: Any) -> str:
    if isinstance(value, Instant):
        return _time_text(int(value))
    if isinstance(value, Exact):
        return str(int(value))
    raise NotImplementedError(f"no wire form for {type(value).__name__}")


_FORMS = {Instant: "an RFC 3339 time", Exact: "a decimal integer"}


def _decode_newtype(kind: type, value: Any) -> Any:
    if isinstance(value, str):
        if kind is Exact:
            return _exact(value)
        if kind is Instant:
            return _instant(value)
    raise ValueError(f"Expected a text that is {_FORMS.get(kind, kind.__name__)}")


@lru_cache(maxsize=16_384)
def _exact(text: str) -> Exact:
    """Remembered, as an envelope says the same few numbers thousands of times; the cache never holds a mistake."""
    if len(text) > 80 or not text.removeprefix("-").isdecimal():
        raise ValueError(f"Expected a text that is {_FORMS[Exact]}")
    return Exact(text)


@lru_cache(maxsize=4_096)
def _instant(text: str) -> Instant:
    """Remembered, as all partials of a pane say the same time."""
    try:
        return Instant(parse_instant(text))
    except RecordError as error:
        raise ValueError(error.message) from None


@lru_cache(maxsize=4_096)
def _time_text(time_ms: int) -> str:
    return format_instant(time_ms)


_ENCODER = msgspec.json.Encoder(enc_hook=_encode_newtype, order="sorted")

encode = _ENCODER.encode
"""Encode a record as JSON with sorted keys."""


def decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """A decoder for one record type, to be made once and kept.

    >>> decoder(Instant).decode(b'"2025-02-12T08:00:00Z"')
    1739347200000
    """
    return msgspec.json.Decoder(kind, dec_hook=_decode_newtype)
