"""The rows about words are done by what the rules draft of a run, and missing if a rule is left out."""

from collections.abc import Sequence

import msgspec
import pytest

from pipeline.adapters.runs.previewing import retold
from pipeline.adapters.runs.reading import read_run
from pipeline.records.clocks import MINUTE_MS, Instant
from pipeline.records.published.incident_parts import EmergencyImpact
from pipeline.records.published.incidents import Incident
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState
from pipeline.stories import answered, worded
from pipeline.stories.evidence import evidence_of
from pipeline.stories.verdicts import Asked, Check
from pipeline.views.run import Run
from tests.adapters.pages.changes import changed
from tests.adapters.pages.world import write_run
from tests.respond.notices.telling import RULES

ROWS = (
    answered.draft,
    answered.updates,
    answered.apologies,
    answered.outlets,
    answered.approval,
    answered.warning,
    worded.emergency_words,
    worded.promises,
    worded.all_clear,
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run whose confirmed incident fails 112 ten minutes after confirmation and is over after three hours."""
    run = read_run(write_run(tmp_path_factory.mktemp("run")))
    histories, notices = [], list[Notice]()
    for history in run.histories:
        if history[-1].confirmed_at is None:
            histories.append(history)
            continue
        longer = _longer(history)
        histories.append(longer)
        notices += retold(longer, RULES)
    return changed(run, histories=tuple(histories), notices=tuple(notices))


def _longer(history: Sequence[Incident]) -> tuple[Incident, ...]:
    first = next(revision for revision in history if revision.state == IncidentState.CONFIRMED)
    impact = EmergencyImpact(affected=True, numbers=("112", "110"), claims=1)
    began = int(first.updated_at)
    flagged, over = (Instant(began + minutes * MINUTE_MS) for minutes in (10, 190))
    replace = msgspec.structs.replace
    return (
        *(replace(one, emergency=None) for one in history if one.updated_at <= first.updated_at),
        replace(first, revision=50, updated_at=flagged, emergency=impact),
        replace(first, revision=51, updated_at=over, emergency=impact, state=IncidentState.RESOLVED, resolved_at=over),
    )


def answer(run: Run, check: Check) -> bool:
    return Asked(sentence="", check=check).judge(evidence_of(run)).done


@pytest.mark.parametrize("check", ROWS, ids=lambda check: check.__name__)
def test_the_rules_make_the_row_done(told: Run, check: Check) -> None:
    verdict = Asked(sentence="", check=check).judge(evidence_of(told))
    assert verdict.done, verdict.text


def test_the_rules_mark_each_text_of_an_exercise(told: Run) -> None:
    real = next(history for history in told.histories if history[-1].confirmed_at is not None)
    replace = msgspec.structs.replace
    exercise = tuple(replace(one, incident_id="0d" * 10, exercise=True) for one in _longer(real))
    run = changed(told, histories=(*told.histories, exercise), notices=(*told.notices, *retold(exercise, RULES)))
    verdict = Asked(sentence="", check=answered.exercise).judge(evidence_of(run))
    assert verdict.done, verdict.text


@pytest.mark.parametrize(
    ("occasion", "check"),
    [("emergency", worded.emergency_words), ("cadence", worded.promises), ("all_clear", worded.all_clear)],
)
def test_without_its_rule_the_row_is_missing(told: Run, occasion: str, check: Check) -> None:
    without = tuple(notice for notice in told.notices if notice.occasion != occasion)
    assert not answer(changed(told, notices=without), check)
