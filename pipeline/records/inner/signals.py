"""Signals: what a batch of raw records adds up to, on its way from INGEST to DETECT.

Most records travel as sums (`records.inner.partials`). What an operator says
about itself, what people say about emergency numbers, and commands ride whole:
their words decide something, and sums would lose them.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from pipeline.records.clocks import Instant, pane_of
from pipeline.records.inner.partials import SeriesPartial
from pipeline.records.raw.commands import Command
from pipeline.records.series import nation_of
from pipeline.records.vocabulary import OfficialKind


class OfficialPost(msgspec.Struct, frozen=True, kw_only=True):
    """A post of an operator about itself; rides whole, since its words are facts.

    Attributes:
        in_reply_to: Keyed hash of the post that it answers; 0 for none.
        kind: What kind of post it is.
        promised_end_at: The end of an outage that it promises.
        services: That it names, sorted; empty = it says of none, and so of any.
        area: Path of the smallest area that it surely means; '' = it names none.
        counts: What people did about it so far, if this is a later count of that and no word: likes, reposts, replies,
            quotes and views; empty for a post.
    """

    operator: str
    at: Instant
    post_id: str
    platform: str
    text: str
    lang: str = ""
    reactions: int = 0
    in_reply_to: int = 0
    kind: OfficialKind = "chatter"
    promised_end_at: Instant | None = None
    services: list[str] = []
    area: str = ""
    counts: list[int] = []

    @property
    def name(self) -> str:
        """Platform and id: what it is known by."""
        return f"{self.platform}|{self.post_id}"

    @property
    def is_for_all(self) -> bool:
        """Is it said to everybody? "It works again" in a thread is told to one customer, whose line it is about."""
        return not self.in_reply_to and self.kind != "outage_reply" and not self.counts


class EmergencyClaim(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody says that an emergency number cannot be reached; rides whole.

    Attributes:
        operator: Id of the operator whose network the claim names; '' if it names none.
        area: Smallest area known, at least the nation.
        person: Keyed hash of who says so; two posts of one person are one.
        numbers: Such as `112`, in their order in the text.
        permille: Probability that it is such a claim; 1,000 for a code of the care system.
        doubtful: It may be something else: a person should look.
    """

    market: str
    operator: str = ""
    area: str
    source: str
    at: Instant
    id_hash: int
    person: int
    numbers: list[str] = []
    example: str = ""
    service: str = ""
    permille: int = 1_000
    doubtful: bool = False

    @property
    def order(self) -> tuple[object, ...]:
        """Sorts claims alike in whatever order they came; of one post that came twice the surer one first."""
        who = (int(self.at), self.source, self.operator, self.area, self.id_hash, self.person)
        return (*who, -self.permille, self.doubtful, self.example, self.service, self.numbers)


class PlacedCommand(msgspec.Struct, frozen=True, kw_only=True):
    """A command with its place in time."""

    at: Instant
    command: Command

    @property
    def order(self) -> tuple[int, str, bytes]:
        """Sorts commands alike in whatever order they came: by time, id, and what two of one id say."""
        return (int(self.at), self.command.command_id, msgspec.json.encode(self.command))


class LooseReply(msgspec.Struct, frozen=True, order=True):
    """A reply that names no operator, and whose search found it is not known: it is about what it answers.

    Attributes:
        at: Event time, ms.
        area: Smallest area known, at least the nation.
        post: Keyed hash of it, as 13 hexadecimal digits.
        tag: Tag of a reply, by `records.inner.strengths`.
    """

    at: Instant
    area: str
    post: str
    tag: str


REPLIES_MAX: Final = 16
"""Replies without an operator kept of a market and pane: more than one in a second are of one talk or of a machine."""

REPLIES_WAITING_MAX: Final = 65_536
"""Replies without an operator that DETECT keeps until their step is complete. A clock that stands must not fill its
memory; four markets where as many reply as are kept reach it after three hours, what usually comes after weeks."""


def few_replies(replies: Iterable[LooseReply]) -> list[LooseReply]:
    """The first few of each market and pane by their hashes, each post once, in their order.

    What is kept of all is kept of the parts as well, so any cut gives the same.

    Args:
        replies: In any order.
    """
    panes: dict[tuple[str, int], dict[str, LooseReply]] = {}
    for reply in sorted(replies):
        panes.setdefault((nation_of(reply.area), pane_of(reply.at)), {}).setdefault(reply.post, reply)
    return sorted(posts[post] for posts in panes.values() for post in sorted(posts)[:REPLIES_MAX])


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What one batch of one lane says to one partition of `signals`.

    A batch too large for one record is split; all parts lie in one transaction,
    and only the last one carries clocks: time moves when all is said.

    Attributes:
        epoch: Epoch of the topic; a new one starts with a new count of partitions.
        layout: Number of the layout of lanes, from 1; a new one has another count of lanes, and forgets their clocks.
        lane: 0 to lanes - 1.
        partition: Partition of `signals`, 0 to partitions - 1.
        clocks: Source to clock. A source that was not heard yet is missing.
        replies: Without an operator, of the whole batch: each partition may hold what they answer.
    """

    epoch: int
    lane: int
    lanes: int
    partition: int
    partitions: int
    layout: int = 1
    clocks: dict[str, Instant] = {}
    partials: list[SeriesPartial] = []
    officials: list[OfficialPost] = []
    claims: list[EmergencyClaim] = []
    commands: list[PlacedCommand] = []
    replies: list[LooseReply] = []
