"""After the operator's own all-clear talk alone keeps no outage alive; figures, many people and new claims still do."""

from typing import Any

import pytest

from pipeline.correlate.evidence.account import LATELY_MS, goes_on, joint
from pipeline.correlate.hear.officials import hear_officials
from pipeline.correlate.life.course import quiet_ms
from pipeline.correlate.parts import AreaSeen, EmergencyClaims, SeriesEvidence
from pipeline.correlate.state import OpenIncident
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.inner.weighings import Weighing
from pipeline.records.vocabulary import IncidentState
from tests.correlate.accounts import weighing
from tests.correlate.made import BONN, CONFIG, KOELN, dossier, incident, pane, series
from tests.correlate.stories import Story, anomaly, at, claim, official, talk

CONFIRMED = IncidentState.CONFIRMED
OVER = "Die Störung ist behoben."


def goes(*weighings: Weighing, minute: float = 100, cleared: bool = True) -> bool:
    return goes_on(joint(weighings), weighings, at(minute), cleared=cleared)


def spoken(minute: float, probability: float) -> Weighing:
    return weighing(at(minute), probability=probability, added=("public",))


def shown(down_minute: float) -> Weighing:
    """A place whose figures spoke for an outage last in a minute, and of which half is believed."""
    known = weighing(at(100), probability=0.5, disturbed=0.999, added=("network", "public"))
    return Weighing(**{name: getattr(known, name) for name in known.__struct_fields__} | {"down_at": at(down_minute)})


@pytest.mark.parametrize(
    ("known", "before", "after"),
    [
        pytest.param(spoken(100, 0.6), True, False, id="some_talk"),
        pytest.param(spoken(100, 0.91), True, True, id="as_much_talk_as_confirms"),
        pytest.param(spoken(100, 0.1), False, False, id="hardly_any"),
        pytest.param(shown(100 - LATELY_MS / MINUTE_MS), True, True, id="figures_that_fell_lately"),
        pytest.param(shown(99 - LATELY_MS / MINUTE_MS), True, False, id="figures_that_are_well_for_long"),
    ],
)
def test_what_keeps_an_outage_alive_before_and_after_the_operators_all_clear(
    known: Weighing, before: bool, after: bool
) -> None:
    assert (goes(known, cleared=False), goes(known)) == (before, after)


def cleared(*posts: object, **facts: Any) -> int:
    """When the incident of two cities counts as cleared, in minutes; 0 for never."""
    work = pane(90, incident(dossier(KOELN, BONN, services=["broadband", "tv"], **facts), CONFIRMED))
    hear_officials(posts, work)  # type: ignore[arg-type]  # made by `official`
    at_ms = work.market.incidents[0].officials.cleared_at
    return round((at_ms - at(0)) / MINUTE_MS) if at_ms else 0


def test_an_all_clear_for_all_of_it_counts_and_a_later_word_that_it_goes_on_undoes_it() -> None:
    over = official(60, OVER, kind="all_clear")
    assert cleared(over) == 60
    assert cleared(over, official(70, kind="update")) == 0
    assert cleared(over, official(50, kind="update")) == 60
    assert cleared(over, official(70, kind="update"), official(80, OVER, kind="all_clear")) == 80


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"area": KOELN}, id="of_one_city"),
        pytest.param({"services": ["tv"]}, id="of_one_service"),
        pytest.param({"in_reply_to": 7}, id="to_one_customer"),
        pytest.param({"operator": "beta"}, id="of_a_guest"),
        pytest.param({"counts": [1, 0, 0, 0, 0]}, id="only_a_count_of_reactions"),
    ],
)
def test_an_all_clear_of_a_part_says_nothing_of_the_whole(facts: dict[str, object]) -> None:
    post = official(60, OVER, **{"kind": "all_clear", **facts})
    assert cleared(post, operators={"netcologne": 5, "beta": 1}) == 0


@pytest.mark.parametrize("measured", [True, False])
def test_one_service_stands_for_all_only_where_figures_tell_of_the_others(measured: bool) -> None:
    seen = {KOELN: AreaSeen(since=at(0), last_at=at(50), measured=measured)}
    over = official(60, OVER, kind="all_clear", services=["broadband"])
    assert cleared(over, areas=seen) == (60 if measured else 0)


def test_a_service_that_a_few_name_by_mistake_is_no_part_of_the_whole() -> None:
    def named(service: str, records: int) -> SeriesEvidence:
        return series(service=service, kind="public", source="mentions", measure=service, records=records)

    rows = (named("tv", 100), named("mobile_voice", 2))
    work = pane(90, incident(dossier(KOELN, services=["mobile_voice", "tv"], series=rows), CONFIRMED))
    hear_officials([official(60, OVER, kind="all_clear", services=["tv"])], work)
    assert work.market.incidents[0].officials.cleared_at == at(60)


def with_claims(last_claim: float, cleared_at: float, *, measured: bool) -> OpenIncident:
    claims = EmergencyClaims(first_at=at(1), last_at=at(last_claim))
    seen = {KOELN: AreaSeen(since=at(0), last_at=at(50), measured=measured)}
    case = incident(dossier(areas=seen, emergency=claims), CONFIRMED)
    case.officials.cleared_at = at(cleared_at) if cleared_at else 0
    return case


@pytest.mark.parametrize(
    ("case", "minutes"),
    [
        pytest.param(with_claims(40, 0, measured=True), 30, id="no_word_of_the_operator"),
        pytest.param(with_claims(40, 60, measured=True), 15, id="cleared_and_no_claim_since"),
        pytest.param(with_claims(61, 60, measured=True), 30, id="a_claim_after_the_all_clear"),
        pytest.param(with_claims(40, 60, measured=False), 180, id="only_people_told_of_it"),
    ],
)
def test_an_emergency_is_quiet_sooner_only_if_figures_showed_it_and_its_end_was_said(
    case: OpenIncident, minutes: int
) -> None:
    assert quiet_ms(case, CONFIG) == minutes * MINUTE_MS


def ends(*said: tuple[float, object], talk_until: int = 100) -> float:
    """Minute in which an outage is resolved that figures of one city show for an hour; another talks on."""
    story = Story()
    for minute in range(talk_until):
        told = [thing for when, thing in said if when == minute]
        told += [anomaly(minute, KOELN, source="telemetry")] if minute <= 60 else []
        spoken_of = weighing(at(minute), BONN, probability=0.95 if minute <= 60 else 0.6, added=("public",))
        story.tell(minute, spoken_of, talk(minute, area=BONN), *told)
    for minute in range(talk_until, talk_until + 120):
        story.until(minute)
    return (int(story.only().resolved_at or 0) - at(0)) / MINUTE_MS


def test_the_all_clear_follows_the_operators_own_and_not_the_last_complaint() -> None:
    late, soon = ends(), ends((65, official(65, OVER, kind="all_clear")))
    assert late >= 99 + 30
    assert 60 + 30 <= soon <= 66 + 30, "quiet and hold pass all the same"


def test_the_all_clear_is_not_early_where_the_operator_is_wrong() -> None:
    """The operator says at minute 40 that it is over; figures fall for twenty minutes more."""
    wrong = (40, official(40, OVER, kind="all_clear"))
    assert ends(wrong) >= 60 + 30
    assert ends(wrong, (70, claim(70, 7)), (71, claim(71, 8))) >= 71 + 45, "nor where people cannot call for help"
