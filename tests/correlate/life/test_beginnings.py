"""Since when it fails by people's word: the middle of several, only where no figure tells, never of an old trouble."""

from msgspec.structs import replace

from pipeline.correlate.belief.estimate import started_at
from pipeline.correlate.life.beginnings import EARLIER_MAX_MS, PEOPLE_KEPT, hear_beginnings
from pipeline.correlate.parts import AreaSeen
from pipeline.correlate.state import OpenIncident
from pipeline.records.clocks import MINUTE_MS
from pipeline.records.inner.talk import WholeComplaint
from tests.correlate.made import BONN, KOELN, dossier, incident, pane
from tests.correlate.stories import at, complained


def told(*, measured: bool = False) -> OpenIncident:
    """An incident of Cologne that people showed in minute 60."""
    seen = {KOELN: AreaSeen(since=at(60), last_at=at(70), measured=measured)}
    case = incident(dossier(areas=seen, last_at=at(70)))
    case.dossier.found = {"mentions": [at(60), at(62)]}
    return case


def says(person: int, began: float, area: str = KOELN) -> WholeComplaint:
    return replace(complained(70, person), person=person, began_at=at(began), area=area)


def hear(case: OpenIncident, *rows: WholeComplaint) -> OpenIncident:
    work = pane(71, case)
    hear_beginnings(rows, work)
    return work.market.incidents[0]


def test_the_middle_of_three_who_say_since_when_is_the_start() -> None:
    case = hear(told(), says(1, 10), says(2, 20), says(2, 0))
    assert started_at(case) == at(60), "two people"
    assert started_at(hear(case, says(3, 59))) == at(20)


def test_of_two_middles_the_later_counts_and_a_little_earlier_is_nothing_new() -> None:
    assert started_at(hear(told(), says(1, 10), says(2, 20), says(3, 30), says(4, 40))) == at(30)
    assert started_at(hear(told(), says(1, 51), says(2, 52), says(3, 53))) == at(60)


def test_where_a_figure_tells_nobodys_word_is_heard() -> None:
    assert started_at(hear(told(measured=True), says(1, 10), says(2, 10), says(3, 10))) == at(60)


def test_an_old_trouble_or_one_elsewhere_is_another() -> None:
    case = told()
    old = (case.identity.opened_at - EARLIER_MAX_MS) / MINUTE_MS - at(0) / MINUTE_MS - 1
    assert started_at(hear(case, *(says(person, old) for person in range(1, 5)))) == at(60)
    assert started_at(hear(told(), *(says(person, 10, BONN) for person in range(1, 5)))) == at(60)


def test_a_crowd_is_remembered_up_to_a_bound() -> None:
    case = hear(told(), *(says(person, 10) for person in range(1, PEOPLE_KEPT + 50)))
    assert len(case.recovery.said_began) == PEOPLE_KEPT
