"""The rows above the curves: what is written there can be read."""

import pytest

from pipeline.views.timeline import Flag, readable


def flag(percent: float, *, flipped: bool = False) -> Flag:
    label = "19:40 12 drafts"
    return Flag(percent=percent, kind="draft", icon="✎", label=label, title=label, flipped=flipped)


@pytest.mark.parametrize(
    ("places", "labelled"),
    [
        pytest.param([10.0], [True], id="alone"),
        pytest.param([10.0, 11.0, 12.0, 50.0], [False, False, True, True], id="a_crowd_keeps_its_last"),
        pytest.param([10.0, 10.0], [False, True], id="two_of_one_moment"),
    ],
)
def test_a_label_that_would_run_into_the_next_flag_is_left_to_its_title(
    places: list[float], labelled: list[bool]
) -> None:
    shown = readable([flag(place) for place in places])
    assert [bool(one.label) for one in shown] == labelled
    assert [bool(one.icon) for one in shown] == labelled
    assert all(one.title for one in shown), "the tooltip tells all"


def test_at_the_right_end_a_label_looks_to_its_left() -> None:
    shown = readable([flag(80.0, flipped=True), flag(81.0, flipped=True)])
    assert [bool(one.label) for one in shown] == [True, False]
