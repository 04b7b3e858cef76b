"""Channels: which TV channel does a complaint name?

A channel's name makes a thing that may fail: "TF1 est noir" is a complaint
of television though it says neither "TV" nor "chaîne". Channels that are ordinary
words ("Dave", "Gold") count only where the text talks of television anyway. Programmes are no such things, as people
talk of them all day; in a text that reports a fault and names no service, one says that television is meant.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.ingest.text.matching import Matcher, gathered
from pipeline.ingest.text.relevance import Relevance
from pipeline.reference.words import Channel, Row

CHANNEL_POINTS = 250
"""What a channel's name weighs as a thing that may fail: as much as "TV"."""


class _Named(NamedTuple):
    item: str
    market: str
    common: bool


class ChannelReader:
    """Finds TV channels.

    Args:
        channels: TV channels of all markets.
    """

    def __init__(self, channels: Sequence[Channel]) -> None:
        rows = [
            (name, _Named(channel.id, channel.market, common))
            for channel in channels
            for names, common in ((channel.names, False), (channel.common, True))
            for name in names
        ]
        self._matcher = Matcher(gathered(rows))
        self._programmes = Matcher(
            gathered(
                (name, _Named(channel.id, channel.market, common=False))
                for channel in channels
                for name in channel.programmes
            )
        )

    def read(self, words: str, market: str | None, reading: Relevance) -> str | None:
        """The first TV channel of the market that the words name.

        Args:
            words: The folded words of a text.
            market: Id of the market whose channels count; None = channels of all markets.
            reading: What else the words say; a channel whose name is an everyday word counts only beside television.

        Returns:
            The channel's name as an item of a series; None if no channel is named.
        """
        television = any(row.service == "tv" for row in reading.things) or any(
            complaint.service == "tv" for complaint in reading.complaints
        )
        for hit in self._matcher.longest(words):
            for named in hit.payload:
                if market in (None, named.market) and (television or not named.common):
                    return named.item
        return self.programme(words, market)

    def programme(self, words: str, market: str | None) -> str | None:
        """The channel of the first programme that the words name.

        Args:
            words: The folded words of a text.
            market: Id of the market whose channels count; None = channels of all markets.
        """
        for hit in self._programmes.longest(words):
            for named in hit.payload:
                if market in (None, named.market):
                    return named.item
        return None


def channel_row(channels: Iterable[Channel]) -> Row:
    """The names of all channels that are no ordinary words, as a thing that may fail."""
    names = tuple(dict.fromkeys(name for channel in channels for name in channel.names))
    return Row(name="channels", role="thing", weight=CHANNEL_POINTS, service="tv", absent="no_tv", terms=names)
