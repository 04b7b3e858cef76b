"""Which emergency numbers a claim is about."""

import re
from typing import Final

_NUMBERS: Final = re.compile(r"(?<![\d.,:])(?:112|110|999|911|114|15|17|18)(?![\d:%]|[.,]\d)")
"""Emergency numbers of the markets: EU and UK 112, DE 110, GB 999, US 911, FR 15, 17, 18 and 114."""

NUMBERS_MAX: Final = 4
"""A text that lists more is no claim of one person."""


def numbers_in(text: str) -> list[str]:
    """Emergency numbers that a claim names, each once, in their order in the text.

    Only for texts already understood as a claim: "17" alone means nothing.

    >>> numbers_in("weder 110 noch 112 gehen, seit 09:17 Uhr")
    ['110', '112']
    """
    return list(dict.fromkeys(_NUMBERS.findall(text)))[:NUMBERS_MAX]
