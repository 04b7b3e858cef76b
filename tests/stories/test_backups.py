"""The outage of a story asks for the backups of its catalogue: the rows on backups are done by rules, not by hand."""

import pytest

from pipeline.casework import CaseworkState, apply
from pipeline.correlate.config import CorrelateConfig
from pipeline.records.published.failovers import Failover
from pipeline.records.published.incidents import Incident
from pipeline.respond.apply import DUTIES
from pipeline.respond.config import RespondConfig, RespondRules
from pipeline.respond.failovers_config import FailoverConfig
from pipeline.stories.backups import LIVE_TV_BACKUPS, NETCOLOGNE_BACKUPS
from pipeline.stories.plots import PLOTS
from tests.correlate.stories import CITIES, REFERENCE, anomaly, end_of, pane_with, talk
from tests.properties.test_correlate_laws import END, PARTITIONS, sealed
from tests.wording.shipped import WORDING


def outputs_of_the_outage() -> list[object]:
    """Five cities fail; what CORRELATE and RESPOND say of it, with the backups of the story."""
    backups = FailoverConfig(backups=NETCOLOGNE_BACKUPS)
    rules = RespondRules(config=RespondConfig(failovers=backups), wording=WORDING, languages={"DE": ("de",)})
    minutes = range(6)
    panes = [
        pane_with(
            end_of(minute),
            [thing for city in CITIES for thing in (talk(minute, 60, area=city), *_lines_down(minute, city))],
        )
        for minute in minutes
    ]
    state, outputs = CaseworkState(0), list[object]()
    for number in range(PARTITIONS):
        record = sealed(number, panes if number == 0 else [], END)
        outputs += apply(state, record, (CorrelateConfig(), REFERENCE), rules, DUTIES).outputs
    return outputs


def _lines_down(minute: int, city: str) -> list[object]:
    return [anomaly(minute, city, "telemetry", service=service) for service in ("broadband", "fixed_voice")]


def test_the_outage_of_the_story_asks_for_its_backups() -> None:
    outputs = outputs_of_the_outage()
    kinds = {record.kind for record in outputs if isinstance(record, Failover)}
    assert kinds == {"mobile_forwarding", "phone_bot"}
    lines = next(record for record in outputs if isinstance(record, Failover) and record.kind == "mobile_forwarding")
    assert (lines.phase, lines.desired, lines.guard_rails.approvals_required) == ("proposed", "standby", 2)
    bot = next(record for record in outputs if isinstance(record, Failover) and record.kind == "phone_bot")
    assert bot.desired == "active"
    assert {pair.language for pair in bot.answers} == {"de"}


def test_the_record_of_the_incident_names_them_and_in_the_end_all_are_back() -> None:
    outputs = outputs_of_the_outage()
    named = {
        failover_id
        for incident in outputs
        if isinstance(incident, Incident) and incident.references is not None
        for failover_id in incident.references.failover_ids
    }
    last = {record.target: record for record in outputs if isinstance(record, Failover)}
    assert named == {record.failover_id for record in last.values()}
    assert {record.desired for record in last.values()} == {"standby"}


@pytest.mark.parametrize("backup", [*NETCOLOGNE_BACKUPS, *LIVE_TV_BACKUPS], ids=lambda backup: backup.target)
def test_no_story_switches_by_itself_what_was_not_decided_upon_in_advance(backup: object) -> None:
    config = FailoverConfig()
    for plot in PLOTS.values():
        for known in plot.backups:
            assert not config.acts(known) or known.kind in ("phone_bot", "replay_offer")
    assert backup in [known for plot in PLOTS.values() for known in plot.backups]
