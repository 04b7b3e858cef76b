"""JSON lines in zstd, the same bytes for the same rows: the gazetteer's files.

A plain table that any tool reads (`zstdcat places.jsonl.zst`), since operators
look at it when a place is not found.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import zstandard

from pipeline.records.errors import ConfigError

T = TypeVar("T")


def write_lines(path: Path, rows: Iterable[Any]) -> int:
    """Write one object per row, keys sorted; returns the number of rows.

    Args:
        path: Replaced as a whole, so that no reader sees half a file.
        rows: Structs.
    """
    lines = [json.dumps(_bare(row), ensure_ascii=False, sort_keys=True, separators=(",", ":")) for row in rows]
    text = "".join(line + "\n" for line in lines).encode()
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(zstandard.ZstdCompressor(level=9, write_content_size=True).compress(text))
    beside.replace(path)
    return len(lines)


def read_lines(path: Path, kind: type[T]) -> list[T]:
    """Read all rows.

    Raises:
        ConfigError: If the file is not what `write_lines` writes.
    """
    try:
        text = zstandard.ZstdDecompressor().decompress(path.read_bytes())
        return msgspec.json.Decoder(kind).decode_lines(text)
    except (zstandard.ZstdError, msgspec.DecodeError) as error:
        build = f"tocsin gazetteer build --out {path.parent}"
        message = f"{path}: {error}; must be rows of {kind.__name__}; build it again with: {build}"
        raise ConfigError(message) from error


def decode(text: bytes, kind: type[T]) -> T:
    """Decode one JSON document into a type.

    Raises:
        ConfigError: If it is of another shape.
    """
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        message = f"{kind}: {error}; the package is of a version that the build does not know"
        raise ConfigError(message) from error


def _bare(row: Any) -> dict[str, Any]:
    """Without what is empty, but with the parent, which readers of the file like to have."""
    every: dict[str, Any] = msgspec.to_builtins(row)
    fields = {name: value for name, value in every.items() if value not in (None, "", [], ())}
    if hasattr(row, "parent"):
        fields["parent"] = row.parent
    return fields
