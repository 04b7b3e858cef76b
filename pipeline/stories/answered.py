"""Checks of what was said and done about it: notices, backups, what people said, and what came after."""

from collections.abc import Sequence
from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.published.failovers import Help
from pipeline.records.published.people import AftermathPoint, SentimentAround, TalkedOf
from pipeline.stories.evidence import StoryEvidence
from pipeline.stories.verdicts import Answer, done, missing
from pipeline.views.incident.people import felt, messages_of
from pipeline.views.words import counted, lasting, plain

OUTLETS: Final = ("push", "email", "web", "facebook", "x", "chat")
"""Where customers of today expect to be told."""
TOPICS: Final = ("prices", "compensation", "blame", "professionals", "thanks")
HEARD_MS_MAX: Final = 2 * MINUTE_MS
DRAFT_MS_MAX: Final = MINUTE_MS


def activity(evidence: StoryEvidence) -> Answer:
    """How much is going on against a usual day."""
    ratios = [revision.posts.activity_ratio_ppm for revision in evidence.revisions if revision.posts]
    known = [ratio for ratio in ratios if ratio is not None]
    if not known:
        return missing("activity is not held against a usual day")
    return done(f"up to {max(known) / 1_000_000:,.1f} times the usual activity")


def people(evidence: StoryEvidence) -> Answer:
    """People, not posts."""
    posts = evidence.now.posts
    if posts is None:
        return missing("people are not counted")
    return done(f"{counted(posts.posts, 'post')} by {counted(posts.people, 'person', 'people')}")


def reactions(evidence: StoryEvidence) -> Answer:
    """Likes, shares and comments count as well as posts."""
    posts = evidence.now.posts
    if posts is None or posts.reactions is None:
        return missing("reactions are not counted")
    around = [row for row in _messages(evidence) if row.reactions is not None]
    words = f" to {counted(len(around), 'message')} of the operator" if around else " in the loudest minute"
    usual = posts.engagement_ratio_ppm
    beside = "" if usual is None else f", {usual / 1_000_000:,.1f} times as many to each as usual"
    return done(counted(posts.reactions, "reaction") + words + beside)


def first_word(evidence: StoryEvidence) -> Answer:
    """How long the operator was silent."""
    said, true = evidence.now.communication, evidence.first_word_ms
    heard = None if said is None or said.first_official_at is None else int(said.first_official_at)
    if said is None or heard is None:
        return missing("no word was heard" + (f"; really {evidence.time(true)}" if true is not None else ""))
    if true is not None and abs(heard - true) > HEARD_MS_MAX:
        return missing(f"heard {evidence.time(heard)}, really {evidence.time(true)}")
    after = "" if said.first_word_after_seconds is None else f", {lasting(said.first_word_after_seconds * 1_000)} in"
    return done(f"{evidence.time(heard)}{after}" + (f", grade {said.grade}" if said.grade else ""))


def cadence(evidence: StoryEvidence) -> Answer:
    """How often it speaks, and when the next word is due."""
    said = evidence.now.communication
    if said is None or not said.official_posts:
        return missing("the operator's words are not counted")
    words = counted(said.official_posts, "word of the operator", "words of the operator")
    due = [
        revision
        for revision in evidence.revisions
        if revision.communication and revision.communication.next_due_at is not None
    ]
    return done(f"{words}; the next is due by a clock") if due else missing(f"{words} counted; no clock for the next")


def topics(evidence: StoryEvidence) -> Answer:
    """What people talk about."""
    found = [str(topic.topic) for topic in evidence.now.topics or ()]
    lacking = [topic for topic in TOPICS if topic not in found]
    if lacking:
        return missing(f"told: {', '.join(found) or 'none'}; not told: {', '.join(lacking)}")
    return done(", ".join(found))


def sentiment(evidence: StoryEvidence) -> Answer:
    """Mood before and after each of the operator's words."""
    around = _messages(evidence)
    measured = [mood for mood in around if mood.before_ppm is not None and mood.after_ppm is not None]
    words = len(evidence.spoken)
    if len(measured) >= max(words, 1):
        first = measured[0]
        moved = f"{_mood(first.before_ppm)} before {evidence.time(int(first.at))}, {_mood(first.after_ppm)} after"
        return done(f"measured around {counted(len(measured), 'word')}: {moved}")
    text = f"measured around {len(measured)} of {counted(words, 'word')}"
    shares = [mood for mood in around if mood.topics_before and mood.topics_after]
    if not shares:
        return missing(text)
    first = shares[0]
    moved = f"{_top(first.topics_before)} before {evidence.time(int(first.at))}, {_top(first.topics_after)} after"
    return missing(f"{text}: nobody took a side around the others; topics are told around {len(shares)}: {moved}")


def _messages(evidence: StoryEvidence) -> list[SentimentAround]:
    """What people said around each word of the operator, in the order of time."""
    reviews = [row.communication_review for row in evidence.followups]
    return messages_of(evidence.now, [review.around for review in reviews if review and review.around])


def _mood(balance_ppm: int | None) -> str:
    """A balance in hundredths: all hostile is -1.00."""
    return "no mood" if balance_ppm is None else f"{balance_ppm / 1_000_000:+.2f}"


def _top(topics: Sequence[TalkedOf]) -> str:
    return ", ".join(f"{plain(row.topic)} {row.share_ppm / 10_000:.0f} %" for row in topics)


def draft(evidence: StoryEvidence) -> Answer:
    """An early word, even without the cause."""
    confirmed = evidence.head.confirmed_ms if evidence.head else None
    first = [notice for notice in evidence.notices if notice.kind == "acknowledgement"]
    if not first or confirmed is None:
        return missing("no acknowledgement was drafted")
    late = int(first[0].drafted_at) - confirmed
    words = f"drafted {evidence.time(int(first[0].drafted_at))}, {lasting(late)} after confirmation"
    return done(words) if late <= DRAFT_MS_MAX else missing(words)


def updates(evidence: StoryEvidence) -> Answer:
    """Updates that name an estimated end."""
    made = [notice for notice in evidence.notices if notice.kind == "update"]
    if not made:
        return missing("no update was drafted")
    named = sum(notice.estimated_end_at is not None for notice in made)
    words = f"{counted(len(made), 'update')}, {named} with an estimated end"
    return done(words) if named else missing(words)


def apologies(evidence: StoryEvidence) -> Answer:
    """An apology."""
    made = [notice for notice in evidence.notices if notice.kind == "apology"]
    return done(counted(len(made), "apology", "apologies")) if made else missing("no apology was drafted")


def outlets(evidence: StoryEvidence) -> Answer:
    """Each outlet, audience and tone has its own text."""
    used = {str(notice.outlet) for notice in evidence.notices}
    lacking = [outlet for outlet in OUTLETS if outlet not in used]
    audiences = sorted({plain(notice.audience) for notice in evidence.notices})
    if lacking:
        return missing(f"drafts for {', '.join(sorted(used)) or 'no outlet'}; none for {', '.join(lacking)}")
    return done(f"{', '.join(sorted(used))}; to {', '.join(audiences)}")


def approval(evidence: StoryEvidence) -> Answer:
    """Who writes, who approves."""
    nobody = [notice for notice in evidence.notices if not (notice.writer and notice.approver)]
    if nobody or not evidence.notices:
        return missing(f"{counted(len(nobody), 'draft')} without a writer or approver" if nobody else "no drafts")
    names = sorted({f"{notice.writer} writes, {notice.approver} approves" for notice in evidence.notices})
    return done("; ".join(names))


def alternatives(evidence: StoryEvidence) -> Answer:
    """What works meanwhile: what was offered while it lasted, and what was only proposed."""
    rows = [row for revision in evidence.revisions for row in revision.alternatives or ()]
    offered = dict.fromkeys(row.text for row in rows if row.offered_at is not None)
    if offered:
        return done(", ".join(offered))
    proposed = dict.fromkeys(row.text for row in rows)
    return missing(f"nobody let them act: {', '.join(proposed)}" if proposed else "none was offered")


def failovers(evidence: StoryEvidence) -> Answer:
    """Backups, each with its guard rails."""
    kinds = sorted({plain(failover.kind) for failover in evidence.failovers})
    return done(f"{', '.join(kinds)}, with guard rails") if kinds else missing("no failover was proposed")


def forwarding(evidence: StoryEvidence) -> Answer:
    """Forwarding to mobile lines."""
    found = [failover for failover in evidence.failovers if failover.kind == "mobile_forwarding"]
    return done(found[0].reason) if found else missing("no forwarding was proposed")


def phone_bot(evidence: StoryEvidence) -> Answer:
    """A text to be spoken to callers."""
    first = next((revision for revision in evidence.revisions if revision.summary is not None), None)
    if first is None or first.summary is None:
        return missing("no text for a phone bot")
    return done(f"from {evidence.time(int(first.updated_at))}: “{first.summary.phone_bot.en[:90]}…”")


def call_centre(evidence: StoryEvidence) -> Answer:
    """How the hotline copes, from its own figures."""
    care = [revision.care for revision in evidence.revisions if revision.care is not None]
    waits = [figures.waiting_seconds for figures in care if figures.waiting_seconds is not None]
    given_up = [figures.abandonment_ppm for figures in care if figures.abandonment_ppm is not None]
    if not waits or not given_up:
        return missing("waiting time or abandonment of the hotline is not known")
    happy = any(figures.satisfaction_ppm is not None for figures in care)
    words = f"up to {lasting(max(waits) * 1_000)} of waiting, {max(given_up) / 10_000:.0f} % gave up"
    return done(f"{words}, and satisfaction") if happy else missing(f"{words}; satisfaction is not known")


def warning(evidence: StoryEvidence) -> Answer:
    """A draft for the public warning system."""
    found = [notice for notice in evidence.notices if notice.outlet == "cap"]
    return done(f"drafted {evidence.time(int(found[0].drafted_at))}") if found else missing("no warning was drafted")


def status_page(evidence: StoryEvidence) -> Answer:
    """Progress, estimated end and how it moved, share of areas back: what a status page draws."""
    now = evidence.now
    has = {
        "texts": any(revision.summary is not None for revision in evidence.revisions),
        "estimated end": bool(now.estimated_end or now.estimated_end_history),
        "areas back": bool(now.resolution_curve),
    }
    lacking = [name for name, there in has.items() if not there]
    moved = len(now.estimated_end_history or ())
    return (
        missing(f"lacks {', '.join(lacking)}") if lacking else done(f"texts, areas back, {moved} estimates of the end")
    )


def compensation(evidence: StoryEvidence) -> Answer:
    """Who is owed what."""
    owed = evidence.now.compensation
    if owed is None:
        return missing("no compensation was estimated")
    amount = owed.amount_minor
    return done(f"{amount.low / 100:,.0f} – {amount.high / 100:,.0f} {owed.currency} by {owed.rule}")


def after(evidence: StoryEvidence) -> Answer:
    """Reactions, mood and talk of leaving, one day and one week later."""
    later = evidence.now.aftermath
    measured = {"one day": later and later.one_day, "one week": later and later.one_week}
    points = {name: point for name, point in measured.items() if point}
    if len(points) < 2:
        ended = evidence.now.ended_at
        left = "" if ended is None else f"; the run ends {lasting(evidence.limits.end_ms - int(ended))} after it"
        return missing(
            f"measured after {', '.join(points)} only{left}" if points else f"nothing was measured after the end{left}"
        )
    before = later.before if later else None
    words = ". ".join(f"{name.capitalize()} after: {felt(point, before)}" for name, point in points.items())
    silent = [name for name, point in points.items() if _feels_nothing(point)]
    return missing(f"neither mood nor talk of leaving after {', '.join(silent)}. {words}") if silent else done(words)


def _feels_nothing(point: AftermathPoint) -> bool:
    return point.sentiment_ppm is None or point.leaving_posts is None


def backup_helped(evidence: StoryEvidence) -> Answer:
    """Whether the backup took load off the hotline."""
    compared = [failover for failover in evidence.failovers if failover.helped is not None]
    if compared and compared[-1].helped is not None and compared[-1].helped.verdict != "unknown":
        last, helped = compared[-1], compared[-1].helped
        return done(f"{plain(last.kind)}: {plain(helped.verdict)}{_waiting(helped)}")
    later = evidence.now.aftermath
    points = [point for point in (later and later.one_day, later and later.one_week) if point]
    said = [point.backup_helped for point in points if point.backup_helped is not None]
    if said:
        return done("it helped" if said[-1] else "it did not help")
    if not evidence.failovers:
        return missing("no backup was asked for in this world")
    active = any(failover.desired == "active" for failover in evidence.failovers)
    return missing("a backup was active, and nothing to compare" if active else "nobody let a backup act in this world")


def _waiting(helped: Help) -> str:
    before, during = helped.waiting_seconds_before, helped.waiting_seconds_during
    if before is None or during is None:
        return ""
    return f"; waiting {lasting(before * 1_000)} before, {lasting(during * 1_000)} since"


def regulators(evidence: StoryEvidence) -> Answer:
    """Who must report to a regulator knows until when, and has the report to hand."""
    clocks = evidence.now.reporting_clocks or ()
    if not clocks:
        return missing("no duty to report was set off")
    drafts = {clock: [text for text in evidence.notices if text.due_at == clock.due_at] for clock in clocks}
    lacking = [clock.profile for clock, found in drafts.items() if not found]
    if lacking:
        return missing(f"no report was drafted for {', '.join(lacking)}")
    first = clocks[0]
    drafted, due = (evidence.time(int(at)) for at in (drafts[first][0].drafted_at, first.due_at))
    return done(f"{counted(len(clocks), 'duty', 'duties')}; {first.profile}: drafted {drafted}, due {due}")


def replies(evidence: StoryEvidence) -> Answer:
    """An answer to each who complained, and how many got one."""
    drafted = [notice for notice in evidence.notices if notice.kind == "reply"]
    said = evidence.now.communication
    asked = said.complaints if said else None
    waiting = "" if asked is None else f"; {counted(asked, 'complaint')} wait"
    if not drafted or said is None or said.reply_rate_ppm is None:
        return missing(f"{counted(len(drafted), 'reply', 'replies')} drafted, no reply rate{waiting}")
    return done(f"{counted(len(drafted), 'reply', 'replies')}, {said.reply_rate_ppm / 10_000:.0f} % answered")


def yours(evidence: StoryEvidence) -> Answer:
    """One customer's own fault is told from an outage: it is handed to a person, with the reason."""
    about = [decision for decision in evidence.run.decisions if decision.incident_id == evidence.now.incident_id]
    handed = [decision for decision in about if decision.reason == "handed_over"]
    if not handed:
        return missing("no complaint was handed to a person as none of this outage's")
    first = handed[0]
    return done(
        f"{counted(len(handed), 'complaint')} handed to a person; first {evidence.time(int(first.at))}: {first.text}"
    )


def rumours(evidence: StoryEvidence) -> Answer:
    """A rumour gets a correction."""
    found = evidence.now.rumours or ()
    names = {rumour.rumour_id for rumour in found}
    corrected = [text for text in evidence.notices if text.kind == "correction" and text.rumour_id in names]
    if not found:
        return missing("nobody spread a rumour about it in this world, so there was nothing to correct")
    first = found[0]
    denied = "" if first.denied_at is None else f", denied by the operator {evidence.time(int(first.denied_at))}"
    said = f"“{first.claim}” by {counted(first.people or 0, 'person', 'people')}{denied}"
    if not corrected:
        return missing(f"{said}; a correction spreads what few have said, and waits until many say it")
    return done(f"{said}; corrected {evidence.time(int(corrected[0].drafted_at))}")


def survey(evidence: StoryEvidence) -> Answer:
    """A satisfaction survey."""
    return _followup(evidence, "survey")


def cause_analysis(evidence: StoryEvidence) -> Answer:
    """An analysis of the cause."""
    return _followup(evidence, "cause_analysis")


def corrective(evidence: StoryEvidence) -> Answer:
    """What was mended, told to customers."""
    return _followup(evidence, "corrective_action")


def _followup(evidence: StoryEvidence, kind: str) -> Answer:
    latest = {followup.followup_id: followup for followup in evidence.followups}
    found = [followup for followup in latest.values() if followup.kind == kind and followup.state != "superseded"]
    if not found:
        return missing("was not asked for")
    first = found[0]
    due = "" if first.due_at is None else f", due {evidence.time(int(first.due_at))}"
    many = "" if len(found) == 1 else f"{len(found)} "
    return done(f"{many}asked of {first.owner or 'nobody'} {evidence.time(int(first.created_at))}{due}")


def exercise(evidence: StoryEvidence) -> Answer:
    """An exercise that nothing mistakes for the real thing."""
    exercises = [story for story in evidence.stories if story.now.exercise]
    loud = [notice for story in exercises for notice in story.notices if not notice.exercise]
    if not exercises:
        return missing("this world has no exercise, so the run shows nothing of it")
    if loud:
        return missing(f"{counted(len(loud), 'notice')} of an exercise without its mark")
    return done("marked throughout")
