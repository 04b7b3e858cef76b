"""Towns that fall one after another to the same value are instruments that somebody changes; all else is an outage."""

import pytest
from msgspec import structs

from pipeline.correlate.evidence.account import joint, probability_of
from pipeline.correlate.rivals.lies import creep
from pipeline.records.clocks import Instant
from pipeline.records.inner.weighings import Weighing
from tests.correlate.accounts import SURE, weighing
from tests.correlate.stories import CITIES, at

NOW = 300


def town(
    number: int, since: float, share: int = 44, service: str = "mobile_data", probability: float = 0.3, **facts: object
) -> Weighing:
    """A town whose figure fell in a minute and shows a share, in hundredths; its people are as usual at night."""
    shares = (share * 8_000, share * 10_000, share * 12_000)
    known = weighing(
        at(NOW),
        CITIES[number],
        service,
        probability=probability,
        disturbed=SURE,
        added=["network"],
        shares_ppm=shares,
        rival="probe",
    )
    return structs.replace(known, **{"since": Instant(at(since)), "down_at": known.ended_at, **facts})


CREW = [town(0, 0), town(1, 30, 46), town(2, 60, 42), town(3, 95)]
BACK = Instant(at(NOW - 5))


@pytest.mark.parametrize(
    ("falling", "creeps", "least", "most"),
    [
        pytest.param(CREW, True, 0.0, 0.1, id="one_after_another_to_the_same_value"),
        pytest.param([*CREW, town(4, 97)], True, 0.0, 0.1, id="two_crews_once_at_a_time"),
        pytest.param([town(n, 2 * n) for n in range(4)], False, 0.75, 0.85, id="at_once"),
        pytest.param([town(0, 0), town(1, 2), town(2, 40), town(3, 42)], False, 0.75, 0.85, id="in_two_waves"),
        pytest.param([town(0, 0), town(1, 30, 70), town(2, 60, 25)], False, 0.75, 0.85, id="here_more_and_there_less"),
        pytest.param([town(n, 30 * n, 97) for n in range(4)], False, 0.75, 0.85, id="of_dark_towns_nobody_can_tell"),
        pytest.param(CREW[:2], False, 0.15, 0.35, id="two_towns_may_be_alike_by_chance"),
        pytest.param([*CREW, town(0, 1, 40, "mobile_voice")], True, 0.3, 0.4, id="another_service_fell_as_well"),
        pytest.param(
            [*CREW[:2], *(structs.replace(row, down_at=BACK) for row in CREW[2:])], True, 0.15, 0.35, id="two_are_back"
        ),
    ],
)
def test_towns_that_creep_to_the_same_value_do_not_agree(
    falling: list[Weighing], least: float, most: float, *, creeps: bool
) -> None:
    assert creep(falling, []) == creeps
    said = joint(falling)
    assert said is not None
    assert least <= probability_of(said.odds_milli) <= most


def test_of_seven_instruments_one_is_loud_by_chance_and_a_crowd_is_none() -> None:
    said = joint([*CREW[:3], town(3, 95, probability=0.93)])
    crowd = joint([*CREW[:3], town(3, 95, probability=0.998)])
    assert said is not None
    assert crowd is not None
    assert probability_of(said.odds_milli) < 0.5
    assert probability_of(crowd.odds_milli) > 0.9
