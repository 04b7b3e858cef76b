"""The end of a pane: how RESPOND hears that time has passed in a market, and what was said in it."""

import msgspec

from pipeline.records.clocks import Instant
from pipeline.records.inner.signals import OfficialPost
from pipeline.records.inner.talk import TalkSum, WholeComplaint


class PaneEnd(msgspec.Struct, frozen=True, kw_only=True):
    """All that happened in a market up to here is known.

    Attributes:
        market: Id of the market whose time it is.
        at: End of a pane; panes between it and the one told before may have been passed over.
    """

    market: str
    at: Instant


class PaneTalk(msgspec.Struct, frozen=True, kw_only=True):
    """What people and operators said of hot places, as far as it became known at one pane end of a market.

    Attributes:
        market: Market of the operators.
        at: End of the pane.
        complaints: Tickets and posts that wait for an answer.
        officials: Posts of operators.
        sums: Posts by what they say.
    """

    market: str
    at: Instant
    complaints: tuple[WholeComplaint, ...] = ()
    officials: tuple[OfficialPost, ...] = ()
    sums: tuple[TalkSum, ...] = ()
