"""Which areas explain the evidence: laws of any set of places."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.correlate.config import BordersConfig
from pipeline.correlate.evidence.areas import children_of, explaining, leaves_of
from pipeline.records.series import is_within, parent_of

CONFIG = BordersConfig()
paths = st.builds(
    lambda parts: "/".join(("DE", *parts)), st.lists(st.sampled_from(("nw", "by", "hh", "a", "b")), max_size=3)
)
areas = st.sets(paths, max_size=10)


@given(known=areas)
def test_leaves_hold_no_other_and_every_area_holds_a_leaf(known: set[str]) -> None:
    leaves = leaves_of(known)
    assert not any(leaf != area and is_within(area, leaf) for leaf in leaves for area in known)
    assert all(any(is_within(leaf, area) for leaf in leaves) for area in known)


@given(known=areas)
def test_what_explains_is_a_part_of_the_evidence_and_holds_all_leaves(known: set[str]) -> None:
    explained = explaining(known, CONFIG)
    assert set(leaves_of(known)) <= set(explained) <= known
    assert explained == sorted(explained)


@given(known=areas)
def test_a_wide_area_explains_only_with_enough_parts(known: set[str]) -> None:
    children = children_of(known)
    for area in set(explaining(known, CONFIG)) - set(leaves_of(known)):
        assert len(children[area]) >= (2 if "/" in area else 3)


@given(known=areas)
def test_children_lie_right_below_and_hold_evidence(known: set[str]) -> None:
    for area, below in children_of(known).items():
        assert all(parent_of(child) == area for child in below)
        assert all(any(is_within(path, child) for path in known) for child in below)
