"""What each outlet can take: how long a text may be, counted as the outlet counts, and how it is put together.

A text message has 160 characters of the GSM alphabet (3GPP TS 23.038), in which an
extended one counts twice; one character that is not in it leaves 70 of UCS-2. So accents that
GSM lacks are dropped. X counts 280, in which what is not Latin counts twice (its "weighted length").
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

SMS_GSM_MAX: Final = 160
SMS_UCS2_MAX: Final = 70
X_WEIGHT_MAX: Final = 280

_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED: Final = frozenset("^{}\\[~]|€\f")
_PLAIN: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "œ": "oe"}
)
_IN_BRACKETS: Final = re.compile(r" [(\[]([^()\[\]]*)[)\]](?=( ?))")
_X_LIGHT: Final = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that count once on X; all others count twice (twitter-text, configuration v3)."""


def is_gsm(text: str) -> bool:
    """Is every character in the GSM alphabet?"""
    return all(char in _GSM or char in _GSM_EXTENDED for char in text)


def sms_units(text: str) -> int:
    """Length of a text message in the units of its alphabet: septets of GSM, else code units of UCS-2.

    >>> sms_units("a€"), sms_units("ê"), sms_units("😀")
    (3, 1, 2)
    """
    if is_gsm(text):
        return sum(2 if char in _GSM_EXTENDED else 1 for char in text)
    return len(text.encode("utf-16-le")) // 2


def sms_excess(text: str) -> int:
    """By how much a text is too long for one text message; 0 or less if it fits.

    >>> sms_excess("a" * 161), sms_excess("ы" * 71), sms_excess("a" * 160)
    (1, 1, 0)
    """
    return sms_units(text) - (SMS_GSM_MAX if is_gsm(text) else SMS_UCS2_MAX)


def in_gsm(text: str) -> str:
    """A text with what GSM lacks written otherwise, if that is enough; else as it is.

    >>> in_gsm("Être prêt – ça va"), in_gsm("да")
    ('Etre pret - ca va', 'да')
    """
    plain = text.translate(_PLAIN)
    folded = "".join(char if char in _GSM else _bare(char) for char in plain)
    return folded if is_gsm(folded) else text


def _bare(char: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", char) if not unicodedata.combining(part))


def aloud(text: str) -> str:
    """A text without signs that nobody can hear.

    >>> aloud("Calls (1 1 2) fail: TV (Köln).")
    'Calls, 1 1 2, fail: TV, Köln.'
    """
    text = _IN_BRACKETS.sub(lambda found: f", {found[1]}," if found[2] else f", {found[1]}", text)
    return text.replace("/", " ")


def x_weight(text: str) -> int:
    """Length of a post as X counts it.

    >>> x_weight("abc"), x_weight("…"), x_weight("日本")
    (3, 2, 4)
    """
    return sum(1 if any(low <= ord(char) <= high for low, high in _X_LIGHT) else 2 for char in text)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletForm:
    """How a text for an outlet is put together.

    Attributes:
        excess: By how much a text is too long; 0 or less if it fits.
        between: What stands between two parts.
        is_short: Whether short forms of sentences are said.
        is_spoken: Whether it is read aloud: no brackets, digits of numbers apart.
        opens_with: Key of a sentence before everything but an emergency; '' for none.
        plain: Writes a text in the outlet's alphabet.
    """

    excess: Callable[[str], int]
    between: str = " "
    is_short: bool = False
    is_spoken: bool = False
    opens_with: str = ""
    plain: Callable[[str], str] = str


def _at_most(chars: int) -> Callable[[str], int]:
    return lambda text: len(text) - chars


OUTLET_FORMS: Final[Mapping[str, OutletForm]] = {
    "push": OutletForm(excess=_at_most(240), is_short=True),
    "sms": OutletForm(excess=sms_excess, is_short=True, plain=in_gsm),
    "x": OutletForm(excess=lambda text: x_weight(text) - X_WEIGHT_MAX, is_short=True),
    "mastodon": OutletForm(excess=_at_most(500)),
    "facebook": OutletForm(excess=_at_most(2_000)),
    "chat": OutletForm(excess=_at_most(1_000)),
    "web": OutletForm(excess=_at_most(4_000)),
    "app": OutletForm(excess=_at_most(1_000)),
    "status_page": OutletForm(excess=_at_most(1_000)),
    "email": OutletForm(excess=_at_most(7_000), between="\n\n", opens_with="notice.greeting"),
    "hotline": OutletForm(excess=_at_most(1_000), is_spoken=True, opens_with="notice.welcome", plain=aloud),
    "phone_bot": OutletForm(excess=_at_most(1_000), is_spoken=True, opens_with="notice.welcome", plain=aloud),
    "press": OutletForm(excess=_at_most(4_000), between="\n\n"),
    "internal": OutletForm(excess=_at_most(4_000)),
}
"""Outlet to its form. 240 characters are what a locked phone shows of a push; 500 are Mastodon's limit; a thousand
spoken ones take about a minute; the others are far above what is said. `cap` is a document, not a text."""
