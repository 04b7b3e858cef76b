"""How many are hit, as figures show it: finer than the grid that asks whether anybody is."""

import pytest

from pipeline.detect.account.likelihood import FigureSeen
from pipeline.detect.account.shown import ShareShown, Showing, share_shown, shown_together, take_shown, told_of


def told(*shares: float, direct: bool = True) -> tuple[float, float, float]:
    """What is told after figures have shown these shares, a minute each."""
    showing = Showing()
    for share in shares:
        take_shown(showing, ShareShown(share, direct), 1)
    found = told_of(showing)
    assert found is not None
    return found


@pytest.mark.parametrize("share", [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95])
def test_a_success_ratio_tells_the_share_itself_between_the_steps_of_the_grid(share: float) -> None:
    shown = share_shown(FigureSeen(0.99 * (1.0 - share), 0.99, 0.01, "down", "ratio"))
    low, likely, high = told(*[shown.share] * 5)
    assert likely == pytest.approx(share)
    assert share / 1.3 < low < share < high <= min(1.0, share * 1.3)


def test_what_was_shown_is_forgotten_within_minutes() -> None:
    assert told(0.9, *[0.3] * 8)[1] == pytest.approx(0.3, abs=0.02)


def test_a_figure_that_leaps_is_less_sure_than_one_that_stays() -> None:
    steady, leaping = told(*[0.5] * 6), told(0.2, 0.8, 0.2, 0.8, 0.2, 0.8)
    assert leaping[2] - leaping[0] > steady[2] - steady[0]


def test_milliseconds_tell_a_wide_range_and_a_success_ratio_goes_before_them() -> None:
    low, likely, high = told(*[0.2] * 5, direct=False)
    assert (round(low, 2), round(likely, 2), round(high, 2)) == (0.13, 0.2, 0.6)
    slow, lost, failed = ShareShown(0.2, False), ShareShown(0.1, False), ShareShown(0.4, True)
    assert shown_together([slow, lost]) == slow, (
        "none moves further than it may, so the one that shows most is believed"
    )
    assert shown_together([slow, failed, lost]) == failed


def test_figures_that_are_well_tell_no_share() -> None:
    assert told_of(Showing()) is None
    showing = Showing()
    take_shown(showing, ShareShown(0.0, True), 1)
    assert told_of(showing) is None
