"""The parts of an incident that concern people: what they say, how care copes, what they are told."""

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.published.incident_parts import Interval
from pipeline.records.vocabulary import (
    AlternativeKind,
    BalancePpm,
    Count,
    Currency,
    Grade,
    Health,
    Id,
    Key,
    Language,
    Line,
    RatioPpm,
    Seconds,
    SharePpm,
    Short,
    Talk,
    Words,
)

FAILOVERS_SHOWN_MAX: Final = 16
"""Ids of backups that an incident names; the rest is counted."""


class Posts(msgspec.Struct, frozen=True, kw_only=True):
    """How much is said, by how many, and how many react.

    Attributes:
        posts: Public posts of the incident.
        people: Their authors, each counted once.
        reactions: Likes, reposts, replies and quotes of the operator's messages about it, as counted last; where no
            count names one, of the loudest step. They count as well as posts.
        views: As far as platforms tell.
        activity_ratio_ppm: Actions (posts and reactions) over what is usual then.
        tickets: Complaints to the operator itself.
        engagement_ratio_ppm: Reactions to a message of the operator over those to one of its messages before it.
    """

    posts: Count
    people: Count
    reactions: Count | None = None
    likes: Count | None = None
    reposts: Count | None = None
    replies: Count | None = None
    quotes: Count | None = None
    views: Count | None = None
    activity_ratio_ppm: RatioPpm | None = None
    tickets: Count | None = None
    engagement_ratio_ppm: RatioPpm | None = None


class TopicShare(msgspec.Struct, frozen=True, kw_only=True):
    """What people talk about."""

    topic: Talk
    posts: Count
    people: Count | None = None
    share_ppm: SharePpm | None = None


AROUND_TOPICS_MAX: Final = 3
"""Topics that are told before and after an official message, the most talked of."""


class TalkedOf(msgspec.Struct, frozen=True, kw_only=True):
    """What a part of the posts talk about.

    Attributes:
        margin_ppm: The true share lies so far from it at most, in 95 of 100 cases as far as chance goes.
    """

    topic: Talk
    share_ppm: SharePpm
    margin_ppm: RatioPpm | None = None


AROUND_MS: Final = 30 * MINUTE_MS
"""How long before and after it: long enough for some posts, short enough that the next message is seldom in it."""


class SentimentAround(msgspec.Struct, frozen=True, kw_only=True):
    """What people say before and after one official message; each message polarises.

    Attributes:
        official_post_id: The message.
        at: When it was posted.
        before_ppm: Balance of favourable over hostile posts in the half hour before: all hostile is -1,000,000. None if
            posts come without a class, or there were none.
        after_ppm: The same balance in the half hour after.
        posts_before: How many posts `before_ppm` rests on.
        posts_after: How many posts `after_ppm` rests on.
        before_margin_ppm: The true balance lies so far from `before_ppm` at most, in 95 of 100 cases.
        after_margin_ppm: The same of `after_ppm`.
        talk_before: Posts about the operators in the half hour before, of any mood.
        talk_after: The same after it.
        topics_before: What they talked of, the most talked of first.
        topics_after: The same after it.
        neutral_before: Posts in the half hour before that are neither; with `posts_before`, all whose mood can be told.
        neutral_after: The same after it.
        reactions: Likes, reposts, replies and quotes of the message, as counted last; None where no platform told.
    """

    official_post_id: Id
    at: Instant
    before_ppm: BalancePpm | None = None
    after_ppm: BalancePpm | None = None
    posts_before: Count = 0
    posts_after: Count = 0
    before_margin_ppm: RatioPpm | None = None
    after_margin_ppm: RatioPpm | None = None
    talk_before: Count = 0
    talk_after: Count = 0
    topics_before: Annotated[tuple[TalkedOf, ...], Meta(max_length=AROUND_TOPICS_MAX)] = ()
    topics_after: Annotated[tuple[TalkedOf, ...], Meta(max_length=AROUND_TOPICS_MAX)] = ()
    neutral_before: Count = 0
    neutral_after: Count = 0
    reactions: Count | None = None


class Rumour(msgspec.Struct, frozen=True, kw_only=True):
    """A claim that spreads; it gets a correction notice.

    Attributes:
        rumour_id: Hash of incident and claim.
        claim: What is claimed.
        first_at: First post that says so.
        posts: Public posts, reposts included: rumours travel by them.
        reposts: How many of the posts pass on what another wrote; the others say it themselves.
        people: Their authors; far fewer than posts are few who repeat it.
        share_ppm: Part of all posts about the incident's operators.
        denied_at: When the operator denied it.
        notice_id: Correction that was drafted.
    """

    rumour_id: Id
    claim: Line
    first_at: Instant
    posts: Count
    reposts: Count | None = None
    people: Count | None = None
    share_ppm: SharePpm | None = None
    denied_at: Instant | None = None
    notice_id: Id | None = None


class Care(msgspec.Struct, frozen=True, kw_only=True):
    """How the hotline copes, from call-centre readings.

    Attributes:
        measured_at: End of the last reading.
        waiting_seconds: Average speed of answer.
        longest_wait_seconds: Longest wait in the interval.
        abandonment_ppm: Share of callers that hung up before an answer.
        satisfaction_ppm: Customer satisfaction, 1,000,000 the best.
        hotline_reachable: False if it is down itself; None if not known.
    """

    measured_at: Instant | None = None
    waiting_seconds: Seconds | None = None
    longest_wait_seconds: Seconds | None = None
    calls_waiting: Count | None = None
    calls_offered: Count | None = None
    abandonment_ppm: SharePpm | None = None
    satisfaction_ppm: SharePpm | None = None
    hotline_reachable: bool | None = None


class AftermathPoint(msgspec.Struct, frozen=True, kw_only=True):
    """What was left of it some time after the end.

    Attributes:
        posts: Posts of the day before the moment, as all counts are.
        reactions: To what the operator wrote to everybody that day.
        sentiment_ppm: Balance of favourable over hostile posts of that day; None if nobody took a side.
        sentiment_margin_ppm: The true balance lies so far from it at most, in 95 of 100 cases as far as chance goes.
        sentiment_posts: Posts that took a side.
        leaving_posts: Posts that talk of leaving the operator.
        backup_helped: Whether a backup channel took load off the hotline.
        complaints_ratio_ppm: Complaints over what is usual then.
        not_known: What has no figures, each with the reason.
    """

    measured_at: Instant
    posts: Count | None = None
    reactions: Count | None = None
    sentiment_ppm: BalancePpm | None = None
    sentiment_margin_ppm: RatioPpm | None = None
    sentiment_posts: Count | None = None
    leaving_posts: Count | None = None
    waiting_seconds: Seconds | None = None
    abandonment_ppm: SharePpm | None = None
    satisfaction_ppm: SharePpm | None = None
    backup_helped: bool | None = None
    complaints_ratio_ppm: RatioPpm | None = None
    not_known: Annotated[tuple[Short, ...], Meta(max_length=9)] = ()


class FeltBefore(msgspec.Struct, frozen=True, kw_only=True):
    """How people felt the day before an outage and while it lasted: what is held against the time after it.

    Attributes:
        sentiment_ppm: Balance of the day before it.
        sentiment_margin_ppm: Its margin.
        sentiment_during_ppm: Balance while it lasted.
        leaving_posts: Posts of the day before it that talk of leaving.
    """

    sentiment_ppm: BalancePpm | None = None
    sentiment_margin_ppm: RatioPpm | None = None
    sentiment_during_ppm: BalancePpm | None = None
    leaving_posts: Count | None = None


class Aftermath(msgspec.Struct, frozen=True, kw_only=True):
    """One day and one week after the end, and what both are held against."""

    one_day: AftermathPoint | None = None
    one_week: AftermathPoint | None = None
    before: FeltBefore | None = None


SUMMARY_LANGUAGES: Final[tuple[Language, ...]] = ("fr", "en", "de")
"""Languages that each text of a summary has a field for: readers count on them, so they are part of the format."""


class Sentence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The same short text in three languages, and in those that customers of the market speak beside them.

    A language of the three in which nothing can be said holds the text in the market's own.

    Attributes:
        more: By language: `nl` in Belgium. Missing where the market speaks none but the three.
    """

    fr: Line
    en: Line
    de: Line
    more: Mapping[Language, Line] = {}

    def said(self, language: str) -> str:
        """The text in a language; in English if it is not said in this one."""
        return str(self.more.get(language) or getattr(self, language, self.en))


class Paragraph(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The same text in three languages, and in those that customers of the market speak beside them.

    A language of the three in which nothing can be said holds the text in the market's own.

    Attributes:
        more: As in `Sentence`.
    """

    fr: Words
    en: Words
    de: Words
    more: Mapping[Language, Words] = {}

    def said(self, language: str) -> str:
        """The text in a language; in English if it is not said in this one."""
        return str(self.more.get(language) or getattr(self, language, self.en))


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What to tell people, without jargon.

    Attributes:
        headline: One line.
        page: For the status page.
        phone_bot: To be spoken.
    """

    headline: Sentence
    page: Paragraph
    phone_bot: Paragraph


class Communication(msgspec.Struct, frozen=True, kw_only=True):
    """The communication clock: what the operator has said, and what is due.

    Attributes:
        first_official_at: Time of the first word that the operator said to everybody.
        last_official_at: Latest.
        official_posts: How many.
        first_word_after_seconds: From the estimated start to the first word.
        grade: StatusGator's, of the first word: A < 15 min, F > 240 min.
        next_due_at: When the next word is due by the profile.
        promised_end_at: The end that the operator named last.
        complaints: Posts and tickets that ask for an answer.
        replies: Answers given.
        reply_rate_ppm: Replies over complaints.
        replies_waiting: Complaints that wait for an answer by name.
        replies_overdue: Complaints that were not answered in time.
        replies_handed_over: Complaints that a person answers, since they are none of this incident.
        oldest_waiting_at: When the oldest complaint that waits was written.
        profile: Which duties were applied.
    """

    first_official_at: Instant | None = None
    last_official_at: Instant | None = None
    official_posts: Count = 0
    first_word_after_seconds: Seconds | None = None
    grade: Grade | None = None
    next_due_at: Instant | None = None
    promised_end_at: Instant | None = None
    complaints: Count | None = None
    replies: Count | None = None
    reply_rate_ppm: SharePpm | None = None
    profile: Key | None = None
    replies_waiting: Count | None = None
    replies_overdue: Count | None = None
    replies_handed_over: Count | None = None
    oldest_waiting_at: Instant | None = None


class Alternative(msgspec.Struct, frozen=True, kw_only=True):
    """Something that people can use meanwhile, if it works itself.

    Attributes:
        text: What it is, for people.
        health: Whether it works: never offer what is down as well.
        checked_at: When the health was known.
        offered_at: When it was offered to customers; `None` if it was not.
        failover_id: The backup that provides it.
    """

    kind: AlternativeKind
    text: Line
    health: Health
    checked_at: Instant | None = None
    offered_at: Instant | None = None
    failover_id: Id | None = None


class Compensation(msgspec.Struct, frozen=True, kw_only=True):
    """What is owed, as an estimate; a person decides.

    Attributes:
        rule: Profile that says so: `de_tkg_58`, `gb_automatic`.
        currency: ISO 4217.
        amount_minor: Sum over all customers, in cents or pence.
        customers: To how many.
        followup_id: The estimate's record on `followups`.
    """

    rule: Key
    currency: Currency
    amount_minor: Interval
    customers: Interval | None = None
    text: Short | None = None
    followup_id: Id | None = None


class References(msgspec.Struct, frozen=True, kw_only=True):
    """What followed from the incident, on other topics."""

    notice_ids: Annotated[tuple[Id, ...], Meta(max_length=32)] = ()
    notice_ids_omitted: Count = 0
    failover_ids: Annotated[tuple[Id, ...], Meta(max_length=FAILOVERS_SHOWN_MAX)] = ()
    failover_ids_omitted: Count = 0
    followup_ids: Annotated[tuple[Id, ...], Meta(max_length=16)] = ()
    followup_ids_omitted: Count = 0
