"""Fields of raw records by what they tell of people: who someone is, what was written, or only a code.

Redacting a recording and keeping a refused record both ask this table, so that a field means the same to both. A
field that is in none of the lists is one that no record type knows; it may hold anything, and is treated as if it
held a name.
"""

import re
from collections.abc import Container
from typing import Final

PERSONS: Final = {"author": "platform", "customer": "operator", "by": "market"}
"""Fields that name a person, each with the field within which the name is unique."""

RECORD_IDS: Final = {
    **{"post_id": "platform", "in_reply_to": "platform", "repost_of": "platform"},
    **{"ticket_id": "operator", "command_id": "market"},
}
"""Fields that name a post, ticket or order: with one of these its writer is found in a minute."""

WORDS: Final = ("text", "place", "reason", "note")
"""Fields in people's own words."""

FREE_CODES: Final = ("item", "segment", "symptom", "team", "postcode", "queue", "incidents")
"""Codes that the sender chooses: a care system may write a name, a contract or a street into them."""

CLOSED_CODES: Final = (
    *("operator", "platform", "market", "area", "element", "service", "vendor", "metric", "unit"),
    *("intake", "kind", "lang"),
)
"""Codes of networks and of closed lists."""

TIMES: Final = ("opened_at", "posted_at", "observed_at", "starts_at", "until")
"""Event times."""

TIME_SIGNS: Final = re.compile(r"[0-9TZtz:./+ -]{1,40}\Z")
"""Signs of a time; what has others is no time, and may be a sentence."""

FIGURES: Final = (
    *("value", "attempts", "interval_seconds", "official", "exercise", "engagement"),
    *("likes", "reposts", "replies", "quotes", "views"),
)
"""Numbers and yes or no; `engagement` holds the last five."""

INCIDENT_ID: Final = re.compile(r"[0-9a-f]{20}\Z")
"""The id of an incident: made from content, it names nobody."""


def names_nobody(target: str, operators: Container[str], areas: Container[object]) -> bool:
    """Whether the target of a command is an incident's id, or a known operator with or without a known area.

    Args:
        target: As the command says it.
        operators: Ids of the known ones.
        areas: Paths of the place tree.

    >>> names_nobody("netcologne@DE/NW", {"netcologne"}, {"DE/NW"}), names_nobody("Anna", {"netcologne"}, {"DE/NW"})
    (True, False)
    """
    if INCIDENT_ID.match(target):
        return True
    operator, at, area = target.partition("@")
    return operator in operators and (not at or area in areas)
