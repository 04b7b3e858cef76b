"""Checks of words: what the drafts of a run say, when, and whether a promise of a next word was kept."""

from typing import Final

from pipeline.records.clocks import MINUTE_MS
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState
from pipeline.stories.evidence import StoryEvidence
from pipeline.stories.verdicts import Answer, done, missing
from pipeline.views.words import counted, lasting

_ON: Final = (IncidentState.CONFIRMED, IncidentState.RECOVERING)
_STATING: Final = ("acknowledgement", "update")
"""Kinds that say how it stands while it goes on."""
FLAG_MS_MAX: Final = MINUTE_MS
"""A text about emergency calls is drafted within a minute of the flag."""


def emergency_words(evidence: StoryEvidence) -> Answer:
    """Once emergency calls are flagged, every text begins with it."""
    flagged = [int(r.updated_at) for r in evidence.revisions if r.emergency is not None and r.emergency.affected]
    if not flagged:
        return missing("emergency calls were never flagged")
    since = min(flagged)
    texts = [text for text in _texts(evidence) if text.drafted_at >= since and text.kind.value in _STATING]
    if not texts or int(texts[0].drafted_at) > since + FLAG_MS_MAX:
        return missing("no text was drafted within a minute of the flag")
    numbers = evidence.now.emergency.numbers if evidence.now.emergency else ()
    silent = [text for text in texts if not any(number in text.body.replace(" ", "")[:120] for number in numbers)]
    if silent:
        return missing(f"{counted(len(silent), 'text')} of {len(texts)} do not begin with it")
    return done(f"{counted(len(texts), 'text')} from {evidence.time(int(texts[0].drafted_at))} on begin with it")


def promises(evidence: StoryEvidence) -> Answer:
    """The next word comes when it was promised, even if nothing changed."""
    texts = _texts(evidence)
    promised = [text for text in texts if text.next_word_at is not None and _is_on(evidence, int(text.next_word_at))]
    if not promised:
        return missing("no text promises the next word")
    broken = [text for text in promised if not _is_kept(text, texts)]
    if broken:
        return missing(f"{counted(len(broken), 'promise')} of a next word was not kept")
    return done(f"{counted(len(promised), 'promise')} of a next word, all kept")


def all_clear(evidence: StoryEvidence) -> Answer:
    """An all-clear once it is over, and not before: neither before the hold is, nor before it really was."""
    made = [text for text in evidence.notices if text.kind.value == "all_clear" and text.outlet != "cap"]
    over = [int(revision.resolved_at) for revision in evidence.revisions if revision.resolved_at is not None]
    if not made or not over:
        return missing("no all-clear was drafted")
    early = [text for text in made if int(text.drafted_at) < min(over)]
    if early:
        return missing(f"{counted(len(early), 'all-clear')} before it was over")
    first = int(made[0].drafted_at)
    drafted = f"drafted {evidence.time(first)}, after its hold"
    if evidence.outage is None:
        return done(drafted)
    after_ms = first - int(evidence.outage.ended_at)
    if after_ms < 0:
        return missing(f"{drafted}, and {lasting(-after_ms)} before it was really over")
    return done(f"{drafted}, {lasting(after_ms)} after it was really over")


def _texts(evidence: StoryEvidence) -> list[Notice]:
    """Texts of the occasions, without documents and reports to regulators."""
    return [text for text in evidence.notices if text.occasion is not None and text.outlet != "cap"]


def _is_on(evidence: StoryEvidence, at: int) -> bool:
    then = [revision for revision in evidence.revisions if revision.updated_at <= at]
    return bool(then) and then[-1].state in _ON and then[-1].silence is None


def _is_kept(promise: Notice, texts: list[Notice]) -> bool:
    due = promise.next_word_at
    assert due is not None, "only texts that promise are asked"
    return any(text.audience == promise.audience and promise.drafted_at < text.drafted_at <= due for text in texts)
