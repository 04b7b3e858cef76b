"""Mentions: one public post, or a later count of the reactions to it."""

from typing import Annotated, Literal

import msgspec

from pipeline.records.limits import Area, Count, Key, Name, TextChars, Time, Words


class Engagement(msgspec.Struct, frozen=True, kw_only=True):
    """Reactions so far: totals since the post was made, not since the last count."""

    likes: Count = 0
    reposts: Count = 0
    replies: Count = 0
    quotes: Count = 0
    views: Count = 0

    @property
    def reactions(self) -> int:
        """All that people did; to see a post is no reaction."""
        return self.likes + self.reposts + self.replies + self.quotes


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """One public post.

    Attributes:
        post_id: As the platform named it; a repeat within a pane counts once.
        posted_at: Event time, RFC 3339. Of a count of reactions: when it was counted.
        author: As the platform names them; hashed at once.
        place: Where the author says to be, in free words; or `area`, a path.
        operator: Id of the operator whose search found the post; the text may name others.
        official: Posted by the operator itself.
        text_chars: Length that the text had before it was cut to 8,000 characters; None if it is whole.
        kind: `post`, or `engagement`: a later count of reactions, without text.
    """

    post_id: Key
    platform: Name
    posted_at: Time
    text: Words = ""
    author: Key | None = None
    lang: Annotated[str, msgspec.Meta(min_length=2, max_length=16)] | None = None
    place: Key | None = None
    area: Area | None = None
    operator: Name | None = None
    market: Annotated[str, msgspec.Meta(min_length=2, max_length=2)] | None = None
    engagement: Engagement | None = None
    in_reply_to: Key | None = None
    repost_of: Key | None = None
    official: bool = False
    kind: Literal["post", "engagement"] = "post"
    text_chars: TextChars | None = None
