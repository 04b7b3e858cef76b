"""How long outages last: what is left of one that has lasted so long, by a table of its kind."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.reference.belief import load_durations, read_durations
from pipeline.adapters.reference.folder import reference_folder
from pipeline.records.errors import ConfigError
from pipeline.reference.lasting.durations import ANY, CONDITIONAL_FROM, KINDS, DurationTable, durations_of, kind_of

SHIPPED = load_durations(reference_folder())
STEEP = DurationTable(
    over_permille=(100, 500, 900, 950, 995), minutes={ANY: (1, 2, 3, 4, 5), "wide": (5, 6, 7, 90, 91)}
)
MINUTES = st.integers(0, 400 * 24 * 60)


@given(elapsed=MINUTES, kind=st.sampled_from(KINDS))
def test_each_end_lies_ahead_and_they_are_in_order(elapsed: int, kind: str) -> None:
    assert SHIPPED is not None
    for table in (SHIPPED, STEEP):
        early, likely, late = table.left(kind, elapsed)
        assert 1 <= early <= likely <= late


@given(elapsed=st.integers(CONDITIONAL_FROM, 700), part=st.sampled_from((0, 1, 2)))
def test_from_three_hours_on_the_ends_are_quantiles_of_what_lasts_as_long(elapsed: int, part: int) -> None:
    lengths = range(1, 1_001)  # one outage of each length in minutes
    table = durations_of([100, 500, 900, 950, 995], {ANY: [100, 500, 900, 950, 995]})
    lasting = [length - elapsed for length in lengths if length > elapsed]
    asked = (0.1, 0.5, 0.9)[part]
    assert table.left(ANY, elapsed)[part] == pytest.approx(asked * len(lasting), abs=1.5)


def test_in_the_first_three_hours_the_ends_are_those_of_all() -> None:
    table = durations_of([100, 500, 900, 950, 995], {ANY: [60, 180, 600, 960, 3_000]})
    assert [table.left(ANY, elapsed) for elapsed in (0, 30, 150)] == [(60, 180, 600), (30, 150, 570), (1, 30, 450)]


@given(elapsed=st.integers(2_000, 100_000))
def test_what_has_lasted_very_long_lasts_as_long_again(elapsed: int) -> None:
    table = durations_of([100, 500, 900, 950, 995], {ANY: [60, 180, 600, 960, 3_000]})
    once, twice = table.left(ANY, elapsed), table.left(ANY, 2 * elapsed)
    assert all(abs(2 * left - longer) <= 2 for left, longer in zip(once, twice, strict=True))


@pytest.mark.parametrize(
    ("services", "areas", "kind"),
    [
        pytest.param(["tv"], ["DE"], "tv_wide", id="television_of_a_nation"),
        pytest.param(["tv", "broadband"], ["DE/NW/koeln"], "fixed_local", id="one_line_carries_both"),
        pytest.param(["sms"], ["DE/NW/koeln", "DE/HE/kassel"], "mobile_wide", id="two_regions"),
        pytest.param(["mobile_voice", "emergency"], ["DE/NW"], "mobile_local", id="emergency_calls_go_over_either"),
        pytest.param(["sms", "broadband"], ["DE/NW"], "local", id="of_two_networks"),
        pytest.param([], ["DE"], "wide", id="no_service_named"),
    ],
)
def test_the_kind_is_whose_people_mend_it_and_how_far_it_reaches(
    services: list[str], areas: list[str], kind: str
) -> None:
    assert kind_of(services, areas) == kind
    assert kind in KINDS


def test_a_kind_without_a_row_is_told_as_its_reach_or_as_any() -> None:
    assert [STEEP.known_kind(kind) for kind in ("tv_wide", "wide", "tv_local", ANY)] == ["wide", "wide", ANY, ANY]
    assert STEEP.left("tv_wide", 0) == (5, 6, 7)


def test_all_mistakes_of_a_table_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        durations_of([100, 500, 900, 900], {"fax_local": [1, 2, 3, 4], "wide": [4, 3, 0, 9], "local": [1]})
    told = [line.partition(":")[0] for line in str(caught.value).splitlines()]
    assert told == [
        *["over_permille"] * 4,
        "minutes.fax_local",
        "minutes.local",
        "minutes.wide",
        "minutes",
    ]


def test_a_broken_table_is_named_by_its_file(tmp_path: Path) -> None:
    assert load_durations(tmp_path) is None
    path = tmp_path / "durations.toml"
    path.write_text("over_permille = [100]\n[minutes]\nany = [1]\n")
    with pytest.raises(ConfigError) as caught:
        read_durations(path)
    assert all(line.startswith(f"{path}: ") for line in str(caught.value).splitlines())
    path.write_text("over_permille = 3")
    with pytest.raises(ConfigError, match=r"durations\.toml"):
        read_durations(path)
