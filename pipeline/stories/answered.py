"""Checks of what was said and done about it: notices, backups, what people said, and what came after."""

from typing import Final

from pipeline.stories.evidence import Evidence
from pipeline.stories.verdicts import Verdict, done, missing
from pipeline.views.words import MINUTE_MS, counted, lasting, plain

OUTLETS: Final = ("push", "email", "web", "facebook", "x", "chat")
"""Where customers of today expect to be told."""
TOPICS: Final = ("prices", "compensation", "blame", "professionals", "thanks")
HEARD_MS_MAX: Final = 2 * MINUTE_MS
DRAFT_MS_MAX: Final = MINUTE_MS


def activity(evidence: Evidence) -> Verdict:
    """How much is going on against a usual day."""
    ratios = [one.posts.activity_ratio_ppm for one in evidence.revisions if one.posts]
    known = [ratio for ratio in ratios if ratio is not None]
    if not known:
        return missing("activity is not held against a usual day")
    return done(f"up to {max(known) / 1_000_000:,.1f} times the usual activity")


def people(evidence: Evidence) -> Verdict:
    """People, not posts."""
    posts = evidence.now.posts
    if posts is None:
        return missing("people are not counted")
    return done(f"{counted(posts.posts, 'post')} by {counted(posts.people, 'person', 'people')}")


def reactions(evidence: Evidence) -> Verdict:
    """Likes, shares and comments count as well as posts."""
    posts = evidence.now.posts
    if posts is None or posts.reactions is None:
        return missing("reactions are not counted")
    return done(counted(posts.reactions, "reaction"))


def first_word(evidence: Evidence) -> Verdict:
    """How long the operator was silent."""
    said, true = evidence.now.communication, evidence.first_word_ms
    heard = None if said is None or said.first_official_at is None else int(said.first_official_at)
    if said is None or heard is None:
        return missing("no word was heard" + (f"; really {evidence.time(true)}" if true is not None else ""))
    if true is not None and abs(heard - true) > HEARD_MS_MAX:
        return missing(f"heard {evidence.time(heard)}, really {evidence.time(true)}")
    after = "" if said.first_word_after_seconds is None else f", {lasting(said.first_word_after_seconds * 1_000)} in"
    return done(f"{evidence.time(heard)}{after}" + (f", grade {said.grade}" if said.grade else ""))


def cadence(evidence: Evidence) -> Verdict:
    """How often it speaks, and when the next word is due."""
    said = evidence.now.communication
    if said is None or not said.official_posts:
        return missing("the operator's words are not counted")
    words = counted(said.official_posts, "word of the operator", "words of the operator")
    due = [one for one in evidence.revisions if one.communication and one.communication.next_due_at is not None]
    return done(f"{words}; the next is due by a clock") if due else missing(f"{words} counted; no clock for the next")


def topics(evidence: Evidence) -> Verdict:
    """What people talk about."""
    found = [str(one.topic) for one in evidence.now.topics or ()]
    lacking = [topic for topic in TOPICS if topic not in found]
    if lacking:
        return missing(f"told: {', '.join(found) or 'none'}; not told: {', '.join(lacking)}")
    return done(", ".join(found))


def sentiment(evidence: Evidence) -> Verdict:
    """Mood before and after each of the operator's words."""
    measured = [one for one in evidence.now.sentiment or () if one.before_ppm is not None and one.after_ppm is not None]
    words = len(evidence.spoken)
    if len(measured) < max(words, 1):
        return missing(f"measured around {len(measured)} of {counted(words, 'word')}")
    return done(f"measured around {counted(len(measured), 'word')}")


def draft(evidence: Evidence) -> Verdict:
    """An early word, even without the cause."""
    confirmed = evidence.head.confirmed_ms if evidence.head else None
    first = [one for one in evidence.notices if one.kind == "acknowledgement"]
    if not first or confirmed is None:
        return missing("no acknowledgement was drafted")
    late = int(first[0].drafted_at) - confirmed
    words = f"drafted {evidence.time(int(first[0].drafted_at))}, {lasting(late)} after confirmation"
    return done(words) if late <= DRAFT_MS_MAX else missing(words)


def updates(evidence: Evidence) -> Verdict:
    """Updates that name an estimated end."""
    made = [one for one in evidence.notices if one.kind == "update"]
    if not made:
        return missing("no update was drafted")
    named = sum(one.estimated_end_at is not None for one in made)
    words = f"{counted(len(made), 'update')}, {named} with an estimated end"
    return done(words) if named else missing(words)


def apologies(evidence: Evidence) -> Verdict:
    """An apology."""
    made = [one for one in evidence.notices if one.kind == "apology"]
    return done(counted(len(made), "apology", "apologies")) if made else missing("no apology was drafted")


def outlets(evidence: Evidence) -> Verdict:
    """Each outlet, audience and tone has its own text."""
    used = {str(one.outlet) for one in evidence.notices}
    lacking = [outlet for outlet in OUTLETS if outlet not in used]
    audiences = sorted({plain(one.audience) for one in evidence.notices})
    if lacking:
        return missing(f"drafts for {', '.join(sorted(used)) or 'no outlet'}; none for {', '.join(lacking)}")
    return done(f"{', '.join(sorted(used))}; to {', '.join(audiences)}")


def approval(evidence: Evidence) -> Verdict:
    """Who writes, who approves."""
    nobody = [one for one in evidence.notices if not (one.writer and one.approver)]
    if nobody or not evidence.notices:
        return missing(f"{counted(len(nobody), 'draft')} without a writer or approver" if nobody else "no drafts")
    names = sorted({f"{one.writer} writes, {one.approver} approves" for one in evidence.notices})
    return done("; ".join(names))


def alternatives(evidence: Evidence) -> Verdict:
    """What works meanwhile."""
    offered = evidence.now.alternatives or ()
    return done(", ".join(one.text for one in offered)) if offered else missing("none was offered")


def failovers(evidence: Evidence) -> Verdict:
    """Backups, each with its guard rails."""
    kinds = sorted({plain(one.kind) for one in evidence.failovers})
    return done(f"{', '.join(kinds)}, with guard rails") if kinds else missing("no failover was proposed")


def forwarding(evidence: Evidence) -> Verdict:
    """Forwarding to mobile lines."""
    found = [one for one in evidence.failovers if one.kind == "mobile_forwarding"]
    return done(found[0].reason) if found else missing("no forwarding was proposed")


def phone_bot(evidence: Evidence) -> Verdict:
    """A text to be spoken to callers."""
    first = next((one for one in evidence.revisions if one.summary is not None), None)
    if first is None or first.summary is None:
        return missing("no text for a phone bot")
    return done(f"from {evidence.time(int(first.updated_at))}: “{first.summary.phone_bot.en[:90]}…”")


def call_centre(evidence: Evidence) -> Verdict:
    """How the hotline copes, from its own figures."""
    care = [one.care for one in evidence.revisions if one.care is not None]
    waits = [one.waiting_seconds for one in care if one.waiting_seconds is not None]
    given_up = [one.abandonment_ppm for one in care if one.abandonment_ppm is not None]
    if not waits or not given_up:
        return missing("waiting time or abandonment of the hotline is not known")
    happy = any(one.satisfaction_ppm is not None for one in care)
    words = f"up to {lasting(max(waits) * 1_000)} of waiting, {max(given_up) / 10_000:.0f} % gave up"
    return done(f"{words}, and satisfaction") if happy else missing(f"{words}; satisfaction is not known")


def warning(evidence: Evidence) -> Verdict:
    """A draft for the public warning system."""
    found = [one for one in evidence.notices if one.outlet == "cap"]
    return done(f"drafted {evidence.time(int(found[0].drafted_at))}") if found else missing("no warning was drafted")


def status_page(evidence: Evidence) -> Verdict:
    """Progress, estimated end and how it moved, share of areas back: what a status page draws."""
    now = evidence.now
    has = {
        "texts": any(one.summary is not None for one in evidence.revisions),
        "estimated end": bool(now.estimated_end or now.estimated_end_history),
        "areas back": bool(now.resolution_curve),
    }
    lacking = [name for name, there in has.items() if not there]
    moved = len(now.estimated_end_history or ())
    return (
        missing(f"lacks {', '.join(lacking)}") if lacking else done(f"texts, areas back, {moved} estimates of the end")
    )


def compensation(evidence: Evidence) -> Verdict:
    """Who is owed what."""
    owed = evidence.now.compensation
    if owed is None:
        return missing("no compensation was estimated")
    amount = owed.amount_minor
    return done(f"{amount.low / 100:,.0f} – {amount.high / 100:,.0f} {owed.currency} by {owed.rule}")


def after(evidence: Evidence) -> Verdict:
    """Mood and talk of leaving, one day and one week later."""
    later = evidence.now.aftermath
    points = [
        name for name, one in (("one day", later and later.one_day), ("one week", later and later.one_week)) if one
    ]
    if len(points) < 2:
        return missing(f"measured after {points[0]} only" if points else "nothing was measured after the end")
    return done("measured after one day and one week")


def backup_helped(evidence: Evidence) -> Verdict:
    """Whether the backup took load off the hotline."""
    later = evidence.now.aftermath
    points = [one for one in (later and later.one_day, later and later.one_week) if one]
    said = [one.backup_helped for one in points if one.backup_helped is not None]
    return done("it helped" if said[-1] else "it did not help") if said else missing("not known")


def replies(evidence: Evidence) -> Verdict:
    """An answer to each who complained, and how many got one."""
    drafted = [one for one in evidence.notices if one.kind == "reply"]
    said = evidence.now.communication
    asked = said.complaints if said else None
    waiting = "" if asked is None else f"; {counted(asked, 'complaint')} wait"
    if not drafted or said is None or said.reply_rate_ppm is None:
        return missing(f"{counted(len(drafted), 'reply', 'replies')} drafted, no reply rate{waiting}")
    return done(f"{counted(len(drafted), 'reply', 'replies')}, {said.reply_rate_ppm / 10_000:.0f} % answered")


def yours(evidence: Evidence) -> Verdict:
    """One customer's own fault is told from an outage."""
    causes = [one for story in evidence.stories for one in story.now.causes or () if one.kind == "customer_side"]
    return (
        done(counted(len(causes), "fault of one's own", "faults of one's own"))
        if causes
        else missing("no fault is told to be a customer's own")
    )


def rumours(evidence: Evidence) -> Verdict:
    """A rumour gets a correction."""
    found = evidence.now.rumours or ()
    corrected = [one for one in evidence.notices if one.kind == "correction"]
    if not found or not corrected:
        return missing(f"{counted(len(found), 'rumour')} seen, {counted(len(corrected), 'correction')} drafted")
    return done(f"“{found[0].claim}”, corrected {evidence.time(int(corrected[0].drafted_at))}")


def survey(evidence: Evidence) -> Verdict:
    """A satisfaction survey."""
    return _followup(evidence, "survey")


def cause_analysis(evidence: Evidence) -> Verdict:
    """An analysis of the cause."""
    return _followup(evidence, "cause_analysis")


def corrective(evidence: Evidence) -> Verdict:
    """What was mended, told to customers."""
    return _followup(evidence, "corrective_action")


def _followup(evidence: Evidence, kind: str) -> Verdict:
    found = [one for one in evidence.followups if one.kind == kind]
    return done(f"asked for {evidence.time(int(found[0].created_at))}") if found else missing("was not asked for")


def drill(evidence: Evidence) -> Verdict:
    """An exercise that nothing mistakes for the real thing."""
    drills = [one for one in evidence.stories if one.now.exercise]
    loud = [one for story in drills for one in story.notices if not one.exercise]
    if not drills:
        return missing("this world has no drill, so the run shows nothing of it")
    return missing(f"{counted(len(loud), 'notice')} of a drill without its mark") if loud else done("marked throughout")
