"""Snapshots: a slot of a stage's state as bytes, with the version of the codec in front.

Version 1 was plain MessagePack; version 2 compresses it, since a scope with a
thousand baselines is mostly zeros; version 3 has profiles of floats as they lie in memory,
which is what most of a baseline is. All are read, only the newest is written,
so an upgrade needs no rebuild.
"""

from typing import Any, Final, TypeVar

import msgspec
import zstandard

from pipeline.detect.detectors.remembered import Floats
from pipeline.records.clocks import Instant
from pipeline.records.errors import StateError
from pipeline.records.fixed_point import Exact

T = TypeVar("T")

VERSION: Final = 3
"""Version of the codec in which slots are written."""

VERSIONS: Final = (1, 2, 3)
"""What is read."""

SLOT_BYTES_MAX: Final = 64 * 1024 * 1024
"""Largest slot, unpacked: a corrupt length must not take all memory."""

_EXACT_MAX: Final = 2**63 - 1


def _encode_newtype(value: Any) -> Any:
    kind = type(value)  # most are exact: an open pane of one series has half a dozen
    if kind is Exact:
        return +value if -_EXACT_MAX <= value <= _EXACT_MAX else str(+value)  # a plain int, faster than int(value)
    if kind is Instant:
        return +value
    if kind is Floats:
        return value.packed()
    raise NotImplementedError(f"no form for {kind.__name__} in a snapshot")


def _encode_listed(value: Any) -> Any:
    return list(value) if type(value) is Floats else _encode_newtype(value)


def _decode_newtype(kind: type, value: Any) -> Any:
    known = type(value)
    if (kind is Exact or kind is Instant) and (known is int or known is str):
        return kind(value)
    if kind is Floats and (known is bytes or known is list):
        return Floats.unpacked(value)
    raise NotImplementedError(f"no reading of {known.__name__} as {kind.__name__}")


_ENCODER: Final = msgspec.msgpack.Encoder(enc_hook=_encode_newtype)
_ENCODER_LISTED: Final = msgspec.msgpack.Encoder(enc_hook=_encode_listed)
_COMPRESSOR: Final = zstandard.ZstdCompressor(level=1)
_DECOMPRESSOR: Final = zstandard.ZstdDecompressor()


def encode_slot(slot: object, version: int = VERSION) -> bytes:
    """Encode a slot.

    Args:
        slot: A struct of plain types.
        version: Version of the codec; older ones are for tests of upgrades.

    Returns:
        The version's byte, then the content.

    >>> decode_slot(encode_slot([1, 2]), list)
    [1, 2]
    """
    if version == 1:
        return b"\x01" + _ENCODER_LISTED.encode(slot)
    encoder = _ENCODER_LISTED if version == 2 else _ENCODER
    return bytes([version]) + _COMPRESSOR.compress(encoder.encode(slot))


def decode_slot(data: bytes, kind: type[T]) -> T:
    """Decode a slot of any version that was ever written.

    Raises:
        StateError: If it is of no known version or cannot be read: the process
            must stop, and `--rebuild` makes the state anew from the log.
    """
    version = data[0] if data else 0
    try:
        if version == 1:
            packed = data[1:]
        elif version in VERSIONS:
            packed = _DECOMPRESSOR.decompress(data[1:], max_output_size=SLOT_BYTES_MAX)
        else:
            raise StateError(
                f"snapshot of codec version {version}: this program reads {VERSIONS}; upgrade it, or --rebuild"
            )
        return msgspec.msgpack.decode(packed, type=kind, dec_hook=_decode_newtype)
    except (msgspec.MsgspecError, zstandard.ZstdError, ValueError, TypeError) as error:
        raise StateError(f"snapshot of {kind.__name__} cannot be read ({error}): start with --rebuild") from error
