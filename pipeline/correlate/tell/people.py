"""What people do meanwhile: how much they say, and how the hotline copes."""

from collections.abc import Iterable, Mapping

from pipeline.correlate.evidence.testimony import CARE, PUBLIC
from pipeline.correlate.parts import Dossier, Figures
from pipeline.records.clocks import Instant
from pipeline.records.published.people import Care, Posts
from pipeline.records.vocabulary import PPM


def posts_of(dossier: Dossier, figures: Figures) -> Posts:
    """How much is said, by how many, and how many react."""
    writers, care = dossier.witnesses.get(PUBLIC), dossier.witnesses.get(CARE)
    return Posts(
        posts=writers.records if writers else 0,
        people=writers.people if writers else 0,
        reactions=figures.reactions or None,
        activity_ratio_ppm=_activity_ratio(figures.activity),
        tickets=care.records if care else 0,
    )


def _activity_ratio(activity: Mapping[str, Iterable[int]]) -> int | None:
    """Actions over what is usual then, over all steps since it opened."""
    rows = [tuple(pair) for name, pair in sorted(activity.items()) if name.startswith("mentions|")]
    observed, expected = sum(row[0] for row in rows), sum(row[1] for row in rows)
    return observed * PPM // expected if expected > 0 else None


def care_of(figures: Figures) -> Care | None:
    """The call centre's latest figures; None if it sends none."""
    care = figures.care
    if not care:
        return None

    def whole(measure: str, scale: int = 1) -> int | None:
        return max(0, care[measure][0] * scale // 1_000) if measure in care else None

    abandoned, satisfied = whole("abandonment_ratio", PPM), whole("csat_score", PPM)
    return Care(
        measured_at=Instant(max(at for _, at in care.values())),
        waiting_seconds=whole("avg_speed_of_answer_seconds"),
        longest_wait_seconds=whole("longest_wait_seconds"),
        calls_waiting=whole("calls_waiting"),
        calls_offered=whole("calls_offered"),
        abandonment_ppm=None if abandoned is None else min(PPM, abandoned),
        satisfaction_ppm=satisfied if satisfied is not None and satisfied <= PPM else None,
    )
