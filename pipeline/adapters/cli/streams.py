"""Standard output and error on any terminal: no letter that cannot be written ends a command in a traceback.

A terminal may know ASCII only, or Latin-1; there may be none at all, or a pipe
whose reader has gone. Text for people is then written with the nearest letters
that can be; JSON is written with escapes, so that it means the same everywhere.
"""

import codecs
import io
import os
import re
import sys
import unicodedata
from typing import Final

_PLAINLY: Final = "tocsin.plainly"
_NEAREST: Final = {
    "·": "-", "•": "*", "–": "-", "—": "-", "…": "...", "→": "->", "←": "<-", "↔": "<->", "≥": ">=",
    "≤": "<=", "×": "x", "‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "„": '"',
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "✓": "ok", "✗": "x", "€": "EUR", "°": " deg",
    "±": "+-", "µ": "u", "−": "-", "\u00a0": " ", "\u202f": " ", "─": "-", "│": "|", "━": "-",
    "▁": ".", "▂": ",", "▃": ":", "▄": "-", "▅": "=", "▆": "+", "▇": "*", "█": "#",
}  # fmt: skip
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")


def nearest(character: str) -> str:
    """What stands for a character on a terminal that has ASCII only.

    >>> "".join(map(nearest, "Köln · … 日"))
    'Koln - ... ?'
    """
    if character.isascii():
        return character
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return _NEAREST.get(character) or plain or "?"


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(nearest, error.object[error.start : error.end])), error.end


codecs.register_error(_PLAINLY, _plainly)


def escaped_for(encoding: str | None, line: str) -> str:
    r"""A line of JSON as an encoding can write it; it means the same.

    >>> print(escaped_for("ascii", '"Köln 😡"'), escaped_for("latin-1", '"Köln"'))
    "K\u00f6ln \ud83d\ude21" "Köln"
    """
    try:
        line.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        return _BEYOND_ASCII.sub(lambda found: _escape(found[0]), line)
    return line


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{int.from_bytes(units[at : at + 2], 'big'):04x}" for at in range(0, len(units), 2))


def prepare() -> None:
    """Make standard output and error take any text; a stream that was closed before the start takes it to nowhere."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - as long as the process
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_PLAINLY)


def silence() -> None:
    """Send what is still written to nowhere: who read it has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (BrokenPipeError, ValueError):
            os.dup2(nowhere, stream.fileno())
