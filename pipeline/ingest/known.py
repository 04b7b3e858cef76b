"""Known names: a record that names an operator or an area which the reference does not know is refused.

All sources are asked here, so that the same mistake has the same words wherever
it is made, and says how it is mended.
"""

from pipeline.ingest.rules import IngestRules
from pipeline.records.errors import Reason, RecordError


def market_of_operator(operator: str, record: str, rules: IngestRules) -> str:
    """The market of an operator.

    Args:
        operator: Its id, as a record names it.
        record: What to call the record in a message: "ticket 'T1'"; empty for a reading, which has no id.
        rules: What is known beforehand.

    Returns:
        Its market's code.

    Raises:
        RecordError: Reason `unknown_operator`, if nobody knows the operator.
    """
    market = rules.market_of.get(operator)
    if market is None:
        words = f"{_led(record)}operator {operator!r} is not in the reference: add it to operators.toml"
        raise RecordError(Reason.UNKNOWN_OPERATOR, words)
    return market


def check_area(area: str | None, record: str, rules: IngestRules) -> None:
    """Refuse an area that is no path of the place tree; a record without one names none.

    Args:
        area: Path of the area as a record names it.
        record: What to call the record in a message.
        rules: What is known beforehand.

    Raises:
        RecordError: Reason `unknown_area`, if nobody knows the area.
    """
    if area is not None and area not in rules.places:
        words = f"{_led(record)}area {area!r} is not in the place tree, such as DE/NW/koeln"
        raise RecordError(Reason.UNKNOWN_AREA, words)


def check_market(market: str | None, record: str, rules: IngestRules) -> None:
    """Refuse a market in which no operator is known.

    Args:
        market: Id of the market as a record names it.
        record: What to call the record in a message.
        rules: What is known beforehand.

    Raises:
        RecordError: Reason `unknown_market`, if nobody knows the market.
    """
    if market is not None and market not in rules.markets:
        words = f"{_led(record)}market {market!r} is not one of {', '.join(rules.markets)}"
        raise RecordError(Reason.UNKNOWN_MARKET, words)


def _led(record: str) -> str:
    """How a message about a record begins."""
    return f"{record}: " if record else ""
