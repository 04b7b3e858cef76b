"""Limits on what comes from outside: every string and list has one, for its reason.

The types use them through `Annotated`; the JSON Schemas repeat them, and a
test holds the two together.
"""

from typing import Annotated

from msgspec import Meta

Name = Annotated[str, Meta(min_length=1, max_length=64)]
"""An id or a name: longer than any operator, element or metric we have met."""

Key = Annotated[str, Meta(min_length=1, max_length=128)]
"""An id that another system made."""

Area = Annotated[str, Meta(min_length=2, max_length=160)]
"""A path of the place tree."""

Time = Annotated[str, Meta(min_length=20, max_length=40)]
"""RFC 3339; `records.clocks` says which forms."""

TEXT_CHARS_MAX = 8_000
"""Characters of a text that are kept: the longest post of the large platforms has 5,000."""

Text = Annotated[str, Meta(max_length=TEXT_CHARS_MAX)]
"""Free text of ours."""

RECORD_BYTES_MAX = 1_000_000
"""A raw record above this is refused before it is parsed: Kafka's own default limit is 1 MiB."""

Words = Annotated[str, Meta(max_length=RECORD_BYTES_MAX)]
"""Free text of people: cut at `TEXT_CHARS_MAX` when it comes in, and marked; a long mail is a complaint, too."""

TextChars = Annotated[int, Meta(ge=TEXT_CHARS_MAX, le=RECORD_BYTES_MAX)]
"""Length of a text before it was cut."""

Note = Annotated[str, Meta(max_length=1_000)]
"""A word of an operator's staff."""

Count = Annotated[int, Meta(ge=0, le=2**53)]
"""A number of things; exact in every JSON reader."""

EXAMPLE_CHARS_MAX = 240
"""An example shows what people say; more would keep more of them than is needed."""
