"""What people said in an outage, as a report tells it: topics, the mood around each message, rumours, blame."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from pipeline.records.inner.talk import BLAME, rumour_id
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.published.people import AftermathPoint, FeltBefore, Rumour, SentimentAround, TalkedOf
from pipeline.records.vocabulary import PPM
from pipeline.views.words import counted, lasting, plain, share

TOPICS_TOLD: Final = 8

CORRECTED: Final = {
    "draft": "a correction waits for a person",
    "approved": "a correction was approved",
    "sent": "a correction was sent",
    "superseded": "a correction was drafted, and superseded",
    "withdrawn": "a correction was drafted, and withdrawn",
    "expired": "a correction was drafted, and nobody approved it in time",
}
"""What became of a correction, in words; the furthest that one of its texts came, in this order."""

_FURTHEST: Final = ("sent", "approved", "draft", "withdrawn", "superseded", "expired")

_Row = tuple[str, str]
_Say = Callable[[int], str]


def messages_of(now: Incident, told: Iterable[SentimentAround]) -> list[SentimentAround]:
    """What people said around each message of the operator, in the order of time.

    Args:
        now: The last revision; of a message without a record of its own it is asked.
        told: What the records of single messages say.
    """
    known = {around.official_post_id: around for around in (*(now.sentiment or ()), *told)}
    return sorted(known.values(), key=lambda around: (around.at, around.official_post_id))


def heard_of(
    now: Incident, notices: Sequence[Notice], messages: Iterable[SentimentAround], say: _Say
) -> Iterator[_Row]:
    """Rows of what people said: about what, and what is said of it.

    Args:
        now: The last revision.
        notices: All notices of the run.
        messages: What people said around each message of the operator, in the order of time.
        say: A moment in words.
    """
    topics = [row for row in now.topics or () if row.share_ppm is not None][:TOPICS_TOLD]
    if topics:
        shares = (f"{plain(row.topic)} {share(row.share_ppm or 0)} ({counted(row.posts, 'post')})" for row in topics)
        yield "Talked of", ", ".join(shares)
    for around in messages:
        yield f"Around the word of {say(int(around.at))}", _around(around)
    for rumour in now.rumours or ():
        yield f"Rumour, first heard {say(int(rumour.first_at))}", _rumour(rumour, now, notices, say)
    if now.rumours_omitted:
        yield "Rumours", f"{counted(now.rumours_omitted, 'more', 'more')} that the record has no room for"


def blame_of(now: Incident, notices: Sequence[Notice], name: Callable[[str], str], say: _Say) -> Iterator[_Row]:
    """Rows of who was blamed.

    Args:
        now: The last revision.
        notices: All notices of the run.
        name: An operator in words.
        say: A moment in words.
    """
    for row in now.operators:
        if row.blame is None:
            continue
        role = f"which is {plain(row.role)}" if row.role else "which has no part in it"
        posts = counted(row.blame.posts or 0, "post")
        denied = "" if row.blame.denied_at is None else f"; denied {say(int(row.blame.denied_at))}"
        text = f"{name(row.operator)}, {role}: {share(row.blame.share_ppm)} of all blame ({posts}){denied}"
        corrected = _corrected(rumour_id(now.incident_id, f"{BLAME}:{row.operator}"), now, notices, say)
        yield "Blamed", f"{text}; {corrected}" if corrected else text


def _rumour(rumour: Rumour, now: Incident, notices: Sequence[Notice], say: _Say) -> str:
    passed_on = "" if rumour.reposts is None else f", {rumour.reposts:,} of them passed on"
    by = "" if rumour.people is None else f" by {counted(rumour.people, 'person', 'people')}"
    part = "" if rumour.share_ppm is None else f", {share(rumour.share_ppm)} of all that was said"
    denied = "not denied by the operator" if rumour.denied_at is None else f"denied {say(int(rumour.denied_at))}"
    corrected = _corrected(rumour.rumour_id, now, notices, say) or "not corrected: never by enough people at once"
    return f"“{rumour.claim}” {counted(rumour.posts, 'post')}{passed_on}{by}{part}; {denied}; {corrected}"


def _corrected(rumour_id: str, now: Incident, notices: Sequence[Notice], say: _Say) -> str:
    """The furthest that one of its corrections came, and when the first was drafted; '' if none was."""
    own = [text for text in notices if text.incident_id == now.incident_id and text.rumour_id == rumour_id]
    if not own:
        return ""
    latest = {text.notice_id: text for text in sorted(own, key=lambda text: text.revision)}
    ever = {str(text.state) for text in own} & {"sent", "approved"} or {str(text.state) for text in latest.values()}
    furthest = next(state for state in _FURTHEST if state in ever)
    return f"{CORRECTED[furthest]} (drafted {say(min(int(text.drafted_at) for text in own))})"


def _around(around: SentimentAround) -> str:
    before, after = (
        _side(*side)
        for side in (
            (around.before_ppm, around.before_margin_ppm, around.posts_before, around.neutral_before,
             around.topics_before),
            (around.after_ppm, around.after_margin_ppm, around.posts_after, around.neutral_after, around.topics_after),
        )
    )  # fmt: skip
    reactions = "" if around.reactions is None else f". {counted(around.reactions, 'reaction')} to it"
    return f"half an hour before: {before}; after: {after}{_moved(around)}{reactions}"


def _side(balance: int | None, margin: int | None, posts: int, neutral: int, topics: Sequence[TalkedOf]) -> str:
    mood = mood_words(balance, margin, posts, neutral) or "no mood to tell"
    named = ", ".join(f"{plain(row.topic)} {share(row.share_ppm)}" for row in topics)
    return f"{mood} ({named})" if named else mood


def _moved(around: SentimentAround) -> str:
    """Whether the mood moved by more than chance."""
    before, after = around.before_ppm, around.after_ppm
    if before is None or after is None:
        return ""
    apart = abs(after - before) > (around.before_margin_ppm or 0) + (around.after_margin_ppm or 0)
    return (": better" if after > before else ": worse") if apart else ": no more apart than by chance"


def mood_words(balance_ppm: int | None, margin_ppm: int | None, posts: int, neutral: int) -> str:
    """Shares of hostile and favourable posts, and the balance of both with its margin; empty without a post.

    Args:
        balance_ppm: Favourable over hostile posts, -1,000,000 to 1,000,000; None if there are none of both.
        margin_ppm: How far the true balance may lie from it.
        posts: Posts that are hostile or favourable.
        neutral: Posts that are neither.
    """
    if balance_ppm is None:
        return f"{counted(neutral, 'neutral post')}" if neutral else ""
    hostile = posts * (PPM - balance_ppm) // (2 * (posts + neutral))
    favourable = posts * (PPM + balance_ppm) // (2 * (posts + neutral))
    balance = f"balance {balance_ppm / PPM:+.2f} ± {(margin_ppm or 0) / PPM:.2f}"
    return f"{share(hostile)} of {counted(posts + neutral, 'post')} hostile, {share(favourable)} favourable, {balance}"


def felt(point: AftermathPoint, before: FeltBefore | None) -> str:
    """What was left of an outage some time after its end: figures, and what nobody knows.

    Args:
        point: What was measured.
        before: What its mood is held against.
    """
    ratio, reactions = point.complaints_ratio_ppm, point.reactions
    facts = [
        None if ratio is None else f"complaints {ratio / 1_000_000:.1f} times those of the day before",
        None if point.waiting_seconds is None else f"{lasting(point.waiting_seconds * 1_000)} of waiting",
        None if point.abandonment_ppm is None else f"{share(point.abandonment_ppm)} gave up",
        None if point.satisfaction_ppm is None else f"satisfaction {share(point.satisfaction_ppm)}",
        None if point.posts is None else counted(point.posts, "post"),
        None if reactions is None else counted(reactions, "reaction"),
        _mood_later(point, before or FeltBefore()),
        _leaving(point, before or FeltBefore()),
    ]
    told = [fact for fact in facts if fact is not None]
    unknown = f"not known: {', '.join(words.split(':')[0] for words in point.not_known)}" if point.not_known else ""
    return "; ".join([*told, *([unknown] if unknown else [])])


def _mood_later(point: AftermathPoint, then: FeltBefore) -> str | None:
    """The balance now beside those before and during the outage; what lies within both margins has not moved."""
    now, before, during = point.sentiment_ppm, then.sentiment_ppm, then.sentiment_during_ppm
    if now is None:
        return None
    margin = point.sentiment_margin_ppm or 0
    words = f"mood {now / PPM:+.2f} ± {margin / PPM:.2f} by {counted(point.sentiment_posts or 0, 'post')}"
    words += "" if during is None else f", {during / PPM:+.2f} while it lasted"
    if before is None:
        return words
    apart = abs(now - before) > margin + (then.sentiment_margin_ppm or 0)
    verdict = ("better" if now > before else "worse") + " than before it" if apart else "as before it"
    return f"{words}, {before / PPM:+.2f} the day before: {verdict}"


def _leaving(point: AftermathPoint, then: FeltBefore) -> str | None:
    if point.leaving_posts is None:
        return None
    before = "" if then.leaving_posts is None else f", {then.leaving_posts} the day before it"
    return f"{counted(point.leaving_posts, 'post talks', 'posts talk')} of leaving{before}"
