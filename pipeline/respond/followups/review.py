"""How people were told: how soon, by StatusGator's grades, and whether what was promised came true.

The score of honesty is the length that was promised over the length that it had, at most the whole: who promised two
hours of four has half of it, and who promised five has all. What we estimated ourselves is counted apart: an
estimate is an interval, and held if the end lay in it.
"""

from collections.abc import Iterator

from pipeline.records.clocks import DAY_MS, Instant
from pipeline.records.published.followups import CommunicationReview
from pipeline.records.published.incident_parts import EtaEstimate
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import PPM
from pipeline.respond.followups.asked import AskedFollowup, OverOutage
from pipeline.respond.remembered.impact import began_at


def review_communication(over: OverOutage) -> Iterator[AskedFollowup]:
    """The review, to be read by who spoke."""
    config = over.rules.config.followups
    review = review_of(over.incident)
    due_at = over.at + config.review_days * DAY_MS
    yield AskedFollowup("communication_review", "", review, config.communication_owner, due_at)


def review_of(incident: Incident) -> CommunicationReview:
    """How people were told of an incident.

    Args:
        incident: A revision after its end.
    """
    said, ended = incident.communication, incident.ended_at
    estimates = estimates_of(incident)
    promised = promised_end(incident)
    missed = None if promised is None or ended is None else (int(ended) - promised) // 1_000
    return CommunicationReview(
        grade=said.grade if said else None,
        first_word_after_seconds=said.first_word_after_seconds if said else None,
        official_posts=said.official_posts if said else 0,
        promised_end_at=None if promised is None else Instant(promised),
        ended_at=ended,
        promise_missed_seconds=missed,
        honesty_ppm=None
        if promised is None or ended is None
        else honesty_ppm(began_at(incident), promised, int(ended)),
        estimates=len(estimates),
        estimates_held=0 if ended is None else sum(row.earliest <= ended <= row.latest for row in estimates),
        text=_words(incident, missed),
    )


def honesty_ppm(began: int, promised: int, ended: int) -> int:
    """Promised length over real length, in parts per million; a promise that was kept has all of it.

    Args:
        began: When it began, ms.
        promised: When it was to end, ms.
        ended: When it ended, ms.

    >>> honesty_ppm(0, 2, 4), honesty_ppm(0, 5, 4), honesty_ppm(3, 2, 4)
    (500000, 1000000, 0)
    """
    real, said = ended - began, promised - began
    return PPM if said >= real else max(0, said) * PPM // real


def promised_end(incident: Incident) -> int | None:
    """The end that the operator named last, ms; None if it named none."""
    if incident.communication is not None and incident.communication.promised_end_at is not None:
        return int(incident.communication.promised_end_at)
    promises = [row for row in estimates_of(incident) if row.basis == "operator_promise"]
    return int(promises[-1].likely or promises[-1].latest) if promises else None


def estimates_of(incident: Incident) -> list[EtaEstimate]:
    """All estimates of the end that were told while it lasted, the oldest first; of a recovery the end lies behind."""
    last = [] if incident.estimated_end is None else [incident.estimated_end]
    history = list(incident.estimated_end_history or ())
    told = [*history, *(row for row in last if row not in history)]
    return [row for row in told if row.basis != "recovery_curve"]


def _words(incident: Incident, missed_seconds: int | None) -> str:
    said = incident.communication
    if said is None or said.first_official_at is None:
        first = "The operator said nothing that we heard: graded as 240 minutes."
    else:
        minutes = (said.first_word_after_seconds or 0) // 60
        first = f"The first word came {minutes} min after the start, grade {said.grade or '-'}."
    if missed_seconds is None:
        return f"{first} No end was promised."
    if abs(missed_seconds) < 60:
        return f"{first} It ended when it was promised."
    how = "later than" if missed_seconds > 0 else "sooner than"
    return f"{first} It ended {abs(missed_seconds) // 60} min {how} promised."
