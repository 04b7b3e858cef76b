"""The end of a pane: how RESPOND hears that time has passed in a market."""

import msgspec

from pipeline.records.clocks import Instant


class PaneEnd(msgspec.Struct, frozen=True, kw_only=True):
    """All that happened in a market up to here is known.

    Attributes:
        market: Id of the market whose time it is.
        at: End of a pane; panes between it and the one told before may have been passed over.
    """

    market: str
    at: Instant
