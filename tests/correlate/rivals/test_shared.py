"""What people say of several networks at once is about none of them."""

import pytest

from pipeline.correlate.rivals.shared import SHARED_MILLI, eased, figures_speak, is_shared, shared_by
from pipeline.correlate.state import Loudness
from pipeline.records.clocks import MINUTE_MS
from tests.correlate.accounts import weighing
from tests.correlate.stories import REFERENCE, at


def loud(
    complaints: float, usual: float = 1.0, minute: float = 20, *, shared: bool = False, lines: float = 0.0
) -> Loudness:
    """How many complain in public of an operator, against usual, and how many of them of the line."""
    return Loudness(
        complaints_milli=round(1_000 * complaints),
        usual_milli=round(1_000 * usual),
        lines_milli=round(1_000 * lines),
        at=at(minute),
        shared_at=at(minute) if shared else 0,
    )


@pytest.mark.parametrize(
    ("heard", "shared"),
    [
        pytest.param({"netcologne": loud(40)}, set(), id="one_alone"),
        pytest.param({"netcologne": loud(40), "alpha": loud(50)}, {"netcologne", "alpha"}, id="two_networks"),
        pytest.param({"netcologne": loud(40, 2), "alpha": loud(4, 2)}, set(), id="another_that_is_as_usual"),
        pytest.param({"netcologne": loud(40), "alpha": loud(4)}, set(), id="who_is_only_named_beside_it"),
        pytest.param({"netcologne": loud(120), "alpha": loud(15)}, set(), id="eight_times_as_loud"),
        pytest.param({"netcologne": loud(12), "alpha": loud(50, 5)}, {"netcologne", "alpha"}, id="small_beside_large"),
        pytest.param({"netcologne": loud(400, 40), "alpha": loud(9)}, {"alpha"}, id="a_small_brand_that_is_named"),
        pytest.param({"alpha": loud(40), "beta": loud(40)}, set(), id="a_guest_fails_with_its_host"),
        pytest.param({"alpha": loud(40), "gamma": loud(40)}, set(), id="who_roams_fails_with_it"),
        pytest.param(
            {"alpha": loud(40, lines=30), "gamma": loud(40, lines=20)},
            {"alpha", "gamma"},
            id="nobody_roams_with_a_line",
        ),
        pytest.param({"alpha": loud(40, lines=30), "gamma": loud(40, lines=19)}, set(), id="one_of_them_is_mobile"),
        pytest.param({"netcologne": loud(40), "alpha": loud(40, minute=5)}, set(), id="a_quarter_of_an_hour_ago"),
        pytest.param({"netcologne": loud(40, shared=True)}, {"netcologne"}, id="it_stays_so_while_it_is_loud"),
        pytest.param({"netcologne": loud(2, shared=True)}, set(), id="and_no_longer"),
    ],
)
def test_whoever_is_complained_of_as_another_network_is_shares_it(heard: dict[str, Loudness], shared: set[str]) -> None:
    assert shared_by(heard, at(20), REFERENCE) == shared


def test_what_was_shared_is_so_for_ten_minutes() -> None:
    said = loud(40, shared=True)
    assert is_shared(said, said.at + 10 * MINUTE_MS)
    assert not is_shared(said, said.at + 11 * MINUTE_MS)
    assert not is_shared(loud(40), at(20))


def test_people_alone_are_not_believed_then_and_figures_are() -> None:
    people, unlikely = weighing(at(5), added=["care", "public"]), weighing(at(5), added=["public"], probability=0.05)
    figures, others = weighing(at(5), added=["network", "public"]), weighing(at(5), operator="alpha", added=["public"])
    known = {"people": people, "unlikely": unlikely, "figures": figures, "others": others}
    told = eased(known, {"netcologne": loud(40, shared=True), "alpha": loud(40)}, at(20))
    assert (told["people"].odds_milli, told["people"].disturbed_milli) == (SHARED_MILLI, SHARED_MILLI)
    assert told["people"].rival == "chatter"
    assert [told[name] for name in ("unlikely", "figures", "others")] == [unlikely, figures, others]
    assert [figures_speak(row.added_milli) for row in (people, figures)] == [False, True]


def test_what_became_hot_then_is_explained_until_it_has_cooled_and_what_becomes_hot_later_is_not() -> None:
    shared = {"netcologne": loud(40, shared=True)}
    known = {"before": weighing(at(20), added=["public"]), "after": weighing(at(40), added=["public"])}
    told = eased(known, shared, at(90))
    assert told["before"].odds_milli == SHARED_MILLI
    assert told["after"] == known["after"]
    assert eased(known, shared, at(20 + 361)) is known
