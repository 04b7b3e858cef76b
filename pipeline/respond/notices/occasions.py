"""The table of occasions: what is told, when, what holds it back, what it replaces, and what it says.

Rows are asked from the top; of what happens at one moment the first is told, and its text
holds all that is new. `waits` means that five minutes (a setting) pass after the last word. `rings` means
that it goes to push and text messages too, which disturb people; other occasions go there only in place
of a draft that still waits.

A row that happens and is held back (`holding.HOLDS`) is told as soon as nothing holds it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pipeline.records.vocabulary import IncidentState, NoticeKind
from pipeline.respond.notices.situation import Situation

PEOPLE: Final = frozenset({"customers", "business_customers", "professionals", "public", "press"})
STAFF: Final = frozenset({"care_agents", "field_technicians"})
ALL: Final = PEOPLE | STAFF | {"authorities", "regulator", "content_provider"}

WORDS: Final = frozenset(
    {
        NoticeKind.ACKNOWLEDGEMENT,
        NoticeKind.UPDATE,
        NoticeKind.ALL_CLEAR,
        NoticeKind.REOPENED,
        NoticeKind.PLANNED_WORK,
        NoticeKind.OVERRUN,
    }
)
"""Kinds that tell how it stands: a newer one makes an older draft wrong."""

RINGING: Final = frozenset({"push", "sms"})
"""Outlets that disturb people wherever they are."""

_STATE = ("back", "end", "next_word", "sorry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A row of the table.

    Attributes:
        name: Names it in notices, decisions and the wording.
        kind: Kind of the notices.
        when: When it happens, in words for docs/notices.md.
        happens: The same as a rule.
        says: Parts of the text, in their order.
        audiences: To whom.
        rings: Whether it disturbs people.
        waits: Whether it keeps the least distance to the last word.
        replaces: Kinds of drafts that it makes wrong.
        tone: Tone in which it speaks to people.
        outlets: Outlets that it goes to; empty for all.
        warns: Whether a public warning is drafted too, if emergency calls fail.
        is_due: Whether it is told however many texts there were.
    """

    name: str
    kind: NoticeKind
    when: str
    happens: Callable[[Situation], bool]
    says: tuple[str, ...]
    audiences: frozenset[str] = ALL
    rings: bool = False
    waits: bool = False
    replaces: frozenset[NoticeKind] = WORDS
    tone: str = "sorry"
    outlets: frozenset[str] = frozenset()
    warns: bool = False
    is_due: bool = False


def _reopened(now: Situation) -> bool:
    return now.is_down and now.told.state == IncidentState.RESOLVED


def _emergency(now: Situation) -> bool:
    return now.was_told and bool(set(now.failing_numbers) - set(now.told.numbers))


def _planned_work(now: Situation) -> bool:
    window = now.incident.maintenance
    return now.is_down and not now.was_told and window is not None and not now.failing_numbers


def _overrun(now: Situation) -> bool:
    until = now.told.planned_until
    window = now.incident.maintenance
    return now.is_down and 0 < until <= now.at and (window is None or int(window.until) <= now.at)


def _confirmed(now: Situation) -> bool:
    return now.is_down and not now.was_told


def _all_clear(now: Situation) -> bool:
    incident = now.incident
    over = incident.state in (IncidentState.RESOLVED, IncidentState.CLOSED) and incident.resolved_at is not None
    return (
        now.was_told
        and over
        and not incident.is_merged
        and now.told.state != IncidentState.RESOLVED
        and now.at >= now.cleared_from
    )


def _apology(now: Situation) -> bool:
    cleared = now.told.state == IncidentState.RESOLVED and now.incident.state == IncidentState.RESOLVED
    return cleared and not now.told.apologised and now.lasted_ms >= now.clock.apology_ms


def _relapse(now: Situation) -> bool:
    return now.is_down and now.told.state == IncidentState.RECOVERING


def _recovering(now: Situation) -> bool:
    return now.incident.state == IncidentState.RECOVERING and now.told.state == IncidentState.CONFIRMED


def _wider(now: Situation) -> bool:
    return now.was_told and now.is_down and bool(now.new_services or now.new_areas or now.is_graver)


def _estimate(now: Situation) -> bool:
    return now.was_told and now.is_down and now.end_moved != ""


def _cadence(now: Situation) -> bool:
    return now.was_told and now.is_on and any(now.next_word_at(audience) <= now.at for audience in now.told.spoken)


def _never(_now: Situation) -> bool:
    return False


OCCASIONS: Final = (
    Occasion(
        name="reopened",
        kind=NoticeKind.REOPENED,
        when="the outage is back after an all-clear",
        happens=_reopened,
        says=("emergency", "headline", "reopened", *_STATE),
        rings=True,
        replaces=WORDS | {NoticeKind.APOLOGY},
        is_due=True,
        warns=True,
    ),
    Occasion(
        name="emergency",
        kind=NoticeKind.UPDATE,
        when="emergency numbers fail that people were not told of",
        happens=_emergency,
        says=("emergency", "headline", "new_services", "new_places", "graver", "still", *_STATE),
        rings=True,
        is_due=True,
        warns=True,
    ),
    Occasion(
        name="planned_work",
        kind=NoticeKind.PLANNED_WORK,
        when="it is confirmed within a planned window, and nobody's emergency calls fail",
        happens=_planned_work,
        says=("headline", "planned", "sorry"),
        audiences=PEOPLE | STAFF,
    ),
    Occasion(
        name="overrun",
        kind=NoticeKind.OVERRUN,
        when="the planned window that people were told of is over, and the outage is not",
        happens=_overrun,
        says=("emergency", "headline", "overrun", "new_services", "new_places", *_STATE),
        rings=True,
        warns=True,
    ),
    Occasion(
        name="confirmed",
        kind=NoticeKind.ACKNOWLEDGEMENT,
        when="it is confirmed, and people have heard nothing",
        happens=_confirmed,
        says=("emergency", "headline", "known", "devices", "next_word", "sorry"),
        rings=True,
        is_due=True,
        warns=True,
    ),
    Occasion(
        name="all_clear",
        kind=NoticeKind.ALL_CLEAR,
        when="it is resolved, which its hold without a relapse made it, and `all_clear_minutes` have passed",
        happens=_all_clear,
        says=("emergency_over", "headline", "over", "restart", "cause", "sorry"),
        rings=True,
        is_due=True,
        warns=True,
    ),
    Occasion(
        name="apology",
        kind=NoticeKind.APOLOGY,
        when="the all-clear of an outage as long as the profile's `apology_minutes`, or longer, was told",
        happens=_apology,
        says=("headline", "apology", "cause"),
        audiences=PEOPLE,
        replaces=frozenset({NoticeKind.APOLOGY}),
        outlets=frozenset({"email", "web", "facebook", "x", "mastodon", "app", "press"}),
    ),
    Occasion(
        name="relapse",
        kind=NoticeKind.UPDATE,
        when="it is down again after people were told that it comes back",
        happens=_relapse,
        says=("emergency", "headline", "relapse", "new_services", "new_places", *_STATE),
        waits=True,
        warns=True,
    ),
    Occasion(
        name="recovering",
        kind=NoticeKind.UPDATE,
        when="it comes back",
        happens=_recovering,
        says=("emergency", "headline", "returning", "next_word"),
        waits=True,
    ),
    Occasion(
        name="wider",
        kind=NoticeKind.UPDATE,
        when="a service or an area is new, or it is graver than was told",
        happens=_wider,
        says=("emergency", "headline", "new_services", "new_places", "graver", *_STATE),
        waits=True,
        warns=True,
    ),
    Occasion(
        name="estimate",
        kind=NoticeKind.UPDATE,
        when="the estimated end is new, or moved by `moved_minutes`, or what was told is past",
        happens=_estimate,
        says=("emergency", "headline", "end", "new_services", "new_places", "graver", "back", "next_word", "sorry"),
        rings=True,
    ),
    Occasion(
        name="cadence",
        kind=NoticeKind.UPDATE,
        when="an audience has heard nothing for as long as its cadence, or the promised next word is due",
        happens=_cadence,
        says=("emergency", "headline", "still", *_STATE),
    ),
    Occasion(
        name="correction",
        kind=NoticeKind.CORRECTION,
        when="a claim or a wrong blame spreads: the duty of people calls `correction.correct`",
        happens=_never,
        says=("emergency", "claim", "headline", "known", "next_word"),
        audiences=PEOPLE | {"care_agents"},
        replaces=frozenset(),
        tone="plain",
        outlets=frozenset({"x", "facebook", "mastodon", "web", "chat", "internal", "press"}),
    ),
)
"""The table."""

BY_NAME: Final = {occasion.name: occasion for occasion in OCCASIONS}
"""Name to row."""


def markdown() -> str:
    """The table for docs/notices.md.

    >>> markdown().splitlines()[0]
    '| occasion | kind | when | says | rings | waits | warns |'
    """
    rows = ["| occasion | kind | when | says | rings | waits | warns |", "|---|---|---|---|---|---|---|"]
    for row in OCCASIONS:
        marks = ("yes" if mark else "" for mark in (row.rings, row.waits, row.warns))
        cells = (f"`{row.name}`", row.kind.value, row.when, ", ".join(row.says), *marks)
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows) + "\n"
