"""What was ordered, as DETECT keeps it: one slot a market."""

from typing import Final

import msgspec

ORDERS: Final = "~orders"
"""So begin names of the slots that hold what was ordered, one a market: apart from `TIME`, which changes with every
envelope, and from what other markets ordered, as a market's ids take 100 kB."""


class LevelWork(msgspec.Struct, frozen=True):
    """Planned work after which levels are to be taken for usual, until it is over.

    Attributes:
        order: Id of the command.
        market: Market of the command.
        until: End of the work, ms.
    """

    order: str
    market: str
    until: int


class OrdersSlot(msgspec.Struct):
    """Which orders of a market were heard.

    Attributes:
        heard: The ids of commands, the oldest first; bounded as CORRELATE's are.
        works: Work that is to change levels and is not over, in the order in which it was taken; bounded.
    """

    heard: list[str] = []
    works: list[LevelWork] = []


class AllOrders(msgspec.Struct):
    """As `OrdersSlot`, of all markets: states kept it so before each market had a slot.

    Attributes:
        heard: Market to the ids of commands.
        works: Such work, of any market.
    """

    heard: dict[str, list[str]] = {}
    works: list[LevelWork] = []


def orders_name(market: str) -> str:
    """Name of the slot of a market's orders.

    >>> orders_name("DE")
    '~orders|DE'
    """
    return f"{ORDERS}|{market}"


def orders_of_before(market: str, before: AllOrders) -> OrdersSlot:
    """A market's orders, of a state that kept them otherwise. Ids of works that stand were used as well.

    Args:
        market: Country.
        before: What was kept of all markets; stays as it is.
    """
    heard = before.heard.get(market, [])
    works = [work for work in before.works if work.market == market]
    return OrdersSlot([*(work.order for work in works if work.order not in heard), *heard], works)
