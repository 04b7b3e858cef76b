"""The closed lists and the bounded texts that the published records share.

A closed list labels metrics, colours charts and chooses words in three
languages, so a value outside of it is refused, not passed on. Each text has
a length limit, since a published record must fit in 64 KiB. The JSON Schemas
say the same; tests/schemas holds the two together.

Ratios are integers in parts per million (`_ppm`), not floats: sums of them
do not depend on their order, and 0.1 has one spelling.
"""

from enum import StrEnum
from typing import Annotated, Final, Literal, get_args

import msgspec

from pipeline.records.limits import EXAMPLE_CHARS_MAX

PUBLISHED_BYTES_MAX: Final = 65_536
"""Largest value on a published topic: CloudEvents intermediaries must forward 64 KiB, more only if they like."""

PPM: Final = 1_000_000
"""Parts per million: the whole, as a ratio."""


class IncidentState(StrEnum):
    """Where an incident is in its life (the moves are CORRELATE's table)."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    RECOVERING = "recovering"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DISMISSED = "dismissed"


FINAL: Final = frozenset({IncidentState.CLOSED, IncidentState.DISMISSED})
"""States that an incident never leaves."""


class Severity(StrEnum):
    """Perceived severity, in the words of ITU-T X.733; `cleared` when it is over."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    WARNING = "warning"
    CLEARED = "cleared"


GRAVITY: Final[dict[str, int]] = {
    Severity.CLEARED: 0,
    Severity.WARNING: 1,
    Severity.MINOR: 2,
    Severity.MAJOR: 3,
    Severity.CRITICAL: 4,
}
"""Order of the severities, the least first."""


class NoticeKind(StrEnum):
    """What a drafted message is for."""

    ACKNOWLEDGEMENT = "acknowledgement"
    UPDATE = "update"
    CORRECTION = "correction"
    APOLOGY = "apology"
    ALL_CLEAR = "all_clear"
    REPLY = "reply"
    REOPENED = "reopened"
    PLANNED_WORK = "planned_work"
    OVERRUN = "overrun"
    QUESTION = "question"


class DecisionKind(StrEnum):
    """What was done, or was left undone, on purpose."""

    OPENED = "opened"
    CHANGED = "changed"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    MERGED = "merged"
    SPLIT = "split"
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    SUPPRESSED = "suppressed"
    REFUSED = "refused"
    RESET = "reset"
    RULESET_CHANGED = "ruleset_changed"


class DecisionReason(StrEnum):
    """Why. Labels a metric, so the list is closed; the words beside it are free."""

    ANOMALY = "anomaly"
    CORROBORATED = "corroborated"
    STRONG_SINGLE_SOURCE = "strong_single_source"
    SINGLE_SOURCE = "single_source"
    WEAK_EVIDENCE = "weak_evidence"
    EMERGENCY_RULE = "emergency_rule"
    OFFICIAL_WORD = "official_word"
    EVIDENCE_CHANGED = "evidence_changed"
    SEVERITY_CHANGED = "severity_changed"
    ESTIMATE_CHANGED = "estimate_changed"
    RELAPSE = "relapse"
    RECOVERY = "recovery"
    SAID_BACK = "said_back"
    QUIET = "quiet"
    HOLD = "hold"
    REOPEN_WINDOW_OVER = "reopen_window_over"
    SAME_OUTAGE = "same_outage"
    APART = "apart"
    COLLATERAL = "collateral"
    COMMAND = "command"
    SILENCED = "silenced"
    MAINTENANCE = "maintenance"
    EXERCISE = "exercise"
    FEEDBACK = "feedback"
    FLAPPING = "flapping"
    ALREADY_SENT = "already_sent"
    OVERTAKEN = "overtaken"
    NOT_DUE = "not_due"
    CADENCE = "cadence"
    AWAITING_APPROVAL = "awaiting_approval"
    GUARD_RAIL = "guard_rail"
    NO_TARGET = "no_target"
    UNKNOWN_TARGET = "unknown_target"
    NOT_ALLOWED = "not_allowed"
    ALREADY_DONE = "already_done"
    HANDED_OVER = "handed_over"
    EXPIRED = "expired"
    THRESHOLD_CROSSED = "threshold_crossed"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    NEXT_WORD_DUE = "next_word_due"
    LIMIT_REACHED = "limit_reached"
    WARMING_UP = "warming_up"
    SOURCE_SILENT = "source_silent"
    RULE_FAILED = "rule_failed"
    NEW_LEVEL = "new_level"
    RULESET_CHANGED = "ruleset_changed"
    REBUILT = "rebuilt"


Service = Literal["broadband", "emergency", "fixed_voice", "mobile_data", "mobile_voice", "sms", "tv"]
"""The services of an operator."""

SERVICES: Final[tuple[str, ...]] = get_args(Service)
"""The same, for who asks whether a word is one; `None` in a series means that nobody said which."""

OfficialKind = Literal[
    "outage", "outage_reply", "update", "all_clear", "planned", "deny", "apology_other", "help_reply", "chatter"
]
"""What an operator's own post is: it tells of an outage, to all or to one; it goes on about one; all is well again;
work is planned; there is none; it is sorry for something else; it asks one customer to look; it is anything else."""

OFFICIAL_KINDS: Final[tuple[OfficialKind, ...]] = get_args(OfficialKind)

TELL_OF_AN_OUTAGE: Final[tuple[OfficialKind, ...]] = ("outage", "outage_reply", "update")
"""Kinds of a post by which an operator says that there is an outage now."""

TELL_OF_A_STATE: Final[tuple[OfficialKind, ...]] = (*TELL_OF_AN_OUTAGE, "all_clear", "deny")
"""Kinds that tell customers how it stands with an outage: the others are no word of one."""

Source = Literal["telemetry", "tickets", "mentions", "commands"]
Stage = Literal["ingest", "detect", "correlate", "respond"]
Extent = Literal["isolated", "localised", "general", "not_geographic", "unknown"]

EVERYWHERE: Final[tuple[Extent, ...]] = ("general", "not_geographic")
"""Extents of an outage that a whole nation has: all of it, or one in three in every room."""

Nature = Literal["technical", "content", "planned", "external", "unknown"]
DurationClass = Literal["temporary", "prolonged", "unknown"]
Verification = Literal["estimated", "confirmed"]
ItemKind = Literal["tv_channel", "programme", "technology", "application", "other"]
CauseKind = Literal[
    "configuration_error",
    "software_fault",
    "hardware_failure",
    "cable_cut",
    "power_failure",
    "overload",
    "signalling_failure",
    "planned_work",
    "attack",
    "weather",
    "third_party",
    "rights",
    "schedule_error",
    "customer_side",
    "unknown",
]
Role = Literal["primary", "hosted"]
Talk = Literal[
    "information",
    "prices",
    "compensation",
    "blame",
    "professionals",
    "thanks",
    "leaving",
    "emergency",
    "rumour",
    "device",
    "isolated",
    "general",
    "other",
]
Health = Literal["working", "degraded", "down", "unknown"]
EtaBasis = Literal["similar_incidents", "recovery_curve", "operator_promise", "maintenance_window", "person"]
Grade = Literal["A", "B", "C", "D", "F"]
AlternativeKind = Literal[
    "mobile_forwarding",
    "phone_bot",
    "replay",
    "video_on_demand",
    "web_stream",
    "national_roaming",
    "wifi_calling",
    "other",
]
NoticeState = Literal["draft", "approved", "sent", "superseded", "withdrawn", "expired"]
Tone = Literal["plain", "sorry", "grateful"]
FailoverKind = Literal[
    "mobile_forwarding",
    "phone_bot",
    "hotline_text",
    "replay_offer",
    "video_on_demand_offer",
    "web_stream",
    "status_page",
    "guest_roaming",
]
FailoverState = Literal["active", "standby"]
FailoverPhase = Literal[
    "proposed", "active", "rejected", "lapsed", "overtaken", "withdrawn", "expired", "unhealthy", "over"
]
"""`lapsed`: nobody decided in time. `overtaken`: a graver incident needs the backup. `over`: the incident is."""
HelpVerdict = Literal["helped", "no_difference", "worse", "unknown"]
QuestionTopic = Literal["what", "where", "since", "until", "what_to_do", "emergency", "money"]
CompensationKind = Literal["owed", "goodwill"]
FollowupKind = Literal[
    "survey",
    "cause_analysis",
    "compensation",
    "corrective_action",
    "communication_review",
    "thanks",
    "aftermath",
]
FollowupState = Literal["open", "done", "cancelled", "superseded"]
Audience = Literal[
    "customers",
    "business_customers",
    "professionals",
    "reporter",
    "care_agents",
    "field_technicians",
    "press",
    "regulator",
    "authorities",
    "public",
    "content_provider",
]
Outlet = Literal[
    "push",
    "web",
    "app",
    "sms",
    "email",
    "chat",
    "x",
    "facebook",
    "mastodon",
    "hotline",
    "phone_bot",
    "press",
    "status_page",
    "cap",
    "internal",
]

Count = Annotated[int, msgspec.Meta(ge=0, le=9_007_199_254_740_991)]
"""A number of things: 0 to 2^53 - 1, which every JSON reader holds exactly."""
Seconds = Annotated[int, msgspec.Meta(ge=0, le=9_007_199_254_740_991)]
Lasting = Annotated[int, msgspec.Meta(ge=1, le=31_536_000)]
"""How long something may last, in seconds: 1 to a year."""
SignedCount = Annotated[int, msgspec.Meta(ge=-9_007_199_254_740_991, le=9_007_199_254_740_991)]
Revision = Annotated[int, msgspec.Meta(ge=1, le=9_007_199_254_740_991)]
SharePpm = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
"""A share of a whole, in parts per million: 0 to 1,000,000."""
RatioPpm = Annotated[int, msgspec.Meta(ge=0, le=9_007_199_254_740_991)]
"""A ratio that may exceed one, in parts per million: 21 times as much is 21,000,000."""
BalancePpm = Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)]
"""Sentiment, in parts per million: -1,000,000 all against, 0 even, 1,000,000 all in favour."""

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
Subject = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
"""What a decision is about: an incident id, or a series in words."""
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
"""A short name from settings or reference files: an operator, a team, a rule."""
Area = Annotated[str, msgspec.Meta(max_length=160, pattern=r"^[A-Z]{2}(/[A-Za-z0-9-]+)*\Z")]
"""A path in the place tree: nation/region/district/town, as far as known."""
Market = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}\Z")]
Currency = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}\Z")]
Language = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}\Z")]
"""ISO 639: which ones there are, the files of lexicon and wording say."""
ItemName = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Short = Annotated[str, msgspec.Meta(max_length=80)]
Line = Annotated[str, msgspec.Meta(max_length=200)]
Example = Annotated[str, msgspec.Meta(max_length=EXAMPLE_CHARS_MAX)]
Words = Annotated[str, msgspec.Meta(max_length=1000)]
Body = Annotated[str, msgspec.Meta(max_length=8000)]
Labels = Annotated[dict[Key, Example], msgspec.Meta(max_length=32)]
"""A few more words by name; names and values are text."""
Url = Annotated[str, msgspec.Meta(max_length=400)]
TimeZone = Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[A-Za-z][A-Za-z0-9_+/-]*\Z")]
"""An IANA time zone: texts for people use it; every time in a record is UTC."""
Decimal = Annotated[str, msgspec.Meta(max_length=40, pattern=r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?\Z")]
"""An exact decimal number as text, so that no reader rounds it."""
DialledNumber = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{2,6}\Z")]
"""A number that people dial for help: 112, 110, 999, 17."""
