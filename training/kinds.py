"""Kinds: what sort of text one is, in fifteen groups; writers named thousands.

A group is told by how words of the name begin that a writer gave; the first group that is met.
"""

from collections.abc import Mapping
from typing import Final

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "emergency calls": ("emerg", "112", "999", "alarm", "notruf", "urgence"),
    "official, planned": ("official", "planned", "maintenance", "promise"),
    "irony, jokes": ("iron", "sarc", "joke", "litotes", "understat", "humor", "humour", "poem", "pun"),
    "negation": ("negat", "denial", "denied", "twist", "not fixed", "opposite", "unresolved"),
    "back, past": ("back", "past", "resolved", "clear", "restored", "yesterday", "over", "chronic"),
    "another company": ("compet", "other", "neighb", "bank", "train", "game", "website", "rival", "homonym", "work"),
    "lights, codes, steps": ("light", "router", "code", "step", "box", "modem", "error"),
    "television": ("tv", "football", "channel", "picture", "stream", "programme", "match", "buffer"),
    "devices, apps": ("handset", "phone", "device", "app", "email", "e-mail", "wifi", "sim", "voicemail", "pixel"),
    "bills, orders, care": (
        *("bill", "price", "contract", "order", "tariff", "offer", "cap", "deliver", "account", "leav", "cancel"),
        *("shop", "hotline", "technician", "care", "staff", "roaming", "connected", "porting", "departure", "refund"),
    ),
    "questions, what if": ("question", "hypoth", "ask", "what if", "rhetoric", "area"),
    "praise, thanks": ("praise", "thank", "happy", "works"),
    "news, adverts, other talk": (
        *("news", "rumour", "rumor", "advert", "offtopic", "off topic", "politic", "weather", "scam", "spam", "bot"),
        *("sport", "everyday", "nuance", "hard neg", "negative"),
    ),
    "bursts, threads": ("burst", "same", "reply", "answer", "me too", "ctx", "chat", "weak", "thread", "still"),
    "stories, hints": ("story", "oblique", "indirect", "hidden", "one line", "note", "ticket", "elder", "dialect"),
    "short and plain": (
        "short",
        "plain",
        "one word",
        "report",
        "pair",
        "signal",
        "down",
        "slow",
        "fault",
        "drop",
        "nosignal",
        "landline",
        "sms",
        "mobile",
        "no ",
    ),
}
"""Group, and beginnings of words by which it is told."""

OTHERS: Final = "all others"


def group_of_kind(kind: str) -> str:
    """The group of a kind.

    >>> group_of_kind("negated_back"), group_of_kind("short burst"), group_of_kind("Corse")
    ('negation', 'bursts, threads', 'all others')
    """
    name = f" {kind.lower().replace('_', ' ')}"
    return next((group for group, parts in GROUPS.items() if any(f" {part}" in name for part in parts)), OTHERS)
