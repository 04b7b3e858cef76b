"""Words of strangers made harmless before a terminal sees them.

Names of files, topics and texts come from outside. An escape sequence in them
could clear the screen, change the window's title or write an answer that the
program never gave. Every line that a command prints passes here.
"""

import re
from typing import Final

COLOURS: Final = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "bold": 1, "dim": 2}
"""The only sequences that a command itself writes: they colour, and do nothing else."""

_OWN: Final = "|".join(f"\x1b\\[{code}m" for code in (0, *COLOURS.values()))
_CONTROL: Final = re.compile(f"({_OWN})|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and line feed, and those that turn the direction of a text around."""

_IN_JSON: Final = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What JSON lets stand as it is; the others are escaped there already."""


def harmless(text: str) -> str:
    r"""The text with control characters written out; our own colours stay.

    >>> harmless("a\x1b]0;title\x07b"), harmless("\x1b[31mred\x1b[0m")
    ('a\\x1b]0;title\\x07b', '\x1b[31mred\x1b[0m')
    """
    return _CONTROL.sub(lambda found: found[1] or _written(found[0]), text)


def harmless_json(text: str) -> str:
    r"""A line of JSON with the rest of the control characters escaped; it means the same.

    >>> harmless_json('"a\x9bb"')
    '"a\\u009bb"'
    """
    return _IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _written(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
