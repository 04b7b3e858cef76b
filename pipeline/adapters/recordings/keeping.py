"""What becomes of people's words in a redacted recording; a file of its own, as the command line names it."""

from enum import StrEnum


class KeepText(StrEnum):
    """Drop them, or keep what is left without handles, links, addresses and long numbers."""

    NONE = "none"
    MASKED = "masked"
