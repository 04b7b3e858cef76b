"""A claim that spreads is corrected once, beside the other texts."""

from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.notices.correction import RUMOURS_MAX, correct
from tests.respond.notices.telling import RULES, Telling, at, drafts, text_in


def corrected(telling: Telling, rumour_id: str, minute: float = 10) -> list[Notice]:
    (case,) = telling.state.cases("DE")
    outputs = correct(case, rumour_id, "Es war ein Angriff", at(minute), RULES)
    return [output for output in outputs if isinstance(output, Notice)]


def test_a_claim_is_corrected_once_and_replaces_no_other_text() -> None:
    telling = Telling()
    telling.change(3)
    notices = corrected(telling, "r1")
    assert {(notice.kind.value, notice.rumour_id, notice.notice_revision) for notice in notices} == {
        ("correction", "r1", 1)
    }
    assert text_in(notices, "x").startswith("Im Umlauf ist die Behauptung: „Es war ein Angriff“.")
    assert corrected(telling, "r1", 11) == []
    assert drafts(corrected(telling, "r2", 12))


def test_only_so_many_claims_are_corrected_and_none_before_the_first_word_or_after_the_end() -> None:
    telling = Telling()
    telling.change(3, state=IncidentState.SUSPECTED)
    assert corrected(telling, "early") == []
    telling.change(4)
    made = [number for number in range(RUMOURS_MAX + 3) if corrected(telling, f"r{number}")]
    assert len(made) == RUMOURS_MAX
    telling.change(60, state=IncidentState.RESOLVED)
    assert corrected(telling, "late", 61) == []
