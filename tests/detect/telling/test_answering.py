"""Which complaints DETECT passes on: those of hot places, the first ones too, and of quiet places none."""

import msgspec

from pipeline.detect.telling.answering import KEPT_MAX, PASSED_MAX
from pipeline.records.clocks import HOUR_MS, MINUTE_MS, Instant
from pipeline.records.inner.partials import SeriesPartial
from pipeline.records.inner.talk import TALK, WholeComplaint
from tests.detect.world import MONDAY, Run, complaints


def asked(at: int, people: range, area: str = "DE/NW/koeln") -> SeriesPartial:
    """Complaints that ride whole."""
    part = complaints(at, people, area=area)
    whole = [
        WholeComplaint(
            operator="netcologne",
            at=Instant(at),
            source="tickets",
            id_hash=at * 1_000 + person,
            person=person,
            intake="app",
            area=area,
        )
        for person in people
    ]
    partial = msgspec.structs.replace(part.partial, whole=whole[:8])
    return msgspec.structs.replace(part, partial=partial)


def passed(run: Run) -> list[WholeComplaint]:
    return [complaint for pane in run.panes.values() for complaint in pane.complaints]


def test_a_quiet_place_passes_nothing_on_and_keeps_a_few() -> None:
    quiet = [asked(MONDAY + hour * HOUR_MS, range(hour, hour + 1)) for hour in range(48)]
    run = Run().live(quiet, MONDAY + 48 * HOUR_MS)
    assert passed(run) == []
    assert all(len(scope.unanswered) <= KEPT_MAX for _, scope in run.state.scopes())


def test_who_complained_before_a_place_was_hot_is_passed_on_with_the_first_after() -> None:
    begin = MONDAY + 24 * HOUR_MS
    usual = [complaints(MONDAY + hour * HOUR_MS, range(1)) for hour in range(24)]
    storm = [
        asked(begin + minute * MINUTE_MS, range(100 * minute, 100 * minute + 3 + 6 * minute)) for minute in range(6)
    ]
    found = passed(Run().live([*usual, *storm], begin + HOUR_MS))
    assert min(int(complaint.at) for complaint in found) == begin
    assert len({complaint.id_hash for complaint in found}) == len(found), "each is passed on once"
    assert len(found) <= 6 * PASSED_MAX


def test_talk_is_told_by_subject_of_a_hot_nation_only() -> None:
    begin = MONDAY + 24 * HOUR_MS
    usual = [complaints(MONDAY + hour * HOUR_MS, range(1), area="DE", scope_area="DE") for hour in range(24)]
    storm = [
        complaints(begin + n * MINUTE_MS, range(100 * n, 100 * n + 60), area="DE", scope_area="DE") for n in range(4)
    ]
    moods = [
        complaints(at, range(7), area="DE", source="mentions", scope_area="DE", measure=TALK, item="mood:negative")
        for at in (MONDAY + HOUR_MS, begin + 3 * MINUTE_MS)
    ]
    run = Run().live([*usual, *storm, *moods], begin + HOUR_MS)
    told = [row for pane in run.panes.values() for row in pane.talk]
    assert [(row.posts, row.people) for row in told] == [({"mood:negative": 7}, {"mood:negative": 7})]
