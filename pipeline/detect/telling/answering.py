"""Answering: which complaints and which talk DETECT passes on, without judging them.

Only a hot scope passes any on: one in which something stood out lately, or is believed to be down. The first who
complain do so before it is hot, and they have waited longest; so a quiet scope keeps its latest few for a quarter of an
hour. They go out together with the first complaints that come once it is hot.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pipeline.detect.findings import Found
from pipeline.detect.rollup import key_fields
from pipeline.detect.state import ScopeState
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.inner.partials import Partial
from pipeline.records.inner.samples import Sample, add_all, cardinality
from pipeline.records.inner.talk import BACK, POSTS, TALK, VOICES_MAX, TalkSum, WholeComplaint, newest_whole

PASSED_MAX: Final = 64
"""Complaints that a scope passes on with a step: more than one a second is no longer answered one by one."""

KEPT_MAX: Final = 16
"""Complaints that a quiet scope keeps: those of the first minutes before a scope of a town becomes hot."""

KEPT_MS: Final = 15 * MINUTE_MS
"""A complaint of a quiet scope is kept so long; what is older belongs to no outage that begins now."""

SUBJECTS_MAX: Final = 48
"""Subjects of a step's talk: a dozen topics, and some of what is claimed and who is blamed."""


def pass_on(found: Found, scope: ScopeState, leaves: Sequence[Mapping[str, Partial]], activity_ms: int) -> None:
    """Pass complaints and talk on from a scope that is hot.

    Args:
        found: What the step has found so far; takes them in.
        scope: What it keeps changes in place.
        leaves: Leaf series of the panes of the step.
        activity_ms: A scope is hot for so long after an anomaly.
    """
    lately = scope.anomaly_at >= 0 and found.end - scope.anomaly_at <= activity_ms
    hot = lately or bool(found.weighings)
    found.complaints.extend(complaints_due(scope, leaves, found.end, hot=hot))
    found.talk.extend(talk_of(scope, leaves, found.end, hot=hot))


def complaints_due(
    scope: ScopeState, leaves: Iterable[Mapping[str, Partial]], end: int, *, hot: bool
) -> list[WholeComplaint]:
    """Complaints that go out with a step.

    Args:
        scope: What it keeps changes in place.
        leaves: Leaf series of the panes of the step.
        end: End of the step, ms.
        hot: Whether the scope passes complaints on.

    Returns:
        Emergency claims first, then the newest; none from a scope that is quiet.
    """
    fresh = [complaint for pane in leaves for partial in pane.values() for complaint in partial.whole]
    if not fresh:
        return []
    known = [complaint for complaint in scope.unanswered if end - int(complaint.at) <= KEPT_MS]
    scope.unanswered = [] if hot else newest_whole([*known, *fresh], KEPT_MAX)
    return newest_whole([*known, *fresh], PASSED_MAX) if hot else []


def talk_of(scope: ScopeState, leaves: Sequence[Mapping[str, Partial]], end: int, *, hot: bool) -> list[TalkSum]:
    """What is said of an operator in a step, by subject; of a nation's scope only, nothing if nothing is said.

    Of a quiet scope only that all is well again goes out: it is said when nothing stands out any more.

    Args:
        scope: Is not changed.
        leaves: Leaf series of the panes of the step.
        end: End of the step, ms.
        hot: Whether the scope passes all of it on.
    """
    posts: dict[str, Sample] = {}
    people: dict[str, Sample] = {}
    for pane in leaves if "/" not in scope.area else ():
        for leaf, partial in pane.items():
            if not (hot or BACK in leaf):
                continue
            fields = key_fields(leaf)
            if fields.measure == TALK or (fields.measure == "activity" and fields.source == "mentions"):
                subject = fields.item if fields.measure == TALK else POSTS
                if not (hot or subject.startswith(BACK)):
                    continue
                add_all(posts.setdefault(subject, {}), partial.ids)
                add_all(people.setdefault(subject, {}), partial.people)
    counts = {subject: cardinality(sample) for subject, sample in posts.items()}
    shown = sorted([*_most(counts, said_back=True), *_most(counts, said_back=False)])
    if not shown:
        return []
    return [
        TalkSum(
            operator=scope.operator,
            ended_at=Instant(end),
            posts={subject: counts[subject] for subject in shown},
            people={subject: cardinality(people[subject]) for subject in shown},
            voices={subject: sorted(people[subject])[:VOICES_MAX] for subject in shown if subject.startswith(BACK)},
        )
    ]


def _most(counts: Mapping[str, int], *, said_back: bool) -> list[str]:
    """The subjects of most posts, of those that say that all is well again or of all others."""
    subjects = [subject for subject in counts if subject.startswith(BACK) == said_back]
    return sorted(subjects, key=lambda subject: (-counts[subject], subject))[:SUBJECTS_MAX]
