"""A claim that spreads is corrected once, beside the other texts."""

import dataclasses
from collections import Counter

from pipeline.records.clocks import Instant
from pipeline.records.published.decisions import Decision
from pipeline.records.published.incident_parts import Silence
from pipeline.records.published.notices import Notice
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.notices.correction import CORRECTIONS_MAX, correct
from pipeline.respond.notices.drafting import Claim
from tests.respond.notices.telling import RULES, Telling, at, drafts, text_in


def outputs(telling: Telling, rumour_id: str, minute: float = 10, rules: RespondRules = RULES) -> tuple[object, ...]:
    (case,) = telling.state.cases("DE")
    return correct(case, Claim(rumour_id, "Es war ein Angriff"), at(minute), rules)


def corrected(telling: Telling, rumour_id: str, minute: float = 10) -> list[Notice]:
    return [output for output in outputs(telling, rumour_id, minute) if isinstance(output, Notice)]


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


def test_a_correction_says_first_that_emergency_calls_fail_and_what_to_do_instead() -> None:
    telling = Telling()
    telling.change(3, numbers=("112", "110"))
    for notice in corrected(telling, "r1"):
        assert "112" in notice.body[:60], notice.body
        assert "Es war ein Angriff" in notice.body, "and still what it corrects"


def test_two_claims_that_are_corrected_at_one_moment_are_two_notices() -> None:
    telling = Telling()
    telling.change(3)
    one, two = corrected(telling, "r1"), corrected(telling, "r2")
    assert not {text.notice_id for text in one} & {text.notice_id for text in two}
    (case,) = telling.state.cases("DE")
    assert {text.rumour_id for text in case.notices.live.values()} == {None, "r1", "r2"}


def test_only_so_many_claims_are_corrected_and_none_before_the_first_word_or_after_the_end() -> None:
    telling = Telling()
    telling.change(3, state=IncidentState.SUSPECTED)
    assert corrected(telling, "early") == []
    telling.change(4)
    made = [number for number in range(CORRECTIONS_MAX + 3) if corrected(telling, f"r{number}")]
    assert len(made) == CORRECTIONS_MAX
    telling.change(60, state=IncidentState.RESOLVED)
    assert corrected(telling, "late", 61) == []


def decided(found: list[object]) -> list[tuple[str, str, str]]:
    return [(row.kind.value, row.reason.value, row.text) for row in found if isinstance(row, Decision)]


def test_why_a_correction_is_held_back_is_written_down_once_for_each_claim() -> None:
    telling = Telling()
    telling.change(3)
    telling.change(4, silence=Silence(until=Instant(at(60)), by="ina", reason="known"))
    found = [row for minute in range(5, 35) for name in ("r1", "r2") for row in outputs(telling, name, minute)]
    verdict = ("suppressed", "silenced", "correction: silenced: known")
    assert Counter(decided(found)) == {verdict: 2}
    assert len(set(map(repr, found))) == 2, "each names its claim"
    assert drafts(corrected(telling, "r1", 61)), "nothing holds it any more"


def test_a_correction_that_concerns_nobody_says_so_once() -> None:
    telling = Telling()
    telling.change(3)
    config = RespondConfig(places=(("field_technicians", "internal"),))
    rules = dataclasses.replace(RULES, config=config)
    found = [row for minute in (10, 11) for row in outputs(telling, "r1", minute, rules)]
    words = "correction: it concerns no audience that respond.places names"
    assert decided(found) == [("suppressed", "no_target", words)]


def test_corrections_that_a_rule_sends_are_called_sent() -> None:
    telling = Telling()
    telling.change(3)
    rules = dataclasses.replace(RULES, config=RespondConfig(sent_by_rule=(("correction", "internal", "noc"),)))
    ((_kind, _reason, words),) = decided([*outputs(telling, "r1", 10, rules)])
    assert words.endswith("1 of them count as sent by respond.sent_by_rule")
