"""How soon a draft is ready is read off changes and texts: asked once, answered by the first text that speaks of it."""

from typing import Any

import pytest

from benchmarks.readiness import Readiness
from pipeline.records.clocks import Instant
from pipeline.records.inner.changes import Change
from pipeline.records.vocabulary import IncidentState
from tests.respond.notices.telling import Telling, at, incident

PANE = 10_000


class Watched(Telling):
    """A case that is told, with the watch of the benchmark on it."""

    def watched(self, watch: Readiness, minute: float, **facts: Any) -> None:
        """The incident changes, and RESPOND answers."""
        known = self.state.case("DE", incident(minute).incident_id)
        before = known.incident if known else None
        texts = self.change(minute, **facts)
        watch.hear(Change(at=Instant(at(minute)), before=before, after=incident(minute, **facts)), texts)


def test_what_is_told_in_the_pane_that_asks_is_late_by_nothing() -> None:
    watch, telling = Readiness(), Watched()
    telling.watched(watch, 3)
    telling.watched(watch, 20, end=(60, 120))
    telling.watched(watch, 60, state=IncidentState.RESOLVED)
    assert dict(watch.late_ms) == {"confirmation": [0], "estimate": [0], "resolution": [0]}
    assert watch.unanswered == {}


def test_a_text_that_comes_later_is_late_by_that() -> None:
    watch, telling = Readiness(), Watched()
    telling.watched(watch, 3)
    telling.watched(watch, 18, end=(60, 120))
    moved = incident(20, end=(60, 240))
    watch.hear(Change(at=Instant(at(20)), before=incident(18, end=(60, 120)), after=moved), ())
    watch.hear(None, telling.change(23, end=(60, 240)))
    assert watch.late_ms["estimate"] == [0, 3 * 6 * PANE]


@pytest.mark.parametrize("facts", [{}, {"state": IncidentState.RECOVERING}], ids=["nothing", "recovering"])
def test_what_nobody_tells_is_counted(facts: dict[str, Any]) -> None:
    watch, after = Readiness(), incident(3)
    watch.hear(Change(at=Instant(at(3)), before=None, after=after), ())
    if facts:
        watch.hear(Change(at=Instant(at(4)), before=after, after=incident(4, **facts)), ())
    assert list(watch.unanswered) == ["confirmation"]
    assert "1 without a text" in next(iter(watch.lines()))
