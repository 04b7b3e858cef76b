"""The rows about backups are done by what the rules propose, switch and measure, and missing if a rule is left out."""

import pytest

from pipeline.adapters.runs.reading import read_run
from pipeline.records.published.failovers import Failover
from pipeline.records.vocabulary import IncidentState
from pipeline.respond.telling import told
from pipeline.stories import answered
from pipeline.stories.backups import NETCOLOGNE_BACKUPS
from pipeline.stories.evidence import evidence_of
from pipeline.stories.verdicts import Asked, Check
from pipeline.views.run import Run
from tests.adapters.pages.changes import changed, incident
from tests.adapters.pages.world import write_run
from tests.respond.failovers.made import Market

ROWS: dict[Check, str] = {
    answered.failovers: "mobile forwarding, phone bot",
    answered.forwarding: "major outage of broadband, fixed_voice",
    answered.alternatives: "Telefonische Auskunft",
    answered.backup_helped: "phone bot: helped; waiting 10 min before, 2 min since",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run whose confirmed incident asks for the backups of NetCologne; callers wait ten minutes, with the bot two."""
    bare = read_run(write_run(tmp_path_factory.mktemp("run")))
    (about,) = (history[-1].incident_id for history in bare.histories if history[-1].confirmed_at is not None)
    market = Market(*NETCOLOGNE_BACKUPS)
    for at in range(0, 11, 5):
        market.figure(at, "avg_speed_of_answer_seconds", 600_000)
    market.change(10, about)
    (case,) = market.state.cases("DE")
    meanwhile = told(case, case.incident).alternatives
    for at in range(15, 61, 5):
        market.figure(at, "avg_speed_of_answer_seconds", 120_000)
    market.change(60, about, state=IncidentState.RESOLVED)
    backups = tuple(record for record in market.written if isinstance(record, Failover))
    return incident(alternatives=meanwhile)(changed(bare, failovers=backups))


@pytest.mark.parametrize("check", ROWS, ids=lambda check: check.__name__)
def test_the_rules_make_the_row_done(run: Run, check: Check) -> None:
    verdict = Asked(sentence="", check=check).judge(evidence_of(run))
    assert verdict.done, verdict.text
    assert ROWS[check] in verdict.text
