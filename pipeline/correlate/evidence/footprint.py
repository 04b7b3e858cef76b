"""Footprints: the few facts of an anomaly or a claim that decide to which outage it belongs.

Complaints know the operator and the place but seldom the service ("everything
is dead"), so only network readings may set two services apart.
"""

from dataclasses import dataclass
from typing import Final

FAMILIES: Final = {
    "mobile_voice": "mobile",
    "mobile_data": "mobile",
    "sms": "mobile",
    "fixed_voice": "fixed",
    "broadband": "fixed",
    "tv": "fixed",
}
"""Services that fall together, by the network that carries them; an emergency call goes over either."""

CENTRAL: Final = frozenset({"sms"})
"""Services that one centre of a nation carries: where only they fail, no town is to blame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What decides where an anomaly or a claim belongs.

    Attributes:
        operator: Whose customers or network it is about; '' if a claim names none.
        area: Path of the place tree.
        family: `mobile` or `fixed` if a network reading says so, else ''.
        service: The service that a network reading shows to fail, else ''.
        named: The service that people name, else ''.
        channel: TV channel, or ''.
        beyond_tv: True if it speaks of more than channels: another service, or all of TV by a network reading.
    """

    operator: str
    area: str
    family: str = ""
    service: str = ""
    named: str = ""
    channel: str = ""
    beyond_tv: bool = False


def is_beyond_tv(service: str, item: str, *, network: bool) -> bool:
    """Does it speak of more than channels?

    Complaints that name no service may be about a channel; those that name another service are not.

    Args:
        service: Service that is named, or ''.
        item: Channel or the like that is named, or ''.
        network: True for a network reading, False for what people say.

    >>> is_beyond_tv("", "", network=False), is_beyond_tv("", "", network=True)
    (False, True)
    """
    return not item if network else service not in ("", "tv")
