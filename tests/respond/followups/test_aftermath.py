"""The aftermath: measured a day and a week after the end, also of what is closed; what has no figures is not zero."""

from typing import Final

from pipeline.records.clocks import DAY_MS, HOUR_MS, Instant
from pipeline.records.fixed_point import Exact
from pipeline.records.inner.figures import FIGURE_MS, FollowedFigure, PaneFigures
from pipeline.records.inner.talk import LEAVING, MOODS, TALK
from pipeline.records.published.followups import Followup
from pipeline.records.published.incidents import Incident
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.apply import apply
from pipeline.respond.followups.aftermath import AFTERMATH
from pipeline.respond.telling import told
from pipeline.views.incident.people import felt
from tests.respond.followups.made import Outage, minute

DAY: Final = 24 * 60
END: Final = 480


def figure(
    at: int, measure: str, total: int, source: str = "telemetry", *, count: int = 1, unit: str = "count", item: str = ""
) -> FollowedFigure:
    return FollowedFigure(
        operator="netcologne",
        area="DE",
        source=source,
        measure=measure,
        item=item,
        unit=unit,
        ended_at=Instant(at),
        count=Exact(count),
        total=Exact(total),
    )


def hear(outage: Outage, *rows: FollowedFigure) -> None:
    for row in rows:
        figures = PaneFigures(market="DE", at=row.ended_at, figures=(row,))
        apply(outage.state, figures, outage.rules, (AFTERMATH,))


def ended(*, closed: bool = True) -> Outage:
    """An outage from nine to five with complaints as usual the day before."""
    outage = Outage(AFTERMATH, confirmed_at=Instant(minute(2)))
    day_before = minute(-60)
    hear(outage, *(figure(day_before + n * FIGURE_MS, "complaints", 2_000, "tickets") for n in range(3)))
    outage.change(2)
    outage.change(500, state=IncidentState.RESOLVED, ended_at=Instant(minute(END)))
    if closed:
        outage.change(560, state=IncidentState.CLOSED)
    return outage


def test_a_closed_incident_gets_a_revision_of_ours_a_day_and_a_week_after_its_end() -> None:
    outage = ended()
    assert outage.passing(END + DAY - 1) == []
    followup, incident = outage.passing(END + DAY)
    assert isinstance(followup, Followup)
    assert (followup.kind, followup.state, followup.created_at) == ("aftermath", "done", minute(END + DAY))
    assert followup.aftermath is not None
    assert followup.aftermath.after_hours == 24
    assert isinstance(incident, Incident)
    assert incident.revision == outage.now.revision + 1
    assert incident.state == "closed"
    assert incident.aftermath is not None
    assert incident.aftermath.one_day == followup.aftermath.point
    assert incident.aftermath.one_week is None
    week = outage.passing(END + 7 * DAY)
    assert [type(output) for output in week] == [Followup, Incident]
    assert isinstance(week[1], Incident)
    assert week[1].revision == outage.now.revision + 2
    assert week[1].aftermath is not None
    assert week[1].aftermath.one_day == followup.aftermath.point
    assert outage.passing(END + 30 * DAY) == []


def test_figures_of_the_day_are_told_and_complaints_are_held_against_the_day_before() -> None:
    outage = ended()
    later = minute(END) + 3 * HOUR_MS
    hear(
        outage,
        figure(later, "complaints", 9_000, "tickets"),
        figure(later, "avg_speed_of_answer_seconds", 240_000, count=2, unit="s"),
        figure(later, "abandonment_ratio", 300_000, unit="ratio"),
        figure(later, "csat_score", 400, unit="score"),
        figure(later, "activity", 77_000, "mentions"),
    )
    outage.passing(END + DAY)
    point = outage.case_point("one_day")
    assert point.complaints_ratio_ppm == 1_500_000, "9 against 6"
    assert (point.waiting_seconds, point.abandonment_ppm, point.satisfaction_ppm) == (120, 300_000, 400_000)
    assert (point.posts, point.reactions) == (77, None)
    assert [words.split(":")[0] for words in point.not_known] == ["reactions", "sentiment", "backup"]
    assert point.leaving_posts == 0, "posts were heard, and none of leaving"


def test_what_has_no_figures_is_not_known_and_not_zero() -> None:
    outage = ended()
    outage.passing(END + DAY)
    point = outage.case_point("one_day")
    fields = ("posts", "sentiment_ppm", "leaving_posts", "waiting_seconds", "complaints_ratio_ppm", "backup_helped")
    assert [getattr(point, name) for name in fields] == [None] * len(fields)
    assert len(point.not_known) == 9


def talk(at: int, item: str, posts: int) -> FollowedFigure:
    """What INGEST counts of posts and DETECT follows."""
    return figure(at, TALK, posts * 1_000, "mentions", item=item)


def test_the_mood_of_the_day_is_held_against_the_day_before_and_the_outage() -> None:
    outage = Outage(AFTERMATH, confirmed_at=Instant(minute(2)))
    hear(outage, *(talk(minute(-60), mood, posts) for mood, posts in zip(MOODS, (30, 70, 10), strict=True)))
    hear(outage, figure(minute(-60), "activity", 110_000, "mentions"), talk(minute(-60), LEAVING, 3))
    outage.change(2)
    hear(outage, talk(minute(60), MOODS[1], 99), talk(minute(60), MOODS[0], 1))
    outage.change(500, state=IncidentState.RESOLVED, ended_at=Instant(minute(END)))
    later = minute(END) + HOUR_MS
    hear(outage, talk(later, MOODS[0], 10), talk(later, MOODS[1], 40), talk(later, LEAVING, 7))
    hear(outage, figure(later, "activity", 60_000, "mentions"))
    outage.passing(END + DAY)
    point, before = outage.case_point("one_day"), outage.case.followups.felt_before
    assert before is not None
    assert (point.sentiment_ppm, point.sentiment_posts, point.leaving_posts) == (-600_000, 50, 7)
    assert (before.sentiment_ppm, before.sentiment_during_ppm, before.leaving_posts) == (-400_000, -980_000, 3)
    assert "-0.60 ± 0.27 by 50 posts, -0.98 while it lasted, -0.40 the day before: as before it" in felt(point, before)


def test_the_week_is_measured_on_its_own_day() -> None:
    outage = ended()
    hear(outage, figure(minute(END) + HOUR_MS, "complaints", 60_000, "tickets"))
    hear(outage, figure(minute(END) + 7 * DAY_MS - HOUR_MS, "complaints", 3_000, "tickets"))
    outage.passing(END + 7 * DAY)
    assert outage.case_point("one_week").complaints_ratio_ppm == 500_000


def test_one_that_comes_back_is_measured_after_its_last_end() -> None:
    outage = ended(closed=False)
    outage.change(530, state=IncidentState.CONFIRMED, ended_at=None)
    assert outage.passing(END + DAY) == []
    outage.change(END + DAY + 9, state=IncidentState.RESOLVED, ended_at=Instant(minute(END + DAY)))
    assert outage.passing(END + 2 * DAY - 1) == []
    assert [type(output) for output in outage.passing(END + 2 * DAY)] == [Followup], "CORRELATE still writes it"
    assert told(outage.case, outage.now).aftermath is not None


def test_a_suspicion_has_no_aftermath() -> None:
    outage = Outage(AFTERMATH, confirmed_at=None)
    outage.change(2)
    outage.change(30, state=IncidentState.DISMISSED)
    assert outage.passing(30 * DAY) == []


def test_an_outage_of_which_nobody_said_whose_it_is_has_no_aftermath() -> None:
    outage = Outage(AFTERMATH, confirmed_at=Instant(minute(2)), operators=())
    outage.change(2)
    outage.change(500, state=IncidentState.RESOLVED, ended_at=Instant(minute(END)))
    assert outage.passing(END + 30 * DAY) == []
