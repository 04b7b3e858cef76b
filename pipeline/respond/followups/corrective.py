"""What to mend, and what customers are told of it: a table of what went wrong and what follows.

Each row looks for one thing in the record and asks for one action. Whether it was mended, and whether
customers were told, only a person can say.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from pipeline.records.clocks import DAY_MS, MINUTE_MS
from pipeline.records.published.followups import CorrectiveAction
from pipeline.records.published.incidents import Incident
from pipeline.records.texts import clipped
from pipeline.respond.followups.asked import AskedFollowup, OverOutage
from pipeline.respond.followups.review import review_of
from pipeline.wording.followups import sentence_of

MISSED_SECONDS: Final = 1_800
"""A promise that was missed by more than half an hour was wrong; a judgement."""

LATE_GRADES: Final = frozenset({"C", "D", "F"})
"""A first word after more than half an hour."""


class CorrectiveRule(NamedTuple):
    """One thing that can have gone wrong.

    Attributes:
        name: Names it.
        action: What is to be done, from the record; None if it did not go wrong.
        sentence: What customers are told; '' where it is nothing for them.
    """

    name: str
    action: Callable[[Incident], str | None]
    sentence: str


def _cause(incident: Incident) -> str | None:
    known = next((cause for cause in incident.causes or () if cause.kind != "unknown" and cause.stated_by), None)
    if known is None:
        return "Find the cause, and see that it cannot come back unnoticed."
    return f"See that the cause cannot come back: {known.text or known.kind.replace('_', ' ')}."


def _emergency(incident: Incident) -> str | None:
    if incident.emergency is None or not incident.emergency.affected:
        return None
    numbers = ", ".join(incident.emergency.numbers) or "112"
    return f"Test each path of emergency calls ({numbers}), and that phones find another network when ours is down."


def _late(incident: Incident) -> str | None:
    review = review_of(incident)
    if review.grade not in LATE_GRADES and review.official_posts:
        return None
    if not review.official_posts:
        return "Speak within 15 minutes: no word of ours was heard in public."
    return f"Speak within 15 minutes: the first word came after {(review.first_word_after_seconds or 0) // 60}."


def _noticed(incident: Incident) -> str | None:
    if not incident.leads or incident.leads[0].source == "telemetry":
        return None
    own = next((lead for lead in incident.leads if lead.source == "telemetry"), None)
    if own is None:
        return "Measure what failed: people told us of it, and no figure of ours moved."
    minutes = (int(own.first_evidence_at) - int(incident.leads[0].first_evidence_at)) // MINUTE_MS
    return f"Measure what failed sooner: people told us {minutes} min before our figures."


def _blind(incident: Incident) -> str | None:
    feeds = ", ".join(f"{feed.source} {feed.feed}" for feed in incident.silent_feeds or ())
    return f"Mend the feeds that fell silent: {feeds}." if feeds else None


def _estimate(incident: Incident) -> str | None:
    missed = review_of(incident).promise_missed_seconds
    if missed is None or missed <= MISSED_SECONDS:
        return None
    return f"Promise an end only with a margin: it ended {missed // 60} min later than we said."


CORRECTIVE: Final = (
    CorrectiveRule("cause", _cause, "mending.cause"),
    CorrectiveRule("emergency", _emergency, "mending.emergency"),
    CorrectiveRule("late_word", _late, "mending.late"),
    CorrectiveRule("noticed_late", _noticed, "mending.noticed"),
    CorrectiveRule("blind", _blind, ""),
    CorrectiveRule("missed_promise", _estimate, "mending.estimate"),
)
"""The table."""


def mend(over: OverOutage) -> Iterator[AskedFollowup]:
    """An action for each row of the table that holds."""
    config, incident = over.rules.config.followups, over.incident
    for rule in CORRECTIVE:
        action = rule.action(incident)
        if action is None:
            continue
        needed = (over.rules.wording, over.languages, rule.sentence)
        told = sentence_of(*needed, exercise=over.incident.exercise) if rule.sentence else None
        part = CorrectiveAction(
            action=clipped(action),
            text=None if told is None else told.said(over.languages[0]),
            customer_text=told,
        )
        owner = config.communication_owner if rule.name in ("late_word", "missed_promise") else incident.team
        due_at = over.at + config.corrective_days * DAY_MS
        yield AskedFollowup("corrective_action", rule.name, part, owner or config.care_owner, due_at)
